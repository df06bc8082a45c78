"""The audit in tables: the chain of this device, and at a server what devices sent of theirs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports import audit_chain
from manchengo.ports.audit import (
    AuditEntry,
    AuditHead,
    AuditQuery,
    AuditRecord,
    ReceivedAudit,
    audit_conditions,
)
from manchengo.ports.store import Garbled
from manchengo_sqlite import statements as sql
from manchengo_sqlite.translation import DRIVER_ERRORS, result_code

T = TypeVar("T")

PAGE = 200
UNREADABLE: tuple[type[Exception], ...] = (*DRIVER_ERRORS, ValueError, TypeError)
_COLUMNS = "at, last_at, user_id, device_id, kind, action, outcome, facts, count, previous, hash"
RECORDS = f"SELECT id, {_COLUMNS} FROM audit_log WHERE id > ? ORDER BY id LIMIT ?"
NEWEST = f"SELECT id, {_COLUMNS} FROM audit_log ORDER BY id DESC LIMIT ?"
PAGE_WHERE = (
    f"SELECT id, {_COLUMNS} FROM audit_log WHERE id IN"
    " (SELECT id FROM audit_log INDEXED BY {index} WHERE {conditions} ORDER BY id DESC LIMIT ?)"
    " ORDER BY id DESC"
)
IN_DAYS = (
    "(SELECT id FROM audit_log INDEXED BY audit_log_by_filter WHERE {conditions}"
    " ORDER BY id {order} LIMIT 1)"
)
WRITE = (
    f"INSERT OR REPLACE INTO audit_log (id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
REMOVE = "DELETE FROM audit_log WHERE id <= ?"
RECEIVED = (
    f"SELECT id, received_at, fault, sequence, {_COLUMNS} FROM device_audit"
    " WHERE id > ? ORDER BY id LIMIT ?"
)
RECEIVE = (
    f"INSERT INTO device_audit (received_at, fault, sequence, {_COLUMNS})"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
IS_RECEIVED = "SELECT 1 FROM device_audit WHERE hash = ?"
RECEIVED_UNDER = (
    f"SELECT id, received_at, fault, sequence, {_COLUMNS} FROM device_audit WHERE hash = ?"
)
RECEIVED_AT = "SELECT hash FROM device_audit WHERE device_id = ? AND sequence = ?"
LAST_RECEIVED = "SELECT max(sequence) FROM device_audit WHERE device_id = ?"
REMOVE_RECEIVED = (
    "DELETE FROM device_audit WHERE received_at < ?"
    " AND id NOT IN (SELECT max(id) FROM device_audit GROUP BY device_id)"
)


class AuditReader(ABC):
    """What a snapshot reads of the audit."""

    @abstractmethod
    def _all(self, statement: str, *parameters: Any) -> Any:
        """The driver's cursor over the rows that the statement finds."""

    def audit(self, *, limit: int) -> list[AuditEntry]:
        """The newest entries, newest first."""
        return [_record(row).entry for row in self._all(NEWEST, limit)]

    def audit_page(
        self, query: AuditQuery, *, before: int | None = None, limit: int
    ) -> list[AuditRecord]:
        """As ``Snapshot.audit_page``."""
        statement, parameters = page_statement(query, before=before)
        return [_record(row) for row in self._all(statement, *parameters, limit)]

    def audit_records(self, *, after: int = 0, limit: int | None = None) -> Iterator[AuditRecord]:
        """As ``Snapshot.audit_records``."""
        return self._in_pages(RECORDS, _record, after, limit)

    def received_audit(
        self, *, after: int = 0, limit: int | None = None
    ) -> Iterator[ReceivedAudit]:
        """As ``Snapshot.received_audit``."""
        return self._in_pages(RECEIVED, _received, after, limit)

    def is_audit_received(self, record_hash: bytes) -> bool:
        """As ``Snapshot.is_audit_received``."""
        return self._all(IS_RECEIVED, record_hash).fetchone() is not None

    def received_audit_under(self, record_hash: bytes) -> ReceivedAudit | None:
        """As ``Snapshot.received_audit_under``."""
        try:
            row = self._all(RECEIVED_UNDER, record_hash).fetchone()
            return None if row is None else _received(row)
        except UNREADABLE as error:
            if result_code(error):  # SQLite's own: the file, not a row
                raise
            raise Garbled(str(error)) from error

    def received_audit_at(self, device_id: DeviceId, sequence: int) -> set[bytes]:
        """As ``Snapshot.received_audit_at``."""
        return {found for (found,) in self._all(RECEIVED_AT, device_id.bytes, sequence)}

    def last_received_audit(self, device_id: DeviceId) -> int:
        """As ``Snapshot.last_received_audit``."""
        return int(self._all(LAST_RECEIVED, device_id.bytes).fetchone()[0] or 0)

    def _in_pages(
        self, statement: str, read: Callable[[Any], T], after: int, limit: int | None
    ) -> Iterator[T]:
        while limit is None or limit > 0:
            size = PAGE if limit is None else min(limit, PAGE)
            try:
                rows = self._all(statement, after, size).fetchall()
                found = [read(row) for row in rows]
            except UNREADABLE as error:
                if result_code(error):  # SQLite's own: the file, not a row
                    raise
                raise Garbled(str(error)) from error
            yield from found
            if len(rows) < size:
                return
            after = rows[-1][0]
            limit = None if limit is None else limit - size


