"""The connections of one worker to one plant: one that writes, and a few that read.

All of them see the plant's own schema and no other, from their first moment on: the path is part of
how they are opened, so that no rollback and no reset can lose it.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import get_ident
from typing import Any, TypeAlias, TypeVar

import psycopg
from attrs import define, field
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from manchengo_postgres import statements as sql
from manchengo_postgres.errors import (
    ConnectionLost,
    DatabaseBusy,
    StorageFault,
    UsedAfterFork,
)
from manchengo_postgres.growth import announce
from manchengo_postgres.translation import Address

T = TypeVar("T")

OWN_PORT = 5432
SECONDS_TO_CONNECT = 10
IDLE_SECONDS = 60.0
"""After which a connection that nobody needed is closed: PostgreSQL has a hundred, by default."""
STATEMENTS_KEPT = 500  # all there are, each prepared once a connection
USUAL = {
    "application_name": "manchengo",
    "connect_timeout": SECONDS_TO_CONNECT,
    # A server that vanished without a word is noticed within a minute or so.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}

BEGIN_READING = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {sql.COUNTER}"
"""The counter is read at once, because the moment is chosen by the first look and not by BEGIN."""


def begin_writing(*, durable: bool, patience: float, longest: float) -> str:
    """Everything is refused to other writers until the end: the counter is taken first.

    READ COMMITTED, because each statement then sees what was committed before it began, and all
    begin after the counter came: nobody else can have written since. A stricter level would choose
    its moment before the wait, and then fail because of whoever was waited for.
    """
    return (
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
        f" SET LOCAL synchronous_commit = {'on' if durable else 'off'};"
        f" SET LOCAL lock_timeout = {milliseconds(patience):d};"
        " SET LOCAL statement_timeout = 0;"
        f" {sql.TAKE_THE_COUNTER};"
        f" SET LOCAL statement_timeout = {milliseconds(longest):d};"
        # A worker that hangs while it has the counter would stop all the others.
        f" SET LOCAL idle_in_transaction_session_timeout = {milliseconds(longest):d}"
    )


@define
class Counter:
    """The numbers of the one row that is taken by whoever writes."""

    global_seq: int
    log_hash: bytes
    position: int
    rewinds: int


def address_of(database_url: str, schema: str, *, patience: float, longest: float) -> Address:
    """That address with the schema and the limits in it; psycopg's own error when it is none."""
    given = conninfo_to_dict(database_url.replace("postgresql+psycopg://", "postgresql://", 1))
    if not all(_is_port(each) for each in str(given.get("port") or OWN_PORT).split(",")):
        raise psycopg.ProgrammingError("a port is a number from 1 to 65535")
    words = [
        str(given.get("options") or ""),
        f"-c search_path={schema}",
        f"-c statement_timeout={milliseconds(longest):d}",
        "-c jit=off",  # compiling would take longer than any of our statements
        # A worker that vanished without a word is noticed within minutes, not hours.
        "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10",
    ]
    known: dict[str, Any] = {**USUAL, **given, "client_encoding": "UTF8"}
    conninfo = make_conninfo(**{**known, "options": " ".join(words).strip()})
    return Address(conninfo, patience, longest)


def _is_port(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535)


class Connection(psycopg.Connection):
    """A connection of a pool; ``was_used`` once a transaction began on it."""

    was_used = False


Pool: TypeAlias = ConnectionPool[Connection]


