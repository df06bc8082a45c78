"""Brings the view tables to what the row classes of this program say, when a database is opened.

Where nothing changed, that is one look at one setting. Else it is one transaction: a kill in the
middle leaves the tables of before, and the next opening begins again. Others read meanwhile.
"""

from collections.abc import Callable

from sqlalchemy import Connection, Engine

from manchengo.application.views.refill import refill
from manchengo.ports.view_tables import (
    FORMER_TABLES,
    VIEW_TABLES,
    ViewTable,
    fingerprints,
    outdated,
)
from manchengo.system import Uuid7Ids
from manchengo_sqlite import statements as sql
from manchengo_sqlite.connection import driver_connection, exclusive, reading
from manchengo_sqlite.tables import TABLES
from manchengo_sqlite.transaction import VIEWS_MADE, SqliteTransaction

Progress = Callable[[int, int], None]
"""Called while views are made anew: events read, events in all."""

UP_TO_DATE = fingerprints(TABLES)


def bring_up_to_date(engine: Engine, *, progress: Progress | None = None) -> None:
    """Make anew what differs, from the log. Other processes may try as well: one of them does it.

    Raises a ``StorageError`` that names its cause, and leaves the tables as they were.
    """
    with reading(engine) as connection:
        if stored(connection) == UP_TO_DATE:
            return
    with exclusive(engine) as connection:
        # Another process may have done it while this one waited for its turn.
        if stored(connection) != UP_TO_DATE:
            _update(connection, progress)


def stored(connection: Connection) -> str | None:
    """The fingerprints of the view tables that the database has; None where it has none of ours."""
    row = driver_connection(connection).execute(sql.SETTING, (VIEW_TABLES,)).fetchone()
    return None if row is None else str(row[0])


def _update(connection: Connection, progress: Progress | None) -> None:
    todo = outdated(stored(connection), TABLES)
    for name in (*FORMER_TABLES, *(view.kind.TABLE for view in todo.rows)):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    for view in todo.rows:
        connection.exec_driver_sql(view.table)
    transaction = SqliteTransaction(connection)
    if todo.rows:
        kinds = {view.kind for view in todo.rows}
        refill(transaction, kinds, progress=_of_all(connection, progress))
        transaction.flush()
        if transaction.head():  # else no backup can hold rows of before
            transaction.set_setting(VIEWS_MADE, str(Uuid7Ids().new()))
    for view in (*todo.rows, *todo.indexes):
        _make_indexes(connection, view)
    transaction.set_setting(VIEW_TABLES, UP_TO_DATE)


def _of_all(connection: Connection, progress: Progress | None) -> Callable[[int], None] | None:
    if progress is None:
        return None
    (events,) = connection.exec_driver_sql("SELECT count(*) FROM _events").one()
    return lambda read: progress(read, events)


def _make_indexes(connection: Connection, view: ViewTable) -> None:
    # Those that SQLite makes by itself have no statement.
    made = connection.exec_driver_sql(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (view.kind.TABLE,),
    ).all()
    for (name,) in made:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    for statement in view.indexes:
        connection.exec_driver_sql(statement)
