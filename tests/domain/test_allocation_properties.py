"""First in, first out: every sentence of the promise, against a dairyman with a ladle.

The oracle shares no code with what it judges. It takes one ladle after another, each time from the
lot that a dairyman would point at, comparing lots two by two and counting on his fingers.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from attrs import evolve, frozen
from hypothesis import example, given
from hypothesis import strategies as st

from manchengo.domain.allocation import (
    Allocation,
    Candidate,
    Passed,
    Pick,
    Policy,
    Purpose,
    Skipped,
    Standing,
    allocate,
)
from manchengo.domain.ids import LotId
from manchengo.domain.values import Quantity, Unit, UnitsDiffer
from tests.support.dairy import day, kg, litres

# --------------------------------------------------------------------- what a dairy may look like


def ladles(number: int) -> Quantity:
    return Quantity(number, Unit.L)


def numbered(number: int) -> LotId:
    return LotId(UUID(int=number))


@frozen
class Question:
    """All that an allocation depends on."""

    on: date
    policy: Policy
    purpose: Purpose
    minimum: int

    def answer(self, lots: Sequence[Candidate], wanted: int) -> Allocation:
        return allocate(
            lots,
            ladles(wanted),
            on=self.on,
            policy=self.policy,
            purpose=self.purpose,
            minimum_shelf_life_days=self.minimum,
        )


days = st.integers(min_value=0, max_value=12).map(day)
"""Few days, so that lots of one day, and of one expiry, are the rule."""

lots = st.lists(
    st.builds(
        Candidate,
        lot_id=st.integers(min_value=1, max_value=30).map(numbered),
        received_on=days,
        expires_on=st.none() | days,
        free=st.integers(min_value=0, max_value=6).map(ladles),
        standing=st.sampled_from([Standing.RELEASED] * 5 + list(Standing)),
    ),
    max_size=8,
    unique_by=lambda lot: lot.lot_id,
)
wants = st.integers(min_value=0, max_value=25)
questions = st.builds(
    Question,
    on=days,
    policy=st.sampled_from(Policy),
    purpose=st.sampled_from(Purpose),
    minimum=st.sampled_from([0, 0, 0, 1, 3, 30]),
)

# ----------------------------------------------------------------------------------- the dairyman


def dairyman(asked: Question, some: Sequence[Candidate], wanted: int) -> dict[LotId, int]:
    """How many ladles he takes of each lot, in the order in which he first turns to it."""
    left = {lot.lot_id: lot.free.thousandths for lot in some if why_not(asked, lot) is None}
    by_id = {lot.lot_id: lot for lot in some}
    taken: dict[LotId, int] = {}
    for _ in range(wanted):
        best: Candidate | None = None
        for lot_id, remaining in left.items():
            if remaining and (best is None or goes_before(asked, by_id[lot_id], best)):
                best = by_id[lot_id]
        if best is None:
            break
        left[best.lot_id] -= 1
        taken[best.lot_id] = taken.get(best.lot_id, 0) + 1
    return taken


def goes_before(asked: Question, one: Candidate, other: Candidate) -> bool:
    """Whether ``one`` is taken first: by the first thing in which the two differ."""
    if asked.policy.value == "FEFO" and one.expires_on != other.expires_on:
        return expires_sooner(one, other)
    if one.received_on != other.received_on:
        return one.received_on < other.received_on
    if one.expires_on != other.expires_on:
        return expires_sooner(one, other)
    return one.lot_id < other.lot_id


def expires_sooner(one: Candidate, other: Candidate) -> bool:
    """What never expires comes last."""
    if one.expires_on is None:
        return False
    return other.expires_on is None or one.expires_on < other.expires_on


def why_not(asked: Question, lot: Candidate) -> str | None:
    """Why he passes it over; the first reason that holds."""
    on_that_day = asked.on.toordinal()
    if lot.received_on.toordinal() > on_that_day:
        return "not_yet_here"
    if asked.purpose.value != "disposal":
        if lot.standing.value in ("quarantined", "blocked", "recalled"):
            return str(lot.standing.value)
        if lot.expires_on is not None:
            days_left = lot.expires_on.toordinal() - on_that_day
            if days_left < 0:
                return "expired"
            if days_left < asked.minimum:
                return "shelf_life_too_short"
    return None if lot.free.thousandths else "exhausted"


# ------------------------------------------------------------------------------- what is promised


@given(asked=questions, some=lots, wanted=wants)
def test_the_picks_are_those_of_the_dairyman(
    asked: Question, some: list[Candidate], wanted: int
) -> None:
    answer = asked.answer(some, wanted)
    picked = [(pick.lot_id, pick.quantity.thousandths) for pick in answer.picks]
    assert picked == list(dairyman(asked, some, wanted).items())


@given(asked=questions, some=lots, wanted=wants)
def test_the_picks_add_up_to_what_is_wanted_or_to_all_there_is(
    asked: Question, some: list[Candidate], wanted: int
) -> None:
    answer = asked.answer(some, wanted)
    eligible = sum(lot.free.thousandths for lot in some if why_not(asked, lot) is None)
    picked = sum(pick.quantity.thousandths for pick in answer.picks)
    assert picked == min(wanted, eligible)
    assert answer.shortfall == ladles(wanted - picked)


@given(asked=questions, some=lots, wanted=wants)
def test_no_pick_is_empty_none_exceeds_its_lot_and_all_but_the_last_drain_theirs(
    asked: Question, some: list[Candidate], wanted: int
) -> None:
    held = {lot.lot_id: lot.free for lot in some}
    picks = asked.answer(some, wanted).picks
    assert len({pick.lot_id for pick in picks}) == len(picks)
    assert all(ladles(0) < pick.quantity <= held[pick.lot_id] for pick in picks)
    assert all(pick.quantity == held[pick.lot_id] for pick in picks[:-1])


@given(asked=questions, some=lots, wanted=wants, chance=st.randoms(use_true_random=False))
def test_the_order_in_which_lots_are_handed_in_means_nothing(
    asked: Question, some: list[Candidate], wanted: int, chance: Random
) -> None:
    another = list(some)
    chance.shuffle(another)
    assert asked.answer(another, wanted) == asked.answer(some, wanted)


@given(asked=questions, some=lots, first=wants, then=wants)
def test_asking_twice_is_asking_once_for_both(
    asked: Question, some: list[Candidate], first: int, then: int
) -> None:
    one = asked.answer(some, first)
    taken = {pick.lot_id: pick.quantity for pick in one.picks}
    rest = [evolve(lot, free=lot.free - taken.get(lot.lot_id, ladles(0))) for lot in some]
    two = asked.answer(rest, then)
    together = asked.answer(some, first + then)
    both: dict[LotId, Quantity] = dict(taken)
    for pick in two.picks:
        both[pick.lot_id] = both.get(pick.lot_id, ladles(0)) + pick.quantity
    assert list(both.items()) == [(pick.lot_id, pick.quantity) for pick in together.picks]
    assert one.shortfall + two.shortfall == together.shortfall


@given(asked=questions, some=lots, wanted=wants, more=wants)
def test_wanting_more_only_extends_the_plan(
    asked: Question, some: list[Candidate], wanted: int, more: int
) -> None:
    plan, longer = asked.answer(some, wanted), asked.answer(some, wanted + more)
    kept = len(plan.picks) - 1
    assert longer.picks[: max(0, kept)] == plan.picks[: max(0, kept)]
    if plan.picks:
        assert longer.picks[kept].lot_id == plan.picks[kept].lot_id
        assert longer.picks[kept].quantity >= plan.picks[kept].quantity
    assert longer.skipped == plan.skipped


@given(asked=questions, some=lots, wanted=wants)
def test_every_lot_passed_over_is_explained_and_no_other(
    asked: Question, some: list[Candidate], wanted: int
) -> None:
    answer = asked.answer(some, wanted)
    explained = {passed.lot_id: passed.reason.value for passed in answer.skipped}
    reasons = {lot.lot_id: why_not(asked, lot) for lot in some}
    assert explained == {lot_id: why for lot_id, why in reasons.items() if why is not None}
    assert len(explained) == len(answer.skipped)


@given(asked=questions, some=lots, wanted=wants)
def test_lots_passed_over_are_named_in_the_order_in_which_they_would_have_been_taken(
    asked: Question, some: list[Candidate], wanted: int
) -> None:
    by_id = {lot.lot_id: lot for lot in some}
    named = [by_id[passed.lot_id] for passed in asked.answer(some, wanted).skipped]
    assert all(goes_before(asked, one, other) for one, other in pairwise(named))


# --------------------------------------------------------------------------- the days that decide

MILK = Candidate(lot_id=numbered(1), received_on=day(2), expires_on=day(9), free=ladles(5))


@given(on=days, minimum=st.integers(min_value=0, max_value=10))
@example(on=day(1), minimum=0)
@example(on=day(2), minimum=0)
@example(on=day(9), minimum=0)
@example(on=day(10), minimum=0)
@example(on=day(6), minimum=3)
@example(on=day(7), minimum=3)
def test_a_lot_serves_from_its_reception_to_its_last_day_less_the_life_asked(
    on: date, minimum: int
) -> None:
    answer = allocate([MILK], ladles(1), on=on, minimum_shelf_life_days=minimum)
    serves = day(2) <= on and (day(9) - on).days >= minimum
    assert bool(answer.picks) == serves


@pytest.mark.parametrize(
    ("on", "minimum", "reason"),
    [
        (day(1), 0, Skipped.NOT_YET_HERE),
        (day(10), 0, Skipped.EXPIRED),
        (day(10), 5, Skipped.EXPIRED),
        (day(9), 1, Skipped.SHELF_LIFE_TOO_SHORT),
    ],
)
def test_the_reason_is_the_one_a_person_would_give(on: date, minimum: int, reason: Skipped) -> None:
    answer = allocate([MILK], ladles(1), on=on, minimum_shelf_life_days=minimum)
    assert answer.skipped == (Passed(MILK.lot_id, reason),)


def test_salt_never_expires_whatever_life_is_asked() -> None:
    salt = evolve(MILK, expires_on=None)
    answer = allocate([salt], ladles(1), on=day(9_999), minimum_shelf_life_days=9_999)
    assert answer.picks == (Pick(salt.lot_id, ladles(1)),)


@pytest.mark.parametrize("standing", [Standing.QUARANTINED, Standing.BLOCKED, Standing.RECALLED])
@pytest.mark.parametrize("purpose", [Purpose.PRODUCTION, Purpose.SALE])
def test_what_is_not_released_is_neither_made_into_anything_nor_sold(
    standing: Standing, purpose: Purpose
) -> None:
    answer = allocate([evolve(MILK, standing=standing)], ladles(1), on=day(5), purpose=purpose)
    assert answer == Allocation(
        picks=(),
        shortfall=ladles(1),
        skipped=(Passed(MILK.lot_id, Skipped(standing.value)),),
    )


@pytest.mark.parametrize("standing", list(Standing))
def test_anything_that_is_here_may_be_disposed_of(standing: Standing) -> None:
    spoiled = evolve(MILK, standing=standing)
    answer = allocate([spoiled], ladles(1), on=day(99), purpose=Purpose.DISPOSAL)
    assert answer.picks == (Pick(MILK.lot_id, ladles(1)),)


# ------------------------------------------------------------------------------------------- ties

OLDEST = Candidate(lot_id=numbered(9), received_on=day(0), expires_on=None, free=ladles(1))
OF_ONE_DAY = Candidate(lot_id=numbered(8), received_on=day(1), expires_on=day(8), free=ladles(1))
EXPIRING_LATER = evolve(OF_ONE_DAY, lot_id=numbered(3), expires_on=day(9))
NEVER_EXPIRING = evolve(OF_ONE_DAY, lot_id=numbered(2), expires_on=None)
TWIN = evolve(OF_ONE_DAY, lot_id=numbered(7))


@pytest.mark.parametrize(
    ("policy", "order"),
    [
        (Policy.FIFO, [OLDEST, TWIN, OF_ONE_DAY, EXPIRING_LATER, NEVER_EXPIRING]),
        (Policy.FEFO, [TWIN, OF_ONE_DAY, EXPIRING_LATER, OLDEST, NEVER_EXPIRING]),
    ],
)
def test_ties_are_broken_by_the_other_date_and_then_by_the_identifier(
    policy: Policy, order: list[Candidate]
) -> None:
    answer = allocate(order[::-1], ladles(5), on=day(5), policy=policy)
    assert [pick.lot_id for pick in answer.picks] == [lot.lot_id for lot in order]


# ------------------------------------------------------------------------------------------ units


def test_no_lots_at_all_leave_everything_wanting() -> None:
    assert allocate([], kg(3), on=day(0)) == Allocation(picks=(), shortfall=kg(3))


def test_litres_are_not_picked_for_kilograms() -> None:
    with pytest.raises(UnitsDiffer):
        allocate([evolve(MILK, free=litres(1))], kg(1), on=day(5))
