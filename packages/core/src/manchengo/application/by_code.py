"""From the code that people know a thing by to its row."""

from typing import Any, TypeVar

from manchengo.application.genealogy import AnyLot, TracedLot, lots_of_code
from manchengo.application.spellings import rows_of_code, spelt_so
from manchengo.domain.errors import Ambiguous, Unknown
from manchengo.ports.rows import (
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
)
from manchengo.ports.store import Snapshot

R = TypeVar("R", bound=Row)

CODED: dict[type[Row], str] = {
    SupplierRow: "supplier",
    ClientRow: "client",
    ProductionOrderRow: "production_order",
    SalesOrderRow: "sales_order",
    DeliveryRow: "delivery",
}


def coded(snapshot: Snapshot, kind: type[R], code: str) -> R:
    """The row of that code, however it is typed; ``Unknown`` when there is none.

    ``Ambiguous`` where several bear it, in databases from before that was refused, and none is
    spelt so.
    """
    row: R = _found(snapshot, CODED[kind], code, kind)
    return row


def product(snapshot: Snapshot, code: str) -> ProductRow:
    row: ProductRow = _found(snapshot, "product", code, RawProductRow, FinishedProductRow)
    return row


def _found(snapshot: Snapshot, what: str, code: str, *kinds: type[Any]) -> Any:
    bearers = spelt_so(code, list(rows_of_code(snapshot, code, *kinds)))
    if not bearers:
        raise Unknown(kind=what, reference=code)
    if len(bearers) > 1:
        found = ", ".join(f"{row.code} ({row.id})" for row in bearers)
        raise Ambiguous(kind=what, reference=code, found=found)
    return bearers[0]


def lot(snapshot: Snapshot, code: str) -> AnyLot:
    """The lot of that code that the log accepted."""
    row: AnyLot = _found(snapshot, "lot", code, RawLotRow, FinishedLotRow)
    return row


def lots_labelled(snapshot: Snapshot, code: str) -> list[TracedLot]:
    """The lots that bear this code, the one in the books first; then those only claimed."""
    found = lots_of_code(snapshot, code)
    if not found:
        raise Unknown(kind="lot", reference=code)
    return found


def lot_labelled(snapshot: Snapshot, code: str) -> TracedLot:
    """The only lot that bears this code, claimed ones included; ``Ambiguous`` lists several."""
    first, *others = lots_labelled(snapshot, code)
    if others:
        found = ", ".join(f"{each.code} ({each.id}, {each.standing})" for each in (first, *others))
        raise Ambiguous(kind="lot", reference=code, found=found)
    return first


def recipe(snapshot: Snapshot, made: ProductRow) -> RecipeRow:
    row = next(snapshot.rows(RecipeRow, product_id=made.id, limit=1), None)
    if row is None:
        raise Unknown(kind="recipe", reference=made.code)
    return row
