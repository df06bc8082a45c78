"""Who sits here: the database is opened, and a person proves who they are."""

from collections.abc import Awaitable, Callable

from manchengo_presenters.formatting import number
from manchengo_presenters.language import _, ngettext
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.office import Office, Person, SignedIn
from manchengo_presenters.screens.view_model import Background


class OpenDatabase(Form):
    """The passphrase of the database is asked for. ``on_open``: called once it is open."""

    def __init__(
        self, office: Office, background: Background, on_open: Callable[[], Awaitable[object]]
    ) -> None:
        super().__init__(background, {"passphrase": ""}, beside={"WrongKey": "passphrase"})
        self._office = office
        self._on_open = on_open

    async def submit(self) -> None:
        """Open it."""
        self.require(("passphrase",))
        if self.is_busy or not self.is_right:
            return
        if await self.attempt(self._opened):
            self.fill()
            await self._on_open()

    def _opened(self) -> bool:
        self._office.open(self.values["passphrase"])
        return True


class SignIn(Form):
    """``people``: who may sign in here. ``why``: what ended the work of who acted, where it was not
    time; "" else. ``waiting``: the seconds that this try waits.
    ``is_with_code``: a code is asked for, as where nobody has a key here yet.
    """

    def __init__(
        self,
        office: Office,
        background: Background,
        on_sign_in: Callable[[SignedIn], Awaitable[object]],
    ) -> None:
        beside = dict.fromkeys(("WrongSecret", "LockedOut", "NoKeyHere"), "secret")
        super().__init__(background, {"person": "", "secret": ""}, beside=beside)
        self._office = office
        self._on_sign_in = on_sign_in
        self.people: list[Person] = []
        self.why = ""
        self.waiting = 0
        self.is_with_code = False
        self.with_code = CodeForm(office, background, self._begun)

    async def load(self, person: str = "") -> None:
        """Who may sign in; ``person``: who is chosen for a start, else the only one."""
        self.people = await self.attempt(self._office.people) or []
        only = self.people[0].name if len(self.people) == 1 else ""
        self.is_with_code = not self.people
        self.why = ""
        self.fill(person=person or only)

    def say_why(self, why: str) -> None:
        """Say what ended the work of who acted."""
        self.why = why
        self.changed()

    @property
    def is_pin(self) -> bool:
        """Whether the person who is chosen has a PIN, and no passphrase."""
        return any(each.is_pin for each in self.people if each.name == self.values["person"])

    @property
    def wait_sentence(self) -> str:
        """What is said while the try waits; "" where it does not."""
        if not self.waiting:
            return ""
        sentence = ngettext(
            "Wait {count} second: there were several wrong tries.",
            "Wait {count} seconds: there were several wrong tries.",
            self.waiting,
        )
        return sentence.format(count=number(self.waiting))

    def use_code(self, is_with_code: bool) -> None:
        """Ask for a code, or not."""
        self.is_with_code = is_with_code
        self.changed()

    async def _begun(self, person: str) -> None:
        await self.load(person)

    def choose(self, person: str) -> None:
        """That person sits here."""
        self.fill(person=person)

    async def submit(self) -> None:
        """Sign in; what is wrong stands beside the passphrase."""
        self.require(("person", "secret"))
        if self.is_busy or not self.is_right:
            return
        signed_in = await self.attempt(self._signed_in)
        self.waiting = 0
        if signed_in is not None:
            self.fill(person=self.values["person"])
            await self._on_sign_in(signed_in)
        else:
            self.values["secret"] = ""
            self.number += 1
            self.changed()

    def _signed_in(self) -> SignedIn:
        return self._office.sign_in(self.values["person"], self.values["secret"], self._wait)

    def _wait(self, seconds: int) -> None:
        self.waiting = seconds
        self.changed()

    @property
    def secret_label(self) -> str:
        """What the person types."""
        return _("PIN") if self.is_pin else _("Personal passphrase")


class CodeForm(Form):
    """A person begins to sign at this device, with the code of an invitation or their recovery key.
    ``on_begun``: called with their name.
    """

    def __init__(
        self, office: Office, background: Background, on_begun: Callable[[str], Awaitable[object]]
    ) -> None:
        fields = ("code_person", "code", "new_secret", "new_secret_again")
        beside = {"Unknown": "code_person", "WrongCode": "code", "SecretTooWeak": "new_secret"}
        super().__init__(background, dict.fromkeys(fields, ""), beside=beside)
        self._office = office
        self._on_begun = on_begun

    async def submit(self) -> None:
        """Begin; they sign in next."""
        values = self.values
        self.require(values)
        if not self.errors and values["new_secret"] != values["new_secret_again"]:
            self.errors["new_secret_again"] = _("The two differ.")
        if self.is_busy or not self.is_right:
            return
        name = values["code_person"].strip()
        if await self.attempt(lambda: self._begun(name)):
            self.fill()
            await self._on_begun(name)

    def _begun(self, name: str) -> bool:
        values = self.values
        self._office.begin_with_code(name, values["code"].strip(), values["new_secret"])
        return True
