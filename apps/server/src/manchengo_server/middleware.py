"""Checks each request before a handler sees it: its sender, its rate, its size.

Every request passes here, so it is counted and gets its line in the journal here.
"""

import asyncio
import re
import time
from typing import Any

from attrs import field, frozen
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from manchengo.ports.storage_errors import DiskFull
from manchengo_server.app_state import AppState
from manchengo_server.authorisation import Bearer
from manchengo_server.bodies import BodyReader
from manchengo_server.errors import (
    NothingThere,
    NoToken,
    Recovering,
    StorageFull,
    TooMany,
    TooSlow,
    TurnedDown,
    TwoLengths,
    Unavailable,
)
from manchengo_server.in_flight import SMALL, InFlight
from manchengo_server.journal import Line, where
from manchengo_server.limits import Limiter, Rate, Timer
from manchengo_server.request_context import RequestContext
from manchengo_server.settings import Settings, is_loopback
from manchengo_sync.wire import LONGEST_WAIT, PLANT, Problem, encode

WITHDRAW = re.compile(r"/sync/devices/[^/]+/withdraw")
DEVICES = "/sync/devices"
BY_TOKEN = {
    "/sync/push",
    "/sync/tail",
    "/sync/snapshot",
    "/sync/renew",
    "/sync/codes",
    DEVICES,
    "withdraw",
}
HANDING_BACK = {"/sync/push", "/sync/tail"}
"""What a device may ask that the log does not know yet; a push is answered what is wanted of it."""

WATCHED = {"/healthz", "/metrics"}
KNOWN = {*BY_TOKEN, *WATCHED, "/sync/challenge", "/sync/token", "/sync/enrol", "/schema"}
ENROL = "/sync/enrol"
SNAPSHOT = "/sync/snapshot"
SNAPSHOT_SECONDS = 3_600.0

FOR_THIS_MACHINE = {"schema", "metrics"}
"""The first parts of paths that nobody but a program of this machine is answered."""

FORWARDED = {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"}
"""What a reverse proxy adds: with it, a request comes from elsewhere, whatever its address."""

NEVER_KEPT = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]

LARGE_BODIES = 2
"""How many of the largest bodies may be held at once, of different devices."""

PLANT_HEADER = PLANT.lower().encode()

REQUEST_CONTEXT = "request_context"
"""The key of the ``RequestContext`` in the state of an ASGI scope."""


