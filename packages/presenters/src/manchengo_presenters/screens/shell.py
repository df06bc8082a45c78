"""The whole window: how far it is open, who acts, where they are, how far it has exchanged."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from enum import Enum, auto
from uuid import UUID

from attrs import evolve

from manchengo_presenters import language, words
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens import scans
from manchengo_presenters.screens.exchange_words import ExchangeWords, exchange_words
from manchengo_presenters.screens.finder import Finder
from manchengo_presenters.screens.first_start import FirstStart
from manchengo_presenters.screens.form import Form, HoldsForms
from manchengo_presenters.screens.keys import KeyList
from manchengo_presenters.screens.office import (
    Access,
    Office,
    Recorded,
    SignedIn,
    warnings_of,
)
from manchengo_presenters.screens.place import HOME, Destination, Place, Workspace
from manchengo_presenters.screens.preferences import LOCK_DELAYS, Preferences, Theme
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import Restore, ScreenContext
from manchengo_presenters.screens.screen_table import SCREENS, screen_of
from manchengo_presenters.screens.sign_in import OpenDatabase, SignIn
from manchengo_presenters.screens.view_model import Background, ScreenModel, ViewModel


class Stage(Enum):
    """How far the window is open."""

    STARTING = auto()
    FIRST_START = auto()
    DATABASE_CLOSED = auto()
    SIGN_IN = auto()
    AT_WORK = auto()


class Shell(ViewModel):
    """``workspace``: of who signed in, also while the window is locked over it; None before that.
    ``place``: where they are. ``notice``: a sentence for a moment; ``recorded``: what it is about,
    while that may be taken back, all of it together. ``overlay``: what lies over the screen.
    ``preferences``: what was chosen for this computer. ``resumed``: the forms that hold what was
    typed before the program ended.
    """

    def __init__(self, office: Office, background: Background, zone: tzinfo | None = None) -> None:
        super().__init__(background)
        self._office = office
        self._zone = zone
        self._revision: tuple[int, ...] = ()
        self._kept: dict[str, Mapping[str, str]] = {}
        self.stage = Stage.STARTING
        self.preferences = Preferences(locks_after=LOCK_DELAYS[0])
        self.place = HOME
        self._before: list[Place] = []
        self._restore: Restore | None = None
        self.dairy_name = ""
        self.exchange: ExchangeWords | None = None
        self.workspace: Workspace | None = None
        self.resumed: list[Form] = []
        self.overlay: Finder | KeyList | None = None
        self.notice = ""
        self.recorded: tuple[Recorded, ...] = ()
        self.notices = 0
        self.first_start = FirstStart(office, background, self.opened)
        self.open_database = OpenDatabase(office, background, self.opened)
        self.sign_in = SignIn(office, background, self._signed_in)

    # ------------------------------------------------------------------------------ coming in

    async def start(self) -> None:
        """See what was chosen for this computer, and how far the database is open."""
        chosen = await self.attempt(self._office.preferences)
        if chosen is not None:
            self._prefer(chosen)
        access = await self.attempt(self._office.access)
        if access is Access.NO_DATABASE:
            self._be_at(Stage.FIRST_START)
        elif access is Access.CLOSED:
            self._be_at(Stage.DATABASE_CLOSED)
        elif access in (Access.OPEN, Access.UNFINISHED):
            await self.opened()

    async def opened(self) -> None:
        """The database is open: who sits here? One that was to join a server has yet to do so."""
        if await self.attempt(self._office.access) is Access.UNFINISHED:
            self.first_start.go_on()
            self._be_at(Stage.FIRST_START)
            return
        self.dairy_name = await self.attempt(self._office.dairy_name) or ""
        before = self.workspace.who.name if self.workspace else ""
        await self.sign_in.load(before)
        self._be_at(Stage.SIGN_IN)

    async def _signed_in(self, who: SignedIn) -> None:
        if self.workspace is None or self.workspace.who != who:
            context = ScreenContext(
                office=self._office, background=self._background, who=who, window=self
            )
            self._kept = await self.attempt(self._office.drafts) or {}
            self.workspace, self.resumed = Workspace(context, self._kept), []
            self.place, self._before, self.recorded = HOME, [], ()
        self._be_at(Stage.AT_WORK)
        await self.look()
        await self.load()

    async def lock(self) -> None:
        """Nobody acts until somebody signs in; what was typed stays."""
        if self.stage is not Stage.AT_WORK:
            return
        why = await self.attempt(self._office.why_ended)
        await self.attempt(self._office.lock)
        await self.opened()
        self.sign_in.say_why(why or "")

    def _be_at(self, stage: Stage) -> None:
        self.stage, self.overlay = stage, None
        self.changed()

    # ---------------------------------------------------------------------------- preferences

    async def adopt(self, preferences: Preferences) -> None:
        """Look and speak as these say; what is shown is read anew, in their language."""
        self._prefer(preferences)
        await self.load()

    async def set_theme(self, theme: Theme) -> None:
        """Look like that, from now on."""
        wanted = evolve(self.preferences, theme=theme)
        if await self.attempt(lambda: self._are_preferred(wanted)):
            self._prefer(wanted)
        elif self.problem is not None:
            self.say(self.problem.sentence)

    def _are_preferred(self, wanted: Preferences) -> bool:
        self._office.keep_preferences(wanted)
        return True

    def _prefer(self, preferences: Preferences) -> None:
        self.preferences = preferences
        if preferences.language and preferences.language != language.current():
            language.use(preferences.language)
            if self.workspace is not None:
                self.workspace.forget_words()
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
                screen=screen,
                group=entry.group,
                label=screen.words,
                key=entry.letter,
                closed_because=self._closed(screen),
            )
            for screen, entry in SCREENS.items()
            if entry.group is not None
        ]

    @property
    def screen(self) -> Screen:
        """Where the person is."""
        return self.place.screen

    @property
    def shown(self) -> ScreenModel:
        """What is shown there."""
        assert self.workspace is not None, "somebody has signed in"
        return self.workspace.at(self.place)

    @property
    def front(self) -> ScreenModel | None:
        """What keys act on: what lies over the screen, else the screen; None where nobody works."""
        if self.stage is not Stage.AT_WORK:
            return None
        return self.overlay or self.shown

    async def show_finder(self) -> None:
        """Find and go anywhere."""
        if self.workspace is not None and self.stage is Stage.AT_WORK:
            finder = Finder(self.workspace.context, self.is_open)
            self._lay_over(finder)
            await finder.load()

    async def show_keys(self) -> None:
        """The list of keys."""
        if self.workspace is not None and self.stage is Stage.AT_WORK:
            self._lay_over(KeyList(self.workspace.context, self.screen, self.is_open))

    async def uncover(self) -> None:
        """Nothing lies over the screen any more."""
        self._lay_over(None)

    def _lay_over(self, overlay: Finder | KeyList | None) -> None:
        self.overlay = overlay
        self.changed()

    async def press(self, letter: str) -> None:
        """A letter that acts on this screen alone."""
        if self.stage is Stage.AT_WORK and self.overlay is None:
            for each in SCREENS[self.screen].keys:
                if each.letter == letter:
                    await each.act(self.shown)

    def is_open(self, screen: Screen) -> bool:
        """Whether that screen is for this person."""
        return not self._closed(screen)

    def _closed(self, screen: Screen) -> str:
        needed = SCREENS[screen].needs
        if needed is None or (self.workspace and self.workspace.who.may(needed)):
            return ""
        right = words.word(words.PERMISSIONS, needed)
        return _("Takes the right to {right}. Ask an administrator.").format(right=right)

    async def go(self, screen: Screen, subject: UUID | None = None) -> None:
        """To that screen, if it is for this person; ``subject``: what it is about."""
        if self.stage is not Stage.AT_WORK:
            return
        reason = self._closed(screen)
        if reason:
            self.say(reason)
            return
        self.overlay = None
        place = Place(screen=screen, subject=subject)
        if place != self.place:
            self._before = [] if subject is None else [*self._before, self.place]
            self.place = place
        self.changed()
        await self.load()

    async def go_to_new(self, screen: Screen) -> None:
        """To that screen, to enter what it is the screen of."""
        await self.go(screen)
        if self.stage is Stage.AT_WORK and self.place.screen is screen:
            await self.shown.begin_new()

    async def leave(self) -> None:
        """Away with what lies over the screen; else back from what is about one thing to where it
        was opened.
        """
        if self.overlay is not None:
            await self.uncover()
            return
        under = SCREENS[self.screen].under
        if self.stage is not Stage.AT_WORK or under is None:
            return
        self.place = self._before.pop() if self._before else Place(screen=under)
        self.changed()
        await self.load()

    @property
    def came_from(self) -> str:
        """The words of the screen that ``leave`` leads to; "" where it leads nowhere."""
        under = SCREENS[self.screen].under
        if under is None:
            return ""
        return (self._before[-1].screen if self._before else under).words

    async def scan(self, text: str) -> None:
        """A code was scanned, whatever has the focus: the screen takes it, or it leads to what it
        is stuck on, or it is said what it is. What a supplier printed leads to a reception.
        """
        if self.front is None:
            return
        looked = await self.attempt(lambda: self._office.scans.look(text))
        if looked is None:
            self.say(_("Scanned already.") if self.problem is None else self.problem.sentence)
            return
        is_taken = await self.shown.scanned(looked)
        if not is_taken and looked.goods is not None and not self._closed(Screen.RECEPTIONS):
            await self.go(Screen.RECEPTIONS)
            is_taken = await self.shown.scanned(looked)
        if is_taken:
            await self.uncover()
            return
        screen = None if looked.rows is None else screen_of(looked.rows)
        if screen is None:
            self.say(scans.sentence(looked.view))
        else:
            await self.go(screen, looked.subject)

    async def scan_picture(self, picture: bytes, name: str) -> None:
        """The same, of the first code in a picture; ``name``: of its file."""
        found = await self.attempt(lambda: self._office.scans.codes_in(picture, name))
        if found is not None:
            await self.scan(found[0])
        elif self.problem is not None:
            self.say(self.problem.sentence)

    async def load(self) -> None:
        """Read anew what the screen shows."""
        if self.workspace is None or self.stage is not Stage.AT_WORK:
            return
        shown, workspace = self.shown, self.workspace
        await shown.load()
        if resumed := await workspace.resume(self.place):
            self.resumed.extend(resumed)
            for form in resumed:
                self._watch_resumed(form)
            await shown.load()
            self.changed()

    def _watch_resumed(self, form: Form) -> None:
        """Say no longer that it is filled in anew once it is recorded, emptied or left."""

        def changed() -> None:
            if not form.is_resumed and form in self.resumed:
                self.resumed.remove(form)
                end()
                self.changed()

        end = form.subscribe(changed)

    @property
    def resumed_here(self) -> list[Form]:
        """The forms of the screen that hold what was typed before the program ended."""
        shown = self.shown
        here = shown.open_forms.values() if isinstance(shown, HoldsForms) else ()
        return [form for form in here if form in self.resumed]

    def discard_resumed(self) -> None:
        """Empty these forms."""
        for form in self.resumed_here:
            form.discard()

    async def look(self) -> bool:
        """Once a second: has anything been stored, by this window or another; is anybody here?
        Whether there is something new to be read.
        """
        if self.stage is not Stage.AT_WORK:
            return False
        seen = await self.attempt_quietly(self._seen)
        if seen is None:
            return False
        is_locked, revision, exchange, preferences = seen
        if is_locked:
            await self.lock()
            return False
        await self._keep_drafts()
        if preferences != self.preferences:  # chosen in another window
            await self.adopt(preferences)
        is_new = revision != self._revision
        if is_new or exchange != self.exchange:
            self._revision, self.exchange = revision, exchange
            self.changed()
        return is_new

    def _seen(self) -> tuple[bool, tuple[int, ...], ExchangeWords, Preferences]:
        office = self._office
        status = exchange_words(office.exchange_status(), office.now(), self._zone)
        return office.is_locked(), office.revision(), status, office.preferences()

    async def _keep_drafts(self) -> None:
        """What was typed since the last look, so that a program that is killed loses a second of
        it. What cannot be kept is tried again at the next look.
        """
        typed = self.workspace.typed() if self.workspace else {}
        changed = {key: each for key, each in typed.items() if each != self._kept.get(key, {})}
        if not changed:
            return
        if await self.attempt_quietly(lambda: self._are_kept(changed)):
            self._kept = {**self._kept, **changed}

    def _are_kept(self, changed: Mapping[str, Mapping[str, str]]) -> bool:
        self._office.keep_drafts(changed)
        return True

    def touch(self) -> None:
        """The person did something: they are here."""
        if self.stage is Stage.AT_WORK:
            self._office.touch()

    def say(self, sentence: str) -> None:
        """Show a sentence for a moment."""
        self._show(sentence)

    def tell(self, done: Recorded, restore: Restore | None = None) -> None:
        """Say what was recorded, with a way to take it back where a command does."""
        self.tell_all((done,), done.sentence, restore)

    def tell_all(
        self, done: Sequence[Recorded], sentence: str, restore: Restore | None = None
    ) -> None:
        """The same of what was recorded together: all of it is taken back, or none."""
        self.recorded = tuple(done) if all(each.can_be_taken_back for each in done) else ()
        self._restore = restore
        self._show(" ".join((sentence, *warnings_of(done))))

    def notice_gone(self, number: int) -> None:
        """The notice of that number is shown no longer: nothing is taken back with a key now."""
        if number == self.notices:
            self.recorded = ()

    async def take_back(self) -> None:
        """Take back what was recorded last here; what was typed for it is there to be corrected."""
        done, restore = self.recorded, self._restore
        if not done or self.is_busy or self.stage is not Stage.AT_WORK:
            return
        undone = await self.attempt(lambda: self._office.take_back(*done))
        if undone is None:
            assert self.problem is not None, "it says why"
            self._show(self.problem.sentence)
            return
        self.tell_all(undone, _undone_words(undone))
        if restore is not None:
            restore()
        await self.load()

    def _show(self, sentence: str) -> None:
        self.notice = sentence
        self.notices += 1
        self.changed()


def _undone_words(undone: Sequence[Recorded]) -> str:
    if len(undone) == 1:
        return undone[0].sentence
    entries = ngettext("Undone: {count} entry.", "Undone: {count} entries.", len(undone))
    return entries.format(count=number(len(undone)))
