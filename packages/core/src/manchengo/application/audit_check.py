"""Is the audit of this device what was noted? Its chain, and what the log anchored of it."""

from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.application.audit_heads import AnchoredHead, has, heads_to_answer_for
from manchengo.domain.ids import DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead, AuditRecord
from manchengo.ports.settings import DEVICE
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.store import Garbled, Snapshot


@frozen(kw_only=True)
class AuditFault:
    """The first thing wrong with the audit of this device.

    ``fault``: "content" (a record was changed), "gap" (records are missing before it), "link" (it
    does not follow the one before), "tip" (records are missing at the end), "unreadable" (what is
    stored is no record). ``device_id``, ``sequence`` and ``on`` are of that record, or of the last
    one left; None where there is none.

    Against what the device signed and the log anchors: "lost" (the record is missing at the end),
    "rewritten" (another record is in its place); both name the record, and the day on which it was
    anchored. "beginning" (the first records were removed up to one that is not anchored) names the
    last of those.
    """

    fault: str
    device_id: DeviceId | None
    sequence: int
    on: date | None


def first_fault(snapshot: Snapshot, *, behind: AuditHead = audit_chain.BEGIN) -> AuditFault | None:
    """None where every record is as it was noted. ``behind``: as ``audit_chain.first_wrong``."""
    try:
        found = audit_chain.first_wrong(snapshot, behind=behind)
    except Garbled:
        return AuditFault(fault="unreadable", device_id=_own(snapshot), sequence=0, on=None)
    if found is None:
        return None
    fault, record = found
    return _at(snapshot, fault, record)


def records_kept(snapshot: Snapshot) -> int:
    """How many records of the audit this device holds: the server may keep older ones."""
    tip, base = (audit_chain.head(snapshot, name) for name in (audit_chain.TIP, audit_chain.BASE))
    return tip.sequence - base.sequence


def first_contradiction(snapshot: Snapshot, signatures: SignatureCheck | None) -> AuditFault | None:
    """None where the chain has each head that the log anchors of it.

    ``snapshot``: of a log that is known to be as recorded. ``signatures``: checks who signed the
    heads; None where nobody can.
    """
    heads = heads_to_answer_for(snapshot, signatures)
    base = audit_chain.head(snapshot, audit_chain.BASE)
    tip = audit_chain.head(snapshot, audit_chain.TIP)
    for each in heads:
        if each.head.sequence > tip.sequence:
            return _anchored(each, "lost")
        if each.head.sequence >= base.sequence and not has(snapshot, each.head):
            return _anchored(each, "rewritten")
    if heads and base != audit_chain.BEGIN and base not in [each.head for each in heads]:
        device_id = heads[0].device_id
        return AuditFault(fault="beginning", device_id=device_id, sequence=base.sequence, on=None)
    return None


def _anchored(each: AnchoredHead, fault: str) -> AuditFault:
    return AuditFault(
        fault=fault, device_id=each.device_id, sequence=each.head.sequence, on=each.on
    )


def _at(snapshot: Snapshot, fault: str, record: AuditRecord | None) -> AuditFault:
    if record is None:
        return AuditFault(fault=fault, device_id=_own(snapshot), sequence=0, on=None)
    entry = record.entry
    return AuditFault(
        fault=fault,
        device_id=entry.device_id,
        sequence=record.sequence,
        on=entry.last_at.date(),
    )


def _own(snapshot: Snapshot) -> DeviceId | None:
    known = snapshot.setting(DEVICE)
    return None if known is None else DeviceId(UUID(known))
