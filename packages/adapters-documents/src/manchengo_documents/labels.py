"""Labels as PDF: one to a page for a label printer, or many on a sheet of A4.

A label printer burns whole dots. A square of a QR code that is 5/3 dots wide comes out uneven and
cannot be read, so everything is drawn in dots: squares are whole numbers of them, and a little
smaller than they could be, since a dot that is touched is burnt.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby, repeat
from math import ceil

from attrs import evolve, frozen

from manchengo_documents.label_sizes import A4, LabelSize, RollSize, SheetSize
from manchengo_documents.paper import LATIN, Paper
from manchengo_documents.text_fitting import LINE_HEIGHT, Fitted, Place, fit
from manchengo_presenters.labels import LabelText

Modules = Sequence[Sequence[bool]]
"""The squares of a QR code, row by row, True for black, without the white around it."""

QUIET_ZONE = 4
"""Squares of white on each side of a QR code."""

DOTS_PER_MM = {203: 8.0, 300: 300 / 25.4}
"""By the resolution that a label printer is sold under, in dots to the inch."""

OFFICE_PRINTER = 600
POINTS_PER_MM = 72 / 25.4
_INSET = 0.15
_SMALLEST = 4.5
_SMALL_CODE = 7.2
"""Millimetres that the name of the thing takes at the lower edge of a small label."""

_GAP = 0.6
"""Millimetres above a note."""

_KEPT_FOR_NOTES = 7
"""Millimetres of a large label that the facts leave to the notes, where these need so much."""

_SCALES = (1, 0.9, 0.8, 0.7)
"""Of the size of the letters of facts, tried in this order until all facts fit."""


@frozen(kw_only=True)
class PrintedLabel:
    """What stands on a label, and its QR code."""

    text: LabelText
    modules: Modules


def label_roll(
    labels: Sequence[PrintedLabel], *, size: RollSize, dpi: int, made_at: datetime
) -> bytes:
    """A PDF with a page of that size for each label. ``dpi``: 203 or 300, as the printer has."""
    pen = _Pen(size.size.width, size.size.height, DOTS_PER_MM[dpi], made_at)
    for label in labels:
        pen.paper.add_page()
        pen.draw(label, size.size, left=0, top=0)
    return pen.paper.sealed()


def label_sheets(
    labels: Sequence[PrintedLabel], *, size: SheetSize, made_at: datetime, used: int = 0
) -> bytes:
    """A PDF of sheets of A4. ``used``: how many labels of the first sheet are gone already."""
    layout = size.layout
    pen = _Pen(*A4, OFFICE_PRINTER / 25.4, made_at)
    places = enumerate(labels, start=used % layout.count)
    for _, sheet in groupby(places, key=lambda place: place[0] // layout.count):
        pen.paper.add_page()
        for place, label in sheet:
            row, column = divmod(place % layout.count, layout.columns)
            pen.draw(
                label,
                layout.size,
                left=layout.left + column * layout.size.width,
                top=layout.top + row * layout.size.height,
            )
    return pen.paper.sealed()


class _Pen:
    """Draws in the dots of one printer; sizes and places come in millimetres."""

    def __init__(self, width: float, height: float, dots_per_mm: float, made_at: datetime) -> None:
        self._scale = dots_per_mm
        self.paper = Paper(
            (round(width * dots_per_mm), round(height * dots_per_mm)),
            unit=POINTS_PER_MM / dots_per_mm,
            title="Étiquettes",
            made_at=made_at,
        )

    def draw(self, label: PrintedLabel, size: LabelSize, *, left: float, top: float) -> None:
        inside = evolve(
            size, width=size.width - 2 * size.margin, height=size.height - 2 * size.margin
        )
        draw = self._small if size.is_small else self._large
        draw(label, inside, left + size.margin, top + size.margin)

    def _small(self, label: PrintedLabel, size: LabelSize, left: float, top: float) -> None:
        """The code at the left, its facts beside it, its name over the whole width below."""
        text, margin = label.text, 1.5
        side = self._code(label.modules, size.module, left, top + 0.5)
        beside, width = left + side, size.width - side - margin
        y = top + margin
        y = self._line(text.kind, beside, y, width, 5)
        y = self._line(text.title, beside, y, width, 8, lines=2, style="B")
        if text.arabic_title:
            y = self._line(text.arabic_title, beside, y, width, 7, align="R")
        for name, value in text.facts:
            if y > top + size.height - _SMALL_CODE - 2.7:
                break
            y = self._line(f"{name} {value}", beside, y, width, 6)
        self._line(
            text.code,
            left + margin,
            top + size.height - _SMALL_CODE,
            size.width - 2 * margin,
            13,
            style="B",
            align="C",
        )

    def _large(self, label: PrintedLabel, size: LabelSize, left: float, top: float) -> None:
        """The code at the left with its name below it, everything else beside it."""
        text, margin = label.text, 3.0
        side = self._code(label.modules, size.module, left, top)
        self._line(
            text.code, left + margin, top + side, side - margin, 14, lines=2, style="B", align="C"
        )
        beside, width = left + side + 1, size.width - side - 1 - margin
        y = self._line(text.kind, beside, top + margin, width, 7)
        y = self._line(text.title, beside, y, width, 13, lines=2, one_line=10, style="B")
        if text.arabic_title:
            y = self._line(text.arabic_title, beside, y, width, 11, align="R")
        bottom = top + size.height - margin
        least = [self._least(note, width) for note in (text.note, text.arabic_note)]
        y = self._facts(text, beside, y + 0.8, width, bottom - min(sum(least), _KEPT_FOR_NOTES))
        room = bottom - y
        for note, needs, align in zip((text.note, text.arabic_note), least, "LR", strict=True):
            if note and y < bottom - 1.9:
                share = room * needs / sum(least) - _GAP
                one_line = share * POINTS_PER_MM / LINE_HEIGHT
                largest = max(_SMALLEST, min(6.5, one_line))
                y = self._line(
                    note, beside, y + _GAP, width, largest, lines=20, height=share, align=align
                )

    def _least(self, note: str, width: float) -> float:
        """Millimetres that a note takes in the smallest letters; 0 where there is none."""
        if not note:
            return 0
        fitted = self._fitted(note, width, _SMALLEST, lines=20)
        return len(fitted.lines) * fitted.points / POINTS_PER_MM * LINE_HEIGHT + _GAP

    def _facts(
        self, text: LabelText, left: float, top: float, width: float, bottom: float
    ) -> float:
        """The facts, in smaller letters where they would not all fit; where the notes begin."""
        facts = [
            _Fact(name, value, arabic)
            for (name, value), arabic in zip(
                text.facts, chain(text.arabic_names, repeat("")), strict=False
            )
        ]
        for scale in _SCALES:
            if top + sum(self._height(fact, width, scale) for fact in facts) <= bottom:
                break
        for fact in facts:
            below = top + self._height(fact, width, scale)
            if below > bottom:
                break
            self._fact(fact, left, top, width, scale)
            top = below
        return top

    def _height(self, fact: "_Fact", width: float, scale: float) -> float:
        """Millimetres that the fact takes."""
        place = fact.width_of_value(width)
        value = self._fitted(fact.value, place, 8 * scale, lines=4, one_line=5, style="B")
        return max(
            len(value.lines) * value.points / POINTS_PER_MM * LINE_HEIGHT,
            3.3 * scale,
        )

    def _fact(self, fact: "_Fact", left: float, top: float, width: float, scale: float) -> None:
        """The name at the left, its Arabic at the right, the value between them."""
        value, names = 8 * scale, 7 * scale
        self._line(fact.name, left, top + 0.2, width * 0.33, names)
        room = fact.width_of_value(width)
        self._line(
            fact.value, left + width * 0.35, top, room, value, lines=4, one_line=5, style="B"
        )
        beside = fact.width_of_arabic(width)
        self._line(fact.arabic, left + width - beside, top + 0.2, beside, names, align="R")

    def _code(self, modules: Modules, module: float, left: float, top: float) -> float:
        """The QR code with its white; how many millimetres it takes each way."""
        dots = ceil(round(module * self._scale, 3))
        x, y = round(left * self._scale), round(top * self._scale)
        for row, first, last in _runs(modules):
            self.paper.rect(
                x + (first + QUIET_ZONE) * dots + _INSET,
                y + (row + QUIET_ZONE) * dots + _INSET,
                (last - first) * dots - 2 * _INSET,
                dots - 2 * _INSET,
                style="F",
            )
        return (len(modules) + 2 * QUIET_ZONE) * dots / self._scale

    def _line(
        self,
        text: str,
        left: float,
        top: float,
        width: float,
        points: float,
        *,
        lines: int = 1,
        one_line: float = float("inf"),
        height: float = float("inf"),
        style: str = "",
        align: str = "L",
    ) -> float:
        """Writes what fits; where the next line begins. ``one_line``: the points down to which one
        line of smaller letters is better than several of larger ones.
        """
        fitted = self._fitted(
            text, width, points, lines=lines, one_line=one_line, height=height, style=style
        )
        step = fitted.points / POINTS_PER_MM * LINE_HEIGHT
        self.paper.set_font(LATIN, style, fitted.points)
        for line in fitted.lines:
            self.paper.set_xy(left * self._scale, top * self._scale)
            self.paper.cell(width * self._scale, step * self._scale, line, align=align)
            top += step
        return top

    def _fitted(
        self,
        text: str,
        width: float,
        points: float,
        *,
        lines: int = 1,
        one_line: float = float("inf"),
        height: float = float("inf"),
        style: str = "",
    ) -> Fitted:
        """As ``_line`` writes it."""
        place = Place(
            width=width * self._scale,
            height=height * POINTS_PER_MM,
            lines=lines,
            one_line=one_line,
            largest=points,
            smallest=_SMALLEST,
        )
        return fit(self.paper, text, place, style)


@frozen
class _Fact:
    """A line of a large label. ``arabic``: the name again; "" where it is said in French only."""

    name: str
    value: str
    arabic: str

    def width_of_arabic(self, width: float) -> float:
        """The part of the line that it takes."""
        return width * 0.25 if self.arabic else 0

    def width_of_value(self, width: float) -> float:
        """The part of the line between the names."""
        return width * 0.65 - self.width_of_arabic(width)


def _runs(modules: Modules) -> Iterator[tuple[int, int, int]]:
    """The black squares that touch in a row, as the row, the first column and that after the last:
    drawn as one, they have no white line between them.
    """
    for row, squares in enumerate(modules):
        column = 0
        for black, run in groupby(squares):
            length = len(list(run))
            if black:
                yield row, column, column + length
            column += length
