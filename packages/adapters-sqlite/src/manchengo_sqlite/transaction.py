"""The one writing transaction: what a command adds is gathered, and written in few statements.

A batch of a thousand commands becomes a handful of ``executemany``. Reads see what is gathered: a
look-up that the gathered rows could change writes them first.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from manchengo.domain.allocation import Policy
from manchengo.domain.commit import Commit, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, ImportId, LotId, ProductId
from manchengo.ports.rows import VIEWS, FinishedLotRow, RawLotRow, Row
from manchengo.ports.store import CommitExists, Entry, StockLine
from manchengo.system import Uuid7Ids
from manchengo_sqlite import statements as sql
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.snapshot import SqliteSnapshot

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
        self._ends: dict[UUID, int] = {}
        self._touched: set[UUID] = set()
        self._absent: set[CommitId] = set()
        self._tips: dict[DeviceId, Tip] = {}
        self._moved_tips: set[DeviceId] = set()
        self._rows: dict[type[Row], dict[Key, Row]] = {kind: {} for kind in VIEWS}
        self._codes: set[tuple[type[Row], str]] = set()
        self._gathered = 0

    # What is written.

    def append(self, commit: Commit) -> None:
        self._add(commit)
        for index, event in enumerate(commit.events):
            end = self._ends[event.aggregate_id] = self._end_of(event.aggregate_id) + 1
            self._touched.add(event.aggregate_id)
            self._events.append(_event_columns(self.head(), index, event, end))
        self._gather(len(commit.events))

    def append_at_versions(self, commit: Commit) -> int:
        """As ``append``, each event where its author says rather than at the end of its stream."""
        self._add(commit)
        for index, event in enumerate(commit.events):
            self._events.append(_event_columns(self.head(), index, event, event.version))
        return self.head()

    def _add(self, commit: Commit) -> None:
        if commit.id not in self._absent and self.commit(commit.id) is not None:
            raise CommitExists(commit.id)
        self._absent.discard(commit.id)
        self._head = self.head() + 1
        self._commits[commit.id] = _commit_columns(self._head, commit)
        self._tips[commit.device_id] = Tip(
            sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc
        )
        self._moved_tips.add(commit.device_id)

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[type(row)][row.key()] = row
            code = getattr(row, "code", None)
            if code is not None:
                self._codes.add((type(row), code))
            self._gather(1)

    def drop(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._rows[type(row)].pop(row.key(), None)
            table = mapping(type(row))
            self._all(table.delete, *table.key_parameters(row))

    def drop_views(self) -> None:
        self.flush()
        for kind in VIEWS:
            self._all(f"DELETE FROM {kind.TABLE}")
        self.set_setting(VIEWS_MADE, str(Uuid7Ids().new()))

    def set_setting(self, name: str, value: str) -> None:
        self._all(sql.SET_SETTING, name, value)

    def flush(self) -> None:
        """Write all that was gathered."""
        self._many(sql.ADD_COMMIT, list(self._commits.values()))
        self._many(sql.ADD_EVENT, self._events)
        self._many(sql.QUEUE, [(columns[0],) for columns in self._commits.values()])
        self._many(sql.SET_TIP, [self._tip_columns(device) for device in self._moved_tips])
        for kind, rows in self._rows.items():
            if rows:
                table = mapping(kind)
                self._many(table.upsert, [table.to_columns(row) for row in rows.values()])
                rows.clear()
        self._commits.clear()
        self._events.clear()
        self._touched.clear()
        self._moved_tips.clear()
        self._codes.clear()
        self._gathered = 0

    # What is read must see what was gathered.

    def head(self) -> int:
        if self._head is None:
            self._head = super().head()
        return self._head

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
        return super().rows(kind, limit=limit, **equal)

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


def _commit_columns(position: int, commit: Commit) -> tuple[Any, ...]:
    return (
        position,
        commit.id.bytes,
        commit.device_id.bytes,
        commit.user_id.bytes,
        commit.sequence,
        commit.occurred_at.isoformat(),
        commit.hlc,
        commit.on.isoformat(),
        commit.command_type,
        commit.command_version,
        commit.command,
        commit.import_id.bytes if commit.import_id else None,
        commit.previous,
        commit.hash,
    )


def _event_columns(
    commit_position: int, index: int, event: Recorded, position: int
) -> tuple[Any, ...]:
    return (
        event.id.bytes,
        commit_position,
        index,
        event.aggregate_type,
        event.aggregate_id.bytes,
        event.event_type,
        event.schema_version,
        event.payload,
        event.version,
        position,
    )
