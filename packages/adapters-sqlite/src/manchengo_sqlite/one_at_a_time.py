"""Holds a small file that is read, changed and replaced for one thread at a time."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from manchengo_sqlite.fair_file_lock import lock
from manchengo_sqlite.files import OWNER_ONLY, facing_the_disk

_LOOKS_AGAIN = 0.02
_ONE_THREAD = Lock()


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the file for this thread alone, among all threads and processes; waits for its turn."""
    beside = path.with_name(f"{path.name}-lock")
    with _ONE_THREAD:
        with facing_the_disk(path):
            descriptor = _locked(beside)
        try:
            yield
        finally:
            with suppress(OSError):  # on Windows, while somebody waits for it
                beside.unlink()
            os.close(descriptor)


def _locked(path: Path) -> int:
    """The file of that name, locked; it is gone as soon as nobody needs it."""
    while True:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY)
        try:
            while True:
                with suppress(BlockingIOError, PermissionError):  # somebody holds it
                    lock(descriptor, 0)
                    break
                time.sleep(_LOOKS_AGAIN)
            if _is_at(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # who held it took it away


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
