"""The store in memory: for tests, the tutorial and simulations, and as the simplest adapter.

Nothing is durable. One lock serves readers and writers alike. A transaction keeps a journal of how
to undo each write, and runs it backwards when it is left by an exception.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from itertools import islice
from threading import RLock
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define, field
from attrs import evolve as changed

from manchengo import codec
from manchengo.domain.allocation import Policy
from manchengo.domain.commit import NO_HASH, START, Commit, LogEntry, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, ImportId, LotId, ProductId
from manchengo.domain.names import comparison_key
from manchengo.memory.lists import listed
from manchengo.memory.stock import in_order
from manchengo.memory.tables import Table, new_tables
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry, AuditQuery, AuditRecord, ReceivedAudit
from manchengo.ports.lists import Cursor, ListQuery, is_beyond
from manchengo.ports.rows import (
    FinishedLotRow,
    Key,
    KeyValue,
    LotRow,
    MovementRow,
    RawLotRow,
    Row,
)
from manchengo.ports.stock_lines import by_product
from manchengo.ports.store import (
    CommitExists,
    DayMovement,
    Entry,
    Misplaced,
    Pending,
    StockLine,
    StreamEvent,
)

R = TypeVar("R", bound=Row)
K = TypeVar("K")
V = TypeVar("V")


@define(repr=False)
class MemoryStore:
    """A store that forgets everything when the program ends. It is its own snapshot and its own
    transaction: each method does what ``Store``, ``Snapshot`` and ``Transaction`` say.
    """

    _commits: dict[CommitId, Commit] = field(factory=dict)
    _streams: dict[UUID, list[Entry]] = field(factory=dict)
    _tips: dict[DeviceId, Tip] = field(factory=dict)
    _log: list[LogEntry] = field(factory=list)
    _entries: dict[CommitId, tuple[LogEntry, ...]] = field(factory=dict)
    _pending: dict[CommitId, Pending] = field(factory=dict)
    _rewinds: int = 0
    _tables: dict[type[Row], Table] = field(factory=new_tables)
    _settings: dict[str, str] = field(factory=dict)
    _audit: dict[int, AuditRecord] = field(factory=dict)
    _received: dict[bytes, ReceivedAudit] = field(factory=dict)
    _lock: RLock = field(factory=RLock)
    _journal: list[Callable[[], object]] = field(factory=list)
    _is_writing: bool = False

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator["MemoryStore"]:  # noqa: ARG002 - nothing is
        with self._lock:
            assert not self._is_writing, "the one transaction that writes is already open"
            self._is_writing = True
            try:
                yield self
            except BaseException:
                for undo in reversed(self._journal):
                    undo()
                raise
            finally:
                self._journal.clear()
                self._is_writing = False

    @contextmanager
    def reading(self) -> Iterator["MemoryStore"]:
        with self._lock:
            yield self

    def note(self, entry: AuditEntry) -> None:
        with self.writing() as transaction:
            audit_chain.note(transaction, entry)

    def damaged_pages(self) -> list[str]:
        return []

    def __repr__(self) -> str:
        return f"<MemoryStore of {len(self._commits)} commits>"

    # The snapshot.

    def head(self) -> int:
        return len(self._commits)

    def rewinds(self) -> int:
        return self._rewinds

    def cursor(self) -> int:
        return len(self._log)

    def log_hash(self) -> bytes:
        return self._log[-1].hash if self._log else NO_HASH

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogEntry]:
        return iter(self._log[after : None if limit is None else after + limit])

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        entries = self._entries.get(commit_id)
        return entries[-1] if entries else None

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        waiting = [self._pending[each] for each in self._commits if each in self._pending]
        ids = [each.commit.id for each in waiting]
        begin = ids.index(after) + 1 if after in ids else 0
        return iter(waiting[begin : None if limit is None else begin + limit])

    def count_pending(self) -> int:
        return len(self._pending)

    def tip(self, device_id: DeviceId) -> Tip:
        return self._tips.get(device_id, START)

    def last_entry_by(self, device_id: DeviceId) -> LogEntry | None:
        last = self._last_in_log(device_id)
        return None if last is None else self.entry(last.id)

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        last = self._last_in_log(device_id)
        if last is None:
            return START
        return Tip(sequence=last.sequence, hash=last.hash, hlc=last.hlc)

    def _last_in_log(self, device_id: DeviceId) -> Commit | None:
        in_log = (
            commit
            for commit in self._commits.values()
            if commit.device_id == device_id and commit.id not in self._pending
        )
        return max(in_log, key=lambda commit: commit.sequence, default=None)

    def tips(self) -> dict[DeviceId, Tip]:
        return dict(self._tips)

    def misplaced(self, *, after: int | None = None) -> Misplaced | None:  # noqa: ARG002 - nothing is
        return None  # each number is the place in a list

    def commit(self, commit_id: CommitId) -> Commit | None:
        return self._commits.get(commit_id)

    def known(self, commit_ids: Collection[CommitId]) -> set[CommitId]:
        return {commit_id for commit_id in commit_ids if commit_id in self._commits}

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        for commit in list(self._commits.values()):
            if import_id is None or commit.import_id == import_id:
                yield commit

    def last_commits(
        self, device_id: DeviceId, *, before: int | None = None, limit: int
    ) -> list[Commit]:
        found = [
            commit
            for commit in reversed(self._commits.values())
            if commit.device_id == device_id and (before is None or commit.sequence < before)
        ]
        return sorted(found, key=lambda commit: commit.sequence, reverse=True)[:limit]

    def last_commits_of_import(
        self, import_id: ImportId, *, before: CommitId | None = None, limit: int
    ) -> list[Commit]:
        stored = list(self._commits)
        end = len(stored) if before is None else stored.index(before)
        found = (self._commits[each] for each in reversed(stored[:end]))
        return list(islice((each for each in found if each.import_id == import_id), limit))

    def commit_ids(self, first: UUID, last: UUID, *, limit: int) -> list[CommitId]:
        return sorted(each for each in self._commits if first <= each <= last)[:limit]

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        return self._streams.get(aggregate_id, [])[after:]

    def streams(self) -> Iterator[tuple[UUID, list[StreamEvent]]]:
        for aggregate_id in sorted(self._streams):
            yield aggregate_id, [each.as_folded() for each in self._streams[aggregate_id]]

    def get(self, kind: type[R], *key: KeyValue) -> R | None:
        return cast("R | None", self._tables[kind].rows.get(key))

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: object) -> Iterator[R]:
        return iter(cast(list[R], self._tables[kind].where(equal)[:limit]))

    def rows_with_ids(self, kind: type[R], ids: Collection[UUID]) -> dict[UUID, R]:
        found = {each: self.get(kind, each) for each in ids}
        return {each: row for each, row in found.items() if row is not None}

    def page(
        self,
        kind: type[R],
        query: ListQuery,
        *,
        limit: int,
        beyond: Cursor | None = None,
        backwards: bool = False,
    ) -> list[R]:
        rows = [
            row
            for row in listed(self._tables, kind, query)
            if beyond is None or is_beyond(row, query, beyond, backwards=backwards)
        ]
        return rows[max(0, len(rows) - limit) :] if backwards else rows[:limit]

    def count(self, kind: type[Row], query: ListQuery, *, most: int) -> int:
        return min(most, len(listed(self._tables, kind, query)))

    def has_code(self, code: str, *kinds: type[Row]) -> bool:
        key = comparison_key(code)
        return any(self._tables[kind].where({"code_key": key}) for kind in kinds)

    def candidates(
        self,
        kind: type[RawLotRow] | type[FinishedLotRow],
        product_id: ProductId,
        policy: Policy,
        *,
        on: date,
    ) -> Iterator[LotId]:
        rows = [
            row
            for row in self._lots(kind, product_id=product_id, status="AVAILABLE")
            if row.entered_on <= on and (row.expires_on is None or row.expires_on >= on)
        ]
        return iter([row.id for row in in_order(rows, policy)])

    def stock(self, *, on: date) -> list[StockLine]:
        held = {row.id: (row.quantity_remaining, row.quantity_reserved) for row in self._all_lots()}
        return by_product(self._all_lots(), held, on)

    def held_at(self, day: date) -> dict[LotId, int]:
        held = self._moved(lambda moved_on: moved_on <= day)
        return {lot_id: quantity for lot_id, quantity in held.items() if quantity}

    def moved_after(self, day: date) -> dict[LotId, int]:
        return self._moved(lambda moved_on: moved_on > day)

    def _moved(self, counts: Callable[[date], bool]) -> dict[LotId, int]:
        moved: Counter[LotId] = Counter()
        for movement in cast(Iterable[MovementRow], self._tables[MovementRow].rows.values()):
            if counts(movement.day):
                moved[movement.lot_id] += movement.quantity
        return moved

    def moved_by_day(self, *, first: date, last: date) -> list[DayMovement]:
        moved: Counter[tuple[date, ProductId, str]] = Counter()
        for row in self.rows(MovementRow):
            if first <= row.day <= last:
                moved[row.day, row.product_id, row.kind] += row.quantity
        return [
            DayMovement(day=day, product_id=product_id, kind=kind, quantity=quantity)
            for (day, product_id, kind), quantity in sorted(moved.items())
        ]

    def audit(self, *, limit: int) -> list[AuditEntry]:
        newest = sorted(self._audit, reverse=True)[:limit]
        return [self._audit[sequence].entry for sequence in newest]

    def audit_page(
        self, query: AuditQuery, *, before: int | None = None, limit: int
    ) -> list[AuditRecord]:
        records = (self._audit[number] for number in sorted(self._audit, reverse=True))
        found = (
            record
            for record in records
            if (before is None or record.sequence < before) and query.covers(record.entry)
        )
        return list(islice(found, limit))

    def audit_records(self, *, after: int = 0, limit: int | None = None) -> Iterator[AuditRecord]:
        known = sorted(sequence for sequence in self._audit if sequence > after)
        return iter([self._audit[sequence] for sequence in known[:limit]])

    def received_audit(
        self, *, after: int = 0, limit: int | None = None
    ) -> Iterator[ReceivedAudit]:
        known = [each for each in self._received.values() if each.position > after]
        return iter(known[:limit])

    def is_audit_received(self, record_hash: bytes) -> bool:
        return record_hash in self._received

    def received_audit_under(self, record_hash: bytes) -> ReceivedAudit | None:
        return self._received.get(record_hash)

    def received_audit_at(self, device_id: DeviceId, sequence: int) -> set[bytes]:
        place = (device_id, sequence)
        return {
            each.record.hash
            for each in self._received.values()
            if (each.record.entry.device_id, each.record.sequence) == place
        }

    def last_received_audit(self, device_id: DeviceId) -> int:
        numbers = (
            each.record.sequence
            for each in self._received.values()
            if each.record.entry.device_id == device_id
        )
        return max(numbers, default=0)

    def setting(self, name: str) -> str | None:
        return self._settings.get(name)

    # The transaction.

    def look_ahead(self, aggregate_ids: Collection[UUID]) -> None:
        """Nothing is far away here."""

    def append(self, commit: Commit) -> None:
        self._store(commit)
        waiting = Pending(commit=commit, effective=None, seal=None, signature=b"")
        self._set(self._pending, commit.id, waiting)
        self._lengthen(commit, commit.events)

    def enter(self, entry: LogEntry) -> None:
        commit = entry.commit
        waiting = self._pending.get(commit.id)
        if waiting is not None:
            assert not waiting.effects, "taken back before it is entered"
            if waiting.commit.hash != commit.hash:
                self._replace_commits(
                    {known: stored for known, stored in self._commits.items() if known != commit.id}
                )
        if commit.id not in self._commits:
            self._store(commit)
        self._lengthen(commit, entry.effects)
        self._place(entry)

    def confirm(self, entry: LogEntry) -> None:
        self._place(entry)

    def roll_back(self, commit_id: CommitId) -> None:
        waiting = self._pending[commit_id]
        self._shorten(waiting.effects)
        self._set(self._pending, commit_id, _guessed(waiting, ()))
        self._count_rewind()

    def predict(self, commit_id: CommitId, effective: tuple[Recorded, ...] | None) -> None:
        waiting = _guessed(self._pending[commit_id], effective)
        self._set(self._pending, commit_id, waiting)
        self._lengthen(waiting.commit, waiting.effects)

    def reopen(self) -> CommitId:
        last = self._log.pop()
        self._journal.append(lambda: self._log.append(last))
        commit_id = last.commit.id
        before = self._entries[commit_id][:-1]
        self._set(self._entries, commit_id, before or None)
        self._shorten(last.effects)
        if not before:
            waiting = Pending(commit=last.commit, effective=(), seal=None, signature=last.signature)
            self._set(self._pending, commit_id, _guessed(waiting, ()))
        self._count_rewind()
        return commit_id

    def reseal(self, commit_id: CommitId, commit: Commit) -> None:
        assert not self._pending[commit_id].effects, "taken back first"
        self._replace_commits(
            {
                (commit.id if known == commit_id else known): (
                    stored if known != commit_id else commit
                )
                for known, stored in self._commits.items()
            }
        )
        self._set(self._pending, commit_id, None)
        waiting = Pending(commit=commit, effective=(), seal=None, signature=b"")
        self._set(self._pending, commit.id, _guessed(waiting, ()))

    def move_to_end(self, commit_id: CommitId) -> None:
        waiting = self._pending[commit_id]
        assert not waiting.effects, "taken back first"
        others = {known: stored for known, stored in self._commits.items() if known != commit_id}
        self._replace_commits(others | {commit_id: waiting.commit})

    def set_tip(self, device_id: DeviceId, tip: Tip) -> None:
        self._set(self._tips, device_id, tip)

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._replace(type(row), row.key(), row)

    def drop(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._replace(type(row), row.key(), None)

    def drop_views(self) -> None:
        for table in self._tables:
            self.drop(list(self._tables[table].rows.values()))

    def set_setting(self, name: str, value: str) -> None:
        before = self._settings.get(name)
        self._settings[name] = value
        if before is None:
            self._journal.append(lambda: self._settings.pop(name))
        else:
            self._journal.append(lambda: self._settings.update({name: before}))

    def write_audit(self, record: AuditRecord) -> None:
        self._set(self._audit, record.sequence, record)

    def remove_audit(self, *, up_to: int) -> None:
        for sequence in [known for known in self._audit if known <= up_to]:
            self._set(self._audit, sequence, None)

    def receive_audit(self, record: AuditRecord, *, at: datetime, fault: str) -> None:
        last = max((each.position for each in self._received.values()), default=0)
        received = ReceivedAudit(position=last + 1, received_at=at, fault=fault, record=record)
        self._set(self._received, record.hash, received)

    def remove_received_audit(self, *, before: datetime) -> None:
        last = {each.record.entry.device_id: each.position for each in self._received.values()}
        for received in list(self._received.values()):
            if received.received_at < before and received.position not in last.values():
                self._set(self._received, received.record.hash, None)

    def _replace(self, kind: type[Row], key: Key, row: Row | None) -> None:
        table = self._tables[kind]
        before = table.put(key, row)
        self._journal.append(lambda: table.put(key, before))
        if before is not None and row is not None:
            changed = [name for name in kind.FIXED if getattr(row, name) != getattr(before, name)]
            assert not changed, f"fixed for as long as the row stands: {kind.TABLE} {changed}"

    def _store(self, commit: Commit) -> None:
        if commit.id in self._commits:
            raise CommitExists(commit.id)
        self._set(self._commits, commit.id, commit)
        tip = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
        self._set(self._tips, commit.device_id, tip)

    def _replace_commits(self, commits: dict[CommitId, Commit]) -> None:
        """Taken back whole: the order in which commits were stored is that in which they wait."""
        before, self._commits = self._commits, commits
        self._journal.append(lambda: setattr(self, "_commits", before))

    def _place(self, entry: LogEntry) -> None:
        assert entry.global_seq == self.cursor() + 1, "the log has no gap"
        self._log.append(entry)
        self._journal.append(self._log.pop)
        commit_id = entry.commit.id
        self._set(self._entries, commit_id, (*self._entries.get(commit_id, ()), entry))
        self._set(self._pending, commit_id, None)

    def _lengthen(self, commit: Commit, effects: tuple[Recorded, ...]) -> None:
        for event in effects:
            stream = self._streams.setdefault(event.aggregate_id, [])
            stream.append(Entry(len(stream) + 1, commit.id, commit.import_id, event))
            self._journal.append(partial(self._pop, event.aggregate_id))

    def _shorten(self, effects: tuple[Recorded, ...]) -> None:
        for event in reversed(effects):
            last = self._pop(event.aggregate_id)
            assert last.event.id == event.id, "only what came last is taken back"
            self._journal.append(partial(self._push, event.aggregate_id, last))

    def _pop(self, aggregate_id: UUID) -> Entry:
        stream = self._streams[aggregate_id]
        last = stream.pop()
        if not stream:
            del self._streams[aggregate_id]
        return last

    def _push(self, aggregate_id: UUID, entry: Entry) -> None:
        self._streams.setdefault(aggregate_id, []).append(entry)

    def _count_rewind(self) -> None:
        # Never counted down, not even when the transaction fails: once too often harms nobody.
        self._rewinds += 1

    def _set(self, known: dict[K, V], key: K, value: V | None) -> None:
        """Put (None: remove) a value under a key."""
        before = known.get(key)
        self._journal.append(lambda: self._restore(known, key, before))
        self._restore(known, key, value)

    @staticmethod
    def _restore(known: dict[K, V], key: K, value: V | None) -> None:
        if value is None:
            known.pop(key, None)
        else:
            known[key] = value

    def _lots(self, kind: type[Any], **equal: Any) -> Iterator[LotRow]:
        return cast(Iterator[LotRow], self.rows(kind, **equal))

    def _all_lots(self) -> Iterator[RawLotRow | FinishedLotRow]:
        yield from self.rows(RawLotRow)
        yield from self.rows(FinishedLotRow)


def _guessed(waiting: Pending, effective: tuple[Recorded, ...] | None) -> Pending:
    seal = codec.pending_seal(waiting.commit.hash, effective, waiting.signature)
    return changed(waiting, effective=effective, seal=seal)
