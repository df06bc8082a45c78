"""A server whose keeper writes into its log, and devices that exchange with it as they always do.

plant = a_plant()
commit = plant.office_records(received("L3", litres(3)))
plant.slips_in(commit, effective=(*commit.commit.events, more))
plant.reader.syncs()                                          # raises ``ForgedLog``
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from uuid import UUID

import pytest
from attrs import define, evolve, field

from manchengo import MemoryStore, codec
from manchengo.application.checkpoint import Checkpoint
from manchengo.application.integrity import Verification
from manchengo.application.replication import device_log
from manchengo.application.replication.effect_ids import derived_id
from manchengo.application.replication.server_log import Offered
from manchengo.application.since_checkpoint import verify_since
from manchengo.application.unit_of_work import StateCache
from manchengo.application.whole_reading import verify_store
from manchengo.commands import AdmitKey, Command
from manchengo.domain.commit import NO_HASH, Commit, LogEntry, Recorded, Verdict
from manchengo.domain.ids import CommitId, DeviceId, EventId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.settings import DEVICE, KNOWN_AS
from manchengo.ports.store import Store
from manchengo_server import bundles
from manchengo_server.errors import TurnedDown
from manchengo_server.service import Service
from manchengo_sync import bundle, settings, snapshot, wire
from manchengo_sync.exchange import sync
from manchengo_sync.joining import another_key, join
from manchengo_sync.link import ForgedLog, Link
from manchengo_sync.outcome import Exchanged
from manchengo_sync.problems import error_of
from manchengo_sync.signed_log import SignedLog
from manchengo_sync.signing import DEVICE_KEY, sign
from tests.support.given import Step
from tests.support.server import BOSS, DRIVER, Device, Server, a_server
from tests.support.signers import signer_of


@contextmanager
def as_over_http() -> Iterator[None]:
    """A request that is turned down fails as it does there."""
    try:
        yield
    except TurnedDown as refusal:
        raise error_of(refusal.status, refusal.problem()) from refusal


@define
class Straight(Link):
    """To the server and back, by the bytes of the wire. ``asked``: how often."""

    service: Service
    asked: int = 0

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        self.asked += 1
        request = wire.decode(wire.encode(request), wire.PushRequest)
        with as_over_http():
            answer = self.service.push(request, by=request.replica_id)
        return wire.decode(wire.encode(answer), wire.PushResponse)

    def return_tail(self, request: wire.TailRequest) -> wire.TailResponse:
        request = wire.decode(wire.encode(request), wire.TailRequest)
        with as_over_http():
            return self.service.take_back(request, by=request.replica_id)

    def renew(self, request: wire.RenewRequest) -> wire.EnrolResponse:
        with as_over_http():
            return self.service.renew(request, by=request.former_id)

    def enrol(self, request: wire.EnrolRequest) -> wire.EnrolResponse:
        with as_over_http():
            return self.service.enrol(request)

    def snapshot(self) -> AbstractContextManager[Iterator[bytes]]:
        return nullcontext(self.service.snapshot())


@define
class Reader:
    """An honest device, with the client as it is shipped."""

    link: Straight
    store: Store = field(factory=MemoryStore)
    clock: SteppingClock = field(factory=lambda: SteppingClock(START_OF_MEMORY))
    ids: CountingIds = field(factory=lambda: CountingIds(9_000_000))
    state_cache: StateCache = field(factory=StateCache)

    @property
    def id(self) -> DeviceId:
        with self.store.reading() as stored:
            return DeviceId(UUID(stored.setting(DEVICE) or ""))

    def joins(self, *, key: str = "77" * 32, name: str = "lecteur") -> None:
        with self.store.writing() as transaction:
            transaction.set_setting(DEVICE, str(self.ids.new()))
        another_key(self.store, lambda: key)
        asked = wire.CodeRequest(user_id=BOSS)
        code = self.link.service.new_code(asked, by=None).code
        join(self.store, self.link, url="https://m.test", code=code, name=name)

    def _how(self) -> dict[str, Any]:
        return {
            "clock": self.clock,
            "ids": self.ids,
            "state_cache": self.state_cache,
            "user_id": BOSS,
        }

    def syncs(self, **how: Any) -> Exchanged:
        return sync(self.store, self.link, **self._how(), **how)

    def starts(self) -> snapshot.Started:
        """From the server's snapshot."""
        return snapshot.start(self.store, self.link, **self._how())

    def asks_by_file(self) -> bytes:
        return bundle.export_bundle(self.store, clock=self.clock, state_cache=self.state_cache)

    def reads_file(self, sealed: bytes) -> Exchanged:
        return bundle.import_answer(self.store, sealed, **self._how())

    @property
    def place(self) -> int:
        """Up to where it holds the log."""
        with self.store.reading() as stored:
            return stored.cursor()

    def verify(self) -> Verification:
        """As ``manchengo verify`` does."""
        return verify_store(self.store, SignedLog())

    def takes_a_checkpoint(self) -> Checkpoint:
        found = verify_store(self.store, SignedLog(), today=self.clock.today()).checkpoint
        assert found is not None
        return found

    def verify_since(self, checkpoint: Checkpoint) -> Verification:
        with self.store.reading() as stored:
            return verify_since(stored, checkpoint, SignedLog(), today=self.clock.today())

    def applies(self, entries: Sequence[LogEntry]) -> None:
        """Without looking at them."""
        with self.store.writing() as transaction:
            for entry in entries:
                device_log.apply(transaction, entry, self.state_cache)

    def audited(self) -> list[str]:
        with self.store.reading() as stored:
            return [entry.outcome for entry in stored.audit(limit=1_000)]


