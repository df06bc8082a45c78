"""An invoice: drafted freely, frozen once issued, settled by payments or undone by credit notes.

A draft bears no number. The number is handed in at issue, from the series of the device or of the
server; where it comes from is not this aggregate's business.
"""

from datetime import date
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.billing import BillLine, Totals, totals, whole
from manchengo.domain.errors import NothingToDo, Refused, Timeline, WrongState
from manchengo.domain.identity import Identity
from manchengo.domain.ids import ClientId, CreditNoteId, DeliveryId, InvoiceId, PaymentId
from manchengo.domain.names import visible
from manchengo.domain.values import FREE_OF_CHARGE, Money


@frozen(kw_only=True)
class DraftInvoice:
    """Drafts an invoice, without a number yet.

    ``lines``: one or more, priced before tax. ``delivery_ids``: the deliveries it bills.

    Refused: ``AlreadyExists``, ``LineIncomplete``, ``NothingToDo``.
    """

    invoice_id: InvoiceId
    client_id: ClientId
    lines: tuple[BillLine, ...]
    on: date
    delivery_ids: tuple[DeliveryId, ...] = ()


@frozen(kw_only=True)
class IssueInvoice:
    """Numbers the invoice and freezes it, with the buyer as known that day.

    ``number``: in the series of the device or the server; unique among invoices. ``due_on``: the
    last day of payment.

    Refused: ``AlreadyBilled``, ``AlreadyExists``, ``NumberMissing``, ``NumberOfAnotherDevice``,
    ``NumberSkipsOne``, ``OutOfOrder``, ``WrongState``.
    """

    invoice_id: InvoiceId
    number: str
    on: date
    due_on: date | None = None


InvoiceCommand = DraftInvoice | IssueInvoice


@frozen(kw_only=True)
class InvoiceDrafted:
    """An invoice was drafted."""

    invoice_id: InvoiceId
    client_id: ClientId
    lines: tuple[BillLine, ...]
    delivery_ids: tuple[DeliveryId, ...]
    on: date


@frozen(kw_only=True)
class InvoiceIssued:
    """It was issued under its number, with the buyer's identity of that day."""

    number: str
    buyer_name: str
    buyer: Identity
    totals: Totals
    on: date
    due_on: date | None


@frozen(kw_only=True)
class InvoicePaid:
    """A part of it was paid."""

    payment_id: PaymentId
    amount: Money
    on: date


@frozen(kw_only=True)
class InvoicePaymentReversed:
    """A payment of it was voided."""

    payment_id: PaymentId
    amount: Money
    on: date


@frozen(kw_only=True)
class InvoiceCredited:
    """A credit note took this amount off it."""

    credit_note_id: CreditNoteId
    amount: Money
    on: date


InvoiceEvent = (
    InvoiceDrafted | InvoiceIssued | InvoicePaid | InvoicePaymentReversed | InvoiceCredited
)


@frozen(kw_only=True)
class NumberMissing(Refused):
    """The document has no number of its series."""

    kind: str


@frozen(kw_only=True)
class MoreThanDue(Refused):
    """The payment or credit is above the amount still due."""

    invoice: str
    amount: Money
    due: Money


@frozen(kw_only=True)
class AlreadyBilled(Refused):
    """Another invoice, which no credit note undid whole, bills that delivery. ``delivery``: its
    code; ``invoice``: the number of the other one.
    """

    delivery: str
    invoice: str


@frozen(kw_only=True)
class Draft:
    """An invoice that has no number yet."""

    id: InvoiceId
    client_id: ClientId
    lines: tuple[BillLine, ...]
    delivery_ids: tuple[DeliveryId, ...]
    on: date


@frozen(kw_only=True)
class Issued:
    """``paid`` and ``credited`` grow until nothing is due."""

    draft: Draft
    number: str
    buyer_name: str
    buyer: Identity
    totals: Totals
    on: date
    due_on: date | None
    paid: Money = FREE_OF_CHARGE
    credited: Money = FREE_OF_CHARGE

    @property
    def id(self) -> InvoiceId:
        """That of the draft."""
        return self.draft.id

    @property
    def delivery_ids(self) -> tuple[DeliveryId, ...]:
        """Those of the draft."""
        return self.draft.delivery_ids

    @property
    def due(self) -> Money:
        """What the client still owes; zero when credits came after the payments."""
        return Money(
            max(0, self.totals.gross.centimes - self.paid.centimes - self.credited.centimes)
        )

    @property
    def status(self) -> str:
        """Issued while something is due, settled, or cancelled where all of it was credited."""
        if self.credited and self.credited >= self.totals.gross:
            return "cancelled"
        return "issued" if self.due else "settled"


