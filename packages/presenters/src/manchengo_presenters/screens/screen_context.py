"""What every screen is given: the device, who acts there, and the way to other screens."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from uuid import UUID

from attrs import frozen

from manchengo_presenters.screens.office import Office, Recorded, SignedIn
from manchengo_presenters.screens.preferences import Preferences
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.view_model import Background

Restore = Callable[[], object]
"""Brings back what was typed, once what was recorded of it is taken back."""


class Window(Protocol):
    """What a screen asks of the window it is in."""

    def go(self, screen: Screen, subject: UUID | None = None) -> Awaitable[None]:
        """To that screen; ``subject``: what it is about, as the id of a lot."""
        ...

    def leave(self) -> Awaitable[None]:
        """Back from what is about one thing to where it was opened."""
        ...

    @property
    def came_from(self) -> str:
        """The words of the screen that ``leave`` leads to."""
        ...

    @property
    def preferences(self) -> Preferences:
        """What was chosen for this computer, as it counts now."""
        ...

    def adopt(self, preferences: Preferences) -> Awaitable[None]:
        """Look and speak as these say, from now on; they are kept already."""
        ...

    def say(self, sentence: str) -> None:
        """Show a sentence for a moment."""
        ...

    def tell(self, done: Recorded, restore: Restore | None = None) -> None:
        """Say what was recorded, with a way to take it back where a command does. ``restore``:
        called once it is taken back.
        """
        ...

    def tell_all(
        self, done: Sequence[Recorded], sentence: str, restore: Restore | None = None
    ) -> None:
        """The same of what was recorded together, and is taken back together. ``sentence``: says
        what that is.
        """
        ...


@frozen(kw_only=True)
class ScreenContext:
    """``who``: the person whose screens these are; it may be locked over them."""

    office: Office
    background: Background
    who: SignedIn
    window: Window
