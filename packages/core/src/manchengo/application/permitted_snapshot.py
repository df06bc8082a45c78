"""A snapshot as somebody may read it: what their roles do not allow is withheld."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TypeVar
from uuid import UUID

from attrs import frozen

from manchengo.application.reading import Reader
from manchengo.domain.access import Actor, Permission
from manchengo.domain.allocation import Policy
from manchengo.domain.commit import Commit, LogEntry, Tip
from manchengo.domain.ids import CommitId, DeviceId, ImportId, LotId, ProductId
from manchengo.ports.audit import AuditEntry, AuditQuery, AuditRecord, ReceivedAudit
from manchengo.ports.lists import Cursor, ListQuery, columns_read
from manchengo.ports.rows import FinishedLotRow, KeyValue, RawLotRow, Row
from manchengo.ports.store import (
    DayMovement,
    Entry,
    Misplaced,
    Pending,
    Snapshot,
    StockLine,
    StreamEvent,
)

R = TypeVar("R", bound=Row)


def permitted(snapshot: Snapshot, actor: Actor) -> Snapshot:
    """The snapshot as that person may read it: itself, for who may read everything."""
    reader = Reader(actor)
    return snapshot if reader.reads_everything else PermittedSnapshot(snapshot, reader)


def whole(snapshot: Snapshot) -> Snapshot:
    """The snapshot with nothing withheld: for what works on the log and answers with nothing of
    what is withheld.
    """
    return snapshot.inner if isinstance(snapshot, PermittedSnapshot) else snapshot


@frozen
class PermittedSnapshot:
    """``Snapshot`` for one reader. Rows are withheld column by column, the log content by content;
    positions, authors, days and quantities are everybody's.
    """

    inner: Snapshot
    reader: Reader

    def head(self) -> int:
        return self.inner.head()

    def rewinds(self) -> int:
        return self.inner.rewinds()

    def cursor(self) -> int:
        return self.inner.cursor()

    def log_hash(self) -> bytes:
        return self.inner.log_hash()

    def entries(self, *, after: int = 0, limit: int | None = None) -> Iterator[LogEntry]:
        return map(self.reader.log_entry, self.inner.entries(after=after, limit=limit))

    def entry(self, commit_id: CommitId) -> LogEntry | None:
        found = self.inner.entry(commit_id)
        return self.reader.log_entry(found) if found else None

    def last_entry_by(self, device_id: DeviceId) -> LogEntry | None:
        found = self.inner.last_entry_by(device_id)
        return self.reader.log_entry(found) if found else None

    def pending(
        self, *, after: CommitId | None = None, limit: int | None = None
    ) -> Iterator[Pending]:
        return map(self.reader.pending, self.inner.pending(after=after, limit=limit))

    def count_pending(self) -> int:
        return self.inner.count_pending()

    def tip(self, device_id: DeviceId) -> Tip:
        return self.inner.tip(device_id)

    def tip_in_log(self, device_id: DeviceId) -> Tip:
        return self.inner.tip_in_log(device_id)

    def tips(self) -> dict[DeviceId, Tip]:
        return self.inner.tips()

    def commit(self, commit_id: CommitId) -> Commit | None:
        found = self.inner.commit(commit_id)
        return self.reader.commit(found) if found else None

    def known(self, commit_ids: Collection[CommitId]) -> set[CommitId]:
        return self.inner.known(commit_ids)

    def commits(self, *, import_id: ImportId | None = None) -> Iterator[Commit]:
        return map(self.reader.commit, self.inner.commits(import_id=import_id))

    def last_commits(
        self, device_id: DeviceId, *, before: int | None = None, limit: int
    ) -> list[Commit]:
        found = self.inner.last_commits(device_id, before=before, limit=limit)
        return [self.reader.commit(commit) for commit in found]

    def last_commits_of_import(
        self, import_id: ImportId, *, before: CommitId | None = None, limit: int
    ) -> list[Commit]:
        found = self.inner.last_commits_of_import(import_id, before=before, limit=limit)
        return [self.reader.commit(commit) for commit in found]

    def commit_ids(self, first: UUID, last: UUID, *, limit: int) -> list[CommitId]:
        return self.inner.commit_ids(first, last, limit=limit)

    def stream(self, aggregate_id: UUID, *, after: int = 0) -> list[Entry]:
        return [self.reader.entry(each) for each in self.inner.stream(aggregate_id, after=after)]

    def streams(self) -> Iterator[tuple[UUID, list[StreamEvent]]]:
        for aggregate_id, events in self.inner.streams():
            yield aggregate_id, [self.reader.event(each) for each in events]

    def misplaced(self, *, after: int | None = None) -> Misplaced | None:
        return self.inner.misplaced(after=after)

    def get(self, kind: type[R], *key: KeyValue) -> R | None:
        found = self.inner.get(kind, *key)
        return self.reader.row(found) if found else None

    def rows(self, kind: type[R], *, limit: int | None = None, **equal: object) -> Iterator[R]:
        """To look for a withheld value is to read it."""
        for column, permission in self.reader.columns_of_some(kind):
            if column in equal:
                self.reader.require(permission)
        found = self.inner.rows(kind, limit=limit, **equal)
        return found if self.reader.is_whole(kind) else map(self.reader.row, found)

    def rows_with_ids(self, kind: type[R], ids: Collection[UUID]) -> dict[UUID, R]:
        found = self.inner.rows_with_ids(kind, ids)
        return {each: self.reader.row(row) for each, row in found.items()}

    def page(
        self,
        kind: type[R],
        query: ListQuery,
        *,
        limit: int,
        beyond: Cursor | None = None,
        backwards: bool = False,
    ) -> list[R]:
        self._require_columns(kind, query)
        found = self.inner.page(kind, query, limit=limit, beyond=beyond, backwards=backwards)
        return [self.reader.row(row) for row in found]

    def count(self, kind: type[Row], query: ListQuery, *, most: int) -> int:
        self._require_columns(kind, query)
        return self.inner.count(kind, query, most=most)

    def _require_columns(self, kind: type[Row], query: ListQuery) -> None:
        """To filter, search or sort by a withheld value is to read it."""
        for read, column in columns_read(kind, query):
            for name, permission in self.reader.columns_of_some(read):
                if name == column:
                    self.reader.require(permission)

    def has_code(self, code: str, *kinds: type[Row]) -> bool:
        return self.inner.has_code(code, *kinds)

    def candidates(
        self,
        kind: type[RawLotRow] | type[FinishedLotRow],
        product_id: ProductId,
        policy: Policy,
        *,
        on: date,
    ) -> Iterator[LotId]:
        return self.inner.candidates(kind, product_id, policy, on=on)

    def stock(self, *, on: date) -> list[StockLine]:
        return self.inner.stock(on=on)

    def held_at(self, day: date) -> dict[LotId, int]:
        return self.inner.held_at(day)

    def moved_after(self, day: date) -> dict[LotId, int]:
        return self.inner.moved_after(day)

    def moved_by_day(self, *, first: date, last: date) -> list[DayMovement]:
        return self.inner.moved_by_day(first=first, last=last)

    def audit(self, *, limit: int) -> list[AuditEntry]:
        self.reader.require(Permission.READ_AUDIT)
        return self.inner.audit(limit=limit)

    def audit_page(
        self, query: AuditQuery, *, before: int | None = None, limit: int
    ) -> list[AuditRecord]:
        self.reader.require(Permission.READ_AUDIT)
        return self.inner.audit_page(query, before=before, limit=limit)

    def audit_records(self, *, after: int = 0, limit: int | None = None) -> Iterator[AuditRecord]:
        self.reader.require(Permission.READ_AUDIT)
        return self.inner.audit_records(after=after, limit=limit)

    def received_audit(
        self, *, after: int = 0, limit: int | None = None
    ) -> Iterator[ReceivedAudit]:
        self.reader.require(Permission.READ_AUDIT)
        return self.inner.received_audit(after=after, limit=limit)

    def is_audit_received(self, record_hash: bytes) -> bool:
        return self.inner.is_audit_received(record_hash)

    def received_audit_under(self, record_hash: bytes) -> ReceivedAudit | None:
        self.reader.require(Permission.READ_AUDIT)
        return self.inner.received_audit_under(record_hash)

    def received_audit_at(self, device_id: DeviceId, sequence: int) -> set[bytes]:
        return self.inner.received_audit_at(device_id, sequence)

    def last_received_audit(self, device_id: DeviceId) -> int:
        return self.inner.last_received_audit(device_id)

    def setting(self, name: str) -> str | None:
        return self.inner.setting(name)
