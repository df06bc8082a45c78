"""Desks at which files are imported: with registers alone, with cheese to sell, with materials."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.importing import PRODUCTS, RECIPES, SUPPLIERS, RequestContext
from tests.support.stores import STORES


@pytest.fixture(params=STORES)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RequestContext]:
    """With suppliers and products."""
    with STORES[request.param]() as store:
        desk = RequestContext(folder=tmp_path, store=store)
        desk.took("suppliers", SUPPLIERS)
        desk.took("products", PRODUCTS)
        yield desk


@pytest.fixture
def selling(desk: RequestContext) -> RequestContext:
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
def small(tmp_path: Path) -> RequestContext:
    """With registers, a recipe, and materials for one make; in memory."""
    desk = RequestContext(folder=tmp_path)
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
