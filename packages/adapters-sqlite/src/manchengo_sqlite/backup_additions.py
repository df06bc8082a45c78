"""Copies into a backup what is new in the database, and checks what was copied.

Both files are open on one connection: the backup as ``main``, the database as ``source``. A table
that is neither a log nor a view is compared whole, so a table of a later version is copied slowly
rather than left out.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from manchengo.application.log_chains import Chains
from manchengo.application.views.rebuild import BrokenHistory, rows_of_stream
from manchengo.domain.commit import Tip
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import VIEWS, MovementRow
from manchengo.ports.store import GarbledCommit
from manchengo_sqlite.backup import Progress
from manchengo_sqlite.backup_comparison import LOGS, Head, equal, head, last
from manchengo_sqlite.errors import NotAsSealed
from manchengo_sqlite.restored_device import mark_as_copy
from manchengo_sqlite.snapshot import UNREADABLE, SqliteSnapshot

AT_ONCE = 5_000
"""Events whose aggregates are copied at once, which bounds the memory that it takes."""


def add_what_is_new(connection: Any, progress: Progress) -> None:
    """Copy what the backup lacks, in its transaction. ``progress``: events copied, and in all."""
    begin, end = head(connection, "main").events, last(connection, "source", "_events")
    bring_the_queue_up_to_date(connection)
    connection.execute(NEW_ROWS["_commits"])
    connection.execute(DAYS)
    for after, until in steps_between(begin, end):
        step = {"after": after, "until": until}
        connection.execute(FORGET_DAYS)
        note_days(connection, step)
        connection.execute(NEW_EVENTS, step)
        note_days(connection, step)
        for statement in VIEWS_OF_WHAT_IS_NEW:
            connection.execute(statement, step)
        progress(until - begin, end - begin)
    for table in tables(connection):
        if table in TOUCHED or table in ("_commits", "_events", "_sync_queue"):
            continue
        if table in LOGS:
            connection.execute(NEW_ROWS[table])
            for statement in CHANGED_ROWS.get(table, ()):
                connection.execute(statement)
        else:
            for statement in as_in_the_source(connection, table):
                connection.execute(statement)
    mark_as_copy(connection)


def bring_the_queue_up_to_date(connection: Any) -> None:
    """Make the queue equal to the source's. Without a server millions of commits wait and none has
    left, which a checksum shows without comparing each.

    A commit that left the queue has its number in the server's log since then.
    """
    before = {"head": last(connection, "main", "_commits")}
    ours, theirs = (
        connection.execute(WAITING.format(schema), before).fetchone()
        for schema in ("main", "source")
    )
    if ours == theirs:
        connection.execute(NEW_IN_THE_QUEUE, before)
        return
    connection.execute(CONFIRMED_SINCE)
    for statement in as_in_the_source(connection, "_sync_queue"):
        connection.execute(statement)


def steps_between(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The numbers from ``begin`` to ``end`` in pieces of ``AT_ONCE``: ``(after, until)``."""
    for after in range(begin, end, AT_ONCE):
        yield after, min(after + AT_ONCE, end)


def note_days(connection: Any, step: dict[str, int]) -> None:
    """Write down the days on which the lots of these new events moved, as the backup has them now.
    Movements are kept day by day, so those of a lot are found by them.
    """
    copied = SqliteSnapshot.on(connection)
    for (lot_id,) in connection.execute(LOTS_OF_WHAT_IS_NEW, step).fetchall():
        # What makes no sense is met again, and named, when the copied commits are checked.
        with suppress(BrokenHistory, *UNREADABLE):
            entries = copied.stream(UUID(bytes=lot_id))
            made = rows_of_stream(entries) if entries else []
            days = {row.day.isoformat() for row in made if isinstance(row, MovementRow)}
            connection.executemany(ADD_DAY, [(day, lot_id) for day in days])


def tables(connection: Any) -> list[str]:
    """Every table of the database, including SQLite's own tables of sequence numbers."""
    found = connection.execute("SELECT name FROM source.sqlite_schema WHERE type = 'table'")
    return [name for (name,) in found.fetchall()]


