"""Devices that wait for new entries: a request is held back until the log grows.

A write of this process wakes the waiting requests at once. A write of another process is told by
the store where it can; else it is found by reading the store every ``POLL_EVERY`` seconds.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, runtime_checkable

from attrs import define, field

from manchengo_server.context import LogGrowth

POLL_EVERY = 0.2
"""Seconds between two readings of a store that does not tell, while a request waits."""

LISTEN_FOR = 0.5
"""Seconds for which a thread listens to a store that tells: a server that stops waits for it."""

LOOK_EVERY = 5.0
"""Seconds between two readings of a store that tells: what it told may have been lost."""


@runtime_checkable
class TellsOfGrowth(Protocol):
    """A store that knows what other processes write."""

    def wait_for_growth(self, seconds: float) -> int | None:
        """Where the log ends, once somebody wrote; None where nobody did within ``seconds``."""


@define
class WaitingRequests:
    """The requests that wait, all on one event loop. ``read_head``: reads the log's last entry from
    the store and announces it to ``log_growth``. ``told_by``: the store, where it tells. ``count``:
    how many wait now.
    """

    log_growth: LogGrowth
    read_head: Callable[[], int]
    told_by: TellsOfGrowth | None = None
    count: int = 0
    closed: bool = False
    _wakeups: set[asyncio.Event] = field(factory=set)
    _polling: asyncio.Task[None] | None = None

    async def wait_beyond(self, cursor: int, seconds: float) -> float:
        """Returns when the log is longer than ``cursor``, after ``seconds`` at the latest, at once
        when closed. The result is how many seconds it waited.
        """
        loop, wakeup = asyncio.get_running_loop(), asyncio.Event()

        def listen(head: int) -> None:
            if head > cursor:
                loop.call_soon_threadsafe(wakeup.set)

        since = time.monotonic()
        with self.log_growth.subscribed(listen):
            self._wakeups.add(wakeup)
            self.count += 1
            self._ensure_polling()
            try:
                if not self.closed and not self.has_news(cursor):
                    async with asyncio.timeout(seconds):
                        await wakeup.wait()
            except TimeoutError:
                pass
            finally:
                self.count -= 1
                self._wakeups.discard(wakeup)
        return time.monotonic() - since

    def has_news(self, cursor: int) -> bool:
        """Whether the log is known to be longer than that."""
        return self.log_growth.head > cursor

    def close(self) -> None:
        """Wakes all waiting requests; later ones do not wait."""
        self.closed = True
        for wakeup in self._wakeups:
            wakeup.set()

    def _ensure_polling(self) -> None:
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(
                self._poll() if self.told_by is None else self._listen(self.told_by)
            )

    async def _poll(self) -> None:
        while self.count and not self.closed:
            await asyncio.sleep(POLL_EVERY)
            await self._look()

    async def _listen(self, store: TellsOfGrowth) -> None:
        """To the end: PostgreSQL keeps what it has to tell until it is heard."""
        looked_at = time.monotonic()
        while not self.closed:
            head = await asyncio.to_thread(store.wait_for_growth, LISTEN_FOR)
            if head is not None:
                self.log_growth.announce(head)
            if self.count and time.monotonic() - looked_at >= LOOK_EVERY:
                looked_at = time.monotonic()
                await self._look()

    async def _look(self) -> None:
        with suppress(Exception):  # the waiting request meets the same fault, and answers it
            await asyncio.to_thread(self.read_head)
