"""A store for work that nobody keeps, on the disk and not in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manchengo_sqlite.files import draft, facing_the_disk
from manchengo_sqlite.keys import new_key
from manchengo_sqlite.store import SqliteStore


@contextmanager
def scratch_beside(path: Path) -> Iterator[SqliteStore]:
    """An empty store beside the database at ``path``, encrypted under a key that is nowhere else;
    gone at the end. Of a process that was killed it is taken away by the next that needs one.

    Raises one of ``manchengo_sqlite.errors`` where nothing can be written there.
    """
    with facing_the_disk(path), draft(path) as place:
        place.unlink()
        with SqliteStore.open(place, key=new_key(), create=True) as store:
            yield store
