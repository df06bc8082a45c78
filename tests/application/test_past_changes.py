"""What an entry dated in the past changes is told before it is recorded, and comes true."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st

from manchengo import Manchengo, Refused, Role
from manchengo.application.past_changes import (
    CountChange,
    DayBalance,
    PaperKind,
    PastChanges,
    past_changes,
)
from manchengo.application.shelf import lots_at
from manchengo.commands import ChangeClient, ChangeProduct, Command, EnterOpeningStock
from manchengo.domain.access import NotPermitted
from manchengo.domain.allocation import Policy
from manchengo.domain.ids import LotId
from manchengo.domain.lot.decide import CountContradictsLater
from manchengo.domain.lot.rules import NotEnoughInLot
from manchengo.ports.rows import FinishedLotRow, MovementRow
from tests.support.billing import a_draft, issued
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RENNET,
    SHOP,
    came_back,
    counted,
    day,
    delivered,
    handed_over,
    in_opening_stock,
    in_store,
    kg,
    litres,
    millilitres,
    planned,
    poured,
    prepared,
    quarantined,
    recalled,
    received,
    sold,
    started,
    taken_back,
    voided,
    written_off,
)
from tests.support.given import Step, everything, given, one_by_one, open_dairy, somebody

TODAY = day(10)


def asked(dairy: Manchengo, command: Command) -> PastChanges:
    with dairy.store.reading() as snapshot:
        found = past_changes(snapshot, command, today=TODAY)
    assert found is not None, "it is dated before today"
    return found


# ------------------------------------------------------------------------------------ balances


def test_each_later_balance_of_the_lot_and_its_product_is_told() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(100)),
        received("L2", litres(50), on=day(3)),
        written_off("L1", litres(30), on=day(5)),
    ).dairy
    changes = asked(dairy, written_off("L1", litres(10), on=day(2)))
    assert (changes.since, changes.refusal, changes.picks, changes.papers) == (day(2), None, (), ())
    [lot] = changes.lots
    assert (lot.lot, lot.is_new, lot.counts) == ("L1", False, ())
    assert lot.balances == (
        DayBalance(day=day(2), before=100_000, after=90_000),
        DayBalance(day=day(5), before=70_000, after=60_000),
        DayBalance(day=TODAY, before=70_000, after=60_000),
    )
    [product] = changes.products
    assert (product.product_id, product.unit) == (MILK, litres(1).unit)
    assert product.balances == (
        DayBalance(day=day(2), before=100_000, after=90_000),
        DayBalance(day=day(3), before=150_000, after=140_000),
        DayBalance(day=day(5), before=120_000, after=110_000),
        DayBalance(day=TODAY, before=120_000, after=110_000),
    )


def test_beyond_a_count_its_adjustment_changes_and_no_balance() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(100)),
        counted("L1", litres(95), on=day(4)),
        written_off("L1", litres(5), on=day(6)),
    ).dairy
    [lot] = asked(dairy, written_off("L1", litres(3), on=day(2))).lots
    assert lot.balances == (DayBalance(day=day(2), before=100_000, after=97_000),)
    assert lot.counts == (CountChange(on=day(4), counted=95_000, before=-5_000, after=-2_000),)


def test_a_lot_said_today_never_to_have_come_changes_the_days_since() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100), on=day(2))).dairy
    changes = asked(dairy, voided("L1", on=TODAY))
    assert changes.since == day(2)
    assert changes.lots[0].balances[-1] == DayBalance(day=TODAY, before=100_000, after=0)


@pytest.mark.parametrize(
    "command",
    [
        received("L2", litres(5), on=TODAY),
        written_off("L1", litres(5), on=day(12)),
        quarantined("L1", on=day(1)),
    ],
)
def test_what_moves_nothing_in_the_past_changes_none_of_it(command: Command) -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    with dairy.store.reading() as snapshot:
        assert past_changes(snapshot, command, today=TODAY) is None


# ------------------------------------------------------------------------------------- refusals


def test_a_refused_entry_says_when_the_lot_would_be_below_zero() -> None:
    dairy = given(
        A_DAIRY, received("L1", litres(100)), written_off("L1", litres(80), on=day(5))
    ).dairy
    changes = asked(dairy, written_off("L1", litres(30), on=day(2)))
    assert isinstance(changes.refusal, NotEnoughInLot)
    assert changes.lots[0].below_zero == (
        DayBalance(day=day(5), before=20_000, after=-10_000),
        DayBalance(day=TODAY, before=20_000, after=-10_000),
    )


def test_a_count_too_low_for_what_left_since_says_so() -> None:
    dairy = given(
        A_DAIRY, received("L1", litres(100)), written_off("L1", litres(80), on=day(5))
    ).dairy
    changes = asked(dairy, counted("L1", litres(75), on=day(2)))
    assert isinstance(changes.refusal, CountContradictsLater)
    assert [each.after for each in changes.lots[0].below_zero] == [-5_000, -5_000]


def test_what_is_reserved_for_others_leaves_no_balance_below_zero() -> None:
    dairy = given(
        A_DAIRY, in_store("T1", kg(10)), sold("S1", kg(8)), prepared("V1", order="S1")
    ).dairy
    changes = asked(dairy, came_back("V1", "T1", kg(1), on=day(2)))
    assert changes.refusal is not None
    assert changes.lots == ()


# ------------------------------------------------------------------------- what FIFO would take


def gone_to_the_shop(code: str, cheese: int, on: date) -> Step:
    return sold(f"S{code}", kg(cheese), on=on), delivered(code, order=f"S{code}", on=on)


CHEESE_DAYS = (
    A_DAIRY,
    in_opening_stock("T2", kg(50), on=day(3)),
    gone_to_the_shop("V1", 20, day(4)),
    gone_to_the_shop("V2", 10, day(5)),
)


def picks(dairy: Manchengo, command: Command) -> list[tuple[date, str, str, str, str]]:
    return [
        (each.day, each.order, each.taken, each.instead, str(each.quantity))
        for each in asked(dairy, command).picks
    ]


def test_an_older_lot_entered_late_would_have_left_first() -> None:
    dairy = given(CHEESE_DAYS).dairy
    assert picks(dairy, in_opening_stock("T1", kg(25), on=day(2))) == [
        (day(4), "V1", "T2", "T1", "20 kg"),
        (day(5), "V2", "T2", "T1", "5 kg"),
    ]


def test_a_lot_that_came_after_the_one_that_left_changes_no_choice() -> None:
    dairy = given(CHEESE_DAYS).dairy
    assert picks(dairy, in_opening_stock("T3", kg(25), dated=day(4), on=day(4))) == []


def test_what_may_not_leave_that_day_would_not_have_been_taken() -> None:
    expires = in_opening_stock("T1", kg(25), on=day(2), expires=day(4))
    assert picks(given(CHEESE_DAYS).dairy, expires) == [(day(4), "V1", "T2", "T1", "20 kg")]
    asks = ChangeClient(client_id=SHOP, minimum_shelf_life_days=1)
    assert picks(given(CHEESE_DAYS, asks).dairy, expires) == []


def test_what_expires_first_goes_first_where_the_product_says_so() -> None:
    fefo = ChangeProduct(product_id=CHEESE, allocation=Policy.FEFO)
    dairy = given(A_DAIRY, fefo, CHEESE_DAYS[1:]).dairy
    later = in_opening_stock("T3", kg(5), dated=day(4), on=day(4), expires=day(30))
    assert picks(dairy, later) == [(day(4), "V1", "T2", "T3", "5 kg")]


def test_milk_taken_back_stays_reserved_and_changes_no_choice() -> None:
    dairy = given(
        A_DAIRY,
        received("R", millilitres(6), of=RENNET),
        received("L1", litres(10)),
        received("L2", litres(10), on=day(1)),
        [
            (
                planned(code, kg(1), on=on),
                started(code, on=on),
                poured(code, lot, litres(10), on=on),
            )
            for code, lot, on in (("M1", "L1", day(1)), ("M2", "L2", day(2)))
        ],
    ).dairy
    back = taken_back("M1", "L1", litres(4), on=day(1))
    assert asked(dairy, back).lots[0].balances[-1].after == 4_000
    assert picks(dairy, back) == []


def test_a_count_that_finds_more_would_have_given_it_first() -> None:
    dairy = given(
        A_DAIRY,
        in_opening_stock("T1", kg(5), on=day(1)),
        written_off("T1", kg(5), on=day(2)),
        CHEESE_DAYS[1:],
    ).dairy
    assert picks(dairy, counted("T1", kg(2), on=day(3))) == [(day(4), "V1", "T2", "T1", "2 kg")]


# ----------------------------------------------------------------------------------------- papers


def papers(dairy: Manchengo, command: Command) -> list[tuple[PaperKind, str, date]]:
    return [(each.kind, each.reference, each.day) for each in asked(dairy, command).papers]


def test_a_return_contradicts_the_note_that_was_signed_and_the_invoice() -> None:
    dairy = given(CHEESE_DAYS).dairy
    back = came_back("V1", "T2", kg(1), on=day(5))
    assert papers(dairy, back) == [], "nobody signed that all of it is there"
    for step in one_by_one([handed_over("V1", on=day(6)), a_draft("F1", deliveries=("V1",))]):
        dairy.execute(step)
    assert papers(dairy, back) == [(PaperKind.DELIVERY, "V1", day(4))], "a draft is no paper"
    dairy.execute(issued("F1", number="2026-1"))
    assert papers(dairy, came_back("V1", "T2", kg(1), on=day(5))) == [
        (PaperKind.DELIVERY, "V1", day(4)),
    ], "the invoice is older than the return"


def test_an_entry_before_the_recall_of_its_lot_contradicts_the_recall() -> None:
    dairy = given(CHEESE_DAYS, recalled("T2", on=day(7))).dairy
    assert papers(dairy, written_off("T2", kg(1), on=day(6))) == [(PaperKind.RECALL, "T2", day(7))]
    assert papers(dairy, written_off("T2", kg(1), on=day(8))) == []


# --------------------------------------------------------------------------------------- the door


def test_the_question_records_nothing_and_takes_the_right_to_the_command() -> None:
    dairy = given(CHEESE_DAYS).dairy
    late = written_off("T2", kg(1), on=day(3))
    before = everything(dairy.store)
    assert dairy.past_changes(late) is None, "in memory it is Monday, and that is to come"
    assert everything(dairy.store) == before
    driver = open_dairy(dairy.store, actor=somebody(Role.DRIVER))
    with pytest.raises(NotPermitted):
        driver.past_changes(late)


# --------------------------------------------------------------------- what is told comes true

DAYS = range(13)


def steps() -> st.SearchStrategy[list[tuple[str, int, int, int]]]:
    kinds = st.sampled_from(("enter", "sell", "write_off", "count", "come_back"))
    numbers = st.integers(0, 9)
    return st.lists(st.tuples(kinds, numbers, numbers, st.integers(1, 9)), min_size=3, max_size=9)


def as_command(number: int, kind: str, on: int, which: int, quantity: int) -> Iterator[Command]:
    """The step as one or two commands; ``which``: the lot, or the van."""
    lot, amount = f"T{which % 4}", kg(quantity)
    match kind:
        case "enter":
            expires = day(on + (which if which % 2 else 60))
            yield in_opening_stock(f"T{number % 4}", amount, on=day(on), expires=expires)
        case "sell":
            yield sold(f"S{number}", amount, on=day(on))
            yield delivered(f"V{number}", order=f"S{number}", on=day(on))
        case "write_off":
            yield written_off(lot, amount, on=day(on))
        case "count":
            yield counted(lot, amount, on=day(on))
        case _:
            yield came_back(f"V{which}", lot, amount, on=day(on))


def balances(dairy: Manchengo) -> Counter[tuple[LotId | None, date]]:
    """What each lot, and (None) all cheese together, holds each evening."""
    held: Counter[tuple[LotId | None, date]] = Counter()
    with dairy.store.reading() as snapshot:
        for number in DAYS:
            for each in lots_at(snapshot, day(number)):
                held[each.row.id, day(number)] = each.on_hand
                held[None, day(number)] += each.on_hand
    return held


def would_have_left(dairy: Manchengo, command: EnterOpeningStock) -> list[tuple[date, int]]:
    """By hand: each delivery since of a lot behind the new one takes what is left of it."""
    assert command.expires_on is not None
    rank = (command.on, command.expires_on, command.lot_id)
    left, found = command.quantity.thousandths, []
    with dairy.store.reading() as snapshot:
        rows = [row for row in snapshot.rows(MovementRow) if row.kind == "delivery"]
        for row in sorted(rows, key=lambda row: (row.day, row.cause, row.lot_id)):
            taken = snapshot.get(FinishedLotRow, row.lot_id)
            assert taken is not None
            is_behind = rank < (taken.entered_on, taken.expires_on or date.max, taken.id)
            is_good = command.on <= row.day <= command.expires_on
            if is_behind and is_good and (instead := min(left, -row.quantity)):
                left -= instead
                found.append((row.day, instead))
    return found


@settings(max_examples=150, deadline=None)
@whatever(steps(), steps())
def test_what_is_told_before_is_true_after(
    past: list[tuple[str, int, int, int]], late: list[tuple[str, int, int, int]]
) -> None:
    dairy = given(A_DAIRY).dairy
    for number, step in enumerate(past):
        with suppress(Refused):
            for command in as_command(number, *step):
                dairy.execute(command)
    for number, step in enumerate(late, len(past)):
        for command in as_command(number, *step):
            with dairy.store.reading() as snapshot:
                changes = past_changes(snapshot, command, today=TODAY)
            before = balances(dairy)
            expected = (
                would_have_left(dairy, command) if isinstance(command, EnterOpeningStock) else None
            )
            with suppress(Refused):
                dairy.execute(command)
                assert_true(changes, before, balances(dairy))
                if changes is not None and expected is not None:
                    found = [(each.day, each.quantity.thousandths) for each in changes.picks]
                    assert found == expected
                continue
            assert changes is None or changes.refusal is not None
            break


def assert_true(
    changes: PastChanges | None,
    before: Counter[tuple[LotId | None, date]],
    after: Counter[tuple[LotId | None, date]],
) -> None:
    """Each balance that is told is right, and nothing else changes."""
    changed = {key for key in {*before, *after} if before[key] != after[key] and key[1] < TODAY}
    if changes is None:
        assert not changed
        return
    assert changes.refusal is None
    told: list[tuple[LotId | None, tuple[DayBalance, ...]]]
    told = [(lot.lot_id, lot.balances) for lot in changes.lots]
    told += [(None, product.balances) for product in changes.products]
    for key, its_balances in told:
        for balance in its_balances:
            assert balance.before == before[key, balance.day]
            assert balance.after == after[key, balance.day]
        first = min((on for of, on in changed if of == key), default=None)
        days = {balance.day for balance in its_balances}
        assert first is None or first in days, "a change begins on a day on which something moves"
    lots = {lot.lot_id for lot in changes.lots}
    assert {of for of, _ in changed} <= {None, *lots}