def page_statement(query: AuditQuery, *, before: int | None) -> tuple[str, list[Any]]:
    """The statement of a page, and its parameters but for the last, which is the limit.

    It names the index that has what is asked for. SQLite would take the table, which is in the same
    order: it does not know how seldom a condition holds.
    """
    conditions, values = _conditions(query, before)
    if not query.words:
        return PAGE_WHERE.format(index="audit_log_by_filter", conditions=conditions), values
    if query.since or query.until:
        # The index of texts has no days: they say between which records it is read.
        days, of_days = _conditions(AuditQuery(since=query.since, until=query.until), before)
        first, last = (IN_DAYS.format(conditions=days, order=each) for each in ("ASC", "DESC"))
        conditions = f"id BETWEEN {first} AND {last} AND {conditions}"
        values = [*of_days, *of_days, *values]
    return PAGE_WHERE.format(index="audit_log_by_text", conditions=conditions), values


def _conditions(query: AuditQuery, before: int | None) -> tuple[str, list[Any]]:
    conditions, values = audit_conditions(
        query, before=before, mark="?", contains="instr({text}, ?) > 0"
    )
    return conditions, [each.bytes if isinstance(each, UUID) else each for each in values]


class AuditWriter(AuditReader):
    """What a transaction writes of the audit."""

    def write_audit(self, record: AuditRecord) -> None:
        """As ``Transaction.write_audit``."""
        self._all(WRITE, record.sequence, *_columns(record))

    def remove_audit(self, *, up_to: int) -> None:
        """As ``Transaction.remove_audit``."""
        self._all(REMOVE, up_to)

    def receive_audit(self, record: AuditRecord, *, at: datetime, fault: str) -> None:
        """As ``Transaction.receive_audit``."""
        received_at = at.astimezone(UTC).isoformat()
        self._all(RECEIVE, received_at, fault, record.sequence, *_columns(record))

    def remove_received_audit(self, *, before: datetime) -> None:
        """As ``Transaction.remove_received_audit``."""
        self._all(REMOVE_RECEIVED, before.astimezone(UTC).isoformat())


def _columns(record: AuditRecord) -> tuple[Any, ...]:
    entry = record.entry
    return (
        entry.at.isoformat(),
        entry.last_at.isoformat(),
        entry.user_id.bytes,
        entry.device_id.bytes,
        str(entry.kind),
        entry.action,
        entry.outcome,
        entry.facts,
        entry.count,
        record.previous,
        record.hash,
    )


def _record(row: Any) -> AuditRecord:
    sequence, at, last_at, user, device, kind, action, outcome, facts, count, previous, own = row
    entry = AuditEntry(
        at=datetime.fromisoformat(at),
        last_at=datetime.fromisoformat(last_at),
        user_id=UserId(UUID(bytes=user)),
        device_id=DeviceId(UUID(bytes=device)),
        kind=kind,
        action=action,
        outcome=outcome,
        facts=facts,
        count=count,
    )
    return AuditRecord(sequence=sequence, entry=entry, previous=previous, hash=own)


def _received(row: Any) -> ReceivedAudit:
    return ReceivedAudit(
        position=row[0],
        received_at=datetime.fromisoformat(row[1]),
        fault=row[2],
        record=_record(row[3:]),
    )


# ---------------------------------------------------------------- a step of the migration

_CONTENT = """\
    at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    user_id BLOB NOT NULL,
    device_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    facts TEXT NOT NULL,
    count INTEGER NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
"""
_NEW_TABLES = (
    f"""CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
{_CONTENT}) STRICT""",
    f"""CREATE TABLE device_audit (
    id INTEGER PRIMARY KEY,
    received_at TEXT NOT NULL,
    fault TEXT NOT NULL,
    sequence INTEGER NOT NULL,
{_CONTENT}) STRICT""",
    "CREATE UNIQUE INDEX device_audit_by_hash ON device_audit (hash)",
    "CREATE INDEX device_audit_by_place ON device_audit (device_id, sequence)",
)
_OF_BEFORE = (
    "SELECT id, at, user_id, device_id, action, outcome, facts FROM audit_of_before"
    " WHERE id > ? ORDER BY id LIMIT ?"
)


def chain_the_audit(connection: Connection, progress: Callable[[int, int], None]) -> None:
    """The step: what was noted before becomes the beginning of the chain, in its order."""
    connection.exec_driver_sql("ALTER TABLE audit_log RENAME TO audit_of_before")
    for statement in _NEW_TABLES:
        connection.exec_driver_sql(statement)
    bare: Any = connection.connection.dbapi_connection
    (count,) = bare.execute("SELECT count(*) FROM audit_of_before").fetchone()
    tip, last = audit_chain.BEGIN, 0
    while rows := bare.execute(_OF_BEFORE, (last, PAGE)).fetchall():
        for row in rows:
            record = audit_chain.following(tip, _entry_of_before(row))
            bare.execute(WRITE, (record.sequence, *_columns(record)))
            tip = AuditHead(record.sequence, record.hash)
        last = rows[-1][0]
        progress(tip.sequence, count)
    if tip != audit_chain.BEGIN:
        named = f"{tip.sequence} {tip.hash.hex()}"
        bare.execute(sql.SET_SETTING, (audit_chain.TIP, named))
        bare.execute(sql.SET_SETTING, (audit_chain.CLOSED, str(tip.sequence)))
    connection.exec_driver_sql("DROP TABLE audit_of_before")


def _entry_of_before(row: Any) -> AuditEntry:
    at = datetime.fromisoformat(row[1]).astimezone(UTC)
    return AuditEntry(
        at=at,
        user_id=UserId(UUID(bytes=row[2])),
        device_id=DeviceId(UUID(bytes=row[3])),
        action=row[4],
        outcome=row[5],
        facts=row[6],
    )
