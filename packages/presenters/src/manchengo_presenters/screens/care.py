"""The care of the database: when it was last backed up, a backup now, and whether it is sound."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from enum import Enum, auto
from pathlib import Path
from typing import TypeVar

from manchengo.domain.access import Permission
from manchengo_presenters import verification_words
from manchengo_presenters.formatting import day, size
from manchengo_presenters.language import _
from manchengo_presenters.screens.database_care import Backup
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen_context import ScreenContext

T = TypeVar("T")


class Job(Enum):
    """What goes on."""

    NONE = auto()
    BACKUP = auto()
    VERIFICATION = auto()


class CarePage(Form):
    """``last``: when it was last backed up, in words; "" until that is read. ``job``: what goes on,
    whatever screen is shown meanwhile; ``progress``: how far it is. ``done``: what was made;
    ``findings``: what a verification found, and ``is_sound``, None until there was one.
    """

    keeps_drafts = False  # a folder is no entry

    def __init__(self, context: ScreenContext, zone: tzinfo | None = None) -> None:
        super().__init__(context.background, {"folder": ""}, beside={"NoFolder": "folder"})
        self._office = context.office
        self._zone = zone
        self.context = context
        self.last = ""
        self.is_backed_up = False
        self.job = Job.NONE
        self.progress = (0, 0)
        self.done: tuple[str, ...] = ()
        self.findings: tuple[str, ...] = ()
        self.is_sound: bool | None = None

    @property
    def may_back_up(self) -> bool:
        """Whether the person may copy the database."""
        return self.context.who.may(Permission.BACK_UP)

    @property
    def may_verify(self) -> bool:
        """Whether the person may check it."""
        return self.context.who.may(Permission.VERIFY)

    async def load(self) -> None:
        """Read anew when it was last backed up; what was typed, made and found stays."""
        if self.job is not Job.NONE:
            return
        problem = self.problem
        found = await self.attempt_quietly(lambda: (self._office.care.last_backup(),))
        if found is not None:
            self.problem = problem
            self.is_backed_up = found[0] is not None
            self.last = self._last_words(found[0])
            self.changed()

    def _last_words(self, at: datetime | None) -> str:
        if at is None:
            return _("Never backed up.")
        here = at.astimezone(self._zone)
        return _("Last backup: {day}, {time}.").format(day=day(here), time=f"{here:%H:%M}")

    async def back_up(self) -> None:
        """Make a backup in the folder that was typed."""
        self.require(("folder",))
        if self.job is not Job.NONE or not self.may_back_up or not self.is_right:
            return
        folder = Path(self.values["folder"].strip()).expanduser()
        self.done, self.progress = (), (0, 0)
        made = await self._run(Job.BACKUP, lambda: self._office.care.back_up(folder, self._moved))
        if made is not None:
            self.done = tuple(_made(made))
        await self.load()

    async def verify(self) -> None:
        """Check what was added since the last time."""
        await self._verify(whole=False)

    async def verify_whole(self) -> None:
        """Check everything that is stored."""
        await self._verify(whole=True)

    async def _verify(self, *, whole: bool) -> None:
        if self.job is not Job.NONE or not self.may_verify:
            return
        self.findings, self.is_sound, self.progress = (), None, (0, 0)
        found = await self._run(
            Job.VERIFICATION, lambda: self._office.care.verify(self._moved, whole=whole)
        )
        if found is not None:
            self.findings = tuple(verification_words.findings(found))
            self.is_sound = found.sound
            self.changed()

    async def confirm(self) -> None:
        """Make a backup."""
        await self.back_up()

    async def _run(self, job: Job, work: Callable[[], T]) -> T | None:
        self.job = job
        try:
            return await self.attempt(work)
        finally:
            self.job = Job.NONE
            self.changed()

    def _moved(self, done: int, whole: int) -> None:
        self.progress = (done, whole)
        self.changed()


def _made(backup: Backup) -> list[str]:
    sentences = [
        _("Backup made and checked: {path} ({size}).").format(
            path=backup.path, size=size(backup.bytes)
        )
    ]
    if backup.is_encrypted:
        sentences.append(
            _("Its key file {name}.key lies beside it: keep the two together.").format(
                name=backup.path.name
            )
        )
    if not backup.is_noted:
        sentences.append(
            _(
                "The backup is good, but the audit could not note it: nothing can be written in "
                "the database. Keep the backup elsewhere, and make room on this disk."
            )
        )
    return sentences
