"""A step that follows another is never dated before it; on the same day it may be."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from attrs import evolve, frozen

from manchengo.commands import Command, ConfirmReception, VoidPayment
from manchengo.domain.errors import OutOfOrder
from manchengo.domain.production_order import (
    ProductionCompleted,
    ProductionPlanned,
    ProductionStarted,
)
from tests.support.billing import (
    A_BILL,
    CHEESE_LINE,
    GROSS,
    a_credit,
    a_draft,
    allocated,
    credit_issued,
    issued,
    paid,
    payment_id,
)
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    RECIPE,
    RENNET,
    a_line,
    abandoned,
    an_output,
    called_off,
    came_back,
    closed,
    completed,
    confirmed,
    day,
    delivered,
    gone,
    in_store,
    kg,
    litres,
    loaded,
    make_id,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    received,
    sold,
    started,
    stayed,
    van_id,
)
from tests.support.given import given

STOCKED = (A_DAIRY, in_store("T1", kg(10)))
ASKED = (*STOCKED, ordered("S1", a_line(kg(10)), on=day(3)))
KEPT = (*STOCKED, sold("S1", kg(10), on=day(3)))
ABOARD = (
    *KEPT,
    prepared("V1", order="S1", on=day(3)),
    loaded("V1", "T1", kg(2), on=day(3)),
    loaded("V1", "T1", kg(2), on=day(5)),
)
AWAY = (*ABOARD, gone("V1", on=day(6)))
MATERIALS = (
    A_DAIRY,
    received("L1", litres(100)),
    received("R1", millilitres(30), of=RENNET),
    planned("O1", kg(10), on=day(3)),
)
BEGUN = (*MATERIALS, started("O1", on=day(4)))
POURED = (
    *BEGUN,
    poured("O1", "L1", litres(50), on=day(6)),
    poured("O1", "R1", millilitres(30), on=day(5)),
)
OWED = (A_BILL, paid("P1", GROSS))


@frozen
class Case:
    """``step`` on the day named by ``not_before`` is right; on the day before it is refused."""

    given: tuple[object, ...]
    step: Callable[[date], Command]
    after: str
    not_before: date


def received_by(on: date) -> ConfirmReception:
    return ConfirmReception(delivery_id=van_id("V1"), on=on, received_by="Amina")


def voided(on: date) -> VoidPayment:
    return VoidPayment(payment_id=payment_id("P1"), on=on, reason="bounced")


CASES = {
    "an order is confirmed once placed": Case(
        ASKED, lambda on: confirmed("S1", on=on), "place", day(3)
    ),
    "an order is called off once placed": Case(
        ASKED, lambda on: called_off("S1", on=on), "place", day(3)
    ),
    "an order is called off once confirmed": Case(
        (*ASKED, confirmed("S1", on=day(5))), lambda on: called_off("S1", on=on), "confirm", day(5)
    ),
    "a delivery is prepared once its order is there": Case(
        KEPT, lambda on: prepared("V1", order="S1", on=on), "place", day(3)
    ),
    "a delivery is prepared once its order is confirmed": Case(
        (*ASKED, confirmed("S1", on=day(5))),
        lambda on: prepared("V1", order="S1", on=on),
        "confirm",
        day(5),
    ),
    "all at once leaves once its order is there": Case(
        KEPT, lambda on: delivered("V1", order="S1", on=on), "place", day(3)
    ),
    "a van is loaded once the order is there": Case(
        (*KEPT, prepared("V1", order="S1", on=day(4))),
        lambda on: loaded("V1", "T1", kg(1), on=on),
        "place",
        day(3),
    ),
    "a van leaves once it is loaded": Case(ABOARD, lambda on: gone("V1", on=on), "load", day(5)),
    "a van stays once it was loaded": Case(ABOARD, lambda on: stayed("V1", on=on), "load", day(5)),
    "the client has it once it left": Case(AWAY, received_by, "dispatch", day(6)),
    "it comes back once it left": Case(
        AWAY, lambda on: came_back("V1", "T1", kg(1), on=on), "dispatch", day(6)
    ),
    "an order is closed once it was delivered": Case(
        AWAY, lambda on: closed("S1", on=on), "deliver", day(6)
    ),
    "a material is poured once the make is begun": Case(
        BEGUN, lambda on: poured("O1", "L1", litres(1), on=on), "start", day(4)
    ),
    "the cheese comes out once all is poured": Case(
        POURED, lambda on: completed("O1", an_output("T2", kg(9)), on=on), "consume", day(6)
    ),
    "a make is given up once it is begun": Case(
        BEGUN, lambda on: abandoned("O1", on=on), "start", day(4)
    ),
    "a make is given up once something was poured": Case(
        POURED, lambda on: abandoned("O1", on=on), "consume", day(6)
    ),
    "an invoice is issued once drafted": Case(
        (A_DAIRY, a_draft("F1")), lambda on: evolve(issued("F1"), on=on), "draft", day(1)
    ),
    "an invoice is due once issued": Case(
        (A_DAIRY, a_draft("F1")), lambda on: evolve(issued("F1"), due_on=on), "issue", day(2)
    ),
    "an invoice is paid once issued": Case(
        (A_BILL, evolve(paid("P1", GROSS), on=day(0))),
        lambda on: evolve(allocated("P1", "F1", GROSS), on=on),
        "issue",
        day(2),
    ),
    "money settles something once it came": Case(
        OWED, lambda on: evolve(allocated("P1", "F1", GROSS), on=on), "receive", day(3)
    ),
    "money is taken back once it came": Case(OWED, voided, "receive", day(3)),
    "money is taken back once it settled something": Case(
        (*OWED, evolve(allocated("P1", "F1", GROSS), on=day(5))), voided, "allocate", day(5)
    ),
    "an invoice is credited once issued": Case(
        (A_BILL,), lambda on: evolve(a_credit("A1", "F1", CHEESE_LINE), on=on), "issue", day(2)
    ),
    "a credit note is issued once drafted": Case(
        (A_BILL, a_credit("A1", "F1", CHEESE_LINE)),
        lambda on: evolve(credit_issued("A1"), on=on),
        "draft",
        day(3),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_on_the_day_itself_it_is_right_and_on_the_eve_it_is_refused(case: Case) -> None:
    eve = case.not_before - timedelta(days=1)
    given(case.given).when(case.step(case.not_before)).done()
    given(case.given).when(case.step(eve)).refused(
        OutOfOrder, on=eve, after=case.after, after_on=case.not_before
    )


def test_a_make_may_begin_or_be_given_up_before_the_day_it_was_planned_for() -> None:
    given(MATERIALS).when(started("O1", on=day(2))).done()
    given(MATERIALS).when(abandoned("O1", on=day(0))).done()


def test_a_van_may_be_loaded_on_the_eve_of_the_day_its_note_is_for() -> None:
    note_for_tomorrow = (*KEPT, prepared("V1", order="S1", on=day(6)))
    given(note_for_tomorrow).when(loaded("V1", "T1", kg(1), on=day(5))).done()


def test_the_milk_and_the_cheese_made_of_it_are_never_both_in_stock() -> None:
    """What an older program recorded is told as it is; today it is refused."""
    given(POURED).when(completed("O1", an_output("T2", kg(9)), on=day(4))).refused(OutOfOrder)
    old = (
        ProductionPlanned(
            order_id=make_id("O2"),
            code="O2",
            product_id=CHEESE,
            recipe_id=RECIPE,
            recipe_version=1,
            planned=kg(1),
            needs=(),
            on=day(3),
        ),
        ProductionStarted(picks=(), on=day(6)),
        ProductionCompleted(outputs=(), lost=kg(1), loss_reason="spilt", on=day(4)),
    )
    assert given(POURED, old).dairy.verify().sound
