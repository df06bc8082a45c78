"""A plant with its server and its devices, all in this process: the core's half of replication.

plant = Plant()
phone, office = plant.device("phone"), plant.device("office")
phone.does(received("L1", litres(100)))
plant.settle()
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from attrs import define, evolve, field

from manchengo import Actor, Commit, Manchengo, MemoryStore, Role
from manchengo.application.replication.device_log import Forked, apply_confirmed
from manchengo.application.replication.predictions import LogChanges
from manchengo.application.replication.resealing import adopt_device_id, follows, reseal_pending
from manchengo.application.replication.server_log import Offered, Received, receive
from manchengo.application.unit_of_work import StateCache
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId, UserId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.settings import DEVICE
from manchengo.ports.signer import Signer
from manchengo.ports.store import Pending, Store
from tests.support.given import Step, one_by_one
from tests.support.signers import admitted, signer_of

BOSS = UserId(UUID(int=100))
PAGE = 50


@define
class Device:
    """One database with its operator; ``plant`` is only reached by ``push`` and ``pull``.

    ``signer``: the operator's key on it; None where authors do not sign yet.
    """

    plant: "Plant"
    store: Store
    clock: SteppingClock
    ids: CountingIds
    signer: Signer | None
    state_cache: StateCache = field(factory=StateCache)

    @property
    def id(self) -> DeviceId:
        with self.store.reading() as snapshot:
            return DeviceId(UUID(snapshot.setting(DEVICE) or ""))

    @property
    def dairy(self) -> Manchengo:
        actor = Actor(user_id=BOSS, device_id=self.id, roles=frozenset({Role.ADMIN}))
        return Manchengo(
            self.store,
            clock=self.clock,
            ids=self.ids,
            actor=actor,
            signer=self._signer(),
        )

    def acting_as(self, who: Actor) -> Manchengo:
        """The dairy here, as somebody else than the boss."""
        actor = evolve(who, device_id=self.id)
        return Manchengo(self.store, clock=self.clock, ids=self.ids, actor=actor)

    def does(self, *steps: Step) -> list[Commit]:
        """One session, until a step changes with which key the operator signs."""
        commits: list[Commit] = []
        signer, dairy = self._signer(), self.dairy
        for step in one_by_one(steps):
            if self._signer() != signer:
                signer, dairy = self._signer(), self.dairy
            commits.append(dairy.execute(step))
        return commits

    def _signer(self) -> Signer | None:
        return admitted(self.store, BOSS, self.signer)

    def push(self, limit: int = PAGE) -> Received:
        """Offer what is pending; what is sealed wrongly is sealed again first."""
        with self.store.writing() as transaction:
            offered = list(transaction.pending(limit=limit))
            if not follows(transaction, self.id, offered):
                reseal_pending(transaction, self.id, state_cache=self.state_cache)
                offered = list(transaction.pending(limit=limit))
        received = self.plant.receive(offered)
        if received.stopped is not None and received.stopped.code == "forked":
            self.become_another()
        return received

    def pull(self, limit: int = PAGE) -> LogChanges:
        with self.store.reading() as snapshot:
            entries = self.plant.after(snapshot.cursor(), limit)
        return self.take(entries)

    def take(self, entries: list[LogEntry]) -> LogChanges:
        try:
            with self.store.writing() as transaction:
                return apply_confirmed(
                    transaction,
                    entries,
                    device_id=self.id,
                    now=self.clock.now(),
                    state_cache=self.state_cache,
                )
        except Forked:
            self.state_cache.forget()
            self.become_another()
            return self.take(entries)

    def become_another(self) -> None:
        with self.store.writing() as transaction:
            new = DeviceId(self.ids.new())
            adopt_device_id(transaction, new, self.id, state_cache=self.state_cache)

    def digest(self) -> str:
        with self.store.reading() as snapshot:
            return digest(stored_rows(snapshot))


@define
class Plant:
    """The server's store, and whoever was made known to it."""

    store: Store = field(factory=MemoryStore)
    open_store: Callable[[], Store] = MemoryStore
    now: datetime = START_OF_MEMORY
    state_cache: StateCache = field(factory=StateCache)
    devices: list[Device] = field(factory=list)

    def device(self, *, skew: timedelta = timedelta(), store: Store | None = None) -> Device:
        """A new device, that knows nothing yet. On every other one the operator signs."""
        number = len(self.devices) + 1
        store = store or self.open_store()
        made = Device(
            self,
            store,
            SteppingClock(START_OF_MEMORY + skew),
            CountingIds(1_000_000 * number),
            signer_of("device", number) if number % 2 else None,
        )
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(made.ids.new()))
        self.devices.append(made)
        return made

    def receive(self, offered: list[Pending]) -> Received:
        self.now += timedelta(seconds=1)
        with self.store.writing() as transaction:
            return receive(
                transaction,
                [Offered(commit=each.commit, signature=b"signed") for each in offered],
                received_at=self.now,
                state_cache=self.state_cache,
            )

    def hear(self, other: "Plant") -> None:
        """All that the other heard, so that both keep the same log."""
        log = other.after(0, 10_000)
        with self.store.writing() as transaction:
            for commit in dict.fromkeys(entry.commit for entry in log):
                receive(
                    transaction,
                    [Offered(commit=commit, signature=b"signed")],
                    received_at=other.now,
                    state_cache=self.state_cache,
                )
        assert self.after(0, 10_000) == log, "one order of the same commits, one log"

    def after(self, cursor: int, limit: int = PAGE) -> list[LogEntry]:
        with self.store.reading() as snapshot:
            return list(snapshot.entries(after=cursor, limit=limit))

    def settle(self) -> None:
        """Everybody exchanges until nothing is left to say."""
        for _ in range(1_000):
            before = self._standing()
            for each in self.devices:
                each.push()
                each.pull()
            if self._standing() == before:
                return
        raise AssertionError("the devices never came to rest")

    def _standing(self) -> list[tuple[int, int]]:
        standing = []
        for store in [self.store, *[each.store for each in self.devices]]:
            with store.reading() as snapshot:
                standing.append((snapshot.cursor(), snapshot.count_pending()))
        return standing

    def digests(self) -> set[str]:
        """Of the server and of every device: one, once they agree."""
        with self.store.reading() as snapshot:
            server = digest(stored_rows(snapshot))
        return {server, *[each.digest() for each in self.devices]}
