"""What the machine can put in the way of any store: a file, a server, its disk, its version.

One tree, so that every failure is told apart. The facts that both databases give stand here; each
adapter adds where its database is, and the errors that only its database has. No rule of the dairy
is here: those are ``manchengo.domain.errors``.
"""

from attrs import frozen

from manchengo.domain.errors import name_and_facts

# Without slots, so that an adapter's class can inherit from one of these and from its own root.


@frozen(kw_only=True, slots=False)
class StorageError(Exception):
    """The database cannot be used as asked, and no rule of the dairy is to blame."""

    def __str__(self) -> str:
        """Its name and facts: ``Database missing: path atelier.db.``."""
        return name_and_facts(self)


# ---------------------------------------------------------------- its access


@frozen(kw_only=True, slots=False)
class DatabaseMissing(StorageError):
    """There is no such database."""


@frozen(kw_only=True, slots=False)
class NoPermission(StorageError):
    """This user or account is not let in."""


@frozen(kw_only=True, slots=False)
class ReadOnlyDatabase(StorageError):
    """The database can be read and not written."""


@frozen(kw_only=True, slots=False)
class DiskFull(StorageError):
    """The disk is full; the write was rolled back."""


@frozen(kw_only=True, slots=False)
class DatabaseBusy(StorageError):
    """Another process held the database for longer than the time limit."""

    waited: float
    """In seconds."""


@frozen(kw_only=True, slots=False)
class UsedAfterFork(StorageError):
    """Opened before this process was forked, and used in the child. Open it afterwards."""


@frozen(kw_only=True, slots=False)
class StorageFault(StorageError):
    """Anything else that the database refused: most likely a fault of ours."""

    detail: str


# ---------------------------------------------------------------- its version


@frozen(kw_only=True, slots=False)
class DatabaseTooNew(StorageError):
    """A newer Manchengo wrote it: update this one first."""

    found: int
    supported: int


@frozen(kw_only=True, slots=False)
class MigrationChanged(StorageError):
    """A migration that was applied to this database differs from the one in this program."""

    number: int
    name: str


@frozen(kw_only=True, slots=False)
class MigrationFailed(StorageError):
    """A migration could not be carried out; the database is as it was before it."""

    number: int
    name: str
    detail: str
