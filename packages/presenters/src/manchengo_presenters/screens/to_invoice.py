"""The deliveries that left: opening one leads to its invoice, there already or to be issued."""

from attrs import frozen

from manchengo.domain.delivery import GONE
from manchengo.domain.ids import DeliveryId
from manchengo.ports.lists import Cursor, ListQuery, OneOf
from manchengo.ports.rows import ClientRow, DeliveryRow
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import ngettext
from manchengo_presenters.screens.bills_shown import BillShown, bills_shown
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


@frozen(kw_only=True)
class DeliveryToBill:
    """``bills``: the invoices that bill it already."""

    delivery_id: DeliveryId
    code: str
    client: str
    left: str
    bills: tuple[BillShown, ...]


class ToInvoice(PagedList[DeliveryToBill]):
    """The list of deliveries that left, the latest first."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context

    async def opened(self, line: DeliveryToBill) -> None:
        """To its invoice, or to what would be invoiced."""
        if line.bills:
            await self.context.window.go(Screen.INVOICE, line.bills[0].invoice_id)
        else:
            await self.context.window.go(Screen.NEW_INVOICE, line.delivery_id)

    async def confirm(self) -> None:
        """Open the delivery that is selected."""
        await self.enter()

    def counted(self, count: int) -> str:
        """As in "3 deliveries"."""
        return ngettext("{count} delivery", "{count} deliveries", count).format(count=number(count))

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[DeliveryToBill]:
        """The page there, beside the loop."""
        query = ListQuery(
            where=(OneOf("status", tuple(sorted(GONE))),),
            search=self.search,
            sort="dispatched_on",
            descending=True,
        )
        lists = self._office.lists()
        found = lists.page(DeliveryRow, query=query, size=SIZE, after=after, before=before)
        lines = []
        with self._office.reading() as snapshot:
            for row in found.rows:
                client = found.named[row.client_id]
                assert isinstance(client, ClientRow), "a delivery goes to a client"
                lines.append(
                    DeliveryToBill(
                        delivery_id=row.id,
                        code=row.code,
                        client=client.name,
                        left=day(row.dispatched_on or row.day),
                        bills=bills_shown(snapshot, row.id),
                    )
                )
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(DeliveryRow, query=query),
        )
