"""One person: what they may do, with which keys they sign, and the codes by which they begin."""

from collections.abc import Mapping
from enum import Enum

from attrs import frozen

from manchengo import Role
from manchengo.application.keys import KeyLine
from manchengo.commands import ChangeRoles, Command, DeactivateUser, WithdrawKey
from manchengo.domain.access import Permission
from manchengo.domain.ids import UserId
from manchengo.ports.rows import UserRow
from manchengo_presenters import confirmations, parsing, words
from manchengo_presenters.formatting import day, moment
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.admissions import DeviceCode, PersonCode
from manchengo_presenters.screens.deciding import Deciding
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.screen_context import ScreenContext

SHORT = 8
"""How much of a key is shown."""

MINUTES = 30
"""For how long a code for a new device is good, unless somebody says otherwise."""


LONGEST = 7 * 24 * 60
"""The most minutes that the server gives one."""


class Act(Enum):
    """What may be done about somebody; the value is the words of its button."""

    ROLES = N_("Change the roles")
    DEVICE_CODE = N_("Let a new device in")
    INVITE = N_("Code to begin to sign")
    RECOVERY = N_("Recovery key")
    ADMIT = N_("Admit a key")
    SECRET = N_("New passphrase or PIN here")
    WITHDRAW_KEY = N_("Withdraw a key")
    DEACTIVATE = N_("They leave")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


NEEDED = {
    Act.ROLES: Permission.MANAGE_PEOPLE,
    Act.DEVICE_CODE: Permission.MANAGE_DEVICES,
    Act.INVITE: Permission.MANAGE_KEYS,
    Act.RECOVERY: Permission.MANAGE_KEYS,
    Act.ADMIT: Permission.MANAGE_KEYS,
    Act.SECRET: Permission.MANAGE_KEYS,
    Act.WITHDRAW_KEY: Permission.MANAGE_KEYS,
    Act.DEACTIVATE: Permission.MANAGE_PEOPLE,
}
ASKED: dict[Act, tuple[str, ...]] = {
    Act.DEVICE_CODE: ("minutes",),
    Act.ADMIT: ("request",),
    Act.SECRET: ("secret", "secret_again"),
    Act.WITHDRAW_KEY: ("reason",),
}
"""What is typed for each; nothing for the others."""

FIELDS = ("minutes", "request", "secret", "secret_again", "reason")
BESIDE = {
    "NotARequest": "request",
    "ReasonMissing": "reason",
    "KeyTaken": "request",
}


@frozen(kw_only=True)
class KeyShown:
    """A key with which the person signs or signed. ``counts``: it was not withdrawn."""

    public_key: str
    text: str
    note: str
    counts: bool


@frozen(kw_only=True)
class PersonDetail:
    """``roles_words``: what they may act as. ``keys``: None where whoever looks may not see them.
    ``is_here``: they have a passphrase or PIN at this device; ``has_server``: the device has one.
    """

    name: str
    roles: frozenset[Role]
    roles_words: str
    is_active: bool
    is_here: bool
    has_server: bool
    keys: tuple[KeyShown, ...] | None


