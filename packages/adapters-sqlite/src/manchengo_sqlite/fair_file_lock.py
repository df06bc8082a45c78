"""A fair lock between processes: the one that has just written lets the one that waits go first.

SQLite gives its lock to whoever asks at the right moment, and that is most often the process that
has just let go of it: an import could keep the operator at the next screen waiting for ever. So two
bytes of a small file beside the database are locked in turn, its door and its inside: who wants to
write stands in the door, goes in when the inside is free, and leaves the door. Whoever comes out
finds the other standing in the door, and has to wait for them.

This is courtesy and no more. SQLite's own lock still decides: where the file cannot be made, or a
process stays in the door for too long, everybody just asks SQLite.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import define

if sys.platform == "win32":
    import msvcrt

    def lock(descriptor: int, byte: int) -> None:
        """Lock one byte for this process, or raise an ``OSError`` at once."""
        os.lseek(descriptor, byte, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def unlock(descriptor: int, byte: int) -> None:
        """Unlock that byte."""
        os.lseek(descriptor, byte, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def lock(descriptor: int, byte: int) -> None:
        """Lock one byte for this process, or raise an ``OSError`` at once."""
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)

    def unlock(descriptor: int, byte: int) -> None:
        """Unlock that byte."""
        fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, byte)


ENDING = "-turn"
DOOR, INSIDE = 0, 1

_CHANCE = random.Random()
"""Its own: a thread that waits takes nothing from the chance that a program has seeded."""

_PAUSE = (0.0002, 0.001)


@define
class FairFileLock:
    """``path``: the file; it is there only while somebody has the database open."""

    path: Path
    _descriptor: int | None = None

    @contextmanager
    def passed(self, patience: float) -> Iterator[None]:
        """Wait for what is others' turn, at most ``patience`` seconds; then on in any case."""
        until = time.monotonic() + patience
        inside = False
        try:
            self._ready()
            if self._take(DOOR, until):
                try:
                    inside = self._take(INSIDE, until)
                finally:
                    self._leave(DOOR)
        except OSError:  # a disk that knows no locks, a folder that takes no file
            inside = False
        try:
            yield
        finally:
            if inside:
                self._leave(INSIDE)

    def close(self) -> None:
        """Let go of the file, and take it away if nobody else has it open."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None
        with suppress(OSError):  # on Windows, while others have it open; they will take it away
            self.path.unlink()

    def _ready(self) -> None:
        """Have the file open, the same as everybody else: who closes takes it away."""
        if self._descriptor is not None and not os.fstat(self._descriptor).st_nlink:
            os.close(self._descriptor)
            self._descriptor = None
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)

    def _take(self, byte: int, until: float) -> bool:
        return _patiently(lambda: lock(self._open_descriptor, byte), until)

    def _leave(self, byte: int) -> None:
        with suppress(OSError):
            unlock(self._open_descriptor, byte)

    @property
    def _open_descriptor(self) -> int:
        assert self._descriptor is not None, "made ready before it is used"
        return self._descriptor


def _patiently(step: Callable[[], None], until: float) -> bool:
    while True:
        try:
            step()
        except (BlockingIOError, PermissionError):  # what the systems say of a byte that is locked
            if time.monotonic() >= until:
                return False
            time.sleep(_CHANCE.uniform(*_PAUSE))
        else:
            return True
