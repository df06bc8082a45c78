"""A second copy while people work, and the way back from it.

A backup is one closed file, encrypted under the same key, beside its key file; it is checked page
by page before it gets its name. Put back, it is another device (``copies``). SQLite's own backup
is used: it sees one moment of the database, lets writers go on, and is somewhat faster than
``VACUUM INTO``.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from manchengo_sqlite.connection import driver_connection, open_file, reading
from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import (
    AlreadyThere,
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseMissing,
    DatabaseTooNew,
    NotADatabase,
    StorageError,
)
from manchengo_sqlite.file_check import (
    held_open,
    is_under,
    look,
    reachable,
    sidecar,
    size_of,
    unfinished,
)
from manchengo_sqlite.files import (
    draft,
    facing_the_disk,
    put_in_place,
    settle,
    take_the_place,
    write_whole,
)
from manchengo_sqlite.keys import key_file
from manchengo_sqlite.restored_device import mark_as_copy
from manchengo_sqlite.steps import newest
from manchengo_sqlite.translation import DRIVER_ERRORS, result_code, translated, translation

_PAGES_A_STEP = 1024

Progress = Callable[[int, int], None]
"""Told after each step: pages copied, pages in all."""


def backup(engine: Engine, destination: Path | str, *, progress: Progress | None = None) -> None:
    """Copy the database as it is now, with its key file; ``AlreadyThere`` rather than overwrite.

    Others go on working meanwhile. On any failure nothing is left at the destination.
    """
    destination = Path(destination)
    file = open_file(engine)
    with facing_the_disk(destination), draft(destination) as written:
        nothing_at(destination)
        nothing_at(key_file(destination))
        with reading(engine) as connection, blaming(file.path, destination):
            copy(driver_connection(connection), written, file.key, progress)
        verify(written, file.key, copied_from=file.path)
        with ExitStack() as undo:
            undo.callback(forget, key_file(destination))
            copy_key_file(file.path, destination)
            put_in_place(written, destination)
            undo.pop_all()


def restore(
    source: Path | str, path: Path | str, *, key: bytes | None, progress: Progress | None = None
) -> Path | None:
    """Put the backup ``source`` in the place of the database at ``path``.

    Nobody may have that database open. What stood there is kept beside, whole, under the name in
    the answer (None when nothing did). On any failure it is where it was.
    """
    source, path = Path(source), Path(path)
    fit_to_restore(source, key)
    with facing_the_disk(path), draft(path.resolve()) as written:
        with (
            blaming(source, path),
            closing(connect(source, key, how=how_to_read(source))) as connection,
        ):
            copy(connection, written, key, progress)
        verify(written, key, copied_from=source)
        with ExitStack() as undo:
            is_there = os.path.lexists(path)
            # Its passphrase may have been changed since.
            keeps_key_file = is_there and key is not None and is_under(path, key)
            aside = set_aside(path, key, undo) if is_there else None
            take_the_place(written, path.resolve())
            undo.pop_all()
        if not keeps_key_file:
            replace_key_file(source, path, aside)
    return aside


# ---------------------------------------------------------------- copying


def copy(source: Any, written: Path, key: bytes | None, progress: Progress | None) -> None:
    """Copy the database behind the connection ``source`` page by page into ``written``, as a copy.

    ``key``: of both. Raises what the driver raises.
    """

    def tell(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    with closing(connect(written, key, how="mode=rw")) as target:
        target.execute("PRAGMA synchronous = OFF")  # it is flushed whole, before it gets its name
        source.backup(target, pages=_PAGES_A_STEP, progress=tell)
        mark_as_copy(target)
        # One file and no other, which can be read from a disk that cannot be written.
        target.execute("PRAGMA journal_mode = DELETE")


def verify(copied: Path, key: bytes | None, *, copied_from: Path) -> None:
    """Every page opens with the key and hangs together.

    SQLite copies a page that it cannot decrypt without a word, so this look is what tells.
    """
    with closing(connect(copied, key, how="mode=ro&immutable=1")) as connection:
        with translated(copied_from):
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if answer != "ok":
            raise DatabaseCorrupt(path=copied_from, detail=answer)


@contextmanager
def blaming(source: Path, target: Path) -> Iterator[None]:
    """A page that cannot be read is the source's fault; a full or failing disk, the target's."""
    try:
        yield
    except DRIVER_ERRORS as error:
        unreadable = result_code(error) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        raise translation(error, source if unreadable else target) from error


def nothing_at(path: Path) -> None:
    """Raises ``AlreadyThere`` where anything bears that name."""
    if os.path.lexists(path):
        raise AlreadyThere(path=path)


def forget(path: Path) -> None:
    """Delete the file, if it is there."""
    with suppress(FileNotFoundError):
        path.unlink()


# ---------------------------------------------------------------- restoring


def fit_to_restore(source: Path, key: bytes | None) -> None:
    """Refuse what is no backup that this program and this key can read.

    Raises a ``StorageError``; ``DatabaseTooNew`` where a newer program wrote it.
    """
    reachable(source)
    with translated(source):
        facts = look(source, key)
    if facts is not None and facts.version > newest():
        raise DatabaseTooNew(path=source, found=facts.version, supported=newest())


def how_to_read(source: Path) -> str:
    """A closed backup is read without a trace; one that was opened since has files beside it.

    A journal says that bringing it up to date was cut off: SQLite first takes back what was begun.
    """
    if size_of(sidecar(source, "-journal")):
        return "mode=rw"
    return "mode=ro" if unfinished(source) else "mode=ro&immutable=1"


def set_aside(path: Path, key: bytes | None, undo: ExitStack) -> Path:
    """Give the database at ``path`` a second name; ``undo`` takes it back."""
    fold_in(path, key)
    aside = free_name(path)
    try:
        os.link(path.resolve(), aside)
    except OSError:  # a disk without hard links
        shutil.copyfile(path, aside)
    undo.callback(forget, aside)
    # Left where it is, the log of the old database would be folded into the new one.
    for ending in ("-wal", "-journal", "-shm"):
        beside = sidecar(path, ending)
        if beside.exists():
            moved = aside.with_name(aside.name + ending)
            os.rename(beside, moved)
            undo.callback(os.rename, moved, beside)
    copy_key_file(path, aside)
    undo.callback(forget, key_file(aside))
    settle(aside)
    return aside


def fold_in(path: Path, key: bytes | None) -> None:
    """Make the old database one closed file, where this key opens it; nobody else may have it."""
    if held_open(path):
        raise DatabaseBusy(path=path, waited=0)
    try:
        reachable(path)
        with translated(path):
            look(path, key)
            with closing(connect(path, key, how="mode=rw")) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")
    except (DatabaseBusy, NotADatabase, DatabaseMissing):
        raise  # in use, or no database of ours: not to be replaced
    except StorageError:
        pass  # damaged, or under another key: it is kept as it is


def free_name(path: Path) -> Path:
    """The first free name beside ``path`` for what a restore puts aside."""
    names = (f"{path.name}.before-restore{f'-{n}' if n > 1 else ''}" for n in count(1))
    return next(
        candidate
        for candidate in map(path.resolve().with_name, names)
        if not os.path.lexists(candidate)
    )


# ---------------------------------------------------------------- key files


def copy_key_file(database: Path, copied: Path) -> None:
    """Put the key file of ``database`` beside ``copied`` as well, where there is one."""
    if key_file(database).exists():
        write_whole(key_file(copied), key_file(database).read_bytes())


def replace_key_file(source: Path, path: Path, aside: Path | None) -> None:
    """The key file of the backup beside the database, and none where the backup has none.

    What was there is the key of something else: of what was put aside, with which a copy lies by
    now, or of a database that was moved away. So it is kept.
    """
    present = key_file(path)
    if aside is None and present.exists():
        os.rename(present, key_file(free_name(path)))
    if key_file(source).exists():
        copy_key_file(source, path)
    else:
        forget(present)
