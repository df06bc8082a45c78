"""What screens ask of the device they are on. Implemented by each app, over the workplace.

Every method may take long, and runs beside the loop that draws. Each raises ``Problem``.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Protocol, TypeVar

from attrs import field, frozen

from manchengo import Role
from manchengo.application.choices import Choices
from manchengo.application.dashboard import StockDays
from manchengo.application.genealogy import Trace
from manchengo.application.lists import Lists
from manchengo.application.stock import ProductStock
from manchengo.application.undoing import has_undo
from manchengo.commands import Command
from manchengo.domain.access import GRANTS, Actor, Permission
from manchengo.domain.allocation import Allocation
from manchengo.domain.ids import ClientId, CommitId, LotId, ProductId
from manchengo.domain.values import Quantity
from manchengo.ports.store import Snapshot
from manchengo_presenters.past_changes import ChangesInWords
from manchengo_presenters.screens.admissions import Admissions
from manchengo_presenters.screens.database_care import DatabaseCare
from manchengo_presenters.screens.exchanges import Exchanges, Progress
from manchengo_presenters.screens.file_imports import FileImports
from manchengo_presenters.screens.label_file import Labels
from manchengo_presenters.screens.papers import Papers
from manchengo_presenters.screens.preferences import Preferences
from manchengo_presenters.screens.recalls import Recalls
from manchengo_presenters.screens.scans import Scans

C = TypeVar("C", bound=Command)


class Access(Enum):
    """How far the database of this device is open."""

    NO_DATABASE = auto()
    CLOSED = auto()
    """It takes its passphrase."""
    UNFINISHED = auto()
    """It is open, was to join a server, and holds nothing yet."""
    OPEN = auto()


@frozen(kw_only=True)
class NewDairy:
    """``admin``: who begins it. ``passphrase``: of the database; ``secret``: of that person."""

    name: str
    admin: str
    passphrase: str = field(repr=False)
    secret: str = field(repr=False)


@frozen(kw_only=True)
class Restoration:
    """``source``: the backup; ``passphrase``: of its database; ``person``: who brings it back, ""
    for its only administrator.
    """

    source: Path
    passphrase: str = field(repr=False)
    person: str = ""


@frozen(kw_only=True)
class NewDevice:
    """``address``: of the server. ``code``: whole, as an administrator gave it; ``name``: of this
    computer. ``passphrase``: of its database, "" where that is there already; ``secret``: of the
    person for whom the code is.
    """

    address: str
    code: str = field(repr=False)
    name: str
    passphrase: str = field(repr=False)
    secret: str = field(repr=False)


@frozen(kw_only=True)
class Person:
    """Somebody with a key at this device, which a passphrase opens, or a PIN."""

    name: str
    is_pin: bool


@frozen(kw_only=True)
class SignedIn:
    """Who acts."""

    name: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether one of their roles gives them that."""
        return any(permission in GRANTS[role] for role in self.roles)


@frozen(kw_only=True)
class Recorded:
    """``command``: what was recorded, under ``commit_id``; ``sentence``: in words; ``warnings``:
    what is unlikely about it; ``undone``: whether it took back what was recorded before.
    """

    command: Command
    commit_id: CommitId
    sentence: str
    warnings: tuple[str, ...] = ()
    undone: bool = False

    @property
    def can_be_taken_back(self) -> bool:
        """Whether a command takes it back."""
        return not self.undone and has_undo(self.command)


def warnings_of(done: Sequence[Recorded]) -> list[str]:
    """What is unlikely about what was recorded together."""
    return [sentence for each in done for sentence in each.warnings]


@frozen(kw_only=True)
class ExchangeStatus:
    """How far this device has exchanged. ``server``: "" where it works alone. ``oldest``: when the
    first of what waits to be sent was recorded.
    """

    server: str
    pending: int
    oldest: datetime | None
    last: datetime | None


