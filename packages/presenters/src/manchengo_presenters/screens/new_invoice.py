"""The invoice of one delivery, or of what an order delivered: looked at before it is issued."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.application.bill_lines import bills_of, lines_to_bill, unbilled
from manchengo.application.choices import Choices
from manchengo.application.reading import withheld
from manchengo.commands import Command, IssueInvoice
from manchengo.domain.billing import BillLine
from manchengo.domain.errors import NothingToDo
from manchengo.domain.ids import SalesOrderId
from manchengo.ports.rows import ClientRow, DeliveryRow, SalesOrderRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import entering_bills, parsing
from manchengo_presenters.language import _
from manchengo_presenters.open_orders import client_of
from manchengo_presenters.screens.bill_view import BillView, bill_view
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


@frozen(kw_only=True)
class InvoiceToIssue:
    """``bill``: None where nothing is left to bill. ``deliveries``: their codes. ``lacking``: what
    the register does not say of the client and an invoice must, in a sentence; "" where nothing.
    """

    client: str
    client_id: UUID
    deliveries: str
    bill: BillView | None
    lacking: str


class NewInvoice(Form):
    """``subject``: the delivery or the order that is billed. ``shown``: None until it is there."""

    def __init__(self, context: ScreenContext, subject: UUID) -> None:
        super().__init__(context.background, {"due_on": ""}, beside={"OutOfOrder": "due_on"})
        self._office = context.office
        self.context = context
        self.subject = subject
        self.shown: InvoiceToIssue | None = None

    async def load(self) -> None:
        """Read it anew; what was typed stays."""
        found = await self.attempt_again(self._read, self.shown)
        if found is not None:
            self.shown = found
            self.changed()

    async def open_client(self) -> None:
        """To what the register says of the client."""
        if self.shown is not None:
            await self.context.window.go(Screen.CLIENT, self.shown.client_id)

    async def issue(self) -> None:
        """Give it its number, and go there."""
        if self.is_busy or self.shown is None or self.shown.bill is None:
            return
        self.errors = {}
        due_on = self.read("due_on", parsing.day)
        if not self.is_right:
            return
        assert due_on is None or isinstance(due_on, date)
        issued: list[IssueInvoice] = []

        def build(choices: Choices) -> Sequence[Command]:
            notes = _notes(choices.snapshot, self.subject)
            if not notes:
                raise NothingToDo(what="bill lines")
            lines = lines_to_bill(choices.snapshot, notes, choices.day)
            draft, issue = entering_bills.invoice(choices, notes, lines, due_on)
            issued[:] = [issue]
            return draft, issue

        gross = self.shown.bill.gross
        if await self.attempt(lambda: self._office.record_all(build)) is None:
            return
        (issue,) = issued
        window = self.context.window
        window.say(
            _("Invoice {number} issued: {gross} with tax.").format(number=issue.number, gross=gross)
        )
        await window.go(Screen.INVOICES)
        await window.go(Screen.INVOICE, issue.invoice_id)

    async def confirm(self) -> None:
        """Issue it."""
        await self.issue()

    def _read(self) -> InvoiceToIssue:
        today = self._office.today()
        with self._office.reading() as snapshot:
            client = client_of(snapshot, _client_id(snapshot, self.subject))
            notes = _notes(snapshot, self.subject)
            lines: Sequence[BillLine] = lines_to_bill(snapshot, notes, today)
            return InvoiceToIssue(
                client=client.name,
                client_id=client.id,
                deliveries=", ".join(note.code for note in notes),
                bill=bill_view(lines) if lines else None,
                lacking=_lacking(client),
            )


def _client_id(snapshot: Snapshot, subject: UUID) -> UUID:
    row = snapshot.get(DeliveryRow, subject) or snapshot.get(SalesOrderRow, subject)
    assert row is not None, "what is billed was opened where it is listed"
    return row.client_id


def _notes(snapshot: Snapshot, subject: UUID) -> list[DeliveryRow]:
    """The deliveries that are billed: that one, or those of that order; none that is billed."""
    note = snapshot.get(DeliveryRow, subject)
    if note is None:
        return unbilled(snapshot, SalesOrderId(subject))
    return [] if any(bills_of(snapshot, note.id)) else [note]


def _lacking(client: ClientRow) -> str:
    """The law takes an invoice without them for none."""
    hidden = withheld(client)
    named = {"nif": _("NIF"), "address": _("address")}
    missing = [
        name
        for field, name in named.items()
        if field not in hidden and not getattr(client, field).strip()
    ]
    if not missing:
        return ""
    return _("The register lacks: {fields}. An invoice must say it; fill it in before.").format(
        fields=", ".join(missing)
    )
