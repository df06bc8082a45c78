"""Who may act, and as what; the devices of the plant; and the keys of its labels."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import frozen

from manchengo import Role
from manchengo.application.completeness import Completeness
from manchengo.commands import RegisterUser
from manchengo.domain.access import Permission
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import DeviceRow, UserRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view, confirmations, words
from manchengo_presenters.formatting import moment
from manchengo_presenters.language import _
from manchengo_presenters.plant_devices import devices
from manchengo_presenters.screens.admissions import LabelKeyState
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.line_choice import LineChoice
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext
from manchengo_presenters.screens.tones import Tone

SILENT = timedelta(days=3)
"""A device that nobody heard for so long is worth a look."""

REGISTRATION, ROLES = "registration", "roles"
"""The name of the form, and under which the roles are kept beside its field."""

NO_LABEL_KEYS = LabelKeyState(newest=0, waiting=())


@frozen(kw_only=True)
class PersonLine:
    """``state``: whether they act, and have a passphrase or PIN at this device."""

    user_id: UserId
    name: str
    roles: str
    state: str
    tone: Tone


@frozen(kw_only=True)
class DeviceLine:
    """``person``: for whom it was let in; ``heard``: up to when it was heard."""

    device_id: DeviceId
    name: str
    mark: str
    person: str
    heard: str
    state: str
    tone: Tone


@frozen(kw_only=True)
class PeopleDetail:
    """``label_keys``: none where the person may not look after them."""

    people: tuple[PersonLine, ...]
    devices: tuple[DeviceLine, ...]
    label_keys: LabelKeyState


class PeoplePage(LineChoice[PersonLine | DeviceLine], DetailPage[PeopleDetail], Form):
    """``detail``: None until it is there. ``is_adding``: somebody is about to be registered, with
    these ``roles``.
    """

    def __init__(self, context: ScreenContext) -> None:
        beside = {"AlreadyExists": "name", "NameMissing": "name"}
        super().__init__(context.background, {"name": ""}, beside=beside)
        self._office = context.office
        self.context = context
        self.is_adding = False
        self.roles: frozenset[Role] = frozenset()

    @property
    def may_add(self) -> bool:
        """Whether the person may register others."""
        return self.context.who.may(Permission.MANAGE_PEOPLE)

    @property
    def may_manage_labels(self) -> bool:
        """Whether the person looks after the keys of labels."""
        return self.context.who.may(Permission.MANAGE_KEYS)

    def begin(self, is_begun: bool) -> None:
        """About to register somebody; or leave it."""
        self.is_adding, self.roles = is_begun, frozenset()
        self.fill()

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """Itself, while somebody is about to be registered."""
        return {REGISTRATION: self} if self.is_adding else {}

    async def reopen(self, name: str) -> Form | None:
        """About to register somebody, again."""
        if name != REGISTRATION or not self.may_add:
            return None
        self.begin(True)
        return self

    def chosen_beside(self) -> dict[str, str]:
        """Their roles."""
        return {ROLES: " ".join(sorted(self.roles))} if self.roles else {}

    def choose_beside(self, draft: Mapping[str, str]) -> None:
        """With those roles."""
        self.roles = frozenset(map(Role, draft.get(ROLES, "").split()))

    def toggle(self, role: Role) -> None:
        """Give that role, or take it away."""
        self.roles ^= {role}
        self.changed()

    async def add(self) -> None:
        """Register them, and show what they need to begin."""
        if self.is_busy:
            return
        self.require(("name",))
        if not self.roles:
            self.errors["name"] = self.errors.get("name") or _("Choose at least one role.")
        if not self.is_right:
            return
        name, roles = self.values["name"].strip(), self.roles

        def sentence(snapshot: Snapshot, registered: RegisterUser) -> str:
            return confirmations.person(snapshot, registered.user_id)

        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: RegisterUser(
                    user_id=UserId(choices.id("user_id")), name=name, roles=roles
                ),
                sentence,
            )
        )
        if done is not None:
            self.begin(False)
            self.context.window.tell(done)
            assert isinstance(done.command, RegisterUser), "it was built so"
            await self.context.window.go(Screen.PERSON, done.command.user_id)

    async def confirm(self) -> None:
        """Register them, or begin to."""
        if self.is_adding:
            await self.add()
        elif self.may_add:
            self.begin(True)

    @property
    def lines_shown(self) -> tuple[PersonLine | DeviceLine, ...]:
        """People, then devices."""
        return (*self.detail.people, *self.detail.devices) if self.detail else ()

    async def opened(self, line: PersonLine | DeviceLine) -> None:
        """To that person, or that device."""
        if isinstance(line, PersonLine):
            await self.context.window.go(Screen.PERSON, line.user_id)
        else:
            await self.context.window.go(Screen.DEVICE, line.device_id)

    async def make_label_key(self) -> None:
        """Print labels under a new key from now on."""
        if self.is_busy:
            return
        number = await self.attempt(self._office.admissions.make_label_key)
        if number is not None:
            said = _("Labels are printed under the key {number} from now on.")
            self.context.window.say(said.format(number=number))
            await self.load()

    async def give_label_keys(self) -> None:
        """Give them to the devices that asked."""
        if self.is_busy:
            return
        if await self.attempt(self._given_label_keys):
            said = _("These devices have the keys of labels at their next exchange.")
            self.context.window.say(said)
            await self.load()

    def _given_label_keys(self) -> bool:
        self._office.admissions.give_label_keys()
        return True

    def _read(self) -> PeopleDetail:
        office = self._office
        here, heard, now = office.admissions.people_here(), office.exchanges.heard(), office.now()
        keys = office.admissions.label_keys() if self.may_manage_labels else NO_LABEL_KEYS
        with office.reading() as snapshot:
            rows = sorted(snapshot.rows(UserRow), key=lambda row: (not row.active, row.search_text))
            own = office.actor.device_id
            return PeopleDetail(
                people=tuple(_person(row, here) for row in rows),
                devices=tuple(_device(snapshot, row, own, heard, now) for row in devices(snapshot)),
                label_keys=keys,
            )


def _person(row: UserRow, here: frozenset[UserId]) -> PersonLine:
    state, tone = _("acts here"), Tone.GOOD
    if not row.active:
        state, tone = _("gone"), Tone.BAD
    elif row.id not in here:
        state, tone = _("no passphrase here"), Tone.PLAIN
    return PersonLine(
        user_id=row.id,
        name=row.name,
        roles=words.roles(row.roles.split()),
        state=state,
        tone=tone,
    )


def _device(
    snapshot: Snapshot, row: DeviceRow, own: DeviceId, heard: Completeness, now: datetime
) -> DeviceLine:
    until = next((each.heard_until for each in heard.devices if each.device_id == row.id), None)
    state, tone = _("active"), Tone.GOOD
    if row.withdrawn:
        state, tone = _("withdrawn"), Tone.BAD
    elif row.id == own:
        state, tone = _("this one"), Tone.INFO
    elif until is None or now - until > SILENT:
        state, tone = _("silent"), Tone.WARN
    return DeviceLine(
        device_id=row.id,
        name=row.name,
        mark=row.mark,
        person=command_view.known_person(snapshot, row.user_id),
        heard=moment(until) if until else "" if row.id == own else _("never"),
        state=state,
        tone=tone,
    )
