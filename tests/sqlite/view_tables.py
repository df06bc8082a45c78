"""The views of a dairy, as its file has them."""

from typing import Any

from manchengo import Manchengo
from manchengo.ports.rows import VIEWS
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import reading

Tables = dict[str, list[Any]]
"""By the name of a table, its rows in the order of their key."""


def tables(dairy: Manchengo) -> Tables:
    """Every column of every view, as SQLite has it."""
    assert isinstance(dairy.store, SqliteStore)
    with reading(dairy.store.engine) as connection:
        return {
            kind.TABLE: list(
                connection.exec_driver_sql(
                    f"SELECT * FROM {kind.TABLE} ORDER BY {', '.join(kind.KEY)}"
                )
            )
            for kind in VIEWS
        }
