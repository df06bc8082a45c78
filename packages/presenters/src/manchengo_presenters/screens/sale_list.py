"""Clients' orders: those that are late first, a page at a time."""

from collections.abc import Set
from datetime import date
from enum import Enum

from manchengo.application.dashboard import late_sales
from manchengo.domain.access import Permission
from manchengo.domain.sales_order import ALLOWED, LIVING, OrderStatus
from manchengo.ports.lists import Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import ClientRow, SalesOrderRow
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList, unsent_places
from manchengo_presenters.screens.sale_line import SaleLine, sale_line
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class Filter(Enum):
    """Which orders are listed; the value is its words."""

    OPEN = N_("Not over")
    LATE = N_("Late")
    TO_CONFIRM = N_("To confirm")
    TO_DELIVER = N_("To deliver")
    OVER = N_("Over")
    ALL = N_("All sales orders")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


def conditions(chosen: Filter, today: date) -> tuple[Condition, ...]:
    """What holds of the orders that are listed so."""
    match chosen:
        case Filter.OPEN:
            return (_in(LIVING),)
        case Filter.LATE:
            return late_sales(today).where
        case Filter.TO_CONFIRM:
            return (_in(ALLOWED["confirm"]),)
        case Filter.TO_DELIVER:
            return (_in(ALLOWED["deliver"]),)
        case Filter.OVER:
            return (_in(set(OrderStatus) - LIVING),)
        case Filter.ALL:
            return ()


def _in(states: Set[OrderStatus]) -> Condition:
    return OneOf("status", tuple(sorted(states)))


class SaleList(PagedList[SaleLine]):
    """``filter``: which orders are listed."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.may_sell = context.who.may(Permission.SELL)
        self.filter = Filter.OPEN

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    async def opened(self, line: SaleLine) -> None:
        """To that order."""
        await self.context.window.go(Screen.SALE, line.order_id)

    async def begin(self) -> None:
        """To a new order."""
        await self.context.window.go(Screen.NEW_SALE)

    async def confirm(self) -> None:
        """A new order."""
        await self.begin()

    def counted(self, count: int) -> str:
        """As in "3 orders"."""
        return ngettext("{count} order", "{count} orders", count).format(count=number(count))

    @property
    def is_filtered(self) -> bool:
        """Whether only some orders are listed."""
        return self.filter is not Filter.ALL

    def unfilter(self) -> None:
        """List all of them."""
        self.filter = Filter.ALL

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[SaleLine]:
        """The page there, beside the loop."""
        today = self._office.today()
        is_over = self.filter in (Filter.OVER, Filter.ALL)
        query = ListQuery(
            where=conditions(self.filter, today),
            search=self.search,
            sort="day" if is_over else "due_on",
            descending=is_over,
        )
        lists = self._office.lists()
        found = lists.page(SalesOrderRow, query=query, size=SIZE, after=after, before=before)
        lines = []
        for row in found.rows:
            client = found.named[row.client_id]
            assert isinstance(client, ClientRow), "an order is a client's"
            lines.append(sale_line(row, client, today))
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(SalesOrderRow, query=query),
            unsent=unsent_places(self._office, [row.id for row in found.rows]),
        )
