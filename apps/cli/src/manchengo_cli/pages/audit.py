"""The refusals and accesses that the audit log keeps, with who and when."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import typer
from attrs import frozen

from manchengo.ports.audit import AuditEntry, AuditKind, AuditQuery, AuditRecord
from manchengo.ports.rows import UserRow
from manchengo.ports.store import Snapshot
from manchengo_cli import listing
from manchengo_cli.database import opened
from manchengo_cli.output import Column, Part, Table, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters import audit_words, words
from manchengo_presenters.formatting import day, plain, plain_money
from manchengo_presenters.language import _
from manchengo_workplace import lookups


@frozen(kw_only=True)
class AuditAsked:
    """The records that somebody asks for: as in an ``AuditQuery``; ``by``: the name of who acted,
    "" for anybody; ``first``, ``last``: days. ``before``: below that number; ``limit``: at most so
    many.
    """

    search: str = ""
    kind: str = ""
    by: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None
    limit: int = 50

    def query(self, snapshot: Snapshot) -> AuditQuery:
        """The same, for the store. Raises ``Unknown``, ``Ambiguous`` of who acted."""
        return AuditQuery(
            search=self.search,
            kinds=(self.kind,) if self.kind else (),
            user_id=lookups.user(snapshot, self.by).id if self.by else None,
            since=audit_words.beginning_of(self.first) if self.first else None,
            until=audit_words.beginning_of(self.last + ONE_DAY) if self.last else None,
        )


ONE_DAY = timedelta(days=1)


def show_audit(session: Session, asked: AuditAsked) -> None:
    """Answer the latest records of the audit of this device that are asked for."""
    with opened(session, acts=True) as workplace, workplace.dairy.reading() as snapshot:
        query = asked.query(snapshot)
        records = snapshot.audit_page(query, before=asked.before, limit=asked.limit)
        answer(
            session,
            shape=lambda: [record_shape(snapshot, record) for record in records],
            page=lambda: audit_page(snapshot, records, asked),
        )


def kind_given(text: str) -> str:
    """The kind of record that was typed; raises ``typer.BadParameter`` where there is no such."""
    known = [kind.value for kind in AuditKind]
    if text and text.casefold() not in known:
        raise typer.BadParameter(
            _("“{kind}” is no kind of record. Give one of: {known}.").format(
                kind=text, known=", ".join(known)
            )
        )
    return text.casefold()


def audit_page(snapshot: Snapshot, records: list[AuditRecord], asked: AuditAsked) -> Iterator[Part]:
    """The records as a table, and how the next ones are had where there may be some."""
    yield listing.found(
        audit_table(snapshot, [record.entry for record in records]),
        after=asked.before,
        looked_for=asked.search or asked.kind or asked.by or asked.first or asked.last,
    )
    if len(records) == asked.limit and records[-1].sequence > 1:
        yield _("Older ones: --after {number}").format(number=records[-1].sequence)


def record_shape(snapshot: Snapshot, record: AuditRecord) -> dict[str, Any]:
    """A record of the audit as JSON."""
    entry = record.entry
    return {
        "number": record.sequence,
        "at": entry.at.isoformat(),
        "user": user_name(snapshot, entry),
        "device": str(entry.device_id),
        "action": entry.action,
        "outcome": entry.outcome,
        "facts": decimals(audit_words.facts(entry)),
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
    return tabled(
        entries,
        Column(_("Date"), lambda entry: day(entry.at.astimezone())),
        Column(_("Time"), lambda entry: f"{entry.at.astimezone():%H:%M:%S}"),
        Column(_("User"), lambda entry: user_name(snapshot, entry)),
        Column(_("Action"), lambda entry: words.word(words.AUDITED, entry.action)),
        Column(_("Outcome"), lambda entry: audit_words.outcome(entry)),
        empty=_("Nobody was refused anything yet."),
    )


def user_name(snapshot: Snapshot, entry: AuditEntry) -> str:
    """The name of who acted; the id where it is not known here."""
    row = snapshot.get(UserRow, entry.user_id)
    return row.name if row else str(entry.user_id)
