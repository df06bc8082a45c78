"""What the screen of care asks of the device: when it was backed up, a backup, a verification."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from attrs import frozen

from manchengo.application.integrity import Verification

Progress = Callable[[int, int], None]
"""Called with how much is done, in pages or commits, and how much there is to do."""


@frozen(kw_only=True)
class Backup:
    """``path``: the file that was made or brought up to date; ``bytes``: its size; ``is_noted``:
    whether the audit says so.
    """

    path: Path
    bytes: int
    is_encrypted: bool
    is_noted: bool = True


@frozen(kw_only=True)
class AboutDatabase:
    """``device``, ``mark``: the name of this computer among those of the plant; "" while it is
    enrolled at no server. ``bytes``: the size of the database at ``path``; ``version``: of the
    program.
    """

    device: str
    mark: str
    path: Path
    bytes: int
    is_encrypted: bool
    version: str


class DatabaseCare(Protocol):
    """Every method may take long, and raises ``Problem``."""

    def about(self) -> AboutDatabase:
        """What there is to know of the database and of this computer."""
        ...

    def last_backup(self) -> datetime | None:
        """When the database was last backed up; None where nobody did."""
        ...

    def back_up(self, folder: Path, progress: Progress) -> Backup:
        """Make a backup in that folder, or bring the one there up to date."""
        ...

    def verify(self, progress: Progress, *, whole: bool) -> Verification:
        """Check what was added since this person verified last, or everything that is stored where
        ``whole``, or where that is due.
        """
        ...
