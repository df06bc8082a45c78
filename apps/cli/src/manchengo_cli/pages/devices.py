"""The devices of the plant, and the codes that let new ones in."""

import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from manchengo.application.handlers.devices import families
from manchengo.application.handlers.devices import family as devices_of_key
from manchengo.application.keys import KeyLine, keys_at
from manchengo.application.lists import every_row
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import AllowRenewal, LiftQuota, ReplaceServerKey, WithdrawDevice
from manchengo.domain.errors import Unknown
from manchengo.domain.ids import DeviceId
from manchengo.domain.names import is_same_name, visible
from manchengo.ports.lists import ListQuery
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot
from manchengo_cli import listing
from manchengo_cli.database import opened
from manchengo_cli.executing import carry_out
from manchengo_cli.layout import is_fixed, to_copy
from manchengo_cli.output import Column, Lines, Part, Table, answer, tabled
from manchengo_cli.pages import clocks
from manchengo_cli.pages.exchanging import steps
from manchengo_cli.progress import bar_if_needed
from manchengo_cli.session import Session
from manchengo_presenters import command_view
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_presenters.listing import Asked
from manchengo_presenters.plant_devices import devices
from manchengo_presenters.screens.join_code import JoinCode, written_join_code
from manchengo_workplace import letting_in, lookups, server
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.server import EnrolmentCode

if TYPE_CHECKING:
    from manchengo_workplace.server import Age


PROGRAMS = {
    "same": N_("up to date"),
    "older": N_("to bring up to date"),
    "newer": N_("newer than the server's"),
    "apart": N_("other than the server's"),
}
"""By ``Age``, how a device's program stands beside the server's."""

QUIET = 2
"""Squares of white around a code on a screen."""

HALVES = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
"""Two squares of a code, one above the other; what is black is left dark."""

Known = Mapping[DeviceId, "Age"] | None
"""What the server said of the programs; None where it was not asked."""


def show_devices(session: Session, asked: Asked, *, everything: bool, programs: bool) -> None:
    """Answer the devices that are ``asked`` for, each with the copies of its database behind it.
    ``everything``: also those that were withdrawn. ``programs``: ask the server for what it knows
    of the program of each.
    """
    with opened(session, acts=programs) as workplace:
        known = server.programs(workplace) if programs else None
        own = workplace.actor.device_id
        with workplace.dairy.reading() as snapshot:
            rows = page_of(snapshot, asked, everything=everything)
            family_of = firsts(snapshot)
            state = server.ExchangeState.of(snapshot)
            answer(
                session,
                shape=lambda: [
                    device_shape(snapshot, row, family_of[row.id], own, known)
                    | {"clock": clocks.state_of(state, row.id)}
                    for row in rows
                ],
                page=lambda: [
                    listing.listed(devices_table(snapshot, rows, family_of, own, known), asked),
                    *clocks.other_clocks_lines(snapshot, state),
                ],
            )


def page_of(snapshot: Snapshot, asked: Asked, *, everything: bool) -> list[DeviceRow]:
    """The devices that are ``asked`` for, in the order of ``devices``; ``sort`` and ``reverse`` do
    not apply. Raises ``Unknown`` and ``Failure`` like ``find`` of the device to begin behind, which
    may be one that is not shown.
    """
    rows = devices(snapshot)
    if asked.after:
        rows = rows[rows.index(find(snapshot, asked.after)) + 1 :]
    if asked.search:
        found = {row.id for row in every_row(snapshot, DeviceRow, ListQuery(search=asked.search))}
        rows = [row for row in rows if row.id in found]
    return [row for row in rows if everything or not row.withdrawn][: asked.limit]


def firsts(snapshot: Snapshot) -> dict[DeviceId, str]:
    """By the id of each device the mark of the first of its family: itself, or what it is a copy
    of.
    """
    marks = {row.id: row.mark for row in snapshot.rows(DeviceRow)}
    groups = families(UnitOfWork(snapshot))
    return {each: marks[group[0]] for group in groups for each in group}


def device_shape(
    snapshot: Snapshot, row: DeviceRow, family: str, own: Any, programs: Known = None
) -> dict[str, Any]:
    """A device as JSON. ``family``: the mark of the device of which it is a copy, or its own.
    ``own``: the id of this device.
    """
    shape = {
        "device": row.name,
        "id": str(row.id),
        "mark": row.mark,
        "family": family,
        "user": command_view.person(snapshot, row.user_id),
        "active": not row.withdrawn,
        "withdrawn": row.withdrawn or None,
        "this": row.id == own,
    }
    if programs is not None:
        shape["program"] = programs[row.id].value if row.id in programs else None
    return shape


