"""The first start: a dairy is made, or brought back from a backup."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto
from pathlib import Path

from manchengo_presenters.language import _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.office import NewDairy, Office, Restoration
from manchengo_presenters.screens.view_model import Background, ViewModel


class Way(Enum):
    """How a person begins."""

    CREATE = auto()
    RESTORE = auto()


CREATION = ("dairy", "admin", "passphrase", "passphrase_again", "secret", "secret_again")
RESTORATION = ("source", "passphrase", "person")
AGAIN = {"passphrase_again": "passphrase", "secret_again": "secret"}
BESIDE = {"BackupMissing": "source", "WrongKey": "passphrase", "WhichUser": "person"}


class FirstStart(ViewModel):
    """``way``: what the person chose; None while they choose. ``recovery_key``: shown once, until
    they say that they wrote it down. ``on_open``: called once there is a database that is open.
    """

    def __init__(
        self, office: Office, background: Background, on_open: Callable[[], Awaitable[object]]
    ) -> None:
        super().__init__(background)
        self._office = office
        self._on_open = on_open
        self.way: Way | None = None
        self.creation = Form(background, dict.fromkeys(CREATION, ""))
        self.restoration = Form(background, dict.fromkeys(RESTORATION, ""), beside=BESIDE)
        self.recovery_key = ""

    @property
    def form(self) -> Form:
        """The fields of the way that was chosen."""
        return self.restoration if self.way is Way.RESTORE else self.creation

    def choose(self, way: Way | None) -> None:
        """Begin in that way; None: choose again. What was typed stays."""
        self.way = way
        self.changed()

    async def create(self) -> None:
        """Make the dairy; its recovery key is shown next."""
        form = self.creation
        form.require(name for name in CREATION if name != "dairy")
        for again, first in AGAIN.items():
            if not form.errors and form.values[again] != form.values[first]:
                form.errors[again] = _("The two differ.")
        if not form.is_right:
            return
        values = form.values
        new = NewDairy(
            name=values["dairy"].strip(),
            admin=values["admin"].strip(),
            passphrase=values["passphrase"],
            secret=values["secret"],
        )
        key = await form.attempt(lambda: self._office.create(new))
        if key is not None:
            form.fill()
            self.recovery_key = key
            self.changed()

    async def written_down(self) -> None:
        """The recovery key is written down: it is not shown again."""
        self.recovery_key = ""
        await self._on_open()

    async def restore(self) -> None:
        """Bring the backup in."""
        form = self.restoration
        form.require(("source", "passphrase"))
        if not form.is_right:
            return
        values = form.values
        asked = Restoration(
            source=Path(values["source"].strip()).expanduser(),
            passphrase=values["passphrase"],
            person=values["person"].strip(),
        )
        if await form.attempt(lambda: self._restored(asked)):
            form.fill()
            await self._on_open()

    def _restored(self, asked: Restoration) -> bool:
        self._office.restore(asked)
        return True
