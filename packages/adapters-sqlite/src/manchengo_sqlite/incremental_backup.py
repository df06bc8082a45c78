"""Brings an existing backup up to date by copying what is new.

The log only grows. So what a backup lacks is what comes after its last commit, and the view rows
of the aggregates that this is about; the rest is small, and compared row by row. All of it is one
transaction of the backup's own file: cut off at any point, the file is the backup it was before.

``HOW_TO_FOLLOW`` is asked about every table that the database has. One that it does not know is
compared whole, so that a table which comes later is copied slowly rather than left out.

What is not looked at again: the pages of the backup that nothing new touches, and the view rows of
aggregates that nothing new is about. A page that went bad there is found when the backup is
restored; view rows are never more than what a rebuild makes of the log.
"""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

from attrs import frozen
from sqlalchemy import Engine

from manchengo.application.integrity import Chains
from manchengo.domain.commit import Tip
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import VIEWS
from manchengo.ports.settings import COPY_OF, DEVICE
from manchengo.ports.store import GarbledCommit
from manchengo_sqlite.backup import Progress, blaming, copy, copy_key_file, verify
from manchengo_sqlite.connection import OpenFile, driver_connection, open_file, reading
from manchengo_sqlite.driver import connect, uri
from manchengo_sqlite.errors import (
    AlreadyThere,
    BackupAhead,
    BackupDamaged,
    BackupOfAnother,
    BackupUnderOtherKey,
    DatabaseBusy,
    DatabaseCorrupt,
    NeedsKey,
    NotADatabase,
    NotAsSealed,
    NotEncrypted,
    WrongKey,
)
from manchengo_sqlite.file_check import held, held_open, recognise, unfinished
from manchengo_sqlite.files import draft, facing_the_disk, take_the_place
from manchengo_sqlite.restored_device import mark_as_copy
from manchengo_sqlite.snapshot import SqliteSnapshot
from manchengo_sqlite.steps import newest
from manchengo_sqlite.transaction import VIEWS_MADE
from manchengo_sqlite.translation import DRIVER_ERRORS, translated


class Why(StrEnum):
    """Why a backup that was there is copied whole again."""

    ASKED = "asked"
    OTHER_TABLES = "other_tables"
    """It was made by another version of the program."""
    REORDERED = "reordered"
    """Commits that it holds stand elsewhere in the log since: the server put others before them."""
    VIEWS_MADE_AGAIN = "views_made_again"


@frozen(kw_only=True)
class Refreshed:
    """``commits``: how many more the backup holds. ``whole``: why it was copied whole again; None
    when only what is new was added.
    """

    commits: int
    whole: Why | None


LOGS = {
    "_commits": ("position", "id", "hash"),
    "_events": ("seq", "id", "commit_position", "position"),
    "_log": ("global_seq", "commit_position", "hash"),
    "audit_log": ("id", "at", "action", "outcome", "facts"),
    "qr_scans": ("id", "at", "code", "outcome"),
}
"""The tables that only grow: the column that grows, and with it those by which a row is told."""

OWNERS = {kind.TABLE: kind.KEY[0] for kind in VIEWS}
"""The views, and the column that names the aggregate to which a row belongs."""

TAIL = 10_000
"""So many of the last rows of a log are compared, one by one, with those of the database."""

AT_ONCE = 5_000
"""Events whose aggregates are done in one go: what is known of them is kept in memory."""


def refresh(
    engine: Engine,
    destination: Path | str,
    *,
    whole: bool = False,
    progress: Progress | None = None,
) -> Refreshed:
    """Bring the backup at ``destination`` up to date; with ``whole``, copy it afresh.

    It is copied afresh as well where adding would not do (``Why``). Refused, and as it was, when it
    is no backup of this database (``BackupOfAnother``, ``BackupUnderOtherKey``, ``AlreadyThere``),
    holds what this database does not (``BackupAhead``), was written by a newer program
    (``DatabaseTooNew``) or is damaged (``BackupDamaged``).
    """
    destination = Path(destination)
    file = open_file(engine)
    with facing_the_disk(destination):
        if held_open(destination):  # the database itself, or another at work
            raise AlreadyThere(path=destination)
        with blaming_the_backup(file, destination):
            recognise(destination, file.key, supported=newest())
            with held(destination), beside(file, destination) as connection:
                before = head(connection, "main")
                why = Why.ASKED if whole else None
                why = reason_for_a_whole_copy(connection, destination) or why
                if why is None:
                    tips = SqliteSnapshot.on(connection).tips()
                    add_what_is_new(connection, progress or (lambda _done, _all: None))
                    check_what_is_new(connection, before, tips, file.path)
                    connection.execute("COMMIT")
                after = head(connection, "main" if why is None else "source")
        if why is not None:
            copy_whole(engine, destination, progress)
        copy_key_file(file.path, destination)
    return Refreshed(commits=after.commits - before.commits, whole=why)


def copy_whole(engine: Engine, destination: Path, progress: Progress | None) -> None:
    """A new backup in the place of the old one, which stands until the new one is proven."""
    file = open_file(engine)
    if unfinished(destination):  # SQLite would fold it into the new file
        raise DatabaseBusy(path=destination, waited=0)
    with draft(destination.resolve()) as written:
        with reading(engine) as connection, blaming(file.path, destination):
            copy(driver_connection(connection), written, file.key, progress)
        verify(written, file.key, copied_from=file.path)
        take_the_place(written, destination.resolve())


# ---------------------------------------------------------------- the two files, side by side


