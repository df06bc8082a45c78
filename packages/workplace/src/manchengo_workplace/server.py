"""This database and its server: joined, exchanged with once, or watched until told to stop.

The only module that asks the client (``manchengo_sync``) for anything; what that raises leaves
here as a ``Failure``. Its heavy imports are made only where a server is called.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from manchengo.application.marks import own_mark
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.clock import Clock
from manchengo.ports.rows import ResolutionItemRow, UserRow
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.store import Snapshot, Store
from manchengo_presenters.screens.office import ExchangeStatus
from manchengo_sync import settings
from manchengo_sync.enrolment_code import EnrolmentCode as EnrolmentCode
from manchengo_sync.enrolment_code import NotAPlantId as NotAPlantId
from manchengo_workplace.exchange_failures import (
    exchange_errors_as_failures,
    exchange_failure,
    work_of_its_own,
)
from manchengo_workplace.failed_exchange import (
    LAST_EXCHANGE,
    FailedExchange,
    failed_exchange,
    note_failure,
)
from manchengo_workplace.failures import Failure
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo.application.replication.server_log import Offered
    from manchengo_sync.apply_entries import Applied
    from manchengo_sync.exchange import Progress as Progress  # what apps name, they take from here
    from manchengo_sync.http import HttpLink
    from manchengo_sync.link import Link
    from manchengo_sync.outcome import Exchanged as Exchanged
    from manchengo_sync.wire import Age as Age
    from manchengo_sync.wire import CodeResponse as CodeResponse
    from manchengo_sync.wire import (
        EnrolResponse,
        PushRequest,
        PushResponse,
        RenewRequest,
        TailRequest,
        TailResponse,
    )

ALLOW_HTTP = "server.allow_http"
"""The setting that says that plain http was allowed when this database joined."""

NOTED_EVERY = timedelta(minutes=1)
"""While it watches, the hour of the last answer is not written more often."""

LOOKED_BACK = 1_000
"""Among how many of the latest entries fast clocks are looked for."""


def signature_check() -> SignatureCheck:
    """Who checks the signatures of the log, for ``Manchengo.verify``."""
    from manchengo_sync.signed_log import SignedLog

    return SignedLog()


def known_signing_key(snapshot: Snapshot) -> str:
    """By which public key this database knows its server; "" where it knows none."""
    return snapshot.setting(settings.SERVER_SIGNING_KEY) or ""


def fingerprint_of(key: str) -> str:
    """What people compare of a public key."""
    from manchengo_sync.server_word import fingerprint

    return fingerprint(key)


@frozen(kw_only=True)
class ExchangeState:
    """How far this database has exchanged with its server. ``server``: "" when it joined none.

    ``fast_clocks``: the devices among whose latest commits one bore a stamp so far in the future
    that the server did not believe it; ``slow_clocks``: those whose last commit was recorded by a
    clock far behind. ``clock_ahead``: this one's, of the server's. ``program``: how old this one is
    beside the server's.
    """

    server: str
    plant: str
    mark: str
    epoch: str
    cursor: int
    pending: int
    open_items: int
    parked: int
    last_exchange: datetime | None
    failed: FailedExchange | None
    fast_clocks: tuple[Any, ...]
    slow_clocks: tuple[Any, ...]
    clock_ahead: timedelta
    program: "Age"

    @classmethod
    def of(cls, snapshot: Snapshot) -> "ExchangeState":
        """The state that this snapshot shows; nothing is asked of the server."""
        from manchengo_sync.clocks import clock_ahead, slow_clocks
        from manchengo_sync.programs import age_here

        waiting = list(snapshot.rows(ResolutionItemRow, status="open"))
        cursor = snapshot.cursor()
        latest = list(snapshot.entries(after=max(0, cursor - LOOKED_BACK)))
        at = snapshot.setting(LAST_EXCHANGE)
        return cls(
            server=snapshot.setting(settings.URL) or "",
            plant=snapshot.setting(settings.PLANT) or "",
            mark=own_mark(snapshot),
            epoch=snapshot.setting(settings.LOG_EPOCH) or "",
            cursor=cursor,
            pending=snapshot.count_pending(),
            open_items=len(waiting),
            parked=sum(row.matter == "parked" for row in waiting),
            last_exchange=datetime.fromisoformat(at) if at else None,
            failed=failed_exchange(snapshot),
            fast_clocks=tuple(
                dict.fromkeys(
                    entry.commit.device_id for entry in latest if entry.hlc_eff != entry.commit.hlc
                )
            ),
            slow_clocks=slow_clocks(latest),
            clock_ahead=clock_ahead(snapshot),
            program=age_here(snapshot),
        )


def exchange_status(snapshot: Snapshot) -> ExchangeStatus:
    """How far this database has exchanged, in what a screen asks for every second."""
    oldest = next(iter(snapshot.pending(limit=1)), None)
    at = snapshot.setting(LAST_EXCHANGE)
    return ExchangeStatus(
        server=snapshot.setting(settings.URL) or "",
        pending=snapshot.count_pending(),
        oldest=oldest.commit.occurred_at if oldest else None,
        last=datetime.fromisoformat(at) if at else None,
    )


@frozen(kw_only=True)
class Joining:
    """Which server, with which one-time code, under which name."""

    url: str
    code: EnrolmentCode
    name: str
    allow_http: bool


def server_of(store: Store) -> str:
    """The address of the server that the database joined; empty when it joined none."""
    with store.reading() as snapshot:
        return snapshot.setting(settings.URL) or ""


def is_blank(store: Store) -> bool:
    """Whether nobody ever worked at this database, nor anything came into it."""
    with store.reading() as snapshot:
        return next(snapshot.rows(UserRow), None) is None


def has_pending(store: Store) -> bool:
    """Whether something that was recorded here is not in the log yet."""
    with store.reading() as snapshot:
        return snapshot.count_pending() > 0


def open_items(snapshot: Snapshot) -> int:
    """How many conflicts nobody has decided on yet."""
    return sum(1 for _ in snapshot.rows(ResolutionItemRow, status="open"))


# ---------------------------------------------------------------------------------- joining


def check_address(request: Joining) -> None:
    """Before anything is opened or made for it."""
    from manchengo_sync.address import server_address

    with exchange_errors_as_failures(request.url):
        server_address(request.url, allow_plain=request.allow_http)


def join(workplace: Workplace, request: Joining, *, user_id: UserId | None) -> "EnrolResponse":
    """Let this database in at the server. ``user_id``: who works at it, where it brings the users
    of the plant itself, as its first device; else the code says. Raises ``Failure``, also for a
    database that is a plant of its own.
    """
    try:
        return _let_in(workplace, request, user_id)
    except Failure as failure:
        if failure.name != "AnotherPlant" or not is_a_plant_of_its_own(workplace.store):
            raise
        raise work_of_its_own(request.url, workplace.path) from failure


def is_a_plant_of_its_own(store: Store) -> bool:
    """Whether people worked at this database, and it never exchanged with a server."""
    with store.reading() as snapshot:
        return settings.plant_of_log(snapshot) is None and snapshot.count_pending() > 0


def _let_in(workplace: Workplace, request: Joining, user_id: UserId | None) -> "EnrolResponse":
    from manchengo_sync import joining
    from manchengo_sync.http import HttpLink

    with workplace.store.reading() as snapshot:
        plant_id = settings.plant_of_log(snapshot)
    with (
        exchange_errors_as_failures(request.url),
        HttpLink(
            request.url,
            device_id=workplace.actor.device_id,
            user_id=workplace.actor.user_id,
            private_key="",  # a joining device has only its code to show
            plant_id=plant_id,
            allow_plain=request.allow_http,
        ) as link,
    ):
        welcome = joining.join(
            workplace.store,
            link,
            url=request.url,
            code=request.code.code,
            name=request.name,
            user_id=user_id,
            plant_id=request.code.plant_id,
        )
    with workplace.store.writing() as transaction:
        transaction.set_setting(ALLOW_HTTP, "1" if request.allow_http else "")
    return welcome


def begin(workplace: Workplace, progress: "Progress") -> "Applied":
    """What a new database takes first: the server's snapshot. An exchange brings the rest."""
    from manchengo_sync import snapshot

    with exchange_errors_as_failures(server_of(workplace.store)), linked(workplace) as link:
        started = snapshot.start(
            workplace.store,
            link,
            clock=workplace.clock,
            ids=workplace.ids,
            state_cache=StateCache(),
            user_id=workplace.proved_user_id,
            progress=progress,
        )
    return started.applied


