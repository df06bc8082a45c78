"""What every kind of file is read as: a header, and rows of text that know their number."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from attrs import frozen

from manchengo_files.unreadable import DuplicateHeader, NoHeader

# Space, line breaks, the no-break spaces, a stray byte order mark, and the end mark of DOS files.
BLANK = " \t\n\v\f\r\u00a0\u202f\ufeff\x1a"


@frozen
class SourceRow:
    """One row as a person sees it: ``number`` is the row's number in the spreadsheet.

    The header has number 1 where the file begins with it. There are at least as many cells as the
    header has names, blank cells being ``""``; more mean that the row holds a separator too many,
    and only then.
    """

    number: int
    cells: tuple[str, ...]


class Headings(Protocol):
    """The names of columns that a kind of file is known by."""

    def known(self, cells: Sequence[str]) -> int:
        """How many of its columns these cells name."""
        ...

    def suffice(self, cells: Sequence[str]) -> bool:
        """Whether these cells name every column that it needs."""
        ...


@frozen
class Place:
    """Where in a file its table was found.

    ``header_row`` is a row's number; ``above``, how many rows that are not blank stand over it;
    ``sheet``, the name of the workbook's sheet; ``other_sheets``, those that are not read.
    """

    header_row: int
    above: int = 0
    sheet: str | None = None
    other_sheets: tuple[str, ...] = ()


class Sheet(Protocol):
    """A table in a file. Opening it read it to the end: ``rows()`` raises nothing of its own."""

    @property
    def place(self) -> Place:
        """Where in the file the table is."""
        ...

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, as they are written."""
        ...

    @property
    def row_count(self) -> int:
        """How many rows ``rows()`` gives: those under the header that are not blank."""
        ...

    def rows(self) -> Iterator[SourceRow]:
        """The rows under the header, from the first again at each call; blank ones are skipped."""
        ...

    def explain_blank(self, row: int, column: str) -> str | None:
        """What the file really holds where a reader finds no value: ``"B12 : #N/A"``.

        ``row`` is a row's number, ``column`` a name of the header. None: the cell is truly blank.
        """
        ...


def is_blank(cells: Sequence[str]) -> bool:
    """Whether no cell says anything."""
    return not any(cell.strip(BLANK) for cell in cells)


def fitted(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """As wide as the header, or wider when what hangs over is not blank."""
    beyond = cells[width:]
    if beyond and is_blank(beyond):
        return tuple(cells[:width])
    return (*cells, *[""] * (width - len(cells)))


def header_of(path: Path, number: int, cells: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns, trimmed; unnamed columns at the end are left out.

    Raises ``NoHeader`` where no cell has a letter, ``DuplicateHeader`` where two names differ by
    nothing but case.
    """
    names = [cell.strip(BLANK) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(letter.isalpha() for name in names for letter in name):
        raise NoHeader(path=path, row=number)
    places: dict[str, list[int]] = {}
    for position, name in enumerate(names, start=1):
        places.setdefault(name.casefold(), []).append(position)
    for folded, columns in places.items():
        if folded and len(columns) > 1:
            name = names[columns[0] - 1]
            raise DuplicateHeader(path=path, name=name, columns=tuple(columns))
    return tuple(names)


ROWS_OVER_A_HEADER = 30
"""A table's title, its address, its date: a header further down is not looked for."""


def header_among(
    rows: Iterable[tuple[int, Sequence[str]]], headings: Headings | None
) -> tuple[int, int, Sequence[str]] | None:
    """The header among the first rows that are not blank, with its number and what stands above.

    It is the row that names the most columns; the first one where none names two. None: no rows.
    """
    first = list(islice(rows, ROWS_OVER_A_HEADER))
    if not first:
        return None
    scores = [headings.known(cells) if headings else 0 for _number, cells in first]
    above = scores.index(max(scores)) if max(scores) >= 2 else 0
    number, cells = first[above]
    return number, above, cells
