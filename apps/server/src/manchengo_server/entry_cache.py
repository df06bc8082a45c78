"""Keeps the last entries of the log in memory: a device that follows closely is answered from here,
one that comes from further back from the storage.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock

from attrs import define, field

from manchengo import codec
from manchengo.domain.commit import Commit, LogEntry, Recorded
from manchengo.ports.store import Snapshot
from manchengo_sync.wire import MOST_BYTES, MOST_COMMITS

MOST_KEPT = 5 * MOST_COMMITS
HEAVIEST = 4 * MOST_BYTES
"""A busy day's work, which its author fetches too."""


@define
class EntryCache:
    """The last entries of the log, each of which follows the one before by its hash. Where a log
    ends with the same entry, it has all of them, whatever other processes did to it meanwhile.
    """

    _entries: deque[LogEntry] = field(factory=deque)
    _weight: int = 0
    _guard: Lock = field(factory=Lock)

    def add(self, entries: Sequence[LogEntry]) -> None:
        """Adds the newest entries, in order, and drops those that they do not follow. Where their
        transaction fails, no log ends with them and they are never answered.
        """
        if not entries:
            return
        with self._guard:
            if self._entries and not _follows(entries[0], self._entries[-1]):
                self._entries.clear()
                self._weight = 0
            self._entries.extend(entries)
            self._weight += sum(map(weight_of, entries))
            while len(self._entries) > MOST_KEPT or self._weight > HEAVIEST:
                self._weight -= weight_of(self._entries.popleft())

    def entries(self, snapshot: Snapshot, *, after: int, limit: int) -> Iterator[LogEntry]:
        """As ``snapshot.entries``."""
        kept = self._behind(after, snapshot.log_hash(), limit)
        return snapshot.entries(after=after, limit=limit) if kept is None else iter(kept)

    def _behind(self, after: int, log_hash: bytes, limit: int) -> list[LogEntry] | None:
        """The entries after that one; None where they are not here, or the log does not end with
        them.
        """
        with self._guard:
            if not self._entries or self._entries[-1].hash != log_hash:
                return None
            begin = after + 1 - self._entries[0].global_seq
            return list(islice(self._entries, begin, begin + limit)) if begin >= 0 else None


def _follows(entry: LogEntry, before: LogEntry) -> bool:
    return (
        entry.global_seq == before.global_seq + 1
        and codec.entry_hash(entry, before.hash) == entry.hash
    )


def weight_of(entry: LogEntry) -> int:
    """About how many bytes of JSON the entry has, without encoding it."""
    return weight_of_commit(entry.commit) + _weight_of_events(entry.effective or ())


def weight_of_commit(commit: Commit) -> int:
    """The same for a commit that is not in the log yet."""
    return 1_000 + len(commit.command) * 4 // 3 + _weight_of_events(commit.events)


def _weight_of_events(events: Sequence[Recorded]) -> int:
    return 350 * len(events) + sum(len(event.payload) for event in events) * 4 // 3
