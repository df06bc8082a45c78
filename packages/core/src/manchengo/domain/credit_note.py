"""A credit note: what undoes an issued invoice, whole or in part, at the invoice's own rates."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.billing import BillLine, Totals, totals, whole
from manchengo.domain.errors import Refused, Timeline, WrongState, reason_given
from manchengo.domain.ids import CreditNoteId, InvoiceId
from manchengo.domain.invoice import Issued, NumberMissing
from manchengo.domain.names import visible
from manchengo.domain.values import Money, Percent


@frozen(kw_only=True)
class DraftCreditNote:
    """Credits what an issued invoice charged too much; the note has no number yet.

    ``lines``: one or more, priced before tax, at TVA rates of the invoice.

    Refused: ``AlreadyExists``, ``LineIncomplete``, ``MoreThanBilledAtRate``, ``NothingToDo``,
    ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
    """

    credit_note_id: CreditNoteId
    invoice_id: InvoiceId
    lines: tuple[BillLine, ...]
    on: date
    reason: str


@frozen(kw_only=True)
class IssueCreditNote:
    """Numbers the note and freezes it: the amount due on the invoice falls.

    ``number``: in the series of the device or the server; unique among credit notes.

    Refused: ``AlreadyExists``, ``MoreThanBilledAtRate``, ``MoreThanDue``, ``NothingToDo``,
    ``NumberMissing``, ``NumberOfAnotherDevice``, ``NumberSkipsOne``, ``OutOfOrder``,
    ``WrongState``.
    """

    credit_note_id: CreditNoteId
    number: str
    on: date


CreditNoteCommand = DraftCreditNote | IssueCreditNote


@frozen(kw_only=True)
class CreditNoteDrafted:
    """A credit note was drafted."""

    credit_note_id: CreditNoteId
    invoice_id: InvoiceId
    lines: tuple[BillLine, ...]
    reason: str
    on: date


@frozen(kw_only=True)
class CreditNoteIssued:
    """It was issued under its number."""

    number: str
    totals: Totals
    on: date


CreditNoteEvent = CreditNoteDrafted | CreditNoteIssued


@frozen(kw_only=True)
class MoreThanBilledAtRate(Refused):
    """It would credit more at that TVA rate than the invoice charges less other credit notes;
    ``left`` is zero if the invoice has no such rate. Amounts are before tax.
    """

    invoice: str
    rate: Percent
    credited: Money
    left: Money


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


def draft(command: DraftCreditNote, bill: Issued) -> tuple[CreditNoteEvent, ...]:
    """Drafts a credit note of no more than the invoice asks."""
    lines = whole(command.lines)
    _follows_invoice(command.on, bill)
    no_more_than_billed(totals(lines), bill, earlier=())
    return (
        CreditNoteDrafted(
            credit_note_id=command.credit_note_id,
            invoice_id=command.invoice_id,
            lines=lines,
            reason=reason_given(command.reason, "credit"),
            on=command.on,
        ),
    )


def issue(note: CreditNote, command: IssueCreditNote, bill: Issued) -> tuple[CreditNoteIssued, ...]:
    """Gives a draft its number and its amounts."""
    if note.number is not None:
        raise WrongState(
            kind="credit_note", id=note.id, code=note.number, state="issued", step="issue"
        )
    number = visible(command.number)
    if not number:
        raise NumberMissing(kind="credit_note")
    _follows_invoice(command.on, bill)
    days = Timeline("credit_note", number)
    days.follows("issue", command.on, after="draft", after_on=note.on)
    return (CreditNoteIssued(number=number, totals=totals(note.lines), on=command.on),)


def _follows_invoice(on: date, bill: Issued) -> None:
    Timeline("invoice", bill.number).follows("credit", on, after="issue", after_on=bill.on)


def no_more_than_billed(amounts: Totals, bill: Issued, *, earlier: Iterable[Totals]) -> None:
    """``MoreThanBilledAtRate`` where more is credited at a rate than was billed at it: TVA that the
    State never had is not asked back. ``earlier``: what other credit notes took off that invoice.
    """
    left = {of_rate.rate: of_rate.base.centimes for of_rate in bill.totals.vat}
    for note in earlier:
        for of_rate in note.vat:
            left[of_rate.rate] = left.get(of_rate.rate, 0) - of_rate.base.centimes
    for of_rate in amounts.vat:
        still = Money(max(0, left.get(of_rate.rate, 0)))
        if of_rate.rate not in left or of_rate.base > still:
            raise MoreThanBilledAtRate(
                invoice=bill.number, rate=of_rate.rate, credited=of_rate.base, left=still
            )


def evolve(note: CreditNote | None, event: CreditNoteEvent) -> CreditNote:
    """The credit note after the event."""
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
