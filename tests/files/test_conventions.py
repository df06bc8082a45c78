"""A column writes its figures and days in one way; where it does not show which, it asks."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manchengo.domain.values import Unit
from manchengo.ports.rows import RawLotRow
from manchengo_files.conventions import (
    DayOrder,
    DecimalMark,
    Declared,
    FigureColumn,
    Shape,
    Typed,
    conventions_of,
    decimal_mark_of,
    read_back,
    written_out,
)
from manchengo_presenters.parsing import Rule, Unreadable, bare_figure, quantity
from tests.support.importing import ImportHarness

HEADER = "lot;produit;fournisseur;date_reception;quantite\n"
FRENCH, ENGLISH = Declared(decimal_mark=DecimalMark.COMMA), Declared(decimal_mark=DecimalMark.POINT)
JMA, MJA = Declared(day_order=DayOrder.DAY_FIRST), Declared(day_order=DayOrder.MONTH_FIRST)


def column_of(*texts: str, declared: DecimalMark | None = None) -> FigureColumn:
    column = FigureColumn(declared)
    for row, text in enumerate(texts, 2):
        column.look(text, row)
    return column


def weights(*texts: str) -> str:
    rows = (f"L{number};LAIT;F1;05/01/2026;{text}\n" for number, text in enumerate(texts, 1))
    return HEADER + "".join(rows)


def days(*texts: str) -> str:
    rows = (f"L{number};LAIT;F1;{text};1\n" for number, text in enumerate(texts, 1))
    return HEADER + "".join(rows)


def received(harness: ImportHarness) -> dict[str, int]:
    with harness.store.reading() as snapshot:
        return {row.code: row.quantity_initial for row in snapshot.rows(RawLotRow)}


# ----------------------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("figure", "mark"),
    [
        *(("12,5", ","), ("12.5", "."), ("12.500,75", ","), ("12,500.75", "."), ("0,002", ",")),
        *(
            ("0.500", "."),
            ("1234,567", ","),
            ("1 250,500", ","),
            ("1'250.500", "."),
            ("1,2345", ","),
        ),
        *(("1.250.000", ","), ("1,250,000", "."), ("1.250.000,5", ","), ("-12,5", ",")),
        *(("1.250", None), ("1,250", None), ("-1.250", None), ("12", None), ("1 250", None)),
        *(("12O,5", None), ("1.2.3", None), (",5", None), ("12,", None), ("", None)),
    ],
)
def test_what_a_figure_can_only_be_written_with(figure: str, mark: str | None) -> None:
    assert decimal_mark_of(figure) == mark


@pytest.mark.parametrize(
    ("others", "text", "thousandths"),
    [
        *((["12.500,75"], "1.250", 1_250_000), (["12,500.75"], "1,250", 1_250_000)),
        *((["12,5"], "1,250", 1_250), (["12.5"], "1.250", 1_250), (["12,5"], "1.250", 1_250_000)),
        *((["1.250.000"], "1.250", 1_250_000), (["1.250.000"], "1,250", 1_250)),
        *((["0,002", "x", ""], "1.250", 1_250_000), (["671,72 DA"], "1.250 DA", 1_250_000)),
    ],
)
def test_a_column_has_one_decimal_mark(others: list[str], text: str, thousandths: int) -> None:
    column = column_of(*others, text)
    assert quantity(bare_figure(column.plain(text))) == thousandths


@pytest.mark.parametrize("text", ["1.250", "1,250", "-1.250"])
@pytest.mark.parametrize("others", [[], ["12"], ["999"], ["2.500", "3,750"], ["1 250"]])
def test_three_digits_behind_one_mark_have_two_readings(others: list[str], text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        column_of(*others, text).plain(text)
    assert refusal.value.rule is Rule.TWO_READINGS_OF_A_FIGURE
    sign = "-" if text.startswith("-") else ""
    assert (refusal.value.first, refusal.value.second) == (f"{sign}1250", f"{sign}1,25")


def test_a_contradiction_is_told_with_its_rows_and_stops_only_what_has_two_readings() -> None:
    column = column_of("12,5", "1.250", "12.5")
    assert [column.plain(text) for text in ("12,5", "12.5", "12")] == ["12,5", "12.5", "12"]
    with pytest.raises(Unreadable) as refusal:
        column.plain("1.250")
    assert "2" in refusal.value.reason
    assert "4" in refusal.value.reason


@pytest.mark.parametrize(("mark", "thousandths"), [(",", 1_250_000), (".", 1_250)])
def test_who_imports_may_say_the_mark(mark: str, thousandths: int) -> None:
    column = column_of("12,5", "12.5", declared=DecimalMark(mark))
    assert quantity(column.plain("1.250")) == thousandths


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=8),
    st.sampled_from([",", "."]),
    st.booleans(),
)
def test_a_column_written_in_one_way_is_read_as_it_was_meant(
    figures: list[int], mark: str, is_grouped: bool
) -> None:
    other = "." if mark == "," else ","
    texts = []
    for thousandths in [*figures, 12_500]:  # the last has one decimal, and so shows the mark
        whole, rest = divmod(thousandths, 1_000)
        grouped = f"{whole:,}".replace(",", other if is_grouped else "")
        texts.append(f"{grouped}{mark}{rest:03}".rstrip("0").rstrip(mark) if rest else grouped)
    column = column_of(*texts)
    assert [quantity(column.plain(text)) for text in texts] == [*figures, 12_500]


def test_a_file_of_marks_of_thousands_gives_tons_and_not_spoonfuls(harness: ImportHarness) -> None:
    assert harness.took("lots", weights("12.500,75", "1.250")).counts == (2, 0, 0)
    assert received(harness) == {"L1": 12_500_750, "L2": 1_250_000}


def test_an_ambiguous_decimal_mark_is_refused_until_it_is_declared(
    harness: ImportHarness,
) -> None:
    file = harness.file(weights("1.250", "300"))
    took = harness.takes("lots", file)
    assert took.at_fault == [(2, "quantite", "two_readings_of_a_figure")]
    assert harness.takes("lots", file, declared=FRENCH).counts == (1, 1, 0)
    assert received(harness) == {"L1": 1_250_000, "L2": 300_000}


def test_columns_do_not_answer_for_each_other(harness: ImportHarness) -> None:
    text = HEADER.replace("quantite", "quantite;prix_unitaire")
    took = harness.takes("lots", text + "L1;LAIT;F1;05/01/2026;1,250;62,50\n")
    assert took.at_fault == [(2, "quantite", "two_readings_of_a_figure")]


# ------------------------------------------------------------------------------------- days


def test_days_come_first_until_a_cell_says_otherwise(harness: ImportHarness) -> None:
    harness.took("lots", days("09/10/2025", "10/10/2025"))
    assert {row.entered_on.isoformat() for row in lots(harness)} == {"2025-10-09", "2025-10-10"}


def lots(harness: ImportHarness) -> list[RawLotRow]:
    with harness.store.reading() as snapshot:
        return list(snapshot.rows(RawLotRow))


def test_a_month_that_comes_first_stops_the_days_of_its_column_that_have_two_readings(
    harness: ImportHarness,
) -> None:
    took = harness.takes("lots", days("10/20/2025", "09/10/2025", "09/09/2025", "2025-10-09"))
    assert took.at_fault == [
        (2, "date_reception", "month_first"),
        (3, "date_reception", "two_readings_of_a_day"),
    ]
    assert "2025-10-09" in took.refusals[1].message
    assert "2025-09-10" in took.refusals[1].message


def test_a_contradiction_stops_the_days_that_have_two_readings(harness: ImportHarness) -> None:
    took = harness.takes("lots", days("25/10/2025", "10/20/2025", "09/10/2025"))
    assert took.at_fault == [
        (3, "date_reception", "month_first"),
        (4, "date_reception", "two_readings_of_a_day"),
    ]


def test_one_month_first_in_a_column_that_is_otherwise_clear_is_the_fault_of_its_row(
    harness: ImportHarness,
) -> None:
    clear = [f"{number}/10/2025" for number in range(13, 23)]
    took = harness.takes("lots", days(*clear, "09/10/2025", "10/20/2025"))
    assert took.at_fault == [(13, "date_reception", "month_first")]
    assert harness.takes("lots", days(*clear[1:], "08/10/2025", "10/20/2025")).at_fault[-2:] == [
        (11, "date_reception", "two_readings_of_a_day"),
        (12, "date_reception", "month_first"),
    ]


def test_a_clear_column_does_not_speak_for_one_that_is_month_first(harness: ImportHarness) -> None:
    text = HEADER.replace("date_reception", "date_reception;date_peremption")
    rows = [f"L{number};LAIT;F1;09/10/2025;{number}/11/2025;1\n" for number in range(13, 30)]
    took = harness.takes("lots", text + "".join(rows) + "M;LAIT;F1;10/20/2025;30/11/2025;1\n")
    assert {rule for _row, _column, rule in took.at_fault} == {
        *("two_readings_of_a_day", "month_first")
    }
    assert took.counts == (0, 0, 18)


def test_who_imports_may_say_that_the_month_comes_first(harness: ImportHarness) -> None:
    file = harness.file(days("10/20/2025", "09/10/2025", "9/8/2025", "25/10/2025"))
    took = harness.takes("lots", file, declared=MJA)
    assert took.at_fault == [(5, "date_reception", "day_first")]
    assert {row.entered_on.isoformat() for row in lots(harness)} == {
        *("2025-10-20", "2025-09-10", "2025-09-08")
    }


def test_who_imports_may_say_that_the_day_comes_first(harness: ImportHarness) -> None:
    took = harness.takes("lots", days("10/20/2025", "09/10/2025"), declared=JMA)
    assert took.at_fault == [(2, "date_reception", "month_first")]


# -------------------------------------------------------------- workbooks, and what comes back


def test_what_a_workbook_holds_as_a_number_or_a_day_has_one_reading(harness: ImportHarness) -> None:
    from datetime import date

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER.strip().split(";"))
    sheet.append(["L1", "LAIT", "F1", date(2025, 10, 9), 1.25])
    sheet.append(["L2", "LAIT", "F1", date(2025, 10, 9), 1.234])
    sheet.append(["L3", "LAIT", "F1", "10/20/2025", "1.250,5"])
    book.save(harness.folder / "lots.xlsx")
    took = harness.takes("lots", harness.folder / "lots.xlsx")
    assert took.at_fault == [(4, "date_reception", "month_first")]
    assert received(harness) == {"L1": 1_250, "L2": 1_234}


def test_the_error_file_says_how_its_rows_are_written(harness: ImportHarness) -> None:
    text = weights("12.500,75", "1.250").replace("L2;LAIT", "L2;CREME")
    error_file = handed_back(harness, text)
    assert "quantite: 1234,5" in error_file.read_text("utf-8-sig")
    corrected = error_file.read_text("utf-8-sig").replace("CREME", "LAIT", 1)
    assert harness.took("lots", harness.file(corrected, "corrige.csv")).counts == (1, 0, 0)
    assert received(harness) == {"L1": 12_500_750, "L2": 1_250_000}


def test_refused_twice_it_still_says_so(harness: ImportHarness) -> None:
    text = weights("12.500,75", "1.250").replace("L2;LAIT", "L2;CREME")
    first = handed_back(harness, text)
    again = handed_back(harness, first)
    assert "quantite: 1234,5" in again.read_text("utf-8-sig")


def test_a_cell_with_two_readings_still_has_them_when_it_comes_back(harness: ImportHarness) -> None:
    error_file = handed_back(harness, weights("1.250"))
    assert harness.takes("lots", error_file).at_fault == [
        (2, "quantite", "two_readings_of_a_figure")
    ]


def handed_back(harness: ImportHarness, file: Path | str) -> Path:
    path = harness.file(file) if isinstance(file, str) else file
    return harness.error_file_of("lots", path)


def test_how_a_row_is_written_can_be_read_back() -> None:
    shapes = {"prix": Shape.FIGURE, "quantite": Shape.FIGURE, "date": Shape.DAY}
    conventions = conventions_of(shapes, Declared())
    conventions["prix"].look("12.5", 2)
    cells = {"prix": "1.250", "quantite": Typed("1.25"), "date": "09/10/2025"}
    notation = written_out(conventions, cells, {})
    assert notation == "prix: 1234.5 | quantite: 1234.5 | date: jj/mm/aaaa"
    assert read_back(notation, shapes) == {
        **dict.fromkeys(("prix", "quantite"), "."),
        "date": "jj/mm/aaaa",
    }
    assert read_back("prix: douze | n'importe quoi", shapes) == {}


def test_units_are_not_touched_by_it(harness: ImportHarness) -> None:
    harness.took("lots", weights("12,5"))
    assert harness.one(RawLotRow, "L1").unit == Unit.L
