"""The forms of money: what a client pays, for an invoice or before there is one; and taken back."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from manchengo.application.choices import Choices
from manchengo.commands import AllocatePayment, Command, VoidPayment
from manchengo.domain.ids import ClientId, InvoiceId, PaymentId
from manchengo.domain.payment import Cheque, PaymentMode
from manchengo.domain.values import Money
from manchengo.ports.rows import PaymentRow
from manchengo_presenters import entering_bills, parsing, words
from manchengo_presenters.entering_bills import MoneyReceived
from manchengo_presenters.formatting import money
from manchengo_presenters.invoices import due
from manchengo_presenters.language import _
from manchengo_presenters.screens.bill_form import BillForm, OnEnd, invoice_row
from manchengo_presenters.screens.invoice_detail import InvoiceDetail
from manchengo_presenters.screens.screen_context import ScreenContext

MONEY_FIELDS = {
    "amount": "",
    "mode": PaymentMode.CASH.value,
    "reference": "",
    "cheque_number": "",
    "cheque_dated": "",
    "cheque_drawee": "",
}
"""What is filled in of money, with what it holds at first."""


class MoneyForm(BillForm):
    """Money that a client gives: how much, how, and what is to be known of a cheque."""

    _received: MoneyReceived | None = None

    @property
    def title(self) -> str:
        """What it does."""
        return _("Record a payment")

    @property
    def received(self) -> MoneyReceived:
        """What ``check`` read."""
        assert self._received is not None, "it was read"
        return self._received

    def check(self) -> None:
        """Read the fields; what is wrong stands beside them."""
        self._received = self.money()

    @property
    def modes(self) -> list[tuple[str, str]]:
        """How money comes, each with its words."""
        return [(mode.value, words.word(words.PAYMENT_MODES, mode)) for mode in PaymentMode]

    def is_mode(self, key: str) -> bool:
        """Whether the money comes so."""
        return self.values["mode"] == key

    def choose_mode(self, key: str) -> None:
        """It comes like that."""
        self.put("mode", key)
        self.changed()

    @property
    def takes_cheque(self) -> bool:
        """Whether a cheque is asked about."""
        return self.is_mode(PaymentMode.CHEQUE)

    def money(self) -> MoneyReceived | None:
        """What was filled in; None where something is wrong, which stands beside it."""
        amount = self.read("amount", lambda text: parsing.money(text, least=1))
        cheque = self._cheque() if self.takes_cheque else None
        if not isinstance(amount, int) or self.errors:
            return None
        return MoneyReceived(
            amount=Money(amount),
            mode=PaymentMode(self.values["mode"]),
            reference=self.values["reference"].strip(),
            cheque=cheque,
        )

    def _cheque(self) -> Cheque | None:
        for name in ("cheque_number", "cheque_dated", "cheque_drawee"):
            if not self.values[name].strip():
                self.errors[name] = _("Fill this in.")
        dated = self.read("cheque_dated", parsing.day)
        if not isinstance(dated, date):
            return None
        return Cheque(
            number=self.values["cheque_number"].strip(),
            dated=dated,
            drawee=self.values["cheque_drawee"].strip(),
        )


class PaymentForm(MoneyForm):
    """The client pays all that is due, or a part of it."""

    needed = ("amount",)

    def __init__(self, context: ScreenContext, detail: InvoiceDetail, on_end: OnEnd) -> None:
        beside = {
            "ChequeDetailsMissing": "cheque_number",
            "MoreThanDue": "amount",
            "NothingToDo": "amount",
        }
        fields = MONEY_FIELDS | {"amount": money(detail.due, "")}
        super().__init__(context, on_end, fields, beside)
        self.detail = detail

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        paid = self.received.amount.centimes
        return _("Payment of {amount} recorded; {left} still due.").format(
            amount=money(paid), left=money(self.detail.due - paid)
        )

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        bill = invoice_row(choices.snapshot, self.detail.invoice_id)
        return entering_bills.payment(choices, bill, self.received)


class AdvanceForm(MoneyForm):
    """A client pays before anything is invoiced, or several invoices at once. ``clients``: from
    whom one chooses, by id, in words.
    """

    needed = ("client", "amount")

    def __init__(
        self, context: ScreenContext, clients: Sequence[tuple[str, str]], on_end: OnEnd
    ) -> None:
        beside = {"ChequeDetailsMissing": "cheque_number", "NothingToDo": "amount"}
        super().__init__(context, on_end, {"client": "", **MONEY_FIELDS}, beside)
        self.clients = tuple(clients)

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        return _("Payment of {amount} recorded: it can pay invoices of this client.").format(
            amount=money(self.received.amount.centimes)
        )

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        client_id = ClientId(UUID(self.values["client"]))
        return (entering_bills.money(choices, client_id, self.received),)


class VoidForm(BillForm):
    """A payment never came, or was typed by mistake. ``whole``: its amount, in words."""

    needed = ("reason",)

    def __init__(
        self, context: ScreenContext, payment_id: PaymentId, whole: str, on_end: OnEnd
    ) -> None:
        super().__init__(context, on_end, {"reason": ""}, {"ReasonMissing": "reason"})
        self.payment_id = payment_id
        self.whole = whole

    @property
    def title(self) -> str:
        """What it does."""
        return _("Take back the payment of {amount}").format(amount=self.whole)

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Void the payment")

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        return _("The payment is taken back: what it paid is due again.")

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        reason = self.values["reason"].strip()
        return (VoidPayment(payment_id=self.payment_id, on=choices.day, reason=reason),)


def voiding(payment_id: PaymentId) -> str:
    """The name of the form that takes that payment back."""
    return f"VOID {payment_id}"


def use_of(choices: Choices, invoice_id: InvoiceId, payment_id: PaymentId) -> AllocatePayment:
    """What is left of that payment pays the invoice, as far as something is due."""
    bill = invoice_row(choices.snapshot, invoice_id)
    payment = choices.snapshot.get(PaymentRow, payment_id)
    assert payment is not None, "it was shown"
    return AllocatePayment(
        payment_id=payment_id,
        invoice_id=invoice_id,
        amount=Money(min(due(bill), payment.unallocated)),
        on=choices.day,
    )
