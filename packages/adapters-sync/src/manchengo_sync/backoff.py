"""When to retry: exponential backoff with jitter, for ever."""

from collections.abc import Callable

from attrs import define, field

FIRST, MOST = 1.0, 60.0
"""Seconds of the first and of the longest wait. The wait doubles with each failure; a random part
of it is taken, so that a server that comes back is not asked by all devices at once.
"""

SLOW = 300.0
"""Seconds, about, where a retry helps only after a person has done something."""


@define
class Backoff:
    """``timer``: seconds, of a clock that never goes back. ``chance``: from 0 up to 1. ``most``:
    seconds of the longest wait.
    """

    timer: Callable[[], float]
    chance: Callable[[], float]
    most: float = field(default=MOST, kw_only=True)
    failures: int = 0
    until: float = 0.0

    @property
    def left(self) -> float:
        """Seconds until the next attempt."""
        return max(0.0, self.until - self.timer())

    def failed(self, retry_after: float | None = None) -> None:
        """Waits longer after each failure. ``retry_after``: seconds that the server asks for."""
        # Beyond a few doublings all are the longest; and no number grows for ever.
        longest = min(self.most, FIRST * 2.0 ** min(self.failures, 16))
        self.failures += 1
        self._wait((retry_after or 0.0) + self.chance() * longest)

    def needs_a_person(self) -> None:
        """Waits long: only a person can put right what stopped the exchange."""
        self._wait(SLOW * (0.5 + self.chance()))

    def rest(self, seconds: float) -> None:
        """Waits, though nothing failed."""
        self._wait(seconds)

    def worked(self) -> None:
        """Ends the wait: the next exchange may begin at once."""
        self.failures = 0
        self.until = 0.0

    def _wait(self, seconds: float) -> None:
        self.until = self.timer() + seconds
