"""What the audit holds, in words: what came of each thing, and how often it happened."""

import json
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from manchengo.ports.audit import AuditEntry, AuditKind
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _, ngettext
from manchengo_presenters.recall_reach import recall_reach
from manchengo_presenters.refusal_text import kept

OUTCOMES = {
    "done": N_("done"),
    "WrongSecret": N_("wrong passphrase or PIN"),
    "WrongCode": N_("wrong code"),
    "LockedOut": N_("locked out"),
    "LogDisowned": N_("the server began an epoch without what it had signed"),
}


def beginning_of(day: date) -> datetime:
    """The first instant of that day, by the clock on the wall."""
    return datetime.combine(day, time.min).astimezone()


def facts(entry: AuditEntry) -> dict[str, Any]:
    """What the entry says beside its outcome; nothing where that cannot be read, which ``verify``
    says of a record that was changed.
    """
    try:
        read = json.loads(entry.facts)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def outcome(entry: AuditEntry) -> str:
    """What came of it; where the very same happened again, how often, and until when."""
    if entry.count == 1:
        return _outcome(entry)
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
    if entry.kind == AuditKind.DRILL:
        with suppress(KeyError, TypeError):  # of a record that was changed
            return _drilled(facts(entry))
    if entry.outcome in OUTCOMES:
        return _(OUTCOMES[entry.outcome])
    return kept(entry.outcome, entry.facts)


def _drilled(found: dict[str, Any]) -> str:
    """As in ``BL-1 : 2 lots, 3 livraisons, 1 client, en 12 minutes``."""
    reach = recall_reach(found["lots"], found["deliveries"], found["clients"])
    return ngettext(
        "{reference}: {reach}, in {count} minute",
        "{reference}: {reach}, in {count} minutes",
        found["minutes"],
    ).format(reference=found["reference"], reach=reach, count=number(found["minutes"]))