class PersonPage(DetailPage[PersonDetail], Deciding[Act]):
    """``detail``: None until it is there. ``deciding``: what is about to be done; ``roles``: those
    that are chosen then, ``key``: the one to withdraw. ``code``: what was just made, shown once.
    ``is_oneself``: it is the person who looks, also once they act no more.
    """

    def __init__(self, context: ScreenContext, user_id: UserId) -> None:
        super().__init__(context.background, dict.fromkeys(FIELDS, ""), beside=BESIDE)
        self._office = context.office
        self.context = context
        self.user_id = user_id
        self.is_oneself = user_id == context.office.actor.user_id
        self.roles: frozenset[Role] = frozenset()
        self.key: KeyShown | None = None
        self.code: DeviceCode | PersonCode | None = None

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the person who looks may do about them; a key is withdrawn beside it."""
        detail = self.detail
        if detail is None or not detail.is_active:
            return ()
        out = {Act.WITHDRAW_KEY}
        if not detail.has_server:
            out.add(Act.DEVICE_CODE)
        if self.is_oneself:
            out |= {Act.SECRET, Act.DEACTIVATE}
        return tuple(each for each in Act if each not in out and self._may(each))

    @property
    def may_let_try_again(self) -> bool:
        """Whether they have a passphrase here whose wrong tries may be forgotten."""
        is_here = self.detail is not None and self.detail.is_active and self.detail.is_here
        return is_here and not self.is_oneself and self._may(Act.SECRET)

    @property
    def may_withdraw_keys(self) -> bool:
        """Whether the person who looks may withdraw one of their keys."""
        return self.is_oneself or self._may(Act.WITHDRAW_KEY)

    def _may(self, act: Act) -> bool:
        return self.context.who.may(NEEDED[act])

    @property
    def fitting(self) -> tuple[Act, ...]:
        """What is begun without a key that is shown."""
        return self.acts

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """A key is withdrawn under its name."""
        return super().open_forms if self.key is None else {_withdrawing(self.key): self}

    async def reopen(self, name: str) -> Form | None:
        """With the key that is withdrawn."""
        keys = self.detail.keys if self.detail and self.may_withdraw_keys else None
        for key in keys or ():
            if key.counts and name == _withdrawing(key):
                self.begin(Act.WITHDRAW_KEY, key)
                return self
        return await super().reopen(name)

    def begin(self, action: Act | None, key: KeyShown | None = None) -> None:
        """About to do that, with that ``key``; None: leave it. A code is shown no longer."""
        self.deciding, self.key, self.code = action, key, None
        self.roles = self.detail.roles if self.detail else frozenset()
        self.fill(minutes=str(MINUTES))

    def toggle(self, role: Role) -> None:
        """Give that role, or take it away."""
        self.roles ^= {role}
        self.changed()

    @property
    def effect(self) -> str:
        """What it comes to, in a sentence, before it is done; "" where its fields say it."""
        name = self.detail.name if self.detail else ""
        sentences = {
            Act.DEVICE_CODE: _(
                "Whoever has this code can set up one device as {name}. Show it to nobody else."
            ),
            Act.INVITE: _(
                "A code for {name}, good for seven days, to choose a passphrase on a device."
            ),
            Act.RECOVERY: _(
                "A code for the drawer, good until it is used: with it {name} acts again when the "
                "passphrase is lost."
            ),
            Act.ADMIT: _(
                "From then on what is signed with that key is the word of {name}: be sure that "
                "it was they who made it."
            ),
            Act.SECRET: _(
                "{name} chooses it here themselves. What they had on this computer before is void."
            ),
            Act.WITHDRAW_KEY: _(
                "What {name} signs with this key counts no more; what arrived before stays."
            ),
            Act.DEACTIVATE: _("{name} may no longer act. What they recorded keeps their name."),
        }
        if self.deciding is Act.ROLES and self.is_oneself:
            return _("These are your own roles: you identify yourself again to go on with them.")
        return sentences[self.deciding].format(name=name) if self.deciding in sentences else ""

    async def decide(self) -> None:
        """Do what was begun."""
        act = self.deciding
        if act is None or self.is_busy:
            return
        self.require(ASKED.get(act, ()))
        if act is Act.SECRET and self.values["secret"] != self.values["secret_again"]:
            self.errors.setdefault("secret_again", _("The two differ."))
        if not self.is_right:
            return
        match act:
            case Act.DEVICE_CODE | Act.INVITE | Act.RECOVERY:
                await self._make_code(act)
            case Act.ADMIT | Act.SECRET:
                await self._change_keys(act)
            case Act.ROLES | Act.WITHDRAW_KEY | Act.DEACTIVATE:
                await self._record(self._command(act))

    async def confirm(self) -> None:
        """Do what was begun."""
        await self.decide()

    async def let_try_again(self) -> None:
        """Forget their wrong tries at this device."""
        if self.is_busy:
            return
        done = await self.attempt(self._forget_tries)
        if done and self.detail is not None:
            said = _("{name} may try again on this computer.").format(name=self.detail.name)
            self.context.window.say(said)

    async def _make_code(self, act: Act) -> None:
        admissions, user_id = self._office.admissions, self.user_id
        if act is Act.DEVICE_CODE:
            minutes = self.read("minutes", _minutes)
            if not self.is_right:
                return
            assert isinstance(minutes, int), "it was read"
            made: DeviceCode | PersonCode | None = await self.attempt(
                lambda: admissions.device_code(user_id, minutes)
            )
        else:
            is_recovery = act is Act.RECOVERY
            made = await self.attempt(lambda: admissions.invite(user_id, is_recovery=is_recovery))
        if made is not None:
            self.begin(None)
            self.code = made
            await self.load()

    async def _change_keys(self, act: Act) -> None:
        request, secret = self.values["request"].strip(), self.values["secret"]
        done = await self.attempt(lambda: self._with_keys_changed(act, request, secret))
        if done and self.detail is not None:
            said = (
                _("{name} signs with that key at their next exchange.")
                if act is Act.ADMIT
                else _("{name} has a new passphrase or PIN on this computer.")
            )
            self.begin(None)
            self.context.window.say(said.format(name=self.detail.name))
            await self.load()

    def _forget_tries(self) -> bool:
        self._office.admissions.let_try_again(self.user_id)
        return True

    def _with_keys_changed(self, act: Act, request: str, secret: str) -> bool:
        if act is Act.ADMIT:
            self._office.admissions.admit(self.user_id, request)
        else:
            self._office.admissions.give_secret(self.user_id, secret)
        return True

    def _command(self, act: Act) -> Command:
        if act is Act.ROLES:
            return ChangeRoles(user_id=self.user_id, roles=self.roles)
        if act is Act.DEACTIVATE:
            return DeactivateUser(user_id=self.user_id)
        assert self.key is not None, "one was chosen"
        reason = self.values["reason"].strip()
        return WithdrawKey(user_id=self.user_id, public_key=self.key.public_key, reason=reason)

    async def _record(self, command: Command) -> None:
        user_id = self.user_id
        done = await self.attempt(
            lambda: self._office.record(
                lambda _choices: command,
                lambda snapshot, _: confirmations.person(snapshot, user_id),
            )
        )
        if done is not None:
            self.begin(None)
            self.context.window.tell(done)
            await self.load()

    @property
    def code_words(self) -> str:
        """Until when the code that is shown is good, and where it is typed."""
        match self.code:
            case DeviceCode(until=until, server=server):
                return _(
                    "Good until {moment}, once. On the new device choose to join the server "
                    "of a dairy, then show a picture of this code, or type {server} and the code."
                ).format(moment=moment(until), server=server)
            case PersonCode(until=None):
                return _("Write it on paper and keep it elsewhere. It is shown only now.")
            case PersonCode(until=until) if until is not None:
                return _(
                    "Good until {day}, once. It is typed where one signs in, under “I have a "
                    "code”. It is shown only now."
                ).format(day=day(until))
        return ""

    def _read(self) -> PersonDetail:
        office = self._office
        is_here = self.user_id in office.admissions.people_here()
        sees_keys = self.is_oneself or self._may(Act.WITHDRAW_KEY)
        keys = office.admissions.keys(self.user_id) if sees_keys else None
        with office.reading() as snapshot:
            row = snapshot.get(UserRow, self.user_id)
        assert row is not None, "they were opened where they are listed"
        return PersonDetail(
            name=row.name,
            roles=frozenset(Role(each) for each in row.roles.split()),
            roles_words=words.roles(row.roles.split()),
            is_active=row.active,
            is_here=is_here,
            has_server=bool(office.exchange_status().server),
            keys=None if keys is None else tuple(_key(each) for each in reversed(keys)),
        )


def _withdrawing(key: KeyShown) -> str:
    return f"{Act.WITHDRAW_KEY.name} {key.public_key}"


def _minutes(text: str) -> int:
    return parsing.whole_number(text, least=1, most=LONGEST)


def _key(line: KeyLine) -> KeyShown:
    note = _("admitted by {user}, {moment}").format(
        user=line.admitted.user or "?", moment=moment(line.admitted.at)
    )
    if line.withdrawn is not None:
        note = _("withdrawn on {when}: {reason}").format(
            when=moment(line.withdrawn.at), reason=line.reason
        )
    return KeyShown(
        public_key=line.public_key,
        text=" · ".join(filter(None, (line.public_key[:SHORT], ", ".join(line.devices)))),
        note=note,
        counts=line.withdrawn is None,
    )
