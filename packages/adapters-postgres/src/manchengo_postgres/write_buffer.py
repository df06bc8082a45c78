"""What a transaction has gathered and not sent yet, seen by whatever reads in it.

A batch of a thousand commands becomes a handful of statements, all on their way at once. A look-up
that the gathered rows could change sends them first.
"""

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

import psycopg

from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import VIEWS, Key, KeyValue, Row
from manchengo.ports.store import Entry
from manchengo.ports.write_buffer import WriteBuffer
from manchengo_postgres import statements as sql
from manchengo_postgres import texts
from manchengo_postgres.connections import Counter
from manchengo_postgres.mapping import mapping
from manchengo_postgres.snapshot import PostgresSnapshot
from manchengo_postgres.statements import Insert
from manchengo_postgres.translation import Address

R = TypeVar("R", bound=Row)


class PostgresWriteBuffer(WriteBuffer, PostgresSnapshot):
    """What ``PostgresTransaction`` adds to is sent by ``flush``."""

    def __init__(
        self, connection: psycopg.Connection, counter: Counter, *, address: Address
    ) -> None:
        PostgresSnapshot.__init__(self, connection, counter, address=address)
        WriteBuffer.__init__(self)
        self._counted = False
        self._commits: dict[CommitId, tuple[Any, ...]] = {}
        self._events: list[tuple[UUID, tuple[Any, ...]]] = []
        self._aside: list[tuple[Any, ...]] = []
        self._queued: list[tuple[int, bytes | None]] = []
        self._log: list[tuple[Any, ...]] = []
        self._placed: set[CommitId] = set()
        self._ends: dict[UUID, int] = {}
        self._absent: set[CommitId] = set()
        self._rows: dict[type[Row], dict[Key, Row | None]] = {kind: {} for kind in VIEWS}

    def flush(self) -> None:
        """Send all that was gathered, as one train of statements."""
        if not (self._counted or self._gathered or self._moved_tips or self._log or self._queued):
            return
        events = self._numbered()
        try:
            with self._connection.pipeline():
                self._send(sql.ADD_COMMITS, list(self._commits.values()))
                self._send(sql.ADD_EVENTS, events)
                self._send(sql.ADD_ASIDE, self._aside)
                self._send(sql.QUEUE, self._queued)
                self._send(sql.ADD_ENTRIES, self._log)
                self._send(sql.SET_TIPS, [self._tip_columns(each) for each in self._moved_tips])
                for kind, rows in self._rows.items():
                    self._send_rows(kind, rows)
            # On its own, behind the train: where a train came last, the server would not notice
            # that a worker hangs, because of how psycopg ends it.
            self._send_counter()
        except psycopg.Error as error:
            raise self._address.storage_error(error) from None
        self._counted = False
        for gathered in (self._commits, self._events, self._aside, self._queued, self._log):
            gathered.clear()
        for rows in self._rows.values():
            rows.clear()
        self._placed.clear()
        self._clear_gathered()

    def _set_row(self, row: Row, after: Row | None) -> None:
        self._rows[type(row)][row.key()] = after
        self._gather_row(row)

    def _numbered(self) -> list[tuple[Any, ...]]:
        """The gathered events, each at the end of its stream."""
        self.look_ahead(self._touched)
        numbered = []
        for aggregate_id, columns in self._events:
            end = self._ends[aggregate_id] = self._ends[aggregate_id] + 1
            numbered.append((*columns, end))
        return numbered

    def _do(self, statement: str, *parameters: Any) -> None:
        """At once, behind what was gathered before it."""
        self.flush()
        try:
            self._cursor.execute(statement.encode(), parameters)
        except psycopg.Error as error:
            raise self._address.storage_error(error) from None

    def _send(self, insert: Insert, rows: list[tuple[Any, ...]]) -> None:
        if len(rows) == 1:
            self._connection.execute(insert.one.encode(), rows[0])
        elif rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            self._connection.execute(insert.many.encode(), columns)

    def _send_rows(self, kind: type[Row], rows: dict[Key, Row | None]) -> None:
        table = mapping(kind)
        self._send(table.upsert, [table.to_columns(row) for row in rows.values() if row])
        gone = [key for key, row in rows.items() if row is None]
        if gone:
            columns = [list(column) for column in zip(*gone, strict=True)]
            self._connection.execute(table.delete.encode(), columns)

    def _send_counter(self) -> None:
        counter = self._counter
        numbers = (counter.global_seq, counter.log_hash, counter.position, counter.rewinds)
        self._connection.execute(sql.SET_COUNTER.encode(), numbers)

    def _tip_columns(self, device_id: DeviceId) -> tuple[Any, ...]:
        tip = self._tips[device_id]
        return (device_id, tip.sequence, tip.hash, texts.spelt(tip.hlc))

    # What is read must see what was gathered.

    def commit(self, commit_id: CommitId) -> Commit | None:
        return None if self._stored_at(commit_id) is None else super().commit(commit_id)

    def known(self, commit_ids: Collection[CommitId]) -> set[CommitId]:
        wanted = set(commit_ids)
        found = wanted & self._commits.keys()
        found |= super().known(wanted - found - self._absent)
        self._absent |= wanted - found
        return found

    def look_ahead(self, aggregate_ids: Collection[UUID]) -> None:
        unknown = [each for each in aggregate_ids if each not in self._ends]
        if unknown:
            self._ends |= {row[0]: row[1] or 0 for row in self._all(sql.ENDS, unknown)}

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        if aggregate_id in self._touched:
            self.flush()
        if self._ends.get(aggregate_id, after + 1) <= after:
            return []  # as was read before, and nothing came since
        entries = super().stream(aggregate_id, after=after)
        if entries or not after:
            self._ends[aggregate_id] = entries[-1].position if entries else 0
        return entries

    def get(self, kind: type[R], *key: KeyValue) -> R | None:
        if key in self._rows[kind]:
            self.flush()
        return super().get(kind, *key)

    def _stored_at(self, commit_id: CommitId) -> tuple[int, bytes, int | None] | None:
        if commit_id in self._absent:
            return None
        if commit_id in self._commits or commit_id in self._placed:
            self.flush()
        found = super()._stored_at(commit_id)
        if found is None:
            self._absent.add(commit_id)
        return found
