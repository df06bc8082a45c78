"""What one payment shows: how it came, what it pays, and what it could still pay."""

from collections.abc import Iterator

from attrs import frozen

from manchengo.domain.ids import ClientId, InvoiceId, PaymentId
from manchengo.ports.rows import ClientRow, InvoiceRow, PaymentAllocationRow, PaymentRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day, money
from manchengo_presenters.invoices import due, number_shown
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.tones import Tone, tone_of_payment

STATES = {
    "received": N_("to be used"),
    "allocated": N_("used whole"),
    "voided": N_("taken back"),
}
"""The states of a payment: while a part of it pays nothing, it waits for an invoice."""


@frozen(kw_only=True)
class BillOfPayment:
    """An invoice and an amount: what the payment pays of it, or what is due."""

    invoice_id: InvoiceId
    number: str
    amount: str


@frozen(kw_only=True)
class PaymentLine:
    """``reference``: what its paper is called; ``pays``: the numbers of the invoices; ``left``:
    what pays nothing yet, "" where all of it does.
    """

    payment_id: PaymentId
    day: str
    client: str
    mode: str
    reference: str
    pays: str
    amount: str
    left: str
    state: str
    tone: Tone


@frozen(kw_only=True)
class PaymentDetail:
    """``facts``: with labels. ``pays``: what it pays; ``could_pay``: what of the client is due,
    where some of it pays nothing yet.
    """

    line: PaymentLine
    client_id: ClientId
    facts: tuple[tuple[str, str], ...]
    pays: tuple[BillOfPayment, ...]
    could_pay: tuple[BillOfPayment, ...]
    is_void: bool


def payment_line(snapshot: Snapshot, row: PaymentRow, client: ClientRow) -> PaymentLine:
    """The line of that payment."""
    counts = row.status != "voided"
    return PaymentLine(
        payment_id=row.id,
        day=day(row.day),
        client=client.name,
        mode=words.word(words.PAYMENT_MODES, row.mode),
        reference=row.reference or row.cheque_number,
        pays=", ".join(each.number for each in _pays(snapshot, row)),
        amount=money(row.amount),
        left=money(row.unallocated) if counts and row.unallocated else "",
        state=words.word(STATES, row.status),
        tone=tone_of_payment(row.status),
    )


def payment_detail(snapshot: Snapshot, row: PaymentRow) -> PaymentDetail:
    """All that is known of that payment."""
    client = snapshot.get(ClientRow, row.client_id)
    assert client is not None, "a payment is a client's"
    is_void = row.status == "voided"
    waits = row.unallocated > 0 and not is_void
    return PaymentDetail(
        line=payment_line(snapshot, row, client),
        client_id=row.client_id,
        facts=tuple(_facts(row, client)),
        pays=tuple(_pays(snapshot, row)),
        could_pay=tuple(_due(snapshot, row.client_id)) if waits else (),
        is_void=is_void,
    )


def _facts(row: PaymentRow, client: ClientRow) -> Iterator[tuple[str, str]]:
    yield _("Client"), client.name
    yield _("Date"), day(row.day)
    yield _("Paid by"), words.word(words.PAYMENT_MODES, row.mode)
    if row.reference:
        yield _("Reference"), row.reference
    if row.cheque_number:
        yield _("Number of the cheque"), row.cheque_number
    if row.cheque_dated:
        yield _("Date of the cheque"), day(row.cheque_dated)
    if row.cheque_drawee:
        yield _("Bank of the cheque"), row.cheque_drawee
    if row.status == "voided":
        yield _("Reason"), row.reason
    elif row.unallocated:
        yield _("Pays nothing yet"), money(row.unallocated)


def _pays(snapshot: Snapshot, row: PaymentRow) -> Iterator[BillOfPayment]:
    for each in snapshot.rows(PaymentAllocationRow, payment_id=row.id):
        bill = snapshot.get(InvoiceRow, each.invoice_id)
        assert bill is not None, "a payment pays an invoice that there is"
        yield BillOfPayment(
            invoice_id=bill.id, number=number_shown(bill), amount=money(each.amount)
        )


def _due(snapshot: Snapshot, client_id: ClientId) -> Iterator[BillOfPayment]:
    """What is due first comes first."""
    bills = [
        row for row in snapshot.rows(InvoiceRow, client_id=client_id) if row.status == "issued"
    ]
    for row in sorted(bills, key=lambda bill: (bill.due_on or bill.day, bill.number_key or "")):
        yield BillOfPayment(invoice_id=row.id, number=number_shown(row), amount=money(due(row)))
