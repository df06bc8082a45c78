"""What a clock and a source of ids promise."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import RFC_4122

import pytest

from manchengo import SystemClock, Uuid7Ids
from manchengo.memory import CountingIds, SteppingClock
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids


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


def test_newer_ids_sort_later(monkeypatch: pytest.MonkeyPatch) -> None:
    at = iter([1_000_000_000, 1_002_000_000])
    monkeypatch.setattr("manchengo.system.time.time_ns", lambda: next(at))
    ids = Uuid7Ids()
    assert ids.new() < ids.new()


def test_a_clock_before_1970_still_gives_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("manchengo.system.time.time_ns", lambda: -1)
    assert Uuid7Ids().new().version == 7
