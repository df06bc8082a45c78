"""How long the server may hold its answer back: as long as whoever is on the way lets a line rest.

A proxy may cut a line that says nothing for five seconds. A question that is cut while the server
holds its answer back is asked again at once, without any waiting. Where that is answered, and the
next question that waits is cut too, it is the waiting that is cut: from then on questions wait
less. The longest wait is tried again much later.
"""

from collections.abc import Callable

from attrs import define

from manchengo_sync import wire

LESS = 0.7
"""Of the seconds after which questions were cut, how much the next ones wait."""

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
        """Seconds for which the next question lets the server wait."""
        if self._is_probing:
            return 0.0
        if self._wait < wire.LONGEST_WAIT and self.timer() - self._learnt_at > TRIED_AGAIN:
            self._wait = wire.LONGEST_WAIT
        return self._wait

    def cut(self, waited: float, seconds: float) -> bool:
        """A question that let the server wait so long was lost after so many seconds. Whether it
        may have been for that.
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
        """It was not for the waiting."""
        self._is_probing = False
        self._cut_before = None

    def answered(self) -> None:
        """Records that the server answered before anything cut the line."""
        if not self._is_probing:
            self._cut_before = None
        self._is_probing = False
