"""Figures for charts: what came in, what was there, what production gave, what expires."""

# Help then says ``Quantity``, and not the module that it comes from.
from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

from attrs import frozen

from manchengo.application.by_id import lot_of
from manchengo.application.lists import every_row, expiring_between
from manchengo.application.stock import stock_at
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import ProductId
from manchengo.domain.ledger import Movement
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.lists import Between, ListQuery, OneOf
from manchengo.ports.rows import (
    FinishedLotRow,
    FinishedProductRow,
    MovementRow,
    ProductionOrderRow,
    ProductRow,
    RawLotRow,
    RawProductRow,
)
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class DayQuantity:
    """One point of a chart."""

    day: date
    quantity: Quantity


@frozen(kw_only=True)
class DayYield:
    """What the production orders completed on a day planned, and what they gave."""

    day: date
    planned: Quantity
    obtained: Quantity


@frozen
class Charts:
    """Figures day by day, in whole thousandths of the unit of a product. Each answer is of one
    consistent moment.
    """

    _reading: Callable[[], AbstractContextManager[Snapshot]]

    def moved(
        self, product_id: ProductId, *kinds: Movement, first: date, last: date
    ) -> list[DayQuantity]:
        """Day by day from ``first`` to ``last``, how much the movements of these kinds added to the
        stock of a product; negative where it left. A lot that never came is taken off what it was
        recorded as: of milk received (``Movement.RECEIPT``), say, on the day of its reception.
        Raises ``Unknown`` when there is no such product.
        """
        with self._reading() as snapshot:
            unit = _unit(snapshot, product_id)
            moved = _moved_each_day(snapshot, product_id, {*kinds}, first, last)
        return [
            DayQuantity(day=day, quantity=Quantity(moved[day], unit)) for day in _days(first, last)
        ]

    def on_hand(self, product_id: ProductId, *, first: date, last: date) -> list[DayQuantity]:
        """What was there of a product when each day from ``first`` to ``last`` ended. Raises as
        ``moved``.
        """
        with self._reading() as snapshot:
            unit = _unit(snapshot, product_id)
            moved = _moved_each_day(snapshot, product_id, {*Movement}, first, last)
            lines = stock_at(snapshot, last)
        held = sum(line.on_hand for line in lines if line.product_id == product_id)
        points = []
        for day in reversed(_days(first, last)):
            points.append(DayQuantity(day=day, quantity=Quantity(held, unit)))
            held -= moved[day]
        return points[::-1]

    def yields(self, product_id: ProductId, *, first: date, last: date) -> list[DayYield]:
        """The production orders of a product completed from ``first`` to ``last``, day by day; days
        without any are left out. Raises as ``moved``.
        """
        done = (
            OneOf("status", ("completed",)),
            OneOf("product_id", (product_id,)),
            Between("completed_on", first=first, last=last),
        )
        planned: Counter[date] = Counter()
        obtained: Counter[date] = Counter()
        with self._reading() as snapshot:
            unit = _unit(snapshot, product_id)
            for row in every_row(snapshot, ProductionOrderRow, ListQuery(where=done)):
                assert row.completed_on is not None, "it lies between two days"
                planned[row.completed_on] += row.planned
                obtained[row.completed_on] += row.obtained
        return [
            DayYield(
                day=day,
                planned=Quantity(planned[day], unit),
                obtained=Quantity(obtained[day], unit),
            )
            for day in sorted(planned)
        ]

    def expiring_each_day(
        self, product_id: ProductId, *, first: date, last: date
    ) -> list[DayQuantity]:
        """Day by day from ``first`` to ``last``, how much of a product expires, as it is there now.
        Raises as ``moved``.
        """
        query = expiring_between(first, last, OneOf("product_id", (product_id,)))
        held: Counter[date] = Counter()
        with self._reading() as snapshot:
            unit = _unit(snapshot, product_id)
            for kind in (RawLotRow, FinishedLotRow):
                for row in every_row(snapshot, kind, query):
                    assert row.expires_on is not None, "it lies between two days"
                    held[row.expires_on] += row.quantity_remaining
        return [
            DayQuantity(day=day, quantity=Quantity(held[day], unit)) for day in _days(first, last)
        ]


def _moved_each_day(
    snapshot: Snapshot, product_id: ProductId, kinds: set[Movement], first: date, last: date
) -> Counter[date]:
    moved: Counter[date] = Counter()
    for each in snapshot.moved_by_day(first=first, last=last):
        if each.product_id != product_id:
            continue
        if each.kind in kinds:
            moved[each.day] += each.quantity
        elif each.kind == Movement.VOID:
            moved[each.day] += _never_came(snapshot, product_id, kinds, each.day)
    return moved


def _never_came(snapshot: Snapshot, product_id: ProductId, kinds: set[Movement], day: date) -> int:
    """The movements of that day by which lots are void that were recorded as one of these kinds."""
    voids = [
        row
        for row in snapshot.rows(MovementRow, day=day)
        if (row.kind, row.product_id) == (Movement.VOID, product_id)
    ]
    lots = [lot_of(snapshot, row.lot_id) for row in voids]
    return sum(
        row.quantity for row, lot in zip(voids, lots, strict=True) if _recorded_as(lot) in kinds
    )


def _recorded_as(lot: RawLotRow | FinishedLotRow) -> Movement:
    if isinstance(lot, RawLotRow):
        return Movement.OPENING if lot.opening_on else Movement.RECEIPT
    return Movement.PRODUCTION if lot.order_id else Movement.OPENING


def _unit(snapshot: Snapshot, product_id: ProductId) -> Unit:
    for kind in (RawProductRow, FinishedProductRow):
        row: ProductRow | None = snapshot.get(kind, product_id)
        if row is not None:
            return Unit(row.unit)
    raise Unknown(kind="product", reference=str(product_id))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
