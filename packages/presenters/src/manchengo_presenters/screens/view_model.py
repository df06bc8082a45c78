"""A view-model: what a screen shows, and who is told that it changed."""

from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Protocol, TypeVar

from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.scans import Looked

T = TypeVar("T")


class Background(Protocol):
    """Runs what takes time beside the loop that draws."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """What ``work`` answers."""
        ...


class ViewModel:
    """State that is drawn again after each change. Any thread may change it.

    ``problem``: why the last thing asked for did not happen; None where it did.
    """

    def __init__(self, background: Background) -> None:
        self._background = background
        self._listeners: list[Callable[[], None]] = []
        self._lock = Lock()
        self._version = 0
        self._running = 0
        self.problem: Problem | None = None

    @property
    def version(self) -> int:
        """Another number after each change."""
        return self._version

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for goes on."""
        return self._running > 0

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after each change, in whatever thread; the answer ends that."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def changed(self) -> None:
        """Tell everybody who draws this."""
        with self._lock:
            self._version += 1
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    def forget_words(self) -> None:
        """The language is another: what was said in the one before is said no longer. What is read
        is read anew where somebody goes.
        """
        self.problem = None
        self.changed()

    async def attempt(self, work: Callable[[], T]) -> T | None:
        """What ``work`` answers, run beside the loop; None where it raised a ``Problem``, which is
        kept to be shown.
        """
        self._running += 1
        self.problem = None
        self.changed()
        try:
            return await self.attempt_quietly(work)
        finally:
            self._running -= 1
            self.changed()

    async def attempt_again(self, work: Callable[[], T], known: T | None) -> T | None:
        """Read what is ``known`` anew, beside what the person does: it neither holds up what they
        press meanwhile nor takes a problem away that they are reading. The first time, as
        ``attempt``.
        """
        if known is None:
            return await self.attempt(work)
        return await self.attempt_quietly(work)

    async def attempt_quietly(self, work: Callable[[], T]) -> T | None:
        """The same, for what goes on beside what the person does: nothing shows that it runs."""
        try:
            return await self._background(work)
        except Problem as problem:
            self.problem = problem
            self.changed()
            return None


class ScreenModel(ViewModel):
    """What a screen shows, and what its keys do; a screen without such a key leaves it out."""

    async def load(self) -> None:
        """Read anew what the screen shows; what was typed stays."""

    async def confirm(self) -> None:
        """Ctrl Enter: the primary action of the screen."""

    async def begin_new(self) -> None:
        """N and the letter of the screen led here: show the form of what is entered, where the
        screen shows it only then.
        """

    def move(self, step: int) -> None:
        """↑ and ↓: select another line."""

    async def enter(self) -> None:
        """Enter, outside fields: open the line that is selected."""

    async def scanned(self, looked: Looked) -> bool:  # noqa: ARG002 - for those that take codes
        """A code was scanned here. Whether the screen took it: else it leads to what it is stuck
        on.
        """
        return False
