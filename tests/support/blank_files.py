"""Empty databases in files, without the time that their making takes."""

from functools import cache
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp

from manchengo_sqlite import SqliteStore
from tests.support.stores import IN_RAM


def new_file(path: Path, *, key: bytes | None) -> SqliteStore:
    """An open database with nothing in it: a copy of the first one that was made under that key."""
    copyfile(_made(key), path)
    return SqliteStore.open(path, key=key)


def remove_models() -> None:
    """Once the tests are over: a worker ends without calling what is registered with ``atexit``."""
    _made.cache_clear()
    while _folders:
        rmtree(_folders.pop(), ignore_errors=True)


_folders: list[Path] = []


@cache
def _made(key: bytes | None) -> Path:
    folder = Path(mkdtemp(prefix="manchengo-blank-", dir=IN_RAM))
    _folders.append(folder)
    SqliteStore.open(folder / "blank.db", key=key, create=True).close()
    return folder / "blank.db"
