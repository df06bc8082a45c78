"""The audit in tables: the chain of this device, and at a server what devices sent of theirs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import psycopg

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
from manchengo_postgres import statements as sql
from manchengo_postgres import texts

T = TypeVar("T")

PAGE = 200
_COLUMNS = "at, last_at, user_id, device_id, kind, action, outcome, facts, count, previous, hash"
RECORDS = f"SELECT id, {_COLUMNS} FROM audit_log WHERE id > %s ORDER BY id LIMIT %s"
NEWEST = f"SELECT id, {_COLUMNS} FROM audit_log ORDER BY id DESC LIMIT %s"
PAGE_WHERE = f"SELECT id, {_COLUMNS} FROM audit_log WHERE {{}} ORDER BY id DESC LIMIT %s"
ADD = (
    f"INSERT INTO audit_log (id, {_COLUMNS})"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
WRITE = f"{ADD} ON CONFLICT (id) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")
)
REMOVE = "DELETE FROM audit_log WHERE id <= %s"
RECEIVED = (
    f"SELECT id, received_at, fault, sequence, {_COLUMNS} FROM device_audit"
    " WHERE id > %s ORDER BY id LIMIT %s"
)
RECEIVE = (
    f"INSERT INTO device_audit (received_at, fault, sequence, {_COLUMNS})"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
IS_RECEIVED = "SELECT 1 FROM device_audit WHERE hash = %s"
RECEIVED_UNDER = (
    f"SELECT id, received_at, fault, sequence, {_COLUMNS} FROM device_audit WHERE hash = %s"
)
RECEIVED_AT = "SELECT hash FROM device_audit WHERE device_id = %s AND sequence = %s"
LAST_RECEIVED = "SELECT max(sequence) FROM device_audit WHERE device_id = %s"
REMOVE_RECEIVED = (
    "DELETE FROM device_audit WHERE received_at < %s"
    " AND id NOT IN (SELECT max(id) FROM device_audit GROUP BY device_id)"
)


class AuditReader(ABC):
    """What a snapshot reads of the audit."""

    @abstractmethod
    def _all(self, statement: str, *parameters: Any) -> list[Any]:
        """The rows that the statement finds."""

    def audit(self, *, limit: int) -> list[AuditEntry]:
        return [_record(row).entry for row in self._all(NEWEST, limit)]

    def audit_page(
        self, query: AuditQuery, *, before: int | None = None, limit: int
    ) -> list[AuditRecord]:
        where, values = audit_conditions(
            query, before=before, mark="%s", contains="strpos({text}, %s) > 0"
        )
        return [_record(row) for row in self._all(PAGE_WHERE.format(where), *values, limit)]

    def audit_records(self, *, after: int = 0, limit: int | None = None) -> Iterator[AuditRecord]:
        return self._in_pages(RECORDS, _record, after, limit)

    def received_audit(
        self, *, after: int = 0, limit: int | None = None
    ) -> Iterator[ReceivedAudit]:
        return self._in_pages(RECEIVED, _received, after, limit)

    def is_audit_received(self, record_hash: bytes) -> bool:
        return bool(self._all(IS_RECEIVED, record_hash))

    def received_audit_under(self, record_hash: bytes) -> ReceivedAudit | None:
        try:
            return next((_received(row) for row in self._all(RECEIVED_UNDER, record_hash)), None)
        except (ValueError, TypeError) as error:
            raise Garbled(str(error)) from error

    def received_audit_at(self, device_id: DeviceId, sequence: int) -> set[bytes]:
        return {found for (found,) in self._all(RECEIVED_AT, device_id, sequence)}

    def last_received_audit(self, device_id: DeviceId) -> int:
        return int(self._all(LAST_RECEIVED, device_id)[0][0] or 0)

    def _in_pages(
        self, statement: str, read: Callable[[Any], T], after: int, limit: int | None
    ) -> Iterator[T]:
        while limit is None or limit > 0:
            size = PAGE if limit is None else min(limit, PAGE)
            try:
                rows = self._all(statement, after, size)
                found = [read(row) for row in rows]
            except (ValueError, TypeError) as error:
                raise Garbled(str(error)) from error
            yield from found
            if len(rows) < size:
                return
            after = rows[-1][0]
            limit = None if limit is None else limit - size


class AuditWriter(AuditReader):
    """What a transaction writes of the audit."""

    @abstractmethod
    def _do(self, statement: str, *parameters: Any) -> None:
        """Executes a statement that finds no rows."""

    def write_audit(self, record: AuditRecord) -> None:
        self._do(WRITE, record.sequence, *_columns(record))

    def remove_audit(self, *, up_to: int) -> None:
        self._do(REMOVE, up_to)

    def receive_audit(self, record: AuditRecord, *, at: datetime, fault: str) -> None:
        received_at = at.astimezone(UTC).isoformat()
        self._do(RECEIVE, received_at, fault, record.sequence, *_columns(record))

    def remove_received_audit(self, *, before: datetime) -> None:
        self._do(REMOVE_RECEIVED, before.astimezone(UTC).isoformat())


def _columns(record: AuditRecord) -> tuple[Any, ...]:
    entry = record.entry
    return (
        entry.at.isoformat(),
        entry.last_at.isoformat(),
        entry.user_id,
        entry.device_id,
        texts.spelt(str(entry.kind)),
        texts.spelt(entry.action),
        texts.spelt(entry.outcome),
        texts.spelt(entry.facts),
        entry.count,
        record.previous,
        record.hash,
    )


def _record(row: Any) -> AuditRecord:
    sequence, at, last_at, user, device, kind, action, outcome, facts, count, previous, own = row
    entry = AuditEntry(
        at=datetime.fromisoformat(at),
        last_at=datetime.fromisoformat(last_at),
        user_id=UserId(user),
        device_id=DeviceId(device),
        kind=texts.read(kind),
        action=texts.read(action),
        outcome=texts.read(outcome),
        facts=texts.read(facts),
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

_CONTENT = """
    at text COLLATE "C" NOT NULL,
    last_at text COLLATE "C" NOT NULL,
    user_id uuid NOT NULL,
    device_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    action text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    facts text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL
