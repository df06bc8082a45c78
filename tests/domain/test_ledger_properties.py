"""The dated account of a lot, against one who adds it all up again from its first line."""

from datetime import date

from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from manchengo.domain.errors import Refused
from manchengo.domain.ledger import Ledger, Movement
from manchengo.domain.lot import decide as lots
from manchengo.domain.lot.commands import CountLot, LotCommand, Owner, WriteOffLot
from manchengo.domain.lot.events import LotReceived
from manchengo.domain.lot.state import Lot
from manchengo.domain.lot.state import evolve as after
from manchengo.domain.values import Money
from tests.support.dairy import FARM, MILK, an_id, day, litres, lot_id, make_id

MOST = 12


@frozen
class Said:
    """Somebody wrote in the book: on that day so much came (or left), or so much was seen."""

    on: date
    change: int = 0
    seen: int | None = None


days = st.integers(min_value=0, max_value=6).map(day)
any_line = st.builds(
    Said, on=days, change=st.integers(min_value=-MOST, max_value=MOST)
) | st.builds(Said, on=days, seen=st.integers(min_value=0, max_value=MOST))
ledgers = st.lists(any_line, max_size=8)
amounts = st.integers(min_value=0, max_value=MOST)

# ---------------------------------------------------------------------------- the one who adds up


def balances(lines: list[Said]) -> list[tuple[date, int]]:
    """The balance after each line, in the order of the days, and within a day of the writing."""
    balance, found = 0, []
    for moment in sorted({line.on for line in lines}):
        for line in lines:
            if line.on == moment:
                balance = line.seen if line.seen is not None else balance + line.change
                found.append((moment, balance))
    return found


def stands(lines: list[Said]) -> bool:
    return all(balance >= 0 for _, balance in balances(lines))


def standing(lines: list[Said]) -> list[Said]:
    """These lines, without those that could not have been."""
    kept: list[Said] = []
    for line in lines:
        if stands([*kept, line]):
            kept.append(line)
    return kept


def could_leave(lines: list[Said], on: date) -> int:
    """The most that could leave that day and leave no balance below zero, found by trying."""
    most = 0
    while stands([*lines, Said(on, change=-most - 1)]):
        most += 1
    return most


def written(lines: list[Said]) -> Ledger:
    ledger = Ledger()
    for line in lines:
        if line.seen is not None:
            ledger = ledger.counted(line.seen, line.on, reason="")
        else:
            ledger = ledger.moved(Movement.WRITE_OFF, line.change, line.on, cause=None, reason="")
    return ledger


# --------------------------------------------------------------------------- the ledger by itself


@given(lines=ledgers)
def test_the_running_balance_is_the_sum_of_all_before_from_the_last_count_on(
    lines: list[Said],
) -> None:
    assert [(line.on, line.balance) for line in written(lines).lines] == balances(lines)


@given(lines=ledgers)
def test_the_changes_add_up_to_what_is_on_hand_counts_included(lines: list[Said]) -> None:
    ledger = written(lines)
    assert sum(line.change for line in ledger.lines) == ledger.on_hand
    assert ledger.total(*Movement) == ledger.on_hand


@given(lines=ledgers, on=days)
def test_the_balance_of_a_day_is_that_of_its_evening(lines: list[Said], on: date) -> None:
    by_then = [balance for moment, balance in balances(lines) if moment <= on]
    assert written(lines).balance_on(on) == (by_then[-1] if by_then else 0)


@given(lines=ledgers)
def test_lines_are_numbered_as_they_were_written(lines: list[Said]) -> None:
    numbered = sorted(written(lines).lines, key=lambda line: line.number)
    assert [line.number for line in numbered] == list(range(1, len(lines) + 1))
    assert [line.on for line in numbered] == [line.on for line in lines]


@given(lines=ledgers, late=any_line)
def test_what_was_seen_on_the_shelf_stays_seen_whatever_is_written_later(
    lines: list[Said], late: Said
) -> None:
    before = {line.number: line for line in written(lines).lines}
    afterwards = {line.number: line for line in written([*lines, late]).lines}
    for number, line in before.items():
        if line.movement is Movement.COUNT:
            assert afterwards[number].balance == line.balance
        else:
            assert afterwards[number].change == line.change


