"""A session ends when nobody has done anything for a while: the rule that all screens share.

Time is that since the computer was started, sleep included: nobody sets it back.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from attrs import define, field, frozen

USUAL_LIMIT = 15 * 60
"""Seconds without anything done, unless the person chose otherwise."""

LONGEST_LIMIT = 12 * 60 * 60

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_BOOT_STEPS = 10 * 60


def seconds_up() -> float:
    """Seconds since the computer was started."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def boot_id() -> str:
    """Names this start of the computer: after the next one it is another.

    Where the system gives it no name, it is the time at which it was started, and a clock that is
    set ends sessions too.
    """
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return str(round((time.time() - time.monotonic()) / _BOOT_STEPS))


@frozen(kw_only=True)
class LastActivity:
    """``at``: seconds since the start of the computer that ``boot`` names."""

    boot: str
    at: float

    @classmethod
    def now(cls) -> "LastActivity":
        """This moment."""
        return cls(boot=boot_id(), at=seconds_up())

    def is_within(self, limit: float, now: "LastActivity") -> bool:
        """Whether no more than ``limit`` seconds have passed, with no new start in between."""
        return self.boot == now.boot and 0 <= now.at - self.at <= limit


@define
class InactivityLock:
    """For an app that stays open: ``touch`` at whatever the person does, and look at ``is_locked``
    before anything is shown or recorded for them. Once locked it stays so.
    """

    limit: float = USUAL_LIMIT
    now: Callable[[], LastActivity] = field(default=LastActivity.now, kw_only=True)
    _last: LastActivity | None = field(default=None, init=False)
    _ended: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        self._last = self.now()

    @property
    def is_locked(self) -> bool:
        """Whether nothing was done for longer than the limit, or ``end`` was called."""
        assert self._last is not None, "it begins unlocked"
        if not self._ended and not self._last.is_within(self.limit, self.now()):
            self._ended = True
        return self._ended

    def touch(self) -> None:
        """The person did something; a lock that has fallen stays."""
        if not self.is_locked:
            self._last = self.now()

    def end(self) -> None:
        """Lock now."""
        self._ended = True
