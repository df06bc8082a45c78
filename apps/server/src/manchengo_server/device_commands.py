"""What an operator asks of the server about devices: which there are, and which may exchange.

What a command needs is imported when it is called: ``--help`` need not wait for a database.
"""

import json
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from manchengo_presenters.language import N_, _
from manchengo_presenters.legible import in_one_line, legible_json
from manchengo_server.commands import opened
from manchengo_server.failures import REFUSED, Failure
from manchengo_server.settings import Settings

if TYPE_CHECKING:
    from manchengo.domain.device import AllowRenewal, LiftQuota
    from manchengo.ports.rows import DeviceRow
    from manchengo_server.service import Service
    from manchengo_sync.wire import Age

PROGRAMS = {
    "older": N_("program to bring up to date"),
    "newer": N_("program newer than the server's: bring the server up to date"),
    "apart": N_("another program than the server's: bring both up to date"),
}
"""By ``Age``: the remark on a device with such a program; none on one with the server's."""


def devices(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server devices``: list the devices that were let in. Returns the exit code, like
    all below.
    """
    from manchengo_sync.server_word import fingerprint

    with opened(settings) as service:
        families, programs = service.families(), service.programs()
        key = fingerprint(service.plant.public_signing_key)
    if arguments.json:
        shapes = [
            {
                "id": str(row.id),
                "mark": row.mark,
                "family": family[0].mark,
                "name": row.name,
                "user_id": str(row.user_id),
                "withdrawn": row.withdrawn,
                "program": programs[row.id].value if row.id in programs else None,
            }
            for family in families
            for row in family
        ]
        print(legible_json(json.dumps(shapes, ensure_ascii=False, indent=2)))
        return 0
    if not families:
        print(_("No device yet: “manchengo-server first-code” lets the first one in."))
    for row in (row for family in families for row in family):
        state = _state(row, programs.get(row.id))
        print(f"{row.mark:<3} {in_one_line(row.name):<30} {row.id} {state}".rstrip())
    known = _(
        "The key of this server: {key}. A device that knew none shows it at its next exchange."
    )
    print(known.format(key=key), file=sys.stderr)
    return 0


def _state(row: "DeviceRow", program: "Age | None") -> str:
    """What is to be known of it, or done about it."""
    if row.withdrawn:
        return _("withdrawn: {reason}").format(reason=row.withdrawn)
    sentence = "" if program is None else PROGRAMS.get(program.value, "")
    return _(sentence) if sentence else ""


def withdraw(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server withdraw``: end the right to exchange of a device and of the copies of its
    database.
    """
    with opened(settings) as service:
        together = service.family(_named(service, arguments.device).id)
        service.withdraw(together[0].id, arguments.reason, by=None)
        left = service.keep_their_key(together[0].id)
    for row in together:
        if not row.withdrawn:
            print(
                _("{name} ({mark}) exchanges no more. What it recorded stays.").format(
                    name=row.name, mark=row.mark
                )
            )
    for user in left:
        print(
            _(
                "{user} keeps the key of this device: nobody else could administer. Once {user} "
                "signs on another device, withdraw it there: manchengo user withdraw-key {user}"
            ).format(user=in_one_line(user))
        )
    return 0


def allow_renewal(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server allow-renewal``: let one more copy of a device's database exchange."""
    from manchengo.domain.device import AllowRenewal

    with opened(settings) as service:
        row = _named(service, arguments.device)
        _allow(service, row, AllowRenewal(device_id=row.id))
    print(
        _("One more copy of {name} ({mark}) may exchange, under a mark of its own.").format(
            name=row.name, mark=row.mark
        )
    )
    return 0


def lift_quota(arguments: Namespace, settings: Settings) -> int:
    """``manchengo-server lift-quota``: let a device send as much again today."""
    from manchengo.domain.device import LiftQuota

    with opened(settings) as service:
        row = _named(service, arguments.device)
        _allow(service, row, LiftQuota(device_id=row.id))
    print(
        _("{name} ({mark}) may send as much again today as on any other day.").format(
            name=row.name, mark=row.mark
        )
    )
    return 0


def _allow(service: "Service", row: "DeviceRow", command: "AllowRenewal | LiftQuota") -> None:
    from manchengo_server.errors import RefusedByRule

    try:
        service.allow(command)
    except RefusedByRule as no:
        raise Failure(
            no.refusal,
            _(
                "{name} ({mark}) was withdrawn, and its copies with it: a code lets each in again."
            ).format(name=row.name, mark=row.mark),
            exit_code=REFUSED,
        ) from no


def _named(service: "Service", name: str) -> "DeviceRow":
    """The device of that mark, name or identifier, one that was not withdrawn where there is one.
    Several of one family are one.
    """
    from manchengo.domain.names import is_same_name

    named = [
        row
        for row in service.devices()
        if name.strip() == str(row.id)
        or any(is_same_name(name, known) for known in (row.mark, row.name))
    ]
    named = [row for row in named if not row.withdrawn] or named
    together = service.family(named[0].id) if named else []
    if not named or any(row not in together for row in named):
        raise Failure(
            "WhichDevice",
            _(
                "“{name}” names no device, or several. “manchengo-server devices” lists them: "
                "give a mark or an identifier."
            ).format(name=name),
            exit_code=REFUSED,
        )
    return named[0]