def devices_table(
    snapshot: Snapshot,
    rows: list[DeviceRow],
    family_of: Mapping[DeviceId, str],
    own: Any,
    programs: Known = None,
) -> Table:
    """The devices as a table. ``family_of``: the mark of the device of which each is a copy, or its
    own. ``own``: the id of this device.
    """
    known = programs or {}
    return tabled(
        rows,
        Column(_("Device"), lambda row: row.name),
        Column(_("Mark"), lambda row: row.mark),
        Column(_("User"), lambda row: command_view.known_person(snapshot, row.user_id)),
        Column(_("State"), lambda row: state(row, family_of[row.id], own)),
        *(
            []
            if programs is None
            else [Column(_("Program"), lambda row: program(known.get(row.id)))]
        ),
        Column(_("Identifier"), lambda row: str(row.id)),
        empty=_("No device exchanges with a server yet: manchengo sync --join"),
    )


def state(row: DeviceRow, family: str, own: Any) -> str:
    """Whether the device is this one, active, a copy or withdrawn."""
    if row.withdrawn:
        return _("withdrawn: {reason}").format(reason=row.withdrawn)
    if row.id == own:
        return _("this one")
    return _("active") if family == row.mark else _("active, copy of {mark}").format(mark=family)


def program(age: "Age | None") -> str:
    """``age``: None where it did not exchange yet."""
    return "" if age is None else _(PROGRAMS[age.value])


# -------------------------------------------------------------------------------------- codes


