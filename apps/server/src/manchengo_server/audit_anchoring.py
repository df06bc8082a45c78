"""Writes into the log where the audit of a device ends, as the device signed it.

The server keeps what devices noted, and could lose or change it. With the head in the log, which
every device holds, whoever has the log and the records can tell.
"""

from manchengo.application.audit_heads import device_keys
from manchengo.domain.audit_anchor import AnchorAudit, message
from manchengo.domain.ids import DeviceId
from manchengo.ports.audit import AuditHead
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.authorisation import on_whose_authority
from manchengo_server.context import ServerContext
from manchengo_server.recording import record
from manchengo_sync.audit_anchors import last_anchor
from manchengo_sync.audit_pages import AuditPage, SentRecord
from manchengo_sync.signing import is_signed


def anchor(
    context: ServerContext, transaction: Transaction, page: AuditPage, *, by: DeviceId
) -> bool:
    """Write the head of the chain into the log, where the device signed it, it is due, and the
    chain does not contradict the last one. ``page``: all of it is kept. Whether it is written.
    """
    last = page.records[-1]
    if not _is_signed(transaction, page, last, by) or not _is_due(context, transaction, last, by):
        return False
    device = transaction.get(DeviceRow, by)
    assert device is not None, "only a device of the log sends its audit"
    command = AnchorAudit(
        device_id=by,
        sequence=last.sequence,
        record_hash=last.hash.hex(),
        signature=page.head_signature.hex(),
    )
    record(context, transaction, command, on_whose_authority(transaction, device.user_id))
    return True


def _is_signed(snapshot: Snapshot, page: AuditPage, last: SentRecord, by: DeviceId) -> bool:
    signed = message(by, last.sequence, last.hash.hex())
    return any(is_signed(key, page.head_signature, signed) for key in device_keys(snapshot, by))


def _is_due(context: ServerContext, snapshot: Snapshot, last: SentRecord, by: DeviceId) -> bool:
    known = last_anchor(snapshot, by)
    if known is None:
        return True
    is_due = known.is_due(last.sequence, now=context.clock.now())
    return is_due and _continues(snapshot, last, known.head)


def _continues(snapshot: Snapshot, last: SentRecord, known: AuditHead) -> bool:
    """Whether the chain leads back to that head, as far as the server still has it."""
    here, previous = AuditHead(last.sequence, last.hash), last.previous
    while here.sequence > known.sequence:
        received = snapshot.received_audit_under(previous)
        if received is None:
            return True
        here = AuditHead(received.record.sequence, received.record.hash)
        previous = received.record.previous
    return here == known
