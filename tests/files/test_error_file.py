"""What was refused comes back in a file that can be corrected and imported again."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manchengo_files.error_file import ADDED_COLUMNS, ErrorFile, Fault, harmless
from manchengo_files.sheets import SourceRow, open_sheet

HEADER = ("lot", "quantite", "note")
FAULT = Fault(column="quantite", value="12O,5", rule="not_a_number", message="Pas un nombre.")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "lots.csv"


def written(source: Path, *rows: SourceRow, fault: Fault = FAULT) -> Path:
    with ErrorFile(source, HEADER) as errors:
        for row in rows:
            errors.add(row, [fault])
    assert errors.path is not None
    return errors.path


def test_a_refused_row_comes_back_with_what_is_wrong_with_it(source: Path) -> None:
    path = written(source, SourceRow(15, ("MP-19", "12O,5", "")))
    assert path == source.with_name("lots.erreurs.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        assert list(csv.reader(lines, delimiter=";")) == [
            [*HEADER, *ADDED_COLUMNS],
            [
                *("MP-19", "12O,5", "", "15", "quantite", "12O,5"),
                *("not_a_number", "Pas un nombre.", ""),
            ],
        ]


def test_all_that_is_wrong_with_a_row_is_said_at_once(source: Path) -> None:
    other = Fault(column="lot", value="", rule="blank", message="Vide.")
    with ErrorFile(source, HEADER) as errors:
        errors.add(SourceRow(2, ("", "12O,5", "")), [other, FAULT])
    assert errors.path is not None
    (row,) = open_sheet(errors.path).rows()
    assert row.cells[4:7] == ("lot | quantite", " | 12O,5", "blank | not_a_number")


def test_where_nothing_was_refused_no_file_is_made(source: Path) -> None:
    with ErrorFile(source, HEADER) as errors:
        pass
    assert (errors.path, errors.count) == (None, 0)
    assert list(source.parent.iterdir()) == []


def test_an_import_that_breaks_off_leaves_no_file(source: Path) -> None:
    with pytest.raises(RuntimeError), ErrorFile(source, HEADER) as errors:  # noqa: PT012 - one story
        errors.add(SourceRow(2, ("MP-1", "x", "")), [FAULT])
        raise RuntimeError
    assert list(source.parent.iterdir()) == []


def test_nothing_can_be_seen_of_the_file_before_it_is_whole(source: Path) -> None:
    with ErrorFile(source, HEADER) as errors:
        errors.add(SourceRow(2, ("MP-1", "x", "")), [FAULT])
        assert list(source.parent.glob("*.csv")) == []
    assert [path.name for path in source.parent.iterdir()] == ["lots.erreurs.csv"]


def test_an_earlier_file_is_never_overwritten(source: Path) -> None:
    row = SourceRow(2, ("MP-1", "x", ""))
    names = [written(source, row).name for _ in range(3)]
    assert names == ["lots.erreurs.csv", "lots.erreurs-2.csv", "lots.erreurs-3.csv"]


@pytest.mark.skipif(os.name == "nt", reason="modes and links are those of POSIX")
def test_it_holds_what_is_private_and_follows_no_link(source: Path) -> None:
    target = source.with_name("ailleurs.csv")
    source.with_name("lots.erreurs.csv").symlink_to(target)
    path = written(source, SourceRow(15, ("MP-19", "12O,5", "")))
    assert path == source.with_name("lots.erreurs-2.csv")
    assert path.stat().st_mode & 0o777 == 0o600
    assert not target.exists()


def test_the_file_can_be_put_elsewhere(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ailleurs"
    folder.mkdir()
    with ErrorFile(source, HEADER, folder=folder) as errors:
        errors.add(SourceRow(2, ("MP-1", "x", "")), [FAULT])
    assert errors.path == folder / "lots.erreurs.csv"


def test_refused_once_more_a_row_keeps_its_columns_and_gets_fresh_reasons(source: Path) -> None:
    first = written(source, SourceRow(15, ("MP-19", "12O,5", "")))
    sheet = open_sheet(first)
    with ErrorFile(first, sheet.header) as errors:
        for row in sheet.rows():
            errors.add(row, [FAULT])
    assert errors.path == source.with_name("lots.erreurs-2.csv")
    again = open_sheet(errors.path)
    assert again.header == (*HEADER, *ADDED_COLUMNS)
    assert [row.cells[:4] for row in again.rows()] == [("MP-19", "12O,5", "", "2")]


def test_a_row_wider_than_its_header_stays_too_wide(source: Path) -> None:
    path = written(source, SourceRow(2, ("MP-1", "12", "5", "de trop")))
    (row,) = open_sheet(path).rows()
    assert row.cells[:3] == ("MP-1", "12", "5")
    assert row.cells[len(HEADER) + len(ADDED_COLUMNS) :] == ("de trop",)


@given(
    rows=st.lists(
        st.tuples(
            st.just("MP"),
            st.text().filter(lambda text: not set(text) & set("\0\ud800") and _encodable(text)),
            st.sampled_from(
                ["=1+1", "-4", "@x", "00087", ' dit "frais" ', "a;b", "a\nb", "a\r\nb"]
            ),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_uncorrected_it_gives_the_very_text_of_the_source(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    source = tmp_path_factory.mktemp("again") / "lots.csv"
    numbered = [SourceRow(number, cells) for number, cells in enumerate(rows, start=2)]
    path = written(source, *numbered)
    assert [row.cells[: len(HEADER)] for row in open_sheet(path).rows()] == rows


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *(("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd", "'+cmd"), ("-2+3", "'-2+3")),
        *(("\t=1", "'\t'=1"), ("\r=1", "'\r'=1"), ("-4", "-4"), ("-1 250,5", "-1 250,5")),
        *(("+5", "+5"), ("12O,5", "12O,5"), ("", ""), ("lait", "lait")),
    ],
)
def test_our_own_columns_hold_nothing_a_spreadsheet_would_run(text: str, shown: str) -> None:
    assert harmless(text) == shown


def _encodable(text: str) -> bool:
    return text.isprintable()
