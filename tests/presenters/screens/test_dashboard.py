"""The dashboard: what presses, what came in, how long the stock lasts."""

import asyncio

import pytest

from manchengo import commands as c
from manchengo_presenters.screens.dashboard import Dashboard
from manchengo_presenters.screens.tones import Tone
from tests.support.office_in_memory import TODAY, OfficeInMemory, context, execute, with_milk
from tests.support.receiving import receive

NB = "\u00a0"
NNB = "\u202f"


@pytest.fixture
def office() -> OfficeInMemory:
    return with_milk()


def test_an_empty_dairy_has_an_empty_dashboard() -> None:
    screen = Dashboard(context(OfficeInMemory()))
    asyncio.run(screen.load())
    assert screen.overview is not None
    assert screen.overview.is_empty
    assert [figure.value for figure in screen.overview.figures] == [
        "0 lot",
        "0",
        "0",
        "0",
    ]


def test_the_dashboard_says_what_presses(office: OfficeInMemory) -> None:
    receive(office, "540", expires="25/11/2026")
    receive(office, "1 200", expires="30/12/2026")
    screen = Dashboard(context(office))
    asyncio.run(screen.load())
    seen = screen.overview
    assert seen is not None
    soon, orders, conflicts, received = seen.figures
    assert (soon.value, soon.detail, soon.tone) == ("1 lot", "dont 1 d’ici demain", Tone.WARN)
    assert (orders.tone, conflicts.tone) == (Tone.GOOD, Tone.GOOD)
    assert (received.value, received.detail) == ("2", f"1{NNB}740{NB}L")
    assert [line.expires for line in seen.first] == ["25/11/2026", "30/12/2026"]
    assert seen.received is not None
    bars = seen.received.bars
    assert len(bars) == 14
    assert (bars[-1].day, bars[-1].amount) == (TODAY, 1_740_000)
    (milk,) = seen.stock
    assert (milk.usable, milk.lasts) == (f"1{NNB}740{NB}L", "")


def test_a_reception_that_was_taken_back_never_came(office: OfficeInMemory) -> None:
    receive(office, "540")
    by_mistake = receive(office, "5400")
    execute(office, c.VoidLot(lot_id=by_mistake, on=TODAY, reason="un zéro de trop"))
    screen = Dashboard(context(office))
    asyncio.run(screen.load())
    assert screen.overview is not None
    received = screen.overview.figures[-1]
    assert (received.value, received.detail) == ("1", f"540{NB}L")
    assert screen.overview.received is not None
    assert screen.overview.received.bars[-1].amount == 540_000
