"""A server and its devices in one process: the devices speak the protocol, without a network.

server = a_server()
office = server.first_device("bureau")
office.does(received("L1", litres(100)))
office.syncs()
"""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from io import StringIO
from itertools import count
from threading import Thread
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from attrs import define, evolve, field

from manchengo import Actor, Commit, Manchengo, MemoryStore, Role
from manchengo.application.replication import device_log as replica
from manchengo.application.replication.device_log import apply_confirmed
from manchengo.application.replication.server_log import Offered
from manchengo.application.unit_of_work import StateCache
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.commands import RegisterUser
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId, UserId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.settings import DEVICE, PLANT_ID
from manchengo.ports.signer import Signer
from manchengo.ports.store import Store
from manchengo_server import plant, serving
from manchengo_server.app import app
from manchengo_server.app_state import AppState
from manchengo_server.journal import journal
from manchengo_server.middleware import Middleware
from manchengo_server.service import Service
from manchengo_server.settings import Settings
from manchengo_sync import settings as own_settings
from manchengo_sync import signing, wire
from manchengo_sync.http import NO_TLS
from tests.support.given import Step, one_by_one
from tests.support.patience import PATIENCE

BOSS = UserId(UUID(int=100))
DRIVER = UserId(UUID(int=101))
PLANT = "Laiterie des Deux Rives"