"""
_NEW_TABLES = (
    "ALTER TABLE audit_log RENAME TO audit_of_before",
    "ALTER INDEX audit_log_pkey RENAME TO audit_of_before_pkey",
    f"CREATE TABLE audit_log (id bigint PRIMARY KEY, {_CONTENT})",
    "CREATE TABLE device_audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    ' received_at text COLLATE "C" NOT NULL, fault text COLLATE "C" NOT NULL,'
    f" sequence bigint NOT NULL, {_CONTENT})",
    "CREATE UNIQUE INDEX device_audit_by_hash ON device_audit (hash)",
    "CREATE INDEX device_audit_by_place ON device_audit (device_id, sequence)",
)
_OF_BEFORE = (
    "SELECT id, at, user_id, device_id, action, outcome, facts FROM audit_of_before"
    " WHERE id > %s ORDER BY id LIMIT %s"
)


def chain_the_audit(connection: psycopg.Connection) -> None:
    """The step: what was noted before becomes the beginning of the chain, in its order."""
    for statement in _NEW_TABLES:
        connection.execute(statement.encode())
    tip, last = audit_chain.BEGIN, 0
    while rows := connection.execute(_OF_BEFORE.encode(), (last, PAGE)).fetchall():
        for row in rows:
            record = audit_chain.following(tip, _entry_of_before(row))
            connection.execute(ADD.encode(), (record.sequence, *_columns(record)))
            tip = AuditHead(record.sequence, record.hash)
        last = rows[-1][0]
    if tip != audit_chain.BEGIN:
        named = f"{tip.sequence} {tip.hash.hex()}"
        connection.execute(sql.SET_SETTING.encode(), (audit_chain.TIP, named))
        connection.execute(sql.SET_SETTING.encode(), (audit_chain.CLOSED, str(tip.sequence)))
    connection.execute(b"DROP TABLE audit_of_before")


def _entry_of_before(row: Any) -> AuditEntry:
    return AuditEntry(
        at=datetime.fromisoformat(row[1]).astimezone(UTC),
        user_id=UserId(row[2]),
        device_id=DeviceId(row[3]),
        action=texts.read(row[4]),
        outcome=texts.read(row[5]),
        facts=texts.read(row[6]),
    )
