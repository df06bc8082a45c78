"""What each key does, said once: for the window that hears it, and for the list that ? shows."""

from collections.abc import Callable, Iterator
from enum import Enum

from attrs import frozen

from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.screen_table import SCREENS
from manchengo_presenters.screens.view_model import ScreenModel


class WindowKey(Enum):
    """A key of every screen. The value: the key as a keyboard names it, and what it does."""

    FIND = ("ctrl k", N_("Find and go anywhere"))
    FILTER = ("/", N_("Search in the list"))
    UP = ("arrow up", N_("The line above"))
    DOWN = ("arrow down", N_("The line below"))
    ENTER = ("enter", N_("Open the line"))
    CONFIRM = ("ctrl enter", N_("Confirm: the main button of the screen"))
    LEAVE = ("escape", N_("Close, or back"))
    TAKE_BACK = ("ctrl z", N_("Take back what was recorded last"))
    THEME = ("ctrl ;", N_("Dark or light theme"))
    LOCK = ("ctrl l", N_("Lock"))
    KEYS = ("?", N_("This list of keys"))

    @property
    def key(self) -> str:
        """As ``manchengo_flet.keyboard.Keyboard`` names it."""
        return self.value[0]

    @property
    def words(self) -> str:
        """What it does."""
        return _(self.value[1])


CAPS = {
    "arrow up": "↑",
    "arrow down": "↓",
    "enter": N_("Enter"),
    "escape": N_("Escape"),
    "ctrl": N_("Ctrl"),
}
"""What is printed on a key, where it is not the letter itself."""


@frozen(kw_only=True)
class KeyLine:
    """``keys``: as they are printed, one after the other."""

    keys: str
    words: str


@frozen(kw_only=True)
class KeyGroup:
    """Keys that belong together. ``leads``: whether they lead to other screens."""

    title: str
    leads: bool
    lines: tuple[KeyLine, ...]


class KeyList(ScreenModel):
    """The keys of the screen over which it is shown, and of every screen. ``is_open``: whether a
    screen is for this person.
    """

    def __init__(
        self, context: ScreenContext, here: Screen, is_open: Callable[[Screen], bool]
    ) -> None:
        super().__init__(context.background)
        self.groups = tuple(key_groups(here, is_open))


def key_groups(here: Screen, is_open: Callable[[Screen], bool]) -> Iterator[KeyGroup]:
    """Those that do something for this person there."""
    open_screens = [(screen, entry) for screen, entry in SCREENS.items() if is_open(screen)]
    groups = (
        (here.words, False, [(each.letter, each.words) for each in SCREENS[here].keys]),
        (_("Everywhere"), False, [(each.key, each.words) for each in WindowKey]),
        (_("Go to"), True, [(f"g {e.letter}", s.words) for s, e in open_screens if e.letter]),
        (_("New"), True, [(f"n {e.new}", s.words) for s, e in open_screens if e.new]),
    )
    for title, leads, lines in groups:
        if lines:
            yield KeyGroup(
                title=title,
                leads=leads,
                lines=tuple(KeyLine(keys=printed(key), words=words) for key, words in lines),
            )


def printed(key: str) -> str:
    """As on the keyboard: "Ctrl K"."""
    if key in CAPS:
        return _(CAPS[key])
    return " ".join(_(CAPS[part]) if part in CAPS else part.upper() for part in key.split())
