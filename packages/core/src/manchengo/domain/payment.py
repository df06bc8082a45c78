"""A payment: money that came in, the invoices it settles, and its undoing."""

from datetime import date
from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import NothingToDo, Refused, Timeline, WrongState, reason_given
from manchengo.domain.ids import ClientId, InvoiceId, PaymentId
from manchengo.domain.names import visible
from manchengo.domain.values import FREE_OF_CHARGE, Money


class PaymentMode(StrEnum):
    """How the money came. Stamp duty is due on cash handed over, not on cash paid into the bank."""

    CASH = "cash"
    CASH_DEPOSIT = "cash_deposit"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    CARD = "card"


@frozen(kw_only=True)
class Cheque:
    """What the law requires to be recorded about a cheque."""

    number: str
    dated: date
    drawee: str


@frozen(kw_only=True)
class ReceivePayment:
    """Records money from a client; it settles no invoice yet.

    ``amount``: above zero, tax included. ``cheque``: with the mode CHEQUE, and needed there.

    Refused: ``AlreadyExists``, ``ChequeDetailsMissing``, ``NothingToDo``.
    """

    payment_id: PaymentId
    client_id: ClientId
    amount: Money
    mode: PaymentMode
    on: date
    reference: str = ""
    cheque: Cheque | None = None


@frozen(kw_only=True)
class AllocatePayment:
    """Settles an invoice with a part of the payment.

    ``amount``: above zero, tax included.

    Refused: ``AnotherClient``, ``MoreThanDue``, ``MoreThanPaid``, ``NothingToDo``, ``OutOfOrder``,
    ``WrongState``.
    """

    payment_id: PaymentId
    invoice_id: InvoiceId
    amount: Money
    on: date


@frozen(kw_only=True)
class VoidPayment:
    """The money never came (a cheque bounced, a typing error): the invoices are due again.

    Refused: ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
    """

    payment_id: PaymentId
    on: date
    reason: str


PaymentCommand = ReceivePayment | AllocatePayment | VoidPayment


@frozen(kw_only=True)
class PaymentReceived:
    """A client paid."""

    payment_id: PaymentId
    client_id: ClientId
    amount: Money
    mode: PaymentMode
    reference: str
    cheque: Cheque | None
    on: date


@frozen(kw_only=True)
class PaymentAllocated:
    """A part of it pays an invoice."""

    invoice_id: InvoiceId
    amount: Money
    on: date


@frozen(kw_only=True)
class PaymentVoided:
    """It does not count any more."""

    reason: str
    on: date


PaymentEvent = PaymentReceived | PaymentAllocated | PaymentVoided


@frozen(kw_only=True)
class ChequeDetailsMissing(Refused):
    """A cheque needs its date, its number and its drawee."""


@frozen(kw_only=True)
class MoreThanPaid(Refused):
    """The allocations would be above the amount of the payment."""

    amount: Money
    left: Money


@frozen(kw_only=True)
class AnotherClient(Refused):
    """The payment of one client does not settle the invoice of another."""

    invoice: str


@frozen(kw_only=True)
class Payment:
    """A payment, and what each part of it pays."""

    id: PaymentId
    client_id: ClientId
    amount: Money
    mode: PaymentMode
    reference: str
    cheque: Cheque | None
    on: date
    allocations: tuple[PaymentAllocated, ...] = ()
    voided: str | None = None

    @property
    def left(self) -> Money:
        """What no invoice has taken yet."""
        taken = sum(allocation.amount.centimes for allocation in self.allocations)
        return Money(self.amount.centimes - taken)

    @property
    def status(self) -> str:
        """Received while a part pays nothing yet, allocated, or voided."""
        if self.voided is not None:
            return "voided"
        return "received" if self.left else "allocated"


def receive(command: ReceivePayment) -> tuple[PaymentEvent, ...]:
    """Records a payment above zero; a cheque with its number and drawer."""
    if not command.amount:
        raise NothingToDo(what="amount")
    cheque = command.cheque
    if command.mode is PaymentMode.CHEQUE and not (
        cheque and visible(cheque.number) and visible(cheque.drawee)
    ):
        raise ChequeDetailsMissing()
    return (
        PaymentReceived(
            payment_id=command.payment_id,
            client_id=command.client_id,
            amount=command.amount,
            mode=command.mode,
            reference=command.reference,
            cheque=cheque,
            on=command.on,
        ),
    )


def allocate(payment: Payment, command: AllocatePayment) -> tuple[PaymentEvent, ...]:
    """Pays an invoice with no more than is left of the payment."""
    _not_voided(payment, "allocate")
    _follows_receipt(payment, "allocate", command.on)
    if command.amount > payment.left:
        raise MoreThanPaid(amount=command.amount, left=payment.left)
    return (PaymentAllocated(invoice_id=command.invoice_id, amount=command.amount, on=command.on),)


def void(payment: Payment, command: VoidPayment) -> tuple[PaymentEvent, ...]:
    """Voids a payment once, with a reason."""
    _not_voided(payment, "void")
    _follows_receipt(payment, "void", command.on)
    last = max((each.on for each in payment.allocations), default=None)
    days = Timeline("payment", payment.reference)
    days.follows("void", command.on, after="allocate", after_on=last)
    return (PaymentVoided(reason=reason_given(command.reason, "void"), on=command.on),)


def _follows_receipt(payment: Payment, step: str, on: date) -> None:
    days = Timeline("payment", payment.reference)
    days.follows(step, on, after="receive", after_on=payment.on)


def evolve(payment: Payment | None, event: PaymentEvent) -> Payment:
    """The payment after the event."""
    if isinstance(event, PaymentReceived):
        return Payment(
            id=event.payment_id,
            client_id=event.client_id,
            amount=event.amount,
            mode=event.mode,
            reference=event.reference,
            cheque=event.cheque,
            on=event.on,
        )
    assert payment is not None, "a payment is received before anything else happens to it"
    match event:
        case PaymentAllocated():
            return changed(payment, allocations=(*payment.allocations, event))
        case PaymentVoided():
            return changed(payment, voided=event.reason)
        case _:
            assert_never(event)


def owed_again(payment: Payment) -> dict[InvoiceId, Money]:
    """What each invoice had taken of this payment."""
    taken: dict[InvoiceId, Money] = {}
    for allocation in payment.allocations:
        before = taken.get(allocation.invoice_id, FREE_OF_CHARGE)
        taken[allocation.invoice_id] = before + allocation.amount
    return taken


def _not_voided(payment: Payment, step: str) -> None:
    if payment.voided is not None:
        raise WrongState(
            kind="payment", id=payment.id, code=payment.reference, state="voided", step=step
        )
