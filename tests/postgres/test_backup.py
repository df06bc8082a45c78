"""A plant is copied and put back with PostgreSQL's own tools, as the README says."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from manchengo.application import integrity
from manchengo.application.views.rebuild import digest, stored_rows
from manchengo.ports.store import Store
from manchengo_postgres import PostgresStore
from manchengo_postgres.store import schema_of
from tests.postgres.workers import a_phone, push, the_registers
from tests.support.postgres import execute, on_postgres, postgres


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the copy is to be; only where there is a tool to make it."""
    if not list(postgres().bin.glob("pg_dump*")):
        pytest.skip("needs pg_dump")
    return tmp_path / "plant.dump"


@pytest.fixture
def other() -> str:
    """Another database, empty."""
    name = f"other_{uuid4().hex}"
    execute(f"CREATE DATABASE {name}")
    return name


def dump(plant: UUID, copy: Path) -> None:
    words = ("--format=custom", f"--schema={schema_of(plant)}", f"--file={copy}")
    postgres().run("pg_dump", *words, "postgres")


def restore(copy: Path, database: str) -> None:
    words = ("--exit-on-error", "--single-transaction", f"--dbname={database}")
    postgres().run("pg_restore", *words, copy)


def everything(store: Store) -> tuple[object, ...]:
    with store.reading() as snapshot:
        assert integrity.verify(snapshot).sound
        return (
            list(snapshot.entries()),
            snapshot.tips(),
            snapshot.setting("name"),
            digest(stored_rows(snapshot)),
        )


def test_a_plant_put_back_in_another_database_is_the_same_and_goes_on(
    plant: UUID, copy: Path, other: str
) -> None:
    with on_postgres(plant) as store, on_postgres() as another_plant:
        push(store, the_registers())
        push(another_plant, the_registers())
        with store.writing() as transaction:
            transaction.set_setting("name", "Fromagerie d'Aïn\x00")
        dump(plant, copy)
        before = everything(store)
        push(store, a_phone(2, lots=3))
    restore(copy, other)
    with PostgresStore.open(postgres().url(other), plant=plant) as restored:
        assert everything(restored) == before
        push(restored, a_phone(2, lots=5))
        everything(restored)
        with restored.reading() as snapshot:
            assert snapshot.cursor() == len(the_registers()) + 5
    found = execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^plant_'", database=other)
    assert found == [(schema_of(plant),)]


def test_a_plant_is_copied_while_it_is_written_and_the_copy_is_of_one_moment(
    plant: UUID, copy: Path, other: str
) -> None:
    with on_postgres(plant) as store:
        push(store, the_registers())
        before = everything(store)
        with store.writing() as transaction:
            transaction.set_setting("name", "unfinished")
            dump(plant, copy)
    restore(copy, other)
    with PostgresStore.open(postgres().url(other), plant=plant) as restored:
        assert everything(restored) == before
