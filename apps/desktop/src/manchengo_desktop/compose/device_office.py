"""This computer, its database, and who acts there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from typing import TypeVar

from manchengo import Actor, Manchengo, SystemClock
from manchengo.application.choices import Choices
from manchengo.application.dashboard import StockDays
from manchengo.application.founding import genesis_of
from manchengo.application.genealogy import Trace
from manchengo.application.lists import Lists
from manchengo.application.stock import ProductStock
from manchengo.commands import Command
from manchengo.domain.access import Permission
from manchengo.domain.allocation import Allocation
from manchengo.domain.ids import ClientId, LotId, ProductId
from manchengo.domain.values import Quantity
from manchengo.ports.rows import UserRow
from manchengo.ports.store import Snapshot
from manchengo_desktop.compose import joining
from manchengo_desktop.compose.admissions import DeviceAdmissions
from manchengo_desktop.compose.care import DeviceCare
from manchengo_desktop.compose.device_exchanges import DeviceExchanges
from manchengo_desktop.compose.device_scans import DeviceScans
from manchengo_desktop.compose.imports import DeviceImports
from manchengo_desktop.compose.labels import DeviceLabels, must_be_there
from manchengo_desktop.compose.papers import DevicePapers
from manchengo_desktop.compose.problems import PassphraseNeeded, problems
from manchengo_desktop.compose.recalls import DeviceRecalls
from manchengo_desktop.compose.typed_secrets import Passphrases, Secrets
from manchengo_presenters import confirmations, doubts, words
from manchengo_presenters.language import _
from manchengo_presenters.past_changes import ChangesInWords, to_look_at
from manchengo_presenters.screens.exchanges import Progress
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
from manchengo_workplace import (
    drafts,
    invitations,
    opening,
    preferences_file,
    proposing,
    restoring,
    server,
)
from manchengo_workplace.acting import roles_of
from manchengo_workplace.inactivity import InactivityLock
from manchengo_workplace.proposing import Executed
from manchengo_workplace.taking_back import take_back_all
from manchengo_workplace.workplace import Workplace

C = TypeVar("C", bound=Command)


class DeviceOffice:
    """This computer, its database at ``path``, and who acts there. Implements ``Office``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._clock = SystemClock()
        self._secrets = Secrets()
        self._closing = ExitStack()
        self._opened: Workplace | None = None
        self._acting: Workplace | None = None
        self._inactivity = InactivityLock()
        self._one_at_a_time = RLock()
        self.exchanges = DeviceExchanges(lambda: self._database, lambda: self._at_work)
        self.scans = DeviceScans(lambda: self._at_work)

    def close(self) -> None:
        """Nobody acts, and the database is closed."""
        with self._one_at_a_time:
            self._opened = self._acting = None
            self.exchanges.end(self._closing.pop_all().close)

    # ------------------------------------------------------------------------------ opening

    def access(self) -> Access:
        """How far the database is open. One that takes no passphrase is opened."""
        if self._opened is not None:
            is_blank = server.is_blank(self._opened.store)
            return Access.UNFINISHED if is_blank else Access.OPEN
        if not self.path.exists():
            return Access.NO_DATABASE
        try:
            self._open(Passphrases(None))
        except PassphraseNeeded:
            return Access.CLOSED
        return self.access()

    def open(self, passphrase: str) -> None:
        """Open the database."""
        self._open(Passphrases(passphrase))

    def _open(self, passphrases: Passphrases) -> None:
        with problems(), self._one_at_a_time:
            self._opened = self._closing.enter_context(
                opening.opened(
                    self.path, passphrases=passphrases, secrets=self._secrets, by_anyone=True
                )
            )
            self.exchanges.begin()

    def create(self, dairy: NewDairy) -> str:
        """Make a database and its dairy; the recovery key is answered."""
        recovery = invitations.recovery_code()
        with problems(), self._one_at_a_time, self._secrets.typing(dairy.secret):
            self._opened = self._closing.enter_context(
                opening.created(
                    self.path,
                    admin=dairy.admin,
                    plant=dairy.name,
                    recovery=recovery,
                    passphrases=Passphrases(dairy.passphrase),
                    secrets=self._secrets,
                )
            )
            # Who sits at a terminal of this computer has not signed in there.
            self._opened.sign_in.session_file.end()
        return recovery.code

    def join(self, device: NewDevice, progress: Progress) -> None:
        """Make a database that starts from what a server knows, and open it."""
        with problems(), self._one_at_a_time:
            request = joining.request_of_new(device)
            if self._opened is None and not self.path.exists():
                joining.make(self.path, request, device)
            if self._opened is None:
                self._open(Passphrases(device.passphrase))
            joining.fill(self._database, request, self._secrets, device.secret, progress)
            self.exchanges.begin()

    def restore(self, restoration: Restoration) -> None:
        """Put a backup in the place of the database, and open it."""
        passphrases = Passphrases(restoration.passphrase)
        with problems():
            restoring.restored(
                self.path,
                restoration.source,
                passphrases=passphrases,
                secrets=Secrets(),
                user=restoration.person or None,
            )
        self._open(passphrases)

    # ------------------------------------------------------------------------------- people

    def people(self) -> list[Person]:
        """Who has a key here, by name."""
        with problems():
            sign_in = self._database.sign_in
            sealed = sign_in.sealed.people()
            return [
                Person(name=user.name, is_pin=sealed[user.id].needs_device_secret)
                for user in sign_in.people_here()
            ]

    def sign_in(self, name: str, secret: str, on_wait: Callable[[int], None]) -> SignedIn:
        """Prove who acts from here on."""
        self._secrets.on_wait = on_wait
        with problems():
            acting = opening.signed_in(self._database, name, secret)
        self._acting = acting
        self._inactivity = InactivityLock(self.preferences().locks_after)
        return SignedIn(name=acting.user, roles=acting.actor.roles)

    def begin_with_code(self, name: str, code: str, secret: str) -> None:
        """Begin the person's key here, with a code."""
        with problems(), self._one_at_a_time:
            sign_in = self._database.sign_in
            with self._secrets.typing(secret):
                invitations.redeem(sign_in, sign_in.person(name), code)

    def lock(self) -> None:
        """Nobody acts, until somebody signs in."""
        with self._one_at_a_time:
            self._acting = None

    def touch(self) -> None:
        """The person is here."""
        self._inactivity.touch()

    def is_locked(self) -> bool:
        """Whether nobody acts, or who did has done nothing for too long, or has other rights."""
        acting = self._acting
        return acting is None or self._inactivity.is_locked or not acting.may_go_on

    def why_ended(self) -> str:
        """What else than time ended the work of who acted; "" where nothing did."""
        acting = self._acting
        if acting is None or acting.may_go_on:
            return ""
        with problems(), acting.store.reading() as snapshot:
            row = snapshot.get(UserRow, acting.actor.user_id)
        if row is None or not row.active:
            return _("You may no longer act at this dairy. Ask an administrator.")
        if roles_of(row.roles) != acting.actor.roles:
            roles = words.roles(row.roles.split())
            sentence = _("Your roles are now: {roles}. Identify yourself again to go on with them.")
            return sentence.format(roles=roles)
        return _("Your key on this computer no longer counts. Ask an administrator for a code.")

    @property
    def _database(self) -> Workplace:
        if self._opened is None:
            raise Problem("Closed", _("The database is closed. Open it again."))
        return self._opened

    @property
    def _at_work(self) -> Workplace:
        acting = self._acting
        if acting is None or self.is_locked():
            sentence = self.why_ended() or _("Nobody acts here any more. Identify yourself again.")
            raise Problem("Locked", sentence)
        return acting

    @property
    def dairy(self) -> Manchengo:
        """The dairy, for who has signed in."""
        return self._at_work.dairy

    @property
    def actor(self) -> Actor:
        """Who acts, as rules ask for them."""
        return self._at_work.actor

    # ---------------------------------------------------------------------------- questions

    def dairy_name(self) -> str:
        """What the dairy is called; "" where nobody said."""
        with problems(), self._database.store.reading() as snapshot:
            genesis = genesis_of(snapshot)
        return genesis.name if genesis else ""

    def today(self) -> date:
        """The business date."""
        return self._clock.today()

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self._clock.now()

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One consistent moment, as far as the person may see it."""
        with problems(), self.dairy.reading() as snapshot:
            yield snapshot

    def stock(self) -> list[ProductStock]:
        """What is there of each product."""
        with problems():
            return self.dairy.stock.by_product()

    def stock_days(self, over_days: int) -> list[StockDays]:
        """How long the stock of each product lasts."""
        with problems():
            return self.dairy.dashboard.stock_days(over_days)

    def trace(self, lot_id: LotId) -> Trace:
        """Where that lot comes from and where it went."""
        with problems():
            return self.dairy.trace(lot_id)

    def preview(
        self, product_id: ProductId, wanted: Quantity, *, client_id: ClientId | None = None
    ) -> Allocation:
        """The lots that would be taken of that product today."""
        with problems():
            return self.dairy.stock.preview(product_id, wanted, client=client_id)

    def lists(self) -> Lists:
        """Lists, page by page."""
        return self.dairy.lists

    def revision(self) -> tuple[int, ...]:
        """Another one after whatever was stored."""
        with problems(), self._database.store.reading() as snapshot:
            return snapshot.head(), snapshot.rewinds(), snapshot.cursor()

    def exchange_status(self) -> ExchangeStatus:
        """How far this device has exchanged."""
        with problems(), self._database.store.reading() as snapshot:
            return server.exchange_status(snapshot)

    @property
    def admissions(self) -> DeviceAdmissions:
        """People and devices let in."""
        return DeviceAdmissions(lambda: self._at_work, self._secrets)

    @property
    def care(self) -> DeviceCare:
        """The care of the database."""
        return DeviceCare(lambda: self._at_work)

    @property
    def imports(self) -> DeviceImports:
        """Files that come in."""
        return DeviceImports(lambda: self._at_work)

    @property
    def recalls(self) -> DeviceRecalls:
        """What a recall reaches."""
        return DeviceRecalls(lambda: self._at_work)

    @property
    def papers(self) -> DevicePapers:
        """Papers to print."""
        return DevicePapers(lambda: self._at_work)

    @property
    def labels(self) -> DeviceLabels:
        """Labels to print."""
        return DeviceLabels(lambda: self._at_work)

    # ----------------------------------------------------------------------------- commands

    def record(
        self,
        build: Callable[[Choices], C],
        sentence: Callable[[Snapshot, C], str],
        *,
        on: date | None = None,
    ) -> Recorded:
        """Build a command from what is stored and execute it."""
        with problems(), self._one_at_a_time:
            acting = self._at_work
            done = proposing.execute(acting, build, on=on)
        # Also to who has just changed their own roles, and acts no more.
        with problems(), acting.dairy.reading() as snapshot:
            said = sentence(snapshot, done.command)
        return _recorded(done, said)

    def record_all(
        self, build: Callable[[Choices], Sequence[Command]], *, on: date | None = None
    ) -> tuple[Recorded, ...]:
        """Build several commands from what is stored and execute them, all or none."""
        with problems(), self._one_at_a_time:
            done = proposing.execute_all(self._at_work, build, on=on)
        return tuple(_recorded(each, "") for each in done)

    def doubts(self, build: Callable[[Choices], Command]) -> tuple[str, ...]:
        """What is unlikely about a command, before it is recorded."""
        with problems():
            return tuple(map(doubts.sentence, proposing.doubts_of(self._at_work, build)))

    def past_changes(
        self, build: Callable[[Choices], Command], *, on: date
    ) -> ChangesInWords | None:
        """What a command dated ``on`` would change of the days before today."""
        with problems():
            changes = proposing.past_changes_of(self._at_work, build, on=on)
        with self.reading() as snapshot:
            return to_look_at(snapshot, changes)

    def preferences(self) -> Preferences:
        """What was chosen for this computer; how soon it locks counts at once."""
        found = preferences_file.read(preferences_file.beside(self.path))
        self._inactivity.limit = found.locks_after
        return found

    def keep_preferences(self, wanted: Preferences) -> None:
        """Keep these."""
        with problems():
            if wanted.locks_after != self.preferences().locks_after:
                self.dairy.permit(Permission.MANAGE_DEVICES, "computer.locks_after")
            if wanted.label_folder is not None:
                must_be_there(wanted.label_folder)
            preferences_file.write(preferences_file.beside(self.path), wanted)
        self.preferences()

    def drafts(self) -> dict[str, Mapping[str, str]]:
        """By form, what the person typed here and did not record."""
        with problems(), self._at_work.store.reading() as snapshot:
            return drafts.drafts(snapshot, self.actor.user_id, self.now())

    def keep_drafts(self, changed: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what is typed now, in the forms where it changed."""
        with problems(), self._one_at_a_time:
            drafts.keep_drafts(self._at_work.store, self.actor.user_id, self.now(), changed)

    def take_back(self, *done: Recorded) -> tuple[Recorded, ...]:
        """Take back what was recorded: all of it, or none."""
        with self.reading() as snapshot:
            sentences = [self._undone_words(snapshot, each) for each in done]
        with problems(), self._one_at_a_time:
            undone = take_back_all(self._at_work, [each.commit_id for each in done])
        return tuple(
            _recorded(each, sentence, undone=True)
            for each, sentence in zip(undone, sentences, strict=True)
        )

    @staticmethod
    def _undone_words(snapshot: Snapshot, done: Recorded) -> str:
        commit = snapshot.commit(done.commit_id)
        assert commit is not None, "it was recorded here"
        return confirmations.undone(snapshot, commit)


def _recorded(done: Executed[C], sentence: str, *, undone: bool = False) -> Recorded:
    return Recorded(
        command=done.command,
        commit_id=done.commit.id,
        sentence=sentence,
        warnings=tuple(doubts.sentence(each) for each in done.doubts),
        undone=undone,
    )
