"""Invoices, credit notes and payments: what is owed, and what settles it."""

from collections.abc import Iterator

from manchengo.application.books import Books
from manchengo.domain import credit_note, invoice, payment
from manchengo.domain.aggregates import CLIENT, CREDIT_NOTE, DELIVERY, INVOICE, PAYMENT
from manchengo.domain.billing import Totals
from manchengo.domain.credit_note import CreditNote, DraftCreditNote, IssueCreditNote
from manchengo.domain.errors import AlreadyExists
from manchengo.domain.invoice import DraftInvoice, IssueInvoice
from manchengo.domain.names import comparison_key
from manchengo.domain.payment import AllocatePayment, AnotherClient, ReceivePayment, VoidPayment
from manchengo.ports.rows import CreditNoteRow, InvoiceRow


def draft_invoice(books: Books, command: DraftInvoice) -> None:
    books.new(INVOICE, command.invoice_id)
    books.load(CLIENT, command.client_id)
    for delivery_id in command.delivery_ids:
        books.load(DELIVERY, delivery_id)
    books.tell(INVOICE, command.invoice_id, invoice.draft(command))


def issue_invoice(books: Books, command: IssueInvoice) -> None:
    known = books.load(INVOICE, command.invoice_id)
    _free_number(books, InvoiceRow, "invoice", command.number)
    client_id = known.client_id if isinstance(known, invoice.Draft) else known.draft.client_id
    buyer = books.load(CLIENT, client_id)
    events = invoice.issue(known, command, buyer_name=buyer.name, buyer=buyer.identity)
    books.tell(INVOICE, command.invoice_id, events)


def draft_credit_note(books: Books, command: DraftCreditNote) -> None:
    books.new(CREDIT_NOTE, command.credit_note_id)
    bill = invoice.issued(books.load(INVOICE, command.invoice_id), "credit")
    books.tell(CREDIT_NOTE, command.credit_note_id, credit_note.draft(command, bill))


def issue_credit_note(books: Books, command: IssueCreditNote) -> None:
    note = books.load(CREDIT_NOTE, command.credit_note_id)
    _free_number(books, CreditNoteRow, "credit_note", command.number)
    bill = invoice.issued(books.load(INVOICE, note.invoice_id), "credit")
    issued = credit_note.issue(note, command, bill, earlier=_credited(books, note))
    credited = invoice.credit(bill, issued[0].totals.gross, credit_note_id=note.id, on=command.on)
    books.tell(CREDIT_NOTE, note.id, issued)
    books.tell(INVOICE, note.invoice_id, credited)


def _credited(books: Books, note: CreditNote) -> Iterator[Totals]:
    """What the other credit notes of its invoice took back."""
    for row in books.snapshot.rows(CreditNoteRow, invoice_id=note.invoice_id):
        known = books.load(CREDIT_NOTE, row.id)
        if known.totals is not None:
            yield known.totals


def receive_payment(books: Books, command: ReceivePayment) -> None:
    books.new(PAYMENT, command.payment_id)
    books.load(CLIENT, command.client_id)
    books.tell(PAYMENT, command.payment_id, payment.receive(command))


def allocate_payment(books: Books, command: AllocatePayment) -> None:
    known = books.load(PAYMENT, command.payment_id)
    bill = invoice.issued(books.load(INVOICE, command.invoice_id), "pay")
    if bill.draft.client_id != known.client_id:
        raise AnotherClient(invoice=bill.number)
    books.tell(PAYMENT, known.id, payment.allocate(known, command))
    paid = invoice.pay(bill, command.amount, payment_id=known.id, on=command.on)
    books.tell(INVOICE, bill.id, paid)


def void_payment(books: Books, command: VoidPayment) -> None:
    known = books.load(PAYMENT, command.payment_id)
    books.tell(PAYMENT, known.id, payment.void(known, command))
    for invoice_id, amount in payment.owed_again(known).items():
        bill = books.load(INVOICE, invoice_id)
        reversed_ = invoice.reverse_payment(bill, amount, payment_id=known.id, on=command.on)
        books.tell(INVOICE, invoice_id, reversed_)


def _free_number(
    books: Books, rows: type[InvoiceRow] | type[CreditNoteRow], kind: str, number: str
) -> None:
    for bearer in books.snapshot.rows(rows, number_key=comparison_key(number), limit=1):
        raise AlreadyExists(kind=kind, reference=number, existing=bearer.number or "")