def give_code(session: Session, person: str, minutes: int) -> None:
    """Show the code of the server, and with it that of an invitation where everybody signs."""
    with opened(session, acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            user = lookups.user(snapshot, person)
        address = server.server_of(workplace.store)
        with bar_if_needed(session, _("Exchanging")) as step:
            given = letting_in.let_in(workplace, user, minutes, steps(workplace, step))
    answer(
        session,
        shape=lambda: {
            "code": given.code.without_plant,
            "user": user.name,
            "expires_at": given.expires_at.isoformat(),
            "server": address,
            "plant_id": str(given.code.plant_id),
            "qr": payload(address, given.code),
        },
        page=lambda: code_page(given.expires_at, given.code, user.name, address),
    )


def code_page(
    expires_at: datetime, code: EnrolmentCode, person: str, address: str
) -> Iterable[Part]:
    """The code for a new device, also as a QR code on a terminal, and how to use it."""
    until = expires_at.astimezone()
    yield _("Code for one device of {person}, good until {day} {hour}:").format(
        person=person, day=day(until), hour=f"{until:%H:%M}"
    )
    yield Lines(["", f"    {code.without_plant}", ""])
    if sys.stdout.isatty() and not is_fixed():
        yield Lines(drawn(payload(address, code)))
    yield _(
        "On the new device. What follows the code is the fingerprint of this plant: the device "
        "joins no other."
    )
    yield Lines(to_copy(["manchengo init", f"--join {address}", f"--code {code}"]))


def payload(address: str, code: EnrolmentCode) -> str:
    """What the QR code says."""
    return written_join_code(JoinCode(address, str(code)))


def drawn(text: str) -> list[str]:
    """The QR code of a text, drawn with letters, two of its squares in each."""
    from manchengo_qr.drawing import draw  # late: it loads what also reads pictures

    code = draw(text)
    blank = [False] * (code.side + 2 * QUIET)
    beside = [False] * QUIET
    rows = [blank] * QUIET + [[*beside, *row, *beside] for row in code.rows] + [blank] * (QUIET + 1)
    return [
        "".join(HALVES[upper, lower] for upper, lower in zip(rows[at], rows[at + 1], strict=True))
        for at in range(0, len(rows) - 1, 2)
    ]


# ------------------------------------------------------------------- withdrawing, letting copies in


def withdraw(session: Session, named: str, reason: str) -> None:
    """Withdraw the device of that name, mark or id, with its copies."""

    def confirmation(snapshot: Snapshot, command: WithdrawDevice) -> Iterable[Part]:
        for row in family(snapshot, command.device_id):
            yield _("Withdrawn: {device} ({mark})").format(device=row.name, mark=row.mark)
        yield from keys_that_went(keys_at(snapshot, command.device_id), command.reason)
        yield _(
            "The server takes nothing from it any more, once it has heard of this: manchengo sync"
        )

    carry_out(
        session,
        lambda choices: WithdrawDevice(device_id=find(choices.snapshot, named).id, reason=reason),
        confirmation,
    )


def keys_that_went(lines: Iterable[KeyLine], reason: str) -> Iterable[str]:
    """What became of the keys that people had on the device."""
    for line in lines:
        if line.withdrawn is None:
            yield _(
                "{user} keeps the key of this device: nobody else could administer. Have {user} "
                "begin on another device (manchengo passwd), then withdraw it: manchengo user "
                "withdraw-key {user}"
            ).format(user=line.user)
        elif line.reason == visible(reason):
            yield _("What {user} signs with the key of this device counts no more.").format(
                user=line.user
            )


def allow_renewal(session: Session, named: str) -> None:
    """Let one more copy of the device of that name, mark or id exchange."""

    def confirmation(snapshot: Snapshot, command: AllowRenewal) -> Iterable[Part]:
        row = snapshot.get(DeviceRow, command.device_id)
        assert row is not None, "it was found"
        yield _("One more copy of {name} ({mark}) may exchange, under a mark of its own.").format(
            name=row.name, mark=row.mark
        )
        yield _("The server lets it in once it has heard of this: manchengo sync")

    carry_out(
        session,
        lambda choices: AllowRenewal(device_id=find(choices.snapshot, named).id),
        confirmation,
    )


def replace_server_key(session: Session, public_key: str) -> None:
    """Trust another key of the server, in hex, from now on."""

    def confirmation(_snapshot: Snapshot, command: ReplaceServerKey) -> Iterable[Part]:
        yield _("The server's key {former} is replaced by {key}.").format(
            former=server.fingerprint_of(command.former_key),
            key=server.fingerprint_of(command.public_key),
        )
        yield _("The other devices believe the new one at their next exchange: manchengo sync")

    def command(snapshot: Snapshot) -> ReplaceServerKey:
        former = server.known_signing_key(snapshot)
        if not former:
            raise Failure(
                "NoServerKeyKnown",
                N_(
                    "This device knows no key of the server yet, so there is none to replace. "
                    "Exchange first: manchengo sync"
                ),
                {},
                origin=Origin.REQUEST,
            )
        return ReplaceServerKey(former_key=former, public_key=public_key)

    carry_out(session, lambda choices: command(choices.snapshot), confirmation)


def lift_quota(session: Session, named: str) -> None:
    """Let the device of that name, mark or id send as much again today."""

    def confirmation(snapshot: Snapshot, command: LiftQuota) -> Iterable[Part]:
        row = snapshot.get(DeviceRow, command.device_id)
        assert row is not None, "it was found"
        yield _("{name} ({mark}) may send as much again today as on any other day.").format(
            name=row.name, mark=row.mark
        )
        yield _("The server takes it once it has heard of this: manchengo sync")

    carry_out(
        session,
        lambda choices: LiftQuota(device_id=find(choices.snapshot, named).id),
        confirmation,
    )


def family(snapshot: Snapshot, device_id: DeviceId) -> list[DeviceRow]:
    """The device and all others that share its keys: they are withdrawn together."""
    rows = (
        snapshot.get(DeviceRow, each) for each in devices_of_key(UnitOfWork(snapshot), device_id)
    )
    return [row for row in rows if row is not None]


def find(snapshot: Snapshot, named: str) -> DeviceRow:
    """The device of that name or mark, else the one whose identifier begins so; of several of one
    name, the only one that was not withdrawn.
    """
    beginning = named.replace("-", "").casefold()
    rows = devices(snapshot)
    found = [row for row in rows if is_same_name(named, row.name) or is_same_name(named, row.mark)]
    found = found or [row for row in rows if row.id.hex.startswith(beginning)]
    if not found:
        raise Unknown(kind="device", reference=named)
    alive = [row for row in found if not row.withdrawn]
    if len(alive) > 1 and any(row not in family(snapshot, alive[0].id) for row in alive):
        raise Failure(
            "AmbiguousDevice",
            N_("Several devices are called {name}: give a mark instead ({marks})."),
            {"devices": [str(row.id) for row in alive]},
            values={"name": named, "marks": ", ".join(row.mark for row in alive)},
            origin=Origin.REQUEST,
        )
    return (alive or found)[0]
