"""A sheet of an .xlsx workbook, its cells as the text a person sees.

The cells come from calamine, which is ten times faster than openpyxl and leaves blank what it
cannot say: ``#N/A``, and a formula whose result was never saved. A blank there would be a lie (a
lot that never expires), so those cells are read again with openpyxl and given as they stand; the
parsers then refuse them by name.
"""

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import repeat
from pathlib import Path
from typing import Protocol, Self
from xml.etree import ElementTree
from xml.parsers import expat

from attrs import define, field, frozen
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from manchengo.domain.names import is_same_name
from manchengo_files.cell_formats import CellFormats, cell_formats
from manchengo_files.conventions import Typed
from manchengo_files.rows import (
    Headings,
    Place,
    SourceRow,
    fitted,
    header_among,
    header_of,
    is_blank,
)
from manchengo_files.unreadable import (
    CellTooLong,
    EmptyFile,
    NoSuchSheet,
    NotAWorkbook,
    SeveralSheets,
)
from manchengo_files.workbook_bounds import inspect

CELL_LIMIT = 32_767
"""Characters in one cell: no spreadsheet writes more."""

EXACT = 1e15
"""Beyond it a spreadsheet has already lost the last digits of a number."""

BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)
"""What the standard library raises on a damaged archive."""

SHOWN = (SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible)


@define
class WorkbookSheet:
    """One worksheet of a workbook. See ``Sheet``."""

    path: Path
    header: tuple[str, ...]
    place: Place
    row_count: int = field(init=False)
    _sheet: CalamineSheet
    _may_withhold: bool

    def __attrs_post_init__(self) -> None:
        self.row_count = sum(1 for _ in self.rows())

    @classmethod
    def open(
        cls, path: Path, headings: Headings | None = None, sheet_name: str | None = None
    ) -> Self:
        """Load the sheet and keep its header. Raises ``UnreadableFile``.

        Which sheet: the one that is named, or else the only visible one whose header suffices, or
        else the first visible one that is not empty.
        """
        may_withhold = _inspect(path)
        found, others = _chosen(path, headings, sheet_name)
        header = header_of(path, found.number, found.names)
        place = Place(found.number, found.above, found.sheet.name, others)
        return cls(path, header, place, found.sheet, may_withhold)

    def rows(self) -> Iterator[SourceRow]:
        width = len(self.header)
        for number, values in enumerate(self._values(), start=1):
            if number <= self.place.header_row:
                continue
            cells = [*map(text_of, values)]
            if self._formats:
                self._show(number, values, cells)
            for position, truth in self._withheld.get(number, {}).items():
                cells += [""] * (position + 1 - len(cells))
                cells[position] = cells[position] or truth
            if not is_blank(cells):
                if max(map(len, cells)) > CELL_LIMIT:
                    raise CellTooLong(path=self.path, row=number, limit=CELL_LIMIT)
                yield SourceRow(number, fitted(cells, width))

    def _show(self, number: int, values: Sequence[object], cells: list[str]) -> None:
        """Give the numbers of a row as their formats show them."""
        for position, value in enumerate(values):
            if isinstance(value, int | float) and not isinstance(value, bool):
                used = self._formats.at(number, position)
                if used and abs(value) < EXACT:
                    cells[position] = Typed(used.shown(value), used.figure(value))

    def explain_blank(self, row: int, column: str) -> str | None:
        position = self.header.index(column)
        truth = self._withheld.get(row, {}).get(position)
        return f"{_letters(position)}{row} : {truth}" if truth else None

    def _values(self) -> Iterator[list[object]]:
        """Every row from the sheet's first, from its first column; then those wholly withheld."""
        margin = [""] * _first_column(self._sheet)
        count = 0
        for values in self._sheet.iter_rows():
            yield [*margin, *values]
            count += 1
        yield from repeat([], max(self._withheld, default=0) - count)

    @cached_property
    def _formats(self) -> CellFormats:
        try:
            with zipfile.ZipFile(self.path) as archive:
                return cell_formats(archive, self._sheet.name)
        except (*BROKEN, KeyError, ElementTree.ParseError, expat.ExpatError) as error:
            raise NotAWorkbook(path=self.path) from error

    @cached_property
    def _withheld(self) -> dict[int, dict[int, str]]:
        """What calamine left blank, by row number and column position."""
        return _read_again(self.path, self._sheet.name) if self._may_withhold else {}


