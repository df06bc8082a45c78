"""View tables follow the row classes, on every database: made of them, and made anew from the log
where a database was left by a program that had others.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import psycopg
import pytest
from attrs import frozen

from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.ports.rows import VIEWS, ClientRow, RawLotRow, Row, SupplierRow
from manchengo.ports.store import Store
from manchengo.ports.view_tables import FORMER_TABLES, VIEW_TABLES
from manchengo_postgres import PostgresStore
from manchengo_postgres.store import schema_of
from manchengo_sqlite import SqliteStore
from tests.support.given import open_dairy
from tests.support.postgres import execute, postgres
from tests.support.source_copy import Change, copy_of_the_source
from tests.support.story import a_fortnight

Opened: TypeAlias = SqliteStore | PostgresStore
Calls: TypeAlias = list[tuple[int, int]]

PLANT = UUID(int=78)
"""Each has a database of its own."""


@frozen
class Base:
    """A database between two openings. ``ask``: one statement, by somebody with every right.
    ``opening``: the Python by which a program opens it. ``place``: its file, or its name.
    ``drop``: take it away.
    """

    open: Callable[..., Opened]
    opening: str
    ask: Callable[[str], list[Any]]
    place: str
    drop: Callable[[], object]

    def opened(self) -> Calls:
        """Open it and close it again; how the work that this took was reported."""
        calls: Calls = []
        self.open(progress=lambda done, whole: calls.append((done, whole))).close()
        return calls

    def fingerprints(self) -> dict[str, str]:
        ((stored,),) = self.ask(f"SELECT value FROM _config WHERE name = '{VIEW_TABLES}'")
        return dict(entry.split(":", 1) for entry in stored.split())

    def was_left_with(self, **fingerprints: str) -> None:
        """As a program left it whose tables had these fingerprints."""
        every = self.fingerprints() | fingerprints
        value = " ".join(":".join(each) for each in every.items())
        self.ask(f"UPDATE _config SET value = '{value}' WHERE name = '{VIEW_TABLES}'")

    def had_another_table(self, kind: type[Row]) -> None:
        """As a program left it whose rows of this kind had an id and nothing else."""
        self.ask(f"DROP TABLE {kind.TABLE}")
        self.ask(f"CREATE TABLE {kind.TABLE} (id INTEGER)")
        self.was_left_with(**{kind.TABLE: "other:other"})


def in_a_file(folder: Path, like: Base | None = None) -> Base:
    path = folder / "atelier.db"
    if like is not None:
        copyfile(like.place, path)

    def ask(statement: str) -> list[Any]:
        with closing(sqlite3.connect(path)) as connection, connection:
            return connection.execute(statement).fetchall()

    def opened(**words: Any) -> SqliteStore:
        return SqliteStore.open(path, key=None, create=True, **words)

    opening = f"import manchengo_sqlite as m; store = m.SqliteStore.open({str(path)!r}, key=None)"
    return Base(opened, opening, ask, str(path), path.unlink)


def on_a_server(_: Path, like: Base | None = None) -> Base:
    name = f"views_{uuid4().hex}"
    execute(f"CREATE DATABASE {name} TEMPLATE {like.place if like else 'template1'}")
    url = postgres().url(name)

    def ask(statement: str) -> list[Any]:
        path = f"-c search_path={schema_of(PLANT)}"
        with psycopg.connect(url, options=path, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def opened(**words: Any) -> PostgresStore:
        return PostgresStore.open(url, plant=PLANT, **words)

    where = f"{url!r}, plant={str(PLANT)!r}"
    opening = f"import manchengo_postgres as m; store = m.PostgresStore.open({where})"

    def drop() -> None:
        execute(f"DROP DATABASE {name} WITH (FORCE)")

    return Base(opened, opening, ask, name, drop)


@pytest.fixture(params=[in_a_file, on_a_server], scope="module")
def new(request: pytest.FixtureRequest) -> Callable[..., Base]:
    """Makes a database on one of the two, like another or with nothing in it."""
    made: Callable[..., Base] = request.param
    return made


@pytest.fixture
def base(new: Callable[..., Base], tmp_path: Path) -> Iterator[Base]:
    made = new(tmp_path)
    yield made
    made.drop()


@pytest.fixture(scope="module")
def model(
    new: Callable[..., Base], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Base, str]]:
    """A database in use, in which every view has rows, and the digest of them all."""
    base = new(tmp_path_factory.mktemp("model"))
    with base.open() as store:
        a_fortnight(open_dairy(store))
        before = views_of(store)
    yield base, before
    base.drop()


@pytest.fixture
def used(
    new: Callable[..., Base], model: tuple[Base, str], tmp_path: Path
) -> Iterator[tuple[Base, str]]:
    """A copy of the model, for one test."""
    like, before = model
    base = new(tmp_path, like)
    yield base, before
    base.drop()


def views_of(store: Store) -> str:
    with store.reading() as snapshot:
        return digest(stored_rows(snapshot))


def is_right(base: Base, before: str) -> None:
    with base.open() as store:
        assert views_of(store) == before
        assert open_dairy(store).verify().sound


def test_a_new_base_has_every_view_table_of_this_program(base: Base) -> None:
    base.open().close()
    assert list(base.fingerprints()) == [kind.TABLE for kind in VIEWS]


def test_opening_a_base_of_this_program_makes_nothing_anew(used: tuple[Base, str]) -> None:
    base, _ = used
    base.ask("DELETE FROM clients")
    assert base.opened() == []
    assert base.ask("SELECT * FROM clients") == []


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.TABLE)
def test_a_view_that_was_made_otherwise_is_made_anew_from_the_log(
    used: tuple[Base, str], kind: type[Row]
) -> None:
    base, before = used
    base.had_another_table(kind)
    assert base.opened() != []
    is_right(base, before)
    assert base.opened() == []


def test_only_the_view_that_changed_is_made_anew(used: tuple[Base, str]) -> None:
    base, _ = used
    base.ask("DELETE FROM suppliers")
    base.had_another_table(ClientRow)
    base.opened()
    assert base.ask("SELECT * FROM clients") != []
    assert base.ask("SELECT * FROM suppliers") == []


def test_a_view_that_did_not_exist_is_made_from_the_log(used: tuple[Base, str]) -> None:
    base, before = used
    base.ask("DROP TABLE clients")
    kept = {name: of for name, of in base.fingerprints().items() if name != "clients"}
    value = " ".join(":".join(each) for each in kept.items())
    base.ask(f"UPDATE _config SET value = '{value}' WHERE name = '{VIEW_TABLES}'")
    base.opened()
    is_right(base, before)


def test_indexes_that_changed_are_made_anew_and_rows_stay(used: tuple[Base, str]) -> None:
    base, _ = used
    base.ask("DROP INDEX clients_by_code_key")
    base.ask("CREATE INDEX clients_by_name ON clients (name)")
    base.ask("UPDATE clients SET name = 'changed'")
    rows_fingerprint = base.fingerprints()["clients"].split(":")[0]
    base.was_left_with(clients=f"{rows_fingerprint}:other")
    assert base.opened() == []
    assert base.ask("SELECT DISTINCT name FROM clients") == [("changed",)]
    base.ask("DROP INDEX clients_by_code_key")
    with pytest.raises(Exception, match="clients_by_name"):
        base.ask("DROP INDEX clients_by_name")


def test_rows_that_this_program_fills_otherwise_are_filled_again(used: tuple[Base, str]) -> None:
    """The edition of a row class says so, where the columns are the same."""
    base, before = used
    base.ask("UPDATE clients SET name = 'as an older program had it'")
    indexes = base.fingerprints()["clients"].split(":")[1]
    base.was_left_with(clients=f"edition-before:{indexes}")
    base.opened()
    is_right(base, before)


def test_progress_is_told_in_events_up_to_all_of_them(used: tuple[Base, str]) -> None:
    base, _ = used
    base.had_another_table(RawLotRow)
    calls = base.opened()
    ((events,),) = base.ask("SELECT count(*) FROM _events")
    assert calls[-1] == (events, events)
    assert calls == sorted(calls)


@pytest.mark.parametrize("table", FORMER_TABLES)
def test_a_table_that_no_program_reads_any_more_is_dropped(
    used: tuple[Base, str], table: str
) -> None:
    base, before = used
    base.ask(f"CREATE TABLE {table} (id INTEGER)")
    base.was_left_with(**{table: "other:other"})
    is_right(base, before)
    base.ask(f"CREATE TABLE {table} (id INTEGER)")  # it is not there


def test_fingerprints_that_somebody_garbled_count_as_unknown(used: tuple[Base, str]) -> None:
    base, before = used
    base.ask("DELETE FROM suppliers")
    base.ask(f"UPDATE _config SET value = 'suppliers::: what' WHERE name = '{VIEW_TABLES}'")
    base.opened()
    is_right(base, before)


def test_a_stream_that_makes_no_sense_does_not_keep_a_base_closed(
    used: tuple[Base, str],
) -> None:
    base, _ = used
    base.ask("DELETE FROM _events WHERE position = 1 AND event_type = 'client.registered'")
    base.had_another_table(ClientRow)
    base.had_another_table(SupplierRow)
    with base.open() as store:
        assert open_dairy(store).verify().tampered is not None
    assert base.ask("SELECT * FROM suppliers") != []


A_NEW_COLUMN = (
    Change(
        "packages/core/src/manchengo/ports/rows/registers.py",
        "    minimum_shelf_life_days: int\n",
        "    minimum_shelf_life_days: int\n    sign: str\n",
    ),
    Change(
        "packages/core/src/manchengo/application/views/registers.py",
        'WHERE_IN_STATE = {"price": "price.centimes",',
        'WHERE_IN_STATE = {"sign": "name", "price": "price.centimes",',
    ),
)
"""How somebody adds a column: the attribute, and where in the state the projection finds it."""


def test_a_column_that_is_added_to_a_row_class_is_filled_from_the_log(
    used: tuple[Base, str], tmp_path: Path
) -> None:
    base, before = used
    copy = copy_of_the_source(tmp_path / "next")
    for change in A_NEW_COLUMN:
        copy.make(change)
    copy.run("-c", base.opening)
    found = base.ask("SELECT sign, name FROM clients")
    assert found
    assert all(sign == name for sign, name in found)
    # A program that does not know the column makes the table its own again.
    is_right(base, before)
    with pytest.raises(Exception, match="sign"):
        base.ask("SELECT sign FROM clients")
