"""Keys to actions, and what a scanner types told from what a person types.

A wedge scanner is a keyboard: it types a code within milliseconds, and Enter. Whatever has the
focus receives it: letters land in a field, and Enter presses a button. ``Keyboard`` hears every key
of the page, so it knows a scan when one ends; the field then gets back what it held before, and a
button that is pressed meanwhile does nothing.
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import flet as ft

FASTEST_TYPIST = 0.06
"""Seconds from one key to the next on average: a person who types is slower, a scanner is not."""

LONGEST_GAP = 0.25
"""Seconds between two keys of one code, where the computer is busy."""

LONGEST_STALL = 2.0
"""The same, once so many keys came so fast (``BURST``) that no person typed them."""

BURST = 4
BURST_APART = 0.015
"""Keys at least, and seconds from one to the next on average: of a scan that goes on."""

SHORTEST_CODE = 6
AFTERWARDS = 0.25
"""Seconds in which what the Enter of a scan pressed may still be heard of."""

LATE_LETTERS = 2.0
"""Seconds in which a field may still hear of the letters of a scan."""

LONGEST_PAUSE = 1.5
"""Seconds between the two keys of an action of two keys."""

SHIFTED = {"/": "?", ",": "?", ":": "/"}
"""What the key is with Shift, where the window hears the key as it is without: on an American
keyboard, then on a French one, twice.
"""

GS1_SEPARATOR = "\x1d"
SEPARATING = ("]", "$")
"""With Ctrl, a scanner types with this key what separates the parts of a code of GS1: the key of
an American keyboard, and what the same key is on a French one. It leaves nothing in a field.
"""

Action = Callable[[], object]
Focus = Callable[[], Awaitable[object]]
"""Gives something the focus."""


def after(seconds: float, action: Action) -> None:
    """Call it so many seconds later, on the loop that hears the keys."""
    asyncio.get_running_loop().call_later(seconds, action)


class Scans:
    """Finds codes in the keys of a page. ``now``: a clock in seconds that is never set back."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._keys = ""
        self._code = ""
        self._first = self._last = self._ended = float("-inf")
        self._stalled = 0.0

    def key(self, key: str, *, ctrl: bool = False) -> str | None:
        """The code that ends with this key; None at every other one."""
        if ctrl:
            if key not in SEPARATING:
                return None
            key = GS1_SEPARATOR
        now = self._now()
        gap = now - self._last
        if gap > self._patience:
            self._keys = ""
        elif gap > LONGEST_GAP:
            self._stalled += gap
        self._last = now
        if key == "Enter":
            code, is_code = self._keys, self._is_code(now)
            self._keys = ""
            if not is_code:
                return None
            self._ended, self._code = now, _left_in_field(code)
            return code
        if len(key) == 1:
            if not self._keys:
                self._first, self._stalled = now, 0.0
            self._keys += key
        return None

    def _is_code(self, now: float) -> bool:
        return len(self._keys) >= SHORTEST_CODE and self._is_within(FASTEST_TYPIST, now)

    @property
    def _patience(self) -> float:
        """How many seconds the next key of this code may take to come."""
        is_burst = len(self._keys) >= BURST and self._is_within(BURST_APART, self._last)
        return LONGEST_STALL if is_burst else LONGEST_GAP

    def _is_within(self, apart: float, now: float) -> bool:
        """Whether the keys came no further apart, but for the time that the computer stalled."""
        return now - self._first - self._stalled <= len(self._keys) * apart

    @property
    def latest(self) -> str:
        """The code of a scan that has just ended; "" where none has."""
        return self._code if self._now() - self._ended <= LATE_LETTERS else ""

    @property
    def is_scanning(self) -> bool:
        """Whether what is pressed now comes of a scan that goes on, or has just ended."""
        now = self._now()
        goes_on = now - self._last <= self._patience and self._is_code(self._last)
        return goes_on or now - self._ended <= AFTERWARDS


class Field(Protocol):
    """What is typed in, and has the focus. ``is_of_list``: it narrows a list down, so ↑, ↓ and
    Enter act on the list; in a field of a form they belong to the field. ``is_typed``: what it
    holds was typed there, and is taken back with Ctrl Z.
    """

    is_of_list: bool
    is_typed: bool

    def without(self, code: str) -> None:
        """Take the code out again, which a scan typed into it."""
        ...


