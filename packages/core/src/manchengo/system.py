"""The real world: the machine's clock, and identifiers made of time and chance."""

import secrets
import time
from datetime import UTC, date, datetime, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from attrs import field, frozen

ALGIERS = "Africa/Algiers"


@frozen
class SystemClock:
    """The machine's clock; the business date is that of the plant's time zone."""

    zone: tzinfo = field(factory=lambda: ZoneInfo(ALGIERS))

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
