"""Each row of the threat model names tests that exist, or says that nothing protects there yet."""

import pytest

from tests.docs.pages import ROOT
from tests.docs.test_promises import NAMED, exists

PAGE = (ROOT / "docs" / "explanation" / "threat-model.md").read_text("utf-8")
IN_ONE_PAGE, _, IN_FULL = PAGE.partition("\n## In full\n")


def rows_of(text: str) -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return [row for row in rows if row[0] != "Attacker"]


ROWS = rows_of(PAGE)


def test_there_are_rows() -> None:
    assert len(rows_of(IN_ONE_PAGE)) > 10
    assert len(rows_of(IN_FULL)) > 50
    assert {len(row) for row in ROWS} == {5}


def test_the_first_page_is_one_page() -> None:
    said = [" ".join(row[:-1]) for row in rows_of(IN_ONE_PAGE)]
    assert len(" ".join(said).split()) < 500


def test_a_table_begins_with_an_attacker_who_has_a_name() -> None:
    tables = IN_FULL.split("\n### ")[1:]
    assert all(not rows_of(table)[0][0].startswith("The same") for table in tables)


NAMES = [f"{number} {row[0]}: {row[2] or row[3]}"[:60] for number, row in enumerate(ROWS)]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_row_names_its_tests_or_says_not_yet(row: list[str]) -> None:
    named = [(found["file"], found["test"]) for found in NAMED.finditer(row[-1])]
    assert [f"{file}::{test}" for file, test in named if not exists(ROOT / file, test)] == []
    assert named or (row[-1] == "none" and "**not yet**" in " ".join(row))
