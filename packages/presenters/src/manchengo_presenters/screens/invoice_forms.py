"""The forms of what is done with an invoice: issue a draft, take a payment, credit, void."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from enum import Enum

from manchengo.application.bill_lines import lines_left
from manchengo.application.choices import Choices
from manchengo.commands import AllocatePayment, Command, VoidPayment
from manchengo.domain.ids import InvoiceId, PaymentId
from manchengo.domain.payment import Cheque, PaymentMode
from manchengo.domain.values import Money
from manchengo.ports.rows import InvoiceRow, PaymentRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import entering_bills, parsing, words
from manchengo_presenters.entering_bills import MoneyReceived
from manchengo_presenters.formatting import money
from manchengo_presenters.formatting import quantity as written_quantity
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.invoice_detail import InvoiceDetail, PaymentOfInvoice
from manchengo_presenters.screens.screen_context import ScreenContext


class Action(Enum):
    """What a person does with an invoice; the value is the words of its button."""

    ISSUE = N_("Issue")
    PAY = N_("Record a payment")
    CREDIT = N_("Credit")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


OnEnd = Callable[[], Awaitable[None]]


class BillForm(Form):
    """``on_end``: called once it is recorded."""

    needed: tuple[str, ...] = ()

    def __init__(
        self,
        context: ScreenContext,
        detail: InvoiceDetail,
        on_end: OnEnd,
        fields: Mapping[str, str],
        beside: Mapping[str, str],
    ) -> None:
        super().__init__(context.background, fields, beside=beside)
        self._office = context.office
        self._context = context
        self._on_end = on_end
        self.detail = detail

    @property
    def title(self) -> str:
        """What it does."""
        raise NotImplementedError

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Record")

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded, once ``check`` found nothing wrong."""
        raise NotImplementedError

    def check(self) -> None:
        """Read the fields; what is wrong stands beside them."""

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        raise NotImplementedError

    def choose(self, name: str, key: str) -> None:
        """One of the options of that field."""
        self.put(name, key)
        self.changed()

    async def submit(self) -> None:
        """Record it; the form is over then."""
        if self.is_busy:
            return
        self.require(self.needed)
        self.check()
        if not self.is_right:
            return
        if await self.attempt(lambda: self._office.record_all(self.build)) is not None:
            self._context.window.say(self.recorded_words)
            await self._on_end()


class IssueForm(BillForm):
    """A draft gets its number."""

    def __init__(self, context: ScreenContext, detail: InvoiceDetail, on_end: OnEnd) -> None:
        super().__init__(context, detail, on_end, {"due_on": ""}, {"OutOfOrder": "due_on"})
        self._due_on: date | None = None

    @property
    def title(self) -> str:
        """What it does."""
        return _("Issue the invoice")

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return Action.ISSUE.words

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        return _("The invoice is issued: its number and its lines stay as they are.")

    def check(self) -> None:
        """Read the fields; what is wrong stands beside them."""
        found = self.read("due_on", parsing.day)
        self._due_on = found if isinstance(found, date) else None

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        return (entering_bills.issue(choices, self.detail.invoice_id, self._due_on),)


