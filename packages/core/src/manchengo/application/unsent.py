"""What was recorded here and is not known to be in the log of the plant yet."""

from collections.abc import Iterable
from uuid import UUID

from manchengo.ports.store import Snapshot


def unsent(snapshot: Snapshot, aggregate_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these things to which something happened here that waits to be sent."""
    if not snapshot.count_pending():
        return frozenset()
    return frozenset(each for each in aggregate_ids if _waits(snapshot, each))


def _waits(snapshot: Snapshot, aggregate_id: UUID) -> bool:
    """What waits comes last in a stream: behind all that the log holds of it."""
    stream = snapshot.stream(aggregate_id)
    return bool(stream) and snapshot.entry(stream[-1].commit_id) is None
