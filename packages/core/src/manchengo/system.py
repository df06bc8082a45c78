"""The real world: the machine's clock, identifiers made of time and chance, memory and files."""

import errno
import gc
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from threading import Lock
from typing import BinaryIO
from uuid import UUID

from attrs import define, field, frozen

ALGIERS = timezone(timedelta(hours=1), "Africa/Algiers")
"""Algeria has kept UTC+1, with no summer time, since 1981: no time zone file is needed."""


@frozen
class SystemClock:
    """The machine's clock; the business date is that of the plant's time zone."""

    zone: tzinfo = ALGIERS

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The business date: the day at the dairy."""
        return datetime.now(self.zone).date()


CHANCE_BITS = 62
COUNTER_BITS = 12


class Uuid7Ids:
    """UUIDs of version 7 (RFC 9562, section 6.2, method 1): 48 bits of milliseconds, a counter of
    12 bits, then 62 of chance.

    Those of one process are strictly increasing, whichever thread asks, also where the clock stands
    still or goes back: what a file says first sorts first.
    """

    def new(self) -> UUID:
        """An identifier greater than all that were given before in this process."""
        chance = secrets.randbits(CHANCE_BITS + COUNTER_BITS - 1)
        moment = _MOMENTS.next(begin=chance >> CHANCE_BITS)
        milliseconds, counter = divmod(moment, 1 << COUNTER_BITS)
        chance &= (1 << CHANCE_BITS) - 1
        return UUID(int=milliseconds << 80 | 7 << 76 | counter << 64 | 2 << 62 | chance)


@define
class _Moments:
    """Milliseconds and counter as one number, of which each is greater than the last: a counter
    that runs over goes on in the next millisecond.
    """

    _last: int = -1
    _lock: Lock = field(factory=Lock, repr=False)

    def next(self, *, begin: int) -> int:
        """``begin``: where the counter of a new millisecond begins, by chance and in its lower
        half, so that the other half is left for the same millisecond.
        """
        now = max(0, time.time_ns() // 1_000_000) << COUNTER_BITS | begin
        with self._lock:
            self._last = max(now, self._last + 1) % (1 << 48 + COUNTER_BITS)
            return self._last


_MOMENTS = _Moments()


def collect_seldom() -> None:
    """Have Python look for cycles of references less often.

    For a program of its own, not for what embeds the core in another: pages of commits are many
    objects without a cycle, and looking through them took a sixth to a quarter of the time. What a
    batch of 500 commands holds at once are some 20,000 objects; when it ends, they are gone unseen.

    Where the program disabled the collector while it started, it is enabled again; what exists by
    then, classes most of all, stays as long as the program runs and is not looked through.
    """
    gc.set_threshold(50_000, 10, 10)
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


OWNER_ONLY = 0o600


def must_be_new(path: Path) -> None:
    """``FileExistsError`` when something bears that name, a link that leads nowhere included."""
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def private_draft(path: Path) -> Path:
    """An empty file beside ``path`` for its owner alone, under a name that nobody foresees."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(8)}.draft")
    # O_EXCL follows no link: whoever may write into the folder leads this to no other file.
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    return draft


def give_name(draft: Path, path: Path) -> None:
    """Name a finished draft, on the disk first; ``FileExistsError`` rather than replace a file."""
    descriptor = os.open(draft, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links, such as a USB stick's
        must_be_new(path)
        os.rename(draft, path)
    else:
        os.unlink(draft)


@contextmanager
def new_private_file(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone, there whole at the end or not at all.

    Nothing is written over and no link is followed: ``FileExistsError``, before anything is done
    where the name is taken already.
    """
    must_be_new(path)
    draft = private_draft(path)
    try:
        with draft.open("wb") as file:
            yield file
        give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def replaced_private_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone that takes the place of what bore its name, whole at the end or
    not at all. A link is replaced, not followed.
    """
    draft = private_draft(path)
    try:
        with draft.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
