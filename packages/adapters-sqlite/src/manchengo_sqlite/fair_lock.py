"""A fair lock between threads: those that wait to write go in the order they came.

A plain lock may hand itself back to the thread that has just let go of it, so a busy import would
keep the operator at the next screen waiting for ever.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, get_ident


class FairLock:
    """One holder at a time; the others get it in the order in which they asked."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False
        self._holder: int | None = None

    @contextmanager
    def turn(self, patience: float) -> Iterator[bool]:
        """Wait at most ``patience`` seconds; the answer is whether the turn came."""
        assert self._holder != get_ident(), "a transaction was begun inside another one"
        if not self._take(patience):
            yield False
            return
        self._holder = get_ident()
        try:
            yield True
        finally:
            self._holder = None
            self._pass_on()

    def _take(self, patience: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            ticket = Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        try:
            came = ticket.acquire(timeout=patience)
        except BaseException:  # Ctrl-C while waiting: the turn must not go to someone who left.
            if not self._leave(ticket):
                self._pass_on()
            raise
        # The turn may have come between the end of the wait and now; then it is ours after all.
        return came or not self._leave(ticket)

    def _leave(self, ticket: Lock) -> bool:
        with self._guard:
            waiting = ticket in self._waiting
            if waiting:
                self._waiting.remove(ticket)
            return waiting

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
