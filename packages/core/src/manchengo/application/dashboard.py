"""What the day asks for: what is late, what runs out, what waits."""

# Help then says ``Quantity``, and not the module that it comes from.
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from attrs import frozen

from manchengo.application.completeness import Completeness, completeness
from manchengo.application.lists import (
    MOST_COUNTED,
    PAGE_SIZE,
    Lists,
    Page,
    every_row,
    expiring_between,
)
from manchengo.application.permitted_snapshot import whole
from manchengo.application.stock import ProductStock, Stock
from manchengo.application.unit_of_work import folded
from manchengo.domain.aggregates import DELIVERY, AnyAggregate
from manchengo.domain.delivery import Delivery, DeliveryStatus
from manchengo.domain.ids import DeviceId, ProductId
from manchengo.domain.ledger import Movement
from manchengo.domain.sales_order import LIVING
from manchengo.domain.values import Quantity
from manchengo.ports.clock import Clock
from manchengo.ports.lists import Between, Cursor, ListQuery, OneOf
from manchengo.ports.rows import (
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    ProductRow,
    RawLotRow,
    ResolutionItemRow,
    Row,
    SalesOrderRow,
)
from manchengo.ports.store import Snapshot

R = TypeVar("R", bound=Row)
AnyLotRow = RawLotRow | FinishedLotRow

WEEK = 7
MONTH = 30

USED: frozenset[str] = frozenset(
    {Movement.CONSUMPTION, Movement.TAKEN_BACK, Movement.DELIVERY, Movement.CUSTOMER_RETURN}
)
"""The movements that say how much is used of a product: what came back, from a vat too, was not."""

READ_AT_ONCE = 500


@frozen(kw_only=True)
class StockDays:
    """How long the stock of a product lasts. ``usable``: fit today, and promised to nobody.
    ``used``: what was used in ``over_days`` days. ``days``: the whole days that ``usable`` lasts at
    that pace; None where nothing was used.
    """

    product: ProductRow
    usable: Quantity
    used: Quantity
    over_days: int
    days: int | None


@frozen(kw_only=True)
class Unloaded:
    """A product of a delivery that has not left: so much was proposed, so much is in the van."""

    product_id: ProductId
    proposed: Quantity
    loaded: Quantity


@frozen(kw_only=True)
class ToLoad:
    """A delivery that was prepared and has not left. ``missing``: what the van still lacks."""

    delivery: DeliveryRow
    missing: tuple[Unloaded, ...]


@frozen(kw_only=True)
class Unsent:
    """What this device recorded and has not seen in the log of the plant: how many commits, and
    when the oldest was recorded (UTC); None where there is none.
    """

    commits: int
    since: datetime | None


@frozen(kw_only=True)
class Figures:
    """The figures of the day, all of one moment. What is more than ten thousand counts as so many.

    ``expired_lots`` still hold something; ``expiring_lots`` can be used today, and no longer in a
    week; ``late_orders``: sales orders due before today.
    """

    expired_lots: int
    expiring_lots: int
    late_orders: int
    orders_to_start: int
    orders_started: int
    deliveries_to_load: int
    open_conflicts: int
    unsent: Unsent


