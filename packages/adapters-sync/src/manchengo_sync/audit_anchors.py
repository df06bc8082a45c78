"""When the head of a device's audit is written into the log.

At most once a day, or once in so many records, so that the log does not grow with every refusal.
Device and server go by the same rule: the device offers a head when it is due.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import frozen

from manchengo.application.audit_heads import has, heads_among, last_head
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead
from manchengo.ports.store import Snapshot
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
    base = audit_chain.head(snapshot, audit_chain.BASE)
    return any(
        head.sequence > base.sequence and not has(snapshot, head)
        for head in heads_among(snapshot, device_id, entries, SignedLog())
    )


def last_anchor(snapshot: Snapshot, device_id: DeviceId) -> LastAnchor | None:
    """The last head that this device signed and the log has; None where there is none."""
    last = last_head(snapshot, device_id, SignedLog())
    if last is None:
        return None
    commit = snapshot.commit(last.commit_id)
    assert commit is not None, "an event is stored with its commit"
    return LastAnchor(last.head, commit.occurred_at)
