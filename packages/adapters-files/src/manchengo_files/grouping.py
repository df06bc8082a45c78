"""Rows that belong together, brought together wherever they stand in a file of any length.

What is read waits in a database of its own on the disk, which nobody else sees and which is gone
when it is closed: memory stays flat, and the rows come back in one pass.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import msgspec

from manchengo_files.conventions import Typed
from manchengo_files.rows import SourceRow

ON_DISK = ""
"""The name SQLite gives to a private database in a temporary file."""

TABLES = """
CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE rows (
    group_id INTEGER, number INTEGER, cells BLOB, typed BLOB, PRIMARY KEY (group_id, number)
) WITHOUT ROWID;
"""


def together(
    rows: Iterable[SourceRow], key: Callable[[SourceRow], str | None]
) -> Iterator[list[SourceRow]]:
    """The rows of each key, the keys in the order in which they first come.

    A row without a key of its own has the key of the one above.
    """
    waiting = sqlite3.connect(ON_DISK, isolation_level=None)
    try:
        waiting.executescript(f"PRAGMA journal_mode = OFF; {TABLES} BEGIN")
        for row, group in _grouped(waiting, rows, key):
            waiting.execute("INSERT INTO rows VALUES (?, ?, ?, ?)", (group, *_packed(row)))
        sorted_rows = waiting.execute("SELECT * FROM rows ORDER BY group_id, number")
        for _group, members in groupby(sorted_rows, key=itemgetter(0)):
            yield [_unpacked(*member[1:]) for member in members]
    finally:
        waiting.close()


def _grouped(
    waiting: sqlite3.Connection,
    rows: Iterable[SourceRow],
    key: Callable[[SourceRow], str | None],
) -> Iterator[tuple[SourceRow, int]]:
    group = 0
    above: str | None = None
    for row in rows:
        name = key(row)
        if name is not None and name != above:
            waiting.execute("INSERT OR IGNORE INTO groups (name) VALUES (?)", (name,))
            (group,) = waiting.execute("SELECT id FROM groups WHERE name = ?", (name,)).fetchone()
            above = name
        yield row, group


def _packed(row: SourceRow) -> tuple[int, bytes, bytes]:
    typed = {at: cell.figure for at, cell in enumerate(row.cells) if isinstance(cell, Typed)}
    cells = tuple(map(str, row.cells)) if typed else row.cells
    return row.number, msgspec.json.encode(cells), msgspec.json.encode(typed)


def _unpacked(number: int, cells: bytes, typed: bytes) -> SourceRow:
    texts = msgspec.json.decode(cells, type=list[str])
    for at, figure in msgspec.json.decode(typed, type=dict[int, str]).items():
        texts[at] = Typed(texts[at], figure)
    return SourceRow(number, tuple(texts))
