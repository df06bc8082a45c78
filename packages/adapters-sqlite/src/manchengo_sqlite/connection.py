"""One file, one writer at a time, and readers who never wait for it.

An engine of SQLAlchemy stands for one open database. Behind it, one connection is kept for writing,
so that its cache stays warm and that threads take turns before SQLite is asked; the others read,
each inside one consistent moment. Nobody is ever told that the database is locked: whoever has to
wait, waits, and only after a minute is told so (``DatabaseBusy``).

The key is handed to each new connection and appears in no URL, no error and no ``repr``.
"""

import os
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from attrs import define, field
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event

from manchengo_sqlite import driver
from manchengo_sqlite.errors import (
    AlreadyThere,
    DatabaseBusy,
    DatabaseMissing,
    StorageFault,
    UsedAfterFork,
)
from manchengo_sqlite.fair_file_lock import ENDING, FairFileLock
from manchengo_sqlite.fair_lock import FairLock
from manchengo_sqlite.file_check import (
    APPLICATION_ID,
    SIDECARS,
    held,
    identity_of,
    recognise,
    sidecar,
)
from manchengo_sqlite.files import draft, facing_the_disk, put_in_place
from manchengo_sqlite.steps import newest
from manchengo_sqlite.translation import DRIVER_ERRORS, result_code, translated

PATIENCE = 60.0
"""Seconds that anyone waits for a turn before being told ``DatabaseBusy``."""

_READERS_KEPT = 4
_OPEN_FILE = "manchengo_open_file"

_CHANCE = random.Random()
"""Its own: a thread that waits takes nothing from the chance that a program has seeded."""

# SQLite's own wait sleeps up to a tenth of a second between two tries: a process that writes
# without a pause would slip in before us each time. Short, uneven sleeps find the gap.
_PAUSE = (0.0005, 0.005)


def open_engine(
    path: Path | str, *, key: bytes | None, create: bool = False, patience: float = PATIENCE
) -> Engine:
    """The database at ``path``, ready; ``engine.dispose()`` closes it.

    ``key``: its 32 bytes; None only for a database that was asked for in clear. With ``create`` a
    missing file is made, empty: ``migrate`` gives it its tables. ``patience``, in seconds: how long
    anyone waits for a turn.

    Every refusal is a ``StorageError`` that names its cause, and leaves the file as it was. A key
    of another type or length is a ``TypeError`` or a ``ValueError``.
    """
    path = Path(path)
    driver.check_key(key)
    with facing_the_disk(path), translated(path):
        if create:
            make_if_missing(path, key)
        recognise(path, key, supported=newest())
        resources = ExitStack()
        identity = resources.enter_context(held(path))
        file_lock = FairFileLock(sidecar(path, ENDING))
        resources.callback(file_lock.close)
        file = OpenFile(
            path=path,
            key=key,
            patience=patience,
            identity=identity,
            resources=resources,
            file_lock=file_lock,
        )
        engine = engine_on(file)
        try:
            engine.connect().close()  # now, so that a fault shows here and not in the first query
        except BaseException:
            engine.dispose()
            raise
    return engine


def writing(engine: Engine, *, durable: bool = True) -> AbstractContextManager[Connection]:
    """The one transaction that writes; whole at the end, or, by an exception, not at all.

    ``durable=False``: a power cut may undo it (never tear it), for what can be made again from
    elsewhere. A kill loses nothing in either case.
    """
    return _transaction(engine, "BEGIN IMMEDIATE", durable=durable)


