"""The dated account of one lot: what came in, what went out, what somebody counted.

Lines stand in the order of their business dates, and within a day in the order they were recorded;
only what takes a line back stands right behind it, so that a count recorded since stays as it was.
A count is an observation: from its line on the balance *is* what was counted, and the difference is
its adjustment. A line written later with an earlier date therefore changes the adjustment of the
next count, never what was seen on the shelf. The line of a count that was a mistake stays, and
changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from uuid import UUID

from attrs import frozen


class Movement(StrEnum):
    """Why a lot's quantity changed."""

    RECEIPT = "receipt"
    PRODUCTION = "production"
    OPENING = "opening"
    CONSUMPTION = "consumption"
    TAKEN_BACK = "taken_back"
    DELIVERY = "delivery"
    CUSTOMER_RETURN = "customer_return"
    SUPPLIER_RETURN = "supplier_return"
    WRITE_OFF = "write_off"
    COUNT = "count"
    COUNT_TAKEN_BACK = "count_taken_back"
    VOID = "void"


@frozen
class Line:
    """One movement. ``change`` and ``balance`` in thousandths of the lot's unit.

    ``number`` counts the lines of the lot as they were recorded, from 1. ``cause`` is the order or
    the delivery behind the movement.
    """

    number: int
    on: date
    movement: Movement
    change: int
    balance: int
    cause: UUID | None
    reason: str


