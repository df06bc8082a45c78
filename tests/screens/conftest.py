"""A browser for the screens: on a laptop without one these tests are skipped, in CI they fail.

The first day, the window and a conflict are tried in every run; the long days are campaigns.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.screens.working import PASSPHRASE, SECRET
from tests.support.browser import browsing, chromium


@pytest.fixture(scope="module")  # while there is one, no other test can run a loop of its own
def browser() -> Iterator[Browser]:
    if chromium() is None and not os.environ.get("CI"):
        pytest.skip("no Chromium here: the screens are not tried in a browser")
    with browsing() as browser:
        yield browser


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with what scripts are given."""
    (tmp_path / "phrase.txt").write_text(PASSPHRASE)
    (tmp_path / "pin.txt").write_text(SECRET)
    return tmp_path