class CountingChance:
    """Bytes that nobody guesses in a test, and the same in each run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, length: int) -> bytes:
        return signing_seed(next(self._numbers))[:length]


def signing_seed(number: int) -> bytes:
    return sha256(f"chance {number}".encode()).digest()


@define
class Device:
    """One database with its operator and its key; ``epoch``: the log it last read from.
    ``signer``: the operator's own key; None where they do not sign.
    """

    service: Service
    store: Store
    clock: SteppingClock
    ids: CountingIds
    key: str
    user_id: UserId = BOSS
    roles: frozenset[Role] = frozenset({Role.ADMIN})
    signer: Signer | None = None
    epoch: str = ""
    state_cache: StateCache = field(factory=StateCache)

    @property
    def id(self) -> DeviceId:
        with self.store.reading() as snapshot:
            return DeviceId(UUID(snapshot.setting(DEVICE) or ""))

    @property
    def dairy(self) -> Manchengo:
        actor = Actor(user_id=self.user_id, device_id=self.id, roles=self.roles)
        return Manchengo(
            self.store, clock=self.clock, ids=self.ids, actor=actor, signer=self.signer
        )

    def does(self, *steps: Step) -> list[Commit]:
        dairy = self.dairy
        return [dairy.execute(step) for step in one_by_one(steps)]

    def enrolment(self, code: str, name: str = "poste") -> wire.EnrolRequest:
        return wire.EnrolRequest(
            code=code,
            device_id=self.id,
            name=name,
            public_key=signing.public_key(self.key),
            user_id=self.user_id,
            plant_id=self.own_plant(),
        )

    def own_plant(self) -> UUID | None:
        with self.store.reading() as snapshot:
            return own_settings.own_plant(snapshot)

    def proof(self, nonce: str) -> wire.TokenRequest:
        message = wire.token_message(nonce, self.id, self.user_id)
        return wire.TokenRequest(
            device_id=self.id,
            user_id=self.user_id,
            nonce=nonce,
            signature=signing.sign(self.key, message),
        )

    def token(self) -> str:
        return self.service.token(self.proof(self.service.challenge().nonce)).token

    def offered(self, limit: int = wire.MOST_COMMITS) -> tuple[Offered, ...]:
        with self.store.reading() as snapshot:
            return tuple(
                Offered(
                    commit=each.commit,
                    signature=each.signature or signing.sign(self.key, each.commit.hash),
                )
                for each in snapshot.pending(limit=limit)
            )

    def request(self, *, limit: int = wire.MOST_COMMITS, wait: float = 0.0) -> wire.PushRequest:
        with self.store.reading() as snapshot:
            cursor, log_hash = snapshot.cursor(), snapshot.log_hash()
        return wire.PushRequest(
            protocol=wire.PROTOCOL,
            replica_id=self.id,
            log_epoch=self.epoch,
            cursor=cursor,
            log_hash=log_hash,
            schema_max=wire.schema_max(),
            limit=limit,
            commits=self.offered(limit),
            wait=wait,
        )

    def asking(self, **changed: Any) -> wire.PushRequest:
        """A request that offers nothing, with whatever else is to be said otherwise."""
        return evolve(self.request(), **{"commits": (), **changed})

    def take(self, response: wire.PushResponse) -> None:
        self.epoch = response.log_epoch
        with self.store.writing() as transaction:
            apply_confirmed(
                transaction,
                response.new,
                device_id=self.id,
                now=self.clock.now(),
                state_cache=self.state_cache,
            )

    def exchanges(self) -> wire.PushResponse:
        response = self.service.push(self.request(), by=self.id)
        self.take(response)
        return response

    def syncs(self) -> None:
        """Until nothing is left to say."""
        for _ in range(100):
            response = self.exchanges()
            with self.store.reading() as snapshot:
                pending = snapshot.count_pending()
            if not pending and not response.more:
                return
            assert response.push_error is None, response.push_error
        raise AssertionError("the device never came to rest")

    def digest(self) -> str:
        return digest_of(self.store)


@define
class Server:
    """A service with its devices, each with a clock that goes along with the server's."""

    service: Service
    clock: SteppingClock
    open_store: Callable[[], Store] = MemoryStore
    devices: list[Device] = field(factory=list)

    def device(self, *, user_id: UserId = BOSS) -> Device:
        """One that is not enrolled yet."""
        number = len(self.devices) + 1
        made = Device(
            service=self.service,
            store=self.open_store(),
            clock=SteppingClock(START_OF_MEMORY),
            ids=CountingIds(1_000_000 * number),
            key=signing_seed(1_000_000 * number).hex(),
            user_id=user_id,
        )
        with made.store.writing() as transaction:
            transaction.set_setting(DEVICE, str(made.ids.new()))
            transaction.set_setting(signing.DEVICE_KEY, made.key)
        self.devices.append(made)
        return made

    def first_device(self, *steps: Step, name: str = "bureau") -> Device:
        """The one with which the plant begins: it brings its users, and what else it did before."""
        first = self.device()
        first.does(
            register(BOSS, "Amina", Role.ADMIN), register(DRIVER, "Sid", Role.DRIVER), *steps
        )
        self.service.enrol(first.enrolment(self.service.first_code().code, name))
        first.syncs()
        return first

    def another_device(self, name: str = "téléphone", *, user_id: UserId = BOSS) -> Device:
        other = self.device(user_id=user_id)
        self.let_in(other, name)
        other.syncs()
        return other

    def let_in(self, device: Device, name: str = "téléphone") -> wire.EnrolResponse:
        asked = wire.CodeRequest(user_id=device.user_id)
        code = self.service.new_code(asked, by=None).code
        return self.service.enrol(device.enrolment(code, name))

    def let_in_again(self, device: Device, name: str = "téléphone") -> wire.EnrolResponse:
        """A device that was withdrawn, under another key, as its program makes one."""
        device.key = self.device().key
        return self.let_in(device, name)

    def settle(self) -> None:
        for _ in range(3):
            for each in self.devices:
                each.syncs()

    def digests(self) -> set[str]:
        stores = [self.service.context.store, *[each.store for each in self.devices]]
        return {digest_of(store) for store in stores}


open_database: Callable[[], Store] = MemoryStore
"""Where a server keeps its log, unless a test says so itself: a suite may put a database here."""


def a_server(open_store: Callable[[], Store] | None = None) -> Server:
    clock = SteppingClock(START_OF_MEMORY)
    store = (open_store or open_database)()
    service = Service.found(
        store, PLANT, clock=clock, ids=CountingIds(1), random_bytes=CountingChance()
    )
    return Server(service=service, clock=clock, open_store=open_store or MemoryStore)


SERVER_SETTINGS = (
    PLANT_ID,
    plant.PLANT,
    plant.EPOCHS,
    plant.SERVER_DEVICE,
    plant.SERVER_KEY,
    plant.BUNDLE_KEY,
    plant.TOKEN_KEY,
    plant.SIGNING_KEY,
    DEVICE,
)


