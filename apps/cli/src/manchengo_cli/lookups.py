"""From the codes that people type to what is recorded under them."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from manchengo.application.genealogy import AnyLot, TracedLot, lots_of_code
from manchengo.application.marks import own_mark
from manchengo.application.people import user_named
from manchengo.domain.errors import Ambiguous, Unknown
from manchengo.domain.names import is_same_name
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    ClaimRow,
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    ProductionOrderRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
    RecipeRow,
    Row,
    SalesOrderRow,
    SupplierRow,
    UserRow,
)
from manchengo.ports.store import Snapshot
from manchengo_cli.parameters import Measure

R = TypeVar("R", bound=Row)

CODED = {
    SupplierRow: "supplier",
    ClientRow: "client",
    ProductionOrderRow: "production_order",
    SalesOrderRow: "sales_order",
    DeliveryRow: "delivery",
}


SHORT = (SupplierRow, ClientRow, RawProductRow, FinishedProductRow)
"""The registers that are short enough to be looked through for a code in another spelling."""


def coded(snapshot: Snapshot, kind: type[R], code: str) -> R:
    """The row of that code, in whatever case it is typed; ``Unknown`` when there is none."""
    row: R = _found(snapshot, CODED[kind], code, kind)
    return row


def product(snapshot: Snapshot, code: str) -> ProductRow:
    row: ProductRow = _found(snapshot, "product", code, RawProductRow, FinishedProductRow)
    return row


def _found(snapshot: Snapshot, what: str, code: str, *kinds: type[Any]) -> Any:
    """The row that bears the code; else the only one whose code is read alike."""
    for spelling in dict.fromkeys((code, code.strip().upper())):
        for kind in kinds:
            row = next(snapshot.rows(kind, code=spelling, limit=1), None)
            if row is not None:
                return row
    alike = [
        row
        for kind in kinds
        if kind in SHORT
        for row in snapshot.rows(kind)
        if is_same_name(row.code, code)
    ]
    if not alike:
        raise Unknown(kind=what, reference=code)
    if len(alike) > 1:
        found = ", ".join(sorted(row.code for row in alike))
        raise Ambiguous(kind=what, reference=code, found=found)
    return alike[0]


def product_of(snapshot: Snapshot, product_id: UUID) -> ProductRow:
    row = snapshot.get(RawProductRow, product_id) or snapshot.get(FinishedProductRow, product_id)
    assert row is not None, "what is recorded of a product has its product"
    return row


def lot(snapshot: Snapshot, code: str) -> AnyLot:
    row: AnyLot = _found(snapshot, "lot", code, RawLotRow, FinishedLotRow)
    return row


def lots_labelled(snapshot: Snapshot, code: str) -> list[TracedLot]:
    """The lots that bear this code, the one in the books first; then those only claimed."""
    found = lots_of_code(snapshot, code) or lots_of_code(snapshot, code.strip().upper())
    if not found:
        raise Unknown(kind="lot", reference=code)
    return found


def lot_of(snapshot: Snapshot, lot_id: UUID) -> AnyLot:
    row = snapshot.get(RawLotRow, lot_id) or snapshot.get(FinishedLotRow, lot_id)
    assert row is not None, "what is recorded of a lot has its lot"
    return row


def recipe(snapshot: Snapshot, made: ProductRow) -> RecipeRow:
    row = next(snapshot.rows(RecipeRow, product_id=made.id, limit=1), None)
    if row is None:
        raise Unknown(kind="recipe", reference=made.code)
    return row


def user(snapshot: Snapshot, name: str) -> UserRow:
    """However the name is typed; ``Unknown``, ``Ambiguous``."""
    return user_named(snapshot, name)


def quantity(measure: Measure, product: ProductRow) -> Quantity:
    """The amount in the unit that was typed, else in the product's."""
    return Quantity(measure.thousandths, Unit(measure.unit or product.unit))


def lot_quantity(measure: Measure, row: AnyLot) -> Quantity:
    return Quantity(measure.thousandths, Unit(measure.unit or row.unit))


def next_code(snapshot: Snapshot, prefix: str, day: date, *kinds: type[Row]) -> str:
    """``MP-20261123-001``, or the first number after it that is free among these rows, and that no
    claim bears: its label is on something, even if the books refuse it.

    On a device that bears a mark, the number bears it too (``MP-20261123-B001``): two devices that
    do not hear of each other never propose the same.
    """
    stem = f"{prefix}-{day:%Y%m%d}-{own_mark(snapshot)}"

    def taken(number: int) -> bool:
        code = f"{stem}{number:03}"
        claims = snapshot.rows(ClaimRow, code=code)
        return snapshot.has_code(code, *kinds) or any(claim.open for claim in claims)

    below = 0
    above = 1
    while taken(above):  # doubling, then halving: a busy day costs a few look-ups
        below, above = above, above * 2
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if taken(middle) else (below, middle)
    return f"{stem}{above:03}"


class Causes:
    """The codes of the orders and deliveries behind movements, each looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[UUID, str] = {}

    def code(self, cause: UUID | None) -> str:
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
