"""Payments: the latest first, a page at a time; one of them whole, and what is done with it."""

from enum import Enum

from manchengo.domain.access import Permission
from manchengo.domain.ids import PaymentId
from manchengo.ports.lists import AboveZero, Condition, Cursor, ListQuery, OneOf
from manchengo.ports.rows import ClientRow, PaymentRow
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.open_orders import client_choices
from manchengo_presenters.screens.bill_form import ShowsBillForm
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.paged_list import SIZE, ListPage, PagedList
from manchengo_presenters.screens.payment_detail import (
    BillOfPayment,
    PaymentDetail,
    PaymentLine,
    payment_detail,
    payment_line,
)
from manchengo_presenters.screens.payment_forms import AdvanceForm, VoidForm, use_of, voiding
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class Filter(Enum):
    """Which payments are listed; the value is its words."""

    ALL = N_("All payments")
    WAITING = N_("To be used")
    CHEQUES = N_("Cheques")
    VOIDED = N_("Taken back")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


ADVANCE = "advance"
"""The name of the form of another payment."""


def conditions(chosen: Filter) -> tuple[Condition, ...]:
    """What holds of the payments that are listed so."""
    match chosen:
        case Filter.ALL:
            return ()
        case Filter.WAITING:
            return (OneOf("status", ("received",)), AboveZero("unallocated"))
        case Filter.CHEQUES:
            return (OneOf("mode", ("cheque",)), OneOf("status", ("received", "allocated")))
        case Filter.VOIDED:
            return (OneOf("status", ("voided",)),)


class PaymentList(PagedList[PaymentLine], ShowsBillForm):
    """``filter``: which payments are listed; ``detail``: the one that is open beside the list."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.background)
        self._office = context.office
        self.context = context
        self.may_collect = context.who.may(Permission.COLLECT)
        self.may_void = context.who.may(Permission.CREDIT_OR_VOID)
        self.filter = Filter.ALL
        self.detail: PaymentDetail | None = None

    # ------------------------------------------------------------------------- what is listed

    async def load(self) -> None:
        """Read the page anew, and the payment that is open."""
        await super().load()
        opened = self.detail
        if opened is not None:
            await self._open(opened.line.payment_id)

    async def set_filter(self, chosen: Filter) -> None:
        """List those."""
        self.filter = chosen
        await self.from_the_top()

    def counted(self, count: int) -> str:
        """As in "3 payments"."""
        return ngettext("{count} payment", "{count} payments", count).format(count=number(count))

    @property
    def is_filtered(self) -> bool:
        """Whether only some payments are listed."""
        return self.filter is not Filter.ALL

    def unfilter(self) -> None:
        """List all of them."""
        self.filter = Filter.ALL

    def read(self, *, after: Cursor | None, before: Cursor | None) -> ListPage[PaymentLine]:
        """The page there, beside the loop."""
        query = ListQuery(
            where=conditions(self.filter), search=self.search, sort="day", descending=True
        )
        lists = self._office.lists()
        found = lists.page(PaymentRow, query=query, size=SIZE, after=after, before=before)
        lines = []
        with self._office.reading() as snapshot:
            for row in found.rows:
                client = found.named[row.client_id]
                assert isinstance(client, ClientRow), "a payment is a client's"
                lines.append(payment_line(snapshot, row, client))
        return ListPage(
            lines=tuple(lines),
            before=found.before,
            after=found.after,
            count=lists.count(PaymentRow, query=query),
        )

    # ----------------------------------------------------------------------------- one payment

    async def opened(self, line: PaymentLine) -> None:
        """Show that payment whole, beside the list."""
        self.form = None
        await self._open(line.payment_id)

    async def _open(self, payment_id: PaymentId) -> None:
        found = await self.attempt(lambda: self._detail(payment_id))
        if found is not None:
            self.detail = found
            self.changed()

    def _detail(self, payment_id: PaymentId) -> PaymentDetail:
        with self._office.reading() as snapshot:
            row = snapshot.get(PaymentRow, payment_id)
            assert row is not None, "it was listed"
            return payment_detail(snapshot, row)

    def close(self) -> None:
        """The list alone."""
        self.detail = self.form = None
        self.changed()

    async def open_bill(self, bill: BillOfPayment) -> None:
        """To that invoice."""
        await self.context.window.go(Screen.INVOICE, bill.invoice_id)

    async def open_client(self) -> None:
        """To the client."""
        if self.detail is not None:
            await self.context.window.go(Screen.CLIENT, self.detail.client_id)

    # ----------------------------------------------------------------------------- what is done

    async def begin(self) -> None:
        """About to record money that a client paid."""
        if not self.may_collect:
            return
        clients = await self.attempt(self._clients)
        if clients is not None:
            self.detail = None
            self.show(AdvanceForm(self.context, clients, self._ended), ADVANCE)

    async def reopen(self, name: str) -> Form | None:
        """Another payment, or what takes one back that may be."""
        page = self.page
        if name == ADVANCE:
            await self.begin()
        for line in page.lines if page else ():
            if name == voiding(line.payment_id):
                await self.opened(line)
                self.begin_void()
        return self.form

    def _clients(self) -> tuple[tuple[str, str], ...]:
        with self._office.reading() as snapshot:
            return client_choices(snapshot)

    def begin_void(self) -> None:
        """About to take the open payment back."""
        detail = self.detail
        if detail is not None and self.may_void and not detail.is_void:
            line = detail.line
            form = VoidForm(self.context, line.payment_id, line.amount, self._ended)
            self.show(form, voiding(line.payment_id))

    async def use(self, bill: BillOfPayment) -> None:
        """What is left of the open payment pays that invoice, as far as it is due."""
        if self.is_busy or self.detail is None or not self.may_collect:
            return
        payment_id = self.detail.line.payment_id
        said = _("The payment of {day} pays the invoice {number}.").format(
            day=self.detail.line.day, number=bill.number
        )
        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: use_of(choices, bill.invoice_id, payment_id),
                lambda *_given: said,
            )
        )
        if done is not None:
            self.context.window.tell(done)
            await self.load()

    async def _ended(self) -> None:
        self.leave()
        await self.load()

    async def confirm(self) -> None:
        """Do what was begun, or begin to record a payment."""
        if self.form is not None:
            await self.form.submit()
        else:
            await self.begin()
