"""An event loop in which nobody waits: time is the world's, and what threads do is done at once."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import timedelta
from typing import Any, TypeVar

from tests.simulation.nodes import BEGINNING, Time

T = TypeVar("T")

INSTANT = timedelta(microseconds=1)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Where everybody waits for a time, it comes: the world's clock goes on until then."""

    def __init__(self, time: Time) -> None:
        self._world = time
        super().__init__(_Impatient(time))

    def time(self) -> float:
        return (self._world.now - BEGINNING).total_seconds()

    def run_in_executor(  # type: ignore[override] # done when it is asked for, not later
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except BaseException as error:
            done.set_exception(error)
        return done


class _Impatient(selectors.SelectSelector):
    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "somebody waits for what nobody will do"
            if timeout > 0:
                self._time.now += timedelta(seconds=timeout) + INSTANT
        return ready
