"""From the code that people know a thing by to its row."""

from typing import Any, TypeVar

from manchengo.application.coded_rows import CODED_ROWS
from manchengo.application.genealogy import AnyLot, TracedLot, lots_of_code
from manchengo.application.spellings import rows_of_code, spelt_so
from manchengo.domain.errors import Ambiguous, Unknown
from manchengo.ports.rows import ProductRow, RecipeRow, Row
from manchengo.ports.store import Snapshot

R = TypeVar("R", bound=Row)


def coded(snapshot: Snapshot, kind: type[R], code: str) -> R:
    """The row of that code, whatever its case and accents. Raises ``Unknown`` when there is none.

    Old databases may hold several such rows: then the one of exactly that spelling, or
    ``Ambiguous``.
    """
    row: R = _found(snapshot, kind.AGGREGATE, code, kind)
    return row


def product(snapshot: Snapshot, code: str) -> ProductRow:
    """The product of that code, typed as people type it. Raises ``Unknown``."""
    row: ProductRow = _found(snapshot, "product", code, *CODED_ROWS["product"])
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
    row: AnyLot = _found(snapshot, "lot", code, *CODED_ROWS["lot"])
    return row


def lots_labelled(snapshot: Snapshot, code: str) -> list[TracedLot]:
    """The lots that bear this code: the accepted one first, then those only claimed."""
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
    """The latest recipe for that product. Raises ``Unknown``."""
    row = next(snapshot.rows(RecipeRow, product_id=made.id, limit=1), None)
    if row is None:
        raise Unknown(kind="recipe", reference=made.code)
    return row
