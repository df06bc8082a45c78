"""One device of the plant: whose it is, up to when it was heard, and an end to its exchange."""

from enum import Enum

from attrs import frozen

from manchengo.application.handlers.devices import family
from manchengo.application.keys import KeyLine, keys_at
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import AllowRenewal, Command, LiftQuota, WithdrawDevice
from manchengo.domain.access import Permission
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot
from manchengo_presenters import command_view
from manchengo_presenters.formatting import moment
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.deciding import Deciding
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.screen_context import ScreenContext


class DeviceAct(Enum):
    """What may be done about a device; the value is the words of its button."""

    WITHDRAW = N_("Withdraw the device")
    RENEW = N_("Let one more copy in")
    QUOTA = N_("Let it send more today")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


EFFECTS = {
    DeviceAct.RENEW: N_(
        "For a database that was restored from a backup on this device: it goes on under a mark of "
        "its own."
    ),
    DeviceAct.QUOTA: N_("It may send as much again today as on any other day."),
}


@frozen(kw_only=True)
class DeviceDetail:
    """``facts``: a name and a value each. ``withdrawn``: why, "" while it may exchange. ``effect``:
    what goes with it where it is withdrawn, in sentences; ``kept``: who keeps their key all the
    same, and what to do.
    """

    name: str
    mark: str
    facts: tuple[tuple[str, str], ...]
    withdrawn: str
    is_this: bool
    effect: tuple[str, ...]
    kept: tuple[str, ...]


class DevicePage(DetailPage[DeviceDetail], Deciding[DeviceAct]):
    """``detail``: None until it is there. ``deciding``: what is about to be done."""

    def __init__(self, context: ScreenContext, device_id: DeviceId) -> None:
        super().__init__(context.background, {"reason": ""}, beside={"ReasonMissing": "reason"})
        self._office = context.office
        self.context = context
        self.device_id = device_id

    @property
    def acts(self) -> tuple[DeviceAct, ...]:
        """What this person may do about it."""
        is_there = self.detail is not None and not self.detail.withdrawn
        may = self.context.who.may(Permission.MANAGE_DEVICES)
        return tuple(DeviceAct) if is_there and may else ()

    @property
    def effect(self) -> tuple[str, ...]:
        """What it comes to, before it is done."""
        if self.deciding is None or self.detail is None:
            return ()
        if self.deciding is DeviceAct.WITHDRAW:
            return self.detail.effect
        return (_(EFFECTS[self.deciding]),)

    @property
    def fitting(self) -> tuple[DeviceAct, ...]:
        """What this person may do about it."""
        return self.acts

    def begin(self, action: DeviceAct | None) -> None:
        """About to do that; None: leave it."""
        self.deciding = action
        self.fill()

    async def decide(self) -> None:
        """Do what was begun."""
        act = self.deciding
        if act is None or self.is_busy:
            return
        self.require(("reason",) if act is DeviceAct.WITHDRAW else ())
        if not self.is_right:
            return
        command = self._command(act)
        done = await self.attempt(
            lambda: self._office.record(
                lambda _choices: command,
                lambda snapshot, _: _sentence(_row(snapshot, self.device_id), act),
            )
        )
        if done is not None:
            self.begin(None)
            self.context.window.tell(done)
            await self.load()

    async def confirm(self) -> None:
        """Do what was begun."""
        await self.decide()

    def _command(self, act: DeviceAct) -> Command:
        match act:
            case DeviceAct.WITHDRAW:
                reason = self.values["reason"].strip()
                return WithdrawDevice(device_id=self.device_id, reason=reason)
            case DeviceAct.RENEW:
                return AllowRenewal(device_id=self.device_id)
            case DeviceAct.QUOTA:
                return LiftQuota(device_id=self.device_id)

    def _read(self) -> DeviceDetail:
        heard, own = self._office.exchanges.heard(), self._office.actor.device_id
        until = {each.device_id: each.heard_until for each in heard.devices}.get(self.device_id)
        with self._office.reading() as snapshot:
            row = _row(snapshot, self.device_id)
            relatives = [
                found
                for each in family(UnitOfWork(snapshot), row.id)
                if (found := snapshot.get(DeviceRow, each)) is not None and each != row.id
            ]
            lines = keys_at(snapshot, row.id)
            facts = [
                (_("Mark"), row.mark),
                (_("For"), command_view.known_person(snapshot, row.user_id)),
            ]
        if until is not None:
            facts.append((_("Heard up to"), moment(until)))
        if relatives:
            named = ", ".join(f"{each.name} ({each.mark})" for each in relatives)
            facts.append((_("Copies of its database"), named))
        live = [line for line in lines if line.withdrawn is None]
        if live:
            facts.append((_("Sign there"), ", ".join(line.user for line in live)))
        return DeviceDetail(
            name=row.name,
            mark=row.mark,
            facts=tuple(facts),
            withdrawn=row.withdrawn,
            is_this=row.id == own,
            effect=tuple(_effect(relatives, live)),
            kept=tuple(_kept(live)) if row.withdrawn else (),
        )


def _row(snapshot: Snapshot, device_id: DeviceId) -> DeviceRow:
    row = snapshot.get(DeviceRow, device_id)
    assert row is not None, "it was opened where it is listed"
    return row


def _effect(relatives: list[DeviceRow], live: list[KeyLine]) -> list[str]:
    sentences = [_("It exchanges no more; what it sent before stays.")]
    if relatives:
        named = ", ".join(each.name for each in relatives)
        sentences.append(_("The copies of its database go with it: {names}.").format(names=named))
    if live:
        names = ", ".join(dict.fromkeys(line.user for line in live))
        sentences.append(
            _(
                "So do the keys that people have there: {names}. The last administrator who can "
                "sign keeps theirs."
            ).format(names=names)
        )
    return sentences


def _kept(live: list[KeyLine]) -> list[str]:
    return [
        _(
            "{user} keeps the key of this device, since nobody else could administer. Have {user} "
            "begin on another device, then withdraw this key on their page."
        ).format(user=line.user)
        for line in live
    ]


def _sentence(row: DeviceRow, act: DeviceAct) -> str:
    sentences = {
        DeviceAct.WITHDRAW: _("{name} ({mark}) exchanges no more, once the server knows of it."),
        DeviceAct.RENEW: _(
            "One more copy of {name} ({mark}) may exchange, under a mark of its own."
        ),
        DeviceAct.QUOTA: _("{name} ({mark}) may send as much again today as on any other day."),
    }
    return sentences[act].format(name=row.name, mark=row.mark)