@define(eq=False)
class Connections:
    """Two pools: threads that wait to write queue before the first, in the order they came, and
    leave the connections of the second to those who read.
    """

    address: Address
    schema: str
    readers: int
    process: int = field(factory=os.getpid)
    _holder: int | None = None
    _writing: Pool = field(init=False)
    _reading: Pool = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._writing = self._pool(1)
        self._reading = self._pool(self.readers)

    def _pool(self, most: int) -> Pool:
        return ConnectionPool(
            self.address.conninfo,
            connection_class=Connection,
            kwargs={"autocommit": True},
            min_size=0,
            max_size=most,
            open=True,
            configure=configure,
            timeout=self.address.patience,
            max_idle=IDLE_SECONDS,
            num_workers=1,
        )

    @contextmanager
    def writing(self, *, durable: bool) -> Iterator[tuple[psycopg.Connection, Counter]]:
        """The one transaction that writes, from the taking of the counter to the commit."""
        assert self._holder != get_ident(), "a transaction was begun inside another one"
        longest, patience = self.address.longest, self.address.patience
        begin = begin_writing(durable=durable, patience=patience, longest=longest)

        def take_the_counter(connection: psycopg.Connection) -> Counter:
            self._holder = get_ident()
            return _begun(connection, begin)

        try:
            with self._connection(self._writing, take_the_counter) as (connection, counter):
                head = counter.global_seq
                yield connection, counter
                self._commit(connection)
                if counter.global_seq != head:
                    with suppress(psycopg.Error):  # it is stored, and found without this
                        announce(connection, self.schema, counter.global_seq)
        finally:
            if self._holder == get_ident():
                self._holder = None

    @contextmanager
    def reading(self) -> Iterator[tuple[psycopg.Connection, Counter]]:
        """The plant as it is now, unchanged until the end, whoever writes meanwhile."""
        with self._connection(self._reading, partial(_begun, begin=BEGIN_READING)) as begun:
            yield begun

    def close(self) -> None:
        """Close both pools; in a process forked since, nothing: they are the parent's."""
        if self.process == os.getpid():
            self._writing.close()
            self._reading.close()

    @contextmanager
    def _connection(
        self, pool: Pool, first: Callable[[psycopg.Connection], T]
    ) -> Iterator[tuple[psycopg.Connection, T]]:
        """A connection, and what it answered to the first that was asked of it."""
        connection, answer = self._answering(pool, first)
        try:
            yield connection, answer
        finally:
            _abandon(connection)
            pool.putconn(connection)

    def _answering(
        self, pool: Pool, first: Callable[[psycopg.Connection], T]
    ) -> tuple[Connection, T]:
        while True:
            connection = self._from(pool)
            try:
                answer = first(connection)
            except BaseException as error:
                _abandon(connection)
                pool.putconn(connection)
                if not isinstance(error, psycopg.Error):
                    raise
                # One that was lost while nobody used it says so now, before anything is done.
                if not (connection.was_used and connection.closed):
                    raise self.address.storage_error(error) from None
            else:
                connection.was_used = True
                return connection, answer

    def _from(self, pool: Pool) -> Connection:
        if self.process != os.getpid():
            raise UsedAfterFork(database=self.address.name)
        try:
            return pool.getconn()
        except PoolClosed:
            raise StorageFault(database=self.address.name, detail="closed before") from None
        except PoolTimeout:
            if pool is self._writing and self._holder is not None:
                waited = self.address.patience
                raise DatabaseBusy(database=self.address.name, waited=waited) from None
            detail = "no connection could be had"
            raise ConnectionLost(database=self.address.name, detail=detail) from None

    def _commit(self, connection: psycopg.Connection) -> None:
        # PostgreSQL answers a COMMIT with a silent ROLLBACK where a statement failed before.
        if connection.info.transaction_status is TransactionStatus.INERROR:
            detail = "a statement failed, and its transaction was to be kept all the same"
            raise StorageFault(database=self.address.name, detail=detail)
        try:
            connection.commit()
        except psycopg.Error as error:
            raise self.address.storage_error(error) from None


def milliseconds(seconds: float) -> int:
    """As PostgreSQL takes a limit: whole milliseconds."""
    return round(seconds * 1000)


def _begun(connection: psycopg.Connection, begin: str) -> Counter:
    cursor = connection.execute(begin.encode())
    while cursor.description is None:
        cursor.nextset()
    return Counter(*cursor.fetchall()[0])


def configure(connection: psycopg.Connection) -> None:
    """Make a new connection ready for the statements of this package."""
    # One type for all whole numbers: else each size of number would be a statement of its own.
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.prepared_max = STATEMENTS_KEPT


def _abandon(connection: psycopg.Connection) -> None:
    """Whatever went wrong, the next to have this connection finds no transaction open."""
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        with suppress(psycopg.Error):
            connection.rollback()
