"""Another key for a device's database, under which all of it is encrypted again."""

from pathlib import Path

from manchengo_sqlite import key_replacement, keys
from manchengo_sqlite.one_at_a_time import one_at_a_time
from manchengo_sqlite.rekeying import Progress
from manchengo_workplace.database_keys import AskedOnce, Passphrases, key_of
from manchengo_workplace.opening import opened
from manchengo_workplace.passphrase_change import must_be_encrypted
from manchengo_workplace.person_secrets import PersonSecrets
from manchengo_workplace.storage_failures import storage_errors_as_failures


def replace_key(
    path: Path,
    *,
    passphrases: Passphrases,
    secrets: PersonSecrets,
    user: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Encrypt the database again under a new random key, which the same passphrase, or the keyring,
    opens from then on. Backups made before keep their key and their passphrase.

    Raises what ``opened`` does; ``Failure`` where somebody has the database
    open, or there is no room for a second copy of it.
    """
    with storage_errors_as_failures():
        must_be_encrypted(path)
        present = AskedOnce(passphrases)
        with opened(path, passphrases=present, secrets=secrets, user=user, acts=True) as workplace:
            workplace.note("database.rekeying")
        with one_at_a_time(keys.key_file(path)):
            _replace(path, present, progress)


def _replace(path: Path, passphrases: AskedOnce, progress: Progress | None) -> None:
    key = key_of(path, passphrases)
    assert key is not None, "there is a key file"
    passphrase = passphrases.existing(path) if keys.has_passphrase(path) else None
    key_replacement.replace_key(path, key, passphrase, progress=progress)