@contextmanager
def linked(workplace: Workplace) -> "Iterator[HttpLink]":
    """The way to the server that this database joined, for who has signed in."""
    from manchengo_sync.http import Person, link_of

    signer = workplace.signer
    person = None if signer is None else Person(workplace.actor.user_id, signer)

    with workplace.store.reading() as snapshot:
        server = snapshot.setting(settings.URL) or ""
        allow_http = bool(snapshot.setting(ALLOW_HTTP))
    with (
        exchange_errors_as_failures(server),
        link_of(workplace.store, allow_plain=allow_http, person=person) as link,
    ):
        yield link


def enrolment_code(store: Store, given: "CodeResponse", invitation: str) -> EnrolmentCode:
    """What a new device is told: the code of the server, that of an invitation, "" without one,
    and the plant of this database.
    """
    with store.reading() as snapshot:
        return EnrolmentCode(given.code, settings.plant_id(snapshot), invitation)


def new_code(workplace: Workplace, user_id: UserId, minutes: int) -> "CodeResponse":
    """A one-time code from the server, requested as this device's administrator."""
    from manchengo_sync.wire import CodeRequest

    with linked(workplace) as link:
        return link.new_code(CodeRequest(user_id=user_id, minutes=minutes))


def programs(workplace: Workplace) -> "dict[DeviceId, Age]":
    """For administrators: whether each device's program is older or newer than the server's."""
    with linked(workplace) as link:
        return {each.device_id: each.program for each in link.devices().devices}


