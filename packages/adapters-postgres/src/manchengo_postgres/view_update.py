"""Brings the view tables to what the row classes of this program say, when a plant is opened.

Where nothing changed, that is one look at one setting. Else it is one transaction, under the lock
of the plant and with its counter: of several workers that start at once, one does it and the others
wait until it is done. A worker that dies leaves the tables of before.
"""

from collections.abc import Callable

import psycopg

from manchengo.application.views.refill import refill
from manchengo.ports.view_tables import (
    FORMER_TABLES,
    VIEW_TABLES,
    ViewTable,
    fingerprints,
    outdated,
)
from manchengo_postgres import statements as sql
from manchengo_postgres.connections import Counter
from manchengo_postgres.migrate import LOCK
from manchengo_postgres.tables import TABLES
from manchengo_postgres.transaction import PostgresTransaction
from manchengo_postgres.translation import Address

Progress = Callable[[int, int], None]
"""Called while views are made anew: events read, events in all."""

UP_TO_DATE = fingerprints(TABLES)


def bring_up_to_date(
    connection: psycopg.Connection,
    address: Address,
    schema: str,
    *,
    progress: Progress | None = None,
) -> None:
    """Make anew what differs, from the log.

    ``connection``: in autocommit, with ``schema`` in its path. Raises what psycopg raises, or a
    ``StorageError``, and leaves the tables as they were.
    """
    if stored(connection) == UP_TO_DATE:
        return
    with connection.transaction():
        # However long another worker takes: to give up would only mean to be started again.
        connection.execute("SET LOCAL lock_timeout = 0")
        connection.execute(LOCK, (schema,))
        if stored(connection) != UP_TO_DATE:
            _update(connection, address, progress)


def stored(connection: psycopg.Connection) -> str | None:
    """The fingerprints of the view tables that the plant has; None where it has none of ours."""
    row = connection.execute(sql.SETTING, (VIEW_TABLES,)).fetchone()
    return None if row is None else str(row[0])


def _update(connection: psycopg.Connection, address: Address, progress: Progress | None) -> None:
    # With the counter taken nobody can write, not even a worker that has the plant open since.
    (numbers,) = connection.execute(sql.TAKE_THE_COUNTER).fetchall()
    todo = outdated(stored(connection), TABLES)
    for name in (*FORMER_TABLES, *(view.kind.TABLE for view in todo.rows)):
        _do(connection, f"DROP TABLE IF EXISTS {name}")
    for view in todo.rows:
        _do(connection, view.table)
    transaction = PostgresTransaction(connection, Counter(*numbers), address=address)
    if todo.rows:
        kinds = {view.kind for view in todo.rows}
        refill(transaction, kinds, progress=_of_all(connection, progress))
        transaction.flush()
    for view in (*todo.rows, *todo.indexes):
        _make_indexes(connection, view)
    transaction.set_setting(VIEW_TABLES, UP_TO_DATE)


def _of_all(
    connection: psycopg.Connection, progress: Progress | None
) -> Callable[[int], None] | None:
    if progress is None:
        return None
    ((events,),) = connection.execute("SELECT count(*) FROM _events").fetchall()
    return lambda read: progress(read, events)


def _make_indexes(connection: psycopg.Connection, view: ViewTable) -> None:
    made = connection.execute(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        (view.kind.TABLE,),
    ).fetchall()
    for (name,) in made:
        _do(connection, f"DROP INDEX {name}")
    for statement in view.indexes:
        _do(connection, statement)


def _do(connection: psycopg.Connection, statement: str) -> None:
    connection.execute(statement.encode())
