"""The whole way to the server: real HTTP, in bytes, between the real client and the real app.

On the device stand ``HttpLink``, httpx and httpcore; on the server uvicorn's protocol, the door,
the app and the desk. Only the two ends of the wire are ours, and what becomes of the bytes between.
"""

import asyncio
import json
from collections.abc import Iterable
from io import StringIO
from typing import Any

import httpcore
import httpx
from attrs import define, field
from litestar.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from manchengo_server.app import app
from manchengo_server.app_state import AppState
from manchengo_server.journal import journal
from manchengo_server.middleware import Middleware
from manchengo_server.service import Service
from manchengo_server.serving import config
from manchengo_server.settings import Settings
from manchengo_sync.http import NO_TLS, HttpLink
from manchengo_sync.link import LinkError
from manchengo_sync.signing import DEVICE_KEY
from tests.simulation.disks import Died
from tests.simulation.loop import SimulatedLoop
from tests.simulation.network import Network
from tests.simulation.nodes import Device, Time

URL = "http://127.0.0.1:8765"


# ---------------------------------------------------------------- the server's end


@define
class HttpServer:
    """One process of the server. ``strict``: devices may not ask often."""

    service: Service
    time: Time
    storage_faults: tuple[type[Exception], ...] = ()
    strict: bool = False
    loop: SimulatedLoop = field(init=False)
    _config: Config = field(init=False)
    _written: StringIO = field(factory=StringIO)
    _heard: H11Protocol | None = None
    _died: bool = False

    def __attrs_post_init__(self) -> None:
        self.loop = SimulatedLoop(self.time)
        app_state = AppState(self.service, self.storage_faults, journal=journal(self._written))
        settings = Settings(device_rate=1, device_burst=40) if self.strict else Settings()
        middleware = app(app_state, settings, timer=self.loop.time)
        self._config = config(self._until_death(middleware), settings)

    def hear(self, received: bytes, *, by: str, whole: bool = True) -> bytes:
        """What is answered to these bytes, on a connection of their own; not ``whole``: that breaks
        behind them. ``Died`` when the process did.
        """
        socket, state = _Socket(by), ServerState()
        self._heard = H11Protocol(self._config, state, {}, self.loop)
        self._heard.connection_made(socket)
        if received:
            self._heard.data_received(received)
        if not whole:
            self._heard.connection_lost(ConnectionResetError())
        while state.tasks:
            self.loop.run_until_complete(asyncio.wait(state.tasks))
        if self._died:
            raise Died
        self._heard.connection_lost(None)
        return bytes(socket.sent)

    def noted(self) -> list[dict[str, Any]]:
        """The lines of the journal since they were last asked for."""
        lines = [json.loads(line) for line in self._written.getvalue().splitlines()]
        self._written.seek(0)
        self._written.truncate()
        return lines

    def close(self) -> None:
        pending = asyncio.all_tasks(self.loop)
        for task in pending:
            task.cancel()
        if pending:
            self.loop.run_until_complete(asyncio.wait(pending))
        self.loop.close()

    def _until_death(self, middleware: Middleware) -> Any:
        async def inside(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await middleware(scope, receive, send)
            except Died:
                self._died = True
                assert self._heard is not None, "it died over something that it heard"
                self._heard.connection_lost(ConnectionResetError())

        return inside


class _Socket(asyncio.Transport):
    """Keeps what is written to it."""

    def __init__(self, by: str) -> None:
        super().__init__({"peername": (by, 50_000), "sockname": ("127.0.0.1", 8765)})
        self.sent = bytearray()
        self._closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += data

    def close(self) -> None:
        self._closed = True

    def is_closing(self) -> bool:
        return self._closed

    def pause_reading(self) -> None:
        """All there is to read was handed over already."""

    def resume_reading(self) -> None:
        """The same."""


# ---------------------------------------------------------------- the device's end


def http_link(network: Network, device: Device) -> HttpLink:
    transport = httpx.HTTPTransport(verify=NO_TLS)
    transport._pool = httpcore.ConnectionPool(
        network_backend=_Road(network, device),
        max_keepalive_connections=0,  # each request finds its own way
    )

    def key_now() -> str:
        with device.disk.store.reading() as snapshot:
            return snapshot.setting(DEVICE_KEY) or ""

    return HttpLink(
        URL,
        device_id=device.id,
        user_id=device.user,
        private_key=key_now(),
        key_now=key_now,
        transport=transport,
        timer=device.awake,
    )


@define
class _Road(httpcore.NetworkBackend):
    network: Network
    device: Device

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if self.network.is_away(self.device):
            raise httpcore.ConnectError("no network")
        return _Conversation(self.network, self.device)


@define
class _Conversation(httpcore.NetworkStream):
    """One request goes, one answer comes."""

    network: Network
    device: Device
    _sent: bytearray = field(factory=bytearray)
    _answer: bytes | None = None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._sent += buffer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._answer is None:
            self._answer = self._answered(bytes(self._sent))
        piece, self._answer = self._answer[:max_bytes], self._answer[max_bytes:]
        return piece

    def close(self) -> None:
        """Nothing is left open."""

    def get_extra_info(self, info: str) -> Any:
        return None

    def _answered(self, received: bytes) -> bytes:
        is_push = received.startswith(b"POST /sync/push ")
        try:
            return self.network.carry(self.device, received, is_push=is_push)
        except LinkError as error:
            raise httpcore.ReadError(str(error)) from error
