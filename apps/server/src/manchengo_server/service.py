"""Everything the server does, without a network: called from any thread, answered or turned down.

``app`` puts it on HTTP, ``bundles`` on files, a simulation calls it directly. Each method raises
the ``TurnedDown`` that its room names.
"""

from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

from manchengo.application.people import user_named
from manchengo.application.replication.server_log import judge_parked_again
from manchengo.domain.ids import DeviceId
from manchengo.domain.resolution import Matter
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import DeviceRow, ResolutionItemRow, UserRow
from manchengo.ports.store import Snapshot, Store
from manchengo_server import enrolment, programs, tokens
from manchengo_server.authorisation import Bearer
from manchengo_server.context import News, ServerContext
from manchengo_server.errors import ProgramTooOld
from manchengo_server.plant import (
    MACHINE,
    Plant,
    RandomBytes,
    begin_epoch,
    found,
    is_a_copy,
    remembered,
)
from manchengo_server.pushing import Pushed, push
from manchengo_server.rebuilding import rebuild
from manchengo_server.snapshots import SnapshotCache, snapshot_file
from manchengo_sync.wire import (
    PROTOCOL,
    Age,
    Challenge,
    CodeRequest,
    CodeResponse,
    EnrolRequest,
    EnrolResponse,
    PushRequest,
    PushResponse,
    RenewRequest,
    TokenRequest,
    TokenResponse,
)


@frozen
class Service:
    """One plant's server. ``Service.open`` on a store that holds one, ``Service.found`` to begin.

    ``cache``: where snapshots for new devices are kept.
    """

    context: ServerContext
    cache: SnapshotCache = field(factory=SnapshotCache)

    @classmethod
    def found(
        cls,
        store: Store,
        plant: str,
        *,
        clock: Clock,
        ids: Ids,
        random_bytes: RandomBytes = MACHINE,
    ) -> "Service":
        """Begin a plant in an empty store. ``AlreadyFounded``."""
        with store.writing() as transaction:
            found(transaction, plant, ids=ids, random_bytes=random_bytes)
        return cls.open(store, clock=clock, ids=ids, random_bytes=random_bytes)

    @classmethod
    def rebuilt(
        cls,
        store: Store,
        device: Snapshot,
        *,
        clock: Clock,
        ids: Ids,
        random_bytes: RandomBytes = MACHINE,
    ) -> "Service":
        """Begin a plant again, whose server was lost, from what a device holds. Raises what
        ``rebuilding.rebuild`` does.
        """
        rebuild(store, device, clock=clock, ids=ids, random_bytes=random_bytes)
        return cls.open(store, clock=clock, ids=ids, random_bytes=random_bytes)

    @classmethod
    def open(
        cls,
        store: Store,
        *,
        clock: Clock,
        ids: Ids,
        random_bytes: RandomBytes = MACHINE,
        snapshots: Path | None = None,
    ) -> "Service":
        """The server of the plant that the store holds, ready: a copy put back begins an epoch of
        its own, and what could not be read before is judged again. ``NotFounded``.
        """
        with store.writing() as transaction:
            plant = remembered(transaction)
            if is_a_copy(transaction):
                begin_epoch(transaction, ids=ids)
                plant = remembered(transaction)
        context = ServerContext(
            store=store, clock=clock, ids=ids, random_bytes=random_bytes, plant=plant
        )
        service = cls(context, SnapshotCache(snapshots))
        service.judge_parked_again()
        return service

    @property
    def plant(self) -> Plant:
        return self.context.plant

    @property
    def news(self) -> News:
        return self.context.news

    # ------------------------------------------------------------ exchanging

    def push(self, request: PushRequest, *, by: DeviceId) -> PushResponse:
        return self.pushed(request, by=by).response

    def pushed(self, request: PushRequest, *, by: DeviceId) -> Pushed:
        """As ``push``, with what the server's own log says of it."""
        return push(self.context, request, by=by)

    def snapshot(self, protocol: int = PROTOCOL) -> Iterator[bytes]:
        """A gzip file, in pieces. ``ProgramTooOld`` when it is of no use to who speaks that."""
        if protocol != PROTOCOL:
            raise ProgramTooOld
        return snapshot_file(self.context, self.cache)

    # ------------------------------------------------------------ who may

    def challenge(self) -> Challenge:
        return tokens.challenge(self.context)

    def token(self, request: TokenRequest) -> TokenResponse:
        return tokens.token(self.context, request)

    def admit(self, token: str) -> Bearer:
        return tokens.admit(self.context, token)

    def enrol(self, request: EnrolRequest) -> EnrolResponse:
        return enrolment.enrol(self.context, request)

    def renew(self, request: RenewRequest, *, by: DeviceId) -> EnrolResponse:
        return enrolment.renew(self.context, request, by=by)

    def first_code(self) -> CodeResponse:
        return enrolment.first_code(self.context)

    def new_code(self, request: CodeRequest, *, by: Bearer | None) -> CodeResponse:
        """``by``: None at the server's own terminal, as in ``withdraw``."""
        return enrolment.new_code(self.context, request, by=by)

    def withdraw(self, device_id: DeviceId, reason: str, *, by: Bearer | None) -> None:
        enrolment.withdraw(self.context, device_id, reason, by=by)

    def family(self, device_id: DeviceId) -> list[DeviceRow]:
        """The ids of a device's keys, itself first: they are withdrawn together."""
        with self.context.reading() as snapshot:
            return enrolment.family_rows(snapshot, device_id)

    def devices(self) -> list[DeviceRow]:
        with self.context.reading() as snapshot:
            return enrolment.devices(snapshot)

    def programs(self) -> dict[DeviceId, Age]:
        """How the programs of the devices that exchanged stand beside the server's."""
        with self.context.reading() as snapshot:
            return programs.ages(snapshot)

    def name_of(self, device_id: DeviceId) -> str:
        """As it was enrolled; "" for one that was not."""
        with self.context.reading() as snapshot:
            row = snapshot.get(DeviceRow, device_id)
        return "" if row is None else row.name

    def user_named(self, name: str) -> UserRow:
        """However it is written. ``Unknown`` when nobody active has that name, ``Ambiguous`` when
        several have.
        """
        with self.context.reading() as snapshot:
            return user_named(snapshot, name, active=True)

    # ------------------------------------------------------------ the log

    def head(self) -> int:
        """Where the log ends. Whoever waits for news is told."""
        with self.context.reading() as snapshot:
            head = snapshot.cursor()
        self.news.tell(head)
        return head

    def count_parked(self) -> int:
        """How many commits wait to be understood."""
        with self.context.reading() as snapshot:
            open_items = snapshot.rows(ResolutionItemRow, status="open")
            return sum(1 for item in open_items if item.matter == Matter.PARKED)

    def judge_parked_again(self) -> int:
        """How many entries that made."""
        with self.context.writing() as transaction:
            return len(judge_parked_again(transaction, state_cache=self.context.state_cache))

    def was_put_back(self) -> None:
        """The store was put back from a backup: from here on it is another log, and devices will
        offer again what it lacks.
        """
        with self.context.writing() as transaction:
            begin_epoch(transaction, ids=self.context.ids)
