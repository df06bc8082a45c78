"""Plants on one PostgreSQL cluster, their devices, and the commits that these will push.

Everything is made before anything is measured: devices are let in, commits recorded and signed by
their authors.
"""

from datetime import UTC, datetime
from uuid import uuid4

from attrs import define, evolve, field, frozen

from manchengo import SystemClock, Uuid7Ids
from manchengo.application.replication.server_log import Offered
from manchengo.commands import Command
from manchengo.domain.ids import CommitId
from manchengo.memory import SteppingClock
from manchengo_postgres import PostgresStore
from manchengo_server.service import Service
from manchengo_sync import wire
from tests.bench.history import A_MAKE
from tests.bench.workshop import REGISTERS, Days
from tests.support.founding import a_genesis
from tests.support.server import BOSS, Device, Server
from tests.support.signers import admitting, signer_of

LOTS_A_PAGE = 4
COMMITS_A_PAGE = LOTS_A_PAGE + 1
"""A device pushes so many receptions at once, and one make from them."""


@define
class KnownDevice:
    """A device as the server knows it. ``request``: what it holds of the log; ``pages``: the
    commits that it will offer, a push each.
    """

    device: Device
    request: wire.PushRequest
    pages: list[tuple[Offered, ...]] = field(factory=list)

    def asks(self, *, wait: float = wire.LONGEST_WAIT) -> bytes:
        """For what is new."""
        return wire.encode(evolve(self.request, wait=wait, unsent=0))

    def offers(self) -> bytes:
        """The next page."""
        page = self.pages.pop(0)
        return wire.encode(evolve(self.request, commits=page, unsent=0))

    def holds(self, head: int, log_hash: bytes) -> None:
        """All that it was answered."""
        self.request = evolve(self.request, cursor=head, log_hash=log_hash)


@frozen
class KnownPlant:
    """``name``: as ``MANCHENGO_PLANT`` has it. ``listeners``: wait for news; ``speakers``: have
    commits to push. ``events``: how many one page of a speaker holds.
    """

    name: str
    listeners: list[KnownDevice]
    speakers: list[KnownDevice]


def a_plant(url: str, *, listeners: int, speakers: int, pages: int) -> KnownPlant:
    """A plant with so many devices of each kind; each that speaks has so many pages."""
    name = str(uuid4())
    with PostgresStore.open(url, plant=name) as store:
        service = Service.found(store, "Laiterie", clock=SystemClock(), ids=Uuid7Ids())
        server = Server(service=service, clock=SteppingClock(datetime.now(UTC)))
        office = _office(server)
        speaking = [_let_in(server) for _ in range(speakers)]
        for each in speaking:
            each.signer = signer_of("a speaker", each.id)
            office.does(admitting(BOSS, each.id, each.signer))
        office.syncs()
        listening = [_let_in(server) for _ in range(listeners)]
        for each in speaking:
            each.syncs()
            _record(each, pages)
        with service.context.reading() as snapshot:
            request = evolve(
                office.asking(), cursor=snapshot.cursor(), log_hash=snapshot.log_hash()
            )
        return KnownPlant(
            name=name,
            listeners=[_known(each, request) for each in listening],
            speakers=[_known(each, request) for each in speaking],
        )


def events_in(offers: tuple[Offered, ...]) -> int:
    return sum(len(each.commit.events) for each in offers)


def _office(server: Server) -> Device:
    """At which the founder begins the plant."""
    office = _with_clock(server.device())
    office.signer = signer_of("the founder", office.id)
    office.does(a_genesis(office.id, founder_id=BOSS, signer=office.signer), *REGISTERS)
    server.service.enrol(office.enrolment(server.service.first_code().code, "bureau"))
    office.syncs()
    return office


def _let_in(server: Server) -> Device:
    device = _with_clock(server.device())
    server.let_in(device)
    return device


def _with_clock(device: Device) -> Device:
    device.clock = SteppingClock(datetime.now(UTC))
    return device


def _record(device: Device, pages: int) -> None:
    """Offline, each signed by its author: the lots of a page, and a make from the oldest."""
    days = Days()
    with device.dairy.batch() as batch:
        for _ in range(pages):
            page: list[Command] = [*days.receptions(LOTS_A_PAGE), days.make(A_MAKE)]
            for command in page:
                batch.execute(command, command_id=CommitId(device.ids.new()))


def _known(device: Device, request: wire.PushRequest) -> KnownDevice:
    offered = device.offered(wire.MOST_COMMITS) if device.signer else ()
    pages = [
        offered[begin : begin + COMMITS_A_PAGE] for begin in range(0, len(offered), COMMITS_A_PAGE)
    ]
    return KnownDevice(device, evolve(request, replica_id=device.id), pages)
