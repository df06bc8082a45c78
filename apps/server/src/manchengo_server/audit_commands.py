"""What an operator asks of the audit that devices sent: who was refused what, and what is wrong."""

import json
import sys
from argparse import Namespace
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from manchengo_presenters import audit_words
from manchengo_presenters.formatting import day, number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.legible import in_one_line, legible_json
from manchengo_presenters.words import AUDIT_FAULTS, word
from manchengo_server.commands import opened
from manchengo_server.failures import MISUSED, Failure
from manchengo_server.kept_audit import kept_faults
from manchengo_server.settings import Settings

if TYPE_CHECKING:
    from manchengo.ports.audit import AuditRecord, ReceivedAudit
    from manchengo.ports.store import Snapshot
    from manchengo_server.kept_audit import KeptFault

FAULTS = {
    "cut": N_("THE RECORDS BEFORE IT NEVER CAME"),
    "branch": N_("THE SERVER HAD ANOTHER RECORD IN ITS PLACE: THE AUDIT OF THE DEVICE WAS CHANGED"),
}

KEPT_FAULTS = {
    "changed": N_("its content was changed"),
    "lost": N_("it is not there any more"),
    "replaced": N_("another record is in its place than the one that the device signed for"),
}


def audit(arguments: Namespace, settings: Settings) -> int:
    """The newest last, as in any journal; what is wrong with any of them, whatever its age."""
    if arguments.limit < 1:
        raise Failure("BadLimit", _("--limit takes a number from 1 on."), exit_code=MISUSED)
    if arguments.own:
        return _own_audit(arguments, settings)
    with opened(settings) as service, service.context.reading() as snapshot:
        newest: deque[ReceivedAudit] = deque(maxlen=arguments.limit)
        faults = 0
        for received in snapshot.received_audit():
            newest.append(received)
            faults += bool(received.fault)
        if arguments.json:
            shapes = [_shape(snapshot, each) for each in newest]
            print(legible_json(json.dumps(shapes, ensure_ascii=False, indent=2)))
        else:
            for each in newest:
                print(in_one_line(_line(snapshot, each)))
        wrong = [_kept_fault(snapshot, each) for each in kept_faults(snapshot)]
    if not newest:
        print(_("No device has sent anything of its audit yet."), file=sys.stderr)
    if faults:
        print(
            ngettext(
                "{count} record does not continue what its device sent before.",
                "{count} records do not continue what their devices sent before.",
                faults,
            ).format(count=faults),
            file=sys.stderr,
        )
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if faults or wrong else 0


def _own_audit(arguments: Namespace, settings: Settings) -> int:
    from manchengo.application.audit_check import first_fault

    with opened(settings) as service, service.context.reading() as snapshot:
        newest = deque(snapshot.audit_records(), maxlen=arguments.limit)
        wrong = first_fault(snapshot)
        if arguments.json:
            shapes = [_own_shape(each) for each in newest]
            print(legible_json(json.dumps(shapes, ensure_ascii=False, indent=2)))
        else:
            for each in newest:
                print(in_one_line(_own_line(snapshot, each)))
    if not newest:
        print(_("The server has noted nothing of itself yet."), file=sys.stderr)
    if wrong is not None:
        sentence = _(
            "THE SERVER'S OWN AUDIT WAS TAMPERED WITH, at record number {sequence}: {fault}."
        )
        fault = word(AUDIT_FAULTS, wrong.fault)
        print(sentence.format(sequence=number(wrong.sequence), fault=fault), file=sys.stderr)
    return 0 if wrong is None else 1


def _own_shape(record: "AuditRecord") -> dict[str, object]:
    entry = record.entry
    return {
        "sequence": record.sequence,
        "at": entry.at.isoformat(),
        "user": str(entry.user_id) if entry.user_id.int else None,
        "action": entry.action,
        "outcome": entry.outcome,
        "facts": entry.facts,
        "count": entry.count,
        "last_at": entry.last_at.isoformat(),
    }


def _own_line(snapshot: "Snapshot", record: "AuditRecord") -> str:
    from manchengo.ports.rows import DeviceRow, UserRow

    entry = record.entry
    device = None
    with suppress(KeyError, TypeError, ValueError, AttributeError):  # none, or it was changed
        device = snapshot.get(DeviceRow, UUID(audit_words.facts(entry)["device_id"]))
    user = snapshot.get(UserRow, entry.user_id) if entry.user_id.int else None
    parts = [
        f"{entry.at.astimezone():%d/%m/%Y %H:%M:%S}",
        f"#{record.sequence}",
        device.name if device else "—",
        user.name if user else "—",
        entry.action,
        entry.outcome,
    ]
    if entry.count > 1:
        parts.append(f"× {entry.count}")
    return "  ".join(parts)


def _kept_fault(snapshot: "Snapshot", found: "KeptFault") -> str:
    from manchengo.ports.rows import DeviceRow

    device = snapshot.get(DeviceRow, found.device_id)
    return in_one_line(
        _(
            "THE SERVER DOES NOT KEEP WHAT WAS SENT: record number {sequence} of the audit of the "
            "device {device} ({day}): {fault}. The device may still have it, and so may a backup "
            "of the server."
        ).format(
            sequence=number(found.sequence),
            device=device.name if device else found.device_id,
            day=day(found.on),
            fault=_(KEPT_FAULTS[found.fault]),
        )
    )


def _shape(snapshot: "Snapshot", received: "ReceivedAudit") -> dict[str, object]:
    record, entry = received.record, received.record.entry
    return {
        "received_at": received.received_at.isoformat(),
        "device": str(entry.device_id),
        "sequence": record.sequence,
        "at": entry.at.isoformat(),
        "user": _user(snapshot, received),
        "kind": str(entry.kind),
        "action": entry.action,
        "outcome": entry.outcome,
        "facts": entry.facts,
        "count": entry.count,
        "last_at": entry.last_at.isoformat(),
        "fault": received.fault or None,
    }


def _line(snapshot: "Snapshot", received: "ReceivedAudit") -> str:
    from manchengo.ports.rows import DeviceRow

    record, entry = received.record, received.record.entry
    device = snapshot.get(DeviceRow, entry.device_id)
    parts = [
        f"{entry.at.astimezone():%d/%m/%Y %H:%M:%S}",
        device.name if device else str(entry.device_id),
        f"#{record.sequence}",
        _user(snapshot, received),
        entry.action,
        entry.outcome,
    ]
    if entry.count > 1:
        parts.append(f"× {entry.count}")
    if received.fault:
        parts.append(_(FAULTS[received.fault]))
    return "  ".join(parts)


def _user(snapshot: "Snapshot", received: "ReceivedAudit") -> str:
    from manchengo.ports.rows import UserRow

    user_id = received.record.entry.user_id
    row = snapshot.get(UserRow, user_id)
    return row.name if row else str(user_id)
