"""The refusals and accesses that the audit log keeps, with who and when."""

import json
from typing import Any

from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import UserRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Table, answer
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.formatting import day, number, plain, plain_money
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.recall_reach import recall_reach
from manchengo_presenters.refusal_text import kept
from manchengo_workplace import recall_drills

OUTCOMES = {
    "done": N_("done"),
    "WrongSecret": N_("wrong passphrase or PIN"),
    "LockedOut": N_("locked out"),
    "LogDisowned": N_("the server began an epoch without what it had signed"),
}


def show_audit(session: Session, limit: int) -> None:
    """Answer the latest entries of the audit, ``limit`` at most."""
    with opened(session, acts=True) as workplace, workplace.dairy.reading() as snapshot:
        entries = snapshot.audit(limit=limit)
        answer(
            session,
            shape=lambda: [entry_shape(snapshot, entry) for entry in entries],
            page=lambda: [audit_table(snapshot, entries)],
        )


def entry_shape(snapshot: Snapshot, entry: AuditEntry) -> dict[str, Any]:
    """An entry of the audit as JSON."""
    return {
        "at": entry.at.isoformat(),
        "user": user_name(snapshot, entry),
        "device": str(entry.device_id),
        "action": entry.action,
        "outcome": entry.outcome,
        "facts": decimals(json.loads(entry.facts)),
        "kind": str(entry.kind),
        "count": entry.count,
        "last_at": entry.last_at.isoformat(),
    }


def decimals(fact: Any) -> Any:
    """Facts as they are stored, with the decimal strings of every answer."""
    match fact:
        case {"thousandths": int(thousandths), "unit": str(unit)} if len(fact) == 2:
            return {"quantity": plain(thousandths), "unit": unit}
        case {"centimes": int(centimes)} if len(fact) == 1:
            return plain_money(centimes)
        case dict():
            return {name: decimals(each) for name, each in fact.items()}
        case list():
            return [decimals(each) for each in fact]
        case _:
            return fact


def audit_table(snapshot: Snapshot, entries: list[AuditEntry]) -> Table:
    """The entries of the audit as a table."""
    return Table(
        [
            Column(_("Date")),
            Column(_("Time")),
            Column(_("User")),
            Column(_("Action")),
            Column(_("Outcome")),
        ],
        [
            (
                day(entry.at.astimezone()),
                f"{entry.at.astimezone():%H:%M:%S}",
                user_name(snapshot, entry),
                words.word(words.AUDITED, entry.action),
                _outcome(entry) if entry.count == 1 else _repeated(entry),
            )
            for entry in entries
        ],
        empty=_("Nobody was refused anything yet."),
    )


def _repeated(entry: AuditEntry) -> str:
    return ngettext(
        "{outcome} ({count} time, until {time})",
        "{outcome} ({count} times, until {time})",
        entry.count,
    ).format(
        outcome=_outcome(entry),
        count=number(entry.count),
        time=f"{entry.last_at.astimezone():%H:%M:%S}",
    )


def _outcome(entry: AuditEntry) -> str:
    if entry.action == recall_drills.ACTION:
        return _drilled(json.loads(entry.facts))
    if entry.outcome in OUTCOMES:
        return _(OUTCOMES[entry.outcome])
    return kept(entry.outcome, entry.facts)


def _drilled(facts: dict[str, Any]) -> str:
    """As in ``BL-1 : 2 lots, 3 livraisons, 1 client, en 12 minutes``."""
    reach = recall_reach(facts["lots"], facts["deliveries"], facts["clients"])
    return ngettext(
        "{reference}: {reach}, in {count} minute",
        "{reference}: {reach}, in {count} minutes",
        facts["minutes"],
    ).format(reference=facts["reference"], reach=reach, count=number(facts["minutes"]))


def user_name(snapshot: Snapshot, entry: AuditEntry) -> str:
    """The name of who acted; the id where it is not known here."""
    row = snapshot.get(UserRow, entry.user_id)
    return row.name if row else str(entry.user_id)
