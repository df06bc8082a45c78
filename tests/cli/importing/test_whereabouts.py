"""The table is looked for in the file: under a title, in a sheet, above its totals."""

from pathlib import Path

import openpyxl
import pytest

from manchengo_files.asides import Aside
from manchengo_files.unreadable import NoSuchSheet, SeveralSheets
from tests.cli.running import asked, one_line, run
from tests.support.importing import ImportHarness, reader_of

HEADER = ["N° lot", "Produit", "Fournisseur", "Date de réception", "Quantité (L)"]
MILK = ["M1", "LAIT", "F1", "05/01/2026", "12,5"]
MORE = ["M2", "LAIT", "F1", "06/01/2026", "13,5"]


def as_text(*rows: list[str]) -> str:
    return "".join(";".join(row) + "\n" for row in rows)


def workbook(folder: Path, **sheets: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "lots.xlsx"
    book.save(path)
    return path


# ------------------------------------------------------------------------------ above the header


@pytest.mark.parametrize(
    "above",
    [
        [["Réceptions de janvier"]],
        [["Laiterie Manchengo, Tizi Ouzou"], [], ["Édité le", "31/01/2026"], [""]],
        [["", "", "lot"], ["Total des lots", "2"]],
    ],
)
def test_a_header_under_a_title_is_found_and_the_rows_keep_their_numbers(
    harness: ImportHarness, above: list[list[str]]
) -> None:
    wrong = ["M3", "X", "F1", "05/01/2026", "1"]
    took = harness.takes("lots", as_text(*above, HEADER, MILK, wrong))
    assert took.counts == (1, 0, 1)
    assert took.at_fault == [(len(above) + 3, "Produit", "unknown")]


def test_a_title_full_of_commas_does_not_hide_the_separator(harness: ImportHarness) -> None:
    harness.took("lots", as_text(["Lait, sel, présure, pots, films, cartons"], HEADER, MILK))
    assert harness.lots() == ["M1"]


def test_without_any_known_name_the_first_row_is_the_header(harness: ImportHarness) -> None:
    path = harness.file("a;b\nc;d\n")
    with pytest.raises(AssertionError, match="fournisseur"):
        reader_of("lots", path)


# -------------------------------------------------------------------------------------- sheets


def test_the_sheet_that_holds_the_table_is_found(harness: ImportHarness) -> None:
    path = workbook(harness.folder, Notes=[["à faire"]], Lots=[["Titre"], HEADER, MILK])
    reader = reader_of("lots", path)
    assert (reader.sheet.place.sheet, reader.sheet.place.other_sheets) == ("Lots", ("Notes",))
    assert harness.took("lots", path).counts == (1, 0, 0)


def test_of_two_sheets_with_such_a_table_one_must_be_named(harness: ImportHarness) -> None:
    path = workbook(harness.folder, Janvier=[HEADER, MILK], Février=[HEADER, MORE])
    with pytest.raises(SeveralSheets) as refusal:
        reader_of("lots", path)
    assert refusal.value.sheets == ("Janvier", "Février")
    reader = reader_of("lots", path, sheet_name="FÉVRIER")
    assert [row.cells[0] for row in reader.sheet.rows()] == ["M2"]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(harness: ImportHarness) -> None:
    path = workbook(harness.folder, Janvier=[HEADER, MILK])
    with pytest.raises(NoSuchSheet) as refusal:
        reader_of("lots", path, sheet_name="Mars")
    assert refusal.value.sheets == ("Janvier",)
    with pytest.raises(NoSuchSheet):
        reader_of("lots", harness.file(as_text(HEADER, MILK)), sheet_name="Janvier")


# ------------------------------------------------------------------- rows that record nothing


@pytest.mark.parametrize(
    "row",
    [
        *(["Total", "", "", "", "26"], ["", "", "", "TOTAL GÉNÉRAL :", "26"]),
        *(["", "Sous-total LAIT", "", "", "26"], ["", "", "", "", "26", "total"]),
        *(["Totaux", "", "", "", ""], ["", "", "المجموع", "", "26"]),
    ],
)
def test_a_row_of_totals_is_left_aside_and_said(harness: ImportHarness, row: list[str]) -> None:
    header = [*HEADER, "Remarque"]
    path = harness.file(as_text(header, MILK, row, MORE))
    assert dict(reader_of("lots", path).left_aside) == {3: Aside.TOTAL}
    assert harness.took("lots", path).counts == (2, 0, 0)


def test_a_header_that_comes_again_is_left_aside_and_said(harness: ImportHarness) -> None:
    path = harness.file(as_text(HEADER, MILK, [name.upper() for name in HEADER], MORE))
    assert dict(reader_of("lots", path).left_aside) == {3: Aside.HEADER}
    assert harness.took("lots", path).counts == (2, 0, 0)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("suppliers", "code;nom\nTOTAL;TotalEnergies\n"),
        ("clients", "code;nom\nC9;Total Frères\n"),
    ],
)
def test_a_record_whose_name_is_total_is_a_record(
    harness: ImportHarness, kind: str, text: str
) -> None:
    assert harness.took(kind, text).counts == (1, 0, 0)