def log_of(service: Service) -> list[LogEntry]:
    with service.context.reading() as snapshot:
        return list(snapshot.entries())


def as_it_was(service: Service, kept: list[LogEntry]) -> Service:
    """The server when its log had these entries, of which nobody says that it was put back."""
    store = open_database()
    with service.context.reading() as now, store.writing() as transaction:
        for entry in kept:
            replica.apply(transaction, entry, StateCache())
        for name in SERVER_SETTINGS:
            transaction.set_setting(name, now.setting(name) or "")
    context = service.context
    return Service.open(
        store, clock=context.clock, ids=context.ids, random_bytes=context.random_bytes
    )


def register(user_id: UserId, name: str, *roles: Role) -> RegisterUser:
    return RegisterUser(user_id=user_id, name=name, roles=frozenset(roles))


def digest_of(store: Store) -> str:
    with store.reading() as snapshot:
        return digest(stored_rows(snapshot))


# ---------------------------------------------------------------- on HTTP, on this machine


@define
class Served:
    """A server on loopback, in a thread of this process. ``journal``: its lines so far."""

    url: str
    middleware: Middleware
    _written: StringIO
    _server: "_InAThread"
    _thread: Thread

    @property
    def journal(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = [
            json.loads(line) for line in self._written.getvalue().splitlines()
        ]
        return lines

    def line(self, **fields: Any) -> dict[str, Any]:
        """The latest that says so; it may be written a moment after the answer has come."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for line in self.journal[::-1]:
                if fields.items() <= line.items():
                    return line
            time.sleep(0.01)
        raise AssertionError(f"no line has {fields}: {self.journal}")

    def end(self) -> None:
        """It answers nobody any more, from the moment that this returns: not even who had come in
        while it was closing its door.
        """
        self._server.stop()
        self._server.should_exit = True
        self._thread.join()

    def client(self) -> httpx.Client:
        """Asks there, and waits for the answer however busy the machine is."""
        return httpx.Client(base_url=self.url, verify=NO_TLS, trust_env=False, timeout=PATIENCE)

    def stop(self) -> None:
        """As a signal would."""
        self._server.stop()


class _InAThread(uvicorn.Server):
    """Uvicorn's, told to stop from another thread."""

    def __init__(self, middleware: Middleware, settings: Settings) -> None:
        super().__init__(serving.config(middleware, settings))
        self._middleware = middleware
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def stop(self) -> None:
        assert self._loop is not None, "it has started"
        self._loop.call_soon_threadsafe(self._middleware.stop)


@contextmanager
def served(
    service: Service, *, storage_faults: tuple[type[Exception], ...] = (), **changed: Any
) -> Iterator[Served]:
    """``changed``: settings other than the usual ones."""
    written = StringIO()
    app_state = AppState(service, storage_faults, journal=journal(written))
    settings = Settings(stop_seconds=5, **changed)
    middleware = app(app_state, settings)
    server = _InAThread(middleware, settings)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield Served(url, middleware, written, server, thread)
    finally:
        if not server.should_exit:
            server.stop()
            server.should_exit = True
        thread.join()
        app_state.close()
        listening.close()


@define
class Caller:
    """Who asks over HTTP; with a device, in its name."""

    client: httpx.Client
    device: Device | None = None

    def post(self, path: str, payload: object = b"", **how: Any) -> httpx.Response:
        body = payload if isinstance(payload, bytes) else wire.encode(payload)
        headers = {**self._headers(), **how.pop("headers", {})}
        return self.client.post(path, content=body, headers=headers, **how)

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.client.get(path, headers={**self._headers(), **(headers or {})})

    def push(self, request: wire.PushRequest, **how: Any) -> httpx.Response:
        return self.post("/sync/push", request, **how)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.device.token()}"} if self.device else {}


def problem(response: httpx.Response) -> tuple[int, str]:
    """The status, and the code that the body gives."""
    return response.status_code, wire.decode(response.content, wire.Problem).code
