"""From a socket to an orderly end: one process, or several that share the socket.

Told to stop (SIGTERM, Ctrl-C), a process takes nothing new, lets those go who only wait, finishes
what it has begun, and leaves with 0.
"""

import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, cast

import uvicorn
from litestar.types import ASGIApp
from pydantic import SecretStr

from manchengo.ports.storage_errors import StorageError
from manchengo.system import collect_seldom
from manchengo_server import compose
from manchengo_server.app import app
from manchengo_server.connections import bounded
from manchengo_server.failures import ENVIRONMENT
from manchengo_server.metrics import SHARED
from manchengo_server.middleware import Middleware
from manchengo_server.passphrase import passphrase
from manchengo_server.request_context import RequestContext
from manchengo_server.service import Service
from manchengo_server.settings import Settings

LISTENING = 1_024
"""How many connections may wait to be taken."""

Ready = Callable[[str], object]
"""Told the URL once it answers."""


def serve(settings: Settings, ready: Ready) -> int:
    listening = socket.create_server(
        (settings.host, settings.port),
        family=socket.AF_INET6 if ":" in settings.host else socket.AF_INET,
        backlog=LISTENING,
    )
    # Connections inherit it: else the end of an answer waits until its beginning was received.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listening:
        url = _url(listening)
        if settings.workers == 1:
            with compose.opened(settings, passphrase) as service:
                _run(service, settings, listening, lambda: ready(url))
            return 0
        return _several(_knowing(settings), listening, lambda: ready(url))


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Uvicorn's, which lets the waiting go as soon as it is told to stop."""

    def __init__(
        self, config: uvicorn.Config, middleware: Middleware, ready: Callable[[], object]
    ) -> None:
        super().__init__(config)
        self._middleware = middleware
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as it is called
        self._middleware.stop()
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True


def _run(
    service: Service, settings: Settings, listening: socket.socket, ready: Callable[[], object]
) -> None:
    collect_seldom()
    request_context = RequestContext(service, (StorageError,))
    middleware = app(request_context, settings)
    try:
        _Server(config(middleware, settings), middleware, ready).run([listening])
    finally:
        request_context.close()


def config(inside: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves it."""
    return uvicorn.Config(
        cast(Any, inside),  # the same protocol, spelt twice
        http=bounded(most=settings.connections, header_seconds=settings.header_seconds),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=int(settings.stop_seconds),
        timeout_keep_alive=75,
    )


# ---------------------------------------------------------------- several


def _knowing(settings: Settings) -> Settings:
    """With the passphrase, asked for once: the workers have no terminal."""
    if settings.is_postgres or not settings.path.with_name(f"{settings.path.name}.key").exists():
        return settings
    known = passphrase(settings.path, settings)
    return settings.model_copy(update={"passphrase": SecretStr(known), "passphrase_file": None})


def _several(settings: Settings, listening: socket.socket, ready: Callable[[], object]) -> int:
    """Start the workers again that end unasked; end with them all."""
    with compose.opened(settings, passphrase):
        pass  # what cannot be opened is said here once; migrations are done by one alone
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    with TemporaryDirectory() as counted:
        os.environ[SHARED] = counted
        workers = [_started(settings, listening) for _ in range(settings.workers)]
        ready()
        while not stopping.wait(0.2):
            for number, worker in enumerate(workers):
                if not worker.is_alive():
                    workers[number] = _started(settings, listening)
                    stopping.wait(1)  # not to spin where none can start
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join()
    ended_well = (0, -signal.SIGTERM)  # the latter: told to before it had begun
    return 0 if all(worker.exitcode in ended_well for worker in workers) else ENVIRONMENT


def _started(settings: Settings, listening: socket.socket) -> BaseProcess:
    process = multiprocessing.get_context("spawn").Process(
        target=_work, args=(settings, listening), daemon=True
    )
    process.start()
    return process


def _work(settings: Settings, listening: socket.socket) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # told to stop before it has begun
    parent: Any = multiprocessing.parent_process()
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    with compose.opened(settings, passphrase) as service:
        _run(service, settings, listening, lambda: None)
    sys.exit(0)


def _end_with(sentinel: int) -> None:
    """A worker whose parent was killed ends as if it were told to."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
