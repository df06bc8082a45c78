"""The same log through the eyes of the ``eventsourcing`` library, for any tool of its ecosystem.

Reading shows every event we store. What such a tool writes becomes a sealed commit like any other,
by a device of its own, so that the hash chain still covers every byte; its aggregates have no view.
"""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from time import sleep
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProgrammingError,
    StoredEvent,
    Subscription,
)
from sqlalchemy import Connection, Engine

from manchengo import codec
from manchengo.domain.commit import NO_HASH, Commit, Recorded, Tip
from manchengo.domain.ids import CommitId, DeviceId, EventId, UserId
from manchengo_sqlite import statements as sql
from manchengo_sqlite.connection import reading, writing
from manchengo_sqlite.transaction import SqliteTransaction
from manchengo_sqlite.translation import DRIVER_ERRORS, result_code

FOREIGN = "foreign"
RECORDER = uuid5(NAMESPACE_URL, "manchengo:eventsourcing-recorder")
NO_STAMP = ""
POLL_SECONDS = 0.02

_NOTIFICATIONS = (
    "SELECT seq, aggregate_id, position, event_type, payload FROM _events WHERE seq >= ?"
)
_STREAM = "SELECT aggregate_id, position, event_type, payload FROM _events WHERE aggregate_id = ?"


class EventRecorder(ApplicationRecorder):
    """An ``ApplicationRecorder`` on our tables. Originators are UUIDs."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ARG002 - the library's signature; we have no use for them
    ) -> Sequence[int]:
        """All of them in one commit, or ``IntegrityError`` where a version is taken."""
        if not stored_events:
            return []
        with writing(self._engine) as connection:
            transaction = SqliteTransaction(connection)
            commit = _commit(stored_events, transaction.tip(DeviceId(RECORDER)))
            position = transaction.append_at_versions(commit)
            try:
                transaction.flush()
            except DRIVER_ERRORS as error:
                if result_code(error) & 0xFF != sqlite3.SQLITE_CONSTRAINT:
                    raise
                raise IntegrityError("that version is taken") from error
            return _numbers(connection, position)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream with versions from ``gt`` (without it) to ``lte``."""
        statement = _STREAM
        parameters: list[Any] = [_uuid(originator_id).bytes]
        for condition, bound in (("position > ?", gt), ("position <= ?", lte)):
            if bound is not None:
                statement += f" AND {condition}"
                parameters.append(bound)
        statement += f" ORDER BY position {'DESC' if desc else 'ASC'}"
        if limit is not None:
            statement += f" LIMIT {limit:d}"
        with reading(self._engine) as connection:
            rows = connection.exec_driver_sql(statement, tuple(parameters)).fetchall()
        return [StoredEvent(UUID(bytes=row[0]), row[1], row[2], row[3]) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The events of these topics with numbers from ``start`` to ``stop``."""
        first = (start or 0) + (0 if inclusive_of_start else 1)
        statement = _NOTIFICATIONS
        parameters: list[Any] = [first]
        if stop is not None:
            statement += " AND seq <= ?"
            parameters.append(stop)
        if topics:
            statement += f" AND event_type IN ({', '.join('?' for _ in topics)})"
            parameters.extend(topics)
        statement += f" ORDER BY seq LIMIT {limit:d}"
        with reading(self._engine) as connection:
            rows = connection.exec_driver_sql(statement, tuple(parameters)).fetchall()
        return [Notification(UUID(bytes=row[1]), row[2], row[3], row[4], id=row[0]) for row in rows]

    def max_notification_id(self) -> int | None:
        """The number of the last event; None where there is none."""
        with reading(self._engine) as connection:
            row = connection.exec_driver_sql("SELECT max(seq) FROM _events").one()
        return None if row[0] is None else int(row[0])

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> "Subscription[EventRecorder]":
        """The events beyond number ``gt``, of these topics, and those still to come."""
        return _Polling(self, gt, topics)


class _Polling(Subscription[EventRecorder]):
    """Looks again a little later when there is nothing new: SQLite tells nobody that it grew."""

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            found = self._recorder.select_notifications(
                self._last_notification_id or 0, 1, topics=self._topics, inclusive_of_start=False
            )
            if found:
                self._last_notification_id = found[0].id
                return found[0]
            sleep(POLL_SECONDS)
        raise StopIteration


def _commit(stored_events: Sequence[StoredEvent], tip: Tip) -> Commit:
    now = datetime.now(UTC)
    return codec.sealed(
        Commit(
            id=CommitId(uuid4()),
            device_id=DeviceId(RECORDER),
            user_id=UserId(RECORDER),
            sequence=tip.sequence + 1,
            occurred_at=now,
            hlc=NO_STAMP,
            on=now.date(),
            command_type="eventsourcing.insert",
            command_version=1,
            command=b"",
            import_id=None,
            events=tuple(_recorded(event) for event in stored_events),
            previous=tip.hash,
            hash=NO_HASH,
        )
    )


def _recorded(event: StoredEvent) -> Recorded:
    return Recorded(
        id=EventId(uuid4()),
        aggregate_type=FOREIGN,
        aggregate_id=_uuid(event.originator_id),
        event_type=event.topic,
        schema_version=1,
        payload=event.state,
        version=event.originator_version,
    )


def _numbers(connection: Connection, position: int) -> list[int]:
    rows = connection.exec_driver_sql(sql.NUMBERS_OF_COMMIT, (position,))
    return [row[0] for row in rows]


def _uuid(originator_id: UUID | str) -> UUID:
    if not isinstance(originator_id, UUID):
        raise ProgrammingError(f"originators are UUIDs here, not {originator_id!r}")
    return originator_id
