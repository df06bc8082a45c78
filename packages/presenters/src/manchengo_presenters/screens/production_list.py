"""Production orders, those to be made first at the top, and the plan of another."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum

from manchengo.domain.access import Permission
from manchengo.ports.lists import Between, Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import FinishedProductRow, ProductionOrderRow
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.open_orders import OPEN_STATES
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.order_line import OrderLine, order_line
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList, unsent_places
from manchengo_presenters.screens.plan_form import PlanForm
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class OrderFilter(Enum):
    """Which orders are listed; the value is its words."""

    OPEN = N_("To make")
    STARTED = N_("Running")
    LATE = N_("Late")
    COMPLETED = N_("Completed orders")
    ALL = N_("All orders")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


PLAN = "plan"
"""The name of the form of another order."""


def query(chosen: OrderFilter, today: date, search: str) -> ListQuery:
    """The list of those orders: what waits begins with the oldest, what is over with the latest."""
    yesterday = today - timedelta(days=1)
    where: tuple[Condition, ...] = ()
    sort, descending = "day", False
    match chosen:
        case OrderFilter.OPEN:
            where = (OneOf("status", OPEN_STATES[ProductionOrderRow]),)
        case OrderFilter.STARTED:
            where = (OneOf("status", ("started",)),)
        case OrderFilter.LATE:
            where = (OneOf("status", ("planned",)), Between("day", last=yesterday))
        case OrderFilter.COMPLETED:
            where, sort, descending = (OneOf("status", ("completed",)),), "completed_on", True
        case OrderFilter.ALL:
            descending = True
    return ListQuery(where=where, search=search, sort=sort, descending=descending)


class ProductionList(PagedList[OrderLine]):
    """``filter``: which orders are listed. ``plan``: the form of another one; None while nobody
    plans.
    """

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.filter = OrderFilter.OPEN
        self.may_produce = context.who.may(Permission.PRODUCE)
        self.plan: PlanForm | None = None

    async def set_filter(self, chosen: OrderFilter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """The plan, while somebody plans."""
        return {} if self.plan is None else {PLAN: self.plan}

    async def reopen(self, name: str) -> Form | None:
        """The plan."""
        if name == PLAN:
            await self.begin_plan()
        return self.plan

    async def begin_plan(self) -> None:
        """Show the form of another order, if this person may plan one."""
        if self.may_produce and self.plan is None:
            self.plan = PlanForm(self.context, self.end_plan)
            await self.plan.load()
            self.changed()

    def end_plan(self) -> None:
        """Close the form."""
        self.plan = None
        self.changed()

    async def begin_new(self) -> None:
        """Another order."""
        await self.begin_plan()

    async def confirm(self) -> None:
        """Plan what was typed; or begin to type."""
        await (self.begin_plan() if self.plan is None else self.plan.confirm())

    async def opened(self, line: OrderLine) -> None:
        """To that order."""
        await self.context.window.go(Screen.PRODUCTION_ORDER, line.order_id)

    def counted(self, count: int) -> str:
        """As in "3 orders"."""
        return ngettext("{count} production order", "{count} production orders", count).format(
            count=number(count)
        )

    @property
    def is_filtered(self) -> bool:
        """Whether others than those to be made are listed."""
        return self.filter is not OrderFilter.OPEN

    def unfilter(self) -> None:
        """List those to be made."""
        self.filter = OrderFilter.OPEN

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[OrderLine]:
        """The page there, beside the loop."""
        today = self._office.today()
        asked = query(self.filter, today, self.search)
        lists = self._office.lists()
        found = lists.page(ProductionOrderRow, query=asked, size=SIZE, after=after, before=before)
        lines = []
        for row in found.rows:
            product = found.named[row.product_id]
            assert isinstance(product, FinishedProductRow), "an order is for a product"
            lines.append(order_line(row, product, today))
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(ProductionOrderRow, query=asked),
            unsent=unsent_places(self._office, [row.id for row in found.rows]),
        )
