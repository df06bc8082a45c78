"""One consistent moment of the plant, read through the ports' eyes."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar, cast
from uuid import UUID

import psycopg

from manchengo.domain.allocation import Policy
from manchengo.domain.commit import NO_HASH, Commit, LogEntry, Tip
from manchengo.domain.ids import (
    CommitId,
    DeviceId,
    ImportId,
    LotId,
    ProductId,
)
from manchengo.domain.names import comparison_key
from manchengo.ports.list_statements import count_statement, page_statement
from manchengo.ports.lists import Cursor, ListQuery
from manchengo.ports.rows import FinishedLotRow, KeyValue, RawLotRow, Row
from manchengo.ports.store import (
    DayMovement,
    Entry,
    Garbled,
    GarbledCommit,
    Misplaced,
    Pending,
    StockLine,
    StreamEvent,
)
from manchengo.ports.stored import Stored, page_by_page
from manchengo_postgres import statements as sql
from manchengo_postgres import texts
from manchengo_postgres.audit_tables import AuditReader
from manchengo_postgres.columns import (
    day_or_none,
    stock_line,
    stream_entry,
    tip_of,
    with_its_events,
)
from manchengo_postgres.connections import Counter
from manchengo_postgres.lists import DIALECT, stored_parameters
from manchengo_postgres.mapping import mapping
from manchengo_postgres.translation import Address

R = TypeVar("R", bound=Row)
T = TypeVar("T")

HIGHEST = 2**63 - 1
LOWEST = -(2**63)
"""Beyond every sequence."""

PAGE = 50
"""How many commits are read at once; one may hold many events."""

PAGE_OF_ROWS = 2_000

COMMIT_WIDTH = len(sql.COMMIT_COLUMNS)
BEFORE_ALL = UUID(int=0)


class Unreadable(ValueError):
    """Stored bytes of which the driver can make nothing."""


class PostgresSnapshot(AuditReader):
    """Implements ``manchengo.ports.store.Snapshot`` on one connection in a transaction."""

    def __init__(
        self, connection: psycopg.Connection, counter: Counter, *, address: Address
    ) -> None:
        self._connection = connection
        self._cursor = connection.cursor(binary=True)
        self._counter = counter
        self._address = address
        self._settings: dict[str, str | None] = {}

    def head(self) -> int:
        return self._counter.position

    def rewinds(self) -> int:
        return self._counter.rewinds

    def cursor(self) -> int:
        return self._counter.global_seq

    def log_hash(self) -> bytes:
        return self._counter.log_hash

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogEntry]:
        def page(done: int, size: int) -> list[tuple[int, LogEntry]]:
            found = self._log_entries(self._all(sql.ENTRIES, done, size))
            return [(entry.global_seq, entry) for entry in found]

        def behind(done: int) -> GarbledCommit:
            return self._garbled(sql.REMAINS_OF_ENTRY, done)

        return page_by_page(page, behind, _is_garbled, most=PAGE, after=after, limit=limit)

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        stored = self._stored_at(commit_id)
        if stored is None or stored[2] is None:
            return None
        (entry,) = self._log_entries(self._all(sql.ENTRY, stored[2]))
        return entry

    def last_entry_by(self, device_id: DeviceId) -> LogEntry | None:
        found = self._log_entries(self._all(sql.LAST_ENTRY_OF_DEVICE, device_id))
        return found[0] if found else None

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        last = after and self._first(sql.POSITION, after)

        def page(done: int, size: int) -> list[tuple[int, Pending]]:
            rows = self._all(sql.QUEUED, done, size)
            return [
                (stored.position, stored.pending(seal=row[COMMIT_WIDTH]))
                for stored, row in zip(self._stored(rows), rows, strict=True)
            ]

        def behind(done: int) -> GarbledCommit:
            return self._garbled(sql.REMAINS_OF_QUEUED, done)

        begin = last[0] if last else 0
        return page_by_page(page, behind, _is_garbled, most=PAGE, after=begin, limit=limit)

    def count_pending(self) -> int:
        return int(self._one(sql.COUNT_QUEUED)[0])

    def tip(self, device_id: DeviceId) -> Tip:
        return tip_of(self._first(sql.TIP, device_id))

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        return tip_of(self._first(sql.TIP_IN_LOG, device_id))

    def tips(self) -> dict[DeviceId, Tip]:
        return {DeviceId(row[0]): tip_of(row[1:]) for row in self._all(sql.TIPS)}

    def misplaced(self, *, after: int | None = None) -> Misplaced | None:
        row = self._first(sql.MISPLACED_COMMIT, LOWEST if after is None else after)
        if row is not None:
            return Misplaced(CommitId(row[0]))
        return None if self._first(sql.COUNTER_IS_RIGHT, NO_HASH)[0] else Misplaced(None)

    def commit(self, commit_id: CommitId) -> Commit | None:
        stored = self._stored(self._all(sql.COMMIT, commit_id))
        return stored[0].commit if stored else None

    def known(self, commit_ids: Collection[CommitId]) -> set[CommitId]:
        wanted = list(commit_ids)
        return {CommitId(row[0]) for row in self._all(sql.KNOWN, wanted)} if wanted else set()

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        whose = () if import_id is None else (import_id,)
        following = sql.COMMITS_OF_IMPORT if whose else sql.COMMITS
        remains = sql.REMAINS_OF_IMPORTED if whose else sql.REMAINS_OF_COMMIT

        def page(done: int, size: int) -> list[tuple[int, Commit]]:
            found = self._stored(self._all(following, done, *whose, size))
            return [(stored.position, stored.commit) for stored in found]

        def behind(done: int) -> GarbledCommit:
            return self._garbled(remains, done, *whose)

        return page_by_page(page, behind, _is_garbled, most=PAGE)

    def last_commits(
        self, device_id: DeviceId, *, before: int | None = None, limit: int
    ) -> list[Commit]:
        some = (device_id, HIGHEST if before is None else before, limit)
        rows = self._all(sql.LAST_COMMITS_OF_DEVICE, *some, *some, limit)
        return [stored.commit for stored in self._stored(rows)]

    def last_commits_of_import(
        self, import_id: ImportId, *, before: CommitId | None = None, limit: int
    ) -> list[Commit]:
        end = HIGHEST if before is None else self._one(sql.POSITION, before)[0]
        rows = self._all(sql.LAST_COMMITS_OF_IMPORT, import_id, end, limit)
        return [stored.commit for stored in self._stored(rows)]

    def commit_ids(self, first: UUID, last: UUID, *, limit: int) -> list[CommitId]:
        return [CommitId(row[0]) for row in self._all(sql.COMMIT_IDS, first, last, limit)]

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        try:
            return [stream_entry(row) for row in self._all(sql.STREAM, aggregate_id, after)]
        except ValueError as error:
            raise Garbled(f"_events: {error}") from error

    def streams(self) -> Iterator[tuple[UUID, list[StreamEvent]]]:
        try:
            for aggregate_id, group in groupby(self._all_events(), key=itemgetter(0)):
                yield aggregate_id, [StreamEvent(*row[1:]) for row in group]
        except ValueError as error:
            raise Garbled(f"_events: {error}") from error

    def get(self, kind: type[R], *key: KeyValue) -> R | None:
        return next(self._select(kind, dict(zip(kind.KEY, key, strict=True)), 1), None)

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: Any) -> Iterator[R]:
        return self._select(kind, equal, limit)

    def rows_with_ids(self, kind: type[R], ids: Collection[UUID]) -> dict[UUID, R]:
        if not ids:
            return {}
        rows = self._read_rows(kind, mapping(kind).select_ids, list(ids))
        return {cast("UUID", row.key()[0]): row for row in rows}

    def page(
        self,
        kind: type[R],
        query: ListQuery,
        *,
        limit: int,
        beyond: Cursor | None = None,
        backwards: bool = False,
    ) -> list[R]:
        statement = page_statement(
            kind, query, DIALECT, limit=limit, beyond=beyond, backwards=backwards
        )
        rows = self._read_rows(kind, statement.sql, *stored_parameters(statement))
        return rows[::-1] if backwards else rows

    def count(self, kind: type[Row], query: ListQuery, *, most: int) -> int:
        statement = count_statement(kind, query, DIALECT, most=most)
        return int(self._one(statement.sql, *stored_parameters(statement))[0])

    def has_code(self, code: str, *kinds: type[Row]) -> bool:
        key = texts.spelt(comparison_key(code))
        return bool(self._one(sql.has_code(kinds), *[key] * len(kinds))[0])

    def candidates(
        self,
        kind: type[RawLotRow] | type[FinishedLotRow],
        product_id: ProductId,
        policy: Policy,
        *,
        on: date,
    ) -> Iterator[LotId]:
        statement = sql.CANDIDATES[kind, policy]
        after: tuple[Any, ...] = ("-infinity", "-infinity", BEFORE_ALL)
        while True:
            page = self._all(statement, product_id, on, on, *after)
            for row in page:
                yield LotId(row[2])
            if len(page) < sql.PAGE_OF_CANDIDATES:
                return
            after = page[-1]

    def stock(self, *, on: date) -> list[StockLine]:
        return [stock_line(row) for row in self._all(sql.STOCK, on, on)]

    def held_at(self, day: date) -> dict[LotId, int]:
        return {LotId(lot_id): int(held) for lot_id, held in self._all(sql.HELD_AT, day)}

    def moved_after(self, day: date) -> dict[LotId, int]:
        return {LotId(lot_id): int(moved) for lot_id, moved in self._all(sql.MOVED_AFTER, day)}

    def moved_by_day(self, *, first: date, last: date) -> list[DayMovement]:
        return [
            DayMovement(
                day=day,
                product_id=ProductId(product_id),
                kind=texts.read(kind),
                quantity=int(quantity),
            )
            for day, product_id, kind, quantity in self._all(sql.MOVED_BY_DAY, first, last)
        ]

    def setting(self, name: str) -> str | None:
        if name not in self._settings:
            row = self._first(sql.SETTING, texts.spelt(name))
            self._settings[name] = None if row is None else texts.read(row[0])
        return self._settings[name]

    # How it is asked.

    def _all(self, statement: str, *parameters: Any) -> list[Any]:
        try:
            return self._cursor.execute(statement.encode(), parameters).fetchall()
        except psycopg.DataError as error:
            if error.sqlstate is None:  # the driver's own: it met what no Python value can hold
                raise Unreadable(str(error)) from None
            raise self._address.storage_error(error) from None
        except psycopg.Error as error:
            raise self._address.storage_error(error) from None

    def _first(self, statement: str, *parameters: Any) -> Any:
        rows = self._all(statement, *parameters)
        return rows[0] if rows else None

    def _one(self, statement: str, *parameters: Any) -> Any:
        return self._all(statement, *parameters)[0]

    def _stored_at(self, commit_id: CommitId) -> tuple[int, bytes, int | None] | None:
        """Where that commit is stored, its hash, and the last place it has in the log."""
        row: tuple[int, bytes, int | None] | None = self._first(sql.STANDING, commit_id)
        return row

    def _select(self, kind: type[R], equal: dict[str, Any], limit: int | None) -> Iterator[R]:
        table = mapping(kind)
        marks = [(name, value is None) for name, value in equal.items()]
        values = [
            texts.spelt(value) if isinstance(value, str) else value
            for value in equal.values()
            if value is not None
        ]
        key: tuple[Any, ...] = ()
        try:
            while limit is None or limit > 0:
                size = PAGE_OF_ROWS if limit is None else min(limit, PAGE_OF_ROWS)
                page = self._all(table.select(marks, further=bool(key)), *values, *key, size)
                for columns in page:
                    row = table.from_columns(columns)
                    yield row
                    key = row.key()
                if len(page) < size:
                    return
                limit = None if limit is None else limit - size
        except ValueError as error:
            raise Garbled(f"{kind.TABLE}: {error}") from error

    def _read_rows(self, kind: type[R], statement: str, *parameters: Any) -> list[R]:
        try:
            found = self._all(statement, *parameters)
            return [mapping(kind).from_columns(columns) for columns in found]
        except ValueError as error:
            raise Garbled(f"{kind.TABLE}: {error}") from error

    def _all_events(self) -> Iterator[Any]:
        after: tuple[Any, ...] = (BEFORE_ALL, 0)
        while page := self._all(sql.STREAMS, *after, PAGE_OF_ROWS):
            yield from page
            after = page[-1][:2]

    def _garbled(self, remains: str, *after: int | ImportId) -> GarbledCommit:
        row = self._one(remains, *after)
        return GarbledCommit(
            commit_id=CommitId(row[0]),
            device_id=DeviceId(row[1]),
            sequence=row[2],
            on=day_or_none(row[3]),
        )

    def _log_entries(self, rows: list[Any]) -> list[LogEntry]:
        found = []
        for stored, row in zip(self._stored(rows), rows, strict=True):
            global_seq, verdict, reason, hlc, seal, is_first = row[COMMIT_WIDTH:]
            reason, hlc = texts.read(reason), texts.read(hlc)
            found.append(stored.entry(global_seq, verdict, reason, hlc, seal, is_first))
        return found

    def _stored(self, rows: list[Any]) -> list[Stored]:
        """The commits whose columns these rows begin with, each with its events."""
        if not rows:
            return []
        positions = list({row[0] for row in rows})
        of_commit: dict[int, list[Any]] = {position: [] for position in positions}
        for event in self._all(sql.EVENTS_OF_COMMITS, positions, positions):
            of_commit[event[0]].append(event)
        return [with_its_events(row, of_commit[row[0]]) for row in rows]


def _is_garbled(error: Exception) -> bool:
    return isinstance(error, ValueError)
