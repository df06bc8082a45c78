"""What the HTTP handlers share: the service and its threads, the counters, the waiting requests."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from attrs import field, frozen
from structlog.typing import FilteringBoundLogger

from manchengo_server.journal import journal
from manchengo_server.metrics import Metrics
from manchengo_server.service import Service
from manchengo_server.waiting import TellsOfGrowth, WaitingRequests

T = TypeVar("T")

THREADS = 16
"""Judging keeps a processor busy and storing waits for a disk: neither may stop other requests."""


@frozen
class AppState:
    """``storage_faults``: the exceptions by which the store reports a fault of the machine."""

    service: Service
    storage_faults: tuple[type[Exception], ...] = ()
    metrics: Metrics = field(factory=Metrics)
    journal: FilteringBoundLogger = field(factory=journal)
    waiting_requests: WaitingRequests = field(init=False)
    _threads: ThreadPoolExecutor = field(init=False)

    @waiting_requests.default
    def _no_requests_yet(self) -> WaitingRequests:
        context = self.service.context
        told_by = context.store if isinstance(context.store, TellsOfGrowth) else None
        return WaitingRequests(context.log_growth, self.service.head, told_by)

    @_threads.default
    def _thread_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(THREADS, thread_name_prefix="manchengo")

    async def in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run blocking work in a thread of the pool, so that the event loop goes on; what it
        returns or raises.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def close(self) -> None:
        """Waits for the calls that run, and ends the threads."""
        self._threads.shutdown()
