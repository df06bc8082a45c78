"""Is the audit of this device what was noted? Its chain, and what the log anchored of it."""

from datetime import date
from uuid import UUID

from attrs import frozen

from manchengo.domain.ids import DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditRecord
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Garbled, Snapshot


@frozen(kw_only=True)
class AuditFault:
    """The first thing wrong with the audit of this device.

    ``fault``: "content" (a record was changed), "gap" (records are missing before it), "link" (it
    does not follow the one before), "tip" (records are missing at the end), "unreadable" (what is
    stored is no record). ``device_id``, ``sequence`` and ``on`` are of that record, or of the last
    one left; None where there is none.
    """

    fault: str
    device_id: DeviceId | None
    sequence: int
    on: date | None


def first_fault(snapshot: Snapshot) -> AuditFault | None:
    """None where every record is as it was noted."""
    try:
        found = audit_chain.first_wrong(snapshot)
    except Garbled:
        return AuditFault(fault="unreadable", device_id=_own(snapshot), sequence=0, on=None)
    if found is None:
        return None
    fault, record = found
    return _at(snapshot, fault, record)


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
