"""The store on one encrypted SQLite file: one writer at a time, readers that never wait."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine

from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry
from manchengo.ports.reading_apart import Reading
from manchengo_sqlite.connection import open_engine, path_of, reading, writing
from manchengo_sqlite.errors import ReadOnlyDatabase
from manchengo_sqlite.migrate import migrate
from manchengo_sqlite.pages import damaged_pages
from manchengo_sqlite.reading_apart import read_apart
from manchengo_sqlite.restored_device import become_a_device
from manchengo_sqlite.snapshot import SqliteSnapshot
from manchengo_sqlite.transaction import SqliteTransaction
from manchengo_sqlite.view_update import Progress, bring_up_to_date


class SqliteStore:
    """One database file, opened with its key. Use it as a context manager, or ``close`` it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def __repr__(self) -> str:
        return f"SqliteStore({str(path_of(self.engine))!r})"

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        key: bytes | None,
        create: bool = False,
        progress: Progress | None = None,
    ) -> Self:
        """Open (with ``create``: make) the database, and bring it to this program's version.

        One that was put back from a backup is given a device id of its own (``restored_device``).
        ``key``: 32 random bytes; None only for a database in clear. View tables that this program
        makes otherwise are made anew from the log; ``progress`` is called meanwhile, with how many
        events are read and how many there are. Raises one of ``manchengo_sqlite.errors`` and
        leaves the file as it was when it cannot be opened.
        """
        engine = open_engine(Path(path), key=key, create=create)
        try:
            migrate(engine, progress=progress)
            store = cls(engine)
            try:
                bring_up_to_date(engine, progress=progress)
            except ReadOnlyDatabase:
                # SQLCipher writes to no file in which it met a damaged page. It is opened all the
                # same: ``verify`` names the page, and ``restore`` needs to see what was there.
                if not store.damaged_pages():
                    raise
            become_a_device(engine)
        except BaseException:
            engine.dispose()
            raise
        return store

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[SqliteTransaction]:
        with writing(self.engine, durable=durable) as connection:
            transaction = SqliteTransaction(connection)
            yield transaction
            transaction.flush()

    @contextmanager
    def reading(self) -> Iterator[SqliteSnapshot]:
        with reading(self.engine) as connection:
            yield SqliteSnapshot(connection)

    def note(self, entry: AuditEntry) -> None:
        with self.writing(durable=False) as transaction:
            audit_chain.note(transaction, entry)

    def damaged_pages(self) -> list[str] | None:
        return damaged_pages(self.engine)

    def read_apart(
        self, readings: Sequence[Reading], step: Callable[[int, int], None]
    ) -> list[Any] | None:
        """As ``manchengo.ports.reading_apart.ReadsApart``."""
        return read_apart(self.engine, readings, step)

    def close(self) -> None:
        """Close the file. A transaction that is still open is undone."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
