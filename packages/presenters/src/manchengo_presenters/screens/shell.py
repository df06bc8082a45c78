"""The whole window: how far it is open, who acts, where they are, how far it has exchanged."""

from datetime import tzinfo
from enum import Enum, auto

from attrs import field, frozen

from manchengo.domain.access import Permission
from manchengo.domain.ids import LotId
from manchengo.domain.names import comparison_key
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from manchengo_presenters import words
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.dashboard import Dashboard
from manchengo_presenters.screens.exchange_words import ExchangeWords, exchange_words
from manchengo_presenters.screens.first_entries import MaterialForm, SupplierForm
from manchengo_presenters.screens.first_start import FirstStart
from manchengo_presenters.screens.lot_list import LotList
from manchengo_presenters.screens.lot_page import LotPage
from manchengo_presenters.screens.office import Access, Office, SignedIn
from manchengo_presenters.screens.receptions import Receptions
from manchengo_presenters.screens.sign_in import OpenDatabase, SignIn
from manchengo_presenters.screens.view_model import Background, ViewModel


class Stage(Enum):
    """How far the window is open."""

    STARTING = auto()
    FIRST_START = auto()
    DATABASE_CLOSED = auto()
    SIGN_IN = auto()
    AT_WORK = auto()


class Screen(Enum):
    """Where a person can be; the value is its name in the navigation."""

    DASHBOARD = N_("Dashboard")
    RECEPTIONS = N_("Receptions")
    LOTS = N_("Lots")
    LOT = N_("Lot")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


NAVIGATION = ((Screen.DASHBOARD, "A"), (Screen.RECEPTIONS, "R"), (Screen.LOTS, "L"))
"""Each screen with the letter that goes there, after G."""

NEEDED = {Screen.RECEPTIONS: Permission.RECEIVE}
"""What a screen takes a right for."""


@frozen(kw_only=True)
class Destination:
    """One entry of the navigation. ``closed_because``: why it is not for this person."""

    screen: Screen
    label: str
    key: str
    closed_because: str


@frozen(eq=False)
class Workspace:
    """The screens of one person, with what they have typed in them."""

    who: SignedIn
    dashboard: Dashboard
    receptions: Receptions
    lots: LotList
    new_supplier: SupplierForm
    new_material: MaterialForm
    lot_pages: dict[LotId, LotPage] = field(factory=dict)


