"""Devices that wait for new entries: a request is held back until the log grows.

A write of this process wakes the waiting requests at once. A write of another process is found by
reading the store every ``POLL_EVERY`` seconds.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from attrs import define, field

from manchengo_server.context import LogGrowth

POLL_EVERY = 0.2
"""Seconds between two readings of the store, while a request waits."""


@define
class WaitingRequests:
    """The requests that wait, all on one event loop. ``read_head``: reads the log's last entry from
    the store and announces it to ``log_growth``. ``count``: how many wait now.
    """

    log_growth: LogGrowth
    read_head: Callable[[], int]
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
                if not self.closed and self.log_growth.head <= cursor:
                    async with asyncio.timeout(seconds):
                        await wakeup.wait()
            except TimeoutError:
                pass
            finally:
                self.count -= 1
                self._wakeups.discard(wakeup)
        return time.monotonic() - since

    def close(self) -> None:
        """Wakes all waiting requests; later ones do not wait."""
        self.closed = True
        for wakeup in self._wakeups:
            wakeup.set()

    def _ensure_polling(self) -> None:
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        while self.count and not self.closed:
            await asyncio.sleep(POLL_EVERY)
            with suppress(Exception):  # the waiting request meets the same fault, and answers it
                await asyncio.to_thread(self.read_head)
