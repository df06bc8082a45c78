"""Suppliers, clients, products, price lists, recipes, people and imports, as rows."""

from collections.abc import Callable, Iterator
from enum import Enum
from operator import attrgetter
from typing import Any

from attrs import fields

from manchengo.domain.access import User
from manchengo.domain.client import Client
from manchengo.domain.device import Device
from manchengo.domain.identity import Identity
from manchengo.domain.import_batch import ImportBatch
from manchengo.domain.price_list import PriceList
from manchengo.domain.product import Product, ProductKind
from manchengo.domain.recipe import Recipe
from manchengo.domain.supplier import Supplier
from manchengo.ports.rows import (
    FOLLOWING,
    ClientRow,
    DeviceRow,
    FinishedProductRow,
    ImportRow,
    ListPriceRow,
    PriceListRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    Row,
    SupplierRow,
    UserRow,
)

IDENTITY = {each.name for each in fields(Identity)}

WHERE_IN_STATE = {"price": "price.centimes", "price_per": "price.per"} | {
    name: f"identity.{name}" for name in IDENTITY
}
"""Where in the state a column is found that the state does not have under the same name."""

COLUMNS: dict[Any, tuple[tuple[str, Callable[[object], Any]], ...]] = {
    kind: tuple(
        (each.name, attrgetter(WHERE_IN_STATE.get(each.name, each.name)))
        for each in fields(kind)
        if each.name not in FOLLOWING
    )
    for kind in (SupplierRow, ClientRow, RawProductRow, FinishedProductRow, PriceListRow)
}
"""How each column of a register's row is read from the state."""


def supplier(state: Supplier) -> Iterator[Row]:
    """The row of a supplier."""
    yield _row(SupplierRow, state)


def client(state: Client) -> Iterator[Row]:
    """The row of a client."""
    yield _row(ClientRow, state)


def product(state: Product) -> Iterator[Row]:
    """The row of a product, raw or finished."""
    yield _row(RawProductRow if state.kind is ProductKind.RAW else FinishedProductRow, state)


def price_list(state: PriceList, *, since: PriceList | None = None) -> Iterator[Row]:
    """Its row, and one for each price; with ``since``, without the products whose prices both
    states share.
    """
    yield _row(PriceListRow, state)
    known = since.prices if since else {}
    for product_id, prices in state.prices.items():
        if prices is known.get(product_id):
            continue
        for from_day, price in prices:
            yield ListPriceRow(
                price_list_id=state.id,
                product_id=product_id,
                from_day=from_day,
                price=price.centimes,
                price_per=price.per,
            )


def _row(kind: type[Row], state: object) -> Row:
    return kind(**{name: _stored(read(state)) for name, read in COLUMNS[kind]})


def _stored(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def recipe(state: Recipe) -> Iterator[Row]:
    """The rows of a recipe and of its versions."""
    latest = state.versions[-1]
    yield RecipeRow(
        id=state.id,
        product_id=state.product_id,
        version=latest.version,
        batch=latest.batch.thousandths,
        unit=latest.batch.unit.value,
        expected_yield=latest.expected_yield.basis_points,
        valid_from=latest.valid_from,
        archived=state.archived,
    )
    for version in state.versions:
        going_in = [(part.product_id, part.quantity, False) for part in version.ingredients]
        coming_out = [(part.product_id, part.quantity, True) for part in version.by_products]
        for number, (product_id, quantity, by_product) in enumerate(going_in + coming_out, 1):
            yield RecipeIngredientRow(
                recipe_id=state.id,
                version=version.version,
                number=number,
                product_id=product_id,
                quantity=quantity.thousandths,
                unit=quantity.unit.value,
                by_product=by_product,
            )


def user(state: User) -> Iterator[Row]:
    """The row of a user."""
    yield UserRow(
        id=state.id,
        name=state.name,
        roles=" ".join(sorted(state.roles)),
        active=state.active,
    )


def device(state: Device) -> Iterator[Row]:
    """The row of a device."""
    yield DeviceRow(
        id=state.id,
        name=state.name,
        mark=state.mark,
        public_key=state.public_key,
        user_id=state.user_id,
        withdrawn=state.withdrawn,
    )


def import_batch(state: ImportBatch) -> Iterator[Row]:
    """The row of an import."""
    done = state.finished
    yield ImportRow(
        id=state.id,
        kind=state.kind.value,
        file_name=state.file_name,
        digest=state.digest,
        day=state.on,
        status=state.status,
        accepted=done.accepted if done else None,
        unchanged=done.unchanged if done else None,
        refused=done.refused if done else None,
        reason=state.undone or "",
    )
