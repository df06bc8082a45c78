"""Sends the audit of this device to the server, page by page, once the commits are exchanged.

A page goes with a request that offers no commit, so it never delays any. What the server says that
it keeps is noted, and the next page begins behind it. The last page carries the signed head of the
chain. What the server keeps, the log anchors, and is old, is removed here.
"""

from collections.abc import Iterable
from datetime import timedelta

from attrs import define, evolve

from manchengo.application.audit_heads import heads_to_answer_for
from manchengo.domain.audit_anchor import message
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead, AuditRecord
from manchengo.ports.clock import Clock
from manchengo.ports.store import Snapshot, Store, Transaction
from manchengo_sync.audit_anchors import last_anchor
from manchengo_sync.audit_pages import (
    MOST_BYTES,
    MOST_RECORDS,
    AuditPage,
    AuditReceipt,
    SentRecord,
)
from manchengo_sync.audit_return import is_wanted
from manchengo_sync.link import Link, LinkError
from manchengo_sync.outgoing import empty_page
from manchengo_sync.settings import device_id
from manchengo_sync.signed_log import SignedLog
from manchengo_sync.signing import DEVICE_KEY, sign

KEPT_HERE = timedelta(days=180)
"""For so long a device keeps what the server keeps as well."""


def has_unsent(snapshot: Snapshot) -> bool:
    """Whether something was noted that the server did not say that it keeps."""
    sent = audit_chain.head(snapshot, audit_chain.SENT)
    return sent.sequence < audit_chain.head(snapshot, audit_chain.TIP).sequence


def send_again(transaction: Transaction) -> None:
    """Send all that is here once more: the server was put back, and may lack what it kept."""
    base = audit_chain.head(transaction, audit_chain.BASE)
    audit_chain.set_head(transaction, audit_chain.SENT, base)


def next_audit_page(store: Store, *, clock: Clock) -> AuditPage | None:
    """The oldest records that were not sent; None where there are none. They grow no more.

    Where all were sent, and a head of the chain is due in the log, the last record once more. None
    too while the chain is to be continued behind what the server has to give back first.
    """
    with store.reading() as snapshot:
        if is_wanted(snapshot):
            return None
        if not has_unsent(snapshot) and not _has_a_head_due(snapshot, clock):
            return None
    with store.writing() as transaction:  # durable: what is signed must outlast a power cut
        tip = audit_chain.close(transaction)
        base = audit_chain.head(transaction, audit_chain.BASE).sequence
        sent = audit_chain.head(transaction, audit_chain.SENT).sequence
        after = max(base, min(sent, tip.sequence - 1))
        records = _bounded(transaction.audit_records(after=after, limit=MOST_RECORDS))
        if not records:
            return None
        return AuditPage(
            records=records,
            is_first=records[0].sequence == base + 1,
            head_signature=_head_signature(transaction, records[-1], tip),
        )


def _has_a_head_due(snapshot: Snapshot, clock: Clock) -> bool:
    """Only where a head of this device is anchored already: a server of before anchors none."""
    tip = audit_chain.head(snapshot, audit_chain.TIP)
    if tip == audit_chain.head(snapshot, audit_chain.BASE) or not snapshot.setting(DEVICE_KEY):
        return False
    last = last_anchor(snapshot, device_id(snapshot))
    return last is not None and last.is_due(tip.sequence, now=clock.now())


def _head_signature(snapshot: Snapshot, last: SentRecord, tip: AuditHead) -> bytes:
    key = snapshot.setting(DEVICE_KEY)
    if not key or (last.sequence, last.hash) != (tip.sequence, tip.hash):
        return b""
    return sign(key, message(device_id(snapshot), last.sequence, last.hash.hex()))


def _bounded(records: Iterable[AuditRecord]) -> tuple[SentRecord, ...]:
    taken: list[SentRecord] = []
    size = 0
    for record in records:
        size += len(record.entry.facts.encode())
        if taken and size > MOST_BYTES:
            break
        taken.append(SentRecord.of(record))
    return tuple(taken)


def receive_receipt(store: Store, receipt: AuditReceipt) -> bool:
    """Note what the server keeps. Whether there may be more to send now."""
    with store.writing(durable=False) as transaction:
        if receipt.code == "gap":
            base = audit_chain.head(transaction, audit_chain.BASE)
            is_all = audit_chain.head(transaction, audit_chain.SENT) == base
            send_again(transaction)
            return not is_all
        kept = transaction.audit_records(after=receipt.kept - 1, limit=1)
        last = next((each for each in kept if each.sequence == receipt.kept), None)
        if last is None:
            return False
        audit_chain.set_head(transaction, audit_chain.SENT, AuditHead(last.sequence, last.hash))
    return not receipt.code


def remove_old(store: Store, *, clock: Clock) -> None:
    """Remove what is older than ``KEPT_HERE``, is kept by the server, and is anchored in the log:
    up to a record that the log has as a head, so that ``verify`` knows where the rest begins.
    """
    before = clock.now() - KEPT_HERE
    with store.reading() as snapshot:
        oldest = next(snapshot.audit_records(limit=1), None)
    if oldest is None or oldest.entry.last_at >= before:
        return
    with store.writing(durable=False) as transaction:
        sent = audit_chain.head(transaction, audit_chain.SENT).sequence
        heads = heads_to_answer_for(transaction, SignedLog())
        safe = [each.head for each in heads if each.head.sequence <= sent]
        audit_chain.prune(transaction, before=before, at=safe)


@define
class AuditSent:
    """What became of the audit. ``is_parted``: the server had other records in the place of some.
    ``is_anchored``: it wrote a head into the log.
    """

    is_parted: bool = False
    is_anchored: bool = False


def send_audit(store: Store, link: Link, *, clock: Clock) -> AuditSent:
    """Send what was not sent, as far as the server takes it now; the rest waits for the next
    exchange.
    """
    result = AuditSent()
    try:
        while (page := next_audit_page(store, clock=clock)) is not None:
            request = evolve(empty_page(store).request(limit=1), audit=page)
            receipt = link.push(request).audit
            if receipt is None:  # a server of before
                break
            result.is_parted = result.is_parted or receipt.is_parted
            result.is_anchored = result.is_anchored or receipt.is_anchored
            may_go_on = receive_receipt(store, receipt)
            is_all = bool(page.head_signature) and not receipt.code
            if is_all or not may_go_on:
                break
    except LinkError:
        pass
    return result
