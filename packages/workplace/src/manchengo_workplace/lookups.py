"""From the codes that people type to what is recorded under them."""

from uuid import UUID

from manchengo.application.by_code import coded, lot, lots_labelled, product, recipe
from manchengo.application.by_id import lot_of, product_of
from manchengo.application.genealogy import AnyLot
from manchengo.application.people import user_named
from manchengo.domain.errors import Ambiguous, Unknown
from manchengo.domain.names import comparison_key
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    DeliveryRow,
    InvoiceRow,
    ProductionOrderRow,
    ProductRow,
    SalesOrderRow,
    UserRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.measures import Measure

__all__ = [
    "Causes",
    "coded",
    "invoice",
    "lot",
    "lot_of",
    "lot_quantity",
    "lots_labelled",
    "product",
    "product_of",
    "quantity",
    "recipe",
    "user",
]


def user(snapshot: Snapshot, name: str) -> UserRow:
    """However the name is typed; ``Unknown``, ``Ambiguous``."""
    return user_named(snapshot, name)


def invoice(snapshot: Snapshot, number: str) -> InvoiceRow:
    """The invoice of that number, however it is typed; ``Unknown``, ``Ambiguous``."""
    found = list(snapshot.rows(InvoiceRow, number_key=comparison_key(number)))
    if not found:
        raise Unknown(kind="invoice", reference=number)
    if len(found) > 1:
        several = ", ".join(f"{row.number} ({row.id})" for row in found)
        raise Ambiguous(kind="invoice", reference=number, found=several)
    return found[0]


def quantity(measure: Measure, product: ProductRow) -> Quantity:
    """The amount in the unit that was typed, else in the product's."""
    return Quantity(measure.thousandths, Unit(measure.unit or product.unit))


def lot_quantity(measure: Measure, row: AnyLot) -> Quantity:
    """The amount in the unit that was typed, else in the lot's."""
    return Quantity(measure.thousandths, Unit(measure.unit or row.unit))


class Causes:
    """The codes of the orders and deliveries behind movements, each looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[UUID, str] = {}

    def code(self, cause: UUID | None) -> str:
        """The code of an order or delivery; empty for no cause, or one that is not there."""
        if cause is None:
            return ""
        if cause not in self._known:
            row = (
                self._snapshot.get(ProductionOrderRow, cause)
                or self._snapshot.get(DeliveryRow, cause)
                or self._snapshot.get(SalesOrderRow, cause)
            )
            self._known[cause] = row.code if row else ""
        return self._known[cause]
