"""What the machine can put in the way: the server, its disk, its version. No rule of the dairy.

One tree, so that every failure is told apart: which database, what is wrong with it, and whether
asking again may help. ``StorageError`` is the root; ``TryAgain`` stands for all that passes by
itself. None carries a password, nor anything that people recorded.
"""

from attrs import frozen

from manchengo.ports import storage_errors


@frozen(kw_only=True)
class StorageError(storage_errors.StorageError):
    """The database cannot be used as asked, and no rule of the dairy is to blame.

    ``database``: which one, as ``host:port/name``.
    """

    database: str


# ---------------------------------------------------------------- what passes by itself


@frozen(kw_only=True)
class TryAgain(StorageError):
    """Nothing is wrong with what was asked: it may be asked again, with the same ids.

    What was being written was undone, but for a connection lost during the very last step, which
    may have stored all of it: the ids tell.
    """


@frozen(kw_only=True)
class ConnectionLost(TryAgain):
    """The server is not there, is starting, stopping or full, or went away in the middle."""

    detail: str


@frozen(kw_only=True)
class DatabaseBusy(storage_errors.DatabaseBusy, TryAgain):
    """Someone else was writing for longer than anyone should have to wait."""


@frozen(kw_only=True)
class TooSlow(TryAgain):
    """One statement took longer than any should, and was stopped."""

    longest: float
    """In seconds."""


@frozen(kw_only=True)
class ReadOnlyDatabase(storage_errors.ReadOnlyDatabase, TryAgain):
    """It answers, and takes no writing: a standby, or one that is being switched over."""


@frozen(kw_only=True)
class DiskFull(storage_errors.DiskFull, TryAgain):
    """No room is left on the server; what was being written was undone."""


# ---------------------------------------------------------------- what somebody must see to


@frozen(kw_only=True)
class BadAddress(StorageError):
    """The address of the database is not one; ``database`` is empty, as it may hold a password."""


@frozen(kw_only=True)
class DatabaseMissing(storage_errors.DatabaseMissing, StorageError):
    """The server has no database of that name."""


@frozen(kw_only=True)
class NoPermission(storage_errors.NoPermission, StorageError):
    """The server does not let this account in, or not do that."""

    detail: str


@frozen(kw_only=True)
class ServerTooOld(StorageError):
    """The server is of a PostgreSQL before the oldest that is supported."""

    found: int
    supported: int


@frozen(kw_only=True)
class NotUnicode(StorageError):
    """The database was made for another encoding than UTF-8: not every name can be kept in it."""

    encoding: str


@frozen(kw_only=True)
class UsedAfterFork(storage_errors.UsedAfterFork, StorageError):
    """Opened before this process was forked: its connections do not follow. Open it afterwards."""


@frozen(kw_only=True)
class StorageFault(storage_errors.StorageFault, StorageError):
    """Anything else that PostgreSQL refused: most likely a fault of ours."""


# ---------------------------------------------------------------- its version


@frozen(kw_only=True)
class DatabaseTooNew(storage_errors.DatabaseTooNew, StorageError):
    """A newer Manchengo wrote it: this one must be brought up to date first."""


@frozen(kw_only=True)
class MigrationChanged(storage_errors.MigrationChanged, StorageError):
    """A migration that this plant went through is no longer the one that is shipped."""


@frozen(kw_only=True)
class MigrationFailed(storage_errors.MigrationFailed, StorageError):
    """A migration could not be carried out; the plant is as it was before it."""
