"""The heads of audit chains that the log anchors, as far as the device signed them."""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from manchengo import codec
from manchengo.application.authorship import own_devices
from manchengo.domain.audit_anchor import AnchorAudit, AuditAnchored, anchor_id, message
from manchengo.domain.commit import LogEntry, Recorded
from manchengo.domain.device import DeviceEnrolled
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead
from manchengo.ports.settings import COPY_OF, DEVICE
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.store import Entry, Snapshot, Transaction


@frozen(kw_only=True)
class AnchoredHead:
    """Where the chain of a device ended: ``commit_id`` anchored it, on that day."""

    device_id: DeviceId
    head: AuditHead
    commit_id: CommitId
    on: date


def anchored_heads(
    snapshot: Snapshot, device_id: DeviceId, signatures: SignatureCheck | None
) -> list[AnchoredHead]:
    """The heads of that device, in the order of the log. One that the device did not sign is none;
    where ``signatures`` is None, nobody can check that, and all are taken.
    """
    stream = snapshot.stream(anchor_id(device_id))
    return list(_signed_heads(snapshot, device_id, stream, signatures))


def last_head(
    snapshot: Snapshot, device_id: DeviceId, signatures: SignatureCheck | None
) -> AnchoredHead | None:
    """The last of ``anchored_heads``, found without checking the others."""
    newest_first = reversed(snapshot.stream(anchor_id(device_id)))
    return next(_signed_heads(snapshot, device_id, newest_first, signatures), None)


def _signed_heads(
    snapshot: Snapshot,
    device_id: DeviceId,
    stream: Iterable[Entry],
    signatures: SignatureCheck | None,
) -> Iterator[AnchoredHead]:
    keys = device_keys(snapshot, device_id)
    for entry, event in _readable(stream):
        if (
            isinstance(event, AuditAnchored)
            and event.device_id == device_id
            and is_head_signed(event, keys, signatures)
        ):
            yield _head(snapshot, entry, event)


def heads_among(
    snapshot: Snapshot,
    device_id: DeviceId,
    entries: Iterable[LogEntry],
    signatures: SignatureCheck | None,
) -> Iterator[AuditHead]:
    """The heads of that device that these entries anchor, which are not in the log here yet: nor
    need the device's keys be, which may come by the same entries.
    """
    keys = device_keys(snapshot, device_id)
    of_the_device = (device_id, anchor_id(device_id))
    for event in (event for entry in entries for event in entry.effects):
        found = _read(event) if event.aggregate_id in of_the_device else None
        match found:
            case DeviceEnrolled():
                keys.append(found.public_key)
            case AuditAnchored() if is_head_signed(found, keys, signatures):
                yield AuditHead(found.sequence, bytes.fromhex(found.record_hash))


def device_keys(snapshot: Snapshot, device_id: DeviceId) -> list[str]:
    """All public keys that the device ever had, as the log has them."""
    enrolments = _readable(snapshot.stream(device_id))
    return [event.public_key for _, event in enrolments if isinstance(event, DeviceEnrolled)]


def is_head_signed(
    event: AuditAnchored | AnchorAudit, keys: list[str], signatures: SignatureCheck | None
) -> bool:
    """Whether the owner of one of these keys signed it."""
    try:
        signature, record_hash = bytes.fromhex(event.signature), bytes.fromhex(event.record_hash)
    except ValueError:
        return False
    if signatures is None:
        return True
    signed = message(event.device_id, event.sequence, record_hash.hex())
    return any(signatures.is_signed(key, signature, signed) for key in keys)


def heads_to_answer_for(
    snapshot: Snapshot, signatures: SignatureCheck | None
) -> list[AnchoredHead]:
    """The heads that are of this database: those of its present id, and of its former ones those
    from before it became another device than its original. A backup, which has no id, answers for
    those of the device of which it is a copy.
    """
    present = snapshot.setting(DEVICE) or snapshot.setting(COPY_OF)
    found: list[AnchoredHead] = []
    for device_id in own_devices(snapshot):
        heads = anchored_heads(snapshot, device_id, signatures)
        is_present = str(device_id) == present
        found += heads if is_present else _of_this_database(snapshot, device_id, heads)
    return sorted(found, key=lambda each: (each.head.sequence, each.on))


def _of_this_database(
    snapshot: Snapshot, former: DeviceId, heads: list[AnchoredHead]
) -> list[AnchoredHead]:
    """Two databases had that id, and each may have signed a head of the same number. A head that
    the chain has proves all records before it: another head up to there is of the other database.
    """
    until = answers_for(snapshot, former)
    answered = [(each, has(snapshot, each.head)) for each in heads if each.head.sequence <= until]
    proved = max((each.head.sequence for each, is_had in answered if is_had), default=0)
    return [each for each, is_had in answered if is_had or each.head.sequence > proved]


def last_matching(snapshot: Snapshot, device_id: DeviceId) -> int:
    """The number of the last head of that device that this database's own chain has; 0 where it has
    none: what its twin signed since they parted is not in it.
    """
    heads = anchored_heads(snapshot, device_id, None)
    return max((each.head.sequence for each in heads if has(snapshot, each.head)), default=0)


def answers_for(snapshot: Snapshot, former: DeviceId) -> int:
    """Up to which record this database answers for heads of a former id, by ``ANSWERS_FOR``."""
    return int(snapshot.setting(audit_chain.ANSWERS_FOR + str(former)) or 0)


def answer_for(transaction: Transaction, former: DeviceId, sequence: int) -> None:
    """From now on, up to that record."""
    transaction.set_setting(audit_chain.ANSWERS_FOR + str(former), str(sequence))


def has(snapshot: Snapshot, head: AuditHead) -> bool:
    """Whether the chain has that very record, or begins behind it."""
    base = audit_chain.head(snapshot, audit_chain.BASE)
    if head.sequence <= base.sequence:
        return head == base
    found = next(snapshot.audit_records(after=head.sequence - 1, limit=1), None)
    return found is not None and head == AuditHead(found.sequence, found.hash)


def _head(snapshot: Snapshot, entry: Entry, event: AuditAnchored) -> AnchoredHead:
    commit = snapshot.commit(entry.commit_id)
    assert commit is not None, "an event is stored with its commit"
    return AnchoredHead(
        device_id=event.device_id,
        head=AuditHead(event.sequence, bytes.fromhex(event.record_hash)),
        commit_id=entry.commit_id,
        on=commit.on,
    )


def _readable(stream: Iterable[Entry]) -> Iterator[tuple[Entry, object]]:
    return ((entry, _read(entry.event)) for entry in stream)


def _read(event: Recorded) -> object:
    """The event; None where this program cannot read it."""
    try:
        return codec.events.decode(event.event_type, event.schema_version, event.payload)
    except codec.Unreadable:
        return None
