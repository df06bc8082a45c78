"""The care of this computer's database: backed up, and verified."""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from attrs import frozen

from manchengo.application.integrity import Verification
from manchengo.ports.audit import AuditKind, AuditQuery
from manchengo.ports.rows import DeviceRow
from manchengo_desktop.compose.labels import must_be_there
from manchengo_desktop.compose.problems import problems
from manchengo_presenters.screens.database_care import AboutDatabase, Backup, Progress
from manchengo_workplace import server
from manchengo_workplace.workplace import Workplace

BACKUPS = ("backup.made", "backup.updated", "backup.made_again")
"""What the audit calls a backup that was made."""

LOOKED_THROUGH = 100
"""Entries of the audit in which the last backup is looked for: each tells of a backup that began,
was made or restored, or says so in its facts.
"""


@frozen
class DeviceCare:
    """``at_work``: whoever acts now; raises ``Problem`` where nobody does. Implements
    ``DatabaseCare``.
    """

    _at_work: Callable[[], Workplace]

    def about(self) -> AboutDatabase:
        """What there is to know of the database and of this computer."""
        workplace = self._at_work()
        with problems(), workplace.dairy.reading() as snapshot:
            row = snapshot.get(DeviceRow, workplace.actor.device_id)
            return AboutDatabase(
                device=row.name if row else "",
                mark=row.mark if row else "",
                path=workplace.path,
                bytes=workplace.path.stat().st_size,
                is_encrypted=workplace.encrypted,
                version=version("manchengo-desktop"),
            )

    def last_backup(self) -> datetime | None:
        """When the database was last backed up."""
        with problems(), self._at_work().store.reading() as snapshot:
            told = AuditQuery(kinds=(AuditKind.DATABASE,), search="backup. done")
            records = snapshot.audit_page(told, limit=LOOKED_THROUGH)
        times = (
            each.entry.last_at
            for each in records
            if each.entry.action in BACKUPS and each.entry.outcome == "done"
        )
        return max(times, default=None)

    def back_up(self, folder: Path, progress: Progress) -> Backup:
        """Make a backup in that folder, or bring the one there up to date."""
        must_be_there(folder)
        workplace = self._at_work()
        path = folder / f"{workplace.path.stem}-sauvegarde{workplace.path.suffix}"
        with problems():
            copied = workplace.backup(path, whole=False, progress=progress)
            return Backup(
                path=path,
                bytes=path.stat().st_size,
                is_encrypted=workplace.encrypted,
                is_noted=copied.is_noted,
            )

    def verify(self, progress: Progress, *, whole: bool) -> Verification:
        """Check what was added since the last time, or everything."""
        with problems():
            return self._at_work().verify(server.signature_check(), whole=whole, progress=progress)
