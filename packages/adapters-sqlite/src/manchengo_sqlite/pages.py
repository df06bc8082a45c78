"""Is every page of the file as it was written? Also those that no query reads.

SQLCipher seals each page. A file in clear has no seals: there SQLite looks at how the pages hang
together, and a changed byte that breaks nothing goes unnoticed.
"""

from contextlib import closing
from typing import Any

from sqlalchemy import Engine

from manchengo_sqlite.connection import open_file, writing
from manchengo_sqlite.driver import connect
from manchengo_sqlite.translation import DRIVER_ERRORS, translated


def damaged_pages(engine: Engine) -> list[str] | None:
    """What SQLite says of each page at fault; None when pages cannot be checked now.

    The first look makes nobody wait, and may see a page while another process writes it: so a
    fault counts only where it is found again while nobody may write.
    """
    found = _faults(engine)
    if not found:
        return found
    with writing(engine, durable=False):
        return _faults(engine)


def _faults(engine: Engine) -> list[str] | None:
    file = open_file(engine)
    check = "integrity_check" if file.key is None else "cipher_integrity_check"
    with translated(file.path), closing(connect(file.path, file.key, how="mode=rw")) as connection:
        if not _is_folded_in(connection):
            return None
        found = connection.execute(f"PRAGMA {check}").fetchall()
    return [row[0] for row in found if row[0] != "ok"]


def _is_folded_in(connection: Any) -> bool:
    """Whether all that was committed stands in the file itself. On a full disk or under a long
    reading it may not, and a page torn there has its whole copy beside the file, from which SQLite
    reads it.
    """
    try:
        _, waiting, done = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except DRIVER_ERRORS:
        return False
    return bool(waiting == done)
