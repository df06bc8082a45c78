"""Finds out what a file is before opening it, without touching one byte of it.

SQLite itself may write to a file while it merely reads: it plays back a journal, folds in a
write-ahead log, makes a shared-memory file. So the first look is through a connection that takes
the file as immutable. When that look fails, a few bytes of the file say which failure it is.
"""

import hashlib
import hmac
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from attrs import frozen

from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import (
    DatabaseCorrupt,
    DatabaseMissing,
    DatabaseTooNew,
    DatabaseTruncated,
    KeyOfAnotherDatabase,
    NeedsKey,
    NoPermission,
    NotADatabase,
    NotEncrypted,
    NotOurs,
    ReadOnlyDatabase,
    StorageError,
    UsedAfterFork,
)
from manchengo_sqlite.translation import DRIVER_ERRORS, message_of, result_code, translation

APPLICATION_ID = int.from_bytes(b"MnCh")
"""Written in the header of every database of ours, so that no other program's is taken for one."""

SIDECARS = ("-wal", "-journal")
"""What SQLite keeps beside a database, under its name and these endings, until it is folded in."""

_IMMUTABLE = "mode=ro&immutable=1"
_CLEAR_HEADER = b"SQLite format 3\0"
_APPLICATION_ID_AT = 68

# SQLCipher 4: pages of 4096 bytes that end in an HMAC of their bytes and number; its key is drawn
# from the file's key and from its salt, the first 16 bytes of the file.
_PAGE = 4096
_SALT = 16
_HMAC = 64
_HMAC_SALT_MASK = 0x3A
_HMAC_KEY_ROUNDS = 2


@frozen
class Facts:
    """What the header of a database of ours says."""

    version: int
    """The number of the last migration it went through."""


def recognise(path: Path, key: bytes | None, *, supported: int) -> None:
    """Refuse, by its own error, anything but a database of ours that this key opens for writing.

    ``supported``: the number of the last migration this program knows.
    """
    reachable(path)
    facts = look(path, key)
    if facts is not None and facts.version > supported:
        raise DatabaseTooNew(path=path, found=facts.version, supported=supported)
    # Access is asked last, so that a file that is not ours is called what it is.
    if not (allowed(path, os.W_OK) and allowed(path.resolve().parent, os.W_OK)):
        raise ReadOnlyDatabase(path=path)


def reachable(path: Path) -> None:
    """There is a file, and it may be read."""
    try:
        mode = path.stat().st_mode
    except PermissionError:
        raise NoPermission(path=path) from None
    except OSError:  # not there, or a file stands where a folder is expected
        raise DatabaseMissing(path=path) from None
    if not stat.S_ISREG(mode):
        raise NotADatabase(path=path)
    if not allowed(path, os.R_OK):
        raise NoPermission(path=path)


def allowed(path: Path, right: int) -> bool:
    """Whether this user has that right on the file: ``os.R_OK``, ``os.W_OK``."""
    # The rights of whom the process acts for, as those are the ones that opening it will meet.
    return os.access(path, right, effective_ids=os.access in os.supports_effective_ids)


def look(path: Path, key: bytes | None) -> Facts | None:
    """What the header says; None when only a recovery by SQLite can tell, of a file surely ours."""
    if path.stat().st_size == 0:
        raise DatabaseTruncated(path=path, found=0)
    try:
        application, facts = read_header(path, key)
    except DRIVER_ERRORS as error:
        refusal = diagnosis(path, key, error)
        # A power cut may leave a torn page, of which the log beside the file has a whole copy.
        if isinstance(refusal, DatabaseCorrupt) and unfinished(path):
            return None
        raise refusal from error
    if application != APPLICATION_ID:
        raise NotOurs(path=path)
    return facts


def is_under(path: Path, key: bytes) -> bool:
    """Whether the database is encrypted under that key, be it damaged."""
    try:
        look(path, key)
    except DatabaseCorrupt:  # which the key told
        return True
    except StorageError:
        return False
    return True


def read_header(path: Path, key: bytes | None, *, whole: bool = True) -> tuple[int, Facts]:
    """The application id and the facts, as SQLite decrypts them.

    With ``whole=False`` it does not mind that pages are missing at the end.
    """
    with closing(connect(path, key, how=_IMMUTABLE)) as connection:
        if not whole:
            connection.execute("PRAGMA writable_schema = ON")
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return application, Facts(version)


def unfinished(path: Path) -> bool:
    """Whether something beside the file waits to be folded in."""
    return any(size_of(sidecar(path, ending)) for ending in SIDECARS)


def sidecar(path: Path, ending: str) -> Path:
    """SQLite follows symbolic links before it names the files beside the database."""
    real = path.resolve()
    return real.with_name(real.name + ending)


