"""The view tables of SQLite, made from the row classes.

Ids are BLOBs of 16 bytes, dates ISO text (which sorts), booleans 0 or 1; all tables are STRICT, and
each is one tree in the order of its key.
"""

from datetime import date
from uuid import UUID

from manchengo.ports.rows import VIEWS, OrNever, Row, columns_of
from manchengo.ports.view_tables import ViewTable

TYPES: dict[type, str] = {
    UUID: "BLOB",
    str: "TEXT",
    int: "INTEGER",
    bool: "INTEGER",
    date: "TEXT",
}
NEVER = "'9999-12-31'"


def in_order(columns: tuple[str | OrNever, ...]) -> str:
    """These columns as an index and the query that uses it have them."""
    return ", ".join(
        f"ifnull({each.column}, {NEVER})" if isinstance(each, OrNever) else each for each in columns
    )


def view_table(kind: type[Row]) -> ViewTable:
    """The statements that make the table of that class of rows."""
    required = {True: "", False: " NOT NULL"}
    columns = [
        f"{each.name} {TYPES[each.type]}{required[each.optional]}" for each in columns_of(kind)
    ]
    body = ", ".join([*columns, f"PRIMARY KEY ({', '.join(kind.KEY)})"])
    table = f"CREATE TABLE {kind.TABLE} ({body}) STRICT, WITHOUT ROWID"
    return ViewTable(kind, table, (*_partial_indexes(kind), *_look_ups(kind)))


def _partial_indexes(kind: type[Row]) -> list[str]:
    return [
        f"CREATE INDEX {kind.TABLE}_{index.name} ON {kind.TABLE}"
        f" ({', '.join((in_order(index.columns), *index.covering))}) WHERE {index.only}"
        for index in kind.INDEXES
    ]


def _look_ups(kind: type[Row]) -> list[str]:
    # Where an index of some rows begins with the column, most look-ups are for those rows; one of
    # all rows beside it would slow every reception down.
    served = {index.columns[0] for index in kind.INDEXES}
    kept = {column: kind.COVERING if column == kind.LOOK_UPS[0] else () for column in kind.LOOK_UPS}
    return [
        f"CREATE INDEX {kind.TABLE}_by_{column} ON {kind.TABLE}"
        f" ({', '.join((column, *kept[column]))})"
        for column in kind.LOOK_UPS
        if column not in served
    ]


TABLES = tuple(view_table(kind) for kind in VIEWS)
"""Every view table of this program."""
