"""From a state to the rows that show it.

A projection is a function of the state alone, so rows written as events come and rows rebuilt from
the stream cannot differ. Only the rows that changed are stored.
"""

from collections.abc import Callable, Iterator
from typing import Any

from manchengo.application.views.billing import credit_note, invoice, payment
from manchengo.application.views.lots import lines, lot
from manchengo.application.views.orders import delivery, production_order, sales_order
from manchengo.application.views.registers import (
    client,
    device,
    import_batch,
    price_list,
    product,
    recipe,
    supplier,
    user,
)
from manchengo.application.views.resolution import item
from manchengo.domain.lot.state import Lot
from manchengo.domain.price_list import PriceList
from manchengo.ports.rows import Row

ROWS: dict[str, Callable[[Any], Iterator[Row]]] = {
    "supplier": supplier,
    "client": client,
    "product": product,
    "price_list": price_list,
    "recipe": recipe,
    "lot": lot,
    "production_order": production_order,
    "sales_order": sales_order,
    "delivery": delivery,
    "invoice": invoice,
    "credit_note": credit_note,
    "payment": payment,
    "user": user,
    "device": device,
    "plant": lambda _plant: iter(()),  # nothing of it is looked up in a list
    "plant_details": lambda _details: iter(()),  # papers fold it
    "audit": lambda _anchored: iter(()),  # only a verification looks for heads
    "import": import_batch,
    "resolution": item,
}


def rows(aggregate: str, state: object | None) -> list[Row]:
    """Every row that shows this aggregate; none when nothing stands."""
    return [] if state is None else list(ROWS[aggregate](state))


def changes(
    aggregate: str, before: object | None, after: object | None
) -> tuple[list[Row], list[Row]]:
    """The rows to drop, and the rows to write then, for what happened between two states."""
    if (
        isinstance(before, Lot)
        and isinstance(after, Lot)
        and before.corrections is after.corrections
    ):
        # Whatever else happens to a lot shows in its own row, so only its lines are compared.
        return difference(list(lines(before, since=after)), list(lot(after, since=before)))
    if isinstance(before, PriceList) and isinstance(after, PriceList):
        return difference(
            list(price_list(before, since=after)), list(price_list(after, since=before))
        )
    return difference(rows(aggregate, before), rows(aggregate, after))


def difference(before: list[Row], after: list[Row]) -> tuple[list[Row], list[Row]]:
    """The rows to drop, and the rows to write then. A row whose ``FIXED`` columns changed is
    dropped and written anew.
    """
    if not before:
        return [], after
    old = {(type(row), row.key()): row for row in before}
    gone: list[Row] = []
    changed: list[Row] = []
    for row in after:
        was = old.pop((type(row), row.key()), None)
        if was == row:
            continue
        changed.append(row)
        if was is not None and any(getattr(was, name) != getattr(row, name) for name in row.FIXED):
            gone.append(was)
    return [*gone, *old.values()], changed
