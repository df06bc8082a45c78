"""Bounds the bytes of requests that this process holds at once: in all, and for one device.

Without a bound, anybody who opens enough connections fills the memory with unfinished bodies. A
small body always has room, so that large ones do not stop others from asking for new entries.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import define, field

from manchengo_server.errors import NoRoom

SMALL = 64 * 1024
"""Bytes of a body that are not counted. Without a token, no body may be larger."""

Grow = Callable[[int], None]
"""Called with the bytes of its body that a request holds by now. Raises ``NoRoom`` when they are
too many.
"""


@define
class InFlight:
    """``most``: bytes for all requests together; ``most_of_one``: for those of one device."""

    most: int
    most_of_one: int
    _held: dict[str, int] = field(factory=dict)

    @contextmanager
    def holding(self, who: str) -> Iterator[Grow]:
        """Counts the body of one request, for as long as the request lasts."""
        counted = 0

        def grow(size: int) -> None:
            nonlocal counted
            more = max(0, size - SMALL) - counted
            if sum(self._held.values()) + more > self.most:
                raise NoRoom
            if self._held.get(who, 0) + more > self.most_of_one:
                raise NoRoom
            counted += more
            self._held[who] = self._held.get(who, 0) + more

        try:
            yield grow
        finally:
            left = self._held.get(who, 0) - counted
            if left:
                self._held[who] = left
            else:
                self._held.pop(who, None)
