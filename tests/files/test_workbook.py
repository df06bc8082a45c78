"""A workbook gives the text its owner sees, and never a blank where it shows an error."""

import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from manchengo_files.sheets import SourceRow, open_sheet
from manchengo_files.unreadable import EmptyFile, NotAWorkbook, SheetTooLarge
from manchengo_presenters.parsing import day, quantity


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lots.xlsx"


def saved(file: Path, *rows: list[object], at: Mapping[str, object] | None = None) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for place, value in (at or {}).items():
        sheet[place] = value
    book.save(file)
    return file


def rewritten(file: Path, old: bytes, new: bytes) -> Path:
    """The workbook with some of its first sheet's XML changed, as other programs write it."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert old in parts[name]
    parts[name] = parts[name].replace(old, new)
    with zipfile.ZipFile(file, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return file


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("MP-00001", "MP-00001"),
        ("00087", "00087"),
        (12, "12"),
        (12.0, "12"),
        (671.72, "671.72"),
        (0.1 + 0.2, "0.3"),
        (0.00001, "0.00001"),
        (139986987973091, "139986987973091"),
        (13998698797309112345, "1.39986987973091e+19"),
        (date(2025, 11, 1), "01/11/2025"),
        (datetime(2025, 11, 1), "01/11/2025"),  # noqa: DTZ001 - a workbook's hours have no zone
        (datetime(2025, 11, 1, 14, 5), "2025-11-01 14:05:00"),  # noqa: DTZ001
        (time(6, 30), "06:30:00"),
        (True, "VRAI"),
    ],
)
def test_a_cell_reads_as_its_owner_sees_it(file: Path, value: object, text: str) -> None:
    sheet = open_sheet(saved(file, ["lot", "valeur"], ["MP-1", value]))
    assert list(sheet.rows()) == [SourceRow(2, ("MP-1", text))]


def test_true_dates_and_numbers_become_the_values_of_the_same_file_in_text(file: Path) -> None:
    sheet = open_sheet(saved(file, ["date", "quantite"], [date(2026, 4, 23), 1250.5]))
    (row,) = sheet.rows()
    assert (day(row.cells[0]), quantity(row.cells[1])) == (date(2026, 4, 23), 1_250_500)


def test_a_table_that_begins_lower_and_further_right_keeps_its_places(file: Path) -> None:
    sheet = open_sheet(saved(file, at={"C4": "lot", "D4": "quantite", "C7": "MP-1", "D7": 5}))
    assert sheet.header == ("", "", "lot", "quantite")
    assert list(sheet.rows()) == [SourceRow(7, ("", "", "MP-1", "5"))]


def test_an_error_is_given_as_it_is_shown_and_never_as_a_blank(file: Path) -> None:
    sheet = open_sheet(saved(file, ["lot", "peremption"], ["MP-1", "#N/A"], ["MP-2", None]))
    assert [row.cells for row in sheet.rows()] == [("MP-1", "#N/A"), ("MP-2", "")]
    assert sheet.explain_blank(2, "peremption") == "B2 : #N/A"
    assert sheet.explain_blank(3, "peremption") is None


def test_a_formula_without_a_saved_result_is_given_as_a_formula(file: Path) -> None:
    sheet = open_sheet(saved(file, ["lot", "quantite"], ["MP-1", "=1+1"], ["MP-2", 3]))
    assert [row.cells for row in sheet.rows()] == [("MP-1", "=1+1"), ("MP-2", "3")]
    assert sheet.explain_blank(2, "quantite") == "B2 : =1+1"


def test_a_row_of_nothing_but_such_cells_is_not_lost(file: Path) -> None:
    sheet = open_sheet(saved(file, ["lot", "quantite"], ["MP-1", 3], [], ["=A2", "=B2"]))
    assert list(sheet.rows())[-1] == SourceRow(4, ("=A2", "=B2"))
    assert sheet.row_count == 2


def test_a_saved_result_is_what_counts(file: Path) -> None:
    saved(file, ["lot", "quantite"], ["MP-1", "=1+1"])
    sheet = open_sheet(rewritten(file, b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"))
    assert list(sheet.rows()) == [SourceRow(2, ("MP-1", "2"))]


def test_a_formula_whose_result_is_no_text_is_truly_blank(file: Path) -> None:
    saved(file, ["lot", "note"], ["MP-1", "=1+1"])
    blank = b'<c r="B2" t="str"><f>IF(A1="","","")</f><v></v>'
    sheet = open_sheet(rewritten(file, b'<c r="B2"><f>1+1</f><v />', blank))
    assert list(sheet.rows()) == [SourceRow(2, ("MP-1", ""))]
    assert sheet.explain_blank(2, "note") is None


def test_the_first_visible_sheet_is_the_one_read(file: Path) -> None:
    book = Workbook()
    hidden, shown = book.worksheets[0], book.create_sheet("Réceptions")
    hidden.append(["listes"])
    hidden.sheet_state = "hidden"
    shown.append(["lot"])
    shown.append(["MP-1"])
    book.active = 1
    book.save(file)
    assert open_sheet(file).header == ("lot",)


def test_a_workbook_is_known_by_what_it_holds(tmp_path: Path) -> None:
    saved(tmp_path / "lots.xlsx", ["lot"], ["MP-1"])
    renamed = (tmp_path / "lots.xlsx").rename(tmp_path / "lots.csv")
    assert open_sheet(renamed).row_count == 1


def test_an_empty_workbook_is_empty(file: Path) -> None:
    with pytest.raises(EmptyFile):
        open_sheet(saved(file))


def test_a_stray_cell_at_the_far_corner_is_refused_before_it_fills_the_memory(file: Path) -> None:
    with pytest.raises(SheetTooLarge) as refusal:
        open_sheet(saved(file, ["lot"], ["MP-1"], at={"XFD1048576": 12}))
    assert (refusal.value.rows, refusal.value.columns) == (1_048_576, 16_384)


def test_another_kind_of_archive_is_no_workbook(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    with pytest.raises(NotAWorkbook):
        open_sheet(file)


def test_a_torn_workbook_is_refused_wherever_it_is_torn(file: Path) -> None:
    whole = saved(file, ["lot", "quantite"], ["MP-1", "=1+1"], ["MP-2", "#N/A"]).read_bytes()
    for length in range(4, len(whole), 97):
        file.write_bytes(whole[:length])
        with pytest.raises(NotAWorkbook):
            open_sheet(file)


@pytest.mark.parametrize("old", [b"<f>", b'r="2"', b"<sheetData>", b"</row>"])
def test_a_workbook_whose_inside_is_damaged_is_refused(file: Path, old: bytes) -> None:
    saved(file, ["lot", "quantite"], ["MP-1", "=1+1"])
    with pytest.raises(NotAWorkbook):
        open_sheet(rewritten(file, old, b"<<"))
