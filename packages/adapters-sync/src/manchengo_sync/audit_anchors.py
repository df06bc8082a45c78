"""When the head of a device's audit is written into the log.

At most once a day, or once in so many records, so that the log does not grow with every refusal.
Device and server go by the same rule: the device offers a head when it is due.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from attrs import frozen

from manchengo.application.audit_heads import (
    answer_for,
    answers_for,
    has,
    heads_among,
    last_head,
    last_matching,
)
from manchengo.application.authorship import former_devices
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.signed_log import SignedLog

ANCHORED_AFTER = timedelta(days=1)
"""So long after a head, the next one is due."""

ANCHORED_RECORDS = 200
"""So many records after a head, the next one is due, however soon."""


@frozen
class LastAnchor:
    """The last head of a device in the log. ``at``: by the clock of who wrote it there."""

    head: AuditHead
    at: datetime

    def is_due(self, sequence: int, *, now: datetime) -> bool:
        """Whether a head of that number is due. After a clock that went back, it is."""
        since = sequence - self.head.sequence
        is_long_ago = not timedelta() <= now - self.at < ANCHORED_AFTER
        return since > 0 and (is_long_ago or since >= ANCHORED_RECORDS)


def signed_elsewhere(snapshot: Snapshot, device_id: DeviceId, entries: Iterable[LogEntry]) -> bool:
    """Whether one of these entries anchors a head under this device's id and key that its own audit
    does not have: a copy of its database noted something else, and signed for it.
    """
    return any(_heads_of_others(snapshot, device_id, entries))


def answer_for_no_other(store: Store, entries: Iterable[LogEntry]) -> None:
    """Where one of these entries anchors a head under a former id, of a record for which this
    restored database answers and which its audit does not have, two databases had that id already
    when the backup was made: this one answers no further than for the last head that it has.
    """
    with store.reading() as snapshot:
        shared = [
            former
            for former in former_devices(snapshot)
            for head in _heads_of_others(snapshot, former, entries)
            if head.sequence <= answers_for(snapshot, former)
        ]
    if shared:
        with store.writing() as transaction:
            for former in shared:
                answer_for(transaction, former, last_matching(transaction, former))


def _heads_of_others(
    snapshot: Snapshot, device_id: DeviceId, entries: Iterable[LogEntry]
) -> Iterator[AuditHead]:
    """Those under that id which another database signed."""
    base = audit_chain.head(snapshot, audit_chain.BASE)
    for head in heads_among(snapshot, device_id, entries, SignedLog()):
        if head.sequence > base.sequence and not has(snapshot, head):
            yield head


def last_anchor(snapshot: Snapshot, device_id: DeviceId) -> LastAnchor | None:
    """The last head that this device signed and the log has; None where there is none."""
    last = last_head(snapshot, device_id, SignedLog())
    if last is None:
        return None
    commit = snapshot.commit(last.commit_id)
    assert commit is not None, "an event is stored with its commit"
    return LastAnchor(last.head, commit.occurred_at)