@given(lines=ledgers)
def test_what_one_cause_moved_is_the_sum_of_its_lines(lines: list[Said]) -> None:
    ledger = written(lines)
    ours, theirs = an_id("ours"), an_id("theirs")
    for number, line in enumerate(lines):
        cause = theirs if number % 3 else ours
        ledger = ledger.moved(Movement.DELIVERY, line.change, line.on, cause=cause, reason="")
    mine = [line for number, line in enumerate(lines) if not number % 3]
    assert ledger.moved_by(ours, Movement.DELIVERY) == sum(line.change for line in mine)
    assert ledger.moved_by(ours, Movement.DELIVERY, until=day(3)) == sum(
        line.change for line in mine if line.on <= day(3)
    )
    assert ledger.moved_by(ours, Movement.CONSUMPTION) == 0


@given(lines=ledgers.map(standing), on=days)
def test_what_can_leave_is_exactly_the_most_that_leaves_no_later_balance_below_zero(
    lines: list[Said], on: date
) -> None:
    assert written(lines).can_give(on) == could_leave(lines, on)


@given(lines=ledgers.map(standing), on=days, seen=amounts)
def test_the_lowest_balance_after_a_count_reaches_to_the_next_count(
    lines: list[Said], on: date, seen: int
) -> None:
    lowest = balance = seen
    for line in sorted(lines, key=lambda line: line.on):
        if line.on > on:
            if line.seen is not None:
                break
            balance += line.change
            lowest = min(lowest, balance)
    assert written(lines).lowest_after_counting(seen, on) == lowest


def test_an_empty_book_holds_nothing() -> None:
    assert (Ledger().on_hand, Ledger().entered, Ledger().can_give(day(0))) == (0, 0, 0)


# ------------------------------------------------------------------------- the rules on top of it

CAME = LotReceived(
    lot_id=lot_id("L1"),
    code="L1",
    product_id=MILK,
    supplier_id=FARM,
    on=day(1),
    expires_on=None,
    quantity=litres("0.012"),
    unit_price=Money(0),
    supplier_reference="",
    quarantined=False,
)
"""Twelve thousandths of a litre, on Tuesday."""

asked = st.lists(
    st.builds(Said, on=days, change=st.integers(min_value=-MOST, max_value=-1))
    | st.builds(Said, on=days, seen=amounts),
    max_size=10,
)


def command(line: Said) -> LotCommand:
    one = litres("0.001")
    if line.seen is not None:
        return CountLot(lot_id=lot_id("L1"), counted=one.scaled(line.seen, 1), on=line.on)
    return WriteOffLot(
        lot_id=lot_id("L1"), quantity=one.scaled(-line.change, 1), on=line.on, reason="spilt"
    )


@given(lines=asked)
def test_a_step_is_refused_exactly_where_it_would_leave_less_than_nothing_on_some_day(
    lines: list[Said],
) -> None:
    lot: Lot = after(None, CAME)
    accepted = [Said(day(1), change=MOST)]
    for line in lines:
        allowed = line.on >= day(1) and stands([*accepted, line])
        try:
            events = lots.decide(lot, command(line))
        except Refused:
            assert not allowed
            continue
        assert allowed
        accepted.append(line)
        for event in events:
            lot = after(lot, event)
        assert [(one.on, one.balance) for one in lot.ledger.lines] == balances(accepted)
        assert all(one.balance >= 0 for one in lot.ledger.lines)


holders = st.sampled_from([make_id("O1"), make_id("O2")])


@given(
    lines=asked,
    kept=st.dictionaries(holders, st.integers(min_value=1, max_value=MOST)),
    on=days,
    who=st.none() | holders,
)
def test_what_is_free_to_one_is_what_can_leave_less_what_others_keep(
    lines: list[Said], kept: dict[Owner, int], on: date, who: Owner | None
) -> None:
    since = [line for line in lines if line.on >= day(1)]
    accepted = standing([Said(day(1), change=MOST), *since])
    lot = evolve(after(None, CAME), ledger=written(accepted), kept=kept)
    for_others = sum(amount for owner, amount in kept.items() if owner != who)
    free = max(0, could_leave(accepted, on) - for_others)
    assert lot.free(on, owner=who).thousandths == free
    now = max(0, balances(accepted)[-1][1] - for_others)
    assert lot.candidate(on, owner=who).free.thousandths == min(free, now)