class PaymentForm(BillForm):
    """The client pays all that is due, or a part of it."""

    needed = ("amount",)

    def __init__(self, context: ScreenContext, detail: InvoiceDetail, on_end: OnEnd) -> None:
        fields = {
            "amount": money(detail.due, ""),
            "mode": PaymentMode.CASH.value,
            "reference": "",
            "cheque_number": "",
            "cheque_dated": "",
            "cheque_drawee": "",
        }
        beside = {
            "ChequeDetailsMissing": "cheque_number",
            "MoreThanDue": "amount",
            "NothingToDo": "amount",
        }
        super().__init__(context, detail, on_end, fields, beside)
        self._received: MoneyReceived | None = None

    @property
    def title(self) -> str:
        """What it does."""
        return _("Record a payment")

    @property
    def modes(self) -> list[tuple[str, str]]:
        """How money comes, each with its words."""
        return [(mode.value, words.word(words.PAYMENT_MODES, mode)) for mode in PaymentMode]

    def is_mode(self, key: str) -> bool:
        """Whether the money comes so."""
        return self.values["mode"] == key

    @property
    def takes_cheque(self) -> bool:
        """Whether a cheque is asked about."""
        return self.is_mode(PaymentMode.CHEQUE)

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        assert self._received is not None, "it was read"
        paid = self._received.amount.centimes
        return _("Payment of {amount} recorded; {left} still due.").format(
            amount=money(paid), left=money(self.detail.due - paid)
        )

    def check(self) -> None:
        """Read the fields; what is wrong stands beside them."""
        amount = self.read("amount", lambda text: parsing.money(text, least=1))
        cheque = self._cheque() if self.takes_cheque else None
        if isinstance(amount, int) and not self.errors:
            self._received = MoneyReceived(
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

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        assert self._received is not None, "it was read"
        bill = invoice_row(choices.snapshot, self.detail.invoice_id)
        return entering_bills.payment(choices, bill, self._received)


class CreditForm(BillForm):
    """Takes lines off the invoice, whole or in part: ``quantity-0`` is of its first line."""

    needed = ("reason",)

    def __init__(self, context: ScreenContext, detail: InvoiceDetail, on_end: OnEnd) -> None:
        fields = {
            _quantity(place): written_quantity(left.thousandths)
            for place, left in enumerate(detail.left)
        }
        super().__init__(
            context,
            detail,
            on_end,
            {"reason": "", **fields},
            {"ReasonMissing": "reason", "PartOfAPiece": _quantity(0)},
        )
        self._wanted: dict[int, int] = {}

    @property
    def title(self) -> str:
        """What it does."""
        return _("Credit note on the invoice {number}").format(number=self.detail.number)

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return _("Issue the credit note")

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The field of each line of which something is left, with its words."""
        return [
            (
                _quantity(place),
                _("{product} ({unit})").format(
                    product=self.detail.bill.lines[place].designation,
                    unit=words.unit_word(2_000, left.unit),
                ),
            )
            for place, left in enumerate(self.detail.left)
            if left
        ]

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        return _("The credit note is issued: the amount due fell.")

    def check(self) -> None:
        """Read the fields; what is wrong stands beside them."""
        self._wanted = {}
        for place, left in enumerate(self.detail.left):
            name = _quantity(place)
            if not left:
                continue
            found = self.read(name, lambda text: parsing.quantity(text, least=0))
            if not isinstance(found, int) or not found:
                continue
            if found > left.thousandths:
                self.errors[name] = _("No more than {quantity} is left to credit.").format(
                    quantity=words.measure(left)
                )
            self._wanted[place] = found
        fields = [name for name, _words in self.lines]
        if not self._wanted and self.errors.keys().isdisjoint(fields):
            self.errors[fields[0]] = _("Type a quantity on one line at least.")

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        invoice_id = self.detail.invoice_id
        lines = lines_left(choices.snapshot, invoice_id)
        wanted = [
            line.with_quantity(line.quantity.with_thousandths(self._wanted[place]))
            for place, line in enumerate(lines)
            if place in self._wanted
        ]
        reason = self.values["reason"].strip()
        return entering_bills.credit(choices, invoice_id, tuple(wanted), reason)


class VoidForm(BillForm):
    """A payment never came: what it paid is due again."""

    needed = ("reason",)

    def __init__(
        self,
        context: ScreenContext,
        detail: InvoiceDetail,
        on_end: OnEnd,
        payment: PaymentOfInvoice,
    ) -> None:
        super().__init__(context, detail, on_end, {"reason": ""}, {"ReasonMissing": "reason"})
        self.payment = payment

    @property
    def title(self) -> str:
        """What it does."""
        return _("Take back the payment of {amount}").format(amount=self.payment.whole)

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        return _("The payment is taken back: what it paid is due again.")

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        reason = self.values["reason"].strip()
        return (VoidPayment(payment_id=self.payment.payment_id, on=choices.day, reason=reason),)


def use_of(choices: Choices, invoice_id: InvoiceId, payment_id: PaymentId) -> AllocatePayment:
    """What is left of that payment pays the invoice, as far as something is due."""
    bill = invoice_row(choices.snapshot, invoice_id)
    payment = choices.snapshot.get(PaymentRow, payment_id)
    assert payment is not None, "it was shown"
    due = bill.gross - bill.paid - bill.credited
    return AllocatePayment(
        payment_id=payment_id,
        invoice_id=invoice_id,
        amount=Money(max(0, min(due, payment.unallocated))),
        on=choices.day,
    )


def invoice_row(snapshot: Snapshot, invoice_id: InvoiceId) -> InvoiceRow:
    """The row of an invoice that was opened where it is listed."""
    row = snapshot.get(InvoiceRow, invoice_id)
    assert row is not None, "it was opened where it is listed"
    return row


def _quantity(place: int) -> str:
    return f"quantity-{place}"
