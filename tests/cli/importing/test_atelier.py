"""An office's own files, imported in its own order, come to what somebody else reckoned by hand."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from manchengo_cli.database import opened
from manchengo_cli.session import Session
from tests.cli.running import done, run
from tests.support.importing import (
    IN_ORDER,
    SAMPLE,
    WHOLE_YEAR,
    ImportHarness,
    expected,
    judged_on,
    rows,
    stock_of,
    traces_of,
)
from tests.support.naive_fifo import Office
from tests.support.stores import STORES

QUANTITIES = {"quantite", "prix_unitaire"}
DAYS = {"date_reception", "date_peremption"}


@pytest.fixture(params=STORES)
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ImportHarness]:
    with STORES[request.param]() as store:
        yield ImportHarness(folder=tmp_path, store=store)


@pytest.fixture
def full_harness(harness: ImportHarness) -> ImportHarness:
    """The dairy after the whole folder went in."""
    refused = []
    for kind, name in IN_ORDER.items():
        took = harness.takes(kind, SAMPLE / f"{name}.csv")
        refused += [(kind, each) for each in took.refusals]
    orders = rows(SAMPLE, "production")
    assert [
        (kind, orders[each.row - 2]["numero"], each.column, each.rule) for kind, each in refused
    ] == [
        ("production", number, "quantite_prevue", "not_enough_materials")
        for number, _ in expected(SAMPLE, "refus")
    ]
    for (_, refusal), (_, missing) in zip(refused, expected(SAMPLE, "refus"), strict=True):
        assert all(f"{product} (" in refusal.message for product in missing.split())
    return harness


def test_the_stock_the_refusals_and_the_clients_reached_are_those_expected(
    full_harness: ImportHarness,
) -> None:
    dairy = full_harness.dairy
    assert stock_of(dairy, judged_on(SAMPLE)) == set(expected(SAMPLE, "stock"))
    traced = expected(SAMPLE, "tracabilite")
    assert traces_of(dairy, {line[0] for line in traced}) == sorted(traced)
    assert dairy.verify().sound


def test_the_whole_folder_again_changes_nothing(full_harness: ImportHarness) -> None:
    before = full_harness.head()
    for kind, name in IN_ORDER.items():
        again = full_harness.takes(kind, SAMPLE / f"{name}.csv")
        assert (again.outcome.accepted, again.outcome.import_id) == (0, None)
        assert again.outcome.unchanged == len(lines(name)) - len(again.refusals)
    assert full_harness.head() == before


def test_the_same_lots_as_a_workbook_with_true_dates_and_numbers_change_nothing(
    full_harness: ImportHarness,
) -> None:
    before = full_harness.head()
    book = workbook(full_harness.folder / "lots_mp.xlsx")
    assert full_harness.takes("lots", book).counts == (0, len(lines("lots_mp")), 0)
    assert full_harness.head() == before


def test_of_the_dirty_file_each_row_meets_its_expected_fate(full_harness: ImportHarness) -> None:
    took = full_harness.takes("lots", SAMPLE / "lots_mp_sale.csv")
    verdicts = expected(SAMPLE, "lots_mp_sale")
    assert [(str(each.row), each.column) for each in took.refusals] == [
        (row, column) for row, verdict, column in verdicts if verdict == "refus"
    ]
    fates = [verdict for _, verdict, _ in verdicts]
    assert took.counts == tuple(map(fates.count, ("accepte", "sans effet", "refus")))


def test_the_cut_is_consistent_with_the_naive_reckoning() -> None:
    office = Office(SAMPLE)
    assert list(office.stock(judged_on(SAMPLE))) == expected(SAMPLE, "stock")
    assert not office.refused_sales


# ------------------------------------------------------ through the program, on an encrypted file


@pytest.fixture
def encrypted(monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "fromage affiné")
    done("init", "--admin", "amina")
    return Session()


@pytest.mark.parametrize(
    "folder",
    [
        SAMPLE,
        pytest.param(
            WHOLE_YEAR,
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not WHOLE_YEAR.exists(), reason="no ../shared/data here"),
            ],
        ),
    ],
    ids=["three weeks", "a year"],
)
def test_the_program_imports_the_folder_into_an_encrypted_file(
    folder: Path, tmp_path: Path, encrypted: Session
) -> None:
    for kind, name in IN_ORDER.items():
        ran = run("import", kind, str(copied(folder, name, tmp_path)), "--json")
        assert ran.code == (1 if kind == "production" else 0), ran.err
        if kind == "production":
            orders = rows(folder, "production")
            refused = [orders[each["row"] - 2]["numero"] for each in ran.shape["errors"]]
            assert refused == [number for number, _ in expected(folder, "refus")]
    dirty = run(
        "import", "lots", str(copied(folder, "lots_mp_sale", tmp_path)), "--json", "--dry-run"
    )
    assert [(str(each["row"]), each["column"]) for each in dirty.shape["errors"]] == [
        (row, column)
        for row, verdict, column in expected(folder, "lots_mp_sale")
        if verdict == "refus"
    ]
    with opened(encrypted) as workplace:
        dairy = workplace.dairy
        assert stock_of(dairy, judged_on(folder)) == set(expected(folder, "stock"))
        traced = expected(folder, "tracabilite")
        assert traces_of(dairy, {line[0] for line in traced}) == sorted(traced)
    assert b"MP-00001" not in (tmp_path / "atelier.db").read_bytes()


@pytest.mark.skipif(not WHOLE_YEAR.exists(), reason="no ../shared/data here")
def test_the_naive_reckoning_gives_the_figures_that_came_with_the_year() -> None:
    office = Office(WHOLE_YEAR)
    assert list(office.stock(judged_on(WHOLE_YEAR))) == expected(WHOLE_YEAR, "stock")
    refused = [(number, " ".join(missing)) for number, missing in office.refused]
    assert refused == expected(WHOLE_YEAR, "refus")
    traced = expected(WHOLE_YEAR, "tracabilite")
    assert sorted(office.traces({line[0] for line in traced})) == sorted(traced)


@pytest.mark.skipif(not WHOLE_YEAR.exists(), reason="no ../shared/data here")
def test_the_workbook_of_the_year_changes_nothing_after_its_csv(tmp_path: Path) -> None:
    harness = ImportHarness(folder=tmp_path)
    for kind in ("suppliers", "products", "lots"):
        harness.took(kind, WHOLE_YEAR / f"{IN_ORDER[kind]}.csv")
    before = harness.head()
    took = harness.takes("lots", WHOLE_YEAR / "lots_mp.xlsx")
    assert (took.outcome.accepted, took.outcome.refused) == (0, 0)
    assert harness.head() == before


def copied(folder: Path, name: str, to: Path) -> Path:
    """Where error files may be written beside it."""
    return Path(shutil.copy(folder / f"{name}.csv", to))


def lines(name: str) -> list[str]:
    return (SAMPLE / f"{name}.csv").read_text(encoding="latin-1").splitlines()[1:]


def workbook(path: Path) -> Path:
    """The sample's lots, their days and figures as a spreadsheet holds them."""
    book = openpyxl.Workbook()
    sheet = book.active
    table = rows(SAMPLE, "lots_mp")
    sheet.append(list(table[0]))
    for row in table:
        sheet.append([typed(name, text) for name, text in row.items()])
    book.save(path)
    return path


def typed(column: str, text: str) -> object:
    if not text:
        return None
    if column in DAYS:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))
    return float(text.replace(",", ".")) if column in QUANTITIES else text
