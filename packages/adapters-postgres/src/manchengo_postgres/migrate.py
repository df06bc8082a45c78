"""Bring a plant to this release, one numbered step at a time, each whole or not at all.

Several workers may start at once: each step is done under a lock of the plant's own, by the first
who gets it. Checking that nothing is to be done reads one small table and waits for nobody.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from manchengo_postgres.errors import (
    DatabaseTooNew,
    MigrationChanged,
    MigrationFailed,
    StorageFault,
)
from manchengo_postgres.steps import Step, shipped
from manchengo_postgres.translation import Address

_TABLE = """
CREATE TABLE IF NOT EXISTS _migrations (
    number bigint PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    applied_at text COLLATE "C" NOT NULL
)
"""

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
"""Takes the lock of the schema of that name, until the end of the transaction."""


def utc_now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def migrate(
    connection: psycopg.Connection,
    address: Address,
    schema: str,
    *,
    steps: Sequence[Step] | None = None,
    now: Callable[[], datetime] = utc_now,
) -> list[int]:
    """Carry out what is missing in that schema; the numbers of the steps done.

    ``connection``: in autocommit, with ``schema`` in its path. Raises what psycopg raises, but for
    ``DatabaseTooNew``, ``MigrationChanged`` and ``MigrationFailed``.
    """
    known = shipped() if steps is None else steps
    done = []
    for step in outstanding(connection, address, schema, known):
        with connection.transaction():
            connection.execute(LOCK, (schema,))
            # Another worker may have done it while this one waited for its turn.
            if step in outstanding(connection, address, schema, known):
                carry_out(connection, address, schema, step, now())
                done.append(step.number)
    return done


def outstanding(
    connection: psycopg.Connection, address: Address, schema: str, known: Sequence[Step]
) -> list[Step]:
    """The steps still to do; ``DatabaseTooNew`` or ``MigrationChanged`` when they do not fit."""
    recorded = history(connection, schema)
    for (number, name, sha256), step in zip(recorded, known, strict=False):
        if (number, name, sha256) != (step.number, step.name, step.sha256):
            raise MigrationChanged(database=address.name, number=step.number, name=step.name)
    if len(recorded) > len(known):
        raise DatabaseTooNew(
            database=address.name, found=recorded[-1][0], supported=known[-1].number
        )
    return list(known[len(recorded) :])


def history(connection: psycopg.Connection, schema: str) -> list[tuple[int, str, bytes]]:
    """The number, name and SHA-256 of each step that the schema records, in order; none for a new
    one.
    """
    found = connection.execute("SELECT to_regclass(%s)", (f"{schema}._migrations",)).fetchone()
    if found is None or found[0] is None:
        return []
    rows = connection.execute("SELECT number, name, sha256 FROM _migrations ORDER BY number")
    return [(number, name, sha256) for number, name, sha256 in rows]


def carry_out(
    connection: psycopg.Connection, address: Address, schema: str, step: Step, at: datetime
) -> None:
    """Run one step in the present transaction and record that it was applied ``at`` that instant.
    Raises ``MigrationFailed``.
    """
    try:
        _make_schema(connection, schema)
        connection.execute(_TABLE)
        step.run(connection)
        connection.execute(
            "INSERT INTO _migrations (number, name, sha256, applied_at) VALUES (%s, %s, %s, %s)",
            (step.number, step.name, step.sha256, at.astimezone(UTC).isoformat()),
        )
    except psycopg.Error as error:
        fault = address.storage_error(error)
        if not isinstance(fault, StorageFault):
            raise
        raise MigrationFailed(
            database=address.name, number=step.number, name=step.name, detail=fault.detail
        ) from None


def _make_schema(connection: psycopg.Connection, schema: str) -> None:
    # Asked first: an account that may not make schemas may use the one that was made for it.
    known = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,))
    if known.fetchone() is None:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
