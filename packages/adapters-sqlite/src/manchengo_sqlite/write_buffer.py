"""Holds what a transaction writes until it must be written; its own reads see it.

A batch of a thousand commands becomes a handful of ``executemany``. A look-up that the buffered
rows could change writes them first.

Ids grow, and the codes of one file mostly do. So a look-up that finds nothing also asks which key
comes next: whatever lies between the two is new as well, and is not looked up.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Generic, TypeVar
from uuid import UUID

from attrs import frozen
from sqlalchemy import Connection

from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import Key, Row
from manchengo.ports.store import Entry
from manchengo.ports.write_buffer import WriteBuffer
from manchengo_sqlite import statements as sql
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.snapshot import AT_ONCE, SqliteSnapshot

K = TypeVar("K", str, bytes)


@frozen
class Gap(Generic[K]):
    """Keys of which none is stored: from ``begin`` to the one before ``end``, which is stored.
    Without ``end``, all from ``begin`` on.
    """

    begin: K
    end: K | None

    def holds(self, key: K) -> bool:
        """Whether the key is one of them."""
        return self.begin <= key and (self.end is None or key < self.end)


class SqliteWriteBuffer(WriteBuffer, SqliteSnapshot):
    """What ``SqliteTransaction`` adds to is written by ``flush``."""

    def __init__(self, connection: Connection) -> None:
        SqliteSnapshot.__init__(self, connection)
        WriteBuffer.__init__(self)
        self._engine = connection.engine
        self._head: int | None = None
        self._number = 0  # of the last event, once the head is known
        self._commits: dict[CommitId, tuple[Any, ...]] = {}
        self._events: list[tuple[Any, ...]] = []
        self._aside: list[tuple[Any, ...]] = []
        self._queued: list[tuple[int]] = []
        self._log: list[tuple[Any, ...]] = []
        self._cursor: int | None = None
        self._log_hash: bytes | None = None
        self._rewinds: int | None = None
        self._ends: dict[UUID, int] = {}
        self._no_streams: Gap[bytes] | None = None
        self._no_codes: dict[tuple[type[Row], ...], Gap[str]] = {}
        self._absent: set[CommitId] = set()
        self._rows: defaultdict[type[Row], dict[Key, Row]] = defaultdict(dict)

    def flush(self) -> None:
        """Write all that was gathered."""
        self._many(sql.ADD_COMMIT, list(self._commits.values()))
        self._many(sql.ADD_EVENT, self._events)
        self._many(sql.ADD_ASIDE, self._aside)
        self._many(sql.QUEUE, self._queued)
        self._many(sql.ADD_ENTRY, self._log)
        self._many(sql.SET_TIP, [self._tip_columns(device) for device in self._moved_tips])
        for kind, rows in self._rows.items():
            if rows:
                table = mapping(kind)
                self._many(table.upsert, [table.to_columns(row) for row in rows.values()])
                rows.clear()
        self._commits.clear()
        self._events.clear()
        self._aside.clear()
        self._queued.clear()
        self._log.clear()
        self._no_codes.clear()
        self._clear_gathered()

    # What is read must see what was gathered.

    def head(self) -> int:
        return self._begin()[0] if self._head is None else self._head

    def rewinds(self) -> int:
        return self._begin()[1] if self._rewinds is None else self._rewinds

    def _begin(self) -> tuple[int, int]:
        """Head and rewinds, read together with the last number: every command asks for all."""
        head, self._number, rewinds = self._one(sql.HEAD_LAST_NUMBER_AND_REWINDS)
        self._head, self._rewinds = head, rewinds
        return head, rewinds

    def cursor(self) -> int:
        if self._cursor is None:
            self._cursor = super().cursor()
        return self._cursor

    def log_hash(self) -> bytes:
        if self._log_hash is None:
            self._log_hash = super().log_hash()
        return self._log_hash

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        if commit_id in self._absent:
            return None
        if commit_id in self._commits or self._log:
            self.flush()
        return super().entry(commit_id)

    def commit(self, commit_id: CommitId) -> Commit | None:
        if commit_id in self._commits:
            self.flush()
        if commit_id in self._absent:
            return None
        found = super().commit(commit_id)
        if found is None:
            self._absent.add(commit_id)
        return found

    def known(self, commit_ids: Iterable[CommitId]) -> set[CommitId]:
        wanted = set(commit_ids)
        found = wanted & self._commits.keys()
        found |= super().known(wanted - found)
        self._absent |= wanted - found
        return found

    def look_ahead(self, aggregate_ids: Collection[UUID]) -> None:
        unknown = [each.bytes for each in aggregate_ids if each not in self._ends]
        for start in range(0, len(unknown), AT_ONCE):
            some = unknown[start : start + AT_ONCE]
            self._ends |= dict.fromkeys([UUID(bytes=each) for each in some], 0)
            self._ends |= {
                UUID(bytes=aggregate_id): end
                for aggregate_id, end in self._all(sql.ends_of(len(some)), *some)
            }

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        if aggregate_id in self._touched:
            self.flush()
        if self._ends.get(aggregate_id, after + 1) <= after:
            return []  # as was read before, and nothing came since
        if aggregate_id not in self._ends and not after and self._has_no_stream(aggregate_id):
            self._ends[aggregate_id] = 0
            return []
        entries = super().stream(aggregate_id, after=after)
        self._ends[aggregate_id] = entries[-1].position if entries else after
        return entries

    def _has_no_stream(self, aggregate_id: UUID) -> bool:
        """Of an aggregate of which nothing is held."""
        key = aggregate_id.bytes
        if self._no_streams is None or not self._no_streams.holds(key):
            self._no_streams = Gap(key, self._one(sql.NEXT_STREAM, key)[0])
        return self._no_streams.holds(key)

    def _has_written_code(self, key: str, kinds: tuple[type[Row], ...]) -> bool:
        known = self._no_codes.get(kinds)
        if known is None or not known.holds(key):
            known = self._no_codes[kinds] = Gap(key, self._next_code(key, kinds))
        return not known.holds(key)

    def _end_of(self, aggregate_id: UUID) -> int:
        known = self._ends.get(aggregate_id)
        return (
            int(self._one(sql.LAST_POSITION, aggregate_id.bytes)[0] or 0)
            if known is None
            else known
        )

    def _next_number(self) -> int:
        """The number of the next event."""
        self.head()  # which reads the last number as well
        self._number += 1
        return self._number

    def _tip_columns(self, device_id: DeviceId) -> tuple[Any, ...]:
        tip = self._tips[device_id]
        return (device_id.bytes, tip.sequence, tip.hash, tip.hlc)

    def _many(self, statement: str, parameters: list[tuple[Any, ...]]) -> None:
        if parameters:
            self._connection.executemany(statement, parameters)
