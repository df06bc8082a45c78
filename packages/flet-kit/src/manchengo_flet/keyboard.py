"""Keys to actions, and what a scanner types told from what a person types.

A wedge scanner is a keyboard: it types a code within milliseconds, and Enter. Whatever has the
focus receives it: letters land in a field, and Enter presses a button. ``Keyboard`` hears every key
of the page, so it knows a scan when one ends; the field then gets back what it held before, and a
button that is pressed meanwhile does nothing.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import flet as ft

FASTEST_TYPIST = 0.05
"""Seconds between two keys: a person who types is slower, a scanner is not."""

SHORTEST_CODE = 6
AFTERWARDS = 0.25
"""Seconds in which what the Enter of a scan pressed may still be heard of."""

LONGEST_PAUSE = 1.5
"""Seconds between the two keys of an action of two keys."""

Action = Callable[[], object]


class Scans:
    """Finds codes in the keys of a page. ``now``: a clock in seconds that is never set back."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._keys = ""
        self._last = float("-inf")
        self._ended = float("-inf")

    def key(self, key: str) -> str | None:
        """The code that ends with this key; None at every other one."""
        now = self._now()
        if now - self._last > FASTEST_TYPIST:
            self._keys = ""
        self._last = now
        if key == "Enter":
            code, self._keys = self._keys, ""
            if len(code) < SHORTEST_CODE:
                return None
            self._ended = now
            return code
        if len(key) == 1:
            self._keys += key
        return None

    @property
    def is_scanning(self) -> bool:
        """Whether what is pressed now comes of a scan that goes on, or has just ended."""
        now = self._now()
        goes_on = len(self._keys) >= SHORTEST_CODE and now - self._last <= FASTEST_TYPIST
        return goes_on or now - self._ended <= AFTERWARDS


class Field(Protocol):
    """A text input that has the focus."""

    def without(self, code: str) -> None:
        """Take the code out again, which a scan typed into it."""
        ...


class Keyboard:
    """The keys of one page. ``actions``: by ``ctrl k``, ``g l``, ``n r``, ``/``, ``escape``;
    letters alone act only where no field has the focus. ``on_scan``: called with each code.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.actions: Mapping[str, Action] = {}
        self.on_scan: Callable[[str], object] = str
        self._now = now
        self._scans = Scans(now)
        self._field: Field | None = None
        self._first = ""
        self._first_at = float("-inf")

    @property
    def is_scanning(self) -> bool:
        """Whether what is pressed now comes of a scan."""
        return self._scans.is_scanning

    def entered(self, field: Field) -> None:
        """That field has the focus."""
        self._field = field

    def left(self, field: Field) -> None:
        """That field has it no longer."""
        if self._field is field:
            self._field = None

    def heard(self, event: ft.KeyboardEvent) -> None:
        """One key of the page."""
        code = None if event.ctrl or event.alt or event.meta else self._scans.key(event.key)
        if code is not None:
            self._first = ""
            if self._field is not None:
                self._field.without(code)
            self.on_scan(code)
            return
        action = self._action_of(event)
        if action is not None:
            action()

    def _action_of(self, event: ft.KeyboardEvent) -> Action | None:
        key = event.key.lower()
        if event.ctrl:
            return self.actions.get(f"ctrl {key}")
        if len(key) > 1:
            return self.actions.get(key)
        if self._field is not None or self._scans.is_scanning:
            return None
        first, self._first = self._first, ""
        if first and self._now() - self._first_at <= LONGEST_PAUSE:
            return self.actions.get(f"{first} {key}")
        if any(name.startswith(f"{key} ") for name in self.actions):
            self._first, self._first_at = key, self._now()
            return None
        return self.actions.get(key)


KeyboardContext = ft.create_context(Keyboard())
"""The keyboard of the page in which a component is drawn."""


def unless_scanned(handler: Callable[[], Any]) -> Callable[[], Any]:
    """For a component that is drawn: ``handler``, except where the Enter of a scan calls it."""
    keyboard = ft.use_context(KeyboardContext)
    return lambda: None if keyboard.is_scanning else handler()


def without(text: str, code: str) -> str:
    """``text`` without the last place of ``code``, in whatever case the keys were written."""
    at = text.lower().rfind(code.lower())
    return text if at < 0 else text[:at] + text[at + len(code) :]
