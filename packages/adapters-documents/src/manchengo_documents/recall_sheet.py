"""The calls of a recall on paper, to be ticked off at the telephone, and its mass balance."""

from datetime import datetime

from manchengo_documents.sheet import BODY, MARGIN, SMALL, WIDTH, Sheet, SheetColumn, sheets
from manchengo_presenters.calls import Call
from manchengo_presenters.language import _
from manchengo_presenters.recall_paper import BalanceLine, HeldLine, RecallPaper, balance_figures

_INDENT = 6.0
_NAME = 12.0
"""Points of whom to call, and of their telephone."""


def recall_pdf(paper: RecallPaper, *, made_at: datetime) -> bytes:
    """A PDF of A4; a drill says so at the head of each page."""
    return sheets(
        paper.drill or paper.heading,
        " · ".join(filter(None, (paper.plant, paper.asked_at))),
        lambda sheet: _draw(sheet, paper),
        made_at=made_at,
        top=paper.drill,
    )


def _draw(sheet: Sheet, paper: RecallPaper) -> None:
    sheet.line(paper.plant, bold=True)
    sheet.line(paper.heading, 20, bold=True)
    sheet.line(paper.begun_with, bold=True)
    sheet.line(paper.reach)
    for sentence in (*paper.completeness, paper.asked_at):
        sheet.line(sentence, SMALL, grey=True)
    _title(sheet, _("To call"))
    if paper.phones:
        sheet.line(paper.phones)
    if not paper.calls:
        sheet.line(_("None of it has left for a client."))
    for call in paper.calls:
        _call(sheet, call, is_hidden=bool(paper.phones))
    if paper.held:
        _title(sheet, _("To hold back here"))
        for held in paper.held:
            _held(sheet, held)
    _title(sheet, _("Lots reached, and their mass balance"))
    _balances(sheet, paper)
    for sentence in paper.balance_words:
        sheet.line(sentence)


def _title(sheet: Sheet, text: str) -> None:
    sheet.gap(5)
    sheet.need(20)
    sheet.line(text, 13, bold=True)
    sheet.gap(1)


def _call(sheet: Sheet, call: Call, *, is_hidden: bool) -> None:
    """Whom, beside a box to tick; what they got; a line for what they answer."""
    sheet.need(26 + 5 * len(call.goods[:3]))
    sheet.tick_box(MARGIN, sheet.y + 0.8)
    name = f"{call.name} ({call.code})" if call.code else call.name
    phone = call.phone or ("" if is_hidden else _("no telephone recorded"))
    room = WIDTH - _INDENT - 52
    lines = sheet.fitted(name, room, _NAME, bold=True)
    sheet.at(phone, MARGIN + WIDTH - 50, sheet.y, 50, _NAME, bold=bool(call.phone), align="R")
    for line in lines:
        sheet.at(line, MARGIN + _INDENT, sheet.y, room, _NAME, bold=True)
        sheet.gap(5.5)
    notes = any(goods.note for goods in call.goods)
    columns = [
        SheetColumn(title=_("Lot"), share=0.24),
        SheetColumn(title=_("Product"), share=0.2 if notes else 0.34),
        SheetColumn(title=_("Quantity"), share=0.12, is_figures=True),
        SheetColumn(title=_("Delivery note"), share=0.18),
        SheetColumn(title=_("Delivered on"), share=0.12),
    ]
    rows = [[each.lot, each.product, each.quantity, each.delivery, each.day] for each in call.goods]
    if notes:
        columns.append(SheetColumn(title=_("To be known"), share=0.14))
        rows = [[*row, each.note] for row, each in zip(rows, call.goods, strict=True)]
    sheet.table(columns, rows)
    answer = _("Called on {day} at {hour} by {who} answer: {answer}").format(
        day="_" * 10, hour="_" * 6, who="_" * 18, answer="_" * 44
    )
    sheet.gap(2)
    sheet.line(answer, SMALL)
    sheet.gap(4)


def _held(sheet: Sheet, held: HeldLine) -> None:
    room = WIDTH - _INDENT
    lines = sheet.fitted(f"{held.lot}\u00a0: {held.text}", room, BODY)
    sheet.need(4.2 * len(lines))
    sheet.tick_box(MARGIN, sheet.y + 0.3)
    for line in lines:
        sheet.at(line, MARGIN + _INDENT, sheet.y, room, BODY)
        sheet.gap(4.2)
    sheet.gap(1)


def _balances(sheet: Sheet, paper: RecallPaper) -> None:
    """Columns that no lot has a figure in are left out."""
    figures = [balance_figures(each) for each in paper.balances]
    shown = [
        place for place, _named in enumerate(figures[0]) if any(row[place][1] for row in figures)
    ]
    share = min(0.12, 0.62 / len(shown))
    lot = 1 - share * len(shown)
    columns = [
        SheetColumn(title=_("Lot"), share=lot),
        *(SheetColumn(title=figures[0][place][0], share=share, is_figures=True) for place in shown),
    ]
    rows = [
        [_lot(each), *(row[place][1] for place in shown)]
        for each, row in zip(paper.balances, figures, strict=True)
    ]
    sheet.table(columns, rows)


def _lot(each: BalanceLine) -> str:
    return " · ".join(filter(None, (each.code, each.product, each.state)))
