"""Encrypts a whole database again, under another key, in its place.

SQLCipher does so in one transaction: whenever the computer stops or the disk is full, the file
opens with the former key, and once it is done with the new one. Memory does not depend on the size
of the database; the disk needs room for a second copy of it meanwhile, in the write-ahead log.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import (
    DatabaseBusy,
    DiskFailing,
    DiskFull,
    KeyOfAnotherDatabase,
    StorageError,
)
from manchengo_sqlite.file_check import held_open, look, sidecar, size_of
from manchengo_sqlite.files import facing_the_disk
from manchengo_sqlite.translation import DRIVER_ERRORS, result_code, translated

Progress = Callable[[int, int], None]
"""Called with the bytes that are done, and those of all."""

_LOOKED_AT_EVERY = 0.2


def rekey(path: Path, key: bytes, new_key: bytes, *, progress: Progress | None = None) -> None:
    """Encrypt the database under ``new_key``. Nobody may have it open: ``DatabaseBusy``.

    Raises a ``StorageError``, and leaves the former key in force, where it is not done whole.
    """
    if held_open(path):
        raise DatabaseBusy(path=path, waited=0)
    look(path, key)
    with (
        facing_the_disk(path),
        translated(path),
        closing(connect(path, key, how="mode=rw")) as connection,
    ):
        # In this mode the first look at the file takes it for this process alone, or finds it busy:
        # others would go on under the former key, and take what they find for damage.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with _watched(path, progress):
            # No parameter can be bound in a PRAGMA. Hexadecimal, so nothing to escape.
            connection.execute(f"PRAGMA rekey = \"x'{new_key.hex()}'\"").fetchall()
    # SQLCipher gives up without a word. Once it is closed, what it had begun is undone. This also
    # folds in what stands beside the file.
    if not _opens(path, new_key):
        raise _no_room(path)


def _no_room(path: Path) -> StorageError:
    """Why the new pages could not be written: the room that they need, or the disk itself."""
    if shutil.disk_usage(path.parent).free < size_of(path):
        return DiskFull(path=path)
    return DiskFailing(path=path, detail="it could not be encrypted again")


def key_that_opens(path: Path, *keys: bytes) -> bytes:
    """Which of these keys opens the database, after somebody was stopped while it was rekeyed.

    What was done and not yet folded in is folded in. ``KeyOfAnotherDatabase`` where none opens it.
    """
    for key in keys:
        if _opens(path, key):
            return key
    raise KeyOfAnotherDatabase(path=path)


def _opens(path: Path, key: bytes) -> bool:
    with translated(path), closing(connect(path, key, how="mode=rw")) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except DRIVER_ERRORS as error:
            if result_code(error) & 0xFF != sqlite3.SQLITE_NOTADB:
                raise
            return False
    return True


@contextmanager
def _watched(path: Path, progress: Progress | None) -> Iterator[None]:
    """Says how far it is, by how much is written beside the database: SQLCipher itself does not."""
    if progress is None:
        yield
        return
    stopped, whole = Event(), size_of(path)

    def watch() -> None:
        while not stopped.wait(_LOOKED_AT_EVERY):
            progress(min(size_of(sidecar(path, "-wal")), whole), whole)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopped.set()
        watcher.join()
