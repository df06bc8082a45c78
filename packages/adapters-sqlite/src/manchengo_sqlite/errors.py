"""What the machine can put in the way: the file, its key, its disk. No rule of the dairy is here.

One tree, so that every opening that fails is told apart and explained: which file, what is wrong
with it, and whether anything was touched. ``StorageError`` is the root; when an opening is refused,
the file is exactly as it was.
"""

from pathlib import Path

from attrs import frozen

from manchengo.ports import storage_errors


@frozen(kw_only=True)
class StorageError(storage_errors.StorageError):
    """The database cannot be used as asked, and no rule of the dairy is to blame.

    ``path``: the file it is about.
    """

    path: Path


# ---------------------------------------------------------------- the file


@frozen(kw_only=True)
class DatabaseMissing(storage_errors.DatabaseMissing, StorageError):
    """There is no such file, or it was moved away while in use."""


@frozen(kw_only=True)
class FolderMissing(StorageError):
    """The folder in which the file is to be made does not exist."""


@frozen(kw_only=True)
class AlreadyThere(StorageError):
    """Something bears that name already, and nothing is ever written over."""


@frozen(kw_only=True)
class NotADatabase(StorageError):
    """The file is something else: a text, a picture, a folder."""


@frozen(kw_only=True)
class NotOurs(NotADatabase):
    """A SQLite database, but of another program."""


@frozen(kw_only=True)
class DatabaseCorrupt(StorageError):
    """Ours, under the right key, and damaged: a backup must be restored."""

    detail: str = ""


@frozen(kw_only=True)
class DatabaseTruncated(DatabaseCorrupt):
    """Ours, and its end is missing: a copy that was cut short. ``found`` is its size in bytes."""

    found: int


@frozen(kw_only=True)
class NoPermission(storage_errors.NoPermission, StorageError):
    """This user may not read the file, or may not look into its folder."""


@frozen(kw_only=True)
class ReadOnlyDatabase(storage_errors.ReadOnlyDatabase, StorageError):
    """The file can be read and not written: its rights, its folder's, or a write-protected disk."""


@frozen(kw_only=True)
class DiskFull(storage_errors.DiskFull, StorageError):
    """No room is left; what was being written was undone."""


@frozen(kw_only=True)
class DiskFailing(StorageError):
    """The disk answered a read or a write with an error; what was being written was undone."""

    detail: str


@frozen(kw_only=True)
class DatabaseBusy(storage_errors.DatabaseBusy, StorageError):
    """Someone else held the database for longer than anyone should have to wait."""


@frozen(kw_only=True)
class UsedAfterFork(storage_errors.UsedAfterFork, StorageError):
    """Opened before this process was forked: SQLite's locks do not follow. Open it afterwards."""


@frozen(kw_only=True)
class StorageFault(storage_errors.StorageFault, StorageError):
    """Anything else that SQLite refused: most likely a fault of ours."""


# ---------------------------------------------------------------- a backup that is there


@frozen(kw_only=True)
class BackupOfAnother(StorageError):
    """The file is the backup, or the database, of another dairy; or nothing tells whose it is."""


@frozen(kw_only=True)
class BackupAhead(StorageError):
    """The backup holds what the database does not: it was put to work since, or the database was
    restored from an older one. Brought up to date, it would lose that.
    """


@frozen(kw_only=True)
class BackupUnderOtherKey(StorageError):
    """The backup does not open with the key of the database."""


@frozen(kw_only=True)
class BackupDamaged(StorageError):
    """The backup cannot be read any more; the database can."""

    detail: str = ""


@frozen(kw_only=True)
class NotAsSealed(StorageError):
    """A commit of the database is not what its author sealed, and was not added to a backup.

    ``commit``: its id, as far as it can be read.
    """

    commit: str


# ---------------------------------------------------------------- its version


@frozen(kw_only=True)
class DatabaseTooNew(storage_errors.DatabaseTooNew, StorageError):
    """A newer Manchengo wrote it: this one must be brought up to date first."""


@frozen(kw_only=True)
class MigrationChanged(storage_errors.MigrationChanged, StorageError):
    """A migration that this database went through is no longer the one that is shipped."""


@frozen(kw_only=True)
class MigrationFailed(storage_errors.MigrationFailed, StorageError):
    """A migration could not be carried out; the database is as it was before it."""


# ---------------------------------------------------------------- its key


@frozen(kw_only=True)
class NeedsKey(StorageError):
    """The database is encrypted, and it was asked for in clear."""


@frozen(kw_only=True)
class NotEncrypted(StorageError):
    """The database is in clear, and it was asked for with a key."""


@frozen(kw_only=True)
class WrongKey(StorageError):
    """Not the passphrase of this key file."""


@frozen(kw_only=True)
class KeyOfAnotherDatabase(WrongKey):
    """The key is whole, and does not open this database: its key file lies beside another."""


@frozen(kw_only=True)
class EncryptionUnavailable(StorageError):
    """SQLCipher is not installed here, and a key was given."""


@frozen(kw_only=True)
class KeyFileMissing(StorageError):
    """No key file lies beside the database, or it does not hold the kind of key asked for."""


@frozen(kw_only=True)
class KeyFileDamaged(StorageError):
    """The key file is not as it was written."""

    detail: str


@frozen(kw_only=True)
class KeyFileTooNew(StorageError):
    """A newer Manchengo wrote the key file."""

    found: int
    supported: int


@frozen(kw_only=True)
class EmptyPassphrase(StorageError):
    """A passphrase with nothing in it would protect nothing."""


@frozen(kw_only=True)
class PassphraseTooShort(StorageError):
    """A new passphrase of so few characters is guessed by whoever has the files."""

    least: int


@frozen(kw_only=True)
class KeyringMissing(StorageError):
    """The operating system offers no safe keyring, or it is locked, or it lost the key."""

    detail: str
