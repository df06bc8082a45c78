"""The rows of one file as lines of its kind: each typed and whole, or with all that is wrong in it.

The whole file is looked at before its first row is read, so that a column has one way of writing
figures and days. Rows that make one thing (the lines of an order) come together, wherever they
stand: they go in together or not at all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from attrs import define, field, frozen
from pydantic import ValidationError

from manchengo.domain.names import comparison_key
from manchengo.domain.values import Unit
from manchengo_files.asides import Aside, Asides
from manchengo_files.conventions import (
    Convention,
    Declared,
    Typed,
    conventions_of,
    read_back,
    written_out,
)
from manchengo_files.error_file import Fault
from manchengo_files.grouping import together
from manchengo_files.headers import Columns
from manchengo_files.kinds import Kind
from manchengo_files.kinds.line import Line, fields_of, heading_of, shapes_of
from manchengo_files.rows import Sheet, SourceRow
from manchengo_presenters import parsing
from manchengo_presenters.choices import UNITS as UNIT_WORDS
from manchengo_presenters.parsing import Rule, Unreadable
from manchengo_presenters.spelling import fold

L = TypeVar("L", bound=Line)

FIGURE_AND_UNIT = re.compile(r"\s*(.*[0-9])\s*([^\W\d_]+)\.?\s*", re.DOTALL)
UNITS = {fold(word): unit for word, unit in UNIT_WORDS.items()}

WITHHELD = {Rule.BLANK, Rule.FORMULA, Rule.SPREADSHEET_ERROR}
"""Where a workbook may hold something else than what it shows."""


@frozen
class ReadRow(Generic[L]):
    """A row: its text by column, and its line, or else its faults in the order of the file."""

    source: SourceRow
    cells: Mapping[str, str]
    line: L | None
    faults: tuple[Fault, ...] = ()
    units: Mapping[str, Unit] = field(factory=dict)
    """The units that stand in cells, behind the figures: ``12,5 kg``."""


@define(slots=False)
class Reader(Generic[L]):
    """Reads the rows of a sheet as lines of one kind."""

    sheet: Sheet
    columns: Columns
    kind: Kind[L]
    declared: Declared = field(factory=Declared)

    def entries(self) -> Iterator[list[ReadRow[L]]]:
        """The rows, those of one command together, in the order in which each first comes.

        A row that does not say which it belongs to stays with the one above: an order that lacks a
        line must not go in without it.
        """
        if not self._group:
            yield from ([self.read(source)] for source in self._rows())
            return
        for group in together(self._rows(), self._key):
            yield [self.read(source) for source in group]

    def read(self, source: SourceRow) -> ReadRow[L]:
        """The row as a line of the kind, or what is wrong with it."""
        try:
            cells = self.columns.cells(source)
        except Unreadable as fault:
            unreadable = Fault(column="", value=fault.value, rule=fault.rule, message=str(fault))
            return ReadRow(source, {}, None, (unreadable,))
        figures, units = self._without_units(cells)
        plain, faults = self._plain(source, figures)
        line: L | None = None
        try:
            line = self.kind.line.model_validate(plain)
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                name = str(error["loc"][0])
                faults.setdefault(name, self._of_cell(source, cells, name, error["ctx"]["error"]))
        if faults:
            return ReadRow(source, cells, None, tuple(self.in_order(faults.values())), units)
        return ReadRow(source, cells, line, units=units)

    def fault(self, row: ReadRow[L], field: str, rule: str, message: str) -> Fault:
        """A fault of a row, under the heading of the column that holds that field."""
        name = heading_of(self.kind.line, field)
        return Fault(
            column=self.heading(field),
            value=row.cells.get(name, ""),
            rule=rule,
            message=message,
        )

    def heading(self, field: str) -> str:
        """What the file calls the column of that field."""
        return self.columns.heading(heading_of(self.kind.line, field))

    def in_order(self, faults: Iterable[Fault]) -> list[Fault]:
        """As the columns of the file come, the first cause of trouble first."""
        places = self._places
        return sorted(faults, key=lambda fault: places.get(fault.column, len(places)))

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.columns.header)}

    def written_as(self, source: SourceRow) -> str:
        """How the figures and days of a row are read, for the file that hands it back."""
        if len(source.cells) > len(self.columns.header):
            return ""
        cells = self.columns.cells(source)
        return written_out(self._conventions, cells, self._conventions_of_row(source))

    def stated_units(self, row: ReadRow[L], field: str) -> list[Unit]:
        """The units that the header of a quantity and the cell itself state."""
        name = heading_of(self.kind.line, field)
        hint = self.columns.hints.get(name)
        units = [hint.unit if hint else None, row.units.get(name)]
        return [unit for unit in units if unit]

    def _without_units(self, cells: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Unit]]:
        """The cells with ``12,5`` where there is ``12,5 kg``, and the units taken off."""
        figures, units = dict(cells), dict[str, Unit]()
        for name in self._measured:
            text = cells[name]
            if text[-1:].isdigit():
                continue
            found = FIGURE_AND_UNIT.fullmatch(text)
            unit = UNITS.get(fold(found[2])) if found else None
            if found and unit:
                figures[name] = text if isinstance(text, Typed) else found[1]
                units[name] = unit
        return figures, units

    @cached_property
    def _measured(self) -> Sequence[str]:
        return [heading_of(self.kind.line, field) for field in self.kind.measured_in]

    # What the whole file says of its columns, and which rows of it record nothing.

    @property
    def left_aside(self) -> Mapping[int, Aside]:
        """The rows that are no record, by number: totals, and headers that come again."""
        return self._survey[1]

    @property
    def row_count(self) -> int:
        """How many rows are read."""
        return self.sheet.row_count - len(self.left_aside)

    @property
    def _conventions(self) -> dict[str, Convention]:
        return self._survey[0]

    @cached_property
    def _survey(self) -> tuple[dict[str, Convention], dict[int, Aside]]:
        """How each column of figures or days is written; reads the file once, to its end."""
        shapes = shapes_of(self.kind.line)
        positions = self.columns.positions
        found = conventions_of(
            {name: shape for name, shape in shapes.items() if name in positions},
            self.declared,
            {name: hint.day_order for name, hint in self.columns.hints.items() if hint.day_order},
        )
        looks = [(positions[name], column.look) for name, column in found.items()]
        fields = fields_of(self.kind.complete or self.kind.line)
        asides = Asides.of(self.columns, fields, shapes)
        aside: dict[int, Aside] = {}
        for row in self.sheet.rows():
            if len(row.cells) > asides.width:
                continue  # a separator too many: no cell of it can be trusted
            if why := asides.why(row):
                aside[row.number] = why
                continue
            for position, look in looks:
                look(row.cells[position], row.number)
        return found, aside

    def _rows(self) -> Iterator[SourceRow]:
        aside = self.left_aside
        return (row for row in self.sheet.rows() if row.number not in aside)

    def _plain(
        self, source: SourceRow, cells: dict[str, str]
    ) -> tuple[dict[str, str], dict[str, Fault]]:
        """The cells as the parsers read them, and the faults of those that have two readings."""
        stated = self._conventions_of_row(source)
        faults: dict[str, Fault] = {}
        plain = dict(cells)
        for name, column in self._conventions.items():
            try:
                plain[name] = column.plain(cells[name], stated.get(name))
            except Unreadable as unreadable:
                faults[name] = self._of_cell(source, cells, name, unreadable)
        return plain, faults

    def _conventions_of_row(self, source: SourceRow) -> dict[str, str]:
        """How an error file of ours says that a row of it is written."""
        at = self.columns.written_as
        return {} if at is None else read_back(source.cells[at], self._conventions)

    # Which rows belong together.

    @cached_property
    def _group(self) -> Sequence[str]:
        return [heading_of(self.kind.line, field) for field in self.kind.group]

    def _key(self, source: SourceRow) -> str | None:
        """What names the whole that a row is part of; None where it cannot be read.

        Of an update, a row that cannot be read stands alone.
        """
        try:
            cells = self.columns.cells(source)
            first = parsing.code(cells[self._group[0]])
        except Unreadable:
            return f"\n{source.number}" if self.kind.complete else None
        return "\n".join(
            [comparison_key(first), *(self._part_of_key(cells[name]) for name in self._group[1:])]
        )

    def _part_of_key(self, text: str) -> str:
        """A day, however it is written; or else the text."""
        try:
            return parsing.day(text).isoformat()
        except Unreadable:
            return comparison_key(text)

    def _of_cell(self, source: SourceRow, cells: Mapping[str, str], name: str, cause: Any) -> Fault:
        """A cell's own fault; where a workbook hides the cause, what really stands in the cell."""
        column = self.columns.heading(name)
        message = str(cause)
        if cause.rule in WITHHELD and name in self.columns.positions:
            truth = self.sheet.explain_blank(source.number, column)
            message = f"{message} ({truth})" if truth else message
        return Fault(column=column, value=str(cells[name]), rule=cause.rule, message=message)
