"""Production: the orders to be made, and the plan of another."""

import asyncio
from datetime import timedelta

import pytest

from manchengo import Role
from manchengo.commands import CancelProduction, PlanProduction
from manchengo.ports.rows import ProductionOrderRow
from manchengo_presenters.screens.office import SignedIn
from manchengo_presenters.screens.order_line import is_late, order_line
from manchengo_presenters.screens.plan_form import PlanForm
from manchengo_presenters.screens.production_list import OrderFilter, ProductionList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.tones import Tone
from tests.support.making import plan, start, with_cheese
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
    with_milk,
)

NB = "\u00a0"
DRIVER = SignedIn(name="karim", roles=frozenset({Role.DRIVER}))


def production(
    office: OfficeInMemory, window: WindowInMemory | None = None, who: SignedIn | None = None
) -> ProductionList:
    screen = ProductionList(context(office, window=window, who=who))
    asyncio.run(screen.load())
    return screen


def codes(screen: ProductionList) -> list[str]:
    assert screen.page is not None
    return [line.code for line in screen.page.lines]


def plan_form(screen: ProductionList) -> PlanForm:
    asyncio.run(screen.begin_plan())
    assert screen.plan is not None
    return screen.plan


def test_what_is_to_be_made_is_listed_first() -> None:
    office, _lots = with_cheese("540")
    start(office, 20)
    plan(office, 10, code="OF-2")
    given_up = plan(office, 5, code="OF-3")
    execute(office, CancelProduction(order_id=given_up, on=TODAY, reason="cuve en panne"))
    screen = production(office)
    assert codes(screen) == ["OF-1", "OF-2"]
    assert screen.range_words == "1–2 sur 2"
    asyncio.run(screen.set_filter(OrderFilter.STARTED))
    assert codes(screen) == ["OF-1"]
    asyncio.run(screen.set_filter(OrderFilter.ALL))
    assert sorted(codes(screen)) == ["OF-1", "OF-2", "OF-3"]
    asyncio.run(screen.set_filter(OrderFilter.COMPLETED))
    assert codes(screen) == []
    assert screen.is_narrowed
    asyncio.run(screen.clear())
    assert codes(screen) == ["OF-1", "OF-2"]


def test_an_order_of_yesterday_that_never_started_is_late() -> None:
    office, _lots = with_cheese("540")
    order_id = plan(office, 20)
    with office.store.reading() as snapshot:
        row = snapshot.get(ProductionOrderRow, order_id)
        assert row is not None
        product = next(iter(office.lists().page(ProductionOrderRow).named.values()))
    tomorrow = TODAY + timedelta(days=1)
    assert not is_late(row, TODAY)
    assert is_late(row, tomorrow)
    line = order_line(row, product, tomorrow)  # type: ignore[arg-type]  # of a finished product
    assert (line.state, line.tone) == ("en retard", Tone.WARN)


def test_late_orders_are_found() -> None:
    office, _lots = with_cheese("540")
    plan(office, 20)
    screen = production(office)
    form = plan_form(screen)
    assert form.products is not None
    form.choose("product", form.products[0].key)
    form.put("quantity", "5")
    form.put("day", "20/11/2026")
    asyncio.run(form.confirm())
    asyncio.run(screen.set_filter(OrderFilter.LATE))
    assert codes(screen) == ["OF-20261120-001"]


def test_an_order_is_planned_and_opened() -> None:
    office, _lots = with_cheese("540")
    window = WindowInMemory()
    screen = production(office, window)
    form = plan_form(screen)
    assert form.products is not None
    assert [each.words for each in form.products] == ["Tomme (P001)"]
    assert form.quantity_label == "Quantité"
    form.choose("product", form.products[0].key)
    assert form.quantity_label == "Quantité (kg)"
    assert form.quantity_hint == f"La recette est écrite pour 10{NB}kg."
    assert form.day_hint == f"Laissé vide{NB}: aujourd’hui, 24/11/2026."
    form.put("quantity", "20")
    asyncio.run(screen.confirm())
    assert screen.plan is None
    command = window.done[-1].command
    assert isinstance(command, PlanProduction)
    assert (command.code, command.on) == ("OF-20261124-001", TODAY)
    assert window.went == [(Screen.PRODUCTION_ORDER, command.order_id)]


@pytest.mark.parametrize(
    ("field", "text"), [("product", ""), ("quantity", ""), ("quantity", "0"), ("day", "hier")]
)
def test_what_is_wrong_with_a_plan_stands_beside_its_field(field: str, text: str) -> None:
    office, _lots = with_cheese()
    form = plan_form(production(office))
    assert form.products is not None
    form.choose("product", form.products[0].key)
    form.put("quantity", "20")
    form.put(field, text)
    asyncio.run(form.confirm())
    assert list(form.errors) == [field]


def test_a_recipe_that_is_not_in_force_yet_is_said_beside_the_product() -> None:
    office, _lots = with_cheese()
    form = plan_form(production(office))
    assert form.products is not None
    form.choose("product", form.products[0].key)
    form.put("quantity", "20")
    form.put("day", "20/10/2026")
    asyncio.run(form.confirm())
    assert list(form.errors) == ["product"]


def test_without_a_recipe_there_is_nothing_to_choose() -> None:
    form = plan_form(production(with_milk()))
    assert form.products == ()


def test_a_plan_that_is_left_records_nothing() -> None:
    office, _lots = with_cheese()
    screen = production(office)
    plan_form(screen).leave()
    assert screen.plan is None
    assert codes(screen) == []


def test_who_may_not_produce_is_offered_no_plan_and_refused_if_forced() -> None:
    office, _lots = with_cheese("540")
    screen = production(office)
    form = plan_form(screen)
    assert form.products is not None
    form.choose("product", form.products[0].key)
    form.put("quantity", "20")
    office.roles = DRIVER.roles
    asyncio.run(form.confirm())
    assert form.problem is not None
    assert form.problem.name == "NotPermitted"
    theirs = production(office, who=DRIVER)
    asyncio.run(theirs.begin_plan())
    assert theirs.plan is None


def test_an_order_is_opened_from_its_line() -> None:
    office, _lots = with_cheese("540")
    order_id = plan(office, 20)
    window = WindowInMemory()
    screen = production(office, window)
    asyncio.run(screen.enter())
    assert window.went == [(Screen.PRODUCTION_ORDER, order_id)]


def test_every_filter_has_its_words() -> None:
    assert [each.words for each in OrderFilter] == [
        "À faire",
        "En cours",
        "En retard",
        "Terminés",
        "Tous",
    ]
