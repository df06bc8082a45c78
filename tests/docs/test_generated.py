"""The reference pages that the code writes are those that are stored."""

import subprocess
import sys

from tests.docs.pages import ROOT


def test_no_generated_page_is_stale() -> None:
    check = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, f"run `python3 dev.py docs`\n{check.stdout}{check.stderr}"
