"""Another passphrase for a device's database, whose key stays."""

from pathlib import Path

from manchengo_presenters.language import N_
from manchengo_sqlite import keys
from manchengo_sqlite.one_at_a_time import one_at_a_time
from manchengo_sqlite.rekeying import key_that_opens
from manchengo_workplace.database_keys import AskedOnce, Passphrases, new_passphrase, unsealed
from manchengo_workplace.failures import Failure
from manchengo_workplace.opening import opened
from manchengo_workplace.person_secrets import PersonSecrets
from manchengo_workplace.storage_failures import storage_errors_as_failures, storage_failure


def change_passphrase(
    path: Path,
    *,
    passphrases: Passphrases,
    new: Passphrases,
    secrets: PersonSecrets,
    user: str | None = None,
) -> None:
    """Another passphrase opens the database from now on: one that ``new`` gives, instead of the one
    that ``passphrases`` gives, or beside the keyring. The key stays, so nothing is encrypted again,
    and a backup opens with the passphrase that it was made with.

    The key file is replaced in one step: whenever the computer stops, one of the two opens the
    database. Raises what ``opened`` does, and ``Failure`` for a passphrase that is too weak.
    """
    with storage_errors_as_failures():
        must_be_encrypted(path)
        present = AskedOnce(passphrases)
        if keys.has_passphrase(path):
            key = unsealed(path, keys.key_file(path).read_bytes(), present.existing(path))
        else:
            key = keys.load_from_keyring(path)
        with opened(path, passphrases=present, secrets=secrets, user=user, acts=True) as workplace:
            chosen = new_passphrase(path, new, known=(workplace.user,))
            with one_at_a_time(keys.key_file(path)):
                # Somebody may have replaced the key since it was read here.
                keys.wrap_with_passphrase(path, key_that_opens(path, key), chosen)
            workplace.note("passphrase.changed")


def must_be_encrypted(path: Path) -> None:
    """``Failure`` where there is no database, or one without a key."""
    if not path.exists():
        raise storage_failure("DatabaseMissing", path=path)
    if not keys.key_file(path).exists():
        raise Failure(
            "NotEncrypted",
            N_(
                "{path} is not encrypted, so no passphrase opens it. To have it encrypted, "
                "make a new database and bring everything into it."
            ),
            {"path": str(path)},
            key="NoPassphrase",
        )
