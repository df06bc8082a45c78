"""The one writing transaction: what a command adds is gathered, and written in few statements.

A batch of a thousand commands becomes a handful of ``executemany``. Reads see what is gathered: a
look-up that the gathered rows could change writes them first.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from manchengo import codec
from manchengo.domain.allocation import Policy
from manchengo.domain.commit import Commit, LogEntry, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, ImportId, LotId, ProductId
from manchengo.ports.rows import VIEWS, FinishedLotRow, RawLotRow, Row
from manchengo.ports.store import CommitExists, Entry, Pending, StockLine
from manchengo.system import Uuid7Ids
from manchengo_sqlite import statements as sql
from manchengo_sqlite.columns import aside_columns, commit_columns, event_columns, log_columns
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.snapshot import REWINDS, SqliteSnapshot

R = TypeVar("R", bound=Row)
Key = tuple[UUID | int | str, ...]

VIEWS_MADE = "views_made"
"""The setting that changes whenever all views are made again: a backup's are then older."""

GATHERED = 5_000
"""How many rows and events are gathered before they are written: bounds the memory of a batch."""


class SqliteTransaction(SqliteSnapshot):
    """Implements ``manchengo.ports.store.Transaction``; ``flush`` before it is committed."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._head: int | None = None
        self._commits: dict[CommitId, tuple[Any, ...]] = {}
        self._events: list[tuple[Any, ...]] = []
        self._aside: list[tuple[Any, ...]] = []
        self._queued: list[tuple[int]] = []
        self._log: list[tuple[Any, ...]] = []
        self._cursor: int | None = None
        self._log_hash: bytes | None = None
        self._rewinds: int | None = None
        self._ends: dict[UUID, int] = {}
        self._touched: set[UUID] = set()
        self._absent: set[CommitId] = set()
        self._tips: dict[DeviceId, Tip] = {}
        self._moved_tips: set[DeviceId] = set()
        self._rows: dict[type[Row], dict[Key, Row]] = {kind: {} for kind in VIEWS}
        self._firsts: dict[type[Row], dict[frozenset[Any], list[Any]]] = {}
        self._codes: set[tuple[type[Row], str]] = set()
        self._gathered = 0

    # What is written.

    def append(self, commit: Commit) -> None:
        position = self._add(commit)
        self._queued.append((position,))
        self._happen(position, commit.events, derived_from=len(commit.events))

    def append_at_versions(self, commit: Commit) -> int:
        """As ``append``, each event where its author says rather than at the end of its stream."""
        position = self._add(commit)
        self._queued.append((position,))
        for index, event in enumerate(commit.events):
            self._events.append(event_columns(position, index, event, event.version))
        return position

    def enter(self, entry: LogEntry) -> None:
        commit = entry.commit
        known = None if commit.id in self._absent else self.commit(commit.id)
        position = None if known is None else self._position(commit.id)
        if known is not None and position is not None and known.hash != commit.hash:
            self._remove(position, commit.id)
            position = None
        if position is None:
            position = self._add(commit, entry)
            self._spread(position, commit, entry.effective, entry=None, is_stored=False)
        else:
            again = self._first(sql.PLACES_OF_COMMIT, position) is not None
            marked = entry.global_seq if again else None
            self._spread(position, commit, entry.effective, entry=marked, is_stored=True)
            self._place(position, entry)
        self._write_entry(position, entry)

    def confirm(self, entry: LogEntry) -> None:
        self.flush()
        position = self._position(entry.commit.id)
        assert position is not None, "what is confirmed is stored"
        self._place(position, entry)
        self._write_entry(position, entry)

    def take_back(self, commit_id: CommitId) -> None:
        position = self._stored_position(commit_id)
        self._undo(position, None)
        self._seal(position, ())

    def predict(self, commit_id: CommitId, effective: tuple[Recorded, ...] | None) -> None:
        position = self._stored_position(commit_id)
        (stored,) = self._stored([self._one(sql.COMMIT_AT, position)])
        self._spread(position, stored.commit, effective, entry=None, is_stored=True)
        self._seal(position, effective)

    def reopen(self) -> CommitId:
        self.flush()
        cursor = self.cursor()
        _, position = self._one(sql.NEXT_PLACE, cursor - 1)
        is_only = len(self._all(sql.PLACES_OF_COMMIT, position).fetchall()) == 1
        self._undo(position, None if is_only else cursor)
        self._all(sql.REMOVE_ENTRY, cursor)
        self._cursor = self._log_hash = None
        if is_only:
            self._all(sql.UNPLACE, position)
            self._all(sql.QUEUE, position)
            self._seal(position, ())
        return CommitId(UUID(bytes=self._one(sql.COMMIT_AT, position)[1]))

    def reseal(self, commit_id: CommitId, commit: Commit) -> None:
        self.flush()
        self._absent.discard(commit.id)
        self._all(
            sql.RESEAL,
            commit.id.bytes,
            commit.device_id.bytes,
            commit.sequence,
            commit.previous,
            commit.hash,
            commit_id.bytes,
        )
        self._seal(self._stored_position(commit.id), ())

    def set_tip(self, device_id: DeviceId, tip: Tip) -> None:
        self._tips[device_id] = tip
        self._moved_tips.add(device_id)

    def _add(self, commit: Commit, entry: LogEntry | None = None) -> int:
        if commit.id not in self._absent and self.commit(commit.id) is not None:
            raise CommitExists(commit.id)
        self._absent.discard(commit.id)
        self._head = self.head() + 1
        self._commits[commit.id] = commit_columns(self._head, commit, entry)
        self.set_tip(
            commit.device_id, Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
        )
        return self._head

    def _spread(
        self,
        position: int,
        commit: Commit,
        effective: tuple[Recorded, ...] | None,
        *,
        entry: int | None,
        is_stored: bool,
    ) -> None:
        """The effects to their streams, and what was recorded without effect aside."""
        effects = commit.events if effective is None else effective
        stand = len(commit.events)
        if effects[:stand] == commit.events:
            if is_stored:
                self._all(sql.NO_LONGER_ASIDE, position)
            self._happen(position, effects, derived_from=stand, entry=entry)
            return
        if not is_stored:
            self._aside += [
                aside_columns(position, index, event) for index, event in enumerate(commit.events)
            ]
        self._happen(position, effects, derived_from=0, entry=entry)

    def _happen(
        self,
        position: int,
        effects: tuple[Recorded, ...],
        *,
        derived_from: int,
        entry: int | None = None,
    ) -> None:
        for index, event in enumerate(effects):
            end = self._ends[event.aggregate_id] = self._end_of(event.aggregate_id) + 1
            self._touched.add(event.aggregate_id)
            derived = index >= derived_from
            self._events.append(event_columns(position, index, event, end, derived, entry))
        self._gather(len(effects))

    def _undo(self, position: int, entry: int | None) -> None:
        """Take out of the streams what that entry (None: the first, or the prediction) did."""
        self.flush()
        self._all(sql.SET_ASIDE, position, entry)
        self._all(sql.UNDO_EFFECTS, position, entry)
        self._ends.clear()
        self._rewinds = self.rewinds() + 1
        self._all(sql.SET_SETTING, REWINDS, str(self._rewinds))

    def _seal(self, position: int, effective: tuple[Recorded, ...] | None) -> None:
        seal = None
        if effective is not None:
            seal = codec.effects_hash(self._one(sql.HASH_AT, position)[0], effective)
        self._all(sql.SET_SEAL, seal, position)

    def _write_entry(self, position: int, entry: LogEntry) -> None:
        self._log.append(log_columns(position, entry))
        self._cursor, self._log_hash = entry.global_seq, entry.hash

    def _place(self, position: int, entry: LogEntry) -> None:
        self._all(sql.UNQUEUE, position)
        self._all(sql.PLACE, entry.global_seq, entry.signature, position)

    def _remove(self, position: int, commit_id: CommitId) -> None:
        """A commit that was taken back, to make place for itself under another seal."""
        self.flush()
        for statement in (sql.NO_LONGER_ASIDE, sql.UNQUEUE, sql.REMOVE_COMMIT):
            self._all(statement, position)
        self._absent.add(commit_id)

    def _stored_position(self, commit_id: CommitId) -> int:
        if commit_id in self._commits:
            self.flush()
        position = self._position(commit_id)
        assert position is not None, "only what is stored is taken back or predicted"
        return position

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[type(row)][row.key()] = row
            self._firsts.pop(type(row), None)
            code = getattr(row, "code", None)
            if code is not None:
                self._codes.add((type(row), code))
            self._gather(1)

    def drop(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[type(row)].pop(row.key(), None)
            self._firsts.pop(type(row), None)
            table = mapping(type(row))
            self._all(table.delete, *table.key_parameters(row))

    def drop_views(self) -> None:
        self.flush()
        self._firsts.clear()
        for kind in VIEWS:
            self._all(f"DELETE FROM {kind.TABLE}")
        self.set_setting(VIEWS_MADE, str(Uuid7Ids().new()))

    def set_setting(self, name: str, value: str) -> None:
        self._all(sql.SET_SETTING, name, value)

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
        self._touched.clear()
        self._moved_tips.clear()
        self._codes.clear()
        self._gathered = 0

    # What is read must see what was gathered.

    def head(self) -> int:
        if self._head is None:
            self._head = super().head()
        return self._head

    def rewinds(self) -> int:
        if self._rewinds is None:
            self._rewinds = super().rewinds()
        return self._rewinds

    def cursor(self) -> int:
        if self._cursor is None:
            self._cursor = super().cursor()
        return self._cursor

    def log_hash(self) -> bytes:
        if self._log_hash is None:
            self._log_hash = super().log_hash()
        return self._log_hash

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogEntry]:
        self.flush()
        return super().entries(after=after, limit=limit)

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        if commit_id in self._absent:
            return None
        if commit_id in self._commits or self._log:
            self.flush()
        return super().entry(commit_id)

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        self.flush()
        return super().pending(after=after, limit=limit)

    def count_pending(self) -> int:
        self.flush()
        return super().count_pending()

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        self.flush()
        return super().tip_in_log(device_id)

    def tip(self, device_id: DeviceId) -> Tip:
        if device_id not in self._tips:
            self._tips[device_id] = super().tip(device_id)
        return self._tips[device_id]

    def tips(self) -> dict[DeviceId, Tip]:
        self.flush()
        return super().tips()

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

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        self.flush()
        return super().commits(import_id=import_id)

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        if aggregate_id in self._touched:
            self.flush()
        entries = super().stream(aggregate_id, after=after)
        self._ends[aggregate_id] = entries[-1].position if entries else after
        return entries

    def streams(self) -> Iterator[tuple[UUID, list[Entry]]]:
        self.flush()
        return super().streams()

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: Any) -> Iterator[R]:
        gathered = self._rows[kind]
        if gathered and (equal.keys() != {"code"} or (kind, equal["code"]) in self._codes):
            self.flush()
        if limit != 1 or "code" in equal:
            return super().rows(kind, limit=limit, **equal)
        # Whether there is any such row at all is asked at every commit.
        firsts = self._firsts.setdefault(kind, {})
        asked = frozenset(equal.items())
        if asked not in firsts:
            firsts[asked] = list(super().rows(kind, limit=1, **equal))
        return iter(firsts[asked])

    def has_code(self, code: str, *kinds: type[Row]) -> bool:
        if any((kind, code) in self._codes for kind in kinds):
            self.flush()
        return super().has_code(code, *kinds)

    def candidates(
        self,
        kind: type[RawLotRow] | type[FinishedLotRow],
        product_id: ProductId,
        policy: Policy,
        *,
        on: date,
    ) -> Iterator[LotId]:
        if self._rows[kind]:
            self.flush()
        return super().candidates(kind, product_id, policy, on=on)

    def stock(self, *, on: date) -> list[StockLine]:
        self.flush()
        return super().stock(on=on)

    def stock_at(self, day: date) -> list[StockLine]:
        self.flush()
        return super().stock_at(day)

    def _end_of(self, aggregate_id: UUID) -> int:
        known = self._ends.get(aggregate_id)
        return (
            int(self._one(sql.LAST_POSITION, aggregate_id.bytes)[0] or 0)
            if known is None
            else known
        )

    def _tip_columns(self, device_id: DeviceId) -> tuple[Any, ...]:
        tip = self._tips[device_id]
        return (device_id.bytes, tip.sequence, tip.hash, tip.hlc)

    def _gather(self, count: int) -> None:
        self._gathered += count
        if self._gathered >= GATHERED:
            self.flush()

    def _many(self, statement: str, parameters: list[tuple[Any, ...]]) -> None:
        if parameters:
            self._cursors.cursor().executemany(statement, parameters)
