"""Sheets of A4 that are written from the top: lines, tables and boxes, page after page."""

from collections.abc import Callable, Sequence
from datetime import datetime

from attrs import frozen

from manchengo_documents.label_sizes import A4
from manchengo_documents.paper import LATIN, Paper
from manchengo_documents.text_fitting import LINE_HEIGHT, Fitted, Place, fit
from manchengo_presenters.language import _

POINTS_PER_MM = 72 / 25.4
MARGIN = 15.0
"""Millimetres that stay white on all sides."""

WIDTH = A4[0] - 2 * MARGIN
BOTTOM = A4[1] - MARGIN - 6
"""Where the last line ends: below it stands the number of the page."""

BODY = 9.5
"""Points of what is read."""

SMALL = 8.0
SMALLEST = 5.0
"""Points of a word that is too long for its cell: a code is smaller before it is cut."""

MOST_LINES = 4
"""Of a cell: a longer text is smaller, and ends in an ellipsis in the end."""

_PADDING = 1.2
_GREY = 90
_HAIRLINE = 0.2


@frozen(kw_only=True)
class SheetColumn:
    """``share``: of the width of the table. ``is_figures``: written at the right."""

    title: str
    share: float
    is_figures: bool = False


def sheets(
    title: str, what: str, draw: Callable[["Sheet"], None], *, made_at: datetime, top: str = ""
) -> bytes:
    """A PDF of as many sheets as it takes. ``what``: stands at the foot of each page before its
    number. ``top``: stands at the head of each, white on black; "" for nothing.
    """
    sheet = Sheet(title, made_at, top=top)
    draw(sheet)
    sheet.end(what)
    return sheet.paper.sealed()


class Sheet:
    """Writes from the top; places and sizes are in millimetres, letters in points."""

    def __init__(self, title: str, made_at: datetime, *, top: str) -> None:
        self.paper = Paper(A4, unit=POINTS_PER_MM, title=title, made_at=made_at)
        self._top = top
        self.y = MARGIN
        self._begin_page()

    def end(self, what: str) -> None:
        """Now that it is known how many pages there are, each has its foot."""
        pages = self.paper.page
        for page in range(1, pages + 1):
            self.paper.page = page
            words = _("{what}, page {page} of {pages}").format(what=what, page=page, pages=pages)
            self.at(words, MARGIN, A4[1] - MARGIN, WIDTH, SMALL, align="R", grey=True)

    def need(self, height: float) -> None:
        """Begin another page where so much does not stand on this one any more."""
        if self.y + height > BOTTOM and self.y > MARGIN + 20:
            self._begin_page()

    def gap(self, height: float) -> None:
        """Leave that free."""
        self.y += height

    def line(
        self, text: str, points: float = BODY, *, bold: bool = False, grey: bool = False
    ) -> None:
        """A paragraph over the whole width."""
        lines = self.fitted(text, WIDTH, points, bold=bold, most=40)
        for each in lines:
            self.need(_step(points))
            self.at(each, MARGIN, self.y, WIDTH, points, bold=bold, grey=grey)
            self.y += _step(points)

    def rule(self) -> None:
        """A line over the whole width."""
        self.paper.set_line_width(_HAIRLINE)
        self.paper.line(MARGIN, self.y, MARGIN + WIDTH, self.y)

    def tick_box(self, left: float, top: float, side: float = 3.6) -> None:
        """A box to be ticked by hand."""
        self.paper.set_line_width(0.35)
        self.paper.rect(left, top, side, side)

    def table(self, columns: Sequence[SheetColumn], rows: Sequence[Sequence[str]]) -> None:
        """Its head stands on each page that it reaches. A cell has several lines where it is
        long.
        """
        self.need(3 * _step(BODY))
        self._head(columns)
        for row in rows:
            cells = [
                self._cell(text, column, BODY) for text, column in zip(row, columns, strict=True)
            ]
            height = max(_height(cell) for cell in cells) + _PADDING
            if self.y + height > BOTTOM:
                self._begin_page()
                self._head(columns)
            self._row(columns, cells)
            self.y += height
            self.rule()
        self.gap(_PADDING)

    def fitted(
        self, text: str, width: float, points: float, *, bold: bool = False, most: int = MOST_LINES
    ) -> tuple[str, ...]:
        """The text in lines of that width, at most so many."""
        place = Place(width=width, largest=points, smallest=points, lines=most)
        return fit(self.paper, text, place, "B" if bold else "").lines

    def at(
        self,
        text: str,
        left: float,
        top: float,
        width: float,
        points: float,
        *,
        bold: bool = False,
        align: str = "L",
        grey: bool = False,
    ) -> None:
        """One line, there."""
        if grey:
            self.paper.set_text_color(_GREY)
        self.paper.set_font(LATIN, "B" if bold else "", points)
        self.paper.set_xy(left, top)
        self.paper.cell(width, _step(points), text, align=align)
        if grey:
            self.paper.set_text_color(0)

    def _head(self, columns: Sequence[SheetColumn]) -> None:
        cells = [self._cell(each.title, each, SMALL, bold=True) for each in columns]
        self._row(columns, cells, bold=True)
        self.y += max(_height(cell) for cell in cells) + _PADDING
        self.rule()

    def _cell(self, text: str, column: SheetColumn, points: float, *, bold: bool = False) -> Fitted:
        place = Place(
            width=column.share * WIDTH - 2 * _PADDING,
            largest=points,
            smallest=SMALLEST,
            lines=MOST_LINES,
        )
        return fit(self.paper, text, place, "B" if bold else "")

    def _row(
        self, columns: Sequence[SheetColumn], cells: Sequence[Fitted], *, bold: bool = False
    ) -> None:
        left = MARGIN
        for column, cell in zip(columns, cells, strict=True):
            width, align = column.share * WIDTH, "R" if column.is_figures else "L"
            for number, text in enumerate(cell.lines):
                top = self.y + _PADDING / 2 + number * _step(cell.points)
                inside = width - 2 * _PADDING
                self.at(text, left + _PADDING, top, inside, cell.points, bold=bold, align=align)
            left += width

    def _begin_page(self) -> None:
        self.paper.add_page()
        self.y = MARGIN
        if self._top:
            self._banner()

    def _banner(self) -> None:
        height = 8.0
        self.paper.set_fill_color(0)
        self.paper.rect(MARGIN, self.y, WIDTH, height, style="F")
        self.paper.set_text_color(255)
        self.at(self._top, MARGIN, self.y + 1.4, WIDTH, 12, bold=True, align="C")
        self.paper.set_text_color(0)
        self.y += height + 4


def _step(points: float) -> float:
    """Millimetres from one line to the next."""
    return points / POINTS_PER_MM * LINE_HEIGHT


def _height(cell: Fitted) -> float:
    return len(cell.lines) * _step(cell.points)
