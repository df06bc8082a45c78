"""The chain of a device's audit: each record names the one before by its hash.

A record is written once. Only the last one may grow, while the very same happens again, until it is
sent or its hash is recorded in the log. Where the chain ends, and where it begins once its oldest
records are removed, are settings of the database.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from attrs import evolve

from manchengo.domain.commit import NO_HASH
from manchengo.ports.audit import AuditEntry, AuditHead, AuditRecord
from manchengo.ports.store import Snapshot, Transaction

TIP = "audit.tip"
"""The setting that says where the chain ends: a number and a hash."""

BASE = "audit.base"
"""The setting that names the last record that was removed from the beginning."""

CLOSED = "audit.closed"
"""The setting that holds the number of the last record that may not grow any more."""

ANSWERS_FOR = "audit.answers_for."
"""The setting, followed by a former id of the device, that holds the number of the last record for
which this database answers under that id: heads of that id beyond it are of the database that it
was copied from.
"""

SENT = "audit.sent"
"""The setting that names the last record that the server said it keeps."""

SHARED = "audit.shared"
"""The setting of a restored database that holds the number of the last record which its original
has as well; empty or absent once the chain continues behind what the original noted since.
"""

REPEATS_WITHIN = timedelta(hours=1)
"""After so long, what happens again is another record."""

BEGIN = AuditHead(0, NO_HASH)
_ENCODER = msgspec.json.Encoder()


def hash_of(record: AuditRecord) -> bytes:
    """SHA-256 over every field of the record but the hash itself. Instants are in UTC."""
    entry = record.entry
    content = _ENCODER.encode(
        [
            "manchengo audit 1",
            record.sequence,
            entry.device_id,
            entry.user_id,
            entry.at.astimezone(UTC),
            entry.last_at.astimezone(UTC),
            str(entry.kind),
            entry.action,
            entry.outcome,
            entry.facts,
            entry.count,
        ]
    )
    return hashlib.sha256(record.previous + content).digest()


def following(before: AuditHead, entry: AuditEntry) -> AuditRecord:
    """The record of the entry, behind the one that ``before`` names."""
    record = AuditRecord(
        sequence=before.sequence + 1, entry=entry, previous=before.hash, hash=NO_HASH
    )
    return evolve(record, hash=hash_of(record))


def note(transaction: Transaction, entry: AuditEntry) -> None:
    """Add the entry to the chain, or count it to the last record where that says the same."""
    entry = evolve(entry, at=entry.at.astimezone(UTC), last_at=entry.last_at.astimezone(UTC))
    tip = head(transaction, TIP)
    last = next(transaction.audit_records(after=tip.sequence - 1, limit=1), None)
    if last is not None and _grows(transaction, last, entry):
        count = last.entry.count + entry.count
        grown = evolve(last.entry, count=count, last_at=entry.last_at)
        record = evolve(last, entry=grown)
        record = evolve(record, hash=hash_of(record))
    else:
        record = following(tip, entry)
    transaction.write_audit(record)
    set_head(transaction, TIP, AuditHead(record.sequence, record.hash))


def _grows(transaction: Transaction, last: AuditRecord, entry: AuditEntry) -> bool:
    known = last.entry
    is_same = evolve(known, at=entry.at, last_at=entry.last_at, count=entry.count) == entry
    is_soon = timedelta() <= entry.at - known.last_at <= REPEATS_WITHIN
    return is_same and is_soon and last.sequence > int(transaction.setting(CLOSED) or 0)


def head(snapshot: Snapshot, name: str) -> AuditHead:
    """What that setting (``TIP``, ``BASE``, ``SENT``) names; ``BEGIN`` where it is not set."""
    number, _, named = (snapshot.setting(name) or "0").partition(" ")
    return AuditHead(int(number), bytes.fromhex(named) if named else NO_HASH)


def set_head(transaction: Transaction, name: str, named: AuditHead) -> None:
    """Have that setting name this record."""
    transaction.set_setting(name, f"{named.sequence} {named.hash.hex()}")


def close(transaction: Transaction) -> AuditHead:
    """The end of the chain, as it stays from now on: what is repeated is another record."""
    tip = head(transaction, TIP)
    if int(transaction.setting(CLOSED) or 0) < tip.sequence:
        transaction.set_setting(CLOSED, str(tip.sequence))
    return tip


def shared_with_a_copy(tip: int, closed: int) -> int:
    """The number of the last record that a chain and a later copy of it have in common: the last
    one, where that may not grow any more. ``tip``, ``closed``: as ``TIP`` and ``CLOSED`` say.
    """
    return max(closed, tip - 1)


def splice(transaction: Transaction, records: Sequence[AuditRecord]) -> AuditHead:
    """Put these records, which follow each other, where their numbers say; what was noted here in
    their places since follows behind them. Returns the last of ``records``.
    """
    first, last = records[0], records[-1]
    noted = list(transaction.audit_records(after=first.sequence - 1))
    if noted and _is_what_grew(noted[0], first):
        del noted[0]
    for record in records:
        transaction.write_audit(record)
    end = before = AuditHead(last.sequence, last.hash)
    for each in noted:
        record = following(before, each.entry)
        transaction.write_audit(record)
        before = AuditHead(record.sequence, record.hash)
    set_head(transaction, TIP, before)
    transaction.set_setting(CLOSED, str(end.sequence))
    return end


def _is_what_grew(record: AuditRecord, grown: AuditRecord) -> bool:
    """Whether the second is the first one, or that counted further."""
    known, later = record.entry, grown.entry
    return evolve(known, count=later.count, last_at=later.last_at) == later


def prune(transaction: Transaction, *, before: datetime, at: Collection[AuditHead]) -> int:
    """Remove the oldest records, those older than ``before``, up to one of ``at``; how many.
    ``BASE`` then names the last of them.
    """
    base = last = head(transaction, BASE)
    most = max((each.sequence for each in at), default=0)
    for record in transaction.audit_records(after=base.sequence):
        if record.sequence > most or record.entry.last_at >= before:
            break
        here = AuditHead(record.sequence, record.hash)
        if here in at:
            last = here
    if last != base:
        transaction.remove_audit(up_to=last.sequence)
        set_head(transaction, BASE, last)
    return last.sequence - base.sequence


def first_wrong(
    snapshot: Snapshot, *, behind: AuditHead = BEGIN
) -> "tuple[str, AuditRecord | None] | None":
    """What is wrong with the chain by itself, and the first record where that shows: "content",
    "gap", "link", or "tip" where records are missing at the end. None where it is whole.

    ``behind``: a record up to which the chain was found whole before. It must be there still,
    unless the beginning was removed since up to it or beyond.
    """
    before, tip = head(snapshot, BASE), head(snapshot, TIP)
    last: AuditRecord | None = None
    first = 0
    if behind.sequence > before.sequence:
        last = next(snapshot.audit_records(after=behind.sequence - 1, limit=1), None)
        if last is None or AuditHead(last.sequence, last.hash) != behind:
            return "link", last
        if hash_of(last) != last.hash:
            return "content", last
        before, first = behind, behind.sequence
    for record in snapshot.audit_records(after=first):
        if record.sequence != before.sequence + 1:
            return "gap", record
        if record.previous != before.hash:
            return "link", record
        if hash_of(record) != record.hash:
            return "content", record
        before, last = AuditHead(record.sequence, record.hash), record
    return None if before == tip else ("tip", last)
