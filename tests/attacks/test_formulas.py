"""A cell of a stranger's file that becomes a formula in the file of refused rows."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manchengo_files.error_file import NUMBER, ErrorFile, Fault, as_it_was, harmless
from manchengo_files.rows import SourceRow

SEPARATORS = ",;\t|"
FAULT = Fault(column="produit", value="=1+1", rule="Unknown", message="a,=1+1")
PAYLOADS = [
    "-,1",
    "x,=1+1",
    "x;=1+1",
    "x\t=1+1",
    "x|=1+1",
    'x,"=1+1',
    "x,\n=1+1",
    "x, @SUM(1)",
    "=1+1",
]

texts = st.text(alphabet="=+-@'\"ax1 ,;|\t\r\n", max_size=12)


def runs(cell: str) -> bool:
    """Whether a spreadsheet takes it for a formula, with or without the quotes around it."""
    shown = cell.lstrip(' \u00a0\t\r\n"').rstrip()
    return shown[:1] in tuple("=+-@") and not NUMBER.fullmatch(shown)


def written(folder: Path, *cells: str) -> str:
    source = folder / "lots.csv"
    with ErrorFile(source, ["a", "b"][: len(cells)], folder=folder) as errors:
        errors.add(SourceRow(2, cells), [FAULT])
    assert errors.path is not None
    text = errors.path.read_text("utf-8-sig")
    errors.path.unlink()
    return text


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_runs_whatever_a_spreadsheet_takes_for_a_separator(
    tmp_path: Path, payload: str, separator: str
) -> None:
    text = written(tmp_path, payload, f"b{payload}")
    as_read = [cell for row in csv.reader(text.splitlines(), delimiter=separator) for cell in row]
    as_split = [cell for line in text.splitlines() for cell in line.split(separator)]
    assert [cell for cell in (*as_read, *as_split) if runs(cell)] == []


@settings(max_examples=300)
@given(texts)
def test_no_part_of_a_cell_runs_and_the_cell_comes_back_as_it_was(text: str) -> None:
    shown = harmless(text)
    assert [part for part in re.split(r"[,;|\t\r\n]", shown) if runs(part.strip('"'))] == []
    assert as_it_was(shown) == text


@pytest.mark.parametrize("text", ["-4", "1,-5", "Remise -10", "a@b.dz", "12,5", "l'eau, l'ail"])
def test_what_is_no_formula_is_left_as_it_is(text: str) -> None:
    assert harmless(text) == text
