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
    """A file of that name exists, and files are never overwritten."""


@frozen(kw_only=True)
class NotADatabase(StorageError):
    """The file is something else: a text, a picture, a folder."""


@frozen(kw_only=True)
class NotOurs(NotADatabase):
    """A SQLite database, but of another program."""


@frozen(kw_only=True)
class DatabaseCorrupt(StorageError):
    """The key is right, but the database is damaged: restore a backup."""

    detail: str = ""


@frozen(kw_only=True)
class DatabaseTruncated(DatabaseCorrupt):
    """The end of the file is missing: an incomplete copy. ``found`` is its size in bytes."""

    found: int


@frozen(kw_only=True)
class NoPermission(storage_errors.NoPermission, StorageError):
    """This user may not read the file, or may not look into its folder."""


@frozen(kw_only=True)
class ReadOnlyDatabase(storage_errors.ReadOnlyDatabase, StorageError):
    """The file can be read but not written: file permissions, folder permissions, or a
    write-protected disk.
    """


@frozen(kw_only=True)
class DiskFull(storage_errors.DiskFull, StorageError):
    """The disk is full; the write was rolled back."""


@frozen(kw_only=True)
class DiskFailing(StorageError):
    """The disk reported an error on a read or a write; the write was rolled back."""

    detail: str


@frozen(kw_only=True)
class DatabaseBusy(storage_errors.DatabaseBusy, StorageError):
    """Another process held the database for longer than the time limit."""


@frozen(kw_only=True)
class UsedAfterFork(storage_errors.UsedAfterFork, StorageError):
    """Opened before this process was forked: SQLite's locks do not follow. Open it afterwards."""


@frozen(kw_only=True)
class StorageFault(storage_errors.StorageFault, StorageError):
    """Any other error of SQLite: most likely a bug of ours."""


# ---------------------------------------------------------------- a backup that is there


@frozen(kw_only=True)
class BackupOfAnother(StorageError):
    """The file is the backup, or the database, of another dairy; or nothing tells whose it is."""


@frozen(kw_only=True)
class BackupAhead(StorageError):
    """The backup holds what the database does not: somebody worked in it since, or the database was
    restored from an older one. An update would lose these commits.
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
    """A newer Manchengo wrote it: update this one first."""


@frozen(kw_only=True)
class MigrationChanged(storage_errors.MigrationChanged, StorageError):
    """A migration that was applied to this database differs from the one in this program."""


@frozen(kw_only=True)
class MigrationFailed(storage_errors.MigrationFailed, StorageError):
    """A migration could not be carried out; the database is as it was before it."""


# ---------------------------------------------------------------- its key


@frozen(kw_only=True)
class NeedsKey(StorageError):
    """The database is encrypted, and no key was given."""


@frozen(kw_only=True)
class NotEncrypted(StorageError):
    """The database is in clear, and a key was given."""


@frozen(kw_only=True)
class WrongKey(StorageError):
    """The passphrase is not that of this key file."""


@frozen(kw_only=True)
class KeyOfAnotherDatabase(WrongKey):
    """The key is valid but belongs to another database."""


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
    """The passphrase is empty."""


@frozen(kw_only=True)
class PassphraseTooShort(StorageError):
    """The new passphrase is too short: whoever has the files could guess it."""

    least: int


@frozen(kw_only=True)
class KeyringMissing(StorageError):
    """The operating system offers no safe keyring, or it is locked, or it lost the key."""

    detail: str
