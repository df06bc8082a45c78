"""How a column writes its figures and its days, decided by all of its cells before any is read.

``1.250`` is a ton of milk in one file and a spoonful in another, ``09/10/2026`` is in October or in
September. No cell answers that by itself; its column does, when another cell of it can be read in
one way only. Where nothing in the column answers, the cell is refused with both readings, unless
the person who imports the file says which it is.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol, Self

from attrs import define, field, frozen

from manchengo_presenters import parsing
from manchengo_presenters.language import _
from manchengo_presenters.parsing import Rule, Unreadable

CLEAR_MAJORITY = 10
"""How many certain days to one the columns of a file must say before the one is a mistake."""


class Typed(str):
    """Text of a cell that its workbook holds as a number or a day: it can be read in one way.

    ``figure`` is the number without what its format shows around it: ``19`` for ``19%``.
    """

    figure: str

    def __new__(cls, shown: str, figure: str | None = None) -> Self:
        made = super().__new__(cls, shown)
        made.figure = shown if figure is None else figure
        return made


class DecimalMark(StrEnum):
    """How a column writes decimals."""

    COMMA = ","
    POINT = "."

    @property
    def example(self) -> str:
        """A figure so written."""
        return f"1234{self}5"


class DayOrder(StrEnum):
    """How a column writes days."""

    DAY_FIRST = "jj/mm/aaaa"
    MONTH_FIRST = "mm/jj/aaaa"

    @property
    def example(self) -> str:
        """The pattern, as people read it."""
        return self.value


class Shape(StrEnum):
    """What the cells of a column hold."""

    FIGURE = "figure"
    DAY = "day"


@frozen(kw_only=True)
class Declared:
    """What the person who imports says of the whole file; None where nothing is stated."""

    decimal_mark: DecimalMark | None = None
    day_order: DayOrder | None = None


class Convention(Protocol):
    """How one column writes its values: learned from every cell first, then applied to each."""

    def look(self, text: str, row: int) -> None:
        """Learns from a cell."""
        ...

    def plain(self, text: str, in_row: str | None = None) -> str:
        """The cell as the parsers read it. ``in_row``: the convention that the row itself states.
        Raises ``Unreadable`` for a cell that has two readings.
        """
        ...

    def reading_of(self, text: str) -> DecimalMark | DayOrder | None:
        """The convention by which the cell is read; None where that is not known."""
        ...


# ----------------------------------------------------------------------------------- figures

MARK = re.compile(r"[.,]")
TWO_READINGS = re.compile(r"-?[1-9][0-9]{0,2}([.,])[0-9]{3}")
THREE_DIGITS = re.compile(r"[.,][0-9]{3}(?![0-9])")
ONE_MARK = re.compile(r"-?[0-9][0-9 ']*([.,])[0-9]+")
SAME_MARK_TWICE = re.compile(r"-?[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})+")
BOTH_MARKS = re.compile(r"-?[0-9][0-9.,]*([.,])[0-9]+")


def decimal_mark_of(figure: str) -> DecimalMark | None:
    """The decimal mark that these digits and marks can only be written with, if there is one."""
    marks = MARK.findall(figure)
    if len(marks) == 1 and (found := ONE_MARK.fullmatch(figure)):
        return None if TWO_READINGS.fullmatch(figure) else DecimalMark(found[1])
    if len(set(marks)) == 1 and SAME_MARK_TWICE.fullmatch(figure):
        return _other(DecimalMark(marks[0]))
    if len(set(marks)) > 1 and BOTH_MARKS.fullmatch(figure):
        return DecimalMark(marks[-1])
    return None


def _other(mark: DecimalMark) -> DecimalMark:
    return DecimalMark.POINT if mark is DecimalMark.COMMA else DecimalMark.COMMA


@define
class FigureColumn:
    """``proofs``: the first row that can only be written with this decimal mark."""

    declared: DecimalMark | None = None
    proofs: dict[DecimalMark, int] = field(factory=dict)

    def look(self, text: str, row: int) -> None:
        points, commas = text.count("."), text.count(",")
        if not points + commas or isinstance(text, Typed):
            return
        if (
            points + commas == 1
            and (DecimalMark.POINT if points else DecimalMark.COMMA) in self.proofs
        ):
            return  # one mark can prove nothing else than itself
        mark = decimal_mark_of(parsing.bare_figure(text))
        if mark:
            self.proofs.setdefault(mark, row)

    def reading_of(self, text: str) -> DecimalMark | None:
        return DecimalMark.POINT if isinstance(text, Typed) else self._mark

    def plain(self, text: str, in_row: str | None = None) -> str:
        """``1.250`` is ``1250`` in a column whose decimal mark is the comma."""
        if isinstance(text, Typed):
            return text.figure
        if not THREE_DIGITS.search(text):
            return text
        figure = parsing.bare_figure(text)
        found = TWO_READINGS.fullmatch(figure)
        if not found:
            return text
        mark = DecimalMark(in_row) if in_row else self._mark
        if mark is None:
            raise self._two_readings(text, figure)
        return figure if found[1] == mark else MARK.sub("", figure)

    @property
    def _mark(self) -> DecimalMark | None:
        if self.declared:
            return self.declared
        return next(iter(self.proofs)) if len(self.proofs) == 1 else None

    def _two_readings(self, text: str, figure: str) -> Unreadable:
        whole, decimals = MARK.split(figure)
        rows = sorted(self.proofs.values())
        return Unreadable(
            Rule.TWO_READINGS_OF_A_FIGURE,
            text,
            first=f"{whole}{decimals}",
            second=f"{whole},{decimals.rstrip('0') or '0'}",
            reason=_("rows {first} and {second} contradict each other").format(
                first=rows[0], second=rows[1]
            )
            if rows
            else _("nothing in the column says which"),
        )


# ------------------------------------------------------------------------------------- days


@lru_cache(8_192)  # days come back row after row
def day_order_of(written: str) -> DayOrder | None:
    """The order that this date can only be written in, if there is one."""
    found = parsing.DAY_FIRST.fullmatch(written)
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    if first <= 12 < second:
        return DayOrder.MONTH_FIRST
    return DayOrder.DAY_FIRST if second <= 12 < first else None


@define
class DayColumn:
    """Days come first, as everywhere in the country, until a cell of the column says otherwise.

    ``siblings``: the columns of days of the same file, this one among them.
    """

    declared: DayOrder | None = None
    counts: dict[DayOrder, int] = field(factory=lambda: dict.fromkeys(DayOrder, 0))
    month_first_row: int = 0
    siblings: "list[DayColumn]" = field(factory=list, repr=False, eq=False)

    def look(self, text: str, row: int) -> None:
        order = None if isinstance(text, Typed) else day_order_of(text.strip())
        if order:
            self.counts[order] += 1
        if order is DayOrder.MONTH_FIRST:
            self.month_first_row = self.month_first_row or row

    def reading_of(self, text: str) -> DayOrder | None:
        return DayOrder.DAY_FIRST if isinstance(text, Typed) else self._order

    def plain(self, text: str, in_row: str | None = None) -> str:
        """As the parser of days reads it; the year first where the column has the month first."""
        order = DayOrder(in_row) if in_row else self._order
        if isinstance(text, Typed) or order is DayOrder.DAY_FIRST:
            return text
        found = parsing.DAY_FIRST.fullmatch(text.strip())
        if not found:
            return text
        first, second, year = int(found[1]), int(found[3]), found[4]
        if len(year) == 2:
            return text
        if order is DayOrder.MONTH_FIRST:
            return _month_first(text, first, second, year)
        if first == second or max(first, second) > 12:
            return text
        raise Unreadable(
            Rule.TWO_READINGS_OF_A_DAY,
            text,
            first=f"{year}-{second:02}-{first:02}",
            second=f"{year}-{first:02}-{second:02}",
            reason=_("row {row} has the month first").format(row=self.month_first_row),
        )

    @property
    def _order(self) -> DayOrder | None:
        if self.declared:
            return self.declared
        if not self.month_first_row:
            return DayOrder.DAY_FIRST
        odd = self.counts[DayOrder.MONTH_FIRST]
        whole_file = self.siblings or [self]
        most = sum(column.counts[DayOrder.DAY_FIRST] for column in whole_file)
        odd_in_file = sum(column.counts[DayOrder.MONTH_FIRST] for column in whole_file)
        clear = most >= CLEAR_MAJORITY * odd_in_file
        return DayOrder.DAY_FIRST if clear and self.counts[DayOrder.DAY_FIRST] > odd else None


def _month_first(text: str, month: int, day: int, year: str) -> str:
    if month > 12 >= day:
        raise Unreadable(Rule.DAY_FIRST, text)
    return f"{year}-{month:02}-{day:02}"


# ------------------------------------------------------------------------------ a whole file

NOTHING_IN_HEADERS: Mapping[str, DayOrder] = MappingProxyType({})


def conventions_of(
    shapes: Mapping[str, Shape],
    declared: Declared,
    in_header: Mapping[str, DayOrder] = NOTHING_IN_HEADERS,
) -> dict[str, Convention]:
    """One for each column of figures or of days. ``in_header``: the order that its header says."""
    days: list[DayColumn] = []
    made: dict[str, Convention] = {}
    for name, shape in shapes.items():
        if shape is Shape.FIGURE:
            made[name] = FigureColumn(declared.decimal_mark)
        else:
            order = declared.day_order or in_header.get(name)
            days.append(DayColumn(order, siblings=days))
            made[name] = days[-1]
    return made


# ----------------------------------------------------------- stated in a row that is handed back

_BY_VALUE: dict[str, DecimalMark | DayOrder] = {
    each.value: each for each in (*DecimalMark, *DayOrder)
}
_EXAMPLES = {each.example: each.value for each in _BY_VALUE.values()}


def written_out(
    conventions: Mapping[str, Convention], cells: Mapping[str, str], in_row: Mapping[str, str]
) -> str:
    """``quantite: 1234,5 | date: jj/mm/aaaa``: how the figures and days of one row are read.

    ``in_row``: the conventions that the row itself states, by column.
    """
    found = {
        name: _BY_VALUE.get(in_row.get(name, "")) or column.reading_of(cells[name])
        for name, column in conventions.items()
    }
    return " | ".join(f"{name}: {each.example}" for name, each in found.items() if each)


def read_back(text: str, names: Iterable[str]) -> dict[str, str]:
    """What ``written_out`` wrote, by column; what a person changed in it beyond reading is left."""
    pairs = (part.partition(":") for part in text.split("|"))
    stated = {name.strip(): _EXAMPLES.get(example.strip()) for name, _colon, example in pairs}
    return {name: value for name in names if (value := stated.get(name))}
