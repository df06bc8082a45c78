"""Deliveries: to load, on the road, with the client; a page at a time."""

from enum import Enum

from attrs import frozen

from manchengo.domain.access import Permission
from manchengo.domain.ids import DeliveryId
from manchengo.ports.lists import Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import ClientRow, DeliveryRow, SalesOrderRow
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList, unsent_places
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone, tone_of_delivery


class Filter(Enum):
    """Which deliveries are listed; the value is its words."""

    TO_LOAD = N_("To load")
    ON_THE_ROAD = N_("On the road")
    RECEIVED = N_("With the client")
    CANCELLED = N_("Cancelled deliveries")
    ALL = N_("All deliveries")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


STATES: dict[Filter, tuple[str, ...]] = {
    Filter.TO_LOAD: ("prepared",),
    Filter.ON_THE_ROAD: ("dispatched",),
    Filter.RECEIVED: ("received",),
    Filter.CANCELLED: ("cancelled",),
}


@frozen(kw_only=True)
class DeliveryLine:
    """``left``: the day on which the van left, "" before that."""

    delivery_id: DeliveryId
    code: str
    order: str
    client: str
    prepared: str
    left: str
    carrier: str
    state: str
    tone: Tone


class DeliveryList(PagedList[DeliveryLine]):
    """``filter``: which deliveries are listed."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.may_deliver = context.who.may(Permission.DELIVER)
        self.filter = Filter.TO_LOAD

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    async def opened(self, line: DeliveryLine) -> None:
        """To that delivery."""
        await self.context.window.go(Screen.DELIVERY, line.delivery_id)

    async def begin(self) -> None:
        """To the orders of which a delivery may be prepared."""
        await self.context.window.go(Screen.NEW_DELIVERY)

    async def confirm(self) -> None:
        """Prepare a delivery."""
        await self.begin()

    def counted(self, count: int) -> str:
        """As in "3 deliveries"."""
        return ngettext("{count} delivery", "{count} deliveries", count).format(count=number(count))

    @property
    def is_filtered(self) -> bool:
        """Whether only some deliveries are listed."""
        return self.filter is not Filter.ALL

    def unfilter(self) -> None:
        """List all of them."""
        self.filter = Filter.ALL

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[DeliveryLine]:
        """The page there, beside the loop, the latest first."""
        states = STATES.get(self.filter)
        where: tuple[Condition, ...] = (OneOf("status", states),) if states else ()
        query = ListQuery(where=where, search=self.search, sort="day", descending=True)
        lists = self._office.lists()
        found = lists.page(DeliveryRow, query=query, size=SIZE, after=after, before=before)
        lines = []
        for row in found.rows:
            client, order = found.named[row.client_id], found.named[row.order_id]
            assert isinstance(client, ClientRow), "a delivery goes to a client"
            assert isinstance(order, SalesOrderRow), "a delivery is of an order"
            lines.append(_line(row, client, order))
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(DeliveryRow, query=query),
            unsent=unsent_places(self._office, [row.id for row in found.rows]),
        )


def _line(row: DeliveryRow, client: ClientRow, order: SalesOrderRow) -> DeliveryLine:
    return DeliveryLine(
        delivery_id=row.id,
        code=row.code,
        order=order.code,
        client=client.name,
        prepared=day(row.day),
        left=day(row.dispatched_on) if row.dispatched_on else "",
        carrier=row.carrier,
        state=words.state("delivery", row.status),
        tone=tone_of_delivery(row.status),
    )
