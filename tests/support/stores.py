"""Every store that must behave as all the others, opened for one story and gone after it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from manchengo import MemoryStore
from manchengo.ports.store import Store

OpenStore = Callable[[], AbstractContextManager[Store]]

KEY = bytes(range(32))
IN_RAM = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files need not outlive a power cut, nobody should wait for a disk."""


@contextmanager
def in_memory() -> Iterator[Store]:
    yield MemoryStore()


@contextmanager
def on_an_encrypted_file() -> Iterator[Store]:
    from tests.support.blank_files import new_file

    with (
        TemporaryDirectory(dir=IN_RAM) as folder,
        new_file(Path(folder) / "dairy.db", key=KEY) as store,
    ):
        yield store


STORES: dict[str, OpenStore] = {"memory": in_memory}
if find_spec("manchengo_sqlite"):
    STORES["encrypted file"] = on_an_encrypted_file
