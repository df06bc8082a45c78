"""The rows of one file as lines of its kind: each typed and whole, or with all that is wrong in it.

Rows that make one thing (the lines of an order) stay together: they go in together or not at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from attrs import define, frozen
from pydantic import ValidationError

from manchengo_cli.importing.error_file import Fault
from manchengo_cli.importing.headers import Columns
from manchengo_cli.importing.kinds import Kind
from manchengo_cli.importing.kinds.line import Line, heading_of
from manchengo_cli.importing.parsing import Rule, Unreadable
from manchengo_cli.importing.rows import Sheet, SourceRow

L = TypeVar("L", bound=Line)

WITHHELD = {Rule.BLANK, Rule.FORMULA, Rule.SPREADSHEET_ERROR}
"""Where a workbook may hold something else than what it shows."""


@frozen
class ReadRow(Generic[L]):
    """A row: its text by column, and its line, or else its faults in the order of the file."""

    source: SourceRow
    cells: Mapping[str, str]
    line: L | None
    faults: tuple[Fault, ...] = ()


@define
class Reader(Generic[L]):
    sheet: Sheet
    columns: Columns
    kind: Kind[L]

    def entries(self) -> Iterator[list[ReadRow[L]]]:
        """The rows, those of one command together.

        They must follow each other. A row that does not say which it belongs to stays with the one
        above: an order that lacks a line must not go in without it.
        """
        entry: list[ReadRow[L]] = []
        current: tuple[str, ...] = ()
        if not self._group:
            yield from ([row] for row in map(self.read, self.sheet.rows()))
            return
        for row in map(self.read, self.sheet.rows()):
            key = tuple(row.cells.get(name, "").strip() for name in self._group)
            belongs = not key[0] or key == current
            if entry and not belongs:
                yield entry
                entry = []
            if not belongs:
                current = key
            entry.append(row)
        if entry:
            yield entry

    def read(self, source: SourceRow) -> ReadRow[L]:
        try:
            cells = self.columns.cells(source)
        except Unreadable as fault:
            told = Fault(column="", value=fault.value, rule=fault.rule, message=str(fault))
            return ReadRow(source, {}, None, (told,))
        try:
            return ReadRow(source, cells, self.kind.line.model_validate(cells))
        except ValidationError as invalid:
            faults = [self._of_cell(source, error) for error in invalid.errors(include_url=False)]
            return ReadRow(source, cells, None, tuple(self.in_order(faults)))

    def fault(self, row: ReadRow[L], field: str, rule: str, message: str) -> Fault:
        """What is wrong with a row, told of the column that holds that field."""
        name = heading_of(self.kind.line, field)
        return Fault(
            column=self.columns.heading(name),
            value=row.cells.get(name, ""),
            rule=rule,
            message=message,
        )

    def in_order(self, faults: Iterable[Fault]) -> list[Fault]:
        """As the columns of the file come, the first cause of trouble first."""
        places = {name: place for place, name in enumerate(self.columns.header)}
        return sorted(faults, key=lambda fault: places.get(fault.column, len(places)))

    @cached_property
    def _group(self) -> Sequence[str]:
        return [heading_of(self.kind.line, field) for field in self.kind.group]

    def _of_cell(self, source: SourceRow, error: Any) -> Fault:
        """A cell's own fault; where a workbook hides the cause, what really stands in the cell."""
        name = str(error["loc"][0])
        column = self.columns.heading(name)
        cause = error["ctx"]["error"]
        message = str(cause)
        if cause.rule in WITHHELD and name in self.columns.positions:
            truth = self.sheet.explain_blank(source.number, column)
            message = f"{message} ({truth})" if truth else message
        return Fault(column=column, value=str(error["input"]), rule=cause.rule, message=message)
