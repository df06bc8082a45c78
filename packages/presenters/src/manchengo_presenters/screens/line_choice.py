"""Lines under ↑ and ↓, of which Enter opens one."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from manchengo_presenters.screens.view_model import ScreenModel

L = TypeVar("L")


class LineChoice(ScreenModel, Generic[L]):
    """Subclasses say which lines there are, and what opening one does."""

    _selected = 0

    @property
    def lines_shown(self) -> Sequence[L]:
        """The lines, as they stand one below the other."""
        raise NotImplementedError

    async def opened(self, line: L) -> None:
        """Somebody opened that line."""
        raise NotImplementedError

    @property
    def selected(self) -> int:
        """The place of the line under ↑ and ↓; the last one where there are fewer by now."""
        return min(self._selected, max(0, len(self.lines_shown) - 1))

    def move(self, step: int) -> None:
        """Select another line."""
        if lines := self.lines_shown:
            self._selected = min(max(self.selected + step, 0), len(lines) - 1)
            self.changed()

    async def open(self, line: L) -> None:
        """Open that line, which may have moved since it was drawn, or gone."""
        lines = self.lines_shown
        self._selected = next((at for at, each in enumerate(lines) if each == line), self.selected)
        await self.opened(line)

    async def enter(self) -> None:
        """Open the selected line. Where lines are being read anew, as after a word to search, it
        is one of the new ones.
        """
        if self.is_busy:
            await self.load()
        if lines := self.lines_shown:
            await self.opened(lines[self.selected])
