"""What devices send of their audit: checked against what is there, kept apart from the log, and for
so long as the operator says. No other device is ever given it; itself, by ``audit_return``.

Nothing that is a record of the device is refused for what it contradicts: two records in one place
are kept both, and named, for they are evidence.
"""

from datetime import timedelta

from attrs import evolve

from manchengo.domain.ids import DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditRecord
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server import audit_anchoring
from manchengo_server.context import ServerContext
from manchengo_server.family_log import family_rows
from manchengo_server.kept_audit import remove_received_before
from manchengo_server.quota import Quota
from manchengo_sync.audit_pages import AuditPage, AuditReceipt

BRANCH, CUT = "branch", "cut"
BYTES_OF_A_ROW = 300
"""What a record takes beside its texts, about."""


def receive(context: ServerContext, page: AuditPage, *, by: DeviceId) -> AuditReceipt:
    """Keep the page, or its beginning."""
    with context.writing() as transaction:
        oldest = context.clock.now() - timedelta(days=context.audit_days)
        remove_received_before(transaction, oldest)
        receipt = _received(context, transaction, page, by)
        if receipt.code or not audit_anchoring.anchor(context, transaction, page, by=by):
            return receipt
        return evolve(receipt, is_anchored=True)


def _received(
    context: ServerContext, transaction: Transaction, page: AuditPage, by: DeviceId
) -> AuditReceipt:
    first = page.records[0]
    follows = first.sequence == 1 or transaction.is_audit_received(first.previous)
    if not (follows or page.is_first):
        return AuditReceipt(kept=0, code="gap")
    quota = Quota.of(context, transaction, by).lifted(transaction)
    before: AuditRecord | None = None
    code, size, is_parted = "", 0, False
    for record in (sent.record() for sent in page.records):
        if not _is_of(transaction, record, by) or not _follows(record, before):
            code = "refused"
            break
        if not transaction.is_audit_received(record.hash):
            size += BYTES_OF_A_ROW + len(record.entry.facts.encode())
            if quota.used and size > quota.left:
                code = "quota"
                break
            fault = _fault(transaction, record, is_cut=before is None and not follows)
            transaction.receive_audit(record, at=context.clock.now(), fault=fault)
            is_parted = is_parted or fault == BRANCH
        before = record
    quota.count_bytes(transaction, size)
    return AuditReceipt(kept=before.sequence if before else 0, code=code, is_parted=is_parted)


def _is_of(snapshot: Snapshot, record: AuditRecord, by: DeviceId) -> bool:
    """Whether the record is what its hash says, and the device's own: it may have noted it under an
    id that no server knows.
    """
    device_id = record.entry.device_id
    is_known = snapshot.get(DeviceRow, device_id) is not None
    is_own = not is_known or any(row.id == device_id for row in family_rows(snapshot, by))
    return is_own and audit_chain.hash_of(record) == record.hash


def _follows(record: AuditRecord, before: AuditRecord | None) -> bool:
    if before is None:
        is_beginning = record.previous == audit_chain.BEGIN.hash
        return (record.sequence == 1) == is_beginning
    return (record.sequence, record.previous) == (before.sequence + 1, before.hash)


def _fault(transaction: Transaction, record: AuditRecord, *, is_cut: bool) -> str:
    if transaction.received_audit_at(record.entry.device_id, record.sequence):
        return BRANCH
    return CUT if is_cut else ""
