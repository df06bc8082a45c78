"""A workbook's number is what a person sees in its cell."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manchengo.ports.rows import RawLotRow, RawProductRow
from manchengo_files.number_formats import number_format
from manchengo_files.sheets import open_sheet
from tests.support.importing import ImportHarness


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        *(("0000", 42, "0042"), ("0000", 12345, "12345"), ("0000000000000", 6130, "0000000006130")),
        *(("0%", 0.19, "19%"), ("0.00%", 0.09, "9%"), ("0.0%", 0.195, "19.5%")),
        *(("00-000", 4212, "04-212"), ("00 00 00 00 00", 566636685, "05 66 63 66 85")),
        *(
            ('"L"0', 7, "L7"),
            ('0.0 "kg"', 12.5, "12.5 kg"),
            ("0,", 12_500, "12.5"),
            ("0.0,", 500, "0.5"),
        ),
        *(("0000;-0000", -42, "-0042"), ("[Red]000", 7, "007"), ('0000"%"', 42, "0042%")),
        *(("00", 1.25, "01.25"), ("0000_)", 0, "0000")),
    ],
)
def test_a_format_may_change_what_is_seen(code: str, value: float, shown: str) -> None:
    found = number_format(code)
    assert found is not None
    assert found.shown(value) == shown


@pytest.mark.parametrize(
    "code",
    [
        *("General", "0", "0.00", "#,##0", "#,##0.00", "@", "dd/mm/yyyy", "hh:mm", "0.00E+00"),
        *("_-* #,##0.00_-", "#,##0.00;[Red]-#,##0.00", "jj/mm/aaaa", "mmm-yy", "", "??0"),
    ],
)
def test_a_format_of_digits_days_or_hours_adds_nothing(code: str) -> None:
    assert number_format(code) is None


@given(st.integers(0, 10**12), st.integers(2, 14))
def test_zeros_in_front_are_all_that_a_format_of_zeros_adds(value: int, places: int) -> None:
    found = number_format("0" * places)
    assert found is not None
    assert found.shown(value) == str(value).rjust(places, "0")
    assert found.figure(value) == str(value)


def saved(folder: Path, rows: list[list[object]], formats: dict[str, str]) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Été"
    for row in rows:
        book.worksheets[0].append(row)
    for place, code in formats.items():
        book.worksheets[0][place].number_format = code
    book.save(folder / "bureau.xlsx")
    return folder / "bureau.xlsx"


def test_codes_rates_and_barcodes_of_a_workbook_are_those_that_are_seen(
    harness: ImportHarness,
) -> None:
    header: list[object] = ["code", "type", "designation", "unite", "prix_ht", "tva", "gtin"]
    rows: list[list[object]] = [header, [42, "MP", "Film", "kg", 1250.5, 0.09, 6130000019]]
    formats = {"A2": "0000", "E2": '#,##0.00" DA"', "F2": "0%", "G2": "0000000000000"}
    harness.took("products", saved(harness.folder, rows, formats))
    product = harness.one(RawProductRow, "0042")
    assert (product.vat_class, product.price, product.gtin) == ("reduced", 125_050, "0006130000019")


def test_only_the_cells_that_bear_a_format_are_shown_by_it(tmp_path: Path) -> None:
    rows: list[list[object]] = [["code"], [1], [2], ["x"], [3], [4]]
    formats = {"A3": "000", "A4": "000", "A5": "000"}
    sheet = open_sheet(saved(tmp_path, rows, formats))
    assert [row.cells[0] for row in sheet.rows()] == ["1", "002", "x", "003", "4"]


def test_a_table_further_right_keeps_its_formats(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], [None, None, "code"], [None, None, 7]]
    sheet = open_sheet(saved(tmp_path, rows, {"C3": "000"}))
    assert [row.cells for row in sheet.rows()] == [("", "", "007")]


LOTS: list[object] = ["lot", "produit", "fournisseur", "date_reception", "quantite"]


def test_a_unit_that_is_seen_must_be_the_product_s(harness: ImportHarness) -> None:
    rows: list[list[object]] = [
        LOTS,
        ["L1", "LAIT", "F1", "05/01/2026", 1.234],
        ["L2", "LAIT", "F1", "05/01/2026", 1.234],
    ]
    took = harness.takes(
        "lots", saved(harness.folder, rows, {"E2": '0.000" L"', "E3": '0.000" kg"'})
    )
    assert took.at_fault == [(3, "quantite", "other_unit_than_the_column")]
    assert harness.one(RawLotRow, "L1").quantity_initial == 1_234


def test_a_unit_behind_a_figure_of_a_text_file_is_read_in_the_same_way(
    harness: ImportHarness,
) -> None:
    header = ";".join(map(str, LOTS)) + "\n"
    text = header + "L1;LAIT;F1;05/01/2026;12,5 litres\nL2;LAIT;F1;05/01/2026;12,5kg\n"
    took = harness.takes("lots", text)
    assert took.at_fault == [(3, "quantite", "other_unit_than_the_column")]
    assert harness.took("lots", header + "L1;LAIT;F1;05/01/2026;12,5\n").counts == (0, 1, 0)
