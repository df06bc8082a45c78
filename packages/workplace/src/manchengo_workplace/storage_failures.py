"""What the storage refuses, as failures. The keys are the names of the classes in
``manchengo_sqlite.errors``, and a few of our own.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from attrs import asdict, has

from manchengo.ports.storage_errors import StorageError
from manchengo_presenters.language import N_
from manchengo_presenters.storage import SENTENCES as SHARED
from manchengo_presenters.storage import storage_values
from manchengo_workplace.failures import Failure

SENTENCES = {
    "DatabaseMissing": N_(
        "There is no database at {path}. Create one, or choose the file where yours is."
    ),
    "DatabaseCorrupt": N_(
        "The database {path} is damaged. Do not write to it any more: restore a backup."
    ),
    "NotAsSealed": N_(
        "A commit of {path} is not what its author sealed ({commit}), and no backup was made of "
        "it: the one before stands. Verify the database: that says more."
    ),
    "NoDevice": N_(
        "{path} does not know which device it is on: its making was interrupted. "
        "Delete it and create it again."
    ),
    "ReplacedIsLocked": N_(
        "Nothing was restored: neither this passphrase nor the keyring opens {path}, the database "
        "in use, which says who may restore. Give its own passphrase. If nobody has it any more, "
        "move {path} and {name}.key to another folder, and restore again."
    ),
    "StorageError": N_(
        "The database {path} cannot be used ({fault}). Try again; if it stays, restore a backup."
    ),
}


def storage_failure(name: str, /, **facts: object) -> Failure:
    """The failure of that name; a name without a sentence is told as ``StorageError``."""
    sentences = {**SHARED, **SENTENCES}
    key = name if name in sentences else "StorageError"
    return Failure(
        name,
        sentences[key],
        {fact: str(value) for fact, value in facts.items()},
        values=storage_values(name, facts),
        key=key,
    )


@contextmanager
def storage_errors_as_failures() -> Iterator[None]:
    """What the storage refuses in this block becomes a ``Failure``."""
    try:
        yield
    except StorageError as error:
        facts = asdict(error) if has(type(error)) else {}
        raise storage_failure(type(error).__name__, **facts) from error
