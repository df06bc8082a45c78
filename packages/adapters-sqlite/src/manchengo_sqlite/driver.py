"""The way to SQLite: SQLCipher's driver where there is one, and the key given without a trace.

Databases in clear use it too: the standard library's SQLite may be of a version (3.7.0 to 3.51.2)
that can corrupt a file when two connections checkpoint at once. A phone has no choice, and there
one process has the file for itself.
"""

import os
import sqlite3
from pathlib import Path
from types import ModuleType, NoneType
from typing import Any
from urllib.parse import quote

from manchengo_sqlite.errors import EncryptionUnavailable
from manchengo_sqlite.sealing import KEY_BYTES

try:
    from sqlcipher3 import dbapi2 as sqlcipher
except ImportError:  # a phone
    sqlcipher = None

# More than there are distinct statements: none is prepared twice on one connection.
PREPARED_STATEMENTS = 512

# The driver binds bytes and None as they are, but first asks each for a way to adapt itself, raises
# and drops an error: a microsecond for each, a third of the time of an insertion. It asks no value
# of whose type it knows an adapter, and these give the value itself. Neither is a function of ours,
# which would cost as much again: an empty dictionary has None for None.
if sqlcipher is not None:
    sqlcipher.register_adapter(bytes, bytes)
    sqlcipher.register_adapter(NoneType, {}.get)


def driver_for(key: bytes | None, path: Path) -> ModuleType:
    """SQLCipher's driver, or SQLite's for a database in clear where that is not installed.

    Raises ``EncryptionUnavailable``, which names ``path``, where there is a key and no SQLCipher.
    """
    if sqlcipher is not None:
        driver: ModuleType = sqlcipher
        return driver
    if key is not None:
        raise EncryptionUnavailable(path=path)
    return sqlite3


def check_key(key: object) -> None:
    """Raises ``TypeError`` or ``ValueError`` unless it is a raw key, or None."""
    if key is None:
        return
    if not isinstance(key, bytes):
        raise TypeError(f"'key' must be bytes, not {type(key).__name__}: see manchengo_sqlite.keys")
    if len(key) != KEY_BYTES:
        raise ValueError(f"'key' must have {KEY_BYTES} bytes, not {len(key)}")


def connect(path: Path, key: bytes | None, *, how: str) -> Any:
    """A bare connection of the driver, its key given but not tried yet: nothing is read.

    ``how`` is the end of SQLite's URI: ``mode=rw``, ``mode=ro&immutable=1``.
    """
    assert key is None or len(key) == KEY_BYTES, "a raw key has 32 bytes"
    connection = driver_for(key, path).connect(
        f"{uri(path)}?{how}",
        uri=True,
        isolation_level=None,  # we say BEGIN ourselves
        check_same_thread=False,  # the pool hands it to one thread at a time
        cached_statements=PREPARED_STATEMENTS,
    )
    if key is not None:
        # SQLCipher would tell standard error about every page it cannot read.
        connection.execute("PRAGMA cipher_log_level = NONE")
        # No parameter can be bound in a PRAGMA. Hexadecimal, so nothing to escape.
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def uri(path: Path) -> str:
    """SQLite's name for a file, whatever is in its path: spaces, accents, ``?``, ``#``, ``%``."""
    whole = path.absolute().as_posix()
    rooted = whole if whole.startswith("/") else f"/{whole}"  # a drive letter
    return f"file://{quote(os.fsencode(rooted), safe='/:')}"
