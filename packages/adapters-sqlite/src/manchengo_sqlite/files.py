"""A file is there whole or not at all, through any crash, and nothing is ever written over."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from manchengo_sqlite.errors import (
    AlreadyThere,
    DatabaseMissing,
    DiskFailing,
    DiskFull,
    FolderMissing,
    NoPermission,
    ReadOnlyDatabase,
)

OWNER_ONLY = 0o600


@contextmanager
def facing_the_disk(path: Path) -> Iterator[None]:
    """What the operating system refuses in here is told in our words, about ``path``."""
    try:
        yield
    except FileExistsError as error:
        raise AlreadyThere(path=path) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        if not path.parent.is_dir():
            raise FolderMissing(path=path) from error
        raise DatabaseMissing(path=path) from error
    except PermissionError as error:
        raise NoPermission(path=path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(path=path) from error
        if error.errno == errno.EROFS:
            raise ReadOnlyDatabase(path=path) from error
        raise DiskFailing(path=path, detail=str(error)) from error


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """An empty file beside ``path``, for its owner alone; gone at the end unless put in place.

    A process that was killed could not take its own away: the next one does.
    """
    sweep(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.draft")
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    try:
        yield temporary
    finally:
        for ending in ("", "-wal", "-shm", "-journal", "-turn"):
            with suppress(FileNotFoundError):
                os.unlink(f"{temporary}{ending}")


def sweep(path: Path) -> None:
    """Take away the drafts of ``path`` whose processes are no more: a backup's may be large."""
    for left in path.parent.glob(f".{escape(path.name)}.*-*.draft*"):
        process = left.name.removeprefix(f".{path.name}.").partition("-")[0]
        if process.isdecimal() and not is_alive(int(process)):
            with suppress(OSError):  # on Windows, while it is open somewhere
                left.unlink()


def is_alive(process: int) -> bool:
    """Whether a process of that number runs."""
    if os.name == "nt":  # where asking could end it; a file that is open cannot be taken away
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        pass
    return True


def put_in_place(written: Path, path: Path) -> None:
    """Give a finished draft its name, unless something bears it: ``FileExistsError``."""
    flush(written)
    try:
        os.link(written, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links, such as a USB stick's
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
        os.rename(written, path)
    settle(path)


def take_the_place(written: Path, path: Path) -> None:
    """Give a finished draft its name, in the place of what bore it."""
    flush(written)
    os.replace(written, path)
    settle(path)


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file in one step; readable by its owner alone."""
    with draft(path) as temporary:
        temporary.write_bytes(content)
        take_the_place(temporary, path)


def flush(path: Path) -> None:
    """Have the content on the disk before the name says so."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(path: Path) -> None:
    """Have the name itself on the disk. Windows has no such call, and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
