"""An office whose dairy is in memory: what screens ask for, without a database, a key or a wait."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from attrs import define, evolve, field, frozen

from manchengo import Actor, Commit, Manchengo, Role, UnitPrice
from manchengo.application.choices import Choices
from manchengo.application.completeness import Completeness
from manchengo.application.dashboard import StockDays
from manchengo.application.doubts import doubts as doubts_of
from manchengo.application.genealogy import Trace
from manchengo.application.integrity import Verification
from manchengo.application.keys import KeyLine
from manchengo.application.lists import Lists
from manchengo.application.stock import ProductStock
from manchengo.application.undoing import undo_of
from manchengo.commands import Command, RegisterProduct, RegisterSupplier
from manchengo.domain.access import Permission
from manchengo.domain.allocation import Allocation
from manchengo.domain.errors import Refused
from manchengo.domain.ids import ClientId, CommitId, DeviceId, LotId, ProductId, SupplierId, UserId
from manchengo.domain.product import ProductKind
from manchengo.domain.values import Quantity, Unit
from manchengo.memory import MemoryStore
from manchengo.ports.store import Snapshot, Store
from manchengo_desktop.compose.imports import DeviceImports
from manchengo_presenters import doubts, refusal_text
from manchengo_presenters.beginnings import Start
from manchengo_presenters.delivery_note import DeliveryNote
from manchengo_presenters.past_changes import ChangesInWords, to_look_at
from manchengo_presenters.recall_paper import RecallPaper
from manchengo_presenters.screens.admissions import DeviceCode, LabelKeyState, PersonCode
from manchengo_presenters.screens.database_care import AboutDatabase, Backup
from manchengo_presenters.screens.exchanges import Entrance, ExchangeDone, Progress, WrongClocks
from manchengo_presenters.screens.label_file import LabelFile, LabelPaper
from manchengo_presenters.screens.office import (
    Access,
    ExchangeStatus,
    NewDairy,
    NewDevice,
    Person,
    Recorded,
    Restoration,
    SignedIn,
)
from manchengo_presenters.screens.preferences import Preferences
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.recalls import Reached, Several, reach_of
from manchengo_presenters.screens.scans import Looked
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import Restore, ScreenContext
from manchengo_workplace import drafts, scan_reading

T = TypeVar("T")
C = TypeVar("C", bound=Command)

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
SECRET = "quatre mots sans lien"
CODE = "K7QM-4XRA"
ALONE = ExchangeStatus(server="", pending=0, oldest=None, last=None)

USUAL = Preferences(locks_after=15 * 60)
ONE_LABEL_KEY = LabelKeyState(newest=1, waiting=())
NOTHING_EXCHANGED = ExchangeDone(sent=0, received=0, refused=0, pending=0)
ALL_RIGHT = WrongClocks()
HEARD_NOBODY = Completeness(now=NOON, is_alone=True, known_until=None, pending=0, devices=())


async def at_once(work: Callable[[], T]) -> T:
    """Implements ``Background``: there is no loop to wait beside."""
    return work()


@frozen
class Clock:
    def now(self) -> datetime:
        return NOON

    def today(self) -> date:
        return TODAY


@define
class Ids:
    _next: Iterator[int] = field(factory=lambda: count(1))

    def new(self) -> UUID:
        return UUID(int=next(self._next))


SOUND = Verification(commits=12, events=1_840, tampered=None, views_digest="a", rebuilt_digest="a")


DESCRIBED = AboutDatabase(
    device="Bureau",
    mark="A",
    path=Path("/home/amina/atelier.db"),
    bytes=12_400_000,
    is_encrypted=True,
    version="0.1.0",
)


@define
class CareInMemory:
    """``folders``: those that there are; ``made``: where backups were made; ``found``: what a
    verification finds; ``asked``: of what each was; ``during``: called in the middle of the work.
    """

    last: datetime | None = None
    folders: tuple[Path, ...] = (Path("/media/cle"),)
    made: list[Path] = field(factory=list)
    found: Verification = SOUND
    described: AboutDatabase = DESCRIBED
    during: Callable[[], object] = lambda: None
    asked: list[str] = field(factory=list)
    notes: bool = True

    def about(self) -> AboutDatabase:
        return self.described

    def last_backup(self) -> datetime | None:
        return self.last

    def back_up(self, folder: Path, progress: Callable[[int, int], None]) -> Backup:
        if folder not in self.folders:
            raise Problem("NoFolder", "Ce dossier n’existe pas sur cet ordinateur.")
        progress(3, 4)
        self.during()
        path = folder / "atelier-sauvegarde.db"
        self.made.append(path)
        self.last = NOON
        return Backup(path=path, bytes=12_400_000, is_encrypted=True, is_noted=self.notes)

    def verify(self, progress: Callable[[int, int], None], *, whole: bool) -> Verification:
        progress(1, 2)
        self.asked.append("whole" if whole else "since")
        self.during()
        return self.found


@define
class OfficeInMemory:
    """``state``: how far its database is open. ``roles``: of who signs in. ``fault``: a problem
    that the next question raises.
    """

    state: Access = Access.OPEN
    roles: frozenset[Role] = frozenset({Role.ADMIN})
    names: tuple[str, ...] = ("amina",)
    fault: Problem | None = None
    status: ExchangeStatus = ALONE
    locked: bool = False
    ended: str = ""
    touched: int = 0
    scanned: list[str] = field(factory=list)
    joined: NewDevice | None = None
    answer: ExchangeDone = NOTHING_EXCHANGED
    heard: Completeness = HEARD_NOBODY
    trouble: str = ""
    noted: tuple[str, ...] = ()
    clocks: WrongClocks = ALL_RIGHT
    wait: int = 0
    preferred: Preferences = USUAL
    printed: list[tuple[LabelFile, Path]] = field(factory=list)
    store: Store = field(factory=MemoryStore)
    cared: CareInMemory = field(factory=lambda: CareInMemory())
    refused: list[tuple[Command, Refused]] = field(factory=list)
    practised: list[tuple[Reached, datetime]] = field(factory=list)
    let_in: "AdmissionsInMemory" = field(init=False)
    ids: Ids = field(factory=Ids)

    def __attrs_post_init__(self) -> None:
        self.let_in = AdmissionsInMemory(self)

    @property
    def admissions(self) -> "AdmissionsInMemory":
        return self.let_in

    @property
    def dairy(self) -> Manchengo:
        return Manchengo(self.store, clock=Clock(), ids=self.ids, actor=self.actor)

    def raise_fault(self) -> None:
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault

    def access(self) -> Access:
        self.raise_fault()
        return self.state

    def open(self, passphrase: str) -> None:
        if passphrase != SECRET:
            raise Problem("WrongKey", "Ce n’est pas la phrase secrète de cette base.")
        self.state = Access.OPEN

    def create(self, dairy: NewDairy) -> str:
        self.raise_fault()
        self.state, self.names = Access.OPEN, (dairy.admin,)
        return "CLEF-DE-RECOURS"

    def restore(self, restoration: Restoration) -> None:
        self.raise_fault()
        self.state = Access.OPEN

    def join(self, device: NewDevice, progress: Progress) -> None:
        progress(1, 2)
        self.raise_fault()
        self.joined, self.state = device, Access.OPEN

    def people(self) -> list[Person]:
        self.raise_fault()
        return [Person(name=name, is_pin=False) for name in self.names]

    def sign_in(self, name: str, secret: str, on_wait: Callable[[int], None]) -> SignedIn:
        on_wait(self.wait)
        if secret != SECRET:
            raise Problem("WrongSecret", "Ce n’est pas la bonne phrase.")
        self.locked = False
        return SignedIn(name=name, roles=self.roles)

    def begin_with_code(self, name: str, code: str, secret: str) -> None:
        if code != CODE:
            raise Problem("WrongCode", "Ce n’est pas un code de cette personne.")
        self.names = (*self.names, name)

    def lock(self) -> None:
        self.locked = True

    def touch(self) -> None:
        self.touched += 1

    def is_locked(self) -> bool:
        return self.locked

    def why_ended(self) -> str:
        return self.ended

    def dairy_name(self) -> str:
        return "Fromagerie du Djurdjura"

    def today(self) -> date:
        return TODAY

    def now(self) -> datetime:
        return NOON

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        self.raise_fault()
        with problems(), self.dairy.reading() as snapshot:
            yield snapshot

    def stock(self) -> list[ProductStock]:
        return self.dairy.stock.by_product()

    def stock_days(self, over_days: int) -> list[StockDays]:
        return self.dairy.dashboard.stock_days(over_days)

    def trace(self, lot_id: LotId) -> Trace:
        self.raise_fault()
        return self.dairy.trace(lot_id)

    def preview(
        self, product_id: ProductId, wanted: Quantity, *, client_id: ClientId | None = None
    ) -> Allocation:
        self.raise_fault()
        with problems():
            return self.dairy.stock.preview(product_id, wanted, client=client_id)

    def lists(self) -> Lists:
        return self.dairy.lists

    @property
    def exchanges(self) -> "ExchangesInMemory":
        return ExchangesInMemory(self)

    @property
    def recalls(self) -> "RecallsInMemory":
        return RecallsInMemory(self)

    @property
    def scans(self) -> "ScansInMemory":
        return ScansInMemory(self)

    def revision(self) -> tuple[int, ...]:
        with self.store.reading() as snapshot:
            return (snapshot.head(), snapshot.rewinds())

    def exchange_status(self) -> ExchangeStatus:
        return self.status

    @property
    def labels(self) -> "LabelsInMemory":
        return LabelsInMemory(self)

    @property
    def papers(self) -> "PapersInMemory":
        return PapersInMemory(self)

    @property
    def care(self) -> CareInMemory:
        return self.cared

    @property
    def imports(self) -> DeviceImports:
        return DeviceImports(lambda: self)

    @property
    def clock(self) -> Clock:
        return Clock()

    @property
    def actor(self) -> Actor:
        user_id, device_id = UserId(UUID(int=1 << 64)), DeviceId(UUID(int=2 << 64))
        return Actor(user_id=user_id, device_id=device_id, roles=self.roles)

    def note_refusal(self, command: Command, refusal: Refused) -> None:
        self.refused.append((command, refusal))

    def record(
        self,
        build: Callable[[Choices], C],
        sentence: Callable[[Snapshot, C], str],
        *,
        on: date | None = None,
    ) -> Recorded:
        with problems():
            command, commit = self.dairy.build_and_execute(
                lambda snapshot: build(Choices(snapshot, clock=Clock(), ids=self.ids, on=on))
            )
        with self.store.reading() as snapshot:
            return Recorded(
                command=command, commit_id=commit.id, sentence=sentence(snapshot, command)
            )

    def record_all(
        self, build: Callable[[Choices], Sequence[Command]], *, on: date | None = None
    ) -> tuple[Recorded, ...]:
        with problems(), self.dairy.batch() as batch:
            commands = build(Choices(batch.transaction, clock=Clock(), ids=self.ids, on=on))
            commits = [
                batch.execute(command, command_id=CommitId(self.ids.new())) for command in commands
            ]
        return tuple(
            Recorded(command=command, commit_id=commit.id, sentence="")
            for command, commit in zip(commands, commits, strict=True)
        )

    def doubts(self, build: Callable[[Choices], Command]) -> tuple[str, ...]:
        with problems(), self.dairy.reading() as snapshot:
            command = build(Choices(snapshot, clock=Clock(), ids=self.ids))
        with self.store.reading() as snapshot:
            return tuple(
                doubts.sentence(each) for each in doubts_of(snapshot, command, today=TODAY)
            )

    def past_changes(
        self, build: Callable[[Choices], Command], *, on: date
    ) -> ChangesInWords | None:
        self.raise_fault()
        with problems(), self.dairy.reading() as snapshot:
            command = build(Choices(snapshot, clock=Clock(), ids=self.ids, on=on))
        changes = self.dairy.past_changes(command)
        with self.store.reading() as snapshot:
            return to_look_at(snapshot, changes)

    def preferences(self) -> Preferences:
        return self.preferred

    def keep_preferences(self, wanted: Preferences) -> None:
        self.raise_fault()
        if wanted.label_folder is not None:
            self.must_be_there(wanted.label_folder)
        self.preferred = wanted

    def must_be_there(self, folder: Path) -> None:
        if folder not in self.cared.folders:
            raise Problem("NoFolder", "Ce dossier n’existe pas sur cet ordinateur.")

    def drafts(self) -> dict[str, Mapping[str, str]]:
        with self.store.reading() as snapshot:
            return drafts.drafts(snapshot, self.actor.user_id, self.now())

    def keep_drafts(self, changed: Mapping[str, Mapping[str, str]]) -> None:
        self.raise_fault()
        drafts.keep_drafts(self.store, self.actor.user_id, self.now(), changed)

    def take_back(self, *done: Recorded) -> tuple[Recorded, ...]:
        with problems(), self.dairy.batch() as batch:
            commands = [
                undo_of(batch.transaction, each.commit_id, on=TODAY, reason="Saisi par erreur")
                for each in done
            ]
            commits = [
                batch.execute(command, command_id=CommitId(self.ids.new())) for command in commands
            ]
        return tuple(
            Recorded(command=command, commit_id=commit.id, sentence="Annulé.", undone=True)
            for command, commit in zip(commands, commits, strict=True)
        )


@define
class AdmissionsInMemory:
    """Implements ``Admissions``: ``told``: what was asked of it. ``here``: who has a passphrase;
    ``labels``: the keys of labels. Only administrators are let do anything.
    """

    office: OfficeInMemory = field(repr=False)
    here: frozenset[UserId] = frozenset()
    labels: LabelKeyState = ONE_LABEL_KEY
    told: list[tuple[object, ...]] = field(factory=list)

    def keys(self, user_id: UserId) -> list[KeyLine]:
        with problems():
            return self.office.dairy.keys(user_id)

    def people_here(self) -> frozenset[UserId]:
        return self.here

    def device_code(self, user_id: UserId, minutes: int) -> DeviceCode:
        self._tell("device_code", user_id, minutes)
        return DeviceCode(
            server="https://serveur.example.dz",
            written=CODE,
            picture=b"png",
            until=NOON + timedelta(minutes=minutes),
        )

    def invite(self, user_id: UserId, *, is_recovery: bool) -> PersonCode:
        self._tell("invite", user_id, is_recovery)
        return PersonCode(written=CODE, until=None if is_recovery else TODAY)

    def admit(self, user_id: UserId, request: str) -> None:
        if request != "demande":
            raise Problem("NotARequest", "Ce n’est pas ce que dit un appareil.")
        self._tell("admit", user_id, request)

    def give_secret(self, user_id: UserId, secret: str) -> None:
        self._tell("give_secret", user_id, secret)

    def let_try_again(self, user_id: UserId) -> None:
        self._tell("let_try_again", user_id)

    def label_keys(self) -> LabelKeyState:
        return self.labels

    def make_label_key(self) -> int:
        self._tell("make_label_key")
        return self.labels.newest + 1

    def give_label_keys(self) -> None:
        self._tell("give_label_keys")

    def _tell(self, *what: object) -> None:
        self.office.raise_fault()
        with problems():
            self.office.dairy.permit(Permission.MANAGE_KEYS, "key.given")
        self.told.append(what)


@frozen
class LabelsInMemory:
    """Implements ``Labels``: the file says what it is for, and is put into the office."""

    office: OfficeInMemory

    def file(self, subjects: Sequence[UUID], paper: LabelPaper) -> LabelFile:
        self.office.raise_fault()
        content = " ".join((paper.name, *map(str, subjects)))
        return LabelFile(name="etiquette.pdf", content=content.encode())

    def put(self, file: LabelFile, folder: Path) -> None:
        self.office.must_be_there(folder)
        self.office.printed.append((file, folder))


@frozen
class PapersInMemory:
    """Implements ``Papers``: the file says whose it is."""

    office: OfficeInMemory

    def recall(self, paper: RecallPaper) -> bytes:
        self.office.raise_fault()
        return f"PDF {paper.text}".encode()

    def delivery_note(self, note: DeliveryNote) -> bytes:
        self.office.raise_fault()
        return f"PDF {note.code}".encode()


@frozen
class ExchangesInMemory:
    """Implements ``Exchanges``: each takes in what ``answer`` says of the office."""

    office: OfficeInMemory

    def join(self, entrance: Entrance, progress: Progress) -> ExchangeDone:
        if entrance.code != "K7QM-4XRA":
            raise Problem("WrongCode", "Ce code n’est pas le bon.")
        self.office.status = evolve(self.office.status, server=entrance.address)
        return self.exchange(progress)

    def exchange(self, progress: Progress) -> ExchangeDone:
        self.office.raise_fault()
        progress(1, 2)
        return self.office.answer

    def export(self) -> bytes:
        self.office.raise_fault()
        return b"sealed"

    def take_answer(self, answer: bytes, name: str) -> ExchangeDone:
        if answer != b"answer":
            raise Problem("NotABundle", f"{name} n’est pas une réponse du serveur.")
        return self.office.answer

    def heard(self) -> Completeness:
        return self.office.heard

    def noted(self) -> tuple[str, ...]:
        return self.office.noted

    def trouble(self) -> str:
        return self.office.trouble

    def wrong_clocks(self) -> WrongClocks:
        return self.office.clocks


@frozen
class RecallsInMemory:
    """Implements ``Recalls``: a drill takes four minutes, and is noted in the office."""

    office: OfficeInMemory

    def reach(self, asked: Start) -> Reached | Several:
        self.office.raise_fault()
        with problems():
            return reach_of(self.office.dairy, asked)

    def drilled(self, reached: Reached, began: datetime) -> int:
        self.office.raise_fault()
        self.office.practised.append((reached, began))
        return 4


@frozen
class ScansInMemory:
    """Implements ``Scans``, with the labels of ``label_of``; a picture holds the text of a code."""

    office: OfficeInMemory

    def look(self, text: str) -> Looked | None:
        self.office.raise_fault()
        dairy = self.office.dairy
        with problems(), dairy.reading() as snapshot:
            scanned = scan_reading.read(snapshot, text)
            looked = scan_reading.looked_at(snapshot, scanned, self.office.actor, TODAY)
        self.office.scanned.append(text)
        return looked

    def codes_in(self, picture: bytes, name: str) -> tuple[str, ...]:
        if not picture:
            raise Problem("NoCodeSeen", f"{name}\u00a0: aucun code.")
        return (picture.decode(),)


@contextmanager
def problems() -> Iterator[None]:
    """What a rule refuses is a problem for the person, in words."""
    try:
        yield
    except Refused as refusal:
        raise Problem(type(refusal).__name__, refusal_text.sentence(refusal)) from refusal


@define
class WindowInMemory:
    """Implements ``Window``: where screens led, and what they said."""

    went: list[tuple[Screen, UUID | None]] = field(factory=list)
    said: list[str] = field(factory=list)
    done: list[Recorded] = field(factory=list)
    told: list[str] = field(factory=list)
    restore: Restore | None = None
    came_from: str = ""
    preferences: Preferences = USUAL

    async def go(self, screen: Screen, subject: UUID | None = None) -> None:
        self.went.append((screen, subject))

    async def leave(self) -> None:
        self.went.pop()

    async def adopt(self, preferences: Preferences) -> None:
        self.preferences = preferences

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def tell(self, done: Recorded, restore: Restore | None = None) -> None:
        self.tell_all((done,), done.sentence, restore)

    def tell_all(
        self, done: Sequence[Recorded], sentence: str, restore: Restore | None = None
    ) -> None:
        self.done.extend(done)
        self.told.append(sentence)
        self.restore = restore


def context(
    office: OfficeInMemory, *, who: SignedIn | None = None, window: WindowInMemory | None = None
) -> ScreenContext:
    """What a screen of that office is given; ``who``: the one who signs in when left out."""
    return ScreenContext(
        office=office,
        background=at_once,
        who=who or SignedIn(name="amina", roles=office.roles),
        window=window or WindowInMemory(),
    )


def execute(office: OfficeInMemory, command: Command) -> Commit:
    """What somebody recorded elsewhere."""
    return office.dairy.execute(command)


def with_milk(office: OfficeInMemory | None = None) -> OfficeInMemory:
    """A dairy with a farm and its milk, which keeps three days and costs 45 DA."""
    office = office or OfficeInMemory()
    execute(
        office,
        RegisterSupplier(
            supplier_id=SupplierId(office.ids.new()), code="F001", name="Ferme Aït Oumeziane"
        ),
    )
    execute(
        office,
        RegisterProduct(
            product_id=ProductId(office.ids.new()),
            code="M001",
            kind=ProductKind.RAW,
            name="Lait de vache",
            unit=Unit.L,
            price=UnitPrice(4_500),
            shelf_life_days=3,
        ),
    )
    return office
