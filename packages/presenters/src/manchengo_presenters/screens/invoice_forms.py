"""The forms of what is done with an invoice: issue a draft, credit some of it, cancel it."""

from collections.abc import Sequence
from datetime import date
from enum import Enum

from manchengo.application.bill_lines import lines_left
from manchengo.application.choices import Choices
from manchengo.commands import Command
from manchengo_presenters import entering_bills, invoices, parsing, words
from manchengo_presenters.formatting import quantity as written_quantity
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.bill_form import BillForm, OnEnd
from manchengo_presenters.screens.invoice_detail import InvoiceDetail
from manchengo_presenters.screens.screen_context import ScreenContext


class Action(Enum):
    """What a person does with an invoice; the value is the words of its button."""

    ISSUE = N_("Issue")
    PAY = N_("Record a payment")
    CREDIT = N_("Credit")
    CANCEL = N_("Cancel the invoice")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


class IssueForm(BillForm):
    """A draft gets its number."""

    def __init__(self, context: ScreenContext, detail: InvoiceDetail, on_end: OnEnd) -> None:
        super().__init__(context, on_end, {"due_on": ""}, {"OutOfOrder": "due_on"})
        self.detail = detail
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
            on_end,
            {"reason": "", **fields},
            {"ReasonMissing": "reason", "PartOfAPiece": _quantity(0)},
        )
        self.detail = detail
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


class CancelForm(BillForm):
    """Takes off the invoice all that is left of it, by a credit note of its own."""

    needed = ("reason",)

    def __init__(self, context: ScreenContext, detail: InvoiceDetail, on_end: OnEnd) -> None:
        super().__init__(context, on_end, {"reason": ""}, {"ReasonMissing": "reason"})
        self.detail = detail

    @property
    def title(self) -> str:
        """What it does."""
        return _("Cancel the invoice {number}?").format(number=self.detail.number)

    @property
    def effects(self) -> list[str]:
        """What follows from it, in sentences."""
        detail = self.detail
        return list(
            invoices.cancelling_effects(
                creditable=detail.creditable,
                paid=detail.paid,
                bills_deliveries=bool(detail.deliveries),
            )
        )

    @property
    def button(self) -> str:
        """The words of its primary action."""
        return Action.CANCEL.words

    @property
    def recorded_words(self) -> str:
        """What was recorded."""
        return invoices.cancelled(self.detail.number)

    def build(self, choices: Choices) -> Sequence[Command]:
        """What is recorded."""
        reason = self.values["reason"].strip()
        return entering_bills.cancellation(choices, self.detail.invoice_id, reason)


def _quantity(place: int) -> str:
    return f"quantity-{place}"
