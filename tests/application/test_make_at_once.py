"""A make told at once is the make told step by step: the same books, or the same refusal.

All that differs is what nobody needs: milk poured in the same breath was never kept for the order.
"""

from contextlib import suppress

import pytest
from attrs import evolve
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st

from manchengo import Manchengo, Quantity, Refused, Unit
from manchengo.application.refusals import facts
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.application.views.rebuild import stored_rows
from manchengo.commands import (
    ArchiveProduct,
    ChangeProduct,
    Command,
    CompleteProduction,
    ConsumeMaterial,
    DefineRecipe,
    PlanProduction,
    Produce,
    StartProduction,
)
from manchengo.domain.aggregates import PRODUCTION_ORDER
from manchengo.domain.allocation import Policy
from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.lot.commands import Role as Came
from manchengo.domain.production_order import (
    Completed,
    NothingConsumed,
    ProductionPlanned,
    ProductionStarted,
    make,
)
from manchengo.domain.recipe import Ingredient
from manchengo.ports.rows import ReservationRow, Row
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RECIPE,
    RENNET,
    WHEY,
    abandoned,
    amount,
    an_id,
    an_output,
    blocked,
    counted,
    day,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    make_id,
    millilitres,
    planned,
    poured,
    quarantined,
    received,
    started,
    written_off,
)
from tests.support.given import Step, events_of, given, one_by_one

WHOLE = made("O1", kg(10), outputs=(an_output("T1", kg(9)),))
READY = (
    A_DAIRY,
    received("L1", litres(60), on=day(-1)),
    received("L2", litres(60)),
    received("R1", millilitres(100), of=RENNET),
)

Answer = tuple[type[Refused], dict[str, object]] | tuple[object, list[Row]]
"""A refusal and its facts, or the order as it is folded and every row of every view."""


def at_once(dairy: Manchengo, whole: Produce) -> Answer:
    try:
        dairy.execute(whole)
    except Refused as refusal:
        return type(refusal), facts(refusal)
    return outcome(dairy, whole)


def step_by_step(dairy: Manchengo, whole: Produce) -> Answer:
    order, on = whole.order_id, whole.on
    try:
        dairy.execute(
            PlanProduction(
                order_id=order,
                code=whole.code,
                product_id=whole.product_id,
                planned=whole.planned,
                on=on,
            )
        )
        (start, *_) = events_of(dairy.execute(StartProduction(order_id=order, on=on)))
        assert isinstance(start, ProductionStarted)
        for pick in start.picks:
            dairy.execute(
                ConsumeMaterial(order_id=order, lot_id=pick.lot_id, quantity=pick.quantity, on=on)
            )
        dairy.execute(
            CompleteProduction(
                order_id=order,
                outputs=whole.outputs,
                on=on,
                lost=whole.lost,
                loss_reason=whole.loss_reason,
            )
        )
    except Refused as refusal:
        return type(refusal), facts(refusal)
    return outcome(dairy, whole)


def outcome(dairy: Manchengo, whole: Produce) -> Answer:
    assert dairy.verify().sound
    with dairy.store.reading() as snapshot:
        order = UnitOfWork(snapshot).load(PRODUCTION_ORDER, whole.order_id)
        rows = [row for row in stored_rows(snapshot) if not _kept_for(row, whole)]
    return order, rows


def _kept_for(row: Row, whole: Produce) -> bool:
    return isinstance(row, ReservationRow) and row.owner == whole.order_id


# ------------------------------------------------------------------------------ the same outcome


@pytest.mark.parametrize(
    "whole",
    [
        WHOLE,
        evolve(WHOLE, lost=amount(500, Unit.G), loss_reason=" rind "),
        evolve(WHOLE, outputs=(), lost=kg(10), loss_reason="did not set"),
        evolve(WHOLE, planned=amount(1_500, Unit.G)),
        evolve(
            WHOLE,
            outputs=(
                an_output("T1", kg(4), expires=day(30)),
                an_output("T2", kg(4)),
                an_output("W1", millilitres(80_000), of=WHEY, role=Came.BY_PRODUCT),
            ),
        ),
    ],
)
def test_what_is_made_at_once_stands_as_if_made_step_by_step(whole: Produce) -> None:
    answer = at_once(given(READY).dairy, whole)
    assert not isinstance(answer[0], type), answer
    assert answer == step_by_step(given(READY).dairy, whole)


def test_what_is_made_at_once_is_kept_for_nobody_first() -> None:
    dairy = given(READY).dairy
    dairy.execute(WHOLE)
    with dairy.store.reading() as snapshot:
        assert list(snapshot.rows(ReservationRow)) == []


# ------------------------------------------------------------------------------ the same refusals

NEXT = evolve(made("O2", kg(1)), order_id=make_id("O1"))
TWIN_CODE = evolve(an_output("T1", kg(1)), lot_id=LotId(an_id("twin")))
TWIN_LOT = evolve(an_output("T2", kg(1)), lot_id=lot_id("T1"))
THIN = DefineRecipe(
    recipe_id=RECIPE,
    product_id=CHEESE,
    batch=kg(1_000_000),
    ingredients=(Ingredient(MILK, litres("0.001")),),
    valid_from=day(0),
)
"""So little milk for so much cheese that a kilogram takes none."""


