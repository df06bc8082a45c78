"""What one invoice shows: its lines and sums, what it bills, what settled it."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.application.bill_lines import bill_line, lines_left
from manchengo.domain.ids import ClientId, DeliveryId, InvoiceId, PaymentId
from manchengo.domain.values import Quantity
from manchengo.ports.rows import (
    CreditNoteRow,
    DeliveryRow,
    InvoiceDeliveryRow,
    InvoiceLineRow,
    InvoiceRow,
    PaymentAllocationRow,
    PaymentRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.formatting import day, days_away, money
from manchengo_presenters.invoices import due, is_overdue, number_shown
from manchengo_presenters.language import _
from manchengo_presenters.open_orders import client_of
from manchengo_presenters.screens.bill_view import BillView, bill_view
from manchengo_presenters.screens.tones import Tone, tone_of_invoice


@frozen(kw_only=True)
class PaymentOfInvoice:
    """A payment and what of it pays this invoice (``amount``), of the ``whole`` of it.
    ``is_void``: it was taken back, for this ``reason``.
    """

    payment_id: PaymentId
    day: str
    mode: str
    reference: str
    amount: str
    whole: str
    is_void: bool
    reason: str


@frozen(kw_only=True)
class PaymentAtHand:
    """A payment of the client of which a part, ``left``, pays nothing yet."""

    payment_id: PaymentId
    day: str
    mode: str
    left: str


@frozen(kw_only=True)
class CreditOfInvoice:
    """A credit note on the invoice; ``number``: "" where it is not issued."""

    number: str
    day: str
    amount: str
    reason: str


@frozen(kw_only=True)
class BilledDelivery:
    """A delivery that it bills."""

    delivery_id: DeliveryId
    code: str
    day: str


@frozen(kw_only=True)
class InvoiceDetail:
    """``due``, ``paid`` and ``creditable`` (what no credit note took off it): in centimes.
    ``sums``: what the bill comes to, then what settled it, and what is due. ``left``: of each line,
    what no credit note took off it. ``at_hand``: what may pay it.
    """

    invoice_id: InvoiceId
    client_id: UUID
    number: str
    client: str
    status: str
    state: str
    tone: Tone
    facts: tuple[tuple[str, str], ...]
    bill: BillView
    sums: tuple[tuple[str, str], ...]
    due: int
    paid: int
    creditable: int
    left: tuple[Quantity, ...]
    deliveries: tuple[BilledDelivery, ...]
    payments: tuple[PaymentOfInvoice, ...]
    credits: tuple[CreditOfInvoice, ...]
    at_hand: tuple[PaymentAtHand, ...]


def invoice_detail(snapshot: Snapshot, row: InvoiceRow, today: date) -> InvoiceDetail:
    """That invoice at that moment."""
    client = client_of(snapshot, row.client_id)
    bill = bill_view([bill_line(each) for each in snapshot.rows(InvoiceLineRow, invoice_id=row.id)])
    is_late, is_issued = is_overdue(row, today), row.status != "draft"
    owed = due(row) if is_issued else 0
    return InvoiceDetail(
        invoice_id=row.id,
        client_id=client.id,
        number=number_shown(row),
        client=client.name,
        status=row.status,
        state=_("overdue") if is_late else words.state("invoice", row.status),
        tone=Tone.BAD if is_late else tone_of_invoice(row.status),
        facts=tuple(_facts(row, today)),
        bill=bill,
        sums=(*bill.sums, *(_owed(row) if is_issued else ())),
        due=owed,
        paid=row.paid,
        creditable=row.gross - row.credited if is_issued else 0,
        left=tuple(line.quantity for line in lines_left(snapshot, row.id)) if is_issued else (),
        deliveries=tuple(_deliveries(snapshot, row.id)),
        payments=tuple(_payments(snapshot, row.id)),
        credits=tuple(_credits(snapshot, row.id)),
        at_hand=tuple(_at_hand(snapshot, row.client_id)) if owed else (),
    )


def _facts(row: InvoiceRow, today: date) -> Iterator[tuple[str, str]]:
    yield (_("Drafted on") if row.status == "draft" else _("Issued on")), day(row.day)
    if row.due_on:
        away = days_away(row.due_on, today) if row.status == "issued" else ""
        yield _("To be paid by"), " · ".join(filter(None, (day(row.due_on), away)))


def _owed(row: InvoiceRow) -> Iterator[tuple[str, str]]:
    if row.credited:
        yield _("Credited"), money(-row.credited)
    if row.paid:
        yield _("Paid"), money(-row.paid)
    yield _("Still due"), money(due(row))


def _deliveries(snapshot: Snapshot, invoice_id: InvoiceId) -> Iterator[BilledDelivery]:
    for row in snapshot.rows(InvoiceDeliveryRow, invoice_id=invoice_id):
        note = snapshot.get(DeliveryRow, row.delivery_id)
        if note is not None:
            left = note.dispatched_on or note.day
            yield BilledDelivery(delivery_id=note.id, code=note.code, day=day(left))


def _payments(snapshot: Snapshot, invoice_id: InvoiceId) -> Iterator[PaymentOfInvoice]:
    for row in snapshot.rows(PaymentAllocationRow, invoice_id=invoice_id):
        payment = snapshot.get(PaymentRow, row.payment_id)
        assert payment is not None, "a row of a payment has its payment"
        yield PaymentOfInvoice(
            payment_id=payment.id,
            day=day(row.day),
            mode=words.word(words.PAYMENT_MODES, payment.mode),
            reference=payment.reference or payment.cheque_number,
            amount=money(row.amount),
            whole=money(payment.amount),
            is_void=payment.status == "voided",
            reason=payment.reason,
        )


def _credits(snapshot: Snapshot, invoice_id: InvoiceId) -> Iterator[CreditOfInvoice]:
    for row in snapshot.rows(CreditNoteRow, invoice_id=invoice_id):
        yield CreditOfInvoice(
            number=row.number or "", day=day(row.day), amount=money(row.gross), reason=row.reason
        )


def _at_hand(snapshot: Snapshot, client_id: ClientId) -> Iterator[PaymentAtHand]:
    for row in snapshot.rows(PaymentRow, client_id=client_id):
        if row.unallocated and row.status != "voided":
            yield PaymentAtHand(
                payment_id=row.id,
                day=day(row.day),
                mode=words.word(words.PAYMENT_MODES, row.mode),
                left=money(row.unallocated),
            )
