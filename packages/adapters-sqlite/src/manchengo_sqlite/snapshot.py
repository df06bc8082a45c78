"""One consistent moment of the database, read through the ports' eyes."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from sqlalchemy import Connection

from manchengo.domain.allocation import Policy
from manchengo.domain.commit import NO_HASH, START, Commit, LogEntry, Tip
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
from manchengo_sqlite import statements as sql
from manchengo_sqlite.audit_tables import AuditReader
from manchengo_sqlite.columns import (
    COMMIT_WIDTH,
    day_or_none,
    stock_line,
    stream_entry,
    with_its_events,
)
from manchengo_sqlite.lists import DIALECT, stored_parameters
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.places import NUMBERS_UNDONE, REWINDS, EventOrder, sum_up_to
from manchengo_sqlite.translation import DRIVER_ERRORS, result_code

R = TypeVar("R", bound=Row)
T = TypeVar("T")

UUID_BYTES = 16

UNREADABLE: tuple[type[Exception], ...] = (*DRIVER_ERRORS, ValueError, TypeError)
"""What changed bytes raise when read; SQLite's own errors, which have a code, are others."""

LINES_READ_MEANWHILE = 4
"""So many lines of lots are read from the beginning on while one is looked up by its day."""

MOST_LINES = 200_000
"""So many lines are summed up in memory by going back; beyond, the other way takes no more."""

HIGHEST = 2**63 - 1
"""Beyond every sequence."""

LOWEST = -(2**63)
"""Before every position, whatever it was changed to."""

PAGE = 64
"""How many commits are read at once; one may hold many events."""

FEW_CANDIDATES, MORE_CANDIDATES = 8, 32
"""How many lots are looked up first, and at a time where they do not suffice: two or three do."""

AT_ONCE = 500
"""How many ids one statement asks about; SQLite takes a bounded number of parameters."""


