"""What every app says of an invoice: its number, what is due, what cancelling it does."""

from collections.abc import Iterator
from datetime import date

from manchengo.ports.rows import InvoiceRow
from manchengo_presenters.formatting import money
from manchengo_presenters.language import _


def number_shown(row: InvoiceRow) -> str:
    """The number of an invoice; of a draft, that it is one."""
    return row.number or _("Draft")


def is_overdue(row: InvoiceRow, today: date) -> bool:
    """Whether something is still owed on it after the last day of payment."""
    return row.status == "issued" and row.due_on is not None and row.due_on < today


def due(row: InvoiceRow) -> int:
    """What is still owed on an invoice that was issued, in centimes."""
    return max(0, row.gross - row.paid - row.credited)


def cancelling_effects(*, creditable: int, paid: int, bills_deliveries: bool) -> Iterator[str]:
    """What follows from its cancellation, in sentences, before it and after. ``creditable``: what
    no credit note took off it; ``paid``: what payments are for it; both in centimes.
    """
    yield _("A credit note of {amount} takes off all that is left of it.").format(
        amount=money(creditable)
    )
    if bills_deliveries:
        yield _("What was delivered is to be invoiced again.")
    if paid:
        yield _(
            "{amount} that the client paid stays on it: give it back, or take the payment back "
            "and record it again for another invoice."
        ).format(amount=money(paid))
    yield _("The invoice keeps its number; once cancelled, it stays so.")


def cancelled(number: str) -> str:
    """That it is done."""
    return _("The invoice {number} is cancelled.").format(number=number)
