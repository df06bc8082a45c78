"""Invoices at the command line: a list, and an issued one cancelled by a credit note."""

from datetime import date

import pytest

from manchengo.ports.rows import CreditNoteRow, InvoiceRow
from manchengo_cli.database import opened
from manchengo_cli.session import Session
from tests.cli.conftest import TODAY
from tests.cli.invoicing import NUMBER, is_to_be_billed_again, issue
from tests.cli.running import arrives, asked, done, run

pytestmark = pytest.mark.usefixtures("dairy")

GROSS = "44506.00"
"""22 kg at 1 700 DA, and 19 % of TVA."""


def test_an_issued_invoice_is_listed_until_it_is_cancelled() -> None:
    issue(date(2026, 12, 24))
    (shown,) = asked("invoice", "list")
    assert shown == {
        "invoice": NUMBER,
        "client": "C1",
        "client_name": "Ziani",
        "status": "issued",
        "date": TODAY.isoformat(),
        "due_on": "2026-12-24",
        "net": "37400.00",
        "vat": "7106.00",
        "gross": GROSS,
        "paid": "0.00",
        "credited": "0.00",
    }
    assert "44\u202f506,00\u00a0DA" in done("invoice", "list").out
    done("invoice", "cancel", NUMBER, "--reason", "mauvais client")
    assert asked("invoice", "list") == []
    (shown,) = asked("invoice", "list", "--all", "--search", "000001")
    assert (shown["status"], shown["credited"]) == ("cancelled", GROSS)


def test_a_cancellation_says_what_follows_from_it() -> None:
    issue()
    assert not is_to_be_billed_again()
    answer = done("invoice", "cancel", NUMBER.lower(), "--reason", "mauvais client").out
    assert answer.splitlines() == [
        f"La facture {NUMBER} est annulée.",
        "Un avoir de 44\u202f506,00\u00a0DA en retire tout ce qui reste.",
        "Ce qui a été livré redevient à facturer.",
        "La facture garde son numéro\u00a0; une fois annulée, elle le reste.",
    ]
    assert is_to_be_billed_again()


def test_a_cancellation_is_a_credit_note_with_its_reason_and_its_day() -> None:
    issue()
    answer = done(
        *("invoice", "cancel", NUMBER, "--reason", "mauvais client"),
        *("--on", "2026-11-24", "--json"),
    ).shape
    assert (answer["command"], answer["invoice"]) == ("credit_note.issue", NUMBER)
    assert len(answer["commits"]) == 2
    with opened(Session()) as workplace, workplace.dairy.reading() as snapshot:
        (note,) = snapshot.rows(CreditNoteRow)
    assert (note.number, note.reason) == (answer["credit_note"], "mauvais client")


def test_an_invoice_is_cancelled_once() -> None:
    issue()
    done("invoice", "cancel", NUMBER, "--reason", "mauvais client")
    again = run("invoice", "cancel", NUMBER, "--reason", "mauvais client", "--json")
    assert (again.code, again.fault["error"]) == (1, "NothingToDo")
    with opened(Session()) as workplace, workplace.dairy.reading() as snapshot:
        assert len(list(snapshot.rows(CreditNoteRow))) == 1
        assert len(list(snapshot.rows(InvoiceRow))) == 1


def test_a_number_that_no_invoice_bears_is_unknown() -> None:
    unknown = run("invoice", "cancel", "FAC-7", "--reason", "erreur", "--json")
    assert (unknown.code, unknown.fault["error"]) == (1, "Unknown")
    assert unknown.fault["facts"] == {"kind": "invoice", "reference": "FAC-7"}


def test_who_may_not_credit_cancels_nothing() -> None:
    issue()
    arrives("karim", "livreur")
    refused = run("invoice", "cancel", NUMBER, "--reason", "erreur", "--user", "karim", "--json")
    assert (refused.code, refused.fault["error"]) == (1, "NotPermitted")
