"""A credit note: what undoes an issued invoice, whole or in part, at the invoice's own rates."""

from datetime import date
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.billing import BillLine, Totals, totals, whole
from manchengo.domain.errors import WrongState, reason_given
from manchengo.domain.ids import CreditNoteId, InvoiceId
from manchengo.domain.invoice import NumberMissing


@frozen(kw_only=True)
class DraftCreditNote:
    credit_note_id: CreditNoteId
    invoice_id: InvoiceId
    lines: tuple[BillLine, ...]
    on: date
    reason: str


@frozen(kw_only=True)
class IssueCreditNote:
    credit_note_id: CreditNoteId
    number: str
    on: date


@frozen(kw_only=True)
class CreditNoteDrafted:
    credit_note_id: CreditNoteId
    invoice_id: InvoiceId
    lines: tuple[BillLine, ...]
    reason: str
    on: date


@frozen(kw_only=True)
class CreditNoteIssued:
    number: str
    totals: Totals
    on: date


CreditNoteEvent = CreditNoteDrafted | CreditNoteIssued


@frozen(kw_only=True)
class CreditNote:
    """``number`` and ``totals`` are None while it is a draft."""

    id: CreditNoteId
    invoice_id: InvoiceId
    lines: tuple[BillLine, ...]
    reason: str
    on: date
    number: str | None = None
    totals: Totals | None = None


def draft(command: DraftCreditNote) -> tuple[CreditNoteEvent, ...]:
    return (
        CreditNoteDrafted(
            credit_note_id=command.credit_note_id,
            invoice_id=command.invoice_id,
            lines=whole(command.lines),
            reason=reason_given(command.reason, "credit"),
            on=command.on,
        ),
    )


def issue(note: CreditNote, command: IssueCreditNote) -> tuple[CreditNoteIssued, ...]:
    if note.number is not None:
        raise WrongState(
            kind="credit_note", id=note.id, code=note.number, state="issued", step="issue"
        )
    number = command.number.strip()
    if not number:
        raise NumberMissing(kind="credit_note")
    return (CreditNoteIssued(number=number, totals=totals(note.lines), on=command.on),)


def evolve(note: CreditNote | None, event: CreditNoteEvent) -> CreditNote:
    match event:
        case CreditNoteDrafted():
            return CreditNote(
                id=event.credit_note_id,
                invoice_id=event.invoice_id,
                lines=event.lines,
                reason=event.reason,
                on=event.on,
            )
        case CreditNoteIssued():
            assert note is not None, "a credit note is drafted before it is issued"
            return changed(note, number=event.number, totals=event.totals)
        case _:
            assert_never(event)
