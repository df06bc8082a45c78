"""Finds wrong clocks: this device's by the server's time, others' by the stamps they recorded.

It only informs people. The log orders the commits, whatever the clocks show.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from manchengo.application.hlc import EPOCH, MILLISECOND, STAMP
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.settings import CLOCK_AHEAD

RIGHT = timedelta()
MOST_APART = timedelta(minutes=5)
"""How far a clock that nobody sets may be off without harm."""

MOST_BEHIND = timedelta(hours=1)
"""Far more than a stamp that the server believed, and a device follows, is ahead of any clock."""

PROGRAM_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""No commit is older than the program."""


def ahead_of(server_time: datetime, *, asked_at: datetime, answered_at: datetime) -> timedelta:
    """How far this clock is ahead of the server's, at least; negative where it is behind. The
    server read its clock between the question and the answer, however long that took.
    """
    off = max(asked_at - server_time, RIGHT) or min(answered_at - server_time, RIGHT)
    return off if abs(off) > MOST_APART else RIGHT


def note_clock(store: Store, off: timedelta) -> timedelta:
    """Stores the difference; writes only when it has changed. Returns it."""
    with store.reading() as snapshot:
        kept = clock_ahead(snapshot)
    if bool(off) != bool(kept) or abs(off - kept) > MOST_APART:
        with store.writing(durable=False) as transaction:
            seconds = int(off.total_seconds())
            transaction.set_setting(CLOCK_AHEAD, str(seconds) if seconds else "")
    return off


def clock_ahead(snapshot: Snapshot) -> timedelta:
    """How far this clock was ahead of the server's when that last answered."""
    return timedelta(seconds=int(snapshot.setting(CLOCK_AHEAD) or 0))


def slow_clocks(latest: Iterable[LogEntry]) -> tuple[DeviceId, ...]:
    """The devices whose last commit among these was recorded by a clock far behind."""
    last = {entry.commit.device_id: entry for entry in latest}
    return tuple(device for device, entry in last.items() if _is_far_behind(entry))


def _is_far_behind(entry: LogEntry) -> bool:
    """Whether the clock that made the stamp is far behind. A stamp is never before what its author
    knew, so the clock was behind that too. A stamp that the server did not believe is of a clock
    that was ahead.
    """
    commit = entry.commit
    if commit.occurred_at < PROGRAM_BEGAN:
        return True
    if entry.hlc_eff != commit.hlc or not STAMP.fullmatch(commit.hlc):
        return False
    known = int(commit.hlc[:15]) * MILLISECOND
    return known - (commit.occurred_at - EPOCH) > MOST_BEHIND