class Shell(ViewModel):
    """``workspace``: of who signed in, also while the window is locked over it; None before that.
    ``lot``: the lot that is open, on the screen of a lot. ``notice``: a sentence for a moment.
    """

    def __init__(self, office: Office, background: Background, zone: tzinfo | None = None) -> None:
        super().__init__(background)
        self._office = office
        self._zone = zone
        self._revision: tuple[int, ...] = ()
        self.stage = Stage.STARTING
        self.screen = Screen.DASHBOARD
        self.dairy_name = ""
        self.exchange: ExchangeWords | None = None
        self.workspace: Workspace | None = None
        self.lot: LotPage | None = None
        self.notice = ""
        self.notices = 0
        self.first_start = FirstStart(office, background, self.opened)
        self.open_database = OpenDatabase(office, background, self.opened)
        self.sign_in = SignIn(office, background, self._signed_in)

    # ------------------------------------------------------------------------------ coming in

    async def start(self) -> None:
        """See how far the database is open."""
        access = await self.attempt(self._office.access)
        if access is Access.NO_DATABASE:
            self._be_at(Stage.FIRST_START)
        elif access is Access.CLOSED:
            self._be_at(Stage.DATABASE_CLOSED)
        elif access is Access.OPEN:
            await self.opened()

    async def opened(self) -> None:
        """The database is open: who sits here?"""
        self.dairy_name = await self.attempt(self._office.dairy_name) or ""
        before = self.workspace.who.name if self.workspace else ""
        await self.sign_in.load(before)
        self._be_at(Stage.SIGN_IN)

    async def _signed_in(self, who: SignedIn) -> None:
        if self.workspace is None or self.workspace.who != who:
            self.workspace = self._new_workspace(who)
            self.screen, self.lot = Screen.DASHBOARD, None
        self._be_at(Stage.AT_WORK)
        await self.look()
        await self.load()

    def _new_workspace(self, who: SignedIn) -> Workspace:
        office, background = self._office, self._background
        receptions = Receptions(office, background)
        return Workspace(
            who=who,
            dashboard=Dashboard(office, background),
            receptions=receptions,
            lots=LotList(office, background, self.open_lot),
            new_supplier=SupplierForm(office, background, receptions.load),
            new_material=MaterialForm(office, background, receptions.load),
        )

    async def lock(self) -> None:
        """Nobody acts until somebody signs in; what was typed stays."""
        if self.stage is not Stage.AT_WORK:
            return
        await self.attempt(self._office.lock)
        await self.opened()

    def _be_at(self, stage: Stage) -> None:
        self.stage = stage
        self.changed()

    # -------------------------------------------------------------------------------- at work

    @property
    def roles(self) -> str:
        """What the person may act as."""
        return words.roles(self.workspace.who.roles) if self.workspace else ""

    @property
    def destinations(self) -> list[Destination]:
        """Where the person may go, and why not elsewhere."""
        return [
            Destination(
                screen=screen, label=screen.words, key=key, closed_because=self._closed(screen)
            )
            for screen, key in NAVIGATION
        ]

    def _closed(self, screen: Screen) -> str:
        needed = NEEDED.get(screen)
        if needed is None or (self.workspace and self.workspace.who.may(needed)):
            return ""
        right = words.word(words.PERMISSIONS, needed)
        return _("Takes the right to {right}. Ask an administrator.").format(right=right)

    async def go(self, screen: Screen) -> None:
        """To that screen, if it is for this person."""
        reason = self._closed(screen)
        if self.stage is not Stage.AT_WORK:
            return
        if reason:
            self.say(reason)
            return
        self.screen, self.lot = screen, None
        self.changed()
        await self.load()

    def open_lot(self, lot_id: LotId) -> None:
        """To the screen of that lot; ``load`` reads it."""
        workspace = self.workspace
        assert workspace is not None, "a lot is opened by somebody"
        page = workspace.lot_pages.get(lot_id)
        if page is None:
            page = LotPage(self._office, self._background, workspace.who, lot_id)
            workspace.lot_pages[lot_id] = page
        self.screen, self.lot = Screen.LOT, page
        self.changed()

    async def find(self, code: str) -> None:
        """To the lot of that code, as one that was scanned or typed."""
        if self.stage is not Stage.AT_WORK:
            return
        lot_id = await self.attempt(lambda: self._lot_of(code.strip()))
        if lot_id is None:
            self.say(_("No lot bears the code {code}.").format(code=code.strip()))
            return
        self.open_lot(lot_id)
        await self.load()

    def _lot_of(self, code: str) -> LotId | None:
        with self._office.reading() as snapshot:
            for kind in (RawLotRow, FinishedLotRow):
                for row in snapshot.rows(kind, code_key=comparison_key(code)):
                    return row.id
        return None

    async def load(self) -> None:
        """Read anew what the screen shows."""
        workspace = self.workspace
        if workspace is None or self.stage is not Stage.AT_WORK:
            return
        shown = {
            Screen.DASHBOARD: workspace.dashboard,
            Screen.RECEPTIONS: workspace.receptions,
            Screen.LOTS: workspace.lots,
            Screen.LOT: self.lot,
        }[self.screen]
        if shown is not None:
            await shown.load()

    async def look(self) -> bool:
        """Once a second: has anything been stored, by this window or another; is anybody here?
        Whether there is something new to be read.
        """
        if self.stage is not Stage.AT_WORK:
            return False
        seen = await self.attempt_quietly(self._seen)
        if seen is None:
            return False
        is_locked, revision, exchange = seen
        if is_locked:
            await self.lock()
            return False
        is_new = revision != self._revision
        if is_new or exchange != self.exchange:
            self._revision, self.exchange = revision, exchange
            self.changed()
        return is_new

    def _seen(self) -> tuple[bool, tuple[int, ...], ExchangeWords]:
        office = self._office
        status = exchange_words(office.exchange_status(), office.now(), self._zone)
        return office.is_locked(), office.revision(), status

    def touch(self) -> None:
        """The person did something: they are here."""
        if self.stage is Stage.AT_WORK:
            self._office.touch()

    def say(self, sentence: str) -> None:
        """Show a sentence for a moment."""
        self.notice = sentence
        self.notices += 1
        self.changed()
