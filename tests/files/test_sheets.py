"""Any office's CSV gives its rows, numbered as the office sees them, or says why it cannot."""

import csv
import io
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manchengo_files.csv_file import CELL_LIMIT, CsvSheet
from manchengo_files.sheets import Sheet, SourceRow, open_sheet
from manchengo_files.unreadable import (
    CannotOpen,
    CellTooLong,
    DuplicateHeader,
    EmptyFile,
    LegacyWorkbook,
    NoHeader,
    NotAWorkbook,
    NotText,
    UnclosedQuote,
    UnreadableFile,
)
from manchengo_presenters import language

FRENCH = ["Béjaïa", "Sétif", "chèvre affinée", "maïs", "façon", "N°"]
FIGURES = [
    "12,5",
    "1 250,5",
    "-4",
    "a;b",
    "a,b",
    "a\tb",
    "a|b",
    'dit "meule"',
    "deux\nlignes",
    "fin\r\n",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lots.csv"


def opened(file: Path, text: str, encoding: str = "utf-8") -> Sheet:
    file.write_bytes(text.encode(encoding))
    return open_sheet(file)


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows()]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850"])
@settings(max_examples=25)  # for each of the twenty
@given(
    table=st.integers(min_value=2, max_value=5).flatmap(
        lambda width: st.lists(
            st.lists(st.sampled_from([*FRENCH, *FIGURES, ""]), min_size=width, max_size=width),
            min_size=1,
            max_size=8,
        )
    )
)
def test_what_an_office_writes_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    encoding: str,
    separator: str,
    table: list[list[str]],
) -> None:
    names = ["Désignation", *(f"colonne {number}" for number in range(2, len(table[0]) + 1))]
    file = tmp_path_factory.mktemp("office") / "lots.csv"
    file.write_bytes(_as_csv([names, *table], separator).encode(encoding))
    sheet = open_sheet(file)
    assert sheet.header == tuple(names)
    assert list(sheet.rows()) == [
        SourceRow(number, tuple(row)) for number, row in enumerate(table, start=2) if any(row)
    ]
    assert sheet.row_count == len(cells(sheet))


