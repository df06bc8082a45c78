"""One order: the lots for it, why others are passed over, and the steps that it allows."""

import asyncio

import pytest

from manchengo import Role
from manchengo import commands as c
from manchengo.domain.ids import DeliveryId, SalesOrderId
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.sale_page import SaleDetail, SalePage, Step
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)
from tests.support.selling import placed, with_cheese

NB = "\u00a0"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_cheese()


def opened(
    office: OfficeInMemory, order_id: SalesOrderId, window: WindowInMemory | None = None
) -> SalePage:
    screen = SalePage(context(office, window=window), order_id)
    asyncio.run(screen.load())
    return screen


def detail(screen: SalePage) -> SaleDetail:
    assert screen.detail is not None, screen.problem
    return screen.detail


def steps(screen: SalePage) -> tuple[Step, ...]:
    return screen.steps


def delivered(office: OfficeInMemory, order_id: SalesOrderId) -> None:
    execute(office, c.ConfirmSalesOrder(order_id=order_id, on=TODAY))
    execute(
        office,
        c.Deliver(
            delivery_id=DeliveryId(office.ids.new()), code="BL-1", order_id=order_id, on=TODAY
        ),
    )


def test_the_oldest_lots_are_proposed_and_others_passed_over(office: OfficeInMemory) -> None:
    screen = opened(office, placed(office, "CC-1", 50))
    (proposed,) = detail(screen).proposed
    assert [(lot.code, lot.quantity) for lot in proposed.picked] == [
        ("PF-A", f"40{NB}pièces"),
        ("PF-B", f"10{NB}pièces"),
    ]
    assert [(lot.code, lot.why) for lot in proposed.passed] == [("PF-C", "bloqué")]
    assert (proposed.missing, proposed.picked[0].expires) == ("", "10/12/2026")


def test_what_is_missing_is_said_before_it_is_refused(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = opened(office, placed(office, "CC-1", 160), window)
    (proposed,) = detail(screen).proposed
    assert proposed.missing == f"Il reste 100{NB}pièces{NB}; la commande en demande 160{NB}pièces."
    asyncio.run(screen.confirm())
    assert screen.problem is not None
    assert screen.problem.name == "NotEnoughStock"
    assert window.done == []


def test_confirming_reserves_what_was_proposed(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = opened(office, placed(office, "CC-1", 50), window)
    assert screen.primary is Step.CONFIRM
    asyncio.run(screen.press(Step.CONFIRM))
    assert "confirmée" in window.done[-1].sentence
    assert [(lot.code, lot.quantity) for lot in detail(screen).held] == [
        ("PF-A", f"40{NB}pièces"),
        ("PF-B", f"10{NB}pièces"),
    ]
    assert detail(screen).proposed == ()
    assert steps(screen) == (Step.CANCEL,)


def test_a_reserved_lot_that_may_not_leave_says_why(office: OfficeInMemory) -> None:
    screen = opened(office, placed(office, "CC-1", 50))
    asyncio.run(screen.confirm())
    lot = office.dairy.lot("PF-A")
    execute(office, c.BlockLot(lot_id=lot.id, on=TODAY, reason="doute"))
    asyncio.run(screen.load())
    assert [lot.why for lot in detail(screen).held] == ["bloqué", ""]


def test_each_state_allows_its_steps(office: OfficeInMemory) -> None:
    order_id = placed(office, "CC-1", 10)
    screen = opened(office, order_id)
    assert steps(screen) == (Step.CONFIRM, Step.CANCEL)
    delivered(office, order_id)
    asyncio.run(screen.load())
    assert steps(screen) == (Step.CLOSE,)
    (note,) = detail(screen).deliveries
    assert (note.code, note.day, note.state) == ("BL-1", "24/11/2026", "parti")
    assert detail(screen).lines[0].shipped == f"10{NB}pièces"
    asyncio.run(screen.press(Step.CLOSE))
    asyncio.run(screen.confirm())
    assert steps(screen) == (Step.REOPEN,)
    asyncio.run(screen.press(Step.REOPEN))
    screen.put("reason", "le client attend le reste")
    asyncio.run(screen.decide())
    assert steps(screen) == (Step.CLOSE,)


@pytest.mark.parametrize("step", [Step.CANCEL])
def test_ending_an_order_takes_a_reason(office: OfficeInMemory, step: Step) -> None:
    window = WindowInMemory()
    screen = opened(office, placed(office, "CC-1", 10), window)
    asyncio.run(screen.press(step))
    asyncio.run(screen.decide())
    assert screen.errors == {"reason": "À remplir."}
    screen.put("reason", "le client renonce")
    asyncio.run(screen.decide())
    assert ("Motif", "le client renonce") in detail(screen).facts
    assert window.done[-1].can_be_taken_back


def test_what_was_begun_may_be_left(office: OfficeInMemory) -> None:
    screen = opened(office, placed(office, "CC-1", 10))
    asyncio.run(screen.press(Step.CANCEL))
    screen.put("reason", "le client")
    screen.begin(None)
    assert (screen.deciding, screen.values["reason"]) == (None, "")
    asyncio.run(screen.decide())
    assert steps(screen) == (Step.CONFIRM, Step.CANCEL)


def test_who_may_not_sell_is_offered_nothing_and_refused(office: OfficeInMemory) -> None:
    order_id = placed(office, "CC-1", 10)
    office.roles = frozenset({Role.DRIVER})
    screen = opened(office, order_id)
    assert (steps(screen), screen.primary) == ((), None)
    assert detail(screen).lines[0].price == ""
    asyncio.run(screen.confirm())
    asyncio.run(screen.take(Step.CONFIRM))
    assert screen.problem is not None
    assert screen.problem.name == "NotPermitted"


def test_an_order_that_cannot_be_read_says_why(office: OfficeInMemory) -> None:
    screen = SalePage(context(office), placed(office, "CC-1", 10))
    office.fault = Problem("DatabaseCorrupt", "La base est endommagée.")
    asyncio.run(screen.load())
    assert screen.detail is None
    assert screen.problem is not None
    assert steps(screen) == ()
