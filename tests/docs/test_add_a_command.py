"""The page on adding a command is followed to the letter, in a copy of the source, and it works."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.support.source_copy import Change, Copy, copy_of_the_source

PAGE = ROOT / "docs/how-to/add-a-command.md"
AT_MOST = 8
"""Files of source that a new command and its event may touch."""

FRENCH = '{"the tasting of a lot": "la dégustation d\'un lot"}'
ASKED_OF_A_NEW_COMMAND = (
    "tests/application/test_tasting.py",
    "tests/application/test_codec.py",
    "tests/application/test_facts.py::test_every_event_has_its_nature",
    "tests/application/test_permissions.py",
    "tests/application/test_said_by_two.py",
    "tests/presenters/test_words.py",
    "tests/presenters/test_catalogue.py",
)


def changes() -> list[Change]:
    """The blocks of the page, each with the file that was last opened before it ("In `file`")."""
    found: list[Change] = []
    file = ""
    for part in re.split(r"^```", PAGE.read_text("utf-8"), flags=re.MULTILINE):
        if part.startswith("diff\n"):
            lines = part.removeprefix("diff\n").splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if not line.startswith("+"))
            after = "".join(line[1:] for line in lines if not line.startswith("-"))
            found.append(Change(file, before, after))
        else:
            named = re.findall(r"\bIn\s+(?:a\s+new\s+)?`((?:packages|apps|tests)/\S+\.py)`", part)
            file = named[-1] if named else file
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return copy_of_the_source(tmp_path)


def test_a_command_and_its_event_touch_few_files_of_source() -> None:
    touched = {change.file for change in changes() if not change.file.startswith("tests/")}
    assert 0 < len(touched) <= AT_MOST, sorted(touched)


def test_whoever_follows_the_page_has_a_new_command(copy: Copy) -> None:
    for change in changes():
        copy.make(change)
    french = copy.folder / "french.json"
    french.write_text(FRENCH, "utf-8")
    copy.run("-m", "tests.support.catalogue", "--fill", str(french))
    copy.run("-m", "tests.support.golden")
    copy.run("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *ASKED_OF_A_NEW_COMMAND)
