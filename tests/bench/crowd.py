"""Many devices in one process: each with a connection of its own, over which it asks and waits.

A client that does as little as it can: what is measured is the server, on the same machine.
"""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from typing import Self, TypeVar
from urllib.parse import urlsplit

from attrs import define, field, frozen

from manchengo.application.replication.server_log import Stopped
from manchengo_sync import wire
from tests.bench.many_plants import KnownDevice, KnownPlant, events_in

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds for which an answer is waited for."""


@frozen(kw_only=True)
class Answer:
    """What a device looks at first in an answer to a push; the rest stays undecoded."""

    head: int
    more: bool
    push_error: Stopped | None
    word: wire.ServerWord


@define
class Line:
    """The connection of one device to the server of its plant, and its token."""

    url: str
    known: KnownDevice
    token: str = ""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connects, and proves to be that device."""
        address = urlsplit(self.url)
        self._reader, self._writer = await asyncio.open_connection(address.hostname, address.port)
        challenge = wire.decode(await self._post("/sync/challenge", b"{}"), wire.Challenge)
        proof = wire.encode(self.known.device.proof(challenge.nonce))
        self.token = wire.decode(await self._post("/sync/token", proof), wire.TokenResponse).token

    async def push(self, body: bytes) -> Answer:
        """One exchange; the device holds the log up to its end then."""
        answer = wire.decode(await self._post("/sync/push", body), Answer)
        assert answer.push_error is None, answer.push_error
        assert not answer.more, "all that is new is in one answer"
        self.known.holds(answer.head, answer.word.log_hash)
        return answer

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()

    async def _post(self, path: str, body: bytes) -> bytes:
        assert self._reader is not None, "it is open"
        assert self._writer is not None, "it is open"
        self._writer.write(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Accept-Encoding: gzip\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: Bearer {self.token}\r\n\r\n".encode()
            + body
        )
        async with asyncio.timeout(PATIENCE):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = int(head.partition("content-length:")[2].partition("\r\n")[0])
            content = await self._reader.readexactly(length)
        assert head.startswith("http/1.1 200"), (head, content)
        return gzip.decompress(content) if "content-encoding: gzip" in head else content


@define
class News:
    """``came``: when each listener of a plant had the log up to ``head`` (monotonic seconds)."""

    waiting: int = 0
    head: int = 0
    came: list[float] = field(factory=list)
    _all: asyncio.Event = field(factory=asyncio.Event)

    def expect(self, head: int) -> None:
        self.head, self.came = head, []
        self._all.clear()

    def has(self, head: int) -> None:
        if head >= self.head:
            self.came.append(time.monotonic())
            if len(self.came) == self.waiting:
                self._all.set()

    async def everybody(self) -> list[float]:
        async with asyncio.timeout(PATIENCE):
            await self._all.wait()
        return self.came


@frozen(kw_only=True)
class Heard:
    """``delays``: seconds from the answer to a push until each listener of the plant had what was
    pushed; ``pushes``: how long each of these took.
    """

    delays: list[float]
    pushes: list[float]


@define
class Crowd:
    """The listeners of all plants, who wait for news; one speaker a plant, who has some.

    Use it as a context manager. From its beginning on each plant has its speaker, which exchanged
    once; the listeners come when they are told to ``gather``. All on an event loop of this process.
    """

    urls: list[str]
    plants: list[KnownPlant]
    _runner: asyncio.Runner = field(factory=asyncio.Runner)
    _news: list[News] = field(factory=list)
    _speakers: list[Line] = field(factory=list)
    _waiting: list["asyncio.Task[None]"] = field(factory=list)

    def __enter__(self) -> Self:
        self._runner.__enter__()
        self._runner.run(self._begin())
        return self

    def gather(self, begin: int, end: int | None = None) -> None:
        """Of each plant these listeners ask, and wait."""
        self._runner.run(self._gather(slice(begin, end)))

    def __exit__(self, *_: object) -> None:
        try:
            self._runner.run(self._scatter())
        finally:
            self._runner.close()

    def rest(self, seconds: float) -> None:
        """Nothing is pushed for so long."""
        self._runner.run(asyncio.sleep(seconds))
        for each in self._waiting:
            assert not each.done(), each.exception()

    def hears(self, rounds: int) -> Heard:
        """In one plant after the other, a page is pushed; so many times."""
        return self._runner.run(self._hears(rounds))

    async def _begin(self) -> None:
        for url, plant in zip(self.urls, self.plants, strict=True):
            speaker = Line(url, plant.speakers[0])
            self._speakers.append(speaker)
            self._news.append(News())
            await speaker.open()
            await speaker.push(speaker.known.asks(wait=0.0))

    async def _gather(self, some: slice) -> None:
        for url, plant, news in zip(self.urls, self.plants, self._news, strict=True):
            lines = [Line(url, each) for each in plant.listeners[some]]
            news.waiting += len(lines)
            await _each(line.open() for line in lines)
            self._waiting += [asyncio.create_task(_wait(line, news)) for line in lines]

    async def _hears(self, rounds: int) -> Heard:
        delays, pushes = [], []
        for _ in range(rounds):
            for speaker, news in zip(self._speakers, self._news, strict=True):
                await speaker.close()  # the server closed it if the others took long
                await speaker.open()
                news.expect(speaker.known.request.cursor + len(speaker.known.pages[0]))
                body, began = speaker.known.offers(), time.monotonic()
                await speaker.push(body)
                answered = time.monotonic()
                delays += [max(0.0, each - answered) for each in await news.everybody()]
                pushes.append(answered - began)
        return Heard(delays=delays, pushes=pushes)

    async def _scatter(self) -> None:
        for task in self._waiting:
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)
        for speaker in self._speakers:
            await speaker.close()


async def _wait(line: Line, news: News) -> None:
    """Asks, is answered, and asks again: for ever."""
    try:
        while True:
            news.has((await line.push(line.known.asks())).head)
    finally:
        await line.close()


@frozen(kw_only=True)
class AllAtOnce:
    """``latencies``: seconds of each push; ``seconds``: of them all."""

    commits: int
    events: int
    seconds: float
    latencies: list[float]


def all_at_once(urls: list[str], plants: list[KnownPlant], pages: int) -> AllAtOnce:
    """Every speaker of these plants pushes so many pages, each as soon as it is answered."""
    lines = [
        Line(url, each) for url, plant in zip(urls, plants, strict=True) for each in plant.speakers
    ]
    offered = [page for line in lines for page in line.known.pages[:pages]]
    with asyncio.Runner() as runner:
        runner.run(_each(line.open() for line in lines))
        began = time.monotonic()
        latencies = runner.run(_each(_push(line, pages) for line in lines))
        seconds = time.monotonic() - began
        runner.run(_each(line.close() for line in lines))
    return AllAtOnce(
        commits=sum(map(len, offered)),
        events=sum(map(events_in, offered)),
        seconds=seconds,
        latencies=[each for of_one in latencies for each in of_one],
    )


async def _push(line: Line, pages: int) -> list[float]:
    latencies = []
    for _ in range(pages):
        body, began = line.known.offers(), time.monotonic()
        await line.push(body)
        latencies.append(time.monotonic() - began)
    return latencies


async def _each(work: Iterable[Awaitable[T]]) -> list[T]:
    return await asyncio.gather(*work)
