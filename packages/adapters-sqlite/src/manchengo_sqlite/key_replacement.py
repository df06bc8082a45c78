"""Another key for a database, under which all of it is encrypted again.

Both keys stand sealed in the key file meanwhile, so that whenever the computer stops, one of them
opens the database.
"""

from pathlib import Path

from manchengo_sqlite import keys
from manchengo_sqlite.rekeying import Progress, key_that_opens, rekey


def replace_key(
    path: Path, key: bytes, passphrase: str | None, *, progress: Progress | None = None
) -> None:
    """Encrypt the database, which ``key`` opens, under a new random key. ``passphrase``: the one
    that opens it, then as before; None where only a keyring does.

    The caller holds the key file (``one_at_a_time``) since before it read the key there. Raises a
    ``StorageError``: where somebody has the database open, or there is no room for a second copy of
    it.
    """
    coming = keys.new_key()
    if keys.read(keys.key_file(path)).is_changing:  # somebody was stopped meanwhile
        keys.settle(path, key, passphrase)
    keys.announce(path, coming, passphrase)
    try:
        rekey(path, key, coming, progress=progress)
    finally:
        keys.settle(path, key_that_opens(path, key, coming), passphrase)
