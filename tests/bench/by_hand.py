"""The same rows in the same tables under the same key, by SQL that somebody wrote by hand.

No rule is checked, nothing is looked up, no hash reckoned: it is the least that storing can cost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen
from sqlcipher3 import dbapi2 as sqlcipher

from tests.bench.workshop import KEY

Rows = Mapping[str, Sequence[tuple[Any, ...]]]
"""Some rows of each table, every column in the order of the table."""


@frozen
class ByHand:
    """One connection, with the settings of the one by which we write."""

    connection: Any

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.connection.execute(statement, parameters).fetchall()
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        yield
        self.connection.execute("COMMIT")

    def insert(self, rows: Rows) -> None:
        for table, some in rows.items():
            if some:
                self.connection.executemany(statement(table, len(some[0])), some)


STANDING = {
    "_devices": "sequence, hash, hlc",
    "lots_mp": "status, quantity_remaining, quantity_reserved",
}
"""Where a row may stand already, and what of it changes."""


def statement(table: str, columns: int) -> str:
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"
    if table not in STANDING:
        return insert
    changes = ", ".join(f"{name} = excluded.{name}" for name in STANDING[table].split(", "))
    return f"{insert} ON CONFLICT (id) DO UPDATE SET {changes}"


@contextmanager
def by_hand(path: Path, *, durable: bool = True) -> Iterator[ByHand]:
    connection = sqlcipher.connect(str(path), isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        yield ByHand(connection)
    finally:
        connection.close()


# ---------------------------------------------------------------- what commands of ours wrote

OF_A_COMMIT = {
    "_commits": "SELECT * FROM _commits WHERE position = ?",
    "_events": "SELECT * FROM _events WHERE commit_position = ? ORDER BY commit_index",
    "_sync_queue": "SELECT * FROM _sync_queue WHERE commit_position = ?",
    "_devices": (
        "SELECT d.* FROM _devices d JOIN _commits c ON c.device_id = d.id WHERE c.position = ?"
    ),
    "lots_mp": "SELECT * FROM lots_mp WHERE id IN touched",
    "lots_pf": "SELECT * FROM lots_pf WHERE id IN touched",
    # An order's commit finds the lot's earlier lines there too: those have another cause.
    "stock_movements": (
        "SELECT * FROM stock_movements WHERE lot_id IN touched"
        " AND (cause IN touched OR cause IS NULL AND (SELECT count(*) FROM touched) = 1)"
    ),
    "lot_reservations": (
        "SELECT * FROM lot_reservations WHERE lot_id IN touched AND owner IN touched"
    ),
    "production_orders": "SELECT * FROM production_orders WHERE id IN touched",
}
"""Every row that one reception of a lot, or one make, writes."""

TOUCHED = "WITH touched AS (SELECT DISTINCT aggregate_id FROM _events WHERE commit_position = ?)"


def rows_of_latest(database: ByHand, count: int) -> list[Rows]:
    """The rows of the last ``count`` commands, in their order, as they stand now."""
    last = database.rows("SELECT position FROM _commits ORDER BY position DESC LIMIT ?", count)
    return [
        {
            table: database.rows(f"{TOUCHED} {select}" if "touched" in select else select, position)
            for table, select in OF_A_COMMIT.items()
        }
        for (position,) in reversed(last)
    ]


def insert_one_by_one(database: ByHand, commands: Iterable[Rows]) -> None:
    """Each in its own transaction, durable before the next."""
    for rows in commands:
        with database.transaction():
            database.insert(rows)
