"""Devices that wait for news: the answer is held back until there is some.

Within this process whoever writes tells; what another process wrote is found by looking.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from attrs import define, field

from manchengo_server.context import News

LOOK_EVERY = 0.2
"""Seconds between two looks at the store, while anybody waits."""


@define
class WaitingRoom:
    """``look``: reads where the log ends from the store, and tells ``news``. Used from one event
    loop.
    """

    news: News
    look: Callable[[], int]
    count: int = 0
    closed: bool = False
    _bells: set[asyncio.Event] = field(factory=set)
    _looking: asyncio.Task[None] | None = None

    async def news_beyond(self, cursor: int, seconds: float) -> float:
        """Until the log is longer than that, or the time is over, or the room is closed; for how
        many seconds that was.
        """
        loop, bell = asyncio.get_running_loop(), asyncio.Event()

        def listen(head: int) -> None:
            if head > cursor:
                loop.call_soon_threadsafe(bell.set)

        since = time.monotonic()
        with self.news.heard_by(listen):
            self._bells.add(bell)
            self.count += 1
            self._keep_looking()
            try:
                if not self.closed and self.news.head <= cursor:
                    async with asyncio.timeout(seconds):
                        await bell.wait()
            except TimeoutError:
                pass
            finally:
                self.count -= 1
                self._bells.discard(bell)
        return time.monotonic() - since

    def close(self) -> None:
        """Let everybody go at once."""
        self.closed = True
        for bell in self._bells:
            bell.set()

    def _keep_looking(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_while_awaited())

    async def _look_while_awaited(self) -> None:
        while self.count and not self.closed:
            await asyncio.sleep(LOOK_EVERY)
            with suppress(Exception):  # whoever waits will meet it too, and is answered then
                await asyncio.to_thread(self.look)
