"""Of a bad office's files each row meets the fate written down for it: no more, and no less."""

from decimal import Decimal
from pathlib import Path

import pytest

from manchengo.ports.rows import RawLotRow, SalesOrderLineRow, SalesOrderRow
from tests.support.awful_files import SPECS, Expected, awful_file
from tests.support.importing import PRODUCTS, RECIPES, SUPPLIERS, ImportHarness, reader_of

SEEDS = 12
ROWS_AT_LEAST = 1_000
"""Over all the files of this page."""

BEFORE = {
    "suppliers": SUPPLIERS,
    "clients": "code;nom\nC1;Épicerie Ziani\n",
    "products": PRODUCTS,
    "recipes": RECIPES,
    "lots": (
        "lot;produit;fournisseur;date_reception;date_peremption;quantite\n"
        "AVANT-1;LAIT;F1;01/01/2026;31/12/2027;9000,5\nAVANT-2;SEL;F1;01/01/2026;;900,5\n"
    ),
    "production": (
        "numero;date;produit;quantite_prevue;quantite_obtenue\nAVANT;02/01/2026;TOMME;60,5;60,5\n"
    ),
    "sales": "numero;date;client;produit;quantite\n"
    + "".join(f"CV-{n};03/01/2026;C1;TOMME;1\n" for n in range(1, 15)),
}
"""What the rows name."""


def harness_for(kind: str, folder: Path) -> ImportHarness:
    harness = ImportHarness(folder=folder)
    for earlier, text in BEFORE.items():
        if earlier == kind and kind in {"recipes", "sales"}:
            break
        harness.took(earlier, text)
    return harness


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("kind", SPECS)
def test_each_row_of_an_awful_file_meets_its_fate(kind: str, seed: int, tmp_path: Path) -> None:
    harness = harness_for(kind, tmp_path)
    expected = awful_file(kind, seed, tmp_path)
    took = harness.takes(kind, expected.path)
    assert {row: (column, rule) for row, column, rule in took.at_fault} == expected.refused
    assert took.counts == (expected.accepted, expected.unchanged, len(expected.refused))
    assert set(reader_of(kind, expected.path).left_aside) == expected.aside
    assert_recorded(harness, kind, expected)
    again = harness.takes(kind, expected.path)
    assert again.outcome.accepted == 0
    assert {row: (column, rule) for row, column, rule in again.at_fault} == expected.refused


def assert_recorded(harness: ImportHarness, kind: str, expected: Expected) -> None:
    """What came in is what was meant, to the gram and to the day."""
    with harness.store.reading() as snapshot:
        if kind == "lots":
            assert {
                (row.code, row.quantity_initial, row.entered_on, row.unit_price)
                for row in snapshot.rows(RawLotRow)
                if not row.code.startswith("AVANT")
            } == {
                (
                    *(each["lot"], thousandths(each["quantite"]), each["date_reception"]),
                    thousandths(each["prix_unitaire"]) // 10,
                )
                for each in expected.good
            }
        if kind == "sales":
            orders = {row.id: row.code for row in snapshot.rows(SalesOrderRow)}
            assert sorted(
                (orders[row.order_id], row.quantity, row.unit_price)
                for row in snapshot.rows(SalesOrderLineRow)
            ) == sorted(
                (
                    *(str(each["numero"]), thousandths(each["quantite"])),
                    thousandths(each["prix_unitaire"]) // 10,
                )
                for each in expected.good
            )


def thousandths(value: object) -> int:
    assert isinstance(value, Decimal)
    return int(value * 1_000)


def test_the_files_are_awful_in_many_ways(tmp_path: Path) -> None:
    """The generator does what it is for: every kind, every fault it knows of, many rows."""
    files = [awful_file(kind, seed, tmp_path) for kind in SPECS for seed in range(SEEDS)]
    rows = sum(
        each.accepted + each.unchanged + len(each.refused) + len(each.aside) for each in files
    )
    rules = {rule for each in files for _column, rule in each.refused.values()}
    assert rows > ROWS_AT_LEAST
    assert {each.path.suffix for each in files} == {".csv", ".xlsx"}
    assert rules >= {"not_a_number", "formula", "blank", "unknown", "with_the_others", "negative"}
    assert any(each.aside for each in files)
