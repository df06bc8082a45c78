"""The real world: the machine's clock, identifiers made of time and chance, and its memory."""

import gc
import secrets
import time
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from uuid import UUID

from attrs import frozen

ALGIERS = timezone(timedelta(hours=1), "Africa/Algiers")
"""Algeria has kept UTC+1, with no summer time, since 1981: no time zone file is needed."""


@frozen
class SystemClock:
    """The machine's clock; the business date is that of the plant's time zone."""

    zone: tzinfo = ALGIERS

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return datetime.now(self.zone).date()


class Uuid7Ids:
    """UUIDs of version 7 (RFC 9562): 48 bits of milliseconds, then 74 of chance."""

    def new(self) -> UUID:
        milliseconds = max(0, time.time_ns() // 1_000_000) & (2**48 - 1)
        chance = secrets.randbits(74)
        high, low = chance >> 62, chance & (2**62 - 1)
        return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


def collect_seldom() -> None:
    """Have Python look for cycles of references less often.

    For a program of its own, not for what embeds the core in another: pages of commits are many
    objects without a cycle, and looking through them took a sixth to a quarter of the time.
    """
    gc.set_threshold(10_000, 10, 10)
