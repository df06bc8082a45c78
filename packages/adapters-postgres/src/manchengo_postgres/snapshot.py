"""One consistent moment of the plant, read through the ports' eyes."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from attrs import field, frozen

from manchengo.domain.allocation import Policy
from manchengo.domain.commit import START, Commit, LogEntry, Recorded, Tip, Verdict
from manchengo.domain.ids import (
    CommitId,
    DeviceId,
    EventId,
    ImportId,
    LotId,
    ProductId,
    UserId,
)
from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import FinishedLotRow, RawLotRow, Row
from manchengo.ports.store import Entry, Garbled, GarbledCommit, Pending, StockLine
from manchengo_postgres import statements as sql
from manchengo_postgres import texts
from manchengo_postgres.connections import Counter
from manchengo_postgres.mapping import mapping
from manchengo_postgres.translation import Address

R = TypeVar("R", bound=Row)
T = TypeVar("T")

PAGE = 50
"""How many commits are read at once; one may hold many events."""

PAGE_OF_ROWS = 2_000

COMMIT_WIDTH = len(sql.COMMIT_COLUMNS)
BEFORE_ALL = UUID(int=0)


class Unreadable(ValueError):
    """Stored bytes of which the driver can make nothing."""


@frozen
class Stored:
    """A commit as it is kept. ``effects``: what happened by each of its entries, the first under
    None; ``as_recorded``: nothing ever happened by it but what it recorded.
    """

    position: int
    commit: Commit
    signature: bytes
    as_recorded: bool
    effects: dict[int | None, tuple[Recorded, ...]] = field(repr=False)

    def effective(self, entry: int | None) -> tuple[Recorded, ...] | None:
        """What happened by that entry; None: what was recorded."""
        if self.as_recorded:
            return None
        happened = self.effects.get(entry, ())
        return None if happened == self.commit.events else happened

    def pending(self, *, seal: bytes | None) -> Pending:
        return Pending(
            commit=self.commit,
            effective=self.effective(None),
            seal=seal,
            signature=self.signature,
        )


class PostgresSnapshot:
    """Implements ``manchengo.ports.store.Snapshot`` on one connection in a transaction."""

    def __init__(
        self, connection: psycopg.Connection, counter: Counter, *, address: Address
    ) -> None:
        self._connection = connection
        self._cursor = connection.cursor(binary=True)
        self._counter = counter
        self._address = address

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

        return self._page_by_page(page, sql.REMAINS_OF_ENTRY, after=after, limit=limit)

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        standing = self._standing(commit_id)
        if standing is None or standing[2] is None:
            return None
        (entry,) = self._log_entries(self._all(sql.ENTRY, standing[2]))
        return entry

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        behind = after and self._first(sql.POSITION, after)

        def page(done: int, size: int) -> list[tuple[int, Pending]]:
            rows = self._all(sql.QUEUED, done, size)
            return [
                (stored.position, stored.pending(seal=row[COMMIT_WIDTH]))
                for stored, row in zip(self._stored(rows), rows, strict=True)
            ]

        begin = behind[0] if behind else 0
        return self._page_by_page(page, sql.REMAINS_OF_QUEUED, after=begin, limit=limit)

    def count_pending(self) -> int:
        return int(self._one(sql.COUNT_QUEUED)[0])

    def tip(self, device_id: DeviceId) -> Tip:
        return _tip(self._first(sql.TIP, device_id))

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        return _tip(self._first(sql.TIP_IN_LOG, device_id))

    def tips(self) -> dict[DeviceId, Tip]:
        return {DeviceId(row[0]): _tip(row[1:]) for row in self._all(sql.TIPS)}

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

        return self._page_by_page(page, remains, *whose)

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        return [_entry(row) for row in self._all(sql.STREAM, aggregate_id, after)]

    def streams(self) -> Iterator[tuple[UUID, list[Entry]]]:
        for aggregate_id, group in groupby(self._all_events(), key=lambda row: row[2]):
            yield aggregate_id, [_entry(row) for row in group]

    def get(self, kind: type[R], *key: UUID | int | str) -> R | None:
        return next(self._select(kind, dict(zip(kind.KEY, key, strict=True)), 1), None)

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: Any) -> Iterator[R]:
        return self._select(kind, equal, limit)

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
        return [_stock_line(row) for row in self._all(sql.STOCK, on, on)]

    def stock_at(self, day: date) -> list[StockLine]:
        return [_stock_line(row) for row in self._all(sql.STOCK_AT, day, day, day, day)]

    def audit(self, *, limit: int) -> list[AuditEntry]:
        return [
            AuditEntry(
                at=datetime.fromisoformat(row[0]),
                user_id=UserId(row[1]),
                device_id=DeviceId(row[2]),
                action=texts.read(row[3]),
                outcome=texts.read(row[4]),
                facts=texts.read(row[5]),
            )
            for row in self._all(sql.AUDIT, limit)
        ]

    def setting(self, name: str) -> str | None:
        row = self._first(sql.SETTING, texts.spelt(name))
        return None if row is None else texts.read(row[0])

    # How it is asked.

    def _all(self, statement: str, *parameters: Any) -> list[Any]:
        try:
            return self._cursor.execute(statement.encode(), parameters).fetchall()
        except psycopg.DataError as error:
            if error.sqlstate is None:  # the driver's own: it met what no Python value can hold
                raise Unreadable(str(error)) from None
            raise self._address.said(error) from None
        except psycopg.Error as error:
            raise self._address.said(error) from None

    def _first(self, statement: str, *parameters: Any) -> Any:
        rows = self._all(statement, *parameters)
        return rows[0] if rows else None

    def _one(self, statement: str, *parameters: Any) -> Any:
        return self._all(statement, *parameters)[0]

    def _standing(self, commit_id: CommitId) -> tuple[int, bytes, int | None] | None:
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

    def _all_events(self) -> Iterator[Any]:
        after: tuple[Any, ...] = (BEFORE_ALL, 0)
        while page := self._all(sql.STREAMS, *after, PAGE_OF_ROWS):
            yield from page
            after = (page[-1][2], page[-1][7])

    def _page_by_page(
        self,
        page: Callable[[int, int], list[tuple[int, T]]],
        remains: str,
        *whose: ImportId,
        after: int = 0,
        limit: int | None = None,
    ) -> Iterator[T]:
        """All there is beyond ``after``, at most ``limit``. ``page(done, size)``: some, numbered;
        ``remains``: the statement by which the first that it cannot read is named.
        """
        done, most = after, PAGE
        while limit is None or limit > 0:
            size = most if limit is None else min(limit, most)
            try:
                found = page(done, size)
            except ValueError as error:
                if size == 1:
                    raise self._garbled(remains, done, *whose) from error
                most = 1  # the good ones before it are still to be given
                continue
            for number, each in found:
                yield each
                done = number
            if len(found) < size:
                return
            limit = None if limit is None else limit - size

    def _garbled(self, remains: str, *after: int | ImportId) -> GarbledCommit:
        row = self._one(remains, *after)
        return GarbledCommit(
            commit_id=CommitId(row[0]),
            device_id=DeviceId(row[1]),
            sequence=row[2],
            on=_day_or_none(row[3]),
        )

    def _log_entries(self, rows: list[Any]) -> list[LogEntry]:
        found = []
        for stored, row in zip(self._stored(rows), rows, strict=True):
            global_seq, verdict, reason, hlc, seal, is_first = row[COMMIT_WIDTH:]
            found.append(
                LogEntry(
                    global_seq=global_seq,
                    commit=stored.commit,
                    verdict=Verdict(verdict),
                    reason=texts.read(reason),
                    effective=stored.effective(None if is_first else global_seq),
                    hlc_eff=texts.read(hlc),
                    signature=stored.signature,
                    hash=seal,
                )
            )
        return found

    def _stored(self, rows: list[Any]) -> list[Stored]:
        """The commits whose columns these rows begin with, each with its events."""
        if not rows:
            return []
        positions = list({row[0] for row in rows})
        of_commit: dict[int, list[Any]] = {position: [] for position in positions}
        for event in self._all(sql.EVENTS_OF_COMMITS, positions, positions):
            of_commit[event[0]].append(event)
        return [_with_its_events(row, of_commit[row[0]]) for row in rows]


def _with_its_events(row: Any, events: Iterable[Any]) -> Stored:
    recorded: list[tuple[int, Recorded]] = []
    effects: dict[int | None, list[Recorded]] = {}
    as_recorded = True
    for _, *columns, index, derived, entry, aside in events:
        event = _recorded(columns)
        if not derived:
            recorded.append((index, event))
        if not aside:
            effects.setdefault(entry, []).append(event)
        as_recorded = as_recorded and not derived and not aside
    recorded.sort(key=lambda each: each[0])
    commit = Commit(
        id=CommitId(row[1]),
        device_id=DeviceId(row[2]),
        user_id=UserId(row[3]),
        sequence=row[4],
        occurred_at=_instant(row[5]),
        hlc=texts.read(row[6]),
        on=row[7],
        command_type=texts.read(row[8]),
        command_version=row[9],
        command=row[10],
        import_id=None if row[11] is None else ImportId(row[11]),
        events=tuple(event for _, event in recorded),
        previous=row[12],
        hash=row[13],
    )
    return Stored(
        position=row[0],
        commit=commit,
        signature=row[14] or b"",
        as_recorded=as_recorded,
        effects={entry: tuple(happened) for entry, happened in effects.items()},
    )


def _instant(text: str) -> datetime:
    """As it was written, and in no other spelling: the seal covers the instant, not its letters."""
    instant = datetime.fromisoformat(text)
    if instant.isoformat() != text:
        raise ValueError(f"an instant is not spelt like this: {text}")
    return instant


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tip(row: Any) -> Tip:
    return START if row is None else Tip(sequence=row[0], hash=row[1], hlc=texts.read(row[2]))


def _recorded(row: Any) -> Recorded:
    return Recorded(
        id=EventId(row[0]),
        aggregate_type=texts.read(row[1]),
        aggregate_id=row[2],
        event_type=texts.read(row[3]),
        schema_version=row[4],
        payload=row[5],
        version=row[6],
    )


def _entry(row: Any) -> Entry:
    return Entry(
        row[7],
        CommitId(row[8]),
        None if row[9] is None else ImportId(row[9]),
        _recorded(row),
    )


def _stock_line(row: Any) -> StockLine:
    return StockLine(
        product_id=ProductId(row[0]),
        on_hand=int(row[1]),
        reserved=int(row[2]),
        usable=int(row[3]),
        open_lots=row[4],
    )