# How many, their sum and that of their squares: other positions would have to agree in all three.
WAITING = (
    "SELECT count(*), sum(commit_position), sum(commit_position * commit_position % 2147483647)"
    " FROM {}._sync_queue WHERE commit_position <= :head"
)
NEW_IN_THE_QUEUE = (
    "INSERT INTO main._sync_queue SELECT * FROM source._sync_queue WHERE commit_position > :head"
)
CONFIRMED_SINCE = (
    "INSERT OR REPLACE INTO main._commits SELECT confirmed.* FROM main._sync_queue AS waiting"
    " CROSS JOIN source._commits AS confirmed ON confirmed.position = waiting.commit_position"
    " WHERE NOT EXISTS (SELECT 1 FROM source._sync_queue AS still"
    " WHERE still.commit_position = waiting.commit_position)"
)
NEW_ROWS = {
    table: (
        f"INSERT INTO main.{table} SELECT * FROM source.{table} WHERE {columns[0]} >"
        f" (SELECT ifnull(max({columns[0]}), 0) FROM main.{table})"
    )
    for table, columns in LOGS.items()
}
CHANGED_ROWS = {
    "audit_log": (
        "DELETE FROM main.audit_log WHERE id < (SELECT ifnull(min(id), 0) FROM source.audit_log)",
        "INSERT OR REPLACE INTO main.audit_log SELECT theirs.* FROM source.audit_log AS theirs"
        " JOIN main.audit_log AS ours ON ours.id = theirs.id AND ours.hash <> theirs.hash",
    )
}
_NEW = "seq > :after AND seq <= :until"
NEW_EVENTS = f"INSERT INTO main._events SELECT * FROM source._events WHERE {_NEW}"
LOTS_OF_WHAT_IS_NEW = (
    f"SELECT DISTINCT aggregate_id FROM source._events WHERE {_NEW} AND aggregate_type = 'lot'"
)
DAYS = "CREATE TEMP TABLE IF NOT EXISTS days (day TEXT, lot_id BLOB, PRIMARY KEY (day, lot_id))"
FORGET_DAYS = "DELETE FROM days"
ADD_DAY = "INSERT OR IGNORE INTO days VALUES (?, ?)"
TOUCHED = {
    kind.TABLE: f"{kind.owned_by()} IN (SELECT aggregate_id FROM source._events WHERE {_NEW})"
    for kind in VIEWS
    if kind is not MovementRow
} | {MovementRow.TABLE: "(day, lot_id) IN (SELECT day, lot_id FROM days)"}
"""The views, and the condition in SQL for a row to be of an aggregate in the new events."""

VIEWS_OF_WHAT_IS_NEW = tuple(
    statement
    for table, is_touched in TOUCHED.items()
    for statement in (
        f"DELETE FROM main.{table} WHERE {is_touched}",
        f"INSERT INTO main.{table} SELECT * FROM source.{table} WHERE {is_touched}",
    )
)


def as_in_the_source(connection: Any, table: str) -> tuple[str, str]:
    """Two statements that make the table equal to the source's: delete what is not there, insert
    what is missing. A table without a key, as SQLite's internal ones are, is copied whole.
    """
    found = connection.execute(f'PRAGMA source.table_info("{table}")').fetchall()
    if not any(column[5] for column in found):
        return (
            f'DELETE FROM main."{table}"',
            f'INSERT INTO main."{table}" SELECT * FROM source."{table}"',
        )
    same = equal(tuple(f'"{column[1]}"' for column in found))
    return (
        f'DELETE FROM main."{table}" AS ours'
        f' WHERE NOT EXISTS (SELECT 1 FROM source."{table}" AS theirs WHERE {same})',
        f'INSERT INTO main."{table}" SELECT * FROM source."{table}" AS theirs'
        f' WHERE NOT EXISTS (SELECT 1 FROM main."{table}" AS ours WHERE {same})',
    )


def check_what_is_new(
    connection: Any, before: Head, tips: dict[DeviceId, Tip], source: Path
) -> None:
    """Read back from the backup. Raises ``NotAsSealed`` unless every new commit is as its author
    sealed it and follows the one before, and no device's chain ends early. Asserts that the view
    rows of the aggregates in them equal the source's.
    """
    copied = SqliteSnapshot.on(connection)
    chains = Chains(known=copied.tips(), ends=tips)
    try:
        for commit in copied.commits_after(before.commits):
            chains.follow(commit)
    except GarbledCommit as garbled:
        raise NotAsSealed(path=source, commit=str(garbled.commit_id)) from garbled
    found = chains.tampered or chains.cut_short()
    if found is not None:
        raise NotAsSealed(path=source, commit=str(found.commit_id))
    for after, until in steps_between(before.events, last(connection, "source", "_events")):
        step = {"after": after, "until": until}
        connection.execute(FORGET_DAYS)
        note_days(connection, step)
        for question in UNLIKE:
            unlike = connection.execute(question, step).fetchone()
            assert unlike is None, "a row in the backup is not as it is in the database"


UNLIKE = tuple(
    f"SELECT * FROM {one}.{table} WHERE {is_touched}"
    f" EXCEPT SELECT * FROM {other}.{table} WHERE {is_touched}"
    for table, is_touched in TOUCHED.items()
    for one, other in (("main", "source"), ("source", "main"))
)
