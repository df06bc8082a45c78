"""Whether authors saw the same log as this one: their commits say what they held.

Each signed commit names the last entry that its author's device held when it was recorded
(``Seen``). Where that differs from the entry in the same place here, one of the two was shown
another history. That is told to people, and stops nothing: the author may be the one who lies, or
a backup of the server was put back unannounced.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.store import Snapshot

MOST_HASHES = 10_000
"""How many of the latest hashes are held, so that memory does not grow with the log."""

Reach = Callable[[str], int | None]
"""Of an epoch, by its name: up to which entry its log is this one. None: for good, as it is the
present one; 0 where nobody knows.
"""


@frozen(kw_only=True)
class Divergence:
    """A commit whose author saw another log. ``entry``: its place; ``seen``: the place up to which
    its author had read, under the same epoch, what is not here.
    """

    entry: int
    seen: int
    device_id: DeviceId
    commit_id: CommitId


def present_alone(log_epoch: str) -> Reach:
    """Whoever knows the name of the present epoch only."""
    return lambda named: None if log_epoch and named == log_epoch else 0


def divergences(
    snapshot: Snapshot, entries: Iterable[LogEntry], reach: Reach
) -> Iterator[Divergence]:
    """Those among these entries, which follow each other in the log that the snapshot holds, that
    show it.
    """
    hashes: dict[int, bytes] = {}
    for entry in entries:
        part = entry.commit.authorship
        hashes[entry.global_seq] = entry.hash
        if len(hashes) > MOST_HASHES:
            del hashes[next(iter(hashes))]
        if part is None or not part.seen.global_seq:
            continue
        place, end = part.seen.global_seq, reach(part.seen.log_epoch)
        if end is not None and place > end:
            continue  # of a log that was lost, and announced to be
        if place not in hashes and place < entry.global_seq:
            hashes |= {each.global_seq: each.hash for each in _one(snapshot, place)}
        if place >= entry.global_seq or hashes.get(place) != part.seen.log_hash:
            yield Divergence(
                entry=entry.global_seq,
                seen=place,
                device_id=entry.commit.device_id,
                commit_id=entry.commit.id,
            )


def _one(snapshot: Snapshot, place: int) -> Iterator[LogEntry]:
    return snapshot.entries(after=place - 1, limit=1)
