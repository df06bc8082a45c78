"""What the rules allow, and a person had better look at again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from manchengo import Percent
from manchengo.application.doubts import (
    Doubt,
    DoubtfulClock,
    FarAhead,
    LongPast,
    UnlikelyYield,
    doubts,
    of_clock,
)
from manchengo.commands import Command, DefineRecipe
from manchengo.domain.recipe import Ingredient
from manchengo.domain.values import Quantity, Unit
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RECIPE,
    RENNET,
    an_output,
    completed,
    day,
    kg,
    litres,
    made,
    millilitres,
    planned,
    poured,
    prepared,
    received,
    started,
)
from tests.support.given import Given, given

TODAY = day(0)
MOMENT = datetime(2026, 3, 3, 6, tzinfo=UTC)
STOCKED = (
    A_DAIRY,
    received("L1", litres(500)),
    received("R1", millilitres(500), of=RENNET),
)


@pytest.mark.parametrize(
    ("before", "is_doubtful"),
    [
        (MOMENT - timedelta(days=366), False),
        (MOMENT - timedelta(days=366, seconds=1), True),
        (MOMENT + timedelta(days=1), False),
        (MOMENT + timedelta(days=1, seconds=1), True),
    ],
)
def test_a_clock_that_moved_is_doubted(before: datetime, is_doubtful: bool) -> None:
    expected = DoubtfulClock(now=MOMENT, before=before) if is_doubtful else None
    assert of_clock(MOMENT, before) == expected


def test_a_clock_from_before_the_program_is_doubted_each_time() -> None:
    assert of_clock(MOMENT, None) is None
    for now in (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)):
        for before in (None, now, MOMENT):
            assert of_clock(now, before) == DoubtfulClock(now=now, before=None)


def doubted(before: Given, command: Command) -> tuple[Doubt, ...]:
    with before.dairy.store.reading() as snapshot:
        return doubts(snapshot, command, today=TODAY)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (day(0), ()),
        (day(1), ()),
        (day(2), (FarAhead(on=day(2), today=TODAY),)),
        (date(2062, 1, 5), (FarAhead(on=date(2062, 1, 5), today=TODAY),)),
        (date.max, (FarAhead(on=date.max, today=TODAY),)),
        (TODAY - timedelta(days=732), ()),
        (TODAY - timedelta(days=733), (LongPast(on=TODAY - timedelta(days=733), today=TODAY),)),
        (date(1026, 1, 5), (LongPast(on=date(1026, 1, 5), today=TODAY),)),
        (date.min, (LongPast(on=date.min, today=TODAY),)),
    ],
)
def test_a_day_beyond_tomorrow_or_years_back_is_doubted(
    on: date, expected: tuple[Doubt, ...]
) -> None:
    assert doubted(given(A_DAIRY), received("L9", litres(1), on=on)) == expected


def test_what_is_planned_ahead_as_a_matter_of_course_is_doubted_after_a_year_only() -> None:
    for plan in (planned("O1", kg(1), on=day(300)), prepared("V1", order="S1", on=day(300))):
        assert doubted(given(A_DAIRY), plan) == ()
        late = evolve(plan, on=day(400))
        assert doubted(given(A_DAIRY), late) == (FarAhead(on=day(400), today=TODAY),)


@pytest.mark.parametrize(
    ("obtained", "is_doubted"),
    [("7.499", True), ("7.5", False), ("10", False), ("12.5", False), ("12.501", True)],
)
def test_a_yield_a_quarter_away_from_the_recipe_is_doubted(obtained: str, is_doubted: bool) -> None:
    make = made("O1", kg(10), outputs=(an_output("T1", kg(obtained)),))
    expected = UnlikelyYield(order="O1", expected=kg(10), obtained=kg(obtained))
    assert doubted(given(STOCKED), make) == ((expected,) if is_doubted else ())
    recorded = given(STOCKED, make)
    assert doubted(recorded, make) == ((expected,) if is_doubted else ()), "and once recorded"


def test_a_loss_that_is_declared_explains_what_is_missing() -> None:
    make = evolve(
        made("O1", kg(10), outputs=(an_output("T1", kg(5)),)), lost=kg(4), loss_reason="burnt"
    )
    assert doubted(given(STOCKED), make) == ()


def test_a_recipe_that_expects_less_is_believed() -> None:
    half = DefineRecipe(
        recipe_id=RECIPE,
        product_id=CHEESE,
        batch=kg(10),
        ingredients=(Ingredient(MILK, litres(100)),),
        valid_from=day(0),
        expected_yield=Percent(5_000),
    )
    make = made("O1", kg(10), outputs=(an_output("T1", kg(5)),))
    assert doubted(given(STOCKED, half), make) == ()
    whole = made("O1", kg(10))
    assert doubted(given(STOCKED, half), whole) == (
        UnlikelyYield(order="O1", expected=kg(5), obtained=kg(10)),
    )


def test_step_by_step_the_yield_is_that_of_what_was_poured() -> None:
    double = (
        *STOCKED,
        planned("O1", kg(10)),
        started("O1"),
        poured("O1", "L1", litres(200)),
        poured("O1", "R1", millilitres(30)),
    )
    assert doubted(given(double), completed("O1", an_output("T1", kg(20)))) == ()
    too_much = completed("O1", an_output("T1", kg(26)))
    expected = (UnlikelyYield(order="O1", expected=kg(20), obtained=kg(26)),)
    assert doubted(given(double), too_much) == expected
    assert doubted(given(double, too_much), too_much) == expected, "and once it is recorded"
    too_little = completed("O1", an_output("T1", Quantity(7_400, Unit.KG)))
    assert doubted(given(double), too_little) == (
        UnlikelyYield(order="O1", expected=kg(10), obtained=kg("7.4")),
    )


def test_a_command_that_makes_no_sense_is_left_to_the_rules() -> None:
    assert doubted(given(A_DAIRY), completed("O9", an_output("T1", kg(1)))) == ()
    assert doubted(given(A_DAIRY), made("O1", kg(1), outputs=(an_output("T1", litres(1)),))) == ()
    only_planned = given(A_DAIRY, planned("O1", kg(1)))
    assert doubted(only_planned, completed("O1", an_output("T1", kg(9)))) == ()
