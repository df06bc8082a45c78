"""Whatever a file holds, an import says what is wrong with it: no crash, no half-written batch, and
nothing handed back that a spreadsheet would run.
"""

import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from manchengo_files.error_file import ErrorFile, Fault
from manchengo_files.importer import Outcome
from manchengo_files.inspection import readable
from manchengo_files.rows import BLANK, SourceRow
from tests.cli.running import done, run
from tests.faults.office import bring_in
from tests.support.campaigns import examples
from tests.support.importing import PRODUCTS, RECIPES, SUPPLIERS, ImportHarness
from tests.support.signed_in import bring_people

CLIENTS = "code;nom\nC1;Épicerie Ziani\n"
LOTS = """\
lot;produit;fournisseur;date_reception;date_peremption;quantite;prix_unitaire
L1;LAIT;F1;05/01/2026;09/01/2026;471,72;62
L2;LAIT;F2;06/01/2026;;1 250,5;62
S1;SEL;F1;05/01/2026;;12,5;38
"""
PRODUCTION = """\
numero;date;produit;quantite_prevue;quantite_obtenue
OF-1;07/01/2026;TOMME;10;9,75
OF-2;07/01/2026;TOMME;20;20
"""
SALES = """\
numero;date;client;produit;quantite;prix_unitaire
CC-1;08/01/2026;C1;TOMME;5;1200
"""
DELIVERIES = "numero;date;commande\nBL-1;08/01/2026;CC-1\n"

A_FOLDER = {
    "suppliers": SUPPLIERS,
    "clients": CLIENTS,
    "products": PRODUCTS,
    "recipes": RECIPES,
    "lots": LOTS,
    "production": PRODUCTION,
    "sales": SALES,
    "deliveries": DELIVERIES,
}
"""One small file of each kind, in the order in which they can come in."""


def harness_before(kind: str, folder: Path) -> ImportHarness:
    """A dairy into which every file that comes before that kind was imported."""
    harness = ImportHarness(folder=folder)
    for earlier, text in A_FOLDER.items():
        if earlier == kind:
            break
        harness.took(earlier, text)
    return harness


def took(harness: ImportHarness, kind: str, file: Path) -> tuple[Outcome, Path | None] | None:
    return bring_in(harness.dairy, kind, file, actor=harness.actor, ids=harness.ids)


def nothing_runs(path: Path | None) -> bool:
    """Whether every cell of a CSV is text or a number to a spreadsheet."""
    if path is None:
        return True
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return not any(
            is_a_formula(cell) for row in csv.reader(lines, delimiter=";") for cell in row
        )


def is_a_formula(cell: str) -> bool:
    shown = cell.strip()
    if not shown or (cell[0] not in "\t\r\n" and shown[0] not in "=+-@＝＋－＠"):
        return False
    plain = shown.lstrip("+-").replace(",", ".").replace("'", "").replace(" ", "")
    return not all(sign.isdigit() or sign in ".\u00a0\u202f" for sign in plain) or not plain


def whole(harness: ImportHarness) -> bool:
    return harness.dairy.verify().sound and all(
        row.status == "finished" for row in harness.imports()
    )


# ---------------------------------------------------------------- a file gone wrong

SPICES = [
    *(b"=1+1", b"=cmd|' /C calc'!A0", b"@SUM(A1)", b"+33", b"-2+3", b"\t=1", b"'=1", b" =1", b"-"),
    *(b"\x00", b'"', b'""', b";", b"\n", b"\r\n", b"\r", b"\x1a", b"\xef\xbb\xbf", b"\xff\xfe"),
    *(b"\xe9", "é".encode(), "٣".encode(), "１".encode(), "\u202f".encode(), "\u2028".encode()),
    *(b"9" * 30, b"1e309", b"NaN", b"-0", b"0,0001", b"1,5", b"31/02/2026", b"01/01/0001"),
    *(b"31/12/9999", b"1/1/26", b"#N/A", b"L1", b"LAIT", b"F1", b"C1", b"TOMME", b"kg", b"piece"),
    *(b"x" * 40_000, b"ligne_source", b"code", b"lot"),
]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "cp850"]


