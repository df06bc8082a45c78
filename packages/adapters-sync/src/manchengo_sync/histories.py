"""Whether authors saw the same log as this one: their commits say what they held.

Each signed commit names the last entry that its author's device held when it was recorded
(``Seen``). Where that differs from the entry in the same place here, one of the two was shown
another history. That is told to people, and stops nothing: the author may be the one who lies, or
a backup of the server was put back unannounced.
"""

from collections.abc import Iterable, Iterator

from attrs import frozen

from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class Parted:
    """A commit whose author saw another log. ``entry``: its place; ``seen``: the place up to which
    its author had read, under the same epoch, what is not here.
    """

    entry: int
    seen: int
    device_id: DeviceId


def parted(snapshot: Snapshot, entries: Iterable[LogEntry], *, log_epoch: str) -> Iterator[Parted]:
    """Those among these entries, the next of the log that the snapshot holds, that show it."""
    hashes: dict[int, bytes] = {}
    for entry in entries:
        part = entry.commit.authorship
        hashes[entry.global_seq] = entry.hash
        if part is None or not part.seen.global_seq or part.seen.log_epoch != log_epoch:
            continue
        place = part.seen.global_seq
        if place not in hashes and place < entry.global_seq:
            hashes |= {each.global_seq: each.hash for each in _one(snapshot, place)}
        if place >= entry.global_seq or hashes.get(place) != part.seen.log_hash:
            yield Parted(entry=entry.global_seq, seen=place, device_id=entry.commit.device_id)


def _one(snapshot: Snapshot, place: int) -> Iterator[LogEntry]:
    return snapshot.entries(after=place - 1, limit=1)