Invoice = Draft | Issued


def draft(command: DraftInvoice) -> tuple[InvoiceEvent, ...]:
    """Drafts an invoice of the lines."""
    return (
        InvoiceDrafted(
            invoice_id=command.invoice_id,
            client_id=command.client_id,
            lines=whole(command.lines),
            delivery_ids=command.delivery_ids,
            on=command.on,
        ),
    )


def issue(
    invoice: Invoice, command: IssueInvoice, *, buyer_name: str, buyer: Identity
) -> tuple[InvoiceEvent, ...]:
    """Gives a draft its number and the buyer's identity."""
    if not isinstance(invoice, Draft):
        raise WrongState(
            kind="invoice", id=invoice.id, code=invoice.number, state=invoice.status, step="issue"
        )
    number = visible(command.number)
    if not number:
        raise NumberMissing(kind="invoice")
    days = Timeline("invoice", number)
    days.follows("issue", command.on, after="draft", after_on=invoice.on)
    if command.due_on is not None:
        days.follows("pay", command.due_on, after="issue", after_on=command.on)
    return (
        InvoiceIssued(
            number=number,
            buyer_name=buyer_name,
            buyer=buyer,
            totals=totals(invoice.lines),
            on=command.on,
            due_on=command.due_on,
        ),
    )


def pay(
    invoice: Invoice, amount: Money, *, payment_id: PaymentId, on: date
) -> tuple[InvoiceEvent, ...]:
    """Pays no more than is due."""
    known = issued(invoice, "pay")
    Timeline("invoice", known.number).follows("pay", on, after="issue", after_on=known.on)
    _within(known, amount, known.due)
    return (InvoicePaid(payment_id=payment_id, amount=amount, on=on),)


def reverse_payment(
    invoice: Invoice, amount: Money, *, payment_id: PaymentId, on: date
) -> tuple[InvoiceEvent, ...]:
    """Makes an amount due again whose payment was voided."""
    issued(invoice, "reverse payment")
    return (InvoicePaymentReversed(payment_id=payment_id, amount=amount, on=on),)


def credit(
    invoice: Invoice, amount: Money, *, credit_note_id: CreditNoteId, on: date
) -> tuple[InvoiceEvent, ...]:
    """Takes an amount off what the invoice asks."""
    issued(invoice, "credit")
    if not amount:
        raise NothingToDo(what="amount")
    return (InvoiceCredited(credit_note_id=credit_note_id, amount=amount, on=on),)


def no_more_than_charged(invoice: Issued, amount: Money) -> None:
    """``MoreThanDue`` where a credit of that amount is above what is left to credit."""
    left = Money(max(0, invoice.totals.gross.centimes - invoice.credited.centimes))
    if amount > left:
        raise MoreThanDue(invoice=invoice.number, amount=amount, due=left)


def evolve(invoice: Invoice | None, event: InvoiceEvent) -> Invoice:
    """The invoice after the event."""
    match event:
        case InvoiceDrafted():
            return Draft(
                id=event.invoice_id,
                client_id=event.client_id,
                lines=event.lines,
                delivery_ids=event.delivery_ids,
                on=event.on,
            )
        case InvoiceIssued():
            assert isinstance(invoice, Draft), "only a draft is issued"
            return Issued(
                draft=invoice,
                number=event.number,
                buyer_name=event.buyer_name,
                buyer=event.buyer,
                totals=event.totals,
                on=event.on,
                due_on=event.due_on,
            )
        case InvoicePaid():
            known = _issued_before(invoice)
            return changed(known, paid=known.paid + event.amount)
        case InvoicePaymentReversed():
            known = _issued_before(invoice)
            return changed(known, paid=known.paid - event.amount)
        case InvoiceCredited():
            known = _issued_before(invoice)
            return changed(known, credited=known.credited + event.amount)
        case _:
            assert_never(event)


def issued(invoice: Invoice, step: str) -> Issued:
    """The invoice, refused while it is a draft."""
    if isinstance(invoice, Draft):
        raise WrongState(kind="invoice", id=invoice.id, code="", state="draft", step=step)
    return invoice


def _issued_before(invoice: Invoice | None) -> Issued:
    assert isinstance(invoice, Issued), "only an issued invoice is paid or credited"
    return invoice


def _within(invoice: Issued, amount: Money, limit: Money) -> None:
    if not amount:
        raise NothingToDo(what="amount")
    if amount > limit:
        raise MoreThanDue(invoice=invoice.number, amount=amount, due=limit)