def exclusive(engine: Engine) -> AbstractContextManager[Connection]:
    """As ``writing``, for what changes the tables themselves."""
    return _transaction(engine, "BEGIN EXCLUSIVE", durable=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """The database as it is now, unchanged until the end, whoever writes meanwhile."""
    file = open_file(engine)
    with translated(file.path), file.reader(engine) as connection:
        yield connection


def path_of(engine: Engine) -> Path:
    """The file that the engine has open."""
    return open_file(engine).path


def driver_connection(connection: Connection) -> Any:
    """The driver's own connection, for statements too frequent to pass through SQLAlchemy."""
    return connection.connection.dbapi_connection


# ---------------------------------------------------------------- making a file


def make_if_missing(path: Path, key: bytes | None) -> None:
    """An empty database of ours, whole from the first moment it bears its name."""
    if os.path.lexists(path):
        return
    for ending in SIDECARS:
        # What a lost database left: SQLite would fold it into the new one.
        if os.path.lexists(sidecar(path, ending)):
            raise AlreadyThere(path=sidecar(path, ending))
    with draft(path) as temporary:
        with closing(driver.connect(temporary, key, how="mode=rw")) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
            connection.execute("PRAGMA journal_mode = WAL")
        with suppress(FileExistsError):  # another process was first: then its file is opened
            put_in_place(temporary, path)


# ---------------------------------------------------------------- an open file


@define(eq=False, repr=False)
class OpenFile:
    """What stands behind an engine. Its ``repr`` shows nothing, as it holds the key."""

    path: Path
    key: bytes | None
    patience: float
    identity: tuple[int, int]
    resources: ExitStack
    file_lock: FairFileLock
    process: int = field(factory=os.getpid)
    turns: FairLock = field(factory=FairLock)
    closed: bool = False
    _writer: Connection | None = None
    _is_durable: bool = False

    def must_be_usable(self) -> None:
        """Raises ``UsedAfterFork`` in a child, ``StorageFault`` once closed, ``DatabaseMissing``
        once the file was moved away.
        """
        if self.process != os.getpid():
            raise UsedAfterFork(path=self.path)
        if self.closed:
            raise StorageFault(path=self.path, detail="it was closed before")
        # SQLite would go on writing to a file that was deleted or replaced under its name.
        if identity_of(self.path) != self.identity:
            raise DatabaseMissing(path=self.path)

    def connect(self) -> Any:
        """A connection that reads; the pool asks for it."""
        self.must_be_usable()
        connection = driver.connect(self.path, self.key, how="mode=rw")
        try:
            self.patiently(lambda: prepare(connection), since=time.monotonic())
        except BaseException:
            connection.close()
            raise
        return connection

    def writer(self, engine: Engine) -> Connection:
        """The connection kept for writing; only whoever has the turn may ask for it."""
        if self._writer is None:
            connection = engine.connect()
            connection.detach()  # from the pool: it is never anyone else's
            driver_connection(connection).execute("PRAGMA query_only = OFF")
            driver_connection(connection).execute("PRAGMA busy_timeout = 0")  # we wait ourselves
            self._writer = connection
        return self._writer

    @contextmanager
    def reader(self, engine: Engine) -> Iterator[Connection]:
        """A connection from the pool, in a transaction that sees one moment until the end."""
        self.must_be_usable()
        with engine.connect() as connection:
            bare = driver_connection(connection)
            self.patiently(lambda: take_snapshot(bare), since=time.monotonic())
            yield connection

    def patiently(self, step: Callable[[], object], *, since: float) -> None:
        """Try again for as long as someone else is in the way, and patience lasts."""
        while True:
            try:
                step()
                return
            except DRIVER_ERRORS as error:
                if result_code(error) & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            waited = time.monotonic() - since
            if waited >= self.patience:
                raise DatabaseBusy(path=self.path, waited=waited)
            time.sleep(_CHANCE.uniform(*_PAUSE))

    def abandon(self, connection: Connection) -> None:
        """Whatever went wrong, the next writer finds no transaction open."""
        if not driver_connection(connection).in_transaction:
            return
        try:
            driver_connection(connection).rollback()
        except DRIVER_ERRORS:
            self.close_writer()

    def set_durable(self, durable: bool) -> None:
        """Whether the next transaction of the writer waits for the disk."""
        assert self._writer is not None, "only a writer waits for the disk"
        if durable != self._is_durable:
            level = "FULL" if durable else "NORMAL"
            driver_connection(self._writer).execute(f"PRAGMA synchronous = {level}")
            self._is_durable = durable

    def close_writer(self) -> None:
        """Close the connection kept for writing; the next writer opens another."""
        self._is_durable = False
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def close(self) -> None:
        """Close the file and give its locks back; again, or in a child, it does nothing."""
        if self.closed or self.process != os.getpid():
            return
        self.closed = True
        self.close_writer()
        self.resources.close()


def engine_on(file: OpenFile) -> Engine:
    """The engine of SQLAlchemy whose connections are those of the file."""
    engine = create_engine(
        "sqlite://",
        module=driver.driver_for(file.key, file.path),
        creator=file.connect,
        poolclass=QueuePool,
        pool_size=_READERS_KEPT,
        max_overflow=-1,  # nobody waits to read
        pool_use_lifo=True,  # the connection just used has the warmest cache
        hide_parameters=True,  # what people recorded does not belong in an error
        execution_options={_OPEN_FILE: file},
    )
    event.listen(engine, "engine_disposed", lambda _: file.close())
    return engine


def open_file(engine: Engine) -> OpenFile:
    """The file that stands behind an engine of ours."""
    file: OpenFile = engine.get_execution_options()[_OPEN_FILE]
    return file


def prepare(connection: Any) -> None:
    """Set what every connection needs, on one of the driver's own; it may only read after that."""
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if sys.platform == "darwin":
        # There, fsync leaves the bytes in the disk's own memory, which a power cut empties.
        connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA query_only = ON")


def take_snapshot(connection: Any) -> None:
    """Begin a transaction that sees the database as it is now, on a connection of the driver."""
    if connection.in_transaction:
        connection.rollback()
    connection.execute("BEGIN")
    # SQLite chooses the moment at the first read, not at BEGIN.
    connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()


@contextmanager
def _transaction(
    engine: Engine,
    begin: Literal["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"],
    *,
    durable: bool,
) -> Iterator[Connection]:
    file = open_file(engine)
    since = time.monotonic()
    file.must_be_usable()
    # First among the threads of this process, then among the processes.
    with translated(file.path), file.turns.turn(file.patience) as came:
        if not came:
            raise DatabaseBusy(path=file.path, waited=time.monotonic() - since)
        with file.file_lock.passed(file.patience / 2):
            connection = file.writer(engine)
            bare = driver_connection(connection)
            file.set_durable(durable)
            # Immediate: a transaction that first reads and then writes would be refused at once.
            file.patiently(lambda: bare.execute(begin), since=since)
            # The driver begins and ends it: SQLAlchemy's own transaction would say it once more.
            try:
                yield connection
                bare.commit()
            finally:
                file.abandon(connection)
