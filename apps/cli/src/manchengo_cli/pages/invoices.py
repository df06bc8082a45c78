"""Invoices: the list, and what is answered when one is cancelled."""

from collections.abc import Mapping
from typing import Any

from manchengo import withheld
from manchengo.ports.lists import OneOf
from manchengo.ports.rows import InvoiceDeliveryRow, InvoiceRow
from manchengo.ports.store import Snapshot
from manchengo_cli import listing
from manchengo_cli.database import opened
from manchengo_cli.executing import execute_all
from manchengo_cli.output import Column, Table, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters import entering_bills, invoices, words
from manchengo_presenters.command_shapes import commit_shape
from manchengo_presenters.formatting import day, money, plain_money
from manchengo_presenters.language import _
from manchengo_presenters.listing import Asked, listed
from manchengo_presenters.open_orders import Shape, client_of
from manchengo_workplace import lookups

AMOUNTS = ("net", "vat", "gross", "paid", "credited")


def show_list(session: Session, *, everything: bool, given: Mapping[str, Any]) -> None:
    """Answer the drafts and those that are to be paid; with ``everything``, all. ``given``: by
    ``listing.OPTIONS``.
    """
    asked = listing.asked_for(InvoiceRow, given)
    where = () if everything else (OneOf("status", ("draft", "issued")),)
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        after = lookups.invoice(snapshot, asked.after) if asked and asked.after else None
        rows = listed(snapshot, (InvoiceRow,), asked or Asked(sort="date"), *where, after=after)
        answer(
            session,
            shape=lambda: [invoice_shape(snapshot, row) for row in rows],
            page=lambda: [listing.listed(invoices_table(snapshot, rows), asked)],
        )


def invoice_shape(snapshot: Snapshot, row: InvoiceRow) -> Shape:
    """An invoice as JSON; without the amounts that whoever asked may not read."""
    client, hidden = client_of(snapshot, row.client_id), withheld(row)
    return {
        "invoice": row.number,
        "client": client.code,
        "client_name": client.name,
        "status": row.status,
        "date": row.day.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        **{name: plain_money(getattr(row, name)) for name in AMOUNTS if name not in hidden},
    }


def invoices_table(snapshot: Snapshot, rows: list[InvoiceRow]) -> Table:
    """Without the amounts where whoever asked may not read them."""
    amounts: list[Column[InvoiceRow]] = [
        Column(_("Total with tax"), lambda row: money(row.gross), figures=True),
        Column(_("Still due"), lambda row: money(_owed(row)), figures=True),
    ]
    return tabled(
        rows,
        Column(_("Invoice"), invoices.number_shown),
        Column(_("Date"), lambda row: day(row.day)),
        Column(_("Client"), lambda row: client_of(snapshot, row.client_id).name),
        Column(_("To be paid by"), lambda row: day(row.due_on) if row.due_on else ""),
        *([] if any(withheld(row) for row in rows) else amounts),
        Column(_("State"), lambda row: words.state("invoice", row.status)),
        empty=_("No invoice waits to be issued or paid."),
    )


def _owed(row: InvoiceRow) -> int:
    return 0 if row.status == "draft" else invoices.due(row)


def cancel(session: Session, number: str, reason: str) -> None:
    """Take off the invoice of that number all that is left of it, and say what follows."""
    with opened(session, acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            row = lookups.invoice(snapshot, number)
            bills = next(snapshot.rows(InvoiceDeliveryRow, invoice_id=row.id, limit=1), None)
            effects = invoices.cancelling_effects(
                creditable=row.gross - row.credited,
                paid=row.paid,
                bills_deliveries=bills is not None,
            )
        drafted, issued = execute_all(
            workplace,
            session,
            lambda choices: entering_bills.cancellation(choices, row.id, reason),
        )
        answer(
            session,
            shape=lambda: (
                commit_shape(issued.command, issued.commit, issued.doubts)
                | {"invoice": row.number, "credit_note": _number(issued.command)}
                | {"commits": [str(each.commit.id) for each in (drafted, issued)]}
            ),
            page=lambda: [invoices.cancelled(row.number or ""), *effects],
        )


def _number(command: Any) -> str:
    return str(command.number)
