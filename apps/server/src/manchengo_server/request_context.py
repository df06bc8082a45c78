"""What a handler needs: the service, threads for its work, and the list of waiting requests."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from attrs import field, frozen
from structlog.typing import FilteringBoundLogger

from manchengo_server.authorisation import Bearer
from manchengo_server.errors import NoToken
from manchengo_server.journal import Line, journal
from manchengo_server.metrics import Metrics
from manchengo_server.service import Service
from manchengo_server.waiting import WaitingRoom

T = TypeVar("T")

THREADS = 16
"""Judging is work for a processor and storing waits for a disk: neither may stop the others."""


@frozen
class RequestContext:
    """``storage_faults``: what the store raises when the machine is in its way."""

    service: Service
    storage_faults: tuple[type[Exception], ...] = ()
    metrics: Metrics = field(factory=Metrics)
    journal: FilteringBoundLogger = field(factory=journal)
    room: WaitingRoom = field(init=False)
    _threads: ThreadPoolExecutor = field(init=False)

    @room.default
    def _a_room(self) -> WaitingRoom:
        return WaitingRoom(self.service.news, self.service.head)

    @_threads.default
    def _some_threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(THREADS, thread_name_prefix="manchengo")

    async def in_thread(self, work: Callable[..., T], *about: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *about)

    def close(self) -> None:
        self._threads.shutdown()


@frozen
class Asked:
    """Who asks, where a token is needed, and the line that the journal will have of it."""

    line: Line
    known: Bearer | None

    @property
    def by(self) -> Bearer:
        if self.known is None:
            raise NoToken
        return self.known
