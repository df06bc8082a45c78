"""Database files of a run: made once, copied for each turn, erased with what lies beside them."""

import shutil
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, fill: Callable[[Path], object]) -> Path:
    """``path``, as a former run left it or as ``fill`` makes it now, to its end."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.unfinished")
        erase(draft)
        fill(draft)
        draft.rename(path)
        erase(draft)
    return path


def anew(path: Path, name: str) -> Path:
    """A copy of the database beside it, in place of what had that name; nobody may have it open."""
    assert not path.with_name(f"{path.name}-wal").exists(), f"{path} is open"
    copy = path.with_name(name)
    erase(copy)
    shutil.copyfile(path, copy)
    return copy


def erase(path: Path) -> None:
    """The database, its log, and the files by which processes take turns."""
    for ending in ("", "-wal", "-shm", "-turn"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
