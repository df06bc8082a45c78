"""Each row of the threat model names tests that exist, or says that nothing protects there yet."""

import pytest

from tests.docs.pages import ROOT
from tests.docs.test_promises import NAMED, exists

PAGE = (ROOT / "docs" / "explanation" / "threat-model.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ")
][1:]


def test_there_are_rows() -> None:
    assert len(ROWS) > 10
    assert {len(row) for row in ROWS} == {5}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[2] or row[3]}"[:60])
def test_a_row_names_its_tests_or_says_not_yet(row: list[str]) -> None:
    named = [(found["file"], found["test"]) for found in NAMED.finditer(row[-1])]
    assert [f"{file}::{test}" for file, test in named if not exists(ROOT / file, test)] == []
    assert named or (row[-1] == "none" and "**not yet**" in " ".join(row))
