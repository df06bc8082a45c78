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
from manchengo_presenters.screens.line_choice import LineChoice
from manchengo_presenters.screens.office import Office
from manchengo_presenters.screens.view_model import Background

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


class PagedList(LineChoice[L], Generic[L]):
    """``page``: None until it is there. ``clears``: counted up where the search is emptied for the
    person. Subclasses say how a page is read, what opening a line does, and how many lines are
    counted in words.
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

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[L]:
        """The page there, beside the loop."""
        raise NotImplementedError

    @property
    def lines_shown(self) -> Sequence[L]:
        """Those of the page."""
        return self.page.lines if self.page else ()

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
        self._selected = 0
        await self.load()

    async def from_the_top(self) -> None:
        """Read the first page."""
        self._after = self._before = None
        self._first, self._selected = 1, 0
        await self.load()

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
