"""The lots that hold something: filtered, searched, a page at a time."""

from datetime import date, timedelta
from enum import Enum

from manchengo.application.shelf import LotOnDay, status_on
from manchengo.ports.lists import AboveZero, Between, Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import FinishedLotRow, ProductRow, RawLotRow
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.lot_line import SOON_DAYS, LotLine, lot_line
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList, unsent_places
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext

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


class LotList(PagedList[LotLine]):
    """``filter``: which lots are listed."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.filter = Filter.ALL

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    async def opened(self, line: LotLine) -> None:
        """To that lot."""
        await self.context.window.go(Screen.LOT, line.lot_id)

    def counted(self, count: int) -> str:
        """As in "3 lots"."""
        return ngettext("{count} lot", "{count} lots", count).format(count=number(count))

    @property
    def is_filtered(self) -> bool:
        """Whether only some lots are listed."""
        return self.filter is not Filter.ALL

    def unfilter(self) -> None:
        """List all of them."""
        self.filter = Filter.ALL

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[LotLine]:
        """The page there, beside the loop."""
        today = self._office.today()
        query = ListQuery(
            where=conditions(self.filter, today), search=self.search, sort="expires_on"
        )
        kinds: tuple[type[RawLotRow | FinishedLotRow], ...] = (RawLotRow, FinishedLotRow)
        lists = self._office.lists()
        found = lists.page(*kinds, query=query, size=SIZE, after=after, before=before)
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
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(*kinds, query=query),
            unsent=unsent_places(self._office, [row.id for row in found.rows]),
        )