def text_of(value: object) -> str:
    """A cell as its reader sees it: ``12`` and not ``12.0``, ``01/11/2025`` for a date.

    A number keeps fifteen digits, as a spreadsheet does; one too large to be exact keeps its
    exponent, so that no parser takes invented zeros for an account number.
    """
    match value:
        case str():
            return value
        case bool():
            return "VRAI" if value else "FAUX"
        case int() | float():
            exact = abs(value) < EXACT
            return Typed(f"{Decimal(f'{value:.15g}'):f}" if exact else f"{value:.15g}")
        case datetime() if value.hour or value.minute or value.second:
            return Typed(f"{value:%Y-%m-%d %H:%M:%S}")
        case date():
            return Typed(f"{value.day:02}/{value.month:02}/{value.year:04}")
        case _:
            return str(value)


class _Cell(Protocol):
    """As openpyxl gives one: its type is ``e`` for an error, ``f`` for a formula."""

    value: object
    data_type: str


def _inspect(path: Path) -> bool:
    """Whether some cell may be withheld. Refuses what is no workbook, and what is too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            return inspect(path, archive)
    except (*BROKEN, expat.ExpatError) as error:
        raise NotAWorkbook(path=path) from error


@frozen
class _Found:
    """A sheet and its header."""

    sheet: CalamineSheet
    number: int
    above: int
    names: Sequence[str]


def _chosen(
    path: Path, headings: Headings | None, sheet_name: str | None
) -> tuple[_Found, tuple[str, ...]]:
    """The sheet to read, and the names of the others that are shown and hold anything."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            if sheet_name is not None:
                return _named(path, book, headings, sheet_name), ()
            shown = [
                index
                for index, sheet in enumerate(book.sheets_metadata)
                if (sheet.typ, sheet.visible) == SHOWN
            ]
            tables = [table for index in shown if (table := _table(book, index, headings))]
    except (CalamineError, OSError) as error:
        raise NotAWorkbook(path=path) from error
    if not tables:
        raise EmptyFile(path=path)
    whole = [each for each in tables if headings and headings.suffice(each.names)]
    if len(whole) > 1:
        raise SeveralSheets(path=path, sheets=tuple(each.sheet.name for each in whole))
    chosen = whole[0] if whole else tables[0]
    return chosen, tuple(each.sheet.name for each in tables if each is not chosen)


def _named(
    path: Path, book: CalamineWorkbook, headings: Headings | None, sheet_name: str
) -> _Found:
    names = list(book.sheet_names)
    alike = [name for name in names if is_same_name(name, sheet_name)]
    if not alike:
        raise NoSuchSheet(path=path, name=sheet_name, sheets=tuple(names))
    found = _table(book, names.index(alike[0]), headings)
    if found is None:
        raise EmptyFile(path=path)
    return found


def _table(book: CalamineWorkbook, index: int, headings: Headings | None) -> _Found | None:
    """The sheet with its header; None where it is empty."""
    sheet = book.get_sheet_by_index(index)
    margin = [""] * _first_column(sheet)
    rows = (
        (number, [*margin, *map(text_of, values)])
        for number, values in enumerate(sheet.iter_rows(), start=1)
    )
    found = header_among((row for row in rows if not is_blank(row[1])), headings)
    return _Found(sheet, *found) if found else None


def _first_column(sheet: CalamineSheet) -> int:
    """Rows are given from the first, but columns from the first that holds anything."""
    return sheet.start[1] if sheet.start else 0


def _read_again(path: Path, title: str) -> dict[int, dict[int, str]]:
    """Errors as they are shown, and formulas that have no result, by row number and position."""
    from openpyxl import load_workbook  # slow to import, and seldom needed

    withheld: dict[int, dict[int, str]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and drawings, which nobody here reads
        try:
            shown, written = (
                load_workbook(path, read_only=True, data_only=results)[title]
                for results in (True, False)
            )
            shown.reset_dimensions()
            written.reset_dimensions()
            for number, cells in enumerate(zip(shown.rows, written.rows, strict=True), start=1):
                for position, (result, formula) in enumerate(zip(*cells, strict=True)):
                    if truth := _withheld_by(result, formula):
                        withheld.setdefault(number, {})[position] = truth
        except Exception as error:  # a damaged file comes as whatever its parts raise
            raise NotAWorkbook(path=path) from error
    shown.parent.close()
    written.parent.close()
    return withheld


def _withheld_by(result: _Cell, formula: _Cell) -> str:
    """The truth about one cell; empty when its value was given, or is blank as it looks."""
    if result.data_type == "e":
        return str(result.value)
    computed = result.value is not None or result.data_type == "str"  # a formula may give no text
    if formula.data_type != "f" or computed:
        return ""
    return str(getattr(formula.value, "text", formula.value))


def _letters(position: int) -> str:
    from openpyxl.utils import get_column_letter  # slow to import

    return str(get_column_letter(position + 1))