@pytest.mark.parametrize(
    ("before", "whole"),
    [
        # The plan.
        ((), evolve(WHOLE, planned=kg(0))),
        ((), evolve(WHOLE, planned=litres(1))),
        ((), evolve(WHOLE, code=" ")),
        ((), evolve(WHOLE, product_id=MILK)),
        ((), evolve(WHOLE, product_id=WHEY)),
        ((), evolve(WHOLE, product_id=ProductId(an_id("?")))),
        ((), evolve(WHOLE, on=day(-1))),
        (planned("O1", kg(1)), NEXT),
        (planned("O1", kg(1)), evolve(WHOLE, order_id=make_id("O2"))),
        (ArchiveProduct(product_id=CHEESE), WHOLE),
        # The materials.
        ((), evolve(WHOLE, planned=kg(100))),
        ((), evolve(WHOLE, planned=kg(13))),
        (received("L3", litres(60), on=day(1)), evolve(WHOLE, planned=kg(13))),
        (received("L3", litres(60), expires=day(0)), evolve(WHOLE, planned=kg(18), on=day(1))),
        (blocked("L1"), WHOLE),
        (quarantined("L2"), WHOLE),
        ((planned("O9", kg(3)), started("O9")), WHOLE),
        (written_off("L1", litres(60), on=day(5)), WHOLE),
        (counted("L2", litres(39), on=day(5)), WHOLE),
        # What came out.
        ((), evolve(WHOLE, outputs=())),
        ((), evolve(WHOLE, outputs=(), lost=kg(0))),
        ((), evolve(WHOLE, lost=kg(1), loss_reason=" ")),
        ((), evolve(WHOLE, lost=litres(1), loss_reason="spilt")),
        ((), evolve(WHOLE, outputs=(an_output("T1", kg(0)),))),
        ((), evolve(WHOLE, outputs=(an_output("T1", litres(1)),))),
        ((), evolve(WHOLE, outputs=(an_output("W1", litres(1), of=WHEY),))),
        ((), evolve(WHOLE, outputs=(an_output("L9", litres(1), of=MILK),))),
        ((), evolve(WHOLE, outputs=(an_output("T1", kg(1)), TWIN_CODE))),
        ((), evolve(WHOLE, outputs=(an_output("T1", kg(1)), TWIN_LOT))),
        ((), evolve(WHOLE, outputs=(an_output("T1", kg(1), expires=day(-1)),))),
        ((), evolve(WHOLE, outputs=(evolve(an_output("L1", kg(1)), lot_id=lot_id("T1")),))),
        (in_store("T1", kg(1)), WHOLE),
        (
            ArchiveProduct(product_id=WHEY),
            evolve(WHOLE, outputs=(an_output("W1", litres(1), of=WHEY, role=Came.BY_PRODUCT),)),
        ),
    ],
)
def test_what_is_refused_step_by_step_is_refused_at_once(before: Step, whole: Produce) -> None:
    answer = at_once(given(READY, before).dairy, whole)
    assert isinstance(answer[0], type), answer
    assert answer == step_by_step(given(READY, before).dairy, whole)


def test_of_an_ingredient_too_little_to_weigh_a_thousandth_is_poured() -> None:
    whole = evolve(WHOLE, planned=kg(1))
    stands = at_once(given(READY, THIN).dairy, whole)
    assert stands == step_by_step(given(READY, THIN).dairy, whole)
    order = stands[0]
    assert isinstance(order, Completed)
    assert [(each.lot_id, each.quantity) for each in order.started.consumed] == [
        (lot_id("L1"), litres("0.001"))
    ]


def test_cheese_is_not_made_of_nothing_at_all() -> None:
    plan = ProductionPlanned(
        order_id=make_id("O1"),
        code="O1",
        product_id=CHEESE,
        recipe_id=RECIPE,
        recipe_version=1,
        planned=kg(1),
        needs=(),
        on=day(0),
    )
    with pytest.raises(NothingConsumed) as caught:
        make(plan, (), WHOLE)
    assert facts(caught.value) == {"order": "O1"}


# ----------------------------------------------------------------------- whatever happened before

days = st.integers(min_value=0, max_value=6).map(day)
few = st.integers(min_value=1, max_value=9).map(lambda number: Quantity(1_000 * number, Unit.L))
lots = st.sampled_from(["L1", "L2", "L3"])
makes = st.sampled_from(["P1", "P2"])
cheese = st.sampled_from([kg("0.3"), kg("0.7"), kg("1.1")])
receptions = st.tuples(
    *(
        st.builds(received, st.just(f"L{n}"), few, on=days, expires=st.none() | days)
        for n in (1, 2, 3)
    )
)
happenings = st.lists(
    st.builds(written_off, lots, few, on=days)
    | st.builds(counted, lots, few, on=days)
    | st.builds(blocked, lots, on=days)
    | st.builds(planned, makes, cheese, on=days)
    | st.builds(started, makes, on=days)
    | st.builds(poured, makes, lots, few, on=days, reason=st.just("here"))
    | st.builds(abandoned, makes, on=days)
    | st.builds(made, makes, cheese, on=days),
    max_size=8,
)


def whatever_happened(came: Step, some: list[Command], policy: Policy) -> Manchengo:
    rennet = received("R1", millilitres(1_000), of=RENNET)
    dairy = given(A_DAIRY, rennet, ChangeProduct(product_id=MILK, allocation=policy)).dairy
    for command in one_by_one([came, some]):
        with suppress(Refused):
            dairy.execute(command)
    return dairy


@settings(max_examples=80)
@whatever(
    came=receptions,
    some=happenings,
    policy=st.sampled_from(Policy),
    whole=st.builds(made, st.just("NOW"), cheese, on=days),
)
def test_at_once_or_step_by_step_the_answer_is_the_same(
    came: Step, some: list[Command], policy: Policy, whole: Produce
) -> None:
    one, other = (whatever_happened(came, some, policy) for _ in range(2))
    assert at_once(one, whole) == step_by_step(other, whole)
