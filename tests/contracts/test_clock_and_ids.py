"""What a clock and a source of ids promise."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from uuid import RFC_4122

import pytest

from manchengo import SystemClock, Uuid7Ids
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.system import _Moments


@pytest.mark.parametrize("clock", [SystemClock(), SteppingClock()])
def test_an_instant_is_aware_and_in_utc(clock: Clock) -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert isinstance(clock.today(), date)


def test_the_business_date_is_that_of_the_plant(monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    frozen = SimpleNamespace(now=late.astimezone)
    monkeypatch.setattr("manchengo.system.datetime", frozen)
    assert SystemClock().now().date() == date(2026, 3, 1)
    assert SystemClock().today() == date(2026, 3, 2), "in Algiers it is already tomorrow"


@pytest.mark.parametrize("ids", [Uuid7Ids(), CountingIds()])
def test_ids_are_new_and_of_version_seven(ids: Ids) -> None:
    some = [ids.new() for _ in range(1000)]
    assert len(set(some)) == 1000
    assert {(one.version, one.variant) for one in some} == {(7, RFC_4122)}


@pytest.mark.parametrize("ids", [Uuid7Ids(), CountingIds()])
def test_what_is_made_later_sorts_later(ids: Ids) -> None:
    some = [ids.new() for _ in range(10_000)]
    assert some == sorted(some)


def test_ids_follow_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = time.time_ns() + 3_600_000_000_000
    monkeypatch.setattr("manchengo.system._MOMENTS", _Moments())
    monkeypatch.setattr("manchengo.system.time.time_ns", lambda: ahead)
    assert Uuid7Ids().new().int >> 80 == ahead // 1_000_000


@pytest.mark.parametrize(
    "hour",
    [
        pytest.param(lambda _: 1_000_000_000_000, id="it stands still"),
        pytest.param(lambda ask: (1_000_000 - ask) * 1_000_000, id="it goes back"),
        pytest.param(lambda ask: -ask, id="it is before 1970"),
        pytest.param(lambda ask: (1 - ask % 2) * 10**15, id="it jumps to and fro"),
    ],
)
def test_ids_increase_whatever_the_clock_does(
    monkeypatch: pytest.MonkeyPatch, hour: Callable[[int], int]
) -> None:
    asks = count()
    monkeypatch.setattr("manchengo.system._MOMENTS", _Moments())
    monkeypatch.setattr("manchengo.system.time.time_ns", lambda: hour(next(asks)))
    one, other = Uuid7Ids(), Uuid7Ids()
    some = [each.new() for _ in range(10_000) for each in (one, other)]
    assert some == sorted(set(some)), "also beyond what the counter of a millisecond holds"
    assert {(each.version, each.variant) for each in some} == {(7, RFC_4122)}


def test_ids_of_many_threads_are_all_different_and_increase_in_each() -> None:
    ids = Uuid7Ids()
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: [ids.new() for _ in range(2_000)], range(8)))
    assert all(some == sorted(some) for some in made)
    assert len({each for some in made for each in some}) == 16_000
    moments = {each.int >> 64 for some in made for each in some}
    assert len(moments) == 16_000, "no two share milliseconds and counter"


def test_what_follows_an_id_cannot_be_told_from_it() -> None:
    some = [Uuid7Ids().new().int & (2**62 - 1) for _ in range(1_000)]
    assert len({each >> 31 for each in some}) > 990
    assert some != sorted(some)
