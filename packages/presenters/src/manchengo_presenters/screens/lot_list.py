"""The lots that hold something: filtered, searched, a page at a time."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import Enum

from attrs import frozen

from manchengo.application.lists import Count
from manchengo.application.shelf import LotOnDay, status_on
from manchengo.domain.ids import LotId
from manchengo.ports.lists import AboveZero, Between, Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import FinishedLotRow, ProductRow, RawLotRow
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.lot_line import SOON_DAYS, LotLine, lot_line
from manchengo_presenters.screens.office import Office
from manchengo_presenters.screens.view_model import Background, ViewModel

PAGE = 50
USABLE = OneOf("standing", ("released",))


class Filter(Enum):
    """Which lots are listed; the value is its words."""

    ALL = N_("All")
    SOON = N_("To use soon")
    QUARANTINED = N_("In quarantine")
    BLOCKED = N_("Blocked or recalled")
    EXPIRED = N_("Expired")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


def conditions(chosen: Filter, today: date) -> tuple[Condition, ...]:
    """What holds of the lots that are listed so."""
    holding = AboveZero("quantity_remaining")
    match chosen:
        case Filter.ALL:
            return (holding,)
        case Filter.SOON:
            until = today + timedelta(days=SOON_DAYS)
            return (holding, USABLE, Between("expires_on", today, until))
        case Filter.QUARANTINED:
            return (holding, OneOf("standing", ("quarantined",)))
        case Filter.BLOCKED:
            return (holding, OneOf("standing", ("blocked", "recalled")))
        case Filter.EXPIRED:
            return (holding, USABLE, Between("expires_on", last=today - timedelta(days=1)))


@frozen(kw_only=True)
class LotsPage:
    """``before`` and ``after``: where the pages beside it end and begin; None where there is none.
    ``count``: of the whole list.
    """

    lines: tuple[LotLine, ...]
    before: Cursor | None
    after: Cursor | None
    count: Count


class LotList(ViewModel):
    """``page``: None until it is there. ``selected``: the line under ↑ and ↓. ``on_open``: called
    with the lot that is opened.
    """

    def __init__(
        self, office: Office, background: Background, on_open: Callable[[LotId], object]
    ) -> None:
        super().__init__(background)
        self._office = office
        self._on_open = on_open
        self._asked = 0
        self._after: Cursor | None = None
        self._before: Cursor | None = None
        self._first = 1
        self.filter = Filter.ALL
        self.search = ""
        self.page: LotsPage | None = None
        self.selected = 0

    async def load(self) -> None:
        """Read the page anew. Of two that are asked for one after the other, the last is shown."""
        self._asked += 1
        asked = self._asked
        found = await self.attempt(self._read)
        if found is not None and asked == self._asked:
            self.page = found
            self.selected = min(self.selected, max(0, len(found.lines) - 1))
            self.changed()

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self._from_the_top()

    async def set_search(self, text: str) -> None:
        """List those whose code, product or supplier has these words."""
        self.search = text
        await self._from_the_top()

    async def clear(self) -> None:
        """List all of them again."""
        self.filter, self.search = Filter.ALL, ""
        await self._from_the_top()

    async def turn(self, step: int) -> None:
        """The page after this one, or (-1) before it."""
        page = self.page
        place = None if page is None else page.after if step > 0 else page.before
        if place is None:
            return
        self._after, self._before = (place, None) if step > 0 else (None, place)
        self._first = max(1, self._first + step * PAGE)
        self.selected = 0
        await self.load()

    async def _from_the_top(self) -> None:
        self._after = self._before = None
        self._first, self.selected = 1, 0
        await self.load()

    def move(self, step: int) -> None:
        """Select another line."""
        if self.page and self.page.lines:
            self.selected = min(max(self.selected + step, 0), len(self.page.lines) - 1)
            self.changed()

    def open(self, place: int | None = None) -> None:
        """Open that line; None: the selected one."""
        at = self.selected if place is None else place
        if self.page and at < len(self.page.lines):
            self.selected = at
            self._on_open(self.page.lines[at].lot_id)

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter or a search leaves lots out."""
        return self.filter is not Filter.ALL or bool(self.search.strip())

    @property
    def range_words(self) -> str:
        """Which lines are shown, of how many."""
        if self.page is None or not self.page.lines:
            return ngettext("{count} lot", "{count} lots", 0).format(count=0)
        count = self.page.count
        sentence = _("{first}–{last} of {total}")
        if not count.is_exact:
            sentence = _("{first}–{last} of more than {total}")
        last = self._first + len(self.page.lines) - 1
        return sentence.format(
            first=number(self._first), last=number(last), total=number(count.rows)
        )

    def _read(self) -> LotsPage:
        today = self._office.today()
        query = ListQuery(
            where=conditions(self.filter, today), search=self.search, sort="expires_on"
        )
        kinds: tuple[type[RawLotRow | FinishedLotRow], ...] = (RawLotRow, FinishedLotRow)
        lists = self._office.lists()
        found = lists.page(*kinds, query=query, size=PAGE, after=self._after, before=self._before)
        with self._office.reading() as snapshot:
            ahead = snapshot.moved_after(today)
        lines = []
        for row in found.rows:
            product = found.named[row.product_id]
            assert isinstance(product, ProductRow), "a lot is of a product"
            on_hand = row.quantity_remaining - ahead.get(row.id, 0)
            status = status_on(row, today, on_hand=on_hand)
            held = LotOnDay(row, on_hand, row.quantity_reserved, status)
            lines.append(lot_line(held, product, today))
        return LotsPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(*kinds, query=query),
        )
