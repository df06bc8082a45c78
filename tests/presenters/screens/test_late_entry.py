"""An entry dated in the past, on the forms that have a day: shown first, then confirmed."""

import asyncio
from datetime import date, timedelta

import pytest

from manchengo.commands import (
    CompleteProduction,
    ConsumeMaterial,
    DispatchDelivery,
    ReturnDelivery,
    WriteOffLot,
)
from manchengo_presenters.screens.delivery_detail import Step as DeliveryStep
from manchengo_presenters.screens.delivery_page import DeliveryPage
from manchengo_presenters.screens.late_entry import LateEntry
from manchengo_presenters.screens.lot_actions import Removal
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.order_forms import CompleteForm, PourForm
from manchengo_presenters.screens.order_page import OrderPage, Step
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    a_line,
    confirmed,
    in_opening_stock,
    kg,
    litres,
    loaded,
    lot_id,
    make_id,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    received,
    started,
    van_id,
)
from tests.support.given import given
from tests.support.office_in_memory import TODAY, OfficeInMemory, WindowInMemory, context

NB = "\u00a0"


def ago(number: int) -> date:
    return TODAY - timedelta(days=number)


HISTORY = (
    *A_DAIRY,
    received("L1", litres(100), on=ago(9)),
    received("R1", millilitres(500), of=RENNET, on=ago(9)),
    planned("O1", kg(4), on=ago(8)),
    started("O1", on=ago(8)),
    poured("O1", "R1", millilitres(12), on=ago(8)),
    in_opening_stock("T1", kg(5), on=ago(9)),
    ordered("S1", a_line(kg(4)), on=ago(8)),
    confirmed("S1", on=ago(8)),
    prepared("V1", order="S1", on=ago(7)),
    loaded("V1", "T1", kg(4), on=ago(7)),
)


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory(store=given(HISTORY).dairy.store)


@pytest.fixture
def window() -> WindowInMemory:
    return WindowInMemory()


def balances(late: LateEntry) -> list[tuple[str, str, str, str]]:
    assert late.shown is not None
    return [(line.what, line.day, line.before, line.after) for line in late.shown.balances]


def lot(office: OfficeInMemory, window: WindowInMemory) -> LotPage:
    """About to write off ten litres, three days ago."""
    screen = LotPage(context(office, window=window), lot_id("L1"))
    asyncio.run(screen.load())
    screen.begin(Removal.WRITE_OFF)
    screen.put("quantity", "10")
    screen.put("reason", "bidon renversé")
    screen.put("day", f"{ago(3):%d/%m/%Y}")
    return screen