@contextmanager
def beside(file: OpenFile, destination: Path) -> Iterator[Any]:
    """The backup as ``main``, to be written; the database as ``source``, in one moment of it.

    Writers of the database do not wait for this, nor does it wait for them.
    """
    file.must_be_usable()
    with translated(destination), closing(connect(destination, file.key, how="mode=rw")) as both:
        both.execute("PRAGMA synchronous = FULL")
        if sys.platform == "darwin":
            both.execute("PRAGMA fullfsync = ON")
        attach(both, file)
        both.execute("BEGIN IMMEDIATE")  # here SQLite takes back what a kill left half done
        try:
            yield both
        finally:
            with suppress(*DRIVER_ERRORS):
                if both.in_transaction:
                    both.rollback()
        # If somebody opened it since, it keeps a log beside it; a backup is one file and no other.
        both.execute("DETACH source")
        both.execute("PRAGMA journal_mode = DELETE")


def attach(connection: Any, file: OpenFile) -> None:
    """Attach the open database to the connection as ``source``, to be read."""
    place = f"{uri(file.path)}?mode=ro"
    if file.key is None:
        connection.execute("ATTACH ? AS source", (place,))
    else:
        connection.execute("ATTACH ? AS source KEY ?", (place, f"x'{file.key.hex()}'"))


@contextmanager
def blaming_the_backup(file: OpenFile, destination: Path) -> Iterator[None]:
    """What is wrong with the file at ``destination``, told as of a backup."""
    try:
        yield
    except (WrongKey, NeedsKey, NotEncrypted) as error:
        raise BackupUnderOtherKey(path=destination) from error
    except NotADatabase as error:
        raise AlreadyThere(path=destination) from error
    except DatabaseCorrupt as error:
        if error.path == destination and is_damaged(destination, file.key):
            raise BackupDamaged(path=destination, detail=error.detail) from error
        raise DatabaseCorrupt(path=file.path, detail=error.detail) from error


def is_damaged(destination: Path, key: bytes | None) -> bool:
    """Of two files, SQLite does not say which one it cannot read."""
    try:
        verify(destination, key, copied_from=destination)
    except DatabaseCorrupt:
        return True
    return False


# ---------------------------------------------------------------- may it be added to?


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

    An event that is taken out and put in again elsewhere gets another number, and what is taken out
    is always the end of the log. So where the last event bears its number still, nothing before it
    was moved. The last rows and every device's last commit are compared as well.
    """
    return not any(any_row(connection, question) for question in (*MOVED, TIP_MOVED))


def views_were_made_again(connection: Any) -> bool:
    """Whether the database made its views anew since the backup was made."""
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
"""It was made of this very device before anything was recorded, as that of a new server is."""
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
    f" AND NOT EXISTS (SELECT 1 FROM source.{table} AS theirs WHERE {equal(columns)}) LIMIT 1"
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
        f" SELECT 1 FROM source.{table} AS theirs WHERE {equal(LOGS[table])}) LIMIT 1"
        for table in ("audit_log", "qr_scans")
    ),
)
"""What the backup holds and the database does not, wherever it stands."""


# ---------------------------------------------------------------- adding


def add_what_is_new(connection: Any, progress: Progress) -> None:
    """Copy what the backup lacks, in its transaction. ``progress``: events copied, and in all."""
    begin, end = head(connection, "main").events, last(connection, "source", "_events")
    bring_the_queue_up_to_date(connection)
    for after, until in steps_between(begin, end):
        for statement in (*NEW_EVENTS, *VIEWS_OF_WHAT_IS_NEW):
            connection.execute(statement, {"after": after, "until": until})
        progress(until - begin, end - begin)
    for table in tables(connection):
        if table in OWNERS or table in ("_events", "_sync_queue"):
            continue
        if table in LOGS:
            connection.execute(NEW_ROWS[table])
        else:
            for statement in as_in_the_source(connection, table):
                connection.execute(statement)
    mark_as_copy(connection)


def bring_the_queue_up_to_date(connection: Any) -> None:
    """Millions wait where there is no server, and then none has left: seen without comparing each.

    A commit that left was seen in the server's log, and bears its number there since.
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


def tables(connection: Any) -> list[str]:
    """Every table of the database, SQLite's own books of numbers given included."""
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
_NEW = "seq > :after AND seq <= :until"
NEW_EVENTS = (f"INSERT INTO main._events SELECT * FROM source._events WHERE {_NEW}",)
_TOUCHED = f"IN (SELECT aggregate_id FROM source._events WHERE {_NEW})"
VIEWS_OF_WHAT_IS_NEW = tuple(
    statement
    for table, owner in OWNERS.items()
    for statement in (
        f"DELETE FROM main.{table} WHERE {owner} {_TOUCHED}",
        f"INSERT INTO main.{table} SELECT * FROM source.{table} WHERE {owner} {_TOUCHED}",
    )
)


def as_in_the_source(connection: Any, table: str) -> tuple[str, str]:
    """Take away the rows that are not there; add those that are. All, where no key tells two equal
    rows apart: SQLite's own books are like that, and small.
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


# ---------------------------------------------------------------- checking


def check_what_is_new(
    connection: Any, before: Head, tips: dict[DeviceId, Tip], source: Path
) -> None:
    """Read back from the backup: every new commit is as its author sealed it and follows the one
    before, no device's chain ends early, and the rows of all that is touched are the source's.
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
        for question in UNLIKE:
            unlike = connection.execute(question, {"after": after, "until": until}).fetchone()
            assert unlike is None, "a row in the backup is not as it is in the database"


UNLIKE = tuple(
    f"SELECT * FROM {one}.{table} WHERE {owner} {_TOUCHED}"
    f" EXCEPT SELECT * FROM {other}.{table} WHERE {owner} {_TOUCHED}"
    for table, owner in OWNERS.items()
    for one, other in (("main", "source"), ("source", "main"))
)
