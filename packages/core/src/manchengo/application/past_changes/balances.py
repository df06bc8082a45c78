"""The balances of lots and products, day by day, without an entry and with it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Self

from attrs import evolve, frozen

from manchengo.application.past_changes.answer import (
    CountChange,
    DayBalance,
    LotChange,
    ProductChange,
)
from manchengo.domain.ids import ProductId
from manchengo.domain.ledger import Ledger, Line, Movement
from manchengo.domain.lot.state import Lot
from manchengo.domain.values import Unit
from manchengo.ports.store import Snapshot


@frozen
class LotBeforeAndAfter:
    """``before``: None for a lot that the entry makes."""

    before: Lot | None
    after: Lot

    @classmethod
    def of_ledgers(cls, lot: Lot, ledger: Ledger) -> Self:
        """A lot, and the same with that ledger."""
        return cls(lot, evolve(lot, ledger=ledger))

    @property
    def ledger_before(self) -> Ledger:
        """Empty for a new lot."""
        return self.before.ledger if self.before else Ledger()

    @property
    def new_lines(self) -> tuple[Line, ...]:
        """The movements of the entry."""
        known = len(self.ledger_before.lines)
        return tuple(line for line in self.after.ledger.lines if line.number > known)

    @property
    def since(self) -> date | None:
        """The day of the first of them; None where nothing moves."""
        return min((line.on for line in self.new_lines), default=None)

    def change_on(self, day: date) -> int:
        """How much more it holds with the entry when that day ends."""
        return self.after.ledger.balance_on(day) - self.ledger_before.balance_on(day)


def lot_change(lot: LotBeforeAndAfter, today: date) -> LotChange:
    """What changes of the lot."""
    before, after = lot.ledger_before, lot.after.ledger
    days = sorted({line.on for line in after.lines} | {today})
    balances = (
        DayBalance(day=day, before=before.balance_on(day), after=after.balance_on(day))
        for day in days
    )
    return LotChange(
        lot_id=lot.after.id,
        lot=lot.after.code,
        product_id=lot.after.product_id,
        unit=lot.after.unit,
        balances=tuple(each for each in balances if each.before != each.after),
        counts=tuple(_counts(before, after)),
        is_new=lot.before is None,
    )


def _counts(before: Ledger, after: Ledger) -> Iterator[CountChange]:
    known = {line.number: line for line in before.lines}
    for line in after.lines:
        was = known.get(line.number)
        if line.movement is Movement.COUNT and was is not None and was.change != line.change:
            yield CountChange(
                on=line.on, counted=line.balance, before=was.change, after=line.change
            )


def product_changes(
    snapshot: Snapshot, lots: list[LotBeforeAndAfter], today: date
) -> Iterator[ProductChange]:
    """What changes of the products of these lots, on the days on which anything of them moves and
    today. ``snapshot``: without the entry.
    """
    since = min(line.on for lot in lots for line in lot.new_lines)
    on_hand = {line.product_id: line.on_hand for line in snapshot.stock(on=today)}
    moved: dict[ProductId, Counter[date]] = {lot.after.product_id: Counter() for lot in lots}
    for each in snapshot.moved_by_day(first=since, last=date.max):
        if each.product_id in moved:
            moved[each.product_id][each.day] += each.quantity
    for product_id, by_day in moved.items():
        own = [lot for lot in lots if lot.after.product_id == product_id]
        days = {*by_day, today, *(line.on for lot in own for line in lot.new_lines)}
        balances = _of_product(own, on_hand.get(product_id, 0), by_day, sorted(days, reverse=True))
        unit: Unit = own[0].after.unit
        changed = tuple(each for each in balances if each.before != each.after)[::-1]
        if changed:
            yield ProductChange(product_id=product_id, unit=unit, balances=changed)


def _of_product(
    lots: list[LotBeforeAndAfter], on_hand: int, moved: Counter[date], days: Iterable[date]
) -> Iterator[DayBalance]:
    """``on_hand``: once all that is recorded has happened; ``days``: the last one first."""
    for day in days:
        before = on_hand - sum(quantity for on, quantity in moved.items() if on > day)
        yield DayBalance(
            day=day, before=before, after=before + sum(lot.change_on(day) for lot in lots)
        )