@frozen
class Middleware:
    """An ASGI application around another."""

    inner: ASGIApp
    app_state: AppState
    settings: Settings
    timer: Timer = time.monotonic
    devices: Limiter = field(init=False)
    addresses: Limiter = field(init=False)
    enrolments: Limiter = field(init=False)
    in_flight: InFlight = field(init=False)

    @devices.default
    def _per_device(self) -> Limiter:
        return self._shared(Rate(self.settings.device_rate, self.settings.device_burst))

    @addresses.default
    def _per_address(self) -> Limiter:
        return self._shared(Rate(self.settings.address_rate, self.settings.address_burst))

    @enrolments.default
    def _per_enrolment(self) -> Limiter:
        return self._shared(Rate(self.settings.enrol_rate, self.settings.enrol_burst))

    @in_flight.default
    def _bodies(self) -> InFlight:
        largest = self.settings.largest_body
        return InFlight(most=LARGE_BODIES * largest, most_of_one=largest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await _Request(self, scope, receive, send).handle()
        else:
            await self.inner(scope, receive, send)

    def _shared(self, rate: Rate) -> Limiter:
        return Limiter(rate.shared_by(self.settings.workers), self.timer)

    def stop(self) -> None:
        """Refuse new requests, and end the waiting ones."""
        self.app_state.waiting_requests.close()


class _Request:
    """One request, from its first byte to its line in the journal."""

    def __init__(self, middleware: Middleware, scope: Any, receive: Receive, send: Send) -> None:
        self.middleware, self.app_state, self.settings = (
            middleware,
            middleware.app_state,
            middleware.settings,
        )
        self.scope, self.send = scope, send
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.route = _route(scope["path"])
        self.line = Line(scope["method"], self.route)
        self.body = BodyReader(receive, self.headers)
        self.receive = receive

    async def handle(self) -> None:
        since = time.monotonic()
        try:
            await self._check_and_serve()
        except TurnedDown as no:
            self.line.facts |= {"code": no.code}
            await self._answer(no.status, no.problem(), no)
        except TimeoutError:
            self.line.facts |= {"code": "too_long"}
            await self._answer(503, Unavailable().problem())
        except self.app_state.storage_faults as error:
            fault = StorageFull() if isinstance(error, DiskFull) else Unavailable()
            self.line.facts |= {"code": fault.code, **where(error)}
            await self._answer(fault.status, fault.problem())
        except Exception as error:
            self.line.facts |= {"code": "fault", **where(error)}
            await self._answer(500, Problem(code="fault", message="A fault of the server."))
        finally:
            seconds = time.monotonic() - since
            self.line.write(self.app_state.journal, seconds)
            metrics = self.app_state.metrics
            metrics.requests.labels(self.route, str(self.line.status)).inc()
            metrics.seconds.labels(self.route).observe(max(0.0, seconds - self.line.waited))

    async def _check_and_serve(self) -> None:
        if self.app_state.waiting_requests.closed and self.route not in WATCHED:
            raise Unavailable
        if self.route not in WATCHED:
            self._check_rate()
        if self.headers.keys() >= {b"content-length", b"transfer-encoding"}:
            raise TwoLengths
        if _first_part(self.scope["path"]) in FOR_THIS_MACHINE and not self._is_of_this_machine():
            raise NothingThere
        named = self.headers.get(PLANT_HEADER, b"").decode("latin-1").strip().lower()
        self.app_state.service.context.must_keep(named)
        bearer = await self._bearer()
        largest = self.settings.largest_body
        device = str(bearer.device_id) if bearer else ""
        with self.middleware.in_flight.holding(device) as grow:
            body = await self.body.read(
                largest=largest if bearer else min(SMALL, largest),
                seconds=self.settings.body_seconds,
                grow=grow,
            )
            self.scope.setdefault("state", {})[REQUEST_CONTEXT] = RequestContext(self.line, bearer)
            allowed = self.settings.request_seconds + LONGEST_WAIT
            async with asyncio.timeout(SNAPSHOT_SECONDS if self.route == SNAPSHOT else allowed):
                await self.middleware.inner(
                    self._decompressed(len(body)), _replaying(body, self.receive), self._send
                )

    def _is_of_this_machine(self) -> bool:
        client = self.scope.get("client")
        return client is not None and is_loopback(client[0]) and not self.headers.keys() & FORWARDED

    def _check_rate(self) -> None:
        client = self.scope.get("client")
        address = client[0] if client else ""
        self.middleware.addresses.ask(address)
        if self.route == ENROL:
            self.middleware.enrolments.ask(address)

    async def _bearer(self) -> Bearer | None:
        if self.route not in BY_TOKEN:
            return None
        kind, _, given = self.headers.get(b"authorization", b"").partition(b" ")
        if kind.lower() != b"bearer" or not given.isascii():
            raise NoToken
        token = given.decode().strip()
        bearer = await self.app_state.in_thread(self.app_state.service.admit, token)
        self.line.facts["device"] = str(bearer.device_id)
        self.middleware.devices.ask(str(bearer.device_id))
        if bearer.hands_back and self.route not in HANDING_BACK:
            raise Recovering
        return bearer

    def _decompressed(self, length: int) -> Any:
        """The ASGI scope of the request, with the headers of its decompressed body."""
        dropped = (b"content-encoding", b"content-length", b"transfer-encoding")
        headers = [pair for pair in self.scope["headers"] if pair[0] not in dropped]
        return {
            **self.scope,
            "headers": [*headers, (b"content-length", str(length).encode())],
        }

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.line.status = message["status"]
            plant = str(self.app_state.service.plant.id).encode()
            message["headers"] = [*message.get("headers", ()), (PLANT_HEADER, plant), *NEVER_KEPT]
        await self.send(message)

    async def _answer(self, status: int, problem: Problem, no: TurnedDown | None = None) -> None:
        if self.line.status:  # the answer has begun: it can only be cut
            return
        if not isinstance(no, TooSlow | TwoLengths):
            await self.body.drain()
        body = encode(problem)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        if isinstance(no, TooMany):
            headers.append((b"retry-after", str(no.seconds).encode()))
        if isinstance(no, TwoLengths):
            headers.append((b"connection", b"close"))  # the next request has no certain beginning
        if status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _first_part(path: str) -> str:
    return next((part for part in path.split("/") if part), "")


def _route(path: str) -> str:
    if WITHDRAW.fullmatch(path):
        return "withdraw"
    return path if path in KNOWN else "other"


def _replaying(body: bytes, receive_rest: Receive) -> Receive:
    """An ASGI ``receive`` that first gives the body, read already, then calls ``receive_rest``."""
    replayed = False

    async def receive() -> Any:
        nonlocal replayed
        if replayed:
            return await receive_rest()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
