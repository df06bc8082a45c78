"""The view tables of PostgreSQL, made from the row classes.

Ids are ``uuid``, texts ``text`` compared byte by byte, whole numbers ``bigint``; dates and booleans
are themselves.
"""

from datetime import date
from uuid import UUID

from manchengo.ports.rows import VIEWS, Column, OrNever, Row, columns_of
from manchengo.ports.view_tables import ViewTable

TYPES: dict[type, str] = {
    UUID: "uuid",
    str: "text",
    int: "bigint",
    bool: "boolean",
    date: "date",
}
NEVER = "DATE '9999-12-31'"


def in_order(columns: tuple[str | OrNever, ...]) -> str:
    """These columns as an index and the query that uses it have them."""
    return ", ".join(
        f"coalesce({each.column}, {NEVER})" if isinstance(each, OrNever) else each
        for each in columns
    )


def view_table(kind: type[Row]) -> ViewTable:
    """The statements that make the table of that class of rows."""
    columns = [_column(each) for each in columns_of(kind)]
    body = ", ".join([*columns, f"PRIMARY KEY ({', '.join(kind.KEY)})"])
    table = f"CREATE TABLE {kind.TABLE} ({body})"
    return ViewTable(kind, table, (*_partial_indexes(kind), *_look_ups(kind)))


def _column(column: Column) -> str:
    collation = ' COLLATE "C"' if column.type is str else ""
    return f"{column.name} {TYPES[column.type]}{collation}{'' if column.optional else ' NOT NULL'}"


def _partial_indexes(kind: type[Row]) -> list[str]:
    return [
        f"CREATE INDEX {kind.TABLE}_{index.name} ON {kind.TABLE}"
        f"{_way(kind, index.columns)} ({in_order(index.columns)}) WHERE {index.only}"
        for index in kind.INDEXES
    ]


def _look_ups(kind: type[Row]) -> list[str]:
    return [
        f"CREATE INDEX {kind.TABLE}_by_{column} ON {kind.TABLE}{_way(kind, (column,))} ({column})"
        for column in kind.LOOK_UPS
    ]


def _way(kind: type[Row], columns: tuple[str | OrNever, ...]) -> str:
    # By its hash where anyone may have chosen the text: a tree refuses what is longer than a
    # third of its page, and a commit is kept however long its words are.
    free = {each.name for each in columns_of(kind) if each.type is str} - {*kind.WORDS}
    return " USING hash" if len(columns) == 1 and columns[0] in free else ""


TABLES = tuple(view_table(kind) for kind in VIEWS)
"""Every view table of this program."""
