"""A trial is a process: however it ends, that is said, and nothing it started goes on."""

import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT
from tests.mutants.toys import WAYS


def test_each_trial_ends_as_it_ends_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutants.toys", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ended = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert ended["succeeds"] == ["SUCCEEDED", "it", "succeeds"]
    assert ended["fails"] == ["FAILED", "it", "fails"]
    assert ended["skips"] == ["SKIPPED", "it", "skips", "nothing", "to", "try", "it", "on"]
    assert ended["crashes"][:3] == ["FAILED", "it", "crashes"]
    assert "ZeroDivisionError" in ended["crashes"]
    # Neither hangs on the exit code, which of two threads that ask at once one is told wrongly.
    assert ended["succeeds-coded"][:1] == ["SUCCEEDED"]
    assert ended["dies"][:1] == ["FAILED"]
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(WAYS)
