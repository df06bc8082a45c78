"""The store on one schema of a PostgreSQL database: one writer at a time, readers that never wait.

Each plant has a schema of its own, with a counter of its own: plants never wait on each other. As
many workers as one likes may open the same plant; none of them keeps anything that another needs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self
from uuid import UUID

import psycopg

from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry
from manchengo_postgres.connections import Connections, address_of
from manchengo_postgres.errors import BadAddress
from manchengo_postgres.growth import GrowthListener
from manchengo_postgres.opening import prepare
from manchengo_postgres.snapshot import PostgresSnapshot
from manchengo_postgres.transaction import PostgresTransaction
from manchengo_postgres.view_update import Progress

PATIENCE = 60.0
LONGEST = 300.0
READERS = 4


class PostgresStore:
    """One plant, opened. Use it as a context manager, or ``close`` it; threads may share it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._listener = GrowthListener(connections.address, connections.schema)

    @classmethod
    def open(
        cls,
        database_url: str,
        *,
        plant: UUID | str,
        patience: float = PATIENCE,
        longest: float = LONGEST,
        readers: int = READERS,
        progress: Progress | None = None,
    ) -> Self:
        """Open the plant, made at the first opening, and bring it to this program's version.

        View tables that this program makes otherwise are made anew from the log; ``progress`` is
        called meanwhile, with how many events are read and how many there are.

        ``database_url``: ``postgresql://user@host/name`` or any other conninfo of libpq. ``plant``:
        its id. ``patience``: seconds for which anyone waits for a turn or a connection before being
        told ``DatabaseBusy`` or ``ConnectionLost``; ``longest``: seconds that one statement, or one
        pause within a transaction that writes, may take. ``readers``: how many read at once.

        Raises one of ``manchengo_postgres.errors``.
        """
        schema = schema_of(plant)
        try:
            address = address_of(database_url, schema, patience=patience, longest=longest)
        except psycopg.Error:
            raise BadAddress(database="") from None
        prepare(address, schema, progress=progress)
        return cls(Connections(address, schema, readers))

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[PostgresTransaction]:
        with self._connections.writing(durable=durable) as (connection, counter):
            address = self._connections.address
            transaction = PostgresTransaction(connection, counter, address=address)
            yield transaction
            transaction.flush()

    @contextmanager
    def reading(self) -> Iterator[PostgresSnapshot]:
        with self._connections.reading() as (connection, counter):
            yield PostgresSnapshot(connection, counter, address=self._connections.address)

    def wait_for_growth(self, seconds: float) -> int | None:
        """Where the log ends, a ``global_seq``, as soon as anybody wrote to it, in whatever
        process; the first time at once. None after ``seconds`` without news. One thread at a time.
        """
        return self._listener.wait(seconds)

    def note(self, entry: AuditEntry) -> None:
        with self.writing(durable=False) as transaction:
            audit_chain.note(transaction, entry)

    def damaged_pages(self) -> list[str]:
        return []  # the cluster keeps its own checksums, and answers no page that fails them

    def close(self) -> None:
        """Close its connections."""
        self._listener.close()
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def schema_of(plant: UUID | str) -> str:
    """The name of the schema in which that plant is kept."""
    return f"plant_{UUID(str(plant)).hex}"
