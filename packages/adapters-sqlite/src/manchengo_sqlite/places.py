"""The numbers that commits and events bear in the tables follow from the log.

Another device has other numbers, so no seal covers them: a changed one is found by working it out
again. Events are numbered as they are stored, in the order of the log and then of the queue, and no
number is given twice. Those of events that were taken back are missing, and a setting keeps their
sum: so all numbers that were ever given add up.
"""

from hashlib import sha256

from attrs import define
from sqlalchemy import Connection

from manchengo.domain.commit import NO_HASH

NUMBERS_UNDONE = "numbers_undone"
"""The setting that holds the sum of the numbers of all events that were taken back."""

REWINDS = "rewinds"
"""The setting that counts how often something was taken back."""

NUMBERS_GIVEN = "numbers_given"
"""The setting that holds the last number that was given when events were last taken back: no event
may have it any more, and it is not given again.
"""


@define
class EventOrder:
    """Follows the events by their number; ``total`` is the sum of those followed."""

    total: int = 0
    _last: tuple[bool, int, int] = (False, 0, 0)

    def takes(
        self, number: int, entry: int | None, first: int | None, position: int, index: int
    ) -> bool:
        """Whether the event comes after the one before it.

        ``entry``: the place in the log by which it happened, None for ``first``, the first of its
        commit, which is None while it waits; ``position``: of the commit in the tables.
        """
        if entry is not None and (first is None or entry <= first):
            return False
        place = first if entry is None else entry
        before, self._last = self._last, (place is None, place or position, index)
        self.total += number
        return before < self._last


def sum_up_to(last: int) -> int:
    """1 + 2 + … + ``last``."""
    return last * (last + 1) // 2


def keep_numbers_that_verify_compares(connection: Connection) -> None:
    """A step: what releases before it did not keep, or kept otherwise."""
    connection.exec_driver_sql(
        "UPDATE _commits SET global_seq = (SELECT max(l.global_seq) FROM _log AS l"
        " WHERE l.commit_position = _commits.position) WHERE global_seq IS NOT"
        " (SELECT max(l.global_seq) FROM _log AS l WHERE l.commit_position = _commits.position)"
    )
    (given,) = connection.exec_driver_sql(
        "SELECT max(seq) FROM sqlite_sequence WHERE name = '_events'"
    ).one()
    (kept,) = connection.exec_driver_sql("SELECT ifnull(sum(seq), 0) FROM _events").one()
    undone = sum_up_to(given or 0) - kept
    if undone:
        connection.exec_driver_sql(
            "INSERT INTO _config (name, value) VALUES (?, ?)", (NUMBERS_UNDONE, str(undone))
        )
    signed = connection.exec_driver_sql(
        "SELECT q.commit_position, q.seal, c.signature FROM _sync_queue AS q"
        " JOIN _commits AS c ON c.position = q.commit_position WHERE c.signature IS NOT NULL"
    ).fetchall()
    for position, seal, signature in signed:
        connection.exec_driver_sql(
            "UPDATE _sync_queue SET seal = ? WHERE commit_position = ?",
            (sha256((seal or NO_HASH) + signature).digest(), position),
        )


def number_events_without_sqlite_sequence(connection: Connection) -> None:
    """A step: SQLite no longer keeps the last number in a table of its own, which every command
    wrote. Where it is that of an event taken back, a setting has it.

    No row changes, only the statement that made the table, as SQLite describes for such changes: a
    log of any size is done at once.
    """
    connection.exec_driver_sql(
        "INSERT INTO _config (name, value) SELECT ?, seq FROM sqlite_sequence"
        " WHERE name = '_events' AND seq > (SELECT ifnull(max(seq), 0) FROM _events)",
        (NUMBERS_GIVEN,),
    )
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = '_events'")
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, 'PRIMARY KEY AUTOINCREMENT', 'PRIMARY KEY')"
        " WHERE type = 'table' AND name = '_events'"
    )
    # So that every connection, this one too, reads the statements again.
    (version,) = connection.exec_driver_sql("PRAGMA schema_version").one()
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1:d}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