@define
class Plant:
    """``office``: a device that somebody works at. ``reader``: another, that has joined."""

    server: Server
    office: Device
    reader: Reader

    @property
    def store(self) -> Store:
        return self.server.service.context.store

    def log(self) -> list[LogEntry]:
        with self.store.reading() as log:
            return list(log.entries())

    def office_records(self, *steps: Step) -> Offered:
        """What it would push, signed; the last of it."""
        self.office.does(*steps)
        return self.office.offered()[-1]

    def slips_in(self, offered: Offered, **otherwise: Any) -> LogEntry:
        """Write it into the log as accepted, or ``otherwise``, judging nothing."""
        with self.store.writing() as transaction:
            entry = LogEntry(
                global_seq=transaction.cursor() + 1,
                commit=offered.commit,
                verdict=Verdict.ACCEPTED,
                reason="",
                effective=None,
                hlc_eff=offered.commit.hlc,
                signature=offered.signature,
                hash=NO_HASH,
            )
            entry = codec.sealed_entry(evolve(entry, **otherwise), transaction.log_hash())
            device_log.apply(transaction, entry, StateCache())
        self.server.service.context.state_cache.forget()
        return entry

    def server_says(self, command: Command, *events: tuple[UUID, Any]) -> Offered:
        """A commit of the server's own, with these events, signed as it signs."""
        own = self.server.service.plant
        with self.store.reading() as log:
            tip = log.tip_in_log(own.device_id)
        name = codec.commands.name(command)
        return signed(
            own.device_key,
            evolve(
                self.log()[-1].commit,
                id=CommitId(UUID(int=4_000 + tip.sequence)),
                device_id=own.device_id,
                user_id=BOSS,
                sequence=tip.sequence + 1,
                previous=tip.hash,
                command_type=name,
                command_version=codec.commands.version(name),
                command=codec.commands.encode(command),
                events=tuple(a_recorded(*event) for event in events),
                authorship=None,
            ),
        )


def a_plant(*steps: Step) -> Plant:
    server = a_server()
    office = server.first_device(*steps)
    reader = Reader(Straight(server.service))
    reader.joins()
    return Plant(server, office, reader)


AT_THE_OFFICE, HIS_OWN = signer_of("Amina"), signer_of("Sid")
"""The keys of the administrator at the office, and of the driver at the same device."""


def a_plant_that_signs(*steps: Step) -> Plant:
    """The administrator signs what is recorded at the office; the driver could. As ``a_plant``."""
    plant = a_plant(*steps)
    office = plant.office
    for user_id, signer in ((BOSS, AT_THE_OFFICE), (DRIVER, HIS_OWN)):
        office.does(AdmitKey(user_id=user_id, family_id=office.id, public_key=signer.key.hex()))
        office.signer = AT_THE_OFFICE
    office.syncs()
    return plant


def is_believed_by_nobody(plant: Plant, forge: Callable[[Plant], object]) -> None:
    """Not from an answer, a snapshot or a file; and where a program did not look, ``verify`` does.

    The log as it was before is held by all, and nothing of what ``forge`` slips in.
    """
    honest = len(plant.log())
    forge(plant)
    is_believed_up_to(honest, plant)


def is_believed_up_to(honest: int, plant: Plant) -> None:
    """By readers that hold nothing of the log yet, but for the first."""
    others = [evolve(plant.reader, store=MemoryStore()) for _ in range(4)]
    for each in others:
        each.state_cache = StateCache()
        copied(plant.reader, each)
    by_snapshot, by_file, careless, checked = others
    assert isinstance(plant.reader.syncs().broken_off, ForgedLog)
    assert not by_snapshot.starts().whole
    with pytest.raises(ForgedLog):
        by_file.reads_file(bundles.answer(plant.server.service, by_file.asks_by_file()).sealed)
    assert [each.place for each in (plant.reader, by_snapshot, by_file)] == [honest] * 3
    assert plant.reader.verify().sound
    log = plant.log()
    careless.applies(log)
    checked.applies(log[:honest])
    then = checked.takes_a_checkpoint()
    checked.applies(log[honest:])
    for found in (careless.verify().tampered, checked.verify_since(then).tampered):
        assert found is not None
        assert found.commit_id == log[honest].commit.id


def copied(one: Reader, other: Reader) -> None:
    """The same device once more, that has not exchanged yet."""
    names = (DEVICE, DEVICE_KEY, settings.SERVER_KEY, settings.USER_ID, settings.PLANT_ID)
    with one.store.reading() as source, other.store.writing() as transaction:
        for name in (*names, KNOWN_AS):
            transaction.set_setting(name, source.setting(name) or "")


def a_recorded(subject: UUID, event: Any) -> Recorded:
    name = codec.events.name(event)
    return Recorded(
        id=EventId(UUID(int=subject.int ^ 1)),
        aggregate_type=name.partition(".")[0],
        aggregate_id=subject,
        event_type=name,
        schema_version=codec.events.version(name),
        payload=codec.events.encode(event),
        version=2,
    )


def an_effect(commit: Commit, index: int, event: Any, subject: UUID) -> Recorded:
    """As a verdict on that commit would write it, in that place of its effects."""
    name = codec.events.name(event)
    payload = codec.events.encode(event)
    return Recorded(
        id=derived_id(commit, index, name, payload),
        aggregate_type=name.partition(".")[0],
        aggregate_id=subject,
        event_type=name,
        schema_version=codec.events.version(name),
        payload=payload,
        version=2,
    )


def signed(key: str, commit: Commit) -> Offered:
    """That commit with its hash, signed by that key."""
    commit = codec.sealed(commit)
    return Offered(commit=commit, signature=sign(key, commit.hash))