def test_a_late_write_off_is_shown_then_recorded(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = lot(office, window)
    asyncio.run(screen.confirm())
    assert window.done == []
    assert balances(screen.late)[0] == (
        "Lot L1",
        f"{ago(3):%d/%m/%Y}",
        f"100{NB}L",
        f"90{NB}L",
    )
    asyncio.run(screen.confirm())
    (done,) = window.done
    assert isinstance(done.command, WriteOffLot)
    assert done.command.on == ago(3)
    assert (screen.late.shown, screen.deciding) == (None, None)


def test_who_corrects_a_late_write_off_is_shown_it_anew(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = lot(office, window)
    asyncio.run(screen.decide())
    screen.put("quantity", "20")
    assert screen.late.shown is None
    asyncio.run(screen.late.confirm())
    assert window.done == [], "nothing was looked at"
    asyncio.run(screen.decide())
    assert balances(screen.late)[0][-1] == f"80{NB}L"
    screen.late.withdraw()
    assert screen.values["quantity"] == "20", "what was typed stays"


def test_a_write_off_of_today_is_recorded_at_once(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = lot(office, window)
    screen.put("day", "")
    asyncio.run(screen.decide())
    (done,) = window.done
    assert isinstance(done.command, WriteOffLot)
    assert done.command.on == TODAY


def test_a_day_that_cannot_be_read_is_said_beside_it(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = lot(office, window)
    screen.put("day", "hier")
    asyncio.run(screen.decide())
    assert "day" in screen.errors
    assert (window.done, screen.late.shown) == ([], None)


def test_what_the_rules_refuse_of_a_past_day_cannot_be_confirmed(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = lot(office, window)
    screen.put("day", f"{ago(20):%d/%m/%Y}")
    asyncio.run(screen.decide())
    assert screen.problem is not None
    assert (screen.problem.name, screen.late.shown) == ("LotUnfit", None)
    asyncio.run(screen.late.confirm())
    assert window.done == []


def order(office: OfficeInMemory, window: WindowInMemory) -> OrderPage:
    screen = OrderPage(context(office, window=window), make_id("O1"))
    asyncio.run(screen.load())
    return screen


def test_a_late_pouring_and_completion_are_shown_then_recorded(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = order(office, window)
    screen.begin_pouring()
    form = screen.form
    assert isinstance(form, PourForm)
    form.put("day", f"{ago(6):%d/%m/%Y}")
    form.choose("lot", str(lot_id("L1")))
    assert form.values["day"], "another lot is of the same day"
    asyncio.run(screen.confirm())
    assert balances(form.late)[0] == ("Lot L1", f"{ago(6):%d/%m/%Y}", f"100{NB}L", f"60{NB}L")
    assert window.done == []
    asyncio.run(screen.confirm())
    assert isinstance(window.done[-1].command, ConsumeMaterial)
    assert window.done[-1].command.on == ago(6)
    asyncio.run(screen.take(Step.COMPLETE))
    complete = screen.form
    assert isinstance(complete, CompleteForm)
    complete.put("obtained", "4")
    complete.put("day", f"{ago(5):%d/%m/%Y}")
    asyncio.run(screen.confirm())
    assert balances(complete.late)[0] == ("Tomme", f"{ago(5):%d/%m/%Y}", f"5{NB}kg", f"9{NB}kg")
    asyncio.run(complete.late.confirm())
    assert isinstance(window.done[-1].command, CompleteProduction)
    assert window.done[-1].command.on == ago(5)
    assert screen.form is None


def delivery(office: OfficeInMemory, window: WindowInMemory) -> DeliveryPage:
    screen = DeliveryPage(context(office, window=window), van_id("V1"))
    asyncio.run(screen.load())
    return screen


def test_a_late_departure_and_return_are_shown_then_recorded(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = delivery(office, window)
    screen.begin(DeliveryStep.DISPATCH)
    screen.put("carrier", "Karim")
    screen.put("day", f"{ago(6):%d/%m/%Y}")
    asyncio.run(screen.confirm())
    assert window.done == []
    assert balances(screen.late)[0] == ("Lot T1", f"{ago(6):%d/%m/%Y}", f"5{NB}kg", f"1{NB}kg")
    asyncio.run(screen.confirm())
    command = window.done[-1].command
    assert isinstance(command, DispatchDelivery)
    assert (command.on, command.carrier) == (ago(6), "Karim")
    screen.begin(DeliveryStep.RETURN)
    for name, text in (("lot", "T1"), ("quantity", "1"), ("reason", "emballage abîmé")):
        screen.put(name, text)
    screen.put("day", f"{ago(4):%d/%m/%Y}")
    asyncio.run(screen.decide())
    assert balances(screen.late)[0] == ("Lot T1", f"{ago(4):%d/%m/%Y}", f"1{NB}kg", f"2{NB}kg")
    screen.set_destroyed(True)
    assert screen.late.shown is None, "something else would be recorded"
    asyncio.run(screen.decide())
    asyncio.run(screen.late.confirm())
    returned = window.done[-1].command
    assert isinstance(returned, ReturnDelivery)
    assert returned.on == ago(4)


def test_leaving_a_step_forgets_what_was_shown(
    office: OfficeInMemory, window: WindowInMemory
) -> None:
    screen = delivery(office, window)
    screen.begin(DeliveryStep.DISPATCH)
    screen.put("day", f"{ago(6):%d/%m/%Y}")
    asyncio.run(screen.decide())
    screen.begin(None)
    assert screen.late.shown is None
    asyncio.run(screen.late.confirm())
    assert window.done == []
