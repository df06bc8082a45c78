"""A line of the countryside between the devices and the server: far, narrow, and stalling.

Every byte arrives, late: what a real line loses is sent again by TCP, and comes as a stall. Chance
is seeded, so that two runs meet the same stalls as far as they ask the same.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random
from threading import Event, Thread

import httpx
from attrs import define, field, frozen

PIECE = 1_400


@frozen(kw_only=True)
class Line:
    """``delay``: seconds, one way; ``rate``: bytes a second, each way and for each connection;
    ``stalls``: how many pieces in a hundred stall, each for so many seconds.
    """

    delay: float = 0.3
    rate: float = 8_000.0
    stalls: int = 3
    stall: float = 1.0

    def __str__(self) -> str:
        return (
            f"{self.delay * 1000:,.0f} ms each way, {self.rate / 1000:,.0f} kB/s, one packet in"
            f" {100 // self.stalls} {self.stall:g} s late"
        )


@contextmanager
def poor_link(url: str, line: Line) -> Iterator[str]:
    """Another URL of the server at ``url``: it is reached over that line."""
    link = _Link(httpx.URL(url), line)
    thread = Thread(target=link.run, daemon=True)
    thread.start()
    link.ready.wait()
    yield link.url
    link.stop()
    thread.join()


@define
class _Link:
    server: httpx.URL
    line: Line
    url: str = ""
    ready: Event = field(factory=Event)
    _random: Random = field(factory=lambda: Random(1))
    _loop: asyncio.AbstractEventLoop = field(factory=asyncio.new_event_loop)
    _over: asyncio.Event = field(factory=asyncio.Event)

    def run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self) -> None:
        listening = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.ready.set()
        await self._over.wait()
        listening.close()
        carrying = asyncio.all_tasks() - {asyncio.current_task()}
        for each in carrying:
            each.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)

    async def _carry(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        # Asyncio complains of a connection that is cancelled: it just ends with the line.
        with suppress(asyncio.CancelledError, ConnectionError):
            await asyncio.sleep(2 * self.line.delay)  # TCP shakes hands
            far, forth = await asyncio.open_connection(self.server.host, self.server.port)
            await asyncio.gather(self._way(near, forth), self._way(far, back))

    async def _way(self, come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
        """Pieces leave one behind the other, and are on their way while others leave."""
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(on_the_way, go))
        while piece := await come.read(PIECE):
            await asyncio.sleep(len(piece) / self.line.rate)
            if self._random.randrange(100) < self.line.stalls:
                await asyncio.sleep(self.line.stall)
            on_the_way.put_nowait((self._loop.time() + self.line.delay, piece))
        on_the_way.put_nowait((self._loop.time() + self.line.delay, b""))
        await arriving

    async def _arrive(
        self, on_the_way: asyncio.Queue[tuple[float, bytes]], go: asyncio.StreamWriter
    ) -> None:
        while True:
            at, piece = await on_the_way.get()
            await asyncio.sleep(max(0.0, at - self._loop.time()))
            if not piece:
                go.close()
                return
            go.write(piece)
