"""How long the server may hold its answer back: no longer than proxies leave a connection idle.

A proxy may close a connection that is idle for five seconds. A request that is cut while it waits
is sent again at once, without a wait. Where that one is answered and the next one that waits is cut
too, the wait is the cause: from then on requests wait less. The longest wait is tried again later.
"""

from collections.abc import Callable

from attrs import define

from manchengo_sync import wire

LESS = 0.7
"""The share of the seconds after which requests were cut that the next ones wait."""

TRIED_AGAIN = 1_800.0
"""Seconds after which the longest wait is tried again: the device may be on another line."""


@define
class Patience:
    """``timer``: seconds, of a clock that never goes back."""

    timer: Callable[[], float]
    _wait: float = wire.LONGEST_WAIT
    _learnt_at: float = 0.0
    _is_probing: bool = False
    _cut_before: float | None = None

    @property
    def wait(self) -> float:
        """Seconds for which the next request lets the server wait."""
        if self._is_probing:
            return 0.0
        if self._wait < wire.LONGEST_WAIT and self.timer() - self._learnt_at > TRIED_AGAIN:
            self._wait = wire.LONGEST_WAIT
        return self._wait

    def cut(self, waited: float, seconds: float) -> bool:
        """A request with that wait was lost after so many seconds. Returns whether the wait may be
        the cause.
        """
        if not waited:
            self.failed()
            return False
        if self._cut_before is None:
            self._cut_before = min(waited, seconds)
        else:
            self._wait = LESS * min(self._wait, max(self._cut_before, seconds))
            self._learnt_at = self.timer()
        self._is_probing = True
        return True

    def failed(self) -> None:
        """The last request failed for another reason than its wait."""
        self._is_probing = False
        self._cut_before = None

    def answered(self) -> None:
        """Records that the server answered before anything cut the line."""
        if not self._is_probing:
            self._cut_before = None
        self._is_probing = False