class Office(Protocol):
    """The device, its database, and who acts there."""

    def access(self) -> Access:
        """How far the database is open."""
        ...

    def open(self, passphrase: str) -> None:
        """Open the database."""
        ...

    def create(self, dairy: NewDairy) -> str:
        """Make a database and its dairy, open it, and answer the recovery key, which is shown once
        and stored nowhere.
        """
        ...

    def restore(self, restoration: Restoration) -> None:
        """Put a backup in the place of the database, and open it."""
        ...

    def join(self, device: NewDevice, progress: Progress) -> None:
        """Make a database that starts from what a server knows, and open it; go on where that was
        cut off.
        """
        ...

    def people(self) -> list[Person]:
        """Who may sign in here, by name."""
        ...

    def sign_in(self, name: str, secret: str, on_wait: Callable[[int], None]) -> SignedIn:
        """Prove that the person is who they say; from here on, they act. ``on_wait``: called with
        the seconds that the try waits, after several wrong ones.
        """
        ...

    def begin_with_code(self, name: str, code: str, secret: str) -> None:
        """Begin the person's key at this device, with the code of an invitation or a recovery key;
        ``secret``: the passphrase or PIN that they choose.
        """
        ...

    def lock(self) -> None:
        """Nobody acts, until somebody signs in."""
        ...

    def touch(self) -> None:
        """The person did something: they are here."""
        ...

    def is_locked(self) -> bool:
        """Whether nobody acts, or who did has done nothing for too long."""
        ...

    def why_ended(self) -> str:
        """What else than time ended the work of who acted, as other roles; "" where nothing did."""
        ...

    @property
    def actor(self) -> Actor:
        """Who acts, as rules ask for them."""
        ...

    def dairy_name(self) -> str:
        """What the dairy is called; "" where nobody said."""
        ...

    def today(self) -> date:
        """The business date."""
        ...

    def now(self) -> datetime:
        """The instant, in UTC."""
        ...

    def reading(self) -> AbstractContextManager[Snapshot]:
        """One consistent moment, as far as the person may see it."""
        ...

    def stock(self) -> list[ProductStock]:
        """What is there of each product, in the order of kind and code."""
        ...

    def stock_days(self, over_days: int) -> list[StockDays]:
        """How long the stock of each product lasts at the pace of so many days before today."""
        ...

    def trace(self, lot_id: LotId) -> Trace:
        """Where that lot comes from and where it went."""
        ...

    def preview(
        self, product_id: ProductId, wanted: Quantity, *, client_id: ClientId | None = None
    ) -> Allocation:
        """The lots that would be taken of that product today, what would be missing, and why others
        are passed over. ``client_id``: who buys; None: it goes into a make.
        """
        ...

    def lists(self) -> Lists:
        """Lists, page by page, as far as the person may see them."""
        ...

    def revision(self) -> tuple[int, ...]:
        """Another one after whatever was stored, by this window or anything else."""
        ...

    def exchange_status(self) -> ExchangeStatus:
        """How far this device has exchanged."""
        ...

    @property
    def admissions(self) -> Admissions:
        """People and devices let in."""
        ...

    @property
    def care(self) -> DatabaseCare:
        """The care of the database."""
        ...

    @property
    def imports(self) -> FileImports:
        """Files that come in."""
        ...

    @property
    def labels(self) -> Labels:
        """Labels to print."""
        ...

    @property
    def papers(self) -> Papers:
        """Papers to print."""
        ...

    @property
    def exchanges(self) -> Exchanges:
        """The exchange with the server."""
        ...

    @property
    def recalls(self) -> Recalls:
        """What a recall reaches, and recalls that are practised."""
        ...

    @property
    def scans(self) -> Scans:
        """What codes are."""
        ...

    def record(
        self,
        build: Callable[[Choices], C],
        sentence: Callable[[Snapshot, C], str],
        *,
        on: date | None = None,
    ) -> Recorded:
        """Build a command from what is stored and execute it, in one transaction. ``sentence``:
        says afterwards what was recorded; ``on``: the business date; today when left out.
        """
        ...

    def record_all(
        self, build: Callable[[Choices], Sequence[Command]], *, on: date | None = None
    ) -> tuple[Recorded, ...]:
        """Build several commands from what is stored and execute them: all are recorded, or none.
        ``on``: as of ``record``.
        One answer for each, without a sentence: the screen has one for all of them.
        """
        ...

    def doubts(self, build: Callable[[Choices], Command]) -> tuple[str, ...]:
        """What is unlikely about a command, in words, before it is recorded."""
        ...

    def past_changes(
        self, build: Callable[[Choices], Command], *, on: date
    ) -> ChangesInWords | None:
        """What a command dated ``on`` would change of the days before today; None where there is
        nothing to look at before it is recorded.
        """
        ...

    def preferences(self) -> Preferences:
        """What was chosen for this computer; also before the database is open."""
        ...

    def keep_preferences(self, wanted: Preferences) -> None:
        """Keep these. Raises ``Problem`` where there is no such folder for labels
        (``NoFolder``), and where the person may not say when this computer locks.
        """
        ...

    def drafts(self) -> dict[str, Mapping[str, str]]:
        """By form, what the person typed here and did not record, by field."""
        ...

    def keep_drafts(self, changed: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what is typed now, in the forms where it changed; empty: nothing is any more."""
        ...

    def take_back(self, *done: Recorded) -> tuple[Recorded, ...]:
        """Take back what was recorded: all of it, or none. One answer for each."""
        ...
