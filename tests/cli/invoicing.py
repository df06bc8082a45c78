"""Invoices for tests of the command line, which issues none itself."""

from datetime import date

from manchengo.application.bill_lines import lines_to_bill, unbilled
from manchengo.domain.names import comparison_key
from manchengo.ports.rows import DeliveryRow
from manchengo_cli.database import opened
from manchengo_cli.session import Session
from manchengo_presenters import entering_bills
from manchengo_workplace import proposing
from tests.cli.conftest import TODAY

NUMBER = "FAC-2026-000001"


def issue(due_on: date | None = None, *, by: str | None = None) -> None:
    """The invoice of the delivery BL-1, as the desktop issues it."""
    with opened(Session(user=by), acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            (note,) = snapshot.rows(DeliveryRow, code_key=comparison_key("BL-1"))
            lines = lines_to_bill(snapshot, [note], TODAY)
        proposing.execute_all(
            workplace, lambda choices: entering_bills.invoice(choices, [note], lines, due_on)
        )


def is_to_be_billed_again() -> bool:
    with opened(Session()) as workplace, workplace.dairy.reading() as snapshot:
        (note,) = snapshot.rows(DeliveryRow, code_key=comparison_key("BL-1"))
        return note in unbilled(snapshot, note.order_id)
