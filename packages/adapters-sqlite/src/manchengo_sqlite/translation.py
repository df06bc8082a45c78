"""No exception of SQLAlchemy or of a driver leaves this package: each becomes one of ours."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from manchengo_sqlite.errors import (
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseMissing,
    DiskFailing,
    DiskFull,
    NoPermission,
    ReadOnlyDatabase,
    StorageError,
    StorageFault,
)

DRIVER_ERRORS: tuple[type[Exception], ...] = (sqlite3.Error,)
try:
    # SQLCipher's driver has a tree of its own, which is not the standard library's.
    from sqlcipher3.dbapi2 import Error as SqlcipherError
except ImportError:  # a phone
    pass
else:
    DRIVER_ERRORS = (sqlite3.Error, SqlcipherError)

# What a driver's backup raises has no code, only SQLite's own words for it.
_CODES = {
    "attempt to write a readonly database": sqlite3.SQLITE_READONLY,
    "database disk image is malformed": sqlite3.SQLITE_CORRUPT,
    "database is locked": sqlite3.SQLITE_BUSY,
    "database or disk is full": sqlite3.SQLITE_FULL,
    "disk I/O error": sqlite3.SQLITE_IOERR,
    "file is not a database": sqlite3.SQLITE_NOTADB,
    "unable to open database file": sqlite3.SQLITE_CANTOPEN,
}

SHARED_MEMORY = 64 * 1024
"""Bytes: SQLite asks for 32 KiB of it at a time."""

REFUSALS: tuple[type[Exception], ...] = (SQLAlchemyError, *DRIVER_ERRORS)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Whatever SQLite refuses in here is told in our words, about the database at ``path``."""
    try:
        yield
    except REFUSALS as error:
        cause = error.orig if isinstance(error, DBAPIError) else None
        raise translation(cause or error, path) from error


def translation(error: BaseException, path: Path) -> StorageError:
    """The error of ours for what SQLite said, about the database at ``path``."""
    code = result_code(error)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return DatabaseMissing(path=path)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseBusy(path=path, waited=0)
        case sqlite3.SQLITE_READONLY:
            return ReadOnlyDatabase(path=path)
        case sqlite3.SQLITE_FULL:
            return DiskFull(path=path)
        case sqlite3.SQLITE_IOERR:
            if _has_no_room(path):
                return DiskFull(path=path)
            return DiskFailing(path=path, detail=message_of(error))
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DatabaseCorrupt(path=path, detail=message_of(error))
        case sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return NoPermission(path=path)
        case sqlite3.SQLITE_CANTOPEN:
            # Also said of the files that SQLite puts beside the database and of their folder.
            return NoPermission(path=path) if path.exists() else DatabaseMissing(path=path)
        case _:
            return StorageFault(path=path, detail=message_of(error))


def _has_no_room(path: Path) -> bool:
    """Where the file of shared memory beside the database cannot grow, SQLite says "disk I/O
    error", whatever the system told it.
    """
    try:
        return shutil.disk_usage(path.parent).free < SHARED_MEMORY
    except OSError:
        return False


def result_code(error: BaseException) -> int:
    """SQLite's extended result code; 0 when the error is not one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", None)
    return code if isinstance(code, int) else _CODES.get(str(error), 0)


def message_of(error: BaseException) -> str:
    """The words of an error, with its class before them."""
    return f"{type(error).__name__}: {error}"
