"""Invoices, credit notes and payments: what is owed, and what settles it."""

from collections.abc import Iterator

from manchengo.application.bill_lines import bills_of
from manchengo.application.bill_series import check_number
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import credit_note, invoice, payment
from manchengo.domain.aggregates import CLIENT, CREDIT_NOTE, DELIVERY, INVOICE, PAYMENT
from manchengo.domain.billing import Totals
from manchengo.domain.credit_note import (
    CreditNote,
    CreditNoteIssued,
    DraftCreditNote,
    IssueCreditNote,
)
from manchengo.domain.invoice import (
    AlreadyBilled,
    DraftInvoice,
    Invoice,
    InvoiceIssued,
    IssueInvoice,
)
from manchengo.domain.payment import AllocatePayment, AnotherClient, ReceivePayment, VoidPayment
from manchengo.ports.rows import CreditNoteRow, InvoiceRow


def draft_invoice(work: UnitOfWork, command: DraftInvoice) -> None:
    """Drafts an invoice for a client and deliveries that exist."""
    work.new(INVOICE, command.invoice_id)
    work.load(CLIENT, command.client_id)
    for delivery_id in command.delivery_ids:
        work.load(DELIVERY, delivery_id)
    work.record(INVOICE, command.invoice_id, invoice.draft(command))


def issue_invoice(work: UnitOfWork, command: IssueInvoice) -> None:
    """Gives a draft its number, which no other invoice has, and the buyer's identity of today."""
    known = work.load(INVOICE, command.invoice_id)
    check_number(work, InvoiceRow, "invoice", command.number)
    with work.stands_if_printed(command.invoice_id, InvoiceIssued):
        _not_billed_before(work, known)
    client_id = known.client_id if isinstance(known, invoice.Draft) else known.draft.client_id
    buyer = work.load(CLIENT, client_id)
    events = invoice.issue(known, command, buyer_name=buyer.name, buyer=buyer.identity)
    work.record(INVOICE, command.invoice_id, events)


def _not_billed_before(work: UnitOfWork, known: Invoice) -> None:
    for delivery_id in known.delivery_ids:
        for other in bills_of(work.snapshot, delivery_id):
            if other.id != known.id and other.number is not None:
                code = work.load(DELIVERY, delivery_id).code
                raise AlreadyBilled(delivery=code, invoice=other.number)


def draft_credit_note(work: UnitOfWork, command: DraftCreditNote) -> None:
    """Drafts a credit note on an issued invoice."""
    work.new(CREDIT_NOTE, command.credit_note_id)
    bill = invoice.issued(work.load(INVOICE, command.invoice_id), "credit")
    work.record(CREDIT_NOTE, command.credit_note_id, credit_note.draft(command, bill))


def issue_credit_note(work: UnitOfWork, command: IssueCreditNote) -> None:
    """Gives a credit note its number and takes its amount off what the invoice asks."""
    note = work.load(CREDIT_NOTE, command.credit_note_id)
    check_number(work, CreditNoteRow, "credit_note", command.number)
    bill = invoice.issued(work.load(INVOICE, note.invoice_id), "credit")
    issued = credit_note.issue(note, command, bill)
    amounts = issued[0].totals
    with work.stands_if_printed(note.id, CreditNoteIssued):
        credit_note.no_more_than_billed(amounts, bill, earlier=_credited(work, note))
        invoice.no_more_than_charged(bill, amounts.gross)
    credited = invoice.credit(bill, amounts.gross, credit_note_id=note.id, on=command.on)
    work.record(CREDIT_NOTE, note.id, issued)
    work.record(INVOICE, note.invoice_id, credited)


def _credited(work: UnitOfWork, note: CreditNote) -> Iterator[Totals]:
    """What the other credit notes of its invoice took back."""
    for row in work.snapshot.rows(CreditNoteRow, invoice_id=note.invoice_id):
        known = work.load(CREDIT_NOTE, row.id)
        if known.totals is not None:
            yield known.totals


def receive_payment(work: UnitOfWork, command: ReceivePayment) -> None:
    """Records a payment of a client, which pays nothing yet."""
    work.new(PAYMENT, command.payment_id)
    work.load(CLIENT, command.client_id)
    work.record(PAYMENT, command.payment_id, payment.receive(command))


def allocate_payment(work: UnitOfWork, command: AllocatePayment) -> None:
    """Pays an invoice of the same client with a part of the payment."""
    known = work.load(PAYMENT, command.payment_id)
    bill = invoice.issued(work.load(INVOICE, command.invoice_id), "pay")
    if bill.draft.client_id != known.client_id:
        raise AnotherClient(invoice=bill.number)
    work.record(PAYMENT, known.id, payment.allocate(known, command))
    paid = invoice.pay(bill, command.amount, payment_id=known.id, on=command.on)
    work.record(INVOICE, bill.id, paid)


def void_payment(work: UnitOfWork, command: VoidPayment) -> None:
    """Voids a payment, and makes what it paid due again."""
    known = work.load(PAYMENT, command.payment_id)
    work.record(PAYMENT, known.id, payment.void(known, command))
    for invoice_id, amount in payment.owed_again(known).items():
        bill = work.load(INVOICE, invoice_id)
        reversed_ = invoice.reverse_payment(bill, amount, payment_id=known.id, on=command.on)
        work.record(INVOICE, invoice_id, reversed_)