@frozen
class Dashboard:
    """What the day asks for. Lists come page by page, as those of ``Lists`` do. Each answer is of
    one consistent moment, and of the business day of the clock.
    """

    _reading: Callable[[], AbstractContextManager[Snapshot]]
    _clock: Clock
    _lists: Lists
    _device_id: DeviceId

    def figures(self) -> Figures:
        """The figures, each the length of a list that another method gives."""
        today = self._clock.today()
        with self._reading() as snapshot:
            return Figures(
                expired_lots=_count_lots(snapshot, _expired(today)),
                expiring_lots=_count_lots(snapshot, _expiring(today, WEEK)),
                late_orders=_count(snapshot, SalesOrderRow, late_sales(today)),
                orders_to_start=_count(snapshot, ProductionOrderRow, _with_status("planned")),
                orders_started=_count(snapshot, ProductionOrderRow, _with_status("started")),
                deliveries_to_load=_count(snapshot, DeliveryRow, PREPARED),
                open_conflicts=_count(snapshot, ResolutionItemRow, _with_status("open")),
                unsent=_unsent(snapshot),
            )

    def expiring(
        self, within: int = WEEK, *, size: int = PAGE_SIZE, after: Cursor | None = None
    ) -> Page[AnyLotRow]:
        """The lots that hold something and expire today or ``within`` so many days, the first to
        expire first.
        """
        return self._lots(_expiring(self._clock.today(), within), size, after)

    def expired(self, *, size: int = PAGE_SIZE, after: Cursor | None = None) -> Page[AnyLotRow]:
        """The lots that hold something and expired before today, the first to expire first."""
        return self._lots(_expired(self._clock.today()), size, after)

    def late_orders(
        self, *, size: int = PAGE_SIZE, after: Cursor | None = None
    ) -> Page[SalesOrderRow]:
        """The sales orders of which something is still to leave, wanted by a day before today, or
        placed before today where the client named no day: the latest first.
        """
        return self._lists.page(
            SalesOrderRow, query=late_sales(self._clock.today()), size=size, after=after
        )

    def orders_to_start(
        self, *, size: int = PAGE_SIZE, after: Cursor | None = None
    ) -> Page[ProductionOrderRow]:
        """The production orders that are planned, in the order of their days."""
        return self._production(_with_status("planned"), size, after)

    def orders_started(
        self, *, size: int = PAGE_SIZE, after: Cursor | None = None
    ) -> Page[ProductionOrderRow]:
        """The production orders that are started, in the order of their days."""
        return self._production(_with_status("started"), size, after)

    def to_load(self) -> list[ToLoad]:
        """The deliveries that have not left, in the order of their days, each with what is still
        to load.
        """
        with self._reading() as snapshot:
            return [
                ToLoad(delivery=row, missing=tuple(_missing(whole(snapshot), row)))
                for row in every_row(snapshot, DeliveryRow, PREPARED)
            ]

    def stock_days(self, over_days: int = MONTH) -> list[StockDays]:
        """Of every product, how long its usable stock lasts at the pace of the ``over_days`` days
        before today, those that last the shortest first. What clients gave back was not used, what
        was thrown away neither.
        """
        today = self._clock.today()
        used: Counter[ProductId] = Counter()
        with self._reading() as snapshot:
            lines = Stock(lambda: nullcontext(snapshot), self._clock).by_product()
            first, last = today - timedelta(days=over_days), today - timedelta(days=1)
            for moved in snapshot.moved_by_day(first=first, last=last):
                if moved.kind in USED:
                    used[moved.product_id] -= moved.quantity
        found = [_stock_days(line, used[line.product.id], over_days) for line in lines]
        return sorted(found, key=_shortest)

    def exchange(self) -> Completeness:
        """Up to when this device knows the log of the plant, what it has not sent, and up to when
        each other device was heard.
        """
        with self._reading() as snapshot:
            return completeness(
                whole(snapshot), (), device_id=self._device_id, now=self._clock.now()
            )

    def unsent(self) -> Unsent:
        """What waits to be sent."""
        with self._reading() as snapshot:
            return _unsent(snapshot)

    def _lots(self, query: ListQuery, size: int, after: Cursor | None) -> Page[AnyLotRow]:
        return self._lists.page(RawLotRow, FinishedLotRow, query=query, size=size, after=after)

    def _production(
        self, query: ListQuery, size: int, after: Cursor | None
    ) -> Page[ProductionOrderRow]:
        return self._lists.page(ProductionOrderRow, query=query, size=size, after=after)


# ---------------------------------------------------------------- the lists


def _expiring(today: date, within: int) -> ListQuery:
    return expiring_between(today, today + timedelta(days=within))


def _expired(today: date) -> ListQuery:
    return expiring_between(None, today - timedelta(days=1))


def late_sales(today: date) -> ListQuery:
    """The sales orders of which something is still to leave, and was due before today."""
    where = (
        OneOf("status", tuple(sorted(LIVING))),
        Between("due_on", last=today - timedelta(days=1)),
    )
    return ListQuery(where=where, sort="due_on")


def _with_status(status: str) -> ListQuery:
    return ListQuery(where=(OneOf("status", (status,)),), sort="day")


PREPARED = _with_status(DeliveryStatus.PREPARED)


def _count(snapshot: Snapshot, kind: type[Row], query: ListQuery) -> int:
    return snapshot.count(kind, query, most=MOST_COUNTED)


def _count_lots(snapshot: Snapshot, query: ListQuery) -> int:
    counts = (_count(snapshot, kind, query) for kind in (RawLotRow, FinishedLotRow))
    return min(MOST_COUNTED, sum(counts))


# ---------------------------------------------------------------- the figures


def _unsent(snapshot: Snapshot) -> Unsent:
    oldest = next(snapshot.pending(limit=1), None)
    return Unsent(
        commits=snapshot.count_pending(), since=oldest.commit.occurred_at if oldest else None
    )


def _missing(snapshot: Snapshot, row: DeliveryRow) -> Iterator[Unloaded]:
    """By product: another lot than the proposed one may be loaded."""
    delivery: Delivery = folded(cast(AnyAggregate, DELIVERY), snapshot.stream(row.id)).state
    proposed: dict[ProductId, Quantity] = {}
    for pick in delivery.proposed:
        known = proposed.get(pick.product_id)
        proposed[pick.product_id] = known + pick.quantity if known else pick.quantity
    for product_id, quantity in proposed.items():
        loaded = Quantity(delivery.loaded_of(product_id), quantity.unit)
        if loaded < quantity:
            yield Unloaded(product_id=product_id, proposed=quantity, loaded=loaded)


def _stock_days(line: ProductStock, used: int, over_days: int) -> StockDays:
    used = max(0, used)
    return StockDays(
        product=line.product,
        usable=line.usable,
        used=Quantity(used, line.usable.unit),
        over_days=over_days,
        days=line.usable.thousandths * over_days // used if used else None,
    )


def _shortest(line: StockDays) -> tuple[bool, int, str]:
    return line.days is None, line.days or 0, line.product.code
