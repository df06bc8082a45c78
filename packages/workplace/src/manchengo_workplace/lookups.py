"""From the codes that people type to what is recorded under them."""

from datetime import date
from itertools import chain, count
from uuid import UUID

from manchengo.application.by_code import coded, lot, lots_labelled, product, recipe
from manchengo.application.by_id import lot_of, product_of
from manchengo.application.genealogy import AnyLot
from manchengo.application.marks import own_mark
from manchengo.application.people import user_named
from manchengo.application.spellings import rows_of_code
from manchengo.application.starting_lots import lots_received, starting_lots
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    ClaimRow,
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    ProductRow,
    RawLotRow,
    Row,
    SalesOrderRow,
    UserRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.measures import Measure

__all__ = [
    "Causes",
    "coded",
    "lot",
    "lot_of",
    "lot_quantity",
    "lots_labelled",
    "lots_received",
    "next_code",
    "product",
    "product_of",
    "quantity",
    "recipe",
    "starting_lots",
    "user",
]


def user(snapshot: Snapshot, name: str) -> UserRow:
    """However the name is typed; ``Unknown``, ``Ambiguous``."""
    return user_named(snapshot, name)


def quantity(measure: Measure, product: ProductRow) -> Quantity:
    """The amount in the unit that was typed, else in the product's."""
    return Quantity(measure.thousandths, Unit(measure.unit or product.unit))


def lot_quantity(measure: Measure, row: AnyLot) -> Quantity:
    """The amount in the unit that was typed, else in the lot's."""
    return Quantity(measure.thousandths, Unit(measure.unit or row.unit))


def next_code(snapshot: Snapshot, prefix: str, day: date, *kinds: type[Row]) -> str:
    """``MP-20261123-001``, or the first number after it that is free among these rows, and that no
    claim bears: its label is on something, even if the rules refused the commit.

    On a device that bears a mark, the number bears it too (``MP-20261123-B001``): two devices that
    do not hear of each other never propose the same.
    """
    stem = f"{prefix}-{day:%Y%m%d}-{own_mark(snapshot)}"

    def taken(number: int) -> bool:
        code = f"{stem}{number:03}"
        claims = rows_of_code(snapshot, code, ClaimRow)
        return snapshot.has_code(code, *kinds) or any(claim.open for claim in claims)

    below = 0
    above = 1
    while taken(above):  # doubling, then halving: a busy day costs a few look-ups
        below, above = above, above * 2
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if taken(middle) else (below, middle)
    return f"{stem}{above:03}"


def free_lot_code(snapshot: Snapshot, code: str) -> str:
    """The code; with a number behind it where a lot bears it that is void or was claimed, since a
    label may bear it, too: ``PF-OF-20261123-001-R2``.
    """
    numbered = (f"{code}-R{number}" for number in count(2))
    return next(each for each in chain([code], numbered) if not _is_borne(snapshot, each))


def _is_borne(snapshot: Snapshot, code: str) -> bool:
    claims = rows_of_code(snapshot, code, ClaimRow)
    return snapshot.has_code(code, RawLotRow, FinishedLotRow) or any(each.open for each in claims)


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
