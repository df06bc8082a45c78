"""The devices and the server: production code on a disk; clock and ids are handed in."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Protocol
from uuid import UUID

from attrs import define, field

from manchengo import Actor, Manchengo, Role
from manchengo.application.authors import user_of
from manchengo.application.handlers.resolution import recorded_type
from manchengo.application.unit_of_work import StateCache, UnitOfWork
from manchengo.commands import AdmitOwnKey
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.ids import DeviceId, UserId
from manchengo.events import EVENTS, Fact
from manchengo.ports.rows import UserRow
from manchengo.ports.signer import Signer
from manchengo_server.service import Service
from manchengo_sync.joining import EnrolmentLink
from manchengo_sync.link import Link
from manchengo_sync.snapshot import SnapshotSource
from tests.simulation.disks import Disk, name_of
from tests.simulation.programs import Program
from tests.support.signers import admitted, admitting_own, signer_of

BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
BOSS = UserId(UUID(int=100))
NADIA = UserId(UUID(int=101))

Key = tuple[object, ...]

FACTS = {name for name, schema in EVENTS.items() if isinstance(schema.nature, Fact)}


def content(commit: Commit) -> Key:
    """What makes a commit that one and no other, whatever its seal and its id become."""
    events = tuple(event.id for event in commit.events)
    return (recorded_type(commit), events or commit.id)


def sayings(commits: Iterable[Commit]) -> set[Key]:
    """What is asked for under which id, and what happened by it: said by two, it is one."""
    return {saying(commit) for commit in commits}


def saying(commit: Commit) -> Key:
    facts = sorted(
        (event.aggregate_id, event.event_type, event.payload)
        for event in commit.events
        if event.event_type in FACTS
    )
    return (commit.id, commit.command_type, commit.command, tuple(facts))


@define
class Time:
    """The true one, that nobody knows."""

    now: datetime = BEGINNING


@define
class Clock:
    """What a node believes."""

    time: Time
    skew: timedelta = timedelta()

    def now(self) -> datetime:
        return self.time.now + self.skew

    def today(self) -> date:
        return self.now().date()


@define
class Ids:
    random: Random

    def new(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)


class Way(Link, EnrolmentLink, SnapshotSource, Protocol):
    """All that a device asks of its server."""


class Ear(Protocol):
    """Where a process of the server is spoken to."""

    def hear(self, received: bytes, *, by: str, whole: bool = True) -> bytes:
        """What it answers to these bytes from that address; not ``whole``: the connection broke
        behind them.
        """

    def noted(self) -> list[dict[str, Any]]:
        """What it wrote into its journal since it was last asked."""

    def close(self) -> None: ...


@define(eq=False)
class Device:
    """A device and whoever works at it.

    ``kept``: what was acknowledged here and must be on the disk. ``heard``: what the server once
    answered. ``pictures``: backups, each with what was acknowledged by then. ``pace``: how much of
    the time it is awake. ``link``: as long as its process lives.
    """

    name: str
    disk: Disk
    clock: Clock
    program: Program
    ids: Ids
    user: UserId
    pace: float = 1.0
    state_cache: StateCache = field(factory=StateCache)
    token: str = ""
    link: Way | None = None
    away_until: int = 0
    session: tuple[UserId, Signer | None, Manchengo] | None = None
    kept: dict[Key, Commit] = field(factory=dict)
    heard: list[bytes] = field(factory=list)
    pictures: list[tuple[Any, dict[Key, Commit]]] = field(factory=list)

    @property
    def id(self) -> DeviceId:
        return name_of(self.disk.store)

    @property
    def address(self) -> str:
        return f"10.0.0.{self.name.removeprefix('D')}"

    def signer(self, user: UserId) -> Signer | None:
        """That person's key here, once the log admits it, and as long as it does."""
        counting = (admitted(self.disk.store, user, key) for key in self._keys(user))
        return next((key for key in counting if key is not None), None)

    def _keys(self, user: UserId) -> Iterator[Signer]:
        """Those that the person had here, as the log knows; the last of them is a new one."""
        with self.disk.store.reading() as snapshot:
            row = user_of(UnitOfWork(snapshot), user)
        known = {key.public_key for key in row.keys} if row else set()
        for number in count():
            key = signer_of(self.name, user, number) if number else signer_of(self.name, user)
            yield key
            if key.key.hex() not in known:
                return

    def key_at_hand(self, user: UserId, public_key: bytes) -> Signer | None:
        """The private half of that key, if that person has it here."""
        return next((key for key in self._keys(user) if key.key == public_key), None)

    def awake(self) -> float:
        """Seconds, of a clock that never goes back, and stands still while the machine sleeps."""
        return (self.clock.time.now - BEGINNING).total_seconds() * self.pace

    def dairy(self, user: UserId) -> Manchengo:
        """As that person sees it, who may have been at the screen for long."""
        signer = self.signer(user)
        if self.session is None or self.session[:2] != (user, signer):
            with self.disk.store.reading() as snapshot:
                row = snapshot.get(UserRow, user)
            roles = {Role.ADMIN} if row is None else {Role(name) for name in row.roles.split()}
            actor = Actor(user_id=user, device_id=self.id, roles=frozenset(roles))
            dairy = Manchengo(
                self.disk.store, clock=self.clock, ids=self.ids, actor=actor, signer=signer
            )
            self.session = (user, signer, dairy)
        return self.session[2]

    def beginning(self, command: AdmitOwnKey) -> tuple[Manchengo, AdmitOwnKey]:
        """As whoever begins to sign here sees it: with the key that they have, else with that of a
        code that they were given, else with the new one, which shows that they have it.
        """
        *_, new = self._keys(command.user_id)
        with self.disk.store.reading() as snapshot:
            user = user_of(UnitOfWork(snapshot), command.user_id)
        codes = [signer_of("the code", each.id) for each in user.invitations] if user else []
        signer = self.signer(command.user_id) or (codes[-1] if codes else new)
        roles = user.roles if user else frozenset()
        actor = Actor(user_id=command.user_id, device_id=self.id, roles=roles)
        self.session = None
        dairy = Manchengo(
            self.disk.store, clock=self.clock, ids=self.ids, actor=actor, signer=signer
        )
        return dairy, admitting_own(command.user_id, command.family_id, new, by=signer)

    def keep(self, commit: Commit) -> None:
        self.kept[content(commit)] = commit

    def forgotten(self) -> list[str]:
        """What was acknowledged here and is no more."""
        with self.disk.store.reading() as snapshot:
            commits = list(snapshot.commits())
        there, known_sayings = {content(commit) for commit in commits}, sayings(commits)
        return [
            commit.command_type
            for key, commit in self.kept.items()
            if key not in there and saying(commit) not in known_sayings
        ]

    def restart(self, random: Random) -> None:
        """The process is another one: what was only in memory is gone."""
        self.state_cache = StateCache()
        self.session = None
        self.token = ""
        self.link = None
        self.ids = Ids(Random(random.random()))

    def upgrade(self, program: Program, random: Random) -> None:
        self.program = program
        self.restart(random)
        with program.running():
            self.dairy(BOSS)  # reads at last what it could not