def size_of(path: Path) -> int:
    """In bytes; 0 where there is no such file."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


# ---------------------------------------------------------------- why the look failed


def diagnosis(path: Path, key: bytes | None, error: Exception) -> StorageError:
    """Why SQLite could not read the file, told from the few bytes at its beginning."""
    match result_code(error) & 0xFF:
        case sqlite3.SQLITE_CORRUPT:
            return damaged(path, key, error)
        case sqlite3.SQLITE_NOTADB:
            return not_readable(path, key, error)
        case _:
            return translation(error, path)


def damaged(path: Path, key: bytes | None, error: Exception) -> StorageError:
    """The first page was read, and does not agree with the rest."""
    try:
        application, _ = read_header(path, key, whole=False)
    except DRIVER_ERRORS:
        return (
            DatabaseCorrupt(path=path, detail=message_of(error)) if key else in_clear(path, error)
        )
    if application != APPLICATION_ID:
        return NotOurs(path=path)
    return DatabaseTruncated(path=path, detail=message_of(error), found=path.stat().st_size)


def not_readable(path: Path, key: bytes | None, error: Exception) -> StorageError:
    """SQLite says "not a database" to a picture, to a wrong key and to a damaged first page."""
    start = first_pages(path)
    if start is None:  # We have it open, so it is ours, and under another key than this.
        if key is None:
            return NeedsKey(path=path)
        return NotEncrypted(path=path) if readable(path, None) else KeyOfAnotherDatabase(path=path)
    if start.startswith(_CLEAR_HEADER):
        return NotEncrypted(path=path) if key else in_clear(path, error)
    if key is not None and seals(key, start):
        return DatabaseCorrupt(path=path, detail="the first page is damaged")
    if looks_encrypted(start, path.stat().st_size):
        return KeyOfAnotherDatabase(path=path) if key else NeedsKey(path=path)
    return NotADatabase(path=path)


def in_clear(path: Path, error: Exception) -> StorageError:
    """A file in clear that SQLite cannot make sense of: ours if its header says so."""
    start = first_pages(path)
    application = start and start[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4]
    if application is None or int.from_bytes(application) == APPLICATION_ID:
        return DatabaseCorrupt(path=path, detail=message_of(error))
    return NotADatabase(path=path)


def readable(path: Path, key: bytes | None) -> bool:
    """Whether SQLite can read the file under that key."""
    try:
        read_header(path, key)
    except DRIVER_ERRORS:
        return False
    return True


def seals(key: bytes, start: bytes) -> bool:
    """Whether this key sealed a page after the first: then only the first one is damaged."""
    mask = bytes(byte ^ _HMAC_SALT_MASK for byte in start[:_SALT])
    hmac_key = hashlib.pbkdf2_hmac("sha512", key, mask, _HMAC_KEY_ROUNDS, 32)
    pages = ((at // _PAGE + 1, start[at : at + _PAGE]) for at in range(_PAGE, len(start), _PAGE))
    return any(
        hmac.compare_digest(
            hmac.digest(hmac_key, page[:-_HMAC] + number.to_bytes(4, "little"), "sha512"),
            page[-_HMAC:],
        )
        for number, page in pages
        if len(page) == _PAGE
    )


def looks_encrypted(start: bytes, size: int) -> bool:
    """Whole pages of noise: of 4096 random bytes, next to none of the 256 values is missing."""
    return size % _PAGE == 0 and len(set(start[:_PAGE])) > 250


# ---------------------------------------------------------------- what this process has open

# On POSIX, closing any descriptor of a file drops every lock that the process has on it, SQLite's
# too. So a file that is open here is never read but through SQLite; the guard covers both.
_guard = Lock()
_open: Counter[tuple[int, int] | None] = Counter()
_inherited: set[tuple[int, int] | None] = set()


def first_pages(path: Path) -> bytes | None:
    """The first bytes of the file; None when this process has it open."""
    with _guard:
        if _open[identity_of(path)]:
            return None
        with path.open("rb") as file:
            return file.read(4 * _PAGE)


def identity_of(path: Path) -> tuple[int, int] | None:
    """The same for every name of one file; None when there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def held_open(path: Path) -> bool:
    """Whether an engine of this process has the file open."""
    with _guard:
        return _open[identity_of(path)] > 0


@contextmanager
def held(path: Path) -> Iterator[tuple[int, int]]:
    """Say that the file is open here, from before it is until after it is closed."""
    file = identity_of(path)
    if file is None:
        raise DatabaseMissing(path=path)
    with _guard:
        if file in _inherited:
            raise UsedAfterFork(path=path)
        _open[file] += 1
    try:
        yield file
    finally:
        with _guard:
            _open[file] -= 1


def _forked() -> None:
    # SQLite would take the locks of the parent for its own: what was open then stays out of reach.
    _inherited.update(+_open)
    _guard.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_guard.acquire, after_in_parent=_guard.release, after_in_child=_forked
    )
