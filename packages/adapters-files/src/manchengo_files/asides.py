"""Rows of a table that record nothing: its totals, and its header where a new page begins."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self

from attrs import frozen

from manchengo.domain.names import comparison_key
from manchengo_files.conventions import Shape
from manchengo_files.headers import Columns, Field
from manchengo_files.rows import BLANK, SourceRow

TOTAL = re.compile(
    r"(?:(?:sous|grand)[ -]?)?tota(?:l|ux)\b.*|(?:sub|grand) ?total\b.*|somme\b.*|cumul\b.*"
    r"|(?:ال)?مجموع.*"
)


class Aside(StrEnum):
    """Why a row is left aside."""

    TOTAL = "total"
    HEADER = "header"


@frozen
class Asides:
    """``named``: where the cells stand that every record fills in with a code, a day or a word."""

    width: int
    header: tuple[str, ...]
    named: tuple[int, ...]

    @classmethod
    def of(cls, columns: Columns, fields: Sequence[Field], shapes: Mapping[str, Shape]) -> Self:
        """Those of a table with these columns; ``shapes``: what each column holds."""
        named = tuple(
            columns.positions[field.name]
            for field in fields
            if field.required
            and field.name in columns.positions
            and shapes.get(field.name) is not Shape.FIGURE
        )
        return cls(len(columns.header), tuple(map(comparison_key, columns.header)), named)

    def why(self, row: SourceRow) -> Aside | None:
        """Why the row is left aside; None: it is a record, right or wrong.

        A row of totals has the word in some cell, and beside it none of the cells that a record
        must fill in: it could not go in, whatever its word means.
        """
        cells = row.cells
        if all(cells[at].strip(BLANK) for at in self.named):
            return Aside.HEADER if self._is_header(cells) else None
        filled = {at for at in self.named if cells[at].strip(BLANK)}
        words = {at for at, cell in enumerate(cells) if TOTAL.fullmatch(comparison_key(cell))}
        return Aside.TOTAL if words and filled <= words else None

    def _is_header(self, cells: Sequence[str]) -> bool:
        first = self.named[0]
        if comparison_key(cells[first]) != self.header[first]:
            return False
        filled = ((cell, name) for cell, name in zip(cells, self.header, strict=True) if cell)
        return all(comparison_key(cell) in {"", name} for cell, name in filled)