def test_a_row_of_figures_alone_is_refused_and_not_left_aside(harness: ImportHarness) -> None:
    took = harness.takes("lots", as_text(HEADER, MILK, ["", "", "", "", "26"]))
    assert took.counts == (1, 0, 1)


def test_totals_belong_to_no_order(selling: ImportHarness) -> None:
    text = "numero;date;client;produit;quantite\nCC-1;06/01/2026;C1;TOMME;4\n;;Total;;4\n"
    assert selling.took("sales", text).counts == (1, 0, 0)


# ------------------------------------------------------------------------ the unit of a column


def test_a_unit_in_the_header_is_that_of_the_product(harness: ImportHarness) -> None:
    salt = ["S1", "SEL", "F1", "05/01/2026", "1"]
    took = harness.takes("lots", as_text(HEADER, MILK, salt))
    assert took.at_fault == [(3, "Quantité (L)", "other_unit_than_the_column")]
    assert took.counts == (1, 0, 1)


def test_a_header_with_a_unit_and_one_without_tell_the_same_rows(harness: ImportHarness) -> None:
    harness.took("lots", as_text(HEADER, MILK))
    again = as_text([*HEADER[:4], "quantite"], MILK)
    assert harness.took("lots", again).counts == (0, 1, 0)


def test_a_row_s_own_unit_must_be_that_of_its_column(harness: ImportHarness) -> None:
    header = [*HEADER[:4], "Quantité (g)", "unite"]
    good, bad = [*MILK[:1], "SEL", *MILK[2:4], "5"], ["M2", "SEL", *MILK[2:4], "5"]
    took = harness.takes("lots", as_text(header, [*good, "g"], [*bad, "kg"]))
    assert took.at_fault == [(3, "Quantité (g)", "other_unit_than_the_column")]


def test_the_units_of_a_recipe_are_those_of_what_is_made_and_of_what_is_poured(
    harness: ImportHarness,
) -> None:
    text = "produit;pour quantité (kg);ingredient;quantité (L)\nTOMME;10;LAIT;100\nTOMME;10;SEL;1\n"
    took = harness.takes("recipes", text)
    assert took.at_fault == [
        (2, "produit", "with_the_others"),
        (3, "quantité (L)", "other_unit_than_the_column"),
    ]


def test_a_header_says_how_its_days_are_written(harness: ImportHarness) -> None:
    header = [*HEADER[:3], "Date de réception (mm/jj/aaaa)", "quantite"]
    harness.took("lots", as_text(header, ["M1", "LAIT", "F1", "09/10/2025", "1"]))
    with harness.store.reading() as snapshot:
        from manchengo.ports.rows import RawLotRow

        (lot,) = snapshot.rows(RawLotRow)
    assert lot.entered_on.isoformat() == "2025-09-10"


# ------------------------------------------------------------------------------- on the screen


@pytest.mark.usefixtures("dairy")
def test_what_was_found_is_listed_where_a_column_is_missing(tmp_path: Path) -> None:
    path = workbook(tmp_path, Notes=[["x"]], Lots=[["Titre"], ["N° lot", "Produit", "Qantité"]])
    ran = run("import", "lots", str(path), "--sheet", "lots")
    output = one_line(ran.err)
    assert ran.code == 2
    assert "feuille Lots, ligne 2" in output
    assert "« Qantité » ? Nommez-la « quantite »" in output
    assert "Colonnes trouvées : « N° lot », « Produit », « Qantité »." in output


@pytest.mark.usefixtures("dairy")
def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    milk = [MILK[0], "LAIT", "F001", "20/11/2026", MILK[4]]
    rows = [["Réceptions"], HEADER, milk, ["Total", "", "", "", "12,5"]]
    path = workbook(tmp_path, Notes=[["à faire"]], Lots=rows)
    ran = run("import", "lots", str(path))
    output = one_line(ran.err)
    assert ran.code == 0
    assert "ligne 2" in output
    assert "La feuille Lots est lue. Celles-ci ne le sont pas : Notes." in output
    assert "Laissées de côté, comme lignes de total : 4." in output
    again = asked("import", "lots", str(path))
    assert again["left_aside"] == [{"row": 4, "why": "total"}]
    assert (again["rows"], again["unchanged"]) == (1, 1)


@pytest.mark.usefixtures("dairy")
@pytest.mark.parametrize("words", [("--sheet", "Mars"), ()])
def test_sheets_are_named_in_the_refusal(tmp_path: Path, words: tuple[str, ...]) -> None:
    path = workbook(tmp_path, Janvier=[HEADER, MILK], Février=[HEADER, MORE])
    ran = run("import", "lots", str(path), *words)
    assert ran.code == 3
    assert "Janvier, Février" in one_line(ran.err)
