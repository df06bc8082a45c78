"""Is what the server keeps of the audit of devices what they sent? Against the heads in the log.

The devices signed the heads, and everybody has the log. So a record that the server lost or changed
shows to its operator, and to whoever looks at a copy of its database.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from attrs import frozen

from manchengo.application.audit_heads import AnchoredHead, anchored_heads
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditRecord
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.family_log import family_rows
from manchengo_sync.signed_log import SignedLog

REMOVED_BEFORE = "server.audit_removed_before"
"""The setting that holds the latest instant such that records received before it were removed."""


BEGUN = "server.audit_begun"
"""The setting that says when the server began in the place of a lost one; absent for the first."""

NEVER = datetime.min.replace(tzinfo=UTC)


@frozen(kw_only=True)
class KeptFault:
    """What is wrong with what the server keeps. ``fault``: "changed" (the record is not what its
    hash says), "lost" (it is not there), "replaced" (others are in its place). ``on``: the day of
    the record, or the one on which its device signed for it or for the next one.
    """

    fault: str
    device_id: DeviceId
    sequence: int
    on: date


def remove_received_before(transaction: Transaction, instant: datetime) -> None:
    """Remove what was received before that instant, and remember that what is missing of it is no
    loss.
    """
    transaction.remove_received_audit(before=instant)
    if _instant(transaction, REMOVED_BEFORE) < instant:
        transaction.set_setting(REMOVED_BEFORE, instant.isoformat())


def begin_anew(transaction: Transaction, instant: datetime) -> None:
    """Remember that this server began then, in the place of one that was lost with all it kept."""
    transaction.set_setting(BEGUN, instant.isoformat())


def _instant(snapshot: Snapshot, name: str) -> datetime:
    known = snapshot.setting(name)
    return datetime.fromisoformat(known) if known else NEVER


def kept_faults(snapshot: Snapshot) -> Iterator[KeptFault]:
    """All that is wrong: first by the records that are kept, then by the heads in the log."""
    heads = {
        row.id: anchored_heads(snapshot, row.id, SignedLog()) for row in snapshot.rows(DeviceRow)
    }
    for received in snapshot.received_audit():
        record, device_id = received.record, received.record.entry.device_id
        if audit_chain.hash_of(record) != record.hash:
            yield _of_record(record, "changed", record.sequence)
        elif not received.fault and _lacks_its_previous(snapshot, record, heads.get(device_id, [])):
            yield _of_record(record, "lost", record.sequence - 1)
    for device_id, known in heads.items():
        for each in known:
            if not snapshot.is_audit_received(each.head.hash):
                yield from _of_head(snapshot, device_id, known, each)


def _lacks_its_previous(snapshot: Snapshot, record: AuditRecord, heads: list[AnchoredHead]) -> bool:
    if record.sequence == 1 or snapshot.is_audit_received(record.previous):
        return False
    return not _may_be_removed(snapshot, record.entry.device_id, heads, record.sequence - 1)


def _of_record(record: AuditRecord, fault: str, sequence: int) -> KeptFault:
    entry = record.entry
    return KeptFault(
        fault=fault, device_id=entry.device_id, sequence=sequence, on=entry.last_at.date()
    )


def _of_head(
    snapshot: Snapshot, device_id: DeviceId, known: list[AnchoredHead], missing: AnchoredHead
) -> Iterator[KeptFault]:
    sequence = missing.head.sequence
    if snapshot.received_audit_at(device_id, sequence):
        yield KeptFault(fault="replaced", device_id=device_id, sequence=sequence, on=missing.on)
        return
    is_of_a_lost_server = _latest(snapshot, [missing.commit_id]) < _instant(snapshot, BEGUN)
    is_last = snapshot.last_received_audit(device_id) < sequence  # which is never removed
    if is_of_a_lost_server or (
        not is_last and _may_be_removed(snapshot, device_id, known, sequence)
    ):
        return
    yield KeptFault(fault="lost", device_id=device_id, sequence=sequence, on=missing.on)


def _may_be_removed(
    snapshot: Snapshot, device_id: DeviceId, heads: list[AnchoredHead], sequence: int
) -> bool:
    """Whether the record of that number may have been received so long ago that it was removed: it
    came after the last head before it, or after the first of the device's ids was let in.
    """
    before = [each.commit_id for each in heads if each.head.sequence < sequence][-1:]
    came_after = _latest(snapshot, before or _first_enrolment(snapshot, device_id))
    return came_after < max(_instant(snapshot, name) for name in (REMOVED_BEFORE, BEGUN))


def _first_enrolment(snapshot: Snapshot, device_id: DeviceId) -> list[CommitId]:
    """Of the device, or of another one under its key; empty where the log knows none."""
    if snapshot.get(DeviceRow, device_id) is None:
        return []
    rows = sorted(family_rows(snapshot, device_id), key=lambda row: (len(row.mark), row.mark))
    return [snapshot.stream(rows[0].id)[0].commit_id]


def _latest(snapshot: Snapshot, commit_ids: list[CommitId]) -> datetime:
    """The latest instant of these commits."""
    commits = [snapshot.commit(each) for each in commit_ids]
    return max((each.occurred_at for each in commits if each is not None), default=NEVER)