# ------------------------------------------------------------------------------- exchanging


def exchange(workplace: Workplace, progress: "Progress") -> "Exchanged":
    """Until nothing is pending and nothing is new."""
    from manchengo_sync.exchange import sync

    with _failure_noted(workplace), linked(workplace) as link:
        return sync(
            workplace.store,
            Noting(link, workplace.store, workplace.clock),
            clock=workplace.clock,
            ids=workplace.ids,
            state_cache=StateCache(),
            user_id=workplace.proved_user_id,
            progress=progress,
        )


@contextmanager
def _failure_noted(workplace: Workplace) -> "Iterator[None]":
    try:
        yield
    except Failure as failure:
        note_failure(workplace.store, workplace.clock, failure)
        raise


def note_failed(workplace: Workplace, error: Exception) -> None:
    """Keeps why an exchange failed that could not even begin."""
    if isinstance(error, Failure):
        failure = error
    else:
        failure = exchange_failure(error, server_of(workplace.store))
    note_failure(workplace.store, workplace.clock, failure)


def request_file(workplace: Workplace) -> bytes:
    """What waits here, sealed for the server, to be carried to it."""
    from manchengo_sync.bundle import export_bundle

    with exchange_errors_as_failures(server_of(workplace.store)):
        sealed = export_bundle(workplace.store, clock=workplace.clock, state_cache=StateCache())
    workplace.note("sync.exported")
    return sealed


def take_answer(workplace: Workplace, sealed: bytes, *, file: str) -> "Exchanged":
    """Take in what the server answered to a request carried to it."""
    from manchengo_sync.bundle import import_answer

    with exchange_errors_as_failures(server_of(workplace.store), file):
        done = import_answer(
            workplace.store,
            sealed,
            clock=workplace.clock,
            ids=workplace.ids,
            state_cache=StateCache(),
            user_id=workplace.proved_user_id,
        )
    workplace.note("sync.imported")
    return done


def watch(
    workplace: Workplace,
    *,
    on_exchange: "Callable[[Exchanged], object]",
    on_error: Callable[[Exception], object],
    stop: Event,
) -> None:
    """Exchange until ``stop`` is set. The callbacks get each exchange and each error, from one
    thread at a time, and none afterwards.
    """
    from manchengo_sync.gate import Gate
    from manchengo_sync.worker import Worker

    gate, server = Gate(), server_of(workplace.store)
    with linked(workplace) as link:
        noting = Noting(link, gate.before(workplace.store), workplace.clock)

        def failed(error: Exception) -> None:
            noting.failed(exchange_failure(error, server))
            on_error(error)

        Worker(
            store=workplace.store,
            link=noting,
            clock=workplace.clock,
            ids=workplace.ids,
            user_id=workplace.proved_user_id,
            on_exchange=on_exchange,
            on_error=failed,
            gate=gate,
        ).run(stop)


@define
class Noting:
    """A link that notes in the database when the server last answered, and what failed since."""

    link: "Link"
    store: Store
    clock: Clock
    _noted: datetime | None = None
    _lock: Any = field(factory=Lock)

    def push(self, request: "PushRequest") -> "PushResponse":
        """As the link; the hour of the answer is noted."""
        return self.prepared(request)()

    def prepared(self, request: "PushRequest") -> Callable[[], "PushResponse"]:
        """As the link; the hour of the answer is noted."""
        push = self.link.prepared(request)

        def pushed() -> "PushResponse":
            answer = push()
            self._answered()
            return answer

        return pushed

    def failed(self, failure: Failure) -> None:
        """Notes the failure; the next answer is noted, however soon it comes."""
        with self._lock:
            self._noted = None
        note_failure(self.store, self.clock, failure)

    def let_in(self, device_id: DeviceId, enrolment: "Offered | None" = None) -> None:
        """As the link."""
        self.link.let_in(device_id, enrolment)

    def renew(self, request: "RenewRequest") -> "EnrolResponse":
        """As the link."""
        return self.link.renew(request)

    def return_tail(self, request: "TailRequest") -> "TailResponse":
        """As the link."""
        return self.link.return_tail(request)

    def _answered(self) -> None:
        now = self.clock.now()
        with self._lock:
            is_due = self._noted is None or abs(now - self._noted) >= NOTED_EVERY
            if is_due:
                self._noted = now
        if is_due:
            with self.store.writing(durable=False) as transaction:
                transaction.set_setting(LAST_EXCHANGE, now.isoformat())
