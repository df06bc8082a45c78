"""Bring a database to this release, one numbered step at a time, each whole or not at all.

A kill in the middle of a step leaves the database of the step before, which the next start takes
further. Checking that nothing is to be done reads one small table.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from manchengo_sqlite.connection import exclusive, path_of, reading
from manchengo_sqlite.errors import (
    DatabaseTooNew,
    MigrationChanged,
    MigrationFailed,
    StorageFault,
)
from manchengo_sqlite.steps import Progress, Step, shipped

_TABLE = """
CREATE TABLE IF NOT EXISTS _migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    applied_at TEXT NOT NULL
) STRICT
"""


def utc_now() -> datetime:
    """The instant at which a step is said to be done."""
    return datetime.now(UTC)


def migrate(
    engine: Engine,
    *,
    steps: Sequence[Step] | None = None,
    now: Callable[[], datetime] = utc_now,
    progress: Progress | None = None,
) -> list[int]:
    """Carry out what is missing; the numbers of the steps done. Other processes may try as well.

    ``progress``: called by a step that takes long, with what is done and the whole.
    """
    done = []
    for step in pending(engine, steps=steps):
        try:
            with exclusive(engine) as connection:
                # Another process may have done it while this one waited for its turn.
                if step in outstanding(engine, connection, steps):
                    carry_out(connection, step, now(), progress)
                    done.append(step.number)
        except StorageFault as error:
            raise MigrationFailed(
                path=error.path, number=step.number, name=step.name, detail=error.detail
            ) from error
    return done


def pending(engine: Engine, *, steps: Sequence[Step] | None = None) -> list[Step]:
    """The steps still to do; ``DatabaseTooNew`` or ``MigrationChanged`` when they do not fit."""
    with reading(engine) as connection:
        return outstanding(engine, connection, steps)


def outstanding(engine: Engine, connection: Connection, steps: Sequence[Step] | None) -> list[Step]:
    """The steps still to do, as that connection sees it. ``steps``: None for those of this release.

    Raises ``DatabaseTooNew`` or ``MigrationChanged`` where they do not fit.
    """
    known = shipped() if steps is None else steps
    recorded = history(connection)
    for (number, name, sha256), step in zip(recorded, known, strict=False):
        if (number, name, sha256) != (step.number, step.name, step.sha256):
            raise MigrationChanged(path=path_of(engine), number=step.number, name=step.name)
    if len(recorded) > len(known):
        raise DatabaseTooNew(
            path=path_of(engine), found=recorded[-1][0], supported=known[-1].number
        )
    return list(known[len(recorded) :])


def history(connection: Connection) -> list[tuple[int, str, bytes]]:
    """The steps that were done: number, name and digest, in order."""
    if not connection.exec_driver_sql("PRAGMA table_info(_migrations)").first():
        return []
    rows = connection.exec_driver_sql(
        "SELECT number, name, sha256 FROM _migrations ORDER BY number"
    )
    return [(number, name, sha256) for number, name, sha256 in rows]


def carry_out(
    connection: Connection, step: Step, at: datetime, progress: Progress | None = None
) -> None:
    """Do the step and record that it was done ``at`` that instant, in the transaction at hand."""
    connection.exec_driver_sql(_TABLE)
    step.run(connection, progress or (lambda _done, _whole: None))
    connection.exec_driver_sql(
        "INSERT INTO _migrations (number, name, sha256, applied_at) VALUES (?, ?, ?, ?)",
        (step.number, step.name, step.sha256, at.astimezone(UTC).isoformat()),
    )
    # In the header, so that a program that is too old can tell before it opens the file.
    connection.exec_driver_sql(f"PRAGMA user_version = {step.number:d}")
