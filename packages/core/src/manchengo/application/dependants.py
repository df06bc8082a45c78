"""What depends on what: nothing that stands may be left pointing at what an undoing takes back.

Whatever an undone entry began is gone afterwards, so nobody may name it. What it only took a step
further goes a step back: then nobody may rest on the step.
"""

from collections.abc import Container, Iterator
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import INVOICE
from manchengo.domain.delivery import GONE, Delivery, DeliveryStatus
from manchengo.domain.invoice import Draft
from manchengo.domain.recipe import Recipe
from manchengo.domain.sales_order import OrderStatus, SalesOrder
from manchengo.ports.rows import (
    CreditNoteRow,
    DeliveryLineRow,
    DeliveryRow,
    DeviceRow,
    FinishedLotRow,
    InvoiceLineRow,
    InvoiceRow,
    ListPriceRow,
    PaymentAllocationRow,
    PaymentRow,
    ProductionOrderRow,
    RawLotRow,
    RecipeIngredientRow,
    RecipeRow,
    Row,
    SalesOrderLineRow,
    SalesOrderRow,
)

MENTIONS: dict[str, tuple[tuple[type[Row], str], ...]] = {
    "supplier": ((RawLotRow, "supplier_id"),),
    "client": (
        (SalesOrderRow, "client_id"),
        (InvoiceRow, "client_id"),
        (PaymentRow, "client_id"),
    ),
    "product": (
        (RawLotRow, "product_id"),
        (FinishedLotRow, "product_id"),
        (ListPriceRow, "product_id"),
        (RecipeRow, "product_id"),
        (RecipeIngredientRow, "product_id"),
        (SalesOrderLineRow, "product_id"),
        (InvoiceLineRow, "product_id"),
    ),
    "recipe": ((ProductionOrderRow, "recipe_id"),),
    "lot": ((DeliveryLineRow, "lot_id"),),
    "production_order": ((FinishedLotRow, "order_id"),),
    "sales_order": ((DeliveryRow, "order_id"),),
    "invoice": ((CreditNoteRow, "invoice_id"), (PaymentAllocationRow, "invoice_id")),
    "user": ((DeviceRow, "user_id"),),
}
"""Who names an aggregate from outside its own stream, and would be left pointing at nothing. Not
every one of these columns is indexed: undoing an import is rare, and may look through a table.
"""


@frozen
class Undone:
    """An aggregate as it was, and as it is without the entries; None where nothing is left."""

    kind: str
    id: UUID
    before: Any
    after: Any


Dependant = tuple[str, UUID]
"""What something that stands is, and which."""


def dependant_of(work: UnitOfWork, undone: Undone, besides: Container[UUID]) -> Dependant | None:
    """The first thing, if any, that names what is gone, or rests on the step that was undone.

    ``besides``: what is gone with it.
    """
    return next(
        (each for each in _dependants(work, undone, besides) if each[1] not in besides), None
    )


def _dependants(work: UnitOfWork, undone: Undone, besides: Container[UUID]) -> Iterator[Dependant]:
    if undone.before is None:
        return
    if undone.after is None:
        yield from _mentions(work, undone)
        yield from _bills(work, undone, besides)
    match undone.after:
        case SalesOrder(status=OrderStatus.PLACED):
            for delivery in work.snapshot.rows(DeliveryRow, order_id=undone.id):
                if delivery.status != DeliveryStatus.CANCELLED:
                    yield "delivery", delivery.id
        case Recipe():
            for order in work.snapshot.rows(ProductionOrderRow, recipe_id=undone.id):
                if order.recipe_version > len(undone.after.versions):
                    yield "production_order", order.id
        case Draft():
            yield from _mentions(work, undone)
        case Delivery() if undone.before.status in GONE and undone.after.status not in GONE:
            yield from _bills(work, undone, besides)


def _mentions(work: UnitOfWork, undone: Undone) -> Iterator[Dependant]:
    for rows, column in MENTIONS.get(undone.kind, ()):
        mention: dict[str, Any] = {column: undone.id}
        for row in work.snapshot.rows(rows, **mention):
            aggregate_id = row.key()[0]
            assert isinstance(aggregate_id, UUID), "the key of a row begins with its aggregate"
            yield rows.AGGREGATE, aggregate_id


def _bills(work: UnitOfWork, undone: Undone, besides: Container[UUID]) -> Iterator[Dependant]:
    """The invoices of its client that name the delivery."""
    if not isinstance(undone.before, Delivery):
        return
    for row in work.snapshot.rows(InvoiceRow, client_id=undone.before.client_id):
        if row.id not in besides and undone.id in work.load(INVOICE, row.id).delivery_ids:
            yield "invoice", row.id
