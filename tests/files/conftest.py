"""Harnesses that import files: with registers alone, with cheese to sell, with materials."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from manchengo import SystemClock
from tests.support.importing import PRODUCTS, RECIPES, SUPPLIERS, ImportHarness
from tests.support.stores import STORES


@pytest.fixture(autouse=True)
def same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the machine runs the tests decides nothing."""
    monkeypatch.setattr(SystemClock, "today", lambda _: date(2026, 11, 24))


@pytest.fixture(params=STORES)
def harness(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ImportHarness]:
    """With suppliers and products."""
    with STORES[request.param]() as store:
        harness = ImportHarness(folder=tmp_path, store=store)
        harness.took("suppliers", SUPPLIERS)
        harness.took("products", PRODUCTS)
        yield harness


@pytest.fixture
def selling(harness: ImportHarness) -> ImportHarness:
    """With ten kilograms of tomme in stock, and a client."""
    harness.took("recipes", RECIPES)
    harness.took(
        "lots",
        "lot;produit;fournisseur;date_reception;quantite\n"
        "L1;LAIT;F1;05/01/2026;100\nS1;SEL;F1;05/01/2026;1\n",
    )
    harness.took(
        "production",
        "numero;date;produit;quantite_prevue;quantite_obtenue\nOF-1;05/01/2026;TOMME;10;10\n",
    )
    harness.took("clients", "code;nom\nC1;Épicerie Ziani\n")
    return harness


@pytest.fixture
def small(tmp_path: Path) -> ImportHarness:
    """With registers, a recipe, and materials for one make; in memory."""
    harness = ImportHarness(folder=tmp_path)
    harness.took("suppliers", SUPPLIERS)
    harness.took("clients", "code;nom\nC1;Épicerie Ziani\n")
    harness.took("products", PRODUCTS)
    harness.took("recipes", RECIPES)
    harness.took(
        "lots",
        "lot;produit;fournisseur;date_reception;quantite\n"
        "L1;LAIT;F1;05/01/2026;200\nS1;SEL;F1;05/01/2026;0,3\n",
    )
    return harness
