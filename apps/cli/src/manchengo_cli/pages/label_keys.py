"""The keys of labels: a list, and who lacks one; made, asked for, given, withdrawn."""

from collections.abc import Iterable, Iterator
from typing import Any

from manchengo.commands import WithdrawLabelKey
from manchengo.domain.label_keys import LabelKey
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.executing import carry_out
from manchengo_cli.output import Column, Part, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters import command_view
from manchengo_presenters.language import N_, _, ngettext
from manchengo_workplace import label_keys
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.label_keys import DeviceWithoutKey

SHORT = 8
"""How much of a device's key or identifier is shown."""


def show_keys(session: Session) -> None:
    """Answer the keys of labels, and the devices that lack one."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        keys = label_keys.label_keys_of(snapshot).keys
        held = {key.id for key in label_keys.site_keys(snapshot).keys}
        waiting = label_keys.devices_without_key(snapshot)
        answer(
            session,
            shape=lambda: {
                "keys": [key_shape(key, held) for key in keys],
                "waiting": [waiting_shape(snapshot, each) for each in waiting],
            },
            page=lambda: keys_page(snapshot, keys, held, waiting),
        )


def key_shape(key: LabelKey, held: set[int]) -> dict[str, Any]:
    """A key of labels as JSON. ``held``: the ids of those that this device has."""
    return {
        "number": key.number,
        "fingerprint": key.fingerprint,
        "devices": len(key.copies),
        "here": label_keys.id_on_labels(key) in held,
        "withdrawn": key.withdrawn or None,
    }


def waiting_shape(snapshot: Snapshot, each: DeviceWithoutKey) -> dict[str, Any]:
    """A device that lacks keys of labels, as JSON."""
    return {
        "device": each.row.name if each.row else None,
        "id": str(each.request.device_id),
        "asked_by": command_view.person(snapshot, each.asked_by),
        "lacks": list(each.lacks),
    }


def keys_page(
    snapshot: Snapshot,
    keys: Iterable[LabelKey],
    held: set[int],
    waiting: list[DeviceWithoutKey],
) -> Iterator[Part]:
    """The keys of labels as a table, and what to do for each device that lacks one."""
    yield tabled(
        keys,
        Column(_("Key"), lambda key: str(key.number), figures=True),
        Column(_("Devices"), lambda key: str(len(key.copies)), figures=True),
        Column(
            _("On this device"), lambda key: _("yes") if key_shape(key, held)["here"] else _("no")
        ),
        Column(
            _("State"),
            lambda key: (
                _("withdrawn: {reason}").format(reason=key.withdrawn)
                if key.withdrawn
                else _("active")
            ),
        ),
        empty=_("No key for labels yet. An administrator makes it: manchengo label-keys make"),
    )
    for each in waiting:
        yield _("{device} asked for the keys of labels ({user}). Give them: {command}").format(
            device=_named(each.row, each),
            user=command_view.known_person(snapshot, each.asked_by),
            command=f"manchengo label-keys grant {_mark(each.row, each)}",
        )


def make(session: Session) -> None:
    """Make the key under which labels are printed from now on."""
    with opened(session, acts=True) as workplace:
        made = label_keys.make(workplace)
    answer(
        session,
        shape=lambda: {
            "number": made.number,
            "fingerprint": made.fingerprint,
            "devices": len(made.copies),
        },
        page=lambda: [
            ngettext(
                "Labels are printed under the key {number} from now on; {count} device has it.",
                "Labels are printed under the key {number} from now on; {count} devices have it.",
                len(made.copies),
            ).format(number=made.number, count=len(made.copies)),
            _("The other devices know of it at their next exchange: manchengo sync"),
        ],
    )


def request(session: Session) -> None:
    """Ask for the keys of labels for this device."""
    with opened(session, acts=True) as workplace:
        asked = label_keys.request(workplace)
    answer(
        session,
        shape=lambda: {"requested": asked},
        page=lambda: [
            _(
                "Asked for. Exchange (manchengo sync); then an administrator gives it at a device "
                "that has it (manchengo label-keys), and both exchange once more."
            )
            if asked
            else _("This device has the keys of labels already.")
        ],
    )


def grant(session: Session, named: str) -> None:
    """Give the keys of labels to the device of that name, mark or id. Raises ``Failure`` where no
    one such device lacks them.
    """
    with opened(session, acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            found = _found(label_keys.devices_without_key(snapshot), named)
        given = label_keys.grant(workplace, [each.request for each in found])
    answer(
        session,
        shape=lambda: {"device": _named(found[0].row, found[0]), "keys": [g.number for g in given]},
        page=lambda: [
            _("{device} has the keys of labels once it has heard of this: manchengo sync").format(
                device=_named(found[0].row, found[0])
            )
        ],
    )


def withdraw(session: Session, number: int, reason: str) -> None:
    """Refuse labels under the key of that number from now on."""

    def confirmation(_snapshot: Snapshot, command: WithdrawLabelKey) -> Iterable[Part]:
        yield _("Labels under the key {number} are refused from now on.").format(
            number=command.number
        )
        yield _("The other devices know of it at their next exchange: manchengo sync")

    carry_out(
        session, lambda _choices: WithdrawLabelKey(number=number, reason=reason), confirmation
    )


def _found(waiting: list[DeviceWithoutKey], named: str) -> list[DeviceWithoutKey]:
    wanted = named.casefold()
    found = [
        each
        for each in waiting
        if str(each.request.device_id).startswith(wanted)
        or (each.row and wanted in (each.row.name.casefold(), each.row.mark.casefold()))
    ]
    if len({each.request.device_id for each in found}) == 1:
        return found
    raise Failure(
        "NotWaitingForLabelKeys",
        N_(
            "No one device called {name} waits for the keys of labels. “manchengo label-keys” "
            "shows which do."
        ),
        {"name": named},
        origin=Origin.REQUEST,
    )


def _named(row: DeviceRow | None, each: DeviceWithoutKey) -> str:
    return f"{row.name} ({row.mark})" if row else str(each.request.device_id)[:SHORT]


def _mark(row: DeviceRow | None, each: DeviceWithoutKey) -> str:
    return row.mark if row else str(each.request.device_id)
