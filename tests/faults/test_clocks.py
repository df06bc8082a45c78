"""A clock of 1970 or 2040, or one that goes back: work goes on, and the order of things is kept."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from manchengo import Manchengo, MemoryStore, Uuid7Ids
from manchengo.ports.store import Store
from manchengo_sqlite import SqliteStore
from tests.faults.plant import LENGTH_OF_A_ROUND, do, key_at, new_plant
from tests.sqlite.witness import KEY
from tests.support.dairy import A_DAIRY
from tests.support.given import BOSS

BATTERY_DEAD = datetime(1970, 1, 1, tzinfo=UTC)
TODAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TOO_EARLY = datetime(2040, 2, 29, 23, 59, tzinfo=UTC)


@define
class WrongClock:
    """It says what it is told to say, once each, then for ever the last of it."""

    readings: list[datetime]

    def now(self) -> datetime:
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]

    def today(self) -> date:
        return self.readings[0].date()


def at(store: Store, *instants: datetime) -> Manchengo:
    clock, key = WrongClock(list(instants)), key_at(1)
    return Manchengo(store, clock=clock, ids=Uuid7Ids(), actor=BOSS, signer=key)


def in_order(store: Store) -> bool:
    """The stamps of the device only ever grow, as its numbers do, whatever its clock said."""
    with store.reading() as snapshot:
        log = [commit for commit in snapshot.commits() if commit.device_id == BOSS.device_id]
    stamps, numbers = [commit.hlc for commit in log], [commit.sequence for commit in log]
    return stamps == sorted(set(stamps)) and numbers == list(range(1, len(log) + 1))


@given(
    st.lists(
        st.datetimes(timezones=st.just(UTC)),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_the_clock_says_stamps_grow_and_the_log_is_sound(instants: list[datetime]) -> None:
    dairy = at(MemoryStore(), *instants)
    for command in A_DAIRY:
        dairy.execute(command)
    for number in range(3 * LENGTH_OF_A_ROUND):
        do(dairy, number)
    assert in_order(dairy.store)
    assert dairy.verify().sound


@pytest.mark.parametrize("wrong", [BATTERY_DEAD, TOO_EARLY], ids=["1970", "2040"])
def test_a_day_at_a_wrong_date_is_followed_by_a_day_at_the_right_one(
    wrong: datetime, tmp_path: Path
) -> None:
    """Each command is given by a program started anew: nothing is kept but in the file."""
    path = new_plant(tmp_path / "atelier.db")
    clocks = [TODAY, wrong, wrong - timedelta(hours=1), TODAY, TODAY - timedelta(days=400)]
    for number in range(4 * LENGTH_OF_A_ROUND):
        with SqliteStore.open(path, key=KEY) as store:
            do(at(store, clocks[number % len(clocks)]), number)
    with SqliteStore.open(path, key=KEY) as store:
        assert in_order(store)
        assert at(store, TODAY).verify().sound


@pytest.mark.parametrize("wrong", [BATTERY_DEAD, TOO_EARLY], ids=["1970", "2040"])
def test_the_stock_does_not_depend_on_the_clock_of_who_recorded_it(
    wrong: datetime, tmp_path: Path
) -> None:
    stocks = []
    for name, clock in (("right", TODAY), ("wrong", wrong)):
        path = new_plant(tmp_path / f"{name}.db")
        with SqliteStore.open(path, key=KEY) as store:
            dairy = at(store, clock)
            for number in range(3 * LENGTH_OF_A_ROUND):
                do(dairy, number)
            stocks.append(at(store, TODAY).stock.by_product())
    assert stocks[0] == stocks[1]
