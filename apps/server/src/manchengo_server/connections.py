"""How many connections are open, and how long one may take to say what it asks.

Uvicorn ends a connection that falls silent after an answer, and waits for ever for the head of a
request: a few bytes a minute, on enough connections, would keep everybody else out.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


def bounded(*, most: int, header_seconds: float) -> type[H11Protocol]:
    """The protocol of one connection: at most ``most`` at once, each with a limited time for the
    head of a request.
    """

    class Bounded(H11Protocol):
        _head_is_due: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            if len(self.connections) > most:
                transport.abort()
            else:
                self._expect_a_head()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            asked: Any = self.cycle  # none before the first request, whatever its type says
            if asked is not None and not asked.response_complete:
                self._have_a_head()
            elif self._head_is_due is None and self.timeout_keep_alive_task is None:
                self._expect_a_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._have_a_head()
            super().connection_lost(exc)

        def _expect_a_head(self) -> None:
            self._head_is_due = self.loop.call_later(header_seconds, self.transport.close)

        def _have_a_head(self) -> None:
            if self._head_is_due is not None:
                self._head_is_due.cancel()
                self._head_is_due = None

    return Bounded
