"""Runs the server: one process, or several that share a socket.

On SIGTERM or Ctrl-C, a process refuses new requests, ends those that wait for new entries, finishes
the others, and exits with 0.
"""

import gc
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
from manchengo_presenters.language import _
from manchengo_server import compose
from manchengo_server.app import app
from manchengo_server.app_state import AppState
from manchengo_server.connections import bounded
from manchengo_server.failures import ENVIRONMENT
from manchengo_server.metrics import SHARED, count_together
from manchengo_server.middleware import Middleware
from manchengo_server.passphrase import passphrase
from manchengo_server.service import Service
from manchengo_server.settings import Settings

LISTENING = 1_024
"""How many connections may wait to be taken."""

_STOPPING = threading.Event()
"""Set once this process was told to stop: the one that was started, or a worker."""

_WORKERS: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
"""How workers begin. Those that are forked share the memory of what their parent had loaded, and
need not load it again; it has no other thread then, and no connection. Elsewhere, what systems do
in their own libraries makes a fork unsafe.
"""

Ready = Callable[[str], object]
"""Called with the URL once the server answers."""


def serve(settings: Settings, ready: Ready) -> int:
    """Run the server until SIGTERM or Ctrl-C; the exit code. Raises ``OSError`` where it cannot
    listen at that address, and what opening the database raises.
    """
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
                _warn_of_clear_keys(service, settings)
                _run(service, settings, listening, lambda: ready(url))
            return 0
        return _run_workers(_with_passphrase(settings), listening, lambda: ready(url))


def _warn_of_clear_keys(service: Service, settings: Settings) -> None:
    """A plant from before keys were sealed goes on; an encrypted file keeps them from others."""
    if settings.is_postgres and not service.wrapping_id():
        print(
            _(
                "The keys of this server are stored in clear in PostgreSQL: who reads the database "
                "or a copy of it can act as the server. Seal them: “manchengo-server keys new "
                "FILE”, then “manchengo-server keys wrap”."
            ),
            file=sys.stderr,
        )


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Uvicorn's server, which ends the waiting requests as soon as it is told to stop."""

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
    app_state = AppState(service, (StorageError,))
    middleware = app(app_state, settings)
    try:
        _Server(config(middleware, settings), middleware, ready).run([listening])
    finally:
        app_state.close()


def config(inner: ASGIApp, settings: Settings) -> uvicorn.Config:
    """The settings of uvicorn."""
    return uvicorn.Config(
        cast(Any, inner),  # the same protocol, spelt twice
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


def _with_passphrase(settings: Settings) -> Settings:
    """The settings with the passphrase, asked for here once: the workers have no terminal."""
    if settings.is_postgres or not settings.path.with_name(f"{settings.path.name}.key").exists():
        return settings
    known = passphrase(settings.path, settings)
    return settings.model_copy(update={"passphrase": SecretStr(known), "passphrase_file": None})


def _run_workers(settings: Settings, listening: socket.socket, ready: Callable[[], object]) -> int:
    """Restarts a worker that ends by itself; ends when all have ended."""
    with compose.opened(settings, passphrase) as service:
        _warn_of_clear_keys(
            service, settings
        )  # reports once what cannot be opened, and migrates before workers start
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _stop)
    gc.collect()
    gc.freeze()  # a collection in a worker would otherwise copy what it shares with the others
    with TemporaryDirectory() as counted:
        os.environ[SHARED] = counted
        workers = [_start_worker(settings, listening) for _ in range(settings.workers)]
        ready()
        while not _STOPPING.wait(0.2):
            for number, worker in enumerate(workers):
                if not worker.is_alive():
                    workers[number] = _start_worker(settings, listening)
                    _STOPPING.wait(1)  # a pause, for the case that none can start
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join()
    ended_well = (0, -signal.SIGTERM)  # the latter: stopped before it had started
    return 0 if all(worker.exitcode in ended_well for worker in workers) else ENVIRONMENT


def _start_worker(settings: Settings, listening: socket.socket) -> BaseProcess:
    process: BaseProcess = _WORKERS.Process(
        target=_run_worker, args=(settings, listening), daemon=True
    )
    process.start()
    return process


def _stop(*_: object) -> None:
    _STOPPING.set()


def _run_worker(settings: Settings, listening: socket.socket) -> None:
    signal.signal(signal.SIGTERM, _stop)
    count_together()

    def ready() -> None:  # uvicorn handles signals from here on: what came before is said again
        if _STOPPING.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    parent: Any = multiprocessing.parent_process()
    threading.Thread(target=_stop_after, args=(parent.sentinel,), daemon=True).start()
    with compose.opened(settings, passphrase) as service:
        _run(service, settings, listening, ready)
    sys.exit(0)


def _stop_after(sentinel: int) -> None:
    """Stops this worker in the ordinary way when its parent was killed."""
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
