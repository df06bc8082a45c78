"""How often anyone may ask: a bucket of permissions that fills up again with time."""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from attrs import define, field, frozen

from manchengo_server.errors import TooMany

Timer = Callable[[], float]
"""Seconds, of a clock that never goes back."""

MEBIBYTE = 1024 * 1024

DAILY_BYTES = 256 * MEBIBYTE
"""Stored in a day for each device and its copies, by default: some hundred thousand commits."""

REMEMBERED = 10_000
"""How many senders are known at once; the one that asked longest ago is forgotten first."""


@frozen
class Rate:
    """``a_second``: requests allowed in the long run; ``at_once``: after a pause."""

    a_second: float
    at_once: int

    def shared_by(self, workers: int) -> "Rate":
        """What each of so many workers allows: they count apart, and together allow no more than
        this. Each allows one at once, at least.
        """
        return Rate(self.a_second / workers, max(1, self.at_once // workers))


@define
class Limiter:
    """Who asks more often than ``rate`` allows is told to wait; each client is counted for itself,
    and the last ``REMEMBERED`` are.
    """

    rate: Rate
    clock: Timer = time.monotonic
    _buckets: "OrderedDict[str, tuple[float, float]]" = field(factory=OrderedDict)

    def ask(self, who: str) -> None:
        """Raises ``TooMany``, with the seconds to wait."""
        now = self.clock()
        left, since = self._buckets.get(who, (float(self.rate.at_once), now))
        left = min(self.rate.at_once, left + (now - since) * self.rate.a_second)
        allowed = left >= 1
        self._buckets[who] = (left - 1 if allowed else left, now)
        self._buckets.move_to_end(who)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if not allowed:
            raise TooMany(seconds=max(1, ceil((1 - left) / self.rate.a_second)))


AUDIT_DAYS = 3_653
"""For how many days the server keeps what devices noted in their audit: ten years."""
