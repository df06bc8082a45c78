"""Sends the audit of this device to the server, page by page, once the commits are exchanged.

A page goes with a request that offers no commit, so it never delays any. What the server says that
it keeps is noted, and the next page begins behind it. What it keeps, and is old, is removed here.
"""

from collections.abc import Iterable
from datetime import timedelta

from attrs import evolve

from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead, AuditRecord
from manchengo.ports.clock import Clock
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.audit_pages import (
    MOST_BYTES,
    MOST_RECORDS,
    AuditPage,
    AuditReceipt,
    SentRecord,
)
from manchengo_sync.link import Link, LinkError
from manchengo_sync.outgoing import empty_page

KEPT_HERE = timedelta(days=180)
"""For so long a device keeps what the server keeps as well."""


def has_unsent(snapshot: Snapshot) -> bool:
    """Whether something was noted that the server did not say that it keeps."""
    sent = audit_chain.head(snapshot, audit_chain.SENT)
    return sent.sequence < audit_chain.head(snapshot, audit_chain.TIP).sequence


def next_audit_page(store: Store) -> AuditPage | None:
    """The oldest records that were not sent; None where there are none. They grow no more."""
    with store.reading() as snapshot:
        if not has_unsent(snapshot):
            return None
    with store.writing(durable=False) as transaction:
        audit_chain.close(transaction)
        base = audit_chain.head(transaction, audit_chain.BASE).sequence
        after = max(base, audit_chain.head(transaction, audit_chain.SENT).sequence)
        records = _bounded(transaction.audit_records(after=after, limit=MOST_RECORDS))
    if not records:
        return None
    return AuditPage(records=records, is_first=records[0].sequence == base + 1)


def _bounded(records: Iterable[AuditRecord]) -> tuple[SentRecord, ...]:
    taken: list[SentRecord] = []
    size = 0
    for record in records:
        size += len(record.entry.facts.encode())
        if taken and size > MOST_BYTES:
            break
        taken.append(SentRecord.of(record))
    return tuple(taken)


def receive_receipt(store: Store, receipt: AuditReceipt, *, clock: Clock) -> bool:
    """Note what the server keeps, and remove here what it keeps and is old. Whether there may be
    more to send now.
    """
    with store.writing(durable=False) as transaction:
        if receipt.code == "gap":
            base = audit_chain.head(transaction, audit_chain.BASE)
            is_all = audit_chain.head(transaction, audit_chain.SENT) == base
            audit_chain.set_head(transaction, audit_chain.SENT, base)
            return not is_all
        kept = transaction.audit_records(after=receipt.kept - 1, limit=1)
        last = next((each for each in kept if each.sequence == receipt.kept), None)
        if last is None:
            return False
        audit_chain.set_head(transaction, audit_chain.SENT, AuditHead(last.sequence, last.hash))
        before = clock.now() - KEPT_HERE
        audit_chain.prune(transaction, before=before, up_to=last.sequence)
    return not receipt.code


def send_audit(store: Store, link: Link, *, clock: Clock) -> bool:
    """Send what was not sent, as far as the server takes it now; the rest waits for the next
    exchange. Whether the server had other records in the place of some.
    """
    is_parted = False
    try:
        while (page := next_audit_page(store)) is not None:
            request = evolve(empty_page(store).request(limit=1), audit=page)
            receipt = link.push(request).audit
            if receipt is None:  # a server of before
                break
            is_parted = is_parted or receipt.is_parted
            if not receive_receipt(store, receipt, clock=clock):
                break
    except LinkError:
        pass
    return is_parted
