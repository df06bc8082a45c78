"""The page on adding a command is followed to the letter, in a copy of the source, and it works."""

from pathlib import Path

from tests.docs.following import follow, sources_touched
from tests.house.sources import ROOT
from tests.support.source_copy import copy_of_the_source

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


def test_a_command_and_its_event_touch_few_files_of_source() -> None:
    touched = sources_touched(PAGE)
    assert 0 < len(touched) <= AT_MOST, sorted(touched)


def test_whoever_follows_the_page_has_a_new_command(tmp_path: Path) -> None:
    copy = copy_of_the_source(tmp_path)
    follow(PAGE, copy, french=FRENCH)
    copy.run("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *ASKED_OF_A_NEW_COMMAND)
