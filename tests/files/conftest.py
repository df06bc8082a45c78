"""Desks at which files are imported: with registers alone, with cheese to sell, with materials."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from manchengo import SystemClock
from tests.support.importing import PRODUCTS, RECIPES, SUPPLIERS, ImportDesk
from tests.support.stores import STORES


@pytest.fixture(autouse=True)
def same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which the machine runs the tests decides nothing."""
    monkeypatch.setattr(SystemClock, "today", lambda _: date(2026, 11, 24))


@pytest.fixture(params=STORES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ImportDesk]:
    """With suppliers and products."""
    with STORES[request.param]() as store:
        desk = ImportDesk(folder=tmp_path, store=store)
        desk.took("suppliers", SUPPLIERS)
        desk.took("products", PRODUCTS)
        yield desk


@pytest.fixture
def selling(desk: ImportDesk) -> ImportDesk:
    """With ten kilograms of tomme in stock, and a client."""
    desk.took("recipes", RECIPES)
    desk.took(
        "lots",
        "lot;produit;fournisseur;date_reception;quantite\n"
        "L1;LAIT;F1;05/01/2026;100\nS1;SEL;F1;05/01/2026;1\n",
    )
    desk.took(
        "production",
        "numero;date;produit;quantite_prevue;quantite_obtenue\nOF-1;05/01/2026;TOMME;10;10\n",
    )
    desk.took("clients", "code;nom\nC1;Épicerie Ziani\n")
    return desk


@pytest.fixture
def small(tmp_path: Path) -> ImportDesk:
    """With registers, a recipe, and materials for one make; in memory."""
    desk = ImportDesk(folder=tmp_path)
    desk.took("suppliers", SUPPLIERS)
    desk.took("clients", "code;nom\nC1;Épicerie Ziani\n")
    desk.took("products", PRODUCTS)
    desk.took("recipes", RECIPES)
    desk.took(
        "lots",
        "lot;produit;fournisseur;date_reception;quantite\n"
        "L1;LAIT;F1;05/01/2026;200\nS1;SEL;F1;05/01/2026;0,3\n",
    )
    return desk