@define(eq=False)
class Carried:
    """A file on its way, of the device that wrote the request."""

    device: Device
    sealed: bytes
    is_answer: bool = False

    def __str__(self) -> str:
        return "the answer to its file" if self.is_answer else "its file"


@define
class Server:
    """``listening``: makes its ear. ``programs``: from which entry on which program judged.
    ``judged_by``: by the hash of an entry, the program that judged it, in logs that were lost.
    ``judged_on``: by the hash of an entry, the server's day on which it came into the log.
    ``taken_back``: of entries that the server has from devices again, the place and the hash.
    ``is_stopped``: an entry stands in its log that no device takes in.
    """

    disk: Disk
    clock: Clock
    program: Program
    random: Random
    listening: Callable[[Service], Ear]
    programs: list[tuple[int, Program]] = field(factory=list)
    pictures: list[tuple[Any, list[tuple[int, Program]]]] = field(factory=list)
    judged_by: dict[bytes, Program] = field(factory=dict)
    judged_on: dict[bytes, date] = field(factory=dict)
    taken_back: dict[int, bytes] = field(factory=dict)
    is_stopped: bool = False
    service: Service = field(init=False)
    _ear: Ear | None = None
    _dated: int = 0

    def found(self) -> None:
        with self.program.running():
            Service.found(
                self.disk.store,
                "Laiterie",
                clock=self.clock,
                ids=Ids(self.random),
                random_bytes=self.random.randbytes,
            )
        self.start()

    def start(self) -> None:
        """Another process begins, with whatever is on the disk."""
        with self.disk.store.reading() as snapshot:
            self.programs.append((snapshot.cursor() + 1, self.program))
        with self.program.running():
            self.service = Service.open(
                self.disk.store,
                clock=self.clock,
                ids=Ids(self.random),
                random_bytes=self.random.randbytes,
            )
        self.stop()
        self._ear = self.listening(self.service)

    @property
    def ear(self) -> Ear:
        assert self._ear is not None, "a server is spoken to once it has started"
        return self._ear

    def stop(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None

    def loses_its_log(self) -> None:
        """The disk will be another one: which program judged what is not forgotten for it."""
        with self.disk.store.reading() as snapshot:
            for entry in snapshot.entries():
                self.judged_by[entry.hash] = self.program_of(entry)
        self.taken_back.clear()
        self._dated = 0

    def judges_again_from(self, global_seq: int) -> None:
        """Its program of now judged the log from there on."""
        self.programs = [each for each in self.programs if each[0] < global_seq]
        self.programs.append((global_seq, self.program))
        self._dated = min(self._dated, global_seq - 1)

    def dates_its_log(self) -> None:
        """Remembers the day of the entries that just came, which the log does not say."""
        with self.disk.store.reading() as snapshot:
            for entry in snapshot.entries(after=self._dated):
                self.judged_on.setdefault(entry.hash, self.clock.today())
                self._dated = entry.global_seq

    def program_of(self, entry: LogEntry) -> Program:
        return self.judged_by.get(entry.hash) or self.program_at(entry.global_seq)

    def program_at(self, global_seq: int) -> Program:
        return [program for first, program in self.programs if first <= global_seq][-1]
