"""Commands about bills and money that several apps build alike; each pair is recorded together."""

from collections.abc import Sequence
from datetime import date

from attrs import frozen

from manchengo.application.bill_lines import lines_left
from manchengo.application.bill_series import next_bill_number
from manchengo.application.choices import Choices
from manchengo.commands import (
    AllocatePayment,
    DraftCreditNote,
    DraftInvoice,
    IssueCreditNote,
    IssueInvoice,
    ReceivePayment,
)
from manchengo.domain.billing import BillLine
from manchengo.domain.ids import ClientId, CreditNoteId, InvoiceId, PaymentId
from manchengo.domain.payment import Cheque, PaymentMode
from manchengo.domain.values import Money
from manchengo.ports.rows import CreditNoteRow, DeliveryRow, InvoiceRow


def invoice(
    choices: Choices,
    notes: Sequence[DeliveryRow],
    lines: tuple[BillLine, ...],
    due_on: date | None,
) -> tuple[DraftInvoice, IssueInvoice]:
    """The invoice of these deliveries, which are one client's, under the next number."""
    draft = DraftInvoice(
        invoice_id=InvoiceId(choices.id("invoice_id")),
        client_id=notes[0].client_id,
        lines=lines,
        on=choices.day,
        delivery_ids=tuple(note.id for note in notes),
    )
    return draft, issue(choices, draft.invoice_id, due_on)


def issue(choices: Choices, invoice_id: InvoiceId, due_on: date | None) -> IssueInvoice:
    """The next number for that draft."""
    number = next_bill_number(choices.snapshot, choices.day, InvoiceRow)
    return IssueInvoice(invoice_id=invoice_id, number=number, on=choices.day, due_on=due_on)


@frozen(kw_only=True)
class MoneyReceived:
    """What a client paid: ``amount`` with tax; ``reference``: what its paper is called."""

    amount: Money
    mode: PaymentMode
    reference: str = ""
    cheque: Cheque | None = None


def money(choices: Choices, client_id: ClientId, received: MoneyReceived) -> ReceivePayment:
    """It pays nothing yet."""
    return ReceivePayment(
        payment_id=PaymentId(choices.id("payment_id")),
        client_id=client_id,
        amount=received.amount,
        mode=received.mode,
        on=choices.day,
        reference=received.reference,
        cheque=received.cheque,
    )


def payment(
    choices: Choices, bill: InvoiceRow, received: MoneyReceived
) -> tuple[ReceivePayment, AllocatePayment]:
    """All of it pays that invoice."""
    paid = money(choices, ClientId(bill.client_id), received)
    return (
        paid,
        AllocatePayment(
            payment_id=paid.payment_id, invoice_id=bill.id, amount=received.amount, on=choices.day
        ),
    )


def credit(
    choices: Choices, invoice_id: InvoiceId, lines: tuple[BillLine, ...], reason: str
) -> tuple[DraftCreditNote, IssueCreditNote]:
    """A credit note of these lines on that invoice, under the next number."""
    note_id = CreditNoteId(choices.id("credit_note_id"))
    return (
        DraftCreditNote(
            credit_note_id=note_id,
            invoice_id=invoice_id,
            lines=lines,
            on=choices.day,
            reason=reason,
        ),
        IssueCreditNote(
            credit_note_id=note_id,
            number=next_bill_number(choices.snapshot, choices.day, CreditNoteRow),
            on=choices.day,
        ),
    )


def cancellation(
    choices: Choices, invoice_id: InvoiceId, reason: str
) -> tuple[DraftCreditNote, IssueCreditNote]:
    """A credit note of all that is left of that invoice."""
    lines = tuple(line for line in lines_left(choices.snapshot, invoice_id) if line.quantity)
    return credit(choices, invoice_id, lines, reason)