@given(
    table=st.lists(
        st.tuples(st.just("MP"), st.text(), st.text().filter(lambda text: "\0" not in text)),
        max_size=6,
    ),
    separator=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_text_at_all_survives_unicode(
    tmp_path_factory: pytest.TempPathFactory,
    table: list[tuple[str, ...]],
    separator: str,
    encoding: str,
) -> None:
    written = [row for row in table if row[1].isprintable() and row[2].isprintable()]
    file = tmp_path_factory.mktemp("any") / "lots.csv"
    file.write_bytes(_as_csv([["lot", "nom", "note"], *written], separator).encode(encoding))
    assert cells(open_sheet(file)) == written


def test_the_header_is_row_one(file: Path) -> None:
    sheet = opened(file, "lot;produit\nMP-1;LAIT\n")
    assert list(sheet.rows()) == [SourceRow(2, ("MP-1", "LAIT"))]


def test_rows_can_be_read_again(file: Path) -> None:
    sheet = opened(file, "lot;produit\nMP-1;LAIT\n")
    assert list(sheet.rows()) == list(sheet.rows())


def test_a_blank_row_is_skipped_and_still_counts(file: Path) -> None:
    sheet = opened(file, "lot;produit\n\nMP-1;LAIT\n ; \nMP-2;SEL\n")
    assert [row.number for row in sheet.rows()] == [3, 5]


def test_a_cell_of_two_lines_is_one_row_as_in_a_spreadsheet(file: Path) -> None:
    sheet = opened(file, 'lot;note\nMP-1;"lait\nfroid"\nMP-2;ok\n')
    assert list(sheet.rows()) == [
        SourceRow(2, ("MP-1", "lait\nfroid")),
        SourceRow(3, ("MP-2", "ok")),
    ]


def test_a_header_may_stand_under_blank_rows(file: Path) -> None:
    sheet = opened(file, "\n;;\nlot;produit\nMP-1;LAIT\n")
    assert sheet.header == ("lot", "produit")
    assert list(sheet.rows()) == [SourceRow(4, ("MP-1", "LAIT"))]


def test_a_short_row_is_filled_and_blank_cells_beyond_the_header_are_dropped(file: Path) -> None:
    sheet = opened(file, "lot;produit;note;;\nMP-1\nMP-2;SEL;sec;;\n")
    assert sheet.header == ("lot", "produit", "note")
    assert cells(sheet) == [("MP-1", "", ""), ("MP-2", "SEL", "sec")]


def test_a_cell_beyond_the_header_is_kept_so_that_the_row_can_be_refused(file: Path) -> None:
    sheet = opened(file, "lot,quantite\nMP-1,12,5\n")
    assert cells(sheet) == [("MP-1", "12", "5")]


def test_decimal_commas_do_not_make_the_comma_a_separator(file: Path) -> None:
    sheet = opened(file, "nom;prix, HT\nlait;62,5\nsel;38,25\nfilm;690,1\n")
    assert cells(sheet)[0] == ("lait", "62,5")


def test_a_header_with_commas_in_its_names_is_judged_by_the_rows(file: Path) -> None:
    sheet = opened(file, "lot;note, libre, ou vide, ou rien\nMP-1;sec\nMP-2;frais, beau\n")
    assert sheet.header == ("lot", "note, libre, ou vide, ou rien")


def test_rows_cut_short_do_not_hide_the_separator(file: Path) -> None:
    text = "lot;produit;site;prix, HT;note\nMP-1;LAIT;A;62,5\nMP-2;LAIT;B;62,5\nMP-3;S;C;1,5;x\n"
    assert len(opened(file, text).header) == 5


def test_separators_inside_quoted_names_are_not_counted(file: Path) -> None:
    sheet = opened(file, '"lot, numéro, site, cave";quantite\nMP-1;5\n')
    assert sheet.header == ("lot, numéro, site, cave", "quantite")


def test_one_column_needs_no_separator(file: Path) -> None:
    assert cells(opened(file, "quantite\n12,5\n13,5\n")) == [("12,5",), ("13,5",)]


def test_even_separators_in_the_header_are_settled_by_the_rows(file: Path) -> None:
    sheet = opened(file, "lot|nom,prénom|note,libre\na|b|c\nd|e|f\ng|h|i\n")
    assert sheet.header == ("lot", "nom,prénom", "note,libre")


def test_a_line_that_tells_the_separator_is_obeyed_and_not_counted(file: Path) -> None:
    sheet = opened(file, "sep=,\r\nlot,nom;prénom;ville\r\nMP-1,x\r\n", "utf-8-sig")
    assert sheet.header == ("lot", "nom;prénom;ville")
    assert list(sheet.rows()) == [SourceRow(2, ("MP-1", "x"))]


def test_line_endings_of_any_system_are_read(file: Path) -> None:
    for ending in ("\n", "\r\n", "\r"):
        sheet = opened(file, ending.join(["lot;produit", "MP-1;LAIT", "MP-2;SEL"]))
        assert cells(sheet) == [("MP-1", "LAIT"), ("MP-2", "SEL")]


def test_apostrophes_are_letters_and_not_quotation_marks(file: Path) -> None:
    sheet = opened(file, "lot;note\nMP-1;'aujourd'hui; lait\n")
    assert cells(sheet) == [("MP-1", "'aujourd'hui", " lait")]


def test_a_quotation_mark_left_open_is_found_before_any_row_is_given(file: Path) -> None:
    text = 'lot;note\nMP-1;ok\nMP-2;"ouvert\n' + "MP-3;perdu\n" * 50
    with pytest.raises(UnclosedQuote) as refusal:
        opened(file, text)
    assert refusal.value.row == 3


def test_a_quotation_mark_left_open_before_much_text_is_found_too(file: Path) -> None:
    with pytest.raises(CellTooLong) as refusal:
        opened(file, 'lot;note\nMP-1;"ouvert\n' + "MP-2;perdu\n" * (CELL_LIMIT // 10))
    assert refusal.value.row == 2


def test_a_cell_without_end_is_no_picture(file: Path) -> None:
    with pytest.raises(CellTooLong) as refusal:
        opened(file, "lot;note\nMP-1;" + "6" * (3 * CELL_LIMIT))
    assert refusal.value.row == 2


def test_a_long_remark_is_not_too_long(file: Path) -> None:
    assert cells(opened(file, "lot;note\nMP-1;" + "x" * 200_000)) == [("MP-1", "x" * 200_000)]


def test_a_file_with_nothing_in_it_is_empty(file: Path) -> None:
    for text in ("", "\n\n", ";;;\n \n", "\ufeff"):
        with pytest.raises(EmptyFile):
            opened(file, text)


def test_a_header_alone_is_a_table_without_rows(file: Path) -> None:
    sheet = opened(file, "lot;produit\n")
    assert (sheet.row_count, cells(sheet)) == (0, [])


def test_figures_in_the_first_row_are_no_header(file: Path) -> None:
    with pytest.raises(NoHeader) as refusal:
        opened(file, "1;2;3\n4;5;6\n")
    assert refusal.value.row == 1


def test_two_columns_of_one_name_are_refused_with_their_places(file: Path) -> None:
    with pytest.raises(DuplicateHeader) as refusal:
        opened(file, "lot;quantite;Lot \nMP-1;5;MP-1\n")
    assert (refusal.value.name, refusal.value.columns) == ("lot", (1, 3))


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("lots.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, LegacyWorkbook),
        ("lots.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, LegacyWorkbook),
        ("lots.xlsx", b"lot;produit\nMP-1;LAIT\n", NotAWorkbook),
        ("lots.xlsx", b"PK\x03\x04 torn", NotAWorkbook),
        ("lots.xls", b"<html><table><tr><td>lot</td></tr></table></html>", NotText),
        ("lots.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", NotText),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_holds(
    tmp_path: Path, name: str, content: bytes, refusal: type[UnreadableFile]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(refusal):
        open_sheet(tmp_path / name)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    language.use("fr")
    with pytest.raises(CannotOpen, match="n’existe pas"):
        open_sheet(tmp_path / "absent.csv")
    with pytest.raises(CannotOpen, match="dossier"):
        open_sheet(tmp_path)


def test_a_refusal_begins_with_the_name_of_the_file(file: Path) -> None:
    with pytest.raises(EmptyFile, match=r"^lots\.csv : "):
        opened(file, "")


@given(junk=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_at_once(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes
) -> None:
    file = tmp_path_factory.mktemp("junk") / "lots.csv"
    file.write_bytes(junk)
    try:
        sheet = open_sheet(file)
    except UnreadableFile as refusal:
        outcome = str(refusal)
    else:
        outcome = f"{sheet.row_count} rows"
        assert len(cells(sheet)) == sheet.row_count
    assert outcome


@given(
    text=st.text(alphabet=';,|\t"\r\n aé1', max_size=60).map(lambda rest: f"lot;nom\n{rest}"),
)
def test_every_row_is_at_least_as_wide_as_the_header(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.mktemp("wide") / "lots.csv"
    file.write_text(text, encoding="utf-8", newline="")
    try:
        sheet = open_sheet(file)
    except UnclosedQuote:
        return
    rows = list(sheet.rows())
    assert all(len(row.cells) >= len(sheet.header) for row in rows)
    assert [row.number for row in rows] == sorted({row.number for row in rows})


def test_memory_does_not_grow_with_the_file(file: Path) -> None:
    with file.open("w", encoding="cp1252") as out:
        out.write("lot;produit;désignation\n")
        for number in range(50_000):
            out.write(f"MP-{number};LAIT-V;lait cru de chèvre{' ' * 380}affiné\n")
    tracemalloc.start()
    try:
        sheet = open_sheet(file)
        for _row in sheet.rows():
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert file.stat().st_size > 20_000_000
    assert peak < 8_000_000  # a few chunks of one mebibyte, as bytes and as text


def test_what_was_decided_about_a_file_can_be_told(file: Path) -> None:
    sheet = opened(file, "lot|désignation\nMP-1|chèvre\n", "cp850")
    assert isinstance(sheet, CsvSheet)
    assert (sheet.encoding, sheet.separator) == ("cp850", "|")


def test_a_blank_cell_of_a_text_file_has_nothing_to_explain(file: Path) -> None:
    assert opened(file, "lot;produit\nMP-1;\n").explain_blank(2, "produit") is None


def _as_csv(table: Sequence[Sequence[str]], separator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(table)
    return out.getvalue()
