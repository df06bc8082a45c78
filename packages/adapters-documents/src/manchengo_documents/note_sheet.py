"""A delivery note on paper: who sends what to whom, lot by lot, and who signs for it."""

from datetime import datetime

from manchengo_documents.sheet import BODY, MARGIN, SMALL, WIDTH, Sheet, SheetColumn, sheets
from manchengo_presenters.delivery_note import DeliveryNote, NoteLine, PartyOnPaper
from manchengo_presenters.language import _

_HALF = WIDTH / 2 - 4
_LINE = 4.2
"""Millimetres from one line of a party to the next."""

_SIGNATURE = 26.0
"""Millimetres of the place in which somebody signs."""


def delivery_note_pdf(note: DeliveryNote, *, made_at: datetime) -> bytes:
    """A PDF of A4."""
    what = f"{note.title} {note.code}"
    return sheets(what, what, lambda sheet: _draw(sheet, note), made_at=made_at, top=note.state)


def _draw(sheet: Sheet, note: DeliveryNote) -> None:
    sheet.line(note.title, 20, bold=True)
    sheet.line(note.code, 14, bold=True)
    sheet.gap(3)
    _parties(sheet, note)
    sheet.gap(4)
    said = (_("{name}: {value}").format(name=name, value=value) for name, value in note.facts)
    sheet.line(" · ".join(said))
    sheet.gap(3)
    _lines(sheet, note)
    for total in note.totals:
        sheet.line(total, bold=True)
    sheet.gap(3)
    sheet.line(note.mention, SMALL, grey=True)
    _signatures(sheet, note)


def _parties(sheet: Sheet, note: DeliveryNote) -> None:
    """The seller at the left, the client at the right."""
    top = sheet.y
    ends = [
        _party(sheet, note.seller, MARGIN, top),
        _party(sheet, note.client, MARGIN + _HALF + 8, top),
    ]
    sheet.y = max(ends)


def _party(sheet: Sheet, party: PartyOnPaper, left: float, top: float) -> float:
    sheet.at(party.role, left, top, _HALF, SMALL, grey=True)
    y = top + _LINE
    for line in sheet.fitted(party.name, _HALF, 12, bold=True):
        sheet.at(line, left, y, _HALF, 12, bold=True)
        y += 5.5
    for text in party.lines:
        for line in sheet.fitted(text, _HALF, BODY):
            sheet.at(line, left, y, _HALF, BODY)
            y += _LINE
    return y


def _lines(sheet: Sheet, note: DeliveryNote) -> None:
    has_returns = any(line.returned for line in note.lines)
    columns = [
        SheetColumn(title=_("Product"), share=0.36 if has_returns else 0.5),
        SheetColumn(title=_("Lot"), share=0.23),
        SheetColumn(title=_("Use by"), share=0.13),
        SheetColumn(title=_("Quantity"), share=0.14, is_figures=True),
    ]
    rows = [[_product(line), line.lot, line.expires, line.quantity] for line in note.lines]
    if has_returns:
        columns.append(SheetColumn(title=_("Came back"), share=0.14, is_figures=True))
        rows = [[*row, line.returned] for row, line in zip(rows, note.lines, strict=True)]
    sheet.table(columns, rows)


def _product(line: NoteLine) -> str:
    return f"{line.product} {line.arabic}".rstrip()


def _signatures(sheet: Sheet, note: DeliveryNote) -> None:
    """A place for each, all on one page."""
    sheet.gap(6)
    sheet.need(_SIGNATURE + 4)
    width = (WIDTH - 2 * 4) / len(note.signatures)
    for number, (role, name) in enumerate(note.signatures):
        left = MARGIN + number * (width + 4)
        sheet.paper.set_line_width(0.2)
        sheet.paper.rect(left, sheet.y, width, _SIGNATURE)
        sheet.at(role, left + 2, sheet.y + 1.5, width - 4, SMALL, grey=True)
        if name:
            (first, *_more) = sheet.fitted(name, width - 4, BODY, most=1)
            sheet.at(first, left + 2, sheet.y + 5.5, width - 4, BODY)
        sheet.at(
            _("Date and signature"), left + 2, sheet.y + _SIGNATURE - 5, width - 4, SMALL, grey=True
        )
    sheet.gap(_SIGNATURE)
