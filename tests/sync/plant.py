"""A server and devices in this process: the exchange as it is, over links that do what is asked.

Every question and every answer goes through the wire's bytes.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from random import Random
from uuid import UUID

from attrs import define, field

from manchengo import Actor, Commit, Manchengo, MemoryStore, Role
from manchengo.application.replication.device_log import apply
from manchengo.application.replication.server_log import Fault, Offered, Received, Stopped, receive
from manchengo.application.unit_of_work import StateCache
from manchengo.application.views import rebuild
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId, UserId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.audit import AuditEntry
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_sync import wire
from manchengo_sync.exchange import exchange, sync
from manchengo_sync.link import Link, LogReset, TooLarge, TooOld, Unauthorised, Unreachable
from manchengo_sync.outcome import Exchanged
from manchengo_sync.signing import DEVICE_KEY, is_signed, new_key, public_key
from tests.support.given import Step, one_by_one
from tests.support.signers import admitted, signer_of

BOSS = UserId(UUID(int=100))
KEYS: dict[DeviceId, list[str]] = {}
"""Of every device that a server of this test let in: its log begins with what the first of them
recorded, and says nothing of keys. ``conftest`` makes them known; with the real server
(``test_against_a_server``, ``tests/attacks``, the simulation) they are read from the log.
"""


@define
class Server(Link):
    """The plant's log behind the agreed questions. ``keys``: of the devices that are let in.

    ``refuses``: commits that it takes from nobody. ``takes_at_most``: commits in one push.
    """

    store: Store = field(factory=MemoryStore)
    state_cache: StateCache = field(factory=StateCache)
    epochs: list[tuple[str, int]] = field(factory=lambda: [("first", 0)])
    keys: dict[DeviceId, str] = field(factory=dict)
    refuses: set[UUID] = field(factory=set)
    takes_at_most: int = wire.MOST_COMMITS
    is_newer: bool = False
    protocol: int = wire.PROTOCOL
    asked: list[wire.PushRequest] = field(factory=list)
    renewed: list[wire.RenewRequest] = field(factory=list)

    @property
    def epoch(self) -> str:
        return self.epochs[-1][0]

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        request = wire.decode(wire.encode(request), wire.PushRequest)
        self.asked.append(request)
        if request.replica_id not in self.keys:
            raise Unauthorised(code="unknown")
        if len(request.commits) > self.takes_at_most:
            raise TooLarge
        if request.commits and self.is_newer:
            raise TooOld
        self._must_hold_the_same_log(request)
        received = self._receive(request.commits)
        with self.store.reading() as snapshot:
            new = list(snapshot.entries(after=request.cursor, limit=request.limit))
            head = snapshot.cursor()
        answer = wire.PushResponse(
            protocol=self.protocol,
            synced=tuple(received.synced),
            new=tuple(new),
            log_epoch=self.epoch,
            head=head,
            server_time=START_OF_MEMORY,
            more=request.cursor + len(new) < head,
            push_error=received.stopped,
        )
        return wire.decode(wire.encode(answer), wire.PushResponse)

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        if request.former_id not in self.keys:
            raise Unauthorised(code="unknown")
        self.renewed.append(request)
        self.enrols(request.device_id, self.keys[request.former_id])
        return wire.EnrolResponse(
            plant_id=UUID(int=1),
            plant="La laiterie",
            mark=f"M{len(self.keys)}",
            user_id=BOSS,
            log_epoch=self.epoch,
            server_key="",
        )

    def enrols(self, device_id: DeviceId, key: str) -> None:
        self.keys[device_id] = key
        KEYS.setdefault(device_id, []).append(key)

    def _must_hold_the_same_log(self, request: wire.PushRequest) -> None:
        names = [name for name, _ in self.epochs]
        if request.log_epoch not in ("", self.epoch):
            keep = 0
            if request.log_epoch in names:
                since = self.epochs[names.index(request.log_epoch) + 1 :]
                keep = min(start for _, start in since)
            raise LogReset(log_epoch=self.epoch, keep=keep)
        with self.store.reading() as snapshot:
            held = list(snapshot.entries(after=request.cursor - 1, limit=1))
        if request.cursor and (not held or held[0].hash != request.log_hash):
            raise LogReset(log_epoch=self.epoch, keep=0)

    def _receive(self, offers: Iterable[Offered]) -> Received:
        known: list[Offered] = []
        refused: Stopped | None = None
        for offered in offers:
            key = self.keys.get(offered.commit.device_id, "")
            is_good = is_signed(key, offered.signature, offered.commit.hash)
            if not is_good or offered.commit.id in self.refuses:
                refused = Stopped(code=Fault.REFUSED, expect=0, commit_id=offered.commit.id)
                break
            known.append(offered)
        with self.store.writing() as transaction:
            received = receive(
                transaction,
                known,
                received_at=START_OF_MEMORY + timedelta(days=1),
                state_cache=self.state_cache,
            )
        received.stopped = received.stopped or refused
        return received

    def log(self) -> list[LogEntry]:
        with self.store.reading() as snapshot:
            return list(snapshot.entries())

    def put_back(self, entries: list[LogEntry]) -> None:
        """Hold that log and no other, without telling anybody."""
        self.store, self.state_cache = MemoryStore(), StateCache()
        with self.store.writing() as transaction:
            for entry in entries:
                apply(transaction, entry, self.state_cache)

    def restore(self, entries: list[LogEntry], epoch: str) -> None:
        """As the program that restores a server does it."""
        self.put_back(entries)
        self.epochs.append((epoch, len(entries)))


@define
class ShakyLink(Link):
    """Loses questions and answers, asks twice, and hands out answers to earlier questions."""

    link: Link
    chance: Random
    trouble: float = 0.5
    _old: list[wire.PushResponse] = field(factory=list)

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        self._perhaps_lose()
        if self.chance.random() < self.trouble:
            self._old.append(self.link.push(request))
        answer = self.link.push(request)
        self._old.append(answer)
        self._perhaps_lose()
        if self.chance.random() < self.trouble:
            return self.chance.choice(self._old)
        return answer

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        self._perhaps_lose()
        answer = self.link.renew(request)
        self._perhaps_lose()
        return answer

    def _perhaps_lose(self) -> None:
        if self.chance.random() < self.trouble / 2:
            raise Unreachable(why="lost")


@define
class Device:
    """One database with its operator, let in at the server."""

    server: Server
    store: Store
    clock: SteppingClock
    ids: CountingIds
    link: Link
    state_cache: StateCache = field(factory=StateCache)

    @property
    def id(self) -> DeviceId:
        return DeviceId(UUID(self.setting(DEVICE) or ""))

    def setting(self, name: str) -> str | None:
        with self.store.reading() as snapshot:
            return snapshot.setting(name)

    def set(self, name: str, value: str) -> None:
        with self.store.writing() as transaction:
            transaction.set_setting(name, value)

    @property
    def dairy(self) -> Manchengo:
        actor = Actor(user_id=BOSS, device_id=self.id, roles=frozenset({Role.ADMIN}))
        signer = admitted(self.store, BOSS, signer_of("at", self.setting(DEVICE_KEY)))
        return Manchengo(self.store, clock=self.clock, ids=self.ids, actor=actor, signer=signer)

    def does(self, *steps: Step) -> list[Commit]:
        dairy = self.dairy
        return [dairy.execute(step) for step in one_by_one(steps)]

    def exchanges(self, **how: object) -> Exchanged:
        return self._by(exchange, **how)

    def syncs(self, **how: object) -> Exchanged:
        return self._by(sync, **how)

    def _by(self, way: Callable[..., Exchanged], **how: object) -> Exchanged:
        return way(
            self.store,
            self.link,
            clock=self.clock,
            ids=self.ids,
            state_cache=self.state_cache,
            user_id=BOSS,
            **how,
        )

    def log(self) -> list[LogEntry]:
        with self.store.reading() as snapshot:
            return list(snapshot.entries())

    def pending(self) -> list[Commit]:
        with self.store.reading() as snapshot:
            return [each.commit for each in snapshot.pending()]

    def digest(self) -> str:
        return digest(self.store)


def digest(store: Store) -> str:
    with store.reading() as snapshot:
        return rebuild.digest(rebuild.stored_rows(snapshot))


@define
class Plant:
    """One server and whoever was let in."""

    server: Server = field(factory=Server)
    devices: list[Device] = field(factory=list)

    def device(self, link: Link | None = None, *, skew: timedelta = timedelta()) -> Device:
        number = len(self.devices) + 1
        ids = CountingIds(1_000_000 * number)
        made = Device(
            self.server,
            MemoryStore(),
            SteppingClock(START_OF_MEMORY + skew),
            ids,
            link or self.server,
        )
        key = new_key()
        made.set(DEVICE, str(ids.new()))
        made.set(DEVICE_KEY, key)
        self.server.enrols(made.id, public_key(key))
        self.devices.append(made)
        return made

    def settle(self) -> None:
        """Everybody exchanges, until there is one truth and nothing waits."""
        for _ in range(10):
            for each in self.devices:
                each.syncs()
        self.check()

    def check(self) -> None:
        log = self.server.log()
        assert [entry.global_seq for entry in log] == list(range(1, len(log) + 1))
        for each in self.devices:
            assert each.pending() == []
            assert each.log() == log
            assert each.digest() == digest(self.server.store)
            assert each.dairy.verify().sound


@define
class Watched:
    """A store that counts how many log entries each transaction took in."""

    store: Store
    portions: list[int] = field(factory=list)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        with self.store.writing(durable=durable) as transaction:
            before = transaction.cursor()
            yield transaction
            self.portions.append(transaction.cursor() - before)

    def reading(self) -> AbstractContextManager[Snapshot]:
        return self.store.reading()

    def note(self, entry: AuditEntry) -> None:
        self.store.note(entry)

    def damaged_pages(self) -> list[str] | None:
        return self.store.damaged_pages()
