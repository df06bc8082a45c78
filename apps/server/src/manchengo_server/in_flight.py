"""How many bytes of requests this process holds at once: in all, and for one device.

Without a bound, whoever opens enough connections fills the memory, one unfinished body beside the
other. A small body always has room, so that large ones keep nobody from asking for what is new.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import define, field

from manchengo_server.errors import NoRoom

SMALL = 64 * 1024
"""Bytes of a body that are not counted. Without a token, no body may be larger."""

Grow = Callable[[int], None]
"""Told how many bytes of its body a request holds by now. ``NoRoom`` when these are too many."""


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
