"""How workers hear of each other's commits: PostgreSQL notifies those that listen to the plant.

A notification says where the log ends. It comes after the commit, in a transaction that waits for
no disk: PostgreSQL lets one transaction of the whole cluster at a time commit with a notification,
and one that waits for the disk meanwhile would make all plants wait. So it may be lost, if the
worker is killed just then: who listens looks at the log from time to time all the same.
"""

import time

import psycopg
from attrs import define, field

from manchengo_postgres import statements as sql
from manchengo_postgres.translation import Address


def announce(connection: psycopg.Connection, schema: str, head: int) -> None:
    """Notifies those that listen to that plant. ``head``: the ``global_seq`` of the last entry."""
    connection.execute(
        "BEGIN; SET LOCAL synchronous_commit = off;"
        f" SELECT pg_notify('{schema}', '{head:d}'); COMMIT".encode()
    )


@define(eq=False)
class GrowthListener:
    """A connection that hears of all commits to the plant; opened when it is first needed."""

    address: Address
    schema: str
    _connection: psycopg.Connection | None = field(default=None, init=False)

    def wait(self, seconds: float) -> int | None:
        """Where the log ends, as soon as somebody wrote; at once where this begins to listen. None
        after ``seconds`` without news, also where PostgreSQL does not answer.
        """
        until = time.monotonic() + seconds
        try:
            if self._connection is None:
                return self._begin()
            heard = self._connection.notifies(timeout=seconds, stop_after=1)
            return max((int(each.payload) for each in heard), default=None)
        except psycopg.Error:
            self.close()
            time.sleep(max(0.0, until - time.monotonic()))
            return None

    def close(self) -> None:
        """Listen no more."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _begin(self) -> int | None:
        """Listens, and looks at what came before."""
        self._connection = psycopg.connect(self.address.conninfo, autocommit=True)
        self._connection.execute(f"LISTEN {self.schema}".encode())
        row = self._connection.execute(sql.COUNTER.encode()).fetchone()
        return None if row is None else int(row[0])