class SqliteSnapshot(AuditReader):
    """Implements ``manchengo.ports.store.Snapshot`` on one connection in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._begin_on(connection.connection.dbapi_connection)

    @classmethod
    def on(cls, connection: Any) -> Self:
        """The same, on a connection of the driver's own."""
        snapshot = cls.__new__(cls)
        snapshot._begin_on(connection)
        return snapshot

    def _begin_on(self, connection: Any) -> None:
        self._connection = connection
        self._settings: dict[str, str | None] = {}

    def head(self) -> int:
        return int(self._one(sql.HEAD)[0] or 0)

    def tip(self, device_id: DeviceId) -> Tip:
        row = self._first(sql.TIP, device_id.bytes)
        return START if row is None else Tip(sequence=row[0], hash=row[1], hlc=row[2])

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        row = self._first(sql.TIP_IN_LOG, device_id.bytes)
        return START if row is None else Tip(sequence=row[0], hash=row[1], hlc=row[2])

    def rewinds(self) -> int:
        return int(self.setting(REWINDS) or 0)

    def cursor(self) -> int:
        return int(self._one(sql.CURSOR)[0] or 0)

    def log_hash(self) -> bytes:
        row = self._first(sql.LOG_HASH)
        return NO_HASH if row is None else bytes(row[0])

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogEntry]:
        def page(done: int, size: int) -> list[tuple[int, LogEntry]]:
            found = self._log_entries(self._all(sql.ENTRIES, done, size).fetchall())
            return [(entry.global_seq, entry) for entry in found]

        def behind(done: int) -> GarbledCommit:
            return self._garbled_at(self._one(sql.NEXT_PLACE, done)[1])

        return page_by_page(page, behind, _is_garbled, most=PAGE, after=after, limit=limit)

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        found = self._log_entries(self._all(sql.LAST_ENTRY_OF_COMMIT, commit_id.bytes).fetchall())
        return found[0] if found else None

    def last_entry_by(self, device_id: DeviceId) -> LogEntry | None:
        found = self._log_entries(self._all(sql.LAST_ENTRY_OF_DEVICE, device_id.bytes).fetchall())
        return found[0] if found else None

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        def page(done: int, size: int) -> list[tuple[int, Pending]]:
            rows = self._all(sql.QUEUED, done, size).fetchall()
            return [
                (row[COMMIT_WIDTH], stored.pending(seal=row[COMMIT_WIDTH + 1]))
                for stored, row in zip(self._stored(rows), rows, strict=True)
            ]

        def behind(done: int) -> GarbledCommit:
            return self._garbled_at(self._one(sql.NEXT_QUEUED, done)[0])

        begin = (after and self._position(after)) or 0
        return page_by_page(page, behind, _is_garbled, most=PAGE, after=begin, limit=limit)

    def count_pending(self) -> int:
        return int(self._one(sql.COUNT_QUEUED)[0])

    def tips(self) -> dict[DeviceId, Tip]:
        return {
            DeviceId(UUID(bytes=row[0])): Tip(sequence=row[1], hash=row[2], hlc=row[3])
            for row in self._all(sql.TIPS)
        }

    def misplaced(self, *, after: int | None = None) -> Misplaced | None:
        row = self._first(sql.MISPLACED_COMMIT, LOWEST if after is None else after)
        if row is not None:
            return Misplaced(CommitId(UUID(bytes=row[0])))
        if after is not None:
            return None
        order = EventOrder()
        for number, entry, first, position, index in self._all(sql.EVENT_ORDER):
            if not order.takes(number, entry, first, position, index):
                return Misplaced(CommitId(UUID(bytes=self._one(sql.COMMIT_AT, position)[1])))
        adds_up = order.total + self._numbers_undone() == sum_up_to(self._last_number())
        return None if adds_up else Misplaced(None)

    def commit(self, commit_id: CommitId) -> Commit | None:
        stored = self._stored(self._all(sql.COMMIT, commit_id.bytes).fetchall())
        return stored[0].commit if stored else None

    def known(self, commit_ids: Collection[CommitId]) -> set[CommitId]:
        wanted = [commit_id.bytes for commit_id in commit_ids]
        found: set[CommitId] = set()
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            marks = ", ".join("?" for _ in some)
            rows = self._all(f"SELECT id FROM _commits WHERE id IN ({marks})", *some)
            found.update(CommitId(UUID(bytes=row[0])) for row in rows)
        return found

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        return self.commits_after(0, import_id=import_id)

    def commits_after(self, done: int, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        """As ``commits``, beyond that position."""
        whose = () if import_id is None else (import_id.bytes,)
        following = sql.COMMITS_OF_IMPORT if whose else sql.COMMITS

        def page(done: int, size: int) -> list[tuple[int, Commit]]:
            rows = self._all(following, done, *whose, size).fetchall()
            found = zip(rows, self._stored(rows), strict=True)
            return [(row[0], stored.commit) for row, stored in found]

        def behind(done: int) -> GarbledCommit:
            return self._garbled(done, *whose)

        return page_by_page(page, behind, _is_garbled, most=PAGE, after=done)

    def last_commits(
        self, device_id: DeviceId, *, before: int | None = None, limit: int
    ) -> list[Commit]:
        below = HIGHEST if before is None else before
        rows = self._all(sql.LAST_COMMITS_OF_DEVICE, device_id.bytes, below, limit).fetchall()
        return [stored.commit for stored in self._stored(rows)]

    def last_commits_of_import(
        self, import_id: ImportId, *, before: CommitId | None = None, limit: int
    ) -> list[Commit]:
        end = HIGHEST if before is None else self._one(sql.POSITION, before.bytes)[0]
        rows = self._all(sql.LAST_COMMITS_OF_IMPORT, import_id.bytes, end, limit).fetchall()
        return [stored.commit for stored in self._stored(rows)]

    def commit_ids(self, first: UUID, last: UUID, *, limit: int) -> list[CommitId]:
        rows = self._all(sql.COMMIT_IDS, first.bytes, last.bytes, limit)
        return [CommitId(UUID(bytes=row[0])) for row in rows]

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        with _garbled_events():
            return [stream_entry(row) for row in self._all(sql.STREAM, aggregate_id.bytes, after)]

    def streams(self) -> Iterator[tuple[UUID, list[StreamEvent]]]:
        return self.streams_of(b"", None)

    def streams_of(
        self, begin: bytes, end: bytes | None
    ) -> Iterator[tuple[UUID, list[StreamEvent]]]:
        """As ``streams``, of the aggregates whose ids are at least ``begin`` and below ``end``."""
        found = (
            self._all(sql.STREAMS_FROM, begin)
            if end is None
            else self._all(sql.STREAMS_BETWEEN, begin, end)
        )
        with _garbled_events():
            for aggregate_id, group in groupby(found, key=itemgetter(0)):
                yield UUID(bytes=aggregate_id), [StreamEvent(*row[1:]) for row in group]

    def aggregate_at(self, begin: bytes, *, offset: int) -> bytes | None:
        """The aggregate of the event that stands so many behind the first one of the aggregates
        from ``begin`` on, in the order of ``streams``; None where there are not so many.
        """
        row = self._first(sql.AGGREGATE_AT, begin, offset)
        return None if row is None else row[0]

    def aggregate_after(self, aggregate_id: bytes) -> bytes | None:
        """The next id of an aggregate; None behind the last one."""
        row = self._first(sql.AGGREGATE_AFTER, aggregate_id)
        return None if row is None else row[0]

    def get(self, kind: type[R], *key: KeyValue) -> R | None:
        equal: dict[str, Any] = dict(zip(kind.KEY, key, strict=True))
        return next(self.rows(kind, **equal), None)

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: Any) -> Iterator[R]:
        table = mapping(kind)
        statement = table.select(tuple([(name, each is None) for name, each in equal.items()]))
        if limit is not None:
            statement += f" LIMIT {limit:d}"
        return self._read_rows(kind, statement, table.parameters(equal))

    def _read_rows(self, kind: type[R], statement: str, parameters: Sequence[Any]) -> Iterator[R]:
        table = mapping(kind)
        try:
            for values in self._all(statement, *parameters):
                yield table.from_columns(values)
        except UNREADABLE as error:
            if result_code(error):
                raise
            raise Garbled(f"{kind.TABLE}: {error}") from error

    def rows_with_ids(self, kind: type[R], ids: Collection[UUID]) -> dict[UUID, R]:
        table, wanted = mapping(kind), [each.bytes for each in ids]
        found: dict[UUID, R] = {}
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            for row in self._read_rows(kind, table.select_ids(len(some)), some):
                found[cast("UUID", row.key()[0])] = row
        return found

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
        rows = list(self._read_rows(kind, statement.sql, stored_parameters(statement)))
        return rows[::-1] if backwards else rows

    def count(self, kind: type[Row], query: ListQuery, *, most: int) -> int:
        statement = count_statement(kind, query, DIALECT, most=most)
        return int(self._one(statement.sql, *stored_parameters(statement))[0])

    def has_code(self, code: str, *kinds: type[Row]) -> bool:
        key = comparison_key(code)
        return bool(self._next_code(key, kinds) == key)

    def candidates(
        self,
        kind: type[RawLotRow] | type[FinishedLotRow],
        product_id: ProductId,
        policy: Policy,
        *,
        on: date,
    ) -> Iterator[LotId]:
        day = on.isoformat()
        after: Sequence[Any] = ("", "", b"")
        for size in chain((FEW_CANDIDATES,), repeat(MORE_CANDIDATES)):
            # The number stands in the text: SQLite takes half as long again for one that is bound.
            statement = f"{sql.CANDIDATES[kind, policy]} LIMIT {size:d}"
            page = self._all(statement, product_id.bytes, day, day, *after).fetchall()
            for row in page:
                yield LotId(UUID(bytes=row[2]))
            if len(page) < size:
                return
            after = page[-1]

    def stock(self, *, on: date) -> list[StockLine]:
        return [stock_line(row) for row in self._all(sql.STOCK, *[on.isoformat()] * 4)]

    def held_at(self, day: date) -> dict[LotId, int]:
        held = (
            self._back_from_now(day) if self._moved_little_since(day) else self._from_the_first(day)
        )
        return {LotId(UUID(bytes=lot_id)): quantity for lot_id, quantity in held.items()}

    def _back_from_now(self, day: date) -> dict[bytes, int]:
        # What a count changed stands in its line, and is made again whenever an older line comes
        # in. So the lines of a lot always add up to what it holds now.
        held: dict[bytes, int] = dict(self._all(sql.HELD_NOW).fetchall())
        for lot_id, moved in self._all(sql.MOVED_AFTER, day.isoformat()):
            held[lot_id] = held.get(lot_id, 0) - moved
        return {lot_id: quantity for lot_id, quantity in held.items() if quantity}

    def _from_the_first(self, day: date) -> dict[bytes, int]:
        """Lots that are over leave at once: in memory are only those that hold something."""
        held: dict[bytes, int] = {}
        for lot_id, moved in self._all(sql.MOVED_UNTIL, day.isoformat()):
            quantity = held.pop(lot_id, 0) + moved
            if quantity:
                held[lot_id] = quantity
        return held

    def moved_after(self, day: date) -> dict[LotId, int]:
        rows = self._all(sql.MOVED_AFTER, day.isoformat())
        return {LotId(UUID(bytes=lot_id)): moved for lot_id, moved in rows}

    def moved_by_day(self, *, first: date, last: date) -> list[DayMovement]:
        rows = self._all(sql.MOVED_BY_DAY, first.isoformat(), last.isoformat())
        return [
            DayMovement(
                day=date.fromisoformat(day),
                product_id=ProductId(UUID(bytes=product_id)),
                kind=kind,
                quantity=quantity,
            )
            for day, product_id, kind, quantity in rows
        ]

    def _moved_little_since(self, day: date) -> bool:
        """Whether going back from now, line by line, is quicker than reading all from the start."""
        few = min(MOST_LINES, int(self._one(sql.LAST_EVENT)[0] or 0) // LINES_READ_MEANWHILE)
        return bool(self._one(sql.MOVED_SINCE, day.isoformat(), few + 1)[0] <= few)

    def setting(self, name: str) -> str | None:
        if name not in self._settings:  # every commit asks for the plant
            row = self._first(sql.SETTING, name)
            self._settings[name] = None if row is None else str(row[0])
        return self._settings[name]

    def _all(self, statement: str, *parameters: Any) -> Any:
        """A cursor on the result. The driver's own: Core would double the cost of a look-up."""
        return self._connection.execute(statement, parameters)

    def _first(self, statement: str, *parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).fetchone()

    def _one(self, statement: str, *parameters: Any) -> Any:
        return self._connection.execute(statement, parameters).fetchone()

    def _garbled_at(self, position: int) -> GarbledCommit:
        if self._first(sql.COMMIT_AT, position) is None:
            return GarbledCommit(commit_id=None, device_id=None, sequence=0, on=None)
        return self._garbled(position - 1)

    def _garbled(self, done: int, import_id: bytes | None = None) -> GarbledCommit:
        """The first commit after that position, as far as it can be read."""
        row = self._first(sql.REMAINS_OF_COMMIT, done, import_id, import_id)
        return GarbledCommit(
            commit_id=CommitId(UUID(bytes=row[0])) if len(row[0]) == UUID_BYTES else None,
            device_id=DeviceId(UUID(bytes=row[1])) if len(row[1]) == UUID_BYTES else None,
            sequence=row[2],
            on=day_or_none(row[3]),
        )

    def _next_code(self, key: str, kinds: tuple[type[Row], ...]) -> str | None:
        """The first comparison key of a code from that one on, in the rows of these kinds."""
        found: str | None = self._one(sql.next_code(kinds), key)[0]
        return found

    def _numbers_undone(self) -> int:
        return int(self.setting(NUMBERS_UNDONE) or 0)

    def _last_number(self) -> int:
        """The last number that was given to an event, whether it still stands or not."""
        return int(self._one(sql.LAST_NUMBER_GIVEN)[0])

    def _position(self, commit_id: CommitId) -> int | None:
        row = self._first(sql.POSITION, commit_id.bytes)
        return None if row is None else int(row[0])

    def _log_entries(self, rows: list[Any]) -> list[LogEntry]:
        return [
            stored.entry(*row[COMMIT_WIDTH:])
            for stored, row in zip(self._stored(rows), rows, strict=True)
        ]

    def _stored(self, rows: list[Any]) -> list[Stored]:
        """The commits whose columns these rows begin with, each with its events."""
        of_commit: dict[int, list[Any]] = {row[0]: [] for row in rows}
        if of_commit:
            for event in self._all(sql.events_of(len(of_commit)), *of_commit):
                of_commit[event[0]].append(event)
        return [with_its_events(row, of_commit[row[0]]) for row in rows]


@contextmanager
def _garbled_events() -> Iterator[None]:
    """``Garbled`` where bytes that are read in the block are no events."""
    try:
        yield
    except UNREADABLE as error:
        if result_code(error):
            raise
        raise Garbled(f"_events: {error}") from error


def _is_garbled(error: Exception) -> bool:
    return isinstance(error, UNREADABLE) and not result_code(error)
