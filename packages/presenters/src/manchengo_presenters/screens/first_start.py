"""The first start: a dairy is made, joined through its server, or brought back from a backup."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto
from pathlib import Path

from manchengo_presenters.language import _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.join_code import JOIN_BESIDE, read_join_code
from manchengo_presenters.screens.office import NewDairy, NewDevice, Office, Restoration
from manchengo_presenters.screens.view_model import Background, ViewModel


class Way(Enum):
    """How a person begins."""

    CREATE = auto()
    JOIN = auto()
    RESTORE = auto()


CREATION = ("dairy", "admin", "passphrase", "passphrase_again", "secret", "secret_again")
RESTORATION = ("source", "passphrase", "person")
JOINING = ("address", "code", "device", "passphrase", "passphrase_again", "secret", "secret_again")
OF_DATABASE = ("passphrase", "passphrase_again")
AGAIN = {"passphrase_again": "passphrase", "secret_again": "secret"}
BESIDE = {"BackupMissing": "source", "WrongKey": "passphrase", "WhichUser": "person"}


class FirstStart(ViewModel):
    """``way``: what the person chose; None while they choose. ``recovery_key``: shown once, until
    they say that they wrote it down. ``is_unfinished``: a database is there that was to join a
    server. ``progress``: how much has come from it, from 0 to 1; None where nothing comes.
    ``on_open``: called once there is a database that is open.
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
        self.joining = Form(background, dict.fromkeys(JOINING, ""), beside=JOIN_BESIDE)
        self.recovery_key = ""
        self.is_unfinished = False
        self.progress: float | None = None

    @property
    def form(self) -> Form:
        """The fields of the way that was chosen."""
        match self.way:
            case Way.RESTORE:
                return self.restoration
            case Way.JOIN:
                return self.joining
            case _:
                return self.creation

    def choose(self, way: Way | None) -> None:
        """Begin in that way; None: choose again. What was typed stays."""
        self.way = way
        self.changed()

    async def create(self) -> None:
        """Make the dairy; its recovery key is shown next."""
        form = self.creation
        form.require(name for name in CREATION if name != "dairy")
        _check_again(form)
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

    def go_on(self) -> None:
        """To join the server that a database was to join when it was made."""
        self.is_unfinished = True
        self.choose(Way.JOIN)

    async def read_code(self, picture: bytes, name: str) -> None:
        """Fill the address and the code in from a picture of what an administrator made."""
        form = self.joining
        found = await form.attempt(
            lambda: read_join_code(self._office.scans.codes_in(picture, name)[0])
        )
        if found is not None:
            form.fill(**form.values | {"address": found.server, "code": found.code})

    async def join(self) -> None:
        """Join the server; what it knows comes in."""
        form = self.joining
        if form.is_busy:
            return
        form.require(each for each in JOINING if not (self.is_unfinished and each in OF_DATABASE))
        _check_again(form)
        if not form.is_right:
            return
        values = form.values
        device = NewDevice(
            address=values["address"].strip(),
            code=values["code"].strip(),
            name=values["device"].strip(),
            passphrase=values["passphrase"],
            secret=values["secret"],
        )
        self.progress = 0.0
        is_joined = await form.attempt(lambda: self._joined(device))
        self.progress = None
        self.changed()
        if is_joined:
            form.fill()
            self.is_unfinished = False
            await self._on_open()

    def _joined(self, device: NewDevice) -> bool:
        self._office.join(device, self._step)
        return True

    def _step(self, done: int, whole: int) -> None:
        self.progress = done / whole if whole else 1.0
        self.changed()

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


def _check_again(form: Form) -> None:
    """What is typed twice is typed alike."""
    for again, first in AGAIN.items():
        if not form.errors and form.values[again] != form.values[first]:
            form.errors[again] = _("The two differ.")
