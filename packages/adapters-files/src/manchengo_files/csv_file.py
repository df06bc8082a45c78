"""A CSV of any office: its encoding, its separator, its quotation marks, read row by row.

The file is read through once when it is opened, so that whatever is wrong with it as a whole is
said before the first row is acted upon; memory stays flat because both readings stream.
"""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Self, TextIO

from attrs import frozen

from manchengo_files.encoding import encoding_of
from manchengo_files.error_file import REASONS
from manchengo_files.rows import (
    BLANK,
    Headings,
    Place,
    SourceRow,
    fitted,
    header_among,
    header_of,
    is_blank,
)
from manchengo_files.unreadable import CellTooLong, EmptyFile, UnclosedQuote

SEPARATORS = ";\t|,"  # on a tie the first wins: a comma is also a decimal mark
SAMPLE = 50
CELL_LIMIT = 1 << 20
"""Characters in one cell. A spreadsheet's own limit is 32,767; a note may come from elsewhere."""

HINT = re.compile(r"sep=([;\t|,])\r?\n?")  # a line Excel itself reads and does not show


@frozen
class CsvSheet:
    """A text file whose rows are separated values. See ``Sheet``."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    place: Place
    row_count: int

    @classmethod
    def open(cls, path: Path, headings: Headings | None = None) -> Self:
        """Read the whole file once and keep its header. Raises ``UnreadableFile``."""
        csv.field_size_limit(CELL_LIMIT)
        encoding = encoding_of(path)
        separator = separator_of(path, encoding, headings)
        found = header_among(_records(path, encoding, separator), headings)
        if found is None:
            raise EmptyFile(path=path)
        number, above, names = found
        header = header_of(path, number, names)
        count = sum(1 for _ in _records(path, encoding, separator)) - above - 1
        return cls(path, encoding, separator, header, Place(number, above), count)

    def rows(self) -> Iterator[SourceRow]:
        width = len(self.header)
        for number, cells in _records(self.path, self.encoding, self.separator):
            if number > self.place.header_row:
                yield SourceRow(number, fitted(cells, width))

    def explain_blank(self, row: int, column: str) -> None:
        """Nothing: in a text file a blank cell is blank."""


def separator_of(path: Path, encoding: str, headings: Headings | None = None) -> str:
    """What stands between two columns: ``;``, tab, ``|`` or ``,``.

    The one by which some row names the most columns. Where no row names two, only what divides the
    first can be it; of those, the one that makes the most columns, in the header and in as many as
    possible of the rows below. The standard library's guess is not asked: it prefers the comma,
    which is wrong for a file where every price has one.
    """
    with path.open(encoding=encoding, newline="") as lines:
        if hint := HINT.fullmatch(lines.readline(8)):
            return hint[1]
        lines.seek(0)
        sample = [line for line in islice(lines, SAMPLE) if line.strip(BLANK + SEPARATORS)]
    for separator in SEPARATORS:  # an error file of ours: it stands between our own columns
        if any(separator.join(REASONS) in line for line in sample):
            return separator
    named = {each: _columns_named(sample, each, headings) for each in SEPARATORS}
    if max(named.values()) >= 2:
        return max(SEPARATORS, key=named.__getitem__)
    return max(SEPARATORS, key=lambda separator: _columns_made(sample, separator))


def _columns_named(sample: list[str], separator: str, headings: Headings | None) -> int:
    """The most columns that a row of the sample names."""
    if headings is None:
        return 0
    try:
        return max(map(headings.known, csv.reader(sample, delimiter=separator)), default=0)
    except csv.Error:  # a cell too long, which is said later
        return 0


def _columns_made(sample: list[str], separator: str) -> tuple[float, int]:
    """Columns beyond the first as far as the rows bear them out, then as the header says."""
    try:
        header, *rows = map(len, csv.reader(sample, delimiter=separator))
    except (csv.Error, ValueError):  # nothing to read, or a cell too long, which is said later
        return 0, 0
    borne_out = rows.count(header) / len(rows) if rows else 1
    return (header - 1) * borne_out, header


def _records(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, numbered as a spreadsheet does: a blank one counts too."""
    with path.open(encoding=encoding, newline="") as source:
        lines = _Lines(source)
        reader = csv.reader(lines, delimiter=separator)
        number = 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise CellTooLong(path=path, row=number + 1, limit=CELL_LIMIT) from error
            if cells is None:
                return
            number += 1
            if lines.ended:
                raise UnclosedQuote(path=path, row=number)
            if not is_blank(cells):
                yield number, cells


class _Lines:
    """The lines of a file, and whether more were asked for than there are.

    The reader asks for one more line only inside quotation marks: a record that comes after the
    end was cut short by it.
    """

    def __init__(self, source: TextIO) -> None:
        self.source = source
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        if not HINT.fullmatch(self.source.readline(8)):
            self.source.seek(0)
        yield from self.source
        self.ended = True
