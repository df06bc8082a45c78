"""The page on adding a register field is followed to the letter, in a copy, and it works."""

from pathlib import Path

from tests.docs.following import follow, sources_touched
from tests.house.sources import ROOT
from tests.support.source_copy import copy_of_the_source

PAGE = ROOT / "docs/how-to/add-a-register-field.md"
AT_MOST = 4
"""Files of source that a new field of a register may touch."""

FRENCH = '{"Person to ask for": "Personne à joindre"}'
ASKED_OF_A_NEW_FIELD = (
    "tests/cli/test_contact.py",
    "tests/application/test_codec.py",
    "tests/application/test_field_merge.py",
    "tests/domain/test_client.py",
    "tests/domain/test_details.py",
    "tests/presenters/test_registers.py",
    "tests/presenters/test_catalogue.py",
)


def test_a_field_touches_few_files_of_source() -> None:
    touched = sources_touched(PAGE)
    assert 0 < len(touched) <= AT_MOST, sorted(touched)


def test_whoever_follows_the_page_has_a_new_field(tmp_path: Path) -> None:
    copy = copy_of_the_source(tmp_path)
    follow(PAGE, copy, french=FRENCH)
    copy.run("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *ASKED_OF_A_NEW_FIELD)
