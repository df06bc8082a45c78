"""When to ask again: soon, then later and later, for ever; never all devices at the same moment."""

from collections.abc import Callable

from attrs import define, field

FIRST, MOST = 1.0, 60.0
"""Seconds: twice as long after each failure, and never longer than that; by chance any part of it,
so that a server that comes back is not asked by everybody at once.
"""

SLOW = 300.0
"""Seconds, about, where asking again helps only once somebody did something."""


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
        """Seconds before it may be asked again."""
        return max(0.0, self.until - self.timer())

    def failed(self, retry_after: float | None = None) -> None:
        """Waits longer after each failure. ``retry_after``: seconds that the server asks for."""
        # Beyond a few doublings all are the longest; and no number grows for ever.
        longest = min(self.most, FIRST * 2.0 ** min(self.failures, 16))
        self.failures += 1
        self._wait((retry_after or 0.0) + self.chance() * longest)

    def needs_somebody(self) -> None:
        """Waits long: only a person can put right what stopped the exchange."""
        self._wait(SLOW * (0.5 + self.chance()))

    def rest(self, seconds: float) -> None:
        """Nothing failed, and yet there is no hurry."""
        self._wait(seconds)

    def worked(self) -> None:
        """Ends the wait: the next exchange may begin at once."""
        self.failures = 0
        self.until = 0.0

    def _wait(self, seconds: float) -> None:
        self.until = self.timer() + seconds
