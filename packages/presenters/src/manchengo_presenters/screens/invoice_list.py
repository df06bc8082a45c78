"""Invoices: those that are due first, a page at a time."""

from datetime import date, timedelta
from enum import Enum

from attrs import frozen

from manchengo.domain.access import Permission
from manchengo.domain.ids import InvoiceId
from manchengo.ports.lists import Between, Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import ClientRow, InvoiceRow
from manchengo_presenters import words
from manchengo_presenters.formatting import day, days_away, money, number
from manchengo_presenters.invoices import due, is_overdue, number_shown
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone, tone_of_invoice

ISSUED = OneOf("status", ("issued",))


class Filter(Enum):
    """Which invoices are listed; the value is its words."""

    DUE = N_("To be paid")
    OVERDUE = N_("Overdue")
    DRAFTS = N_("Drafts")
    SETTLED = N_("Settled")
    CANCELLED = N_("Cancelled invoices")
    ALL = N_("All invoices")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


def conditions(chosen: Filter, today: date) -> tuple[Condition, ...]:
    """What holds of the invoices that are listed so."""
    match chosen:
        case Filter.DUE:
            return (ISSUED,)
        case Filter.OVERDUE:
            return (ISSUED, Between("due_on", last=today - timedelta(days=1)))
        case Filter.DRAFTS:
            return (OneOf("status", ("draft",)),)
        case Filter.SETTLED:
            return (OneOf("status", ("settled",)),)
        case Filter.CANCELLED:
            return (OneOf("status", ("cancelled",)),)
        case Filter.ALL:
            return ()


@frozen(kw_only=True)
class InvoiceLine:
    """``due_on``: the last day of payment, "" where nobody named one; ``away``: how far it is, ""
    once nothing is due. ``gross``: with tax; ``due``: what of it is still owed.
    """

    invoice_id: InvoiceId
    number: str
    client: str
    day: str
    due_on: str
    away: str
    gross: str
    due: str
    state: str
    tone: Tone


class InvoiceList(PagedList[InvoiceLine]):
    """``filter``: which invoices are listed."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.may_bill = context.who.may(Permission.ISSUE_INVOICES)
        self.filter = Filter.DUE

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    async def opened(self, line: InvoiceLine) -> None:
        """To that invoice."""
        await self.context.window.go(Screen.INVOICE, line.invoice_id)

    async def begin(self) -> None:
        """To the deliveries of which one may be invoiced."""
        await self.context.window.go(Screen.TO_INVOICE)

    async def confirm(self) -> None:
        """Invoice a delivery."""
        if self.may_bill:
            await self.begin()

    def counted(self, count: int) -> str:
        """As in "3 invoices"."""
        return ngettext("{count} invoice", "{count} invoices", count).format(count=number(count))

    @property
    def is_filtered(self) -> bool:
        """Whether only some invoices are listed."""
        return self.filter is not Filter.ALL

    def unfilter(self) -> None:
        """List all of them."""
        self.filter = Filter.ALL

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[InvoiceLine]:
        """The page there, beside the loop: what is due first, or else the latest."""
        today = self._office.today()
        is_due = self.filter in (Filter.DUE, Filter.OVERDUE)
        query = ListQuery(
            where=conditions(self.filter, today),
            search=self.search,
            sort="due_on" if is_due else "day",
            descending=not is_due,
        )
        lists = self._office.lists()
        found = lists.page(InvoiceRow, query=query, size=SIZE, after=after, before=before)
        lines = []
        for row in found.rows:
            client = found.named[row.client_id]
            assert isinstance(client, ClientRow), "an invoice is a client's"
            lines.append(invoice_line(row, client, today))
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(InvoiceRow, query=query),
        )


def invoice_line(row: InvoiceRow, client: ClientRow, today: date) -> InvoiceLine:
    """The line of that invoice."""
    is_due = row.status == "issued"
    is_late = is_overdue(row, today)
    return InvoiceLine(
        invoice_id=row.id,
        number=number_shown(row),
        client=client.name,
        day=day(row.day),
        due_on=day(row.due_on) if row.due_on else "",
        away=days_away(row.due_on, today) if is_due and row.due_on else "",
        gross=money(row.gross),
        due=money(due(row)) if is_due else "",
        state=_("overdue") if is_late else words.state("invoice", row.status),
        tone=Tone.BAD if is_late else tone_of_invoice(row.status),
    )
