"""Brings an existing backup up to date by copying what is new.

The log only grows. So a backup lacks the commits after its last one, and the view rows of the
aggregates in them; the rest is small, and compared row by row. All of it is one transaction of the
backup file: interrupted at any point, the file is the backup it was before. ``backup_comparison``
decides whether a backup can be updated, ``backup_additions`` copies and checks what is new.

Pages of the backup that nothing new touches, and view rows of aggregates without new events, are
not read again. A damaged page there is found when the backup is restored; view rows can always be
rebuilt from the log.
"""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import frozen
from sqlalchemy import Engine

from manchengo_sqlite.backup import Progress, blaming, copy, copy_key_file, verify
from manchengo_sqlite.backup_additions import add_what_is_new, check_what_is_new
from manchengo_sqlite.backup_comparison import Why, head, reason_for_a_whole_copy
from manchengo_sqlite.connection import OpenFile, driver_connection, open_file, reading
from manchengo_sqlite.driver import connect, uri
from manchengo_sqlite.errors import (
    AlreadyThere,
    BackupDamaged,
    BackupUnderOtherKey,
    DatabaseBusy,
    DatabaseCorrupt,
    NeedsKey,
    NotADatabase,
    NotEncrypted,
    WrongKey,
)
from manchengo_sqlite.file_check import held, held_open, recognise, unfinished
from manchengo_sqlite.files import draft, facing_the_disk, take_the_place
from manchengo_sqlite.snapshot import SqliteSnapshot
from manchengo_sqlite.steps import newest
from manchengo_sqlite.translation import DRIVER_ERRORS, translated


@frozen(kw_only=True)
class Refreshed:
    """``commits``: how many more the backup holds. ``whole``: why it was copied whole again; None
    when only what is new was added.
    """

    commits: int
    whole: Why | None


def refresh(
    engine: Engine,
    destination: Path | str,
    *,
    whole: bool = False,
    progress: Progress | None = None,
) -> Refreshed:
    """Bring the backup at ``destination`` up to date; with ``whole``, copy everything again.
    Everything is also copied again where adding is not possible (``Why``). Raises, and leaves the
    file unchanged, when it is no backup of this database (``BackupOfAnother``,
    ``BackupUnderOtherKey``, ``AlreadyThere``), holds what this database does not (``BackupAhead``),
    was written by a newer program (``DatabaseTooNew``) or is damaged (``BackupDamaged``).
    """
    destination = Path(destination)
    file = open_file(engine)
    with facing_the_disk(destination):
        if held_open(destination):  # the database itself, or another at work
            raise AlreadyThere(path=destination)
        with blaming_the_backup(file, destination):
            recognise(destination, file.key, supported=newest())
            with held(destination), beside(file, destination) as connection:
                before = head(connection, "main")
                why = Why.ASKED if whole else None
                why = reason_for_a_whole_copy(connection, destination) or why
                if why is None:
                    tips = SqliteSnapshot.on(connection).tips()
                    add_what_is_new(connection, progress or (lambda _done, _all: None))
                    check_what_is_new(connection, before, tips, file.path)
                    connection.execute("COMMIT")
                after = head(connection, "main" if why is None else "source")
        if why is not None:
            copy_whole(engine, destination, progress)
        copy_key_file(file.path, destination)
    return Refreshed(commits=after.commits - before.commits, whole=why)


def copy_whole(engine: Engine, destination: Path, progress: Progress | None) -> None:
    """Replace the backup by a new one, after the new one was verified."""
    file = open_file(engine)
    if unfinished(destination):  # SQLite would fold it into the new file
        raise DatabaseBusy(path=destination, waited=0)
    with draft(destination.resolve()) as written:
        with reading(engine) as connection, blaming(file.path, destination):
            copy(driver_connection(connection), written, file.key, progress)
        verify(written, file.key, copied_from=file.path)
        take_the_place(written, destination.resolve())


@contextmanager
def beside(file: OpenFile, destination: Path) -> Iterator[Any]:
    """The backup as ``main``, to be written; the database as ``source``, in one moment of it.

    Writers of the database do not wait for this, nor does it wait for them.
    """
    file.must_be_usable()
    with translated(destination), closing(connect(destination, file.key, how="mode=rw")) as both:
        both.execute("PRAGMA synchronous = FULL")
        if sys.platform == "darwin":
            both.execute("PRAGMA fullfsync = ON")
        attach(both, file)
        both.execute("BEGIN IMMEDIATE")  # here SQLite takes back what a kill left half done
        try:
            yield both
        finally:
            with suppress(*DRIVER_ERRORS):
                if both.in_transaction:
                    both.rollback()
        # If somebody opened it since, it keeps a log beside it; a backup is one file and no other.
        both.execute("DETACH source")
        both.execute("PRAGMA journal_mode = DELETE")


def attach(connection: Any, file: OpenFile) -> None:
    """Attach the open database to the connection as ``source``, to be read."""
    place = f"{uri(file.path)}?mode=ro"
    if file.key is None:
        connection.execute("ATTACH ? AS source", (place,))
    else:
        connection.execute("ATTACH ? AS source KEY ?", (place, f"x'{file.key.hex()}'"))


@contextmanager
def blaming_the_backup(file: OpenFile, destination: Path) -> Iterator[None]:
    """Reports an error of the file at ``destination`` as an error of the backup."""
    try:
        yield
    except (WrongKey, NeedsKey, NotEncrypted) as error:
        raise BackupUnderOtherKey(path=destination) from error
    except NotADatabase as error:
        raise AlreadyThere(path=destination) from error
    except DatabaseCorrupt as error:
        if error.path == destination and is_damaged(destination, file.key):
            raise BackupDamaged(path=destination, detail=error.detail) from error
        raise DatabaseCorrupt(path=file.path, detail=error.detail) from error


def is_damaged(destination: Path, key: bytes | None) -> bool:
    """Of two files, SQLite does not say which one it cannot read."""
    try:
        verify(destination, key, copied_from=destination)
    except DatabaseCorrupt:
        return True
    return False
