"""What changes: balances, what FIFO would have taken, papers. Quantities are in thousandths of the
unit of the product, as in a ledger, and a balance may be below zero where the entry is refused.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from attrs import frozen

from manchengo.domain.errors import Refused
from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.values import Quantity, Unit


@frozen(kw_only=True)
class DayBalance:
    """What is there when a day ends, without the entry and with it."""

    day: date
    before: int
    after: int


@frozen(kw_only=True)
class CountChange:
    """A count of ``counted``, which stands: its adjustment, without the entry and with it."""

    on: date
    counted: int
    before: int
    after: int


@frozen(kw_only=True)
class LotChange:
    """``balances``: the days on which it holds something else, of those on which it moves, and of
    today. ``counts``: those since. ``is_new``: whether the entry makes the lot.
    """

    lot_id: LotId
    lot: str
    product_id: ProductId
    unit: Unit
    balances: tuple[DayBalance, ...]
    counts: tuple[CountChange, ...]
    is_new: bool

    @property
    def below_zero(self) -> tuple[DayBalance, ...]:
        """The days on which it would hold less than nothing: only where the entry is refused."""
        return tuple(each for each in self.balances if each.after < 0)


@frozen(kw_only=True)
class ProductChange:
    """The same of all lots of a product."""

    product_id: ProductId
    unit: Unit
    balances: tuple[DayBalance, ...]


@frozen(kw_only=True)
class OtherPick:
    """A make or a delivery of ``day`` took ``taken``; the product's policy would have taken
    ``instead`` first, had it been known: ``quantity`` of it. ``order``: the code of the production
    order or delivery, ``cause`` its id.
    """

    day: date
    cause: UUID
    order: str
    taken: str
    instead: str
    quantity: Quantity


class PaperKind(StrEnum):
    """What a paper is."""

    DELIVERY = "delivery"
    INVOICE = "invoice"
    RECALL = "recall"


@frozen(kw_only=True)
class Paper:
    """A paper made since, which says what was known then. ``reference``: the code of the delivery,
    the number of the invoice, the code of the recalled lot.
    """

    kind: PaperKind
    reference: str
    day: date


@frozen(kw_only=True)
class PastChanges:
    """``since``: the first day that changes. ``refusal``: why the rules do not allow the entry;
    then ``lots`` has the balances that it would leave, had it been recorded.
    """

    since: date
    refusal: Refused | None
    lots: tuple[LotChange, ...]
    products: tuple[ProductChange, ...] = ()
    picks: tuple[OtherPick, ...] = ()
    papers: tuple[Paper, ...] = ()
