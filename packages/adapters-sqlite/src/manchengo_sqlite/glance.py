"""A passing look at a database, for what a shell offers while somebody types.

It changes no byte, makes no file, waits for nobody, and looks at a bounded number of rows. Where
that is not possible it raises, and whoever asked offers nothing.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from manchengo.ports.rows import Row
from manchengo.ports.view_tables import VIEW_TABLES
from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import StorageFault
from manchengo_sqlite.file_check import reachable, unfinished
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.snapshot import SqliteSnapshot
from manchengo_sqlite.steps import newest
from manchengo_sqlite.translation import translated
from manchengo_sqlite.view_update import UP_TO_DATE

R = TypeVar("R", bound=Row)

_LAST = "\U0010ffff"
"""Behind every character that a code may have."""


class Glance(SqliteSnapshot):
    """A snapshot that also finds codes by how they begin."""

    def latest(self, kind: type[R], beginning: str, *, limit: int) -> Iterator[R]:
        """The rows whose code begins so, those with the highest codes first, ``limit`` at most."""
        table = mapping(kind)
        statement = (
            f"SELECT {table.names} FROM {table.table}"
            f" WHERE code >= ? AND code < ? ORDER BY code DESC LIMIT {limit:d}"
        )
        for values in self._all(statement, beginning, beginning + _LAST):
            yield table.from_columns(values)


@contextmanager
def glance(path: Path, key: bytes | None) -> Iterator[Glance]:
    """The database as it is now; ``StorageError`` where this version cannot simply read it."""
    with translated(path):
        reachable(path)
        # Immutable: SQLite makes no file beside it. Where somebody has it open, they are there.
        how = "mode=ro" if unfinished(path) else "mode=ro&immutable=1"
        with closing(connect(path, key, how=how)) as connection:
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != newest():
                raise StorageFault(path=path, detail="it is of another version")
            found = Glance.on(connection)
            if found.setting(VIEW_TABLES) != UP_TO_DATE:
                raise StorageFault(path=path, detail="its views are of another version")
            yield found