@st.composite
def gone_wrong(draw: st.DrawFn, kind: str) -> bytes:
    """A real file after a bad day: cut, doubled, seasoned, in any encoding; or noise altogether."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300))
    content = A_FOLDER[kind].encode(draw(st.sampled_from(ENCODINGS)))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 12))
        piece = draw(
            st.one_of(
                st.sampled_from(SPICES),
                st.binary(max_size=4),
                st.just(content[start : start + length * 3]),
            )
        )
        content = content[:start] + piece + content[start + length :]
    return content


@examples(25, campaign=150)
@given(data=st.data())
@pytest.mark.parametrize("kind", A_FOLDER)
def test_a_file_gone_wrong_is_refused_or_taken_row_by_row_and_never_half(
    kind: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp(kind)
    harness = harness_before(kind, folder)
    before = harness.head()
    file = folder / "bureau.csv"
    file.write_bytes(data.draw(gone_wrong(kind)))
    came = took(harness, kind, file)
    assert whole(harness)
    if came is None:
        assert harness.head() == before
        return
    outcome, errors = came
    assert nothing_runs(errors)
    assert (harness.head() == before) == (outcome.accepted == 0)
    # What came in came in: the same file again brings none of it twice.
    again = took(harness, kind, file)
    assert again is not None
    assert again[0].unchanged >= outcome.accepted + outcome.unchanged
    assert whole(harness)


@examples(20, campaign=60)
@given(data=st.data())
def test_a_damaged_workbook_is_refused_or_taken_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, workbook: bytes, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("workbook")
    harness = harness_before("lots", folder)
    content = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(len(content) // 2, len(content) * 3))
    file = folder / "bureau.xlsx"
    file.write_bytes(bytes(content[:end]))
    came = took(harness, "lots", file)
    assert whole(harness)
    assert came is None or nothing_runs(came[1])


@pytest.fixture(scope="module")
def workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in LOTS.splitlines():
        sheet.append(line.split(";"))
    sheet["F2"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@examples(10, campaign=30)
@given(data=st.data())
def test_the_command_itself_ends_with_a_sentence_whatever_the_file(
    tmp_path_factory: pytest.TempPathFactory, an_office: Path, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(list(A_FOLDER)))
    folder = tmp_path_factory.mktemp("command")
    db = Path(shutil.copyfile(an_office, folder / "atelier.db"))
    bring_people(an_office, db)
    file = folder / data.draw(st.sampled_from(["bureau.csv", "bureau.xlsx", "été 2026.txt"]))
    file.write_bytes(data.draw(gone_wrong(kind)))
    ran = run("import", kind, str(file), "--db", str(db), "--json")
    assert ran.code in (0, 1, 2, 3)
    if ran.code <= 1:
        answer = ran.shape
        assert (ran.code == 1) == (answer["refused"] > 0)
        assert (answer["error_file"] is None) == (answer["refused"] == 0)
    else:
        assert "MANCHENGO_DEBUG" not in ran.fault["message"]
    assert run("verify", "--db", str(db)).code == 0


@pytest.fixture(scope="module")
def an_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database, in clear for once, where a file of each kind has come in."""
    folder = tmp_path_factory.mktemp("office")
    done("init", "--admin", "amina", "--clear", "--db", str(folder / "atelier.db"))
    for kind, text in A_FOLDER.items():
        (folder / "bureau.csv").write_text(text, "utf-8")
        done("import", kind, str(folder / "bureau.csv"), "--db", str(folder / "atelier.db"))
    return folder / "atelier.db"


# ---------------------------------------------------------------- what is handed back

RISKS = st.sampled_from(
    ["=", "+", "-", "@", "\t", "\r", "\n", "'", "''", " ", "\u00a0", "＝", ";", '"']
)
CELLS = st.builds(
    "".join, st.lists(RISKS | st.sampled_from(["1", "A1", "cmd|", "12,5"]), max_size=5)
)


@example(cells=['=HYPERLINK("http://x")'], header="=1+1", beyond="@x")
@given(cells=st.lists(CELLS, min_size=1, max_size=4), header=CELLS, beyond=CELLS)
def test_no_cell_of_an_error_file_is_a_formula_and_each_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], header: str, beyond: str
) -> None:
    folder = tmp_path_factory.mktemp("errors")
    names = (f"{header}a".strip(BLANK), "b")  # as a header is read
    rows = [SourceRow(number, (cell, "x", beyond)) for number, cell in enumerate(cells, 2)]
    with ErrorFile(folder / "lots.csv", names) as errors:
        for row in rows:
            fault = Fault(column=header, value=row.cells[0], rule=beyond, message=row.cells[0])
            errors.add(row, [fault])
    assert errors.path is not None
    assert nothing_runs(errors.path)
    sheet = readable(errors.path)
    assert sheet.header[:2] == names
    assert [row.cells[0] for row in sheet.rows()] == cells


def test_the_files_that_are_spoilt_here_are_good_ones(tmp_path: Path) -> None:
    harness = ImportHarness(folder=tmp_path)
    for kind, text in A_FOLDER.items():
        taken = took(harness, kind, harness.file(text))
        assert taken is not None
        assert taken[0].refused == 0
    assert whole(harness)
