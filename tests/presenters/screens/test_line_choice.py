"""Lines under ↑ and ↓: on every screen that has some, and while they are read anew."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from attrs import evolve

from manchengo_presenters.screens.dashboard import Dashboard
from manchengo_presenters.screens.finder import Finder
from manchengo_presenters.screens.lot_list import LotList
from manchengo_presenters.screens.people_page import PeoplePage
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.screen import Screen
from tests.support.office_in_memory import (
    OfficeInMemory,
    WindowInMemory,
    context,
    with_milk,
)
from tests.support.receiving import receive

T = TypeVar("T")


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


def a_little_later(work: Callable[[], T]) -> Awaitable[T]:
    async def run() -> T:
        await asyncio.sleep(0)
        return work()

    return run()


def test_a_lot_to_use_first_is_opened_with_keys(office: OfficeInMemory) -> None:
    receive(office, expires="25/11/2026")
    later = receive(office, expires="30/11/2026")
    window = WindowInMemory()
    screen = Dashboard(context(office, window=window))
    asyncio.run(screen.load())
    screen.move(1)
    asyncio.run(screen.enter())
    assert window.went == [(Screen.LOT, later)]


def test_what_came_in_is_opened_with_keys(office: OfficeInMemory) -> None:
    lots = [receive(office), receive(office)]
    window = WindowInMemory()
    screen = Receptions(context(office, window=window))
    asyncio.run(screen.load())
    assert [line.lot_id for line in screen.lines_shown] == lots[::-1]
    screen.move(5)
    screen.move(1)
    asyncio.run(screen.enter())
    assert window.went == [(Screen.LOT, lots[0])]


def test_nothing_is_opened_before_it_is_there(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = PeoplePage(context(office, window=window))
    screen.move(1)
    asyncio.run(screen.enter())
    assert window.went == []


def test_enter_right_after_a_word_opens_what_it_finds(office: OfficeInMemory) -> None:
    receive(office, expires="25/11/2026")
    sought = receive(office, expires="26/11/2026")
    window = WindowInMemory()
    screen = LotList(evolve(context(office, window=window), background=a_little_later))

    async def type_and_enter() -> None:
        await screen.load()
        assert screen.page is not None
        (code,) = [line.code for line in screen.page.lines if line.lot_id == sought]
        typing = asyncio.create_task(screen.set_search(code))
        await asyncio.sleep(0)
        await screen.enter()
        await typing

    asyncio.run(type_and_enter())
    assert window.went == [(Screen.LOT, sought)]


def test_enter_right_after_a_word_goes_where_it_says(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    finder = Finder(
        evolve(context(office, window=window), background=a_little_later), lambda _screen: True
    )

    async def type_and_enter() -> None:
        await finder.load()
        typing = asyncio.create_task(finder.set_query("inventaires"))
        await asyncio.sleep(0)
        await finder.enter()
        await typing

    asyncio.run(type_and_enter())
    assert window.went == [(Screen.STOCK_COUNT, None)]
