"""A list a page at a time: searched, filtered, under ↑ and ↓, opened with Enter."""

from collections.abc import Sequence
from typing import Generic, TypeVar
from uuid import UUID

from attrs import frozen

from manchengo.application.lists import Count
from manchengo.application.unsent import unsent
from manchengo.ports.lists import Cursor
from manchengo_presenters.formatting import number
from manchengo_presenters.language import _
from manchengo_presenters.screens.office import Office
from manchengo_presenters.screens.view_model import Background, ScreenModel

SIZE = 50
"""Rows on a page."""

L = TypeVar("L")


@frozen(kw_only=True)
class ListPage(Generic[L]):
    """``before`` and ``after``: where the pages beside it end and begin; None where there is none.
    ``count``: of the whole list. ``unsent``: the places of the lines of which something waits to be
    sent.
    """

    lines: tuple[L, ...]
    before: Cursor | None
    after: Cursor | None
    count: Count
    unsent: frozenset[int] = frozenset()


def unsent_places(office: Office, ids: Sequence[UUID]) -> frozenset[int]:
    """The places of those of which something waits to be sent; none at a device alone."""
    if not office.exchange_status().server:
        return frozenset()
    with office.reading() as snapshot:
        waiting = unsent(snapshot, ids)
    return frozenset(place for place, each in enumerate(ids) if each in waiting)


class PagedList(ScreenModel, Generic[L]):
    """``page``: None until it is there. ``selected``: the line under ↑ and ↓. ``clears``: counted
    up where the search is emptied for the person. Subclasses say how a page is read, what opening
    a line does, and how many lines are counted in words.
    """

    def __init__(self, background: Background) -> None:
        super().__init__(background)
        self._asked = 0
        self._after: Cursor | None = None
        self._before: Cursor | None = None
        self._first = 1
        self.search = ""
        self.clears = 0
        self.page: ListPage[L] | None = None
        self.selected = 0

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[L]:
        """The page there, beside the loop."""
        raise NotImplementedError

    async def opened(self, line: L) -> None:
        """Somebody opened that line."""
        raise NotImplementedError

    def counted(self, count: int) -> str:
        """As in "3 lots"."""
        raise NotImplementedError

    @property
    def is_filtered(self) -> bool:
        """Whether a filter leaves lines out."""
        return False

    def unfilter(self) -> None:
        """No filter leaves lines out any more."""

    async def load(self) -> None:
        """Read the page anew. Of two that are asked for one after the other, the last is shown."""
        self._asked += 1
        asked = self._asked
        found = await self.attempt(lambda: self.read(after=self._after, before=self._before))
        if found is not None and asked == self._asked:
            self.page = found
            self.selected = min(self.selected, max(0, len(found.lines) - 1))
            self.changed()

    async def set_search(self, text: str) -> None:
        """List those that have these words."""
        self.search = text
        await self.from_the_top()

    async def clear(self) -> None:
        """List all of them again."""
        self.empty_search()
        self.unfilter()
        await self.from_the_top()

    def empty_search(self) -> None:
        """No search leaves lines out any more, and its field is empty."""
        self.search = ""
        self.clears += 1

    async def turn(self, step: int) -> None:
        """The page after this one, or (-1) before it."""
        page = self.page
        place = None if page is None else page.after if step > 0 else page.before
        if place is None:
            return
        self._after, self._before = (place, None) if step > 0 else (None, place)
        self._first = max(1, self._first + step * SIZE)
        self.selected = 0
        await self.load()

    async def from_the_top(self) -> None:
        """Read the first page."""
        self._after = self._before = None
        self._first, self.selected = 1, 0
        await self.load()

    def move(self, step: int) -> None:
        """Select another line."""
        if self.page and self.page.lines:
            self.selected = min(max(self.selected + step, 0), len(self.page.lines) - 1)
            self.changed()

    async def open(self, line: L) -> None:
        """Open that line, which may have moved since it was drawn, or gone."""
        lines = self.page.lines if self.page else ()
        self.selected = next((at for at, each in enumerate(lines) if each == line), self.selected)
        await self.opened(line)

    async def enter(self) -> None:
        """Open the selected line."""
        if self.page and self.selected < len(self.page.lines):
            await self.opened(self.page.lines[self.selected])

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter or a search leaves lines out."""
        return self.is_filtered or bool(self.search.strip())

    @property
    def range_words(self) -> str:
        """Which lines are shown, of how many."""
        if self.page is None or not self.page.lines:
            return self.counted(0)
        count = self.page.count
        sentence = _("{first}–{last} of {total}")
        if not count.is_exact:
            sentence = _("{first}–{last} of more than {total}")
        last = self._first + len(self.page.lines) - 1
        return sentence.format(
            first=number(self._first), last=number(last), total=number(count.rows)
        )
