"""Is every page of the file as it was written? Also those that no query reads.

SQLCipher seals each page. A file in clear has no seals: there SQLite looks at how the pages hang
together, and a changed byte that breaks nothing goes unnoticed.
"""

from contextlib import closing

from sqlalchemy import Engine

from manchengo_sqlite.connection import open_file, writing
from manchengo_sqlite.driver import connect
from manchengo_sqlite.translation import translated


def damaged_pages(engine: Engine) -> list[str]:
    """What SQLite says of each page at fault; empty when all are well.

    The first look makes nobody wait, and may see a page while another process writes it: so a
    fault counts only where it is found again while nobody may write.
    """
    if not _faults(engine):
        return []
    with writing(engine, durable=False):
        return _faults(engine)


def _faults(engine: Engine) -> list[str]:
    file = open_file(engine)
    check = "integrity_check" if file.key is None else "cipher_integrity_check"
    with translated(file.path), closing(connect(file.path, file.key, how="mode=rw")) as connection:
        # What was committed and stands beside the file is written into it, to be looked at too.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        found = connection.execute(f"PRAGMA {check}").fetchall()
    return [row[0] for row in found if row[0] != "ok"]