@frozen
class Ledger:
    """Every movement of one lot, in the order of its days, in thousandths of its unit."""

    lines: tuple[Line, ...] = ()

    @property
    def on_hand(self) -> int:
        """What is there after the last movement."""
        return self.lines[-1].balance if self.lines else 0

    @property
    def entered(self) -> int:
        """What came in when the lot was born."""
        return next((line.change for line in self.lines if line.number == 1), 0)

    def balance_on(self, on: date) -> int:
        """What was there when that day ended."""
        balance = 0
        for line in self.lines:
            if line.on > on:
                break
            balance = line.balance
        return balance

    def can_give(self, on: date) -> int:
        """The most that can leave on that day with no later balance below zero.

        Looks no further than the next count, which says itself what was there.
        """
        if not self.lines or self.lines[-1].on <= on:
            return self.on_hand
        lowest = self.balance_on(on)
        for line, is_taken_back in self._lines_and_fate():
            if line.on > on:
                if line.movement is Movement.COUNT:
                    break
                if not is_taken_back:
                    lowest = min(lowest, line.balance)
        return lowest

    def has_counted(self, counted: int, on: date) -> bool:
        """Whether a count of that day found just so much, and was not taken back."""
        return self._place_of_count(counted, on) is not None

    def without_count(self, counted: int, on: date, *, reason: str) -> "Ledger":
        """As if nobody had counted so much on that day: of several such counts, the one recorded
        last is taken back.
        """
        place = self._place_of_count(counted, on)
        assert place is not None, "what is taken back was counted"
        balance = self.lines[place - 1].balance if place else 0
        number = self.lines[place].number
        line = Line(number, on, Movement.COUNT_TAKEN_BACK, 0, balance, None, reason)
        return Ledger((*self.lines[:place], line, *_rebalanced(balance, self.lines[place + 1 :])))

    def lowest_without_count(self, counted: int, on: date) -> int:
        """The lowest balance behind that count, up to the next one, had nobody counted."""
        place = self._place_of_count(counted, on)
        lines = [*self.without_count(counted, on, reason="")._lines_and_fate()][place:]
        balances = []
        for line, is_taken_back in lines:
            if line.movement is Movement.COUNT:
                break
            if not is_taken_back:
                balances.append(line.balance)
        return min(balances)

    def _place_of_count(self, counted: int, on: date) -> int | None:
        """Where in the ledger the last count stands that found so much on that day."""
        places = (
            place
            for place, line in enumerate(self.lines)
            if (line.movement, line.on, line.balance) == (Movement.COUNT, on, counted)
        )
        return max(places, default=None)

    def lowest_after_counting(self, counted: int, on: date) -> int:
        """The lowest balance from that day on, had ``counted`` been there when it ended."""
        balance = lowest = counted
        for line, is_taken_back in self._lines_and_fate():
            if line.on > on:
                if line.movement is Movement.COUNT:
                    break
                balance += line.change
                if not is_taken_back:
                    lowest = min(lowest, balance)
        return lowest

    def _lines_and_fate(self) -> Iterator[tuple[Line, bool]]:
        """Each line, and whether the next one takes of it back: then nobody ever saw its balance,
        which is none to stay above.
        """
        for place, line in enumerate(self.lines, 1):
            is_last = place == len(self.lines)
            yield line, not is_last and self.lines[place].movement is Movement.TAKEN_BACK

    def moved(
        self,
        movement: Movement,
        change: int,
        on: date,
        *,
        cause: UUID | None = None,
        reason: str = "",
    ) -> "Ledger":
        """With one more movement of ``change`` (negative when it leaves)."""
        return self._with(movement, on, cause, reason, lambda before: before + change)

    def counted(self, counted: int, on: date, *, reason: str) -> "Ledger":
        """With one more observation."""
        return self._with(Movement.COUNT, on, None, reason, lambda _: counted)

    def taken_back(self, change: int, on: date, *, cause: UUID) -> "Ledger":
        """With ``change`` of what an order took on that day back, as if it had not been taken."""
        place = 1 + max(
            place
            for place, line in enumerate(self.lines)
            if (line.movement, line.cause, line.on) == (Movement.CONSUMPTION, cause, on)
        )
        return self._with(
            Movement.TAKEN_BACK, on, cause, "", lambda before: before + change, place=place
        )

    def _with(
        self,
        movement: Movement,
        on: date,
        cause: UUID | None,
        reason: str,
        balance_after: Callable[[int], int],
        *,
        place: int | None = None,
    ) -> "Ledger":
        if place is None:
            place = len(self.lines)
            while place and self.lines[place - 1].on > on:
                place -= 1
        before = self.lines[place - 1].balance if place else 0
        balance = balance_after(before)
        line = Line(len(self.lines) + 1, on, movement, balance - before, balance, cause, reason)
        later = _rebalanced(balance, self.lines[place:])
        return Ledger((*self.lines[:place], line, *later))

    def total(self, *movements: Movement) -> int:
        """The sum of the signed changes of these kinds."""
        return sum(line.change for line in self.lines if line.movement in movements)

    def used(self) -> Movement | None:
        """For what something of the lot was used, or that it was counted; None where nothing was,
        or all of it was taken back.
        """
        poured = self.total(Movement.CONSUMPTION, Movement.TAKEN_BACK)
        for line in self.lines:
            match line.movement:
                case (
                    Movement.RECEIPT
                    | Movement.OPENING
                    | Movement.PRODUCTION
                    | Movement.COUNT_TAKEN_BACK
                ):
                    continue
                case Movement.CONSUMPTION | Movement.TAKEN_BACK:
                    if poured:
                        return Movement.CONSUMPTION
                case _:
                    return line.movement
        return None

    def poured_into(self, order: UUID, *, on: date) -> int:
        """What the order took on that day, less what was taken back of it."""
        movements = (Movement.CONSUMPTION, Movement.TAKEN_BACK)
        return -sum(
            line.change
            for line in self.lines
            if line.cause == order and line.on == on and line.movement in movements
        )

    def moved_by(self, cause: UUID, movement: Movement, *, until: date = date.max) -> int:
        """The signed change that one order or delivery made, by the end of that day."""
        return sum(
            line.change
            for line in self.lines
            if line.cause == cause and line.movement is movement and line.on <= until
        )


def _rebalanced(balance: int, later: Iterable[Line]) -> Iterator[Line]:
    for line in later:
        change = line.balance - balance if line.movement is Movement.COUNT else line.change
        balance += change
        yield Line(line.number, line.on, line.movement, change, balance, line.cause, line.reason)
