"""The list of lots: in the order of use, by pages, filtered and searched."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
from attrs import evolve

from manchengo import commands as c
from manchengo_presenters.screens.lot_list import Filter, LotList
from manchengo_presenters.screens.paged_list import SIZE
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.tones import Tone
from tests.support.office_in_memory import (
    ALONE,
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
    with_milk,
)
from tests.support.receiving import receive

T = TypeVar("T")


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


def loaded_lots(office: OfficeInMemory) -> LotList:
    screen = LotList(context(office))
    asyncio.run(screen.load())
    return screen


def codes(screen: LotList) -> list[str]:
    assert screen.page is not None
    return [line.code for line in screen.page.lines]


def test_lots_to_be_used_first_come_first(office: OfficeInMemory) -> None:
    late = receive(office, expires="30/12/2026")
    early = receive(office, expires="25/11/2026")
    screen = loaded_lots(office)
    assert screen.page is not None
    assert [line.lot_id for line in screen.page.lines] == [early, late]
    first = screen.page.lines[0]
    assert (first.expires, first.away, first.state) == ("25/11/2026", "demain", "à consommer")
    assert (first.tone, first.away_tone) == (Tone.WARN, Tone.WARN)


def test_no_lot_is_missed_or_shown_twice_over_pages(office: OfficeInMemory) -> None:
    for number in range(SIZE * 2 + 7):
        receive(office, f"{number + 1}")
    screen = loaded_lots(office)
    assert screen.range_words == "1–50 sur 107"
    seen = codes(screen)
    for words in ("51–100 sur 107", "101–107 sur 107"):
        asyncio.run(screen.turn(1))
        assert screen.range_words == words
        seen += codes(screen)
    assert len(seen) == len(set(seen)) == 107
    asyncio.run(screen.turn(1))
    assert screen.range_words == "101–107 sur 107", "there is no page behind the last"
    asyncio.run(screen.turn(-1))
    assert codes(screen) == seen[50:100]


def test_what_is_received_meanwhile_shifts_no_page(office: OfficeInMemory) -> None:
    for number in range(SIZE + 2):
        receive(office, f"{number + 1}", expires="30/12/2026")
    screen = loaded_lots(office)
    first = codes(screen)
    receive(office, expires="25/11/2026")
    asyncio.run(screen.turn(1))
    assert not set(codes(screen)) & set(first)


def test_filters_and_words_narrow_the_list(office: OfficeInMemory) -> None:
    soon, later = receive(office), receive(office, expires="30/12/2026")
    execute(office, c.BlockLot(lot_id=later, on=TODAY, reason="antibiotiques"))
    screen = loaded_lots(office)
    asyncio.run(screen.set_filter(Filter.BLOCKED))
    assert screen.page is not None
    assert [line.lot_id for line in screen.page.lines] == [later]
    asyncio.run(screen.set_filter(Filter.SOON))
    assert [line.lot_id for line in screen.page.lines] == [soon]
    asyncio.run(screen.clear())
    asyncio.run(screen.set_search("lait VACHE"))
    assert len(screen.page.lines) == 2
    asyncio.run(screen.set_search("fromage"))
    assert (codes(screen), screen.is_narrowed) == ([], True)
    assert screen.range_words == "0 lot"
    asyncio.run(screen.clear())
    assert (len(codes(screen)), screen.is_narrowed) == (2, False)


def test_arrows_stay_on_the_page_and_enter_opens(office: OfficeInMemory) -> None:
    first, second = receive(office, expires="25/11/2026"), receive(office)
    window = WindowInMemory()
    screen = LotList(context(office, window=window))
    screen.move(1)
    asyncio.run(screen.enter())
    asyncio.run(screen.load())
    screen.move(-1)
    asyncio.run(screen.enter())
    screen.move(5)
    asyncio.run(screen.enter())
    assert window.went == [(Screen.LOT, first), (Screen.LOT, second)]


def test_a_line_that_moved_since_it_was_drawn_opens_what_it_showed(office: OfficeInMemory) -> None:
    """The list is read anew beside the person's hand, as where another device received."""
    milk = receive(office, expires="25/11/2026")
    window = WindowInMemory()
    screen = LotList(context(office, window=window))
    asyncio.run(screen.load())
    assert screen.page is not None
    (drawn,) = screen.page.lines
    receive(office, expires="24/11/2026")
    asyncio.run(screen.load())
    assert codes(screen)[1] == drawn.code
    asyncio.run(screen.open(drawn))
    assert window.went == [(Screen.LOT, milk)]
    assert screen.selected == 1
    asyncio.run(screen.set_filter(Filter.BLOCKED))
    asyncio.run(screen.open(drawn))
    assert window.went[1:] == [(Screen.LOT, milk)], "it has left the list"


def test_of_two_searches_the_last_is_shown(office: OfficeInMemory) -> None:
    """A search that was asked for first may answer last."""
    receive(office)
    held: list[asyncio.Event] = []

    async def slowly(work: Callable[[], T]) -> T:
        answer = work()
        if held:
            await held.pop().wait()
        return answer

    async def run() -> LotList:
        screen = LotList(evolve(context(office), background=slowly))
        gate = asyncio.Event()
        held.append(gate)
        first = asyncio.create_task(screen.set_search("fromage"))
        await asyncio.sleep(0)
        await screen.set_search("lait")
        gate.set()
        await first
        return screen

    assert len(codes(asyncio.run(run()))) == 1


def test_lots_that_were_not_sent_yet_are_marked() -> None:
    alone = with_milk()
    receive(alone)
    page = loaded_lots(alone).page
    assert page is not None
    assert page.unsent == frozenset(), "a device alone sends nothing"
    joined = with_milk(OfficeInMemory(status=evolve(ALONE, server="https://serveur.example.dz")))
    receive(joined)
    page = loaded_lots(joined).page
    assert page is not None
    assert page.unsent == {0}
