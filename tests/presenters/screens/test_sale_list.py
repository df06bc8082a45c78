"""The list of orders: late ones first, filtered by state, searched."""

import asyncio
from datetime import date

import pytest

from manchengo import Role
from manchengo import commands as c
from manchengo_presenters.screens.sale_list import Filter, SaleList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.tones import Tone
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


def loaded(office: OfficeInMemory, window: WindowInMemory | None = None) -> SaleList:
    screen = SaleList(context(office, window=window))
    asyncio.run(screen.load())
    return screen


def codes(screen: SaleList) -> list[str]:
    assert screen.page is not None
    return [line.code for line in screen.page.lines]


def test_late_orders_come_first_and_say_so(office: OfficeInMemory) -> None:
    placed(office, "CC-1", 1)
    placed(office, "CC-2", 1, wanted=date(2026, 11, 30))
    placed(office, "CC-3", 1, wanted=date(2026, 11, 22))
    placed(office, "CC-4", 1, wanted=TODAY)
    screen = loaded(office)
    assert codes(screen) == ["CC-3", "CC-1", "CC-4", "CC-2"]
    assert screen.page is not None
    late, whenever, due, later = screen.page.lines
    assert (late.away, late.away_tone, late.tone) == ("il y a 2 jours", Tone.BAD, Tone.BAD)
    assert (due.away, due.away_tone) == ("aujourd’hui", Tone.WARN)
    assert (later.away, later.away_tone) == ("dans 6 jours", Tone.PLAIN)
    assert (whenever.wanted, whenever.away) == ("", "")
    assert (late.client, late.net) == ("Épicerie Ziani", f"180,00{NB}DA")


def test_an_order_that_is_over_is_late_no_more(office: OfficeInMemory) -> None:
    order_id = placed(office, "CC-1", 1, wanted=date(2026, 11, 22))
    execute(office, c.CancelSalesOrder(order_id=order_id, on=TODAY, reason="renonce"))
    screen = loaded(office)
    assert codes(screen) == []
    asyncio.run(screen.set_filter(Filter.OVER))
    assert screen.page is not None
    (line,) = screen.page.lines
    assert (line.state, line.away, line.tone) == ("annulée", "", Tone.PLAIN)


def test_each_filter_lists_its_orders(office: OfficeInMemory) -> None:
    placed(office, "CC-1", 1, wanted=date(2026, 11, 22))
    confirmed = placed(office, "CC-2", 1, wanted=TODAY)
    execute(office, c.ConfirmSalesOrder(order_id=confirmed, on=TODAY))
    gone = placed(office, "CC-3", 1)
    execute(office, c.CancelSalesOrder(order_id=gone, on=TODAY, reason="renonce"))
    screen = loaded(office)
    listed = {}
    for chosen in Filter:
        asyncio.run(screen.set_filter(chosen))
        listed[chosen] = sorted(codes(screen))
    assert listed == {
        Filter.OPEN: ["CC-1", "CC-2"],
        Filter.LATE: ["CC-1"],
        Filter.TO_CONFIRM: ["CC-1"],
        Filter.TO_DELIVER: ["CC-2"],
        Filter.OVER: ["CC-3"],
        Filter.ALL: ["CC-1", "CC-2", "CC-3"],
    }


def test_an_order_is_found_by_its_client_and_opened(office: OfficeInMemory) -> None:
    order_id = placed(office, "CC-1", 1)
    window = WindowInMemory()
    screen = loaded(office, window)
    asyncio.run(screen.set_search("ziani"))
    assert codes(screen) == ["CC-1"]
    asyncio.run(screen.enter())
    assert window.went == [(Screen.SALE, order_id)]
    asyncio.run(screen.set_search("introuvable"))
    assert codes(screen) == []
    asyncio.run(screen.clear())
    assert (screen.search, screen.filter, codes(screen)) == ("", Filter.ALL, ["CC-1"])


def test_who_may_not_read_prices_is_shown_none(office: OfficeInMemory) -> None:
    placed(office, "CC-1", 1)
    office.roles = frozenset({Role.DRIVER})
    screen = loaded(office)
    assert screen.page is not None
    assert screen.page.lines[0].net == ""
    assert not screen.may_sell


def test_a_new_order_is_begun_from_the_list(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    asyncio.run(loaded(office, window).confirm())
    assert window.went == [(Screen.NEW_SALE, None)]
