"""The server's database in PostgreSQL: a plant of its own, copied with PostgreSQL's own tools.

Here a process may die, and a connection may be cut under a process that lives on: at a statement,
at the commit, or when the commit was done and nobody has said so yet.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast
from uuid import uuid4

import psycopg
from attrs import define, field

from manchengo.ports.store import Transaction
from manchengo_postgres import PostgresStore
from manchengo_postgres.errors import ConnectionLost, StorageError
from manchengo_postgres.store import schema_of
from manchengo_postgres.transaction import PostgresTransaction
from tests.simulation.disks import Fragile
from tests.support.postgres import execute, postgres
from tests.support.stores import IN_RAM

T = TypeVar("T")


@define
class Severed(Fragile):
    """A store whose connection may be cut. ``scissors``: at which statement from now on, the commit
    and the answer to it being the last two.
    """

    scissors: int | None = None
    _process: int = 0
    _watched: set[int] = field(factory=set)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        with Fragile.writing(self, durable=durable) as transaction:
            yield transaction
        if self.snips():
            raise ConnectionLost(database="simulated", detail="cut behind the commit")

    def began(self, transaction: Transaction) -> None:
        connection = cast(PostgresTransaction, transaction)._connection
        self._process = connection.info.backend_pid
        if self.scissors is not None and self._process not in self._watched:
            self._watched.add(self._process)
            connection.cursor_factory = _counting(psycopg.Cursor, "execute", self.snip)
            connection.__class__ = _counting(type(connection), "commit", self.snip)
            cast(PostgresTransaction, transaction)._cursor = connection.cursor(binary=True)

    def spare(self) -> None:
        self.fuse = self.scissors = None

    def snip(self) -> None:
        if self.snips():
            self.cut()

    def snips(self) -> bool:
        if self.scissors is None:
            return False
        self.scissors -= 1
        if self.scissors > 0:
            return False
        self.scissors = None
        return True

    def cut(self) -> None:
        execute("SELECT pg_terminate_backend(%s, 5000)", self._process)


def _counting(kind: type[T], name: str, snip: Callable[[], None]) -> type[T]:
    """That class, which tells before it does that."""

    def counted(self: Any, *words: Any, **named: Any) -> Any:
        snip()
        return getattr(super(made, self), name)(*words, **named)

    made = type(kind.__name__, (kind,), {name: counted})
    return made


class PostgresDisk:
    """Implements ``disks.Disk``: a schema of the shared server of the tests."""

    faults: tuple[type[Exception], ...] = (StorageError,)
    knows_a_copy = False

    def __init__(self) -> None:
        self.plant = uuid4()
        self._held = TemporaryDirectory(prefix="simulation-", dir=IN_RAM)
        self.folder = Path(self._held.name)
        self.store: Fragile = self._open()

    def picture(self) -> bytes:
        copy = self.folder / "copy"
        words = ("--format=custom", f"--schema={self._schema}", f"--file={copy}")
        postgres().run("pg_dump", *words, "postgres")
        return copy.read_bytes()

    def put_back(self, picture: bytes) -> None:
        self._shut()
        self._drop()
        copy = self.folder / "copy"
        copy.write_bytes(picture)
        words = ("--exit-on-error", "--single-transaction", "--dbname=postgres")
        postgres().run("pg_restore", *words, copy)
        self.store = self._open()

    def restart(self) -> None:
        self._shut()
        self.store = self._open()

    def blank(self) -> "PostgresDisk":
        return PostgresDisk()

    def close(self) -> None:
        self._shut()
        self._drop()
        self._held.cleanup()

    @property
    def _schema(self) -> str:
        return schema_of(self.plant)

    def _open(self) -> Severed:
        store = Severed(PostgresStore.open(postgres().url(), plant=self.plant))
        store.at_death = store.cut
        return store

    def _shut(self) -> None:
        cast(PostgresStore, self.store.inner).close()

    def _drop(self) -> None:
        execute(f"DROP SCHEMA {self._schema} CASCADE")
