"""Whether an existing backup can be updated: its log must be a prefix of the database's log.

Both files are open on one connection: the backup as ``main``, the database as ``source``.
"""

from enum import StrEnum
from pathlib import Path
from typing import Any

from attrs import frozen

from manchengo.ports.settings import COPY_OF, DEVICE
from manchengo_sqlite.errors import BackupAhead, BackupOfAnother
from manchengo_sqlite.transaction import VIEWS_MADE


class Why(StrEnum):
    """Why a backup that was there is copied whole again."""

    ASKED = "asked"
    OTHER_TABLES = "other_tables"
    """It was made by another version of the program."""
    REORDERED = "reordered"
    """Its commits have other positions now: the server put others before them."""
    VIEWS_MADE_AGAIN = "views_made_again"


LOGS = {
    "_commits": ("position", "id", "hash"),
    "_events": ("seq", "id", "commit_position", "position"),
    "_log": ("global_seq", "commit_position", "hash"),
    "audit_log": ("id", "at", "action", "outcome", "facts"),
    "qr_scans": ("id", "at", "code", "outcome"),
}
"""The tables that only grow: the growing column first, then those that identify a row.

The audit also loses its oldest records, and its last may have grown.
"""

KEPT = {"audit_log": " AND ours.id >= (SELECT ifnull(min(id), 0) FROM source.audit_log)"}
"""Which rows of the backup the database must have as well, where it need not have all."""

TAIL = 10_000
"""How many of the last rows of a log are compared with those of the database."""


@frozen
class Head:
    """Where a log ends."""

    commits: int
    events: int


def head(connection: Any, schema: str) -> Head:
    """The last commit and event in that schema: ``main`` the backup, ``source`` the database."""
    if schema == "main" and not has_a_log(connection):
        return Head(0, 0)
    return Head(last(connection, schema, "_commits"), last(connection, schema, "_events"))


def last(connection: Any, schema: str, table: str) -> int:
    """The highest number in that table, one of ``LOGS``; 0 where it is empty."""
    (number,) = connection.execute(f"SELECT max({LOGS[table][0]}) FROM {schema}.{table}").fetchone()
    return int(number or 0)


def has_a_log(connection: Any) -> bool:
    """Whether the backup has the tables of a log at all."""
    return bool(connection.execute("PRAGMA main.table_info(_commits)").fetchall())


def reason_for_a_whole_copy(connection: Any, destination: Path) -> Why | None:
    """None when what is new can be added; raises where nothing may be done to that file."""
    if not has_a_log(connection) or not any_row(connection, OURS):
        raise BackupOfAnother(path=destination)
    same_tables = not any_row(connection, OTHER_TABLES)
    if same_tables and is_prefix(connection):
        return Why.VIEWS_MADE_AGAIN if views_were_made_again(connection) else None
    if any(any_row(connection, question) for question in LACKING):
        raise BackupAhead(path=destination)
    return Why.REORDERED if same_tables else Why.OTHER_TABLES


def any_row(connection: Any, question: str) -> bool:
    """Whether the question finds a row."""
    return connection.execute(question).fetchone() is not None


def is_prefix(connection: Any) -> bool:
    """Whether the log of the backup is what the log here began with.

    An event that is removed and inserted again gets another number, and only the end of the log is
    ever removed. So if the last event still has its number, nothing before it was moved. The last
    rows and every device's last commit are compared as well.
    """
    return not any(any_row(connection, question) for question in (*MOVED, TIP_MOVED))


def views_were_made_again(connection: Any) -> bool:
    """Whether the database rebuilt its views since the backup was made."""
    made = [
        connection.execute(
            f"SELECT value FROM {schema}._config WHERE name = ?", (VIEWS_MADE,)
        ).fetchone()
        for schema in ("main", "source")
    ]
    return bool(made[0] != made[1])


SAME_BEGINNING = (
    "SELECT 1 FROM (SELECT id, hash FROM main._commits ORDER BY position LIMIT 1) AS ours"
    " JOIN (SELECT id, hash FROM source._commits ORDER BY position LIMIT 1) AS theirs"
    " ON ours.id = theirs.id AND ours.hash = theirs.hash"
)
STILL_EMPTY = (
    "SELECT 1 FROM main._config AS ours JOIN source._config AS theirs ON ours.value = theirs.value"
    f" WHERE ours.name = '{COPY_OF}' AND theirs.name = '{DEVICE}'"
    " AND NOT EXISTS (SELECT 1 FROM main._commits)"
)
"""The backup was made of this device before anything was recorded, like that of a new server."""
OURS = f"SELECT 1 WHERE EXISTS ({SAME_BEGINNING}) OR EXISTS ({STILL_EMPTY})"
_TABLES = "SELECT type, name, tbl_name, sql FROM {}.sqlite_schema"
_MAIN, _SOURCE = _TABLES.format("main"), _TABLES.format("source")
OTHER_TABLES = (
    f"SELECT 1 FROM ({_MAIN} EXCEPT {_SOURCE})"
    f" UNION ALL SELECT 1 FROM ({_SOURCE} EXCEPT {_MAIN}) LIMIT 1"
)


def equal(columns: tuple[str, ...]) -> str:
    """The condition in SQL for these columns to be the same in ``theirs`` and ``ours``."""
    return " AND ".join(f"theirs.{column} IS ours.{column}" for column in columns)


MOVED = tuple(
    f"SELECT 1 FROM main.{table} AS ours"
    f" WHERE ours.{columns[0]} > (SELECT max({columns[0]}) FROM main.{table}) - {TAIL}"
    f" AND NOT EXISTS (SELECT 1 FROM source.{table} AS theirs WHERE {equal(columns)})"
    f"{KEPT.get(table, '')} LIMIT 1"
    for table, columns in LOGS.items()
)
TIP_MOVED = (
    "SELECT 1 FROM main._devices AS ours WHERE ours.sequence > 0 AND NOT EXISTS ("
    " SELECT 1 FROM source._commits AS theirs WHERE theirs.device_id IS ours.id"
    " AND theirs.sequence IS ours.sequence AND theirs.hash IS ours.hash"
    " AND theirs.position <= (SELECT max(position) FROM main._commits)) LIMIT 1"
)
LACKING = (
    "SELECT 1 FROM main._commits AS ours WHERE NOT EXISTS ("
    " SELECT 1 FROM source._commits AS theirs"
    " WHERE theirs.id = ours.id AND theirs.hash = ours.hash) LIMIT 1",
    *(
        f"SELECT 1 FROM main.{table} AS ours WHERE NOT EXISTS ("
        f" SELECT 1 FROM source.{table} AS theirs WHERE {equal(LOGS[table])})"
        f"{KEPT.get(table, '')} LIMIT 1"
        for table in ("audit_log", "qr_scans")
    ),
)
"""What the backup holds and the database does not, in whatever position."""