class Keyboard:
    """The keys of one page. ``actions``: by ``ctrl k``, ``g l``, ``n r``, ``/``, ``escape``;
    letters alone act only where no field has the focus. ``on_scan``: called with each code.
    ``later``: calls something so many seconds later.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        later: Callable[[float, Action], None] = after,
    ) -> None:
        self.actions: Mapping[str, Action] = {}
        self.on_scan: Callable[[str], object] = str
        self._now, self._later = now, later
        self._scans = Scans(now)
        self._field: Field | None = None
        self._filter: Focus | None = None
        self._list: Focus | None = None
        self._heard = 0
        self._pressed = 0
        self._first = ""
        self._first_at = float("-inf")

    @property
    def is_scanning(self) -> bool:
        """Whether what is pressed now comes of a scan."""
        return self._scans.is_scanning

    @property
    def is_in_field(self) -> bool:
        """Whether what is typed goes into a field."""
        return self._field is not None

    @property
    def is_typing(self) -> bool:
        """Whether Ctrl Z takes back what was typed in the field that has the focus."""
        return self._field is not None and self._field.is_typed

    @property
    def is_in_form(self) -> bool:
        """Whether ↑, ↓ and Enter belong to the field that has the focus."""
        return self._field is not None and not self._field.is_of_list

    def entered(self, field: Field) -> None:
        """That field has the focus."""
        self._field = field

    def left(self, field: Field) -> None:
        """That field has it no longer."""
        if self._field is field:
            self._field = None

    def filter_is(self, focus: Focus) -> None:
        """How the field that narrows the list down gets the focus."""
        self._filter = focus

    def filter_gone(self, focus: Focus) -> None:
        """That field is gone; another may be there already."""
        if self._filter == focus:
            self._filter = None

    async def enter_filter(self) -> None:
        """Give it the focus, where there is one."""
        if self._filter is not None:
            await self._filter()

    def list_is(self, focus: Focus) -> None:
        """How the list of the screen gets the focus."""
        self._list = focus

    def list_gone(self, focus: Focus) -> None:
        """That list is gone; another may be there already."""
        if self._list == focus:
            self._list = None

    async def enter_list(self) -> None:
        """Give it the focus, so that Enter presses no button that had it; a field that narrows it
        down keeps the focus.
        """
        if self._list is not None and self._field is None:
            await self._list()

    def pressed(self) -> None:
        """Something on the page was pressed, as by Enter where it has the focus."""
        self._pressed += 1

    def unless_it_presses(self, action: Action) -> None:
        """Do what a key does, except where the same key presses what has the focus: that is heard
        of right after the key.
        """
        pressed = self._pressed

        def act() -> None:
            if self._pressed == pressed:
                action()

        self._later(FASTEST_TYPIST, act)

    def cleaned(self, before: str, text: str) -> str:
        """``text``, as a field holds it that held ``before``, without what a scan typed that has
        just ended: a page may hear of the Enter before the field hears of the letters.
        """
        code = self._scans.latest.lower()
        if code and text.startswith(before) and code.startswith(text[len(before) :].lower()):
            return before
        return without(text, code) if code else text

    def heard(self, event: ft.KeyboardEvent) -> None:
        """One key of the page."""
        self._heard += 1
        code = None if event.alt or event.meta else self._scans.key(event.key, ctrl=event.ctrl)
        if code is not None:
            self._first = ""
            if self._field is not None:
                self._field.without(_left_in_field(code))
            self.on_scan(code)
            return
        action = self._action_of(event)
        if action is not None:
            action()

    def _action_of(self, event: ft.KeyboardEvent) -> Action | None:
        key = event.key.lower()
        if event.shift:
            key = SHIFTED.get(key, key)
        if event.ctrl:
            return self.actions.get(f"ctrl {key}")
        if len(key) > 1:
            return self.actions.get(key)
        if self._field is not None or self._scans.is_scanning:
            return None
        first, self._first = self._first, ""
        since = self._now() - self._first_at
        if first and since <= LONGEST_PAUSE:
            # Two keys at once are the beginning of a scan.
            return self.actions.get(f"{first} {key}") if since > FASTEST_TYPIST else None
        if any(name.startswith(f"{key} ") for name in self.actions):
            self._first, self._first_at = key, self._now()
            return None
        action = self.actions.get(key)
        if action is not None:
            self._later(FASTEST_TYPIST, self._unless_a_scan_begins(action))
        return None

    def _unless_a_scan_begins(self, action: Action) -> Action:
        """A key that is followed at once by another is the beginning of a scan."""
        heard = self._heard

        def act() -> None:
            if self._heard == heard:
                action()

        return act


KeyboardContext = ft.create_context(Keyboard())
"""The keyboard of the page in which a component is drawn."""


def on_press(work: Callable[..., Any], *args: Any) -> Callable[[], None]:
    """For a component that is drawn: a handler that calls ``work``, which may be a coroutine
    function, except where the Enter of a scan calls it.
    """
    keyboard, page = ft.use_context(KeyboardContext), ft.context.page

    def pressed() -> None:
        keyboard.pressed()
        if keyboard.is_scanning:
            return
        if inspect.iscoroutinefunction(work):
            page.run_task(work, *args)
        else:
            work(*args)

    return pressed


def _left_in_field(code: str) -> str:
    """What of a scanned code was typed into a field."""
    return code.replace(GS1_SEPARATOR, "")


def without(text: str, code: str) -> str:
    """``text`` without the last place of ``code``, in whatever case the keys were written."""
    at = text.lower().rfind(code.lower())
    return text if at < 0 else text[:at] + text[at + len(code) :]
