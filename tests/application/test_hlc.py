"""A clock of clocks: its text sorts in the order things could have been known."""

from datetime import UTC, date, datetime, timedelta

from attrs import define
from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo import Manchengo, MemoryStore
from manchengo.application.hlc import EPOCH, MOST, tick
from manchengo.domain.ids import DeviceId
from manchengo.memory import CountingIds
from tests.support.dairy import A_DAIRY, MONDAY, an_id
from tests.support.given import BOSS, one_by_one

DEVICE = DeviceId(an_id("this device"))
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
instants = st.timedeltas(min_value=timedelta(days=-3_650), max_value=timedelta(days=84_000)).map(
    lambda since: EPOCH + since
)
"""From ten years before the first second to the year 2200."""


def test_a_stamp_tells_the_milliseconds_the_count_and_the_device() -> None:
    stamp = tick("", NOON, DEVICE)
    assert stamp == f"{int(NOON.timestamp() * 1000):015d}-000000-{DEVICE.hex[-8:]}"


@whatever(readings=st.lists(instants, min_size=2))
def test_whatever_the_clock_says_each_stamp_comes_after_the_last(
    readings: list[datetime],
) -> None:
    last = ""
    for now in readings:
        stamp = tick(last, now, DEVICE)
        assert stamp > last
        assert len(stamp) == 15 + 1 + 6 + 1 + 8
        last = stamp


@whatever(earlier=instants, later=instants)
def test_where_the_clock_allows_a_stamp_is_at_its_time(earlier: datetime, later: datetime) -> None:
    stamp = tick(tick("", earlier, DEVICE), later, DEVICE)
    stamped = max(0, (later - EPOCH) // timedelta(milliseconds=1))
    before = max(0, (earlier - EPOCH) // timedelta(milliseconds=1))
    assert int(stamp[:15]) == max(stamped, before)
    assert int(stamp[16:22]) == (0 if stamped > before else 1)


def test_a_clock_that_stands_still_is_counted_on() -> None:
    first = tick("", NOON, DEVICE)
    assert tick(first, NOON, DEVICE)[:22] == f"{first[:15]}-000001"


def test_a_clock_set_back_a_year_does_not_set_the_stamps_back() -> None:
    first = tick("", NOON, DEVICE)
    assert tick(first, NOON - timedelta(days=365), DEVICE)[:22] == f"{first[:15]}-000001"


def test_a_count_that_is_full_goes_on_in_the_next_millisecond() -> None:
    full = f"{1000:015d}-{MOST:06d}-{DEVICE.hex[-8:]}"
    assert tick(full, EPOCH, DEVICE)[:22] == f"{1001:015d}-000000"


@define
class MadClock:
    """A clock that goes back a day each time it is read."""

    at: datetime = NOON

    def now(self) -> datetime:
        self.at -= timedelta(days=1)
        return self.at

    def today(self) -> date:
        return MONDAY


def test_the_log_of_a_device_is_in_order_whatever_its_clock_did() -> None:
    dairy = Manchengo(MemoryStore(), clock=MadClock(), ids=CountingIds(), actor=BOSS)
    for command in one_by_one(A_DAIRY):
        dairy.execute(command)
    with dairy.store.reading() as snapshot:
        commits = list(snapshot.commits())
    assert [commit.occurred_at for commit in commits] == sorted(
        (commit.occurred_at for commit in commits), reverse=True
    )
    stamps = [commit.hlc for commit in commits]
    assert stamps == sorted(set(stamps))
    assert dairy.verify().sound
