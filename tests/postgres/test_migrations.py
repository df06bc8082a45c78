"""From nothing to this release, step by step; each step whole or not at all, whoever is first."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest
from attrs import evolve

from manchengo.ports.rows import FOLLOWING, SupplierRow
from manchengo_postgres import PostgresStore, code_keys, texts
from manchengo_postgres.connections import Connections, address_of
from manchengo_postgres.errors import DatabaseTooNew, MigrationChanged, MigrationFailed
from manchengo_postgres.mapping import mapping
from manchengo_postgres.migrate import history, migrate
from manchengo_postgres.steps import Step, shipped, sql_step
from manchengo_postgres.store import schema_of
from tests.contracts.test_store import MARCH, a_supplier
from tests.postgres.workers import elsewhere
from tests.support.fork_server import go, next_line, over
from tests.support.patience import PATIENCE
from tests.support.postgres import execute, on_postgres, postgres


@pytest.fixture
def connection(plant: UUID) -> Iterator[psycopg.Connection]:
    address = address_of(postgres().url(), schema_of(plant), patience=60, longest=60)
    with psycopg.connect(address.conninfo, autocommit=True) as opened:
        yield opened


def carry_out(
    connection: psycopg.Connection, plant: UUID, steps: Sequence[Step] | None = None
) -> list[int]:
    schema = schema_of(plant)
    address = address_of(postgres().url(), schema, patience=60, longest=60)
    return migrate(connection, address, schema, steps=steps)


def further(text: str) -> list[Step]:
    return [*shipped(), sql_step(len(shipped()) + 1, "further", text)]


def tables(plant: UUID) -> set[str]:
    found = execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema_of(plant))
    return {row[0] for row in found}


def test_an_empty_plant_is_brought_to_this_release_once(
    connection: psycopg.Connection, plant: UUID
) -> None:
    assert carry_out(connection, plant) == [step.number for step in shipped()]
    assert carry_out(connection, plant) == []
    assert {"_counter", "_log", "_events", "lots_mp", "_migrations"} <= tables(plant)


def test_a_further_step_is_done_on_what_is_there(
    connection: psycopg.Connection, plant: UUID
) -> None:
    carry_out(connection, plant)
    steps = further("CREATE TABLE added (id bigint); INSERT INTO added VALUES (1)")
    assert carry_out(connection, plant, steps) == [steps[-1].number]
    assert connection.execute("SELECT id FROM added").fetchall() == [(1,)]


def test_a_step_that_fails_leaves_the_plant_of_the_step_before(
    connection: psycopg.Connection, plant: UUID
) -> None:
    carry_out(connection, plant)
    before = tables(plant)
    with pytest.raises(MigrationFailed) as failed:
        carry_out(connection, plant, further("CREATE TABLE half (id bigint); SELECT no_such()"))
    assert failed.value.name == "further"
    assert tables(plant) == before
    assert len(history(connection, schema_of(plant))) == len(shipped())
    assert carry_out(connection, plant, further("CREATE TABLE half (id bigint)"))


def test_a_first_step_that_fails_leaves_not_even_a_schema(
    connection: psycopg.Connection, plant: UUID
) -> None:
    with pytest.raises(MigrationFailed):
        carry_out(connection, plant, [sql_step(1, "first", "SELECT no_such()")])
    assert execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema_of(plant)) == []


def test_a_newer_plant_is_not_touched(connection: psycopg.Connection, plant: UUID) -> None:
    carry_out(connection, plant, further("SELECT 1"))
    with pytest.raises(DatabaseTooNew) as new:
        PostgresStore.open(postgres().url(), plant=plant)
    assert (new.value.found, new.value.supported) == (len(shipped()) + 1, len(shipped()))


def test_a_step_that_was_changed_since_is_refused(
    connection: psycopg.Connection, plant: UUID
) -> None:
    changed = [evolve(step, sha256=step.sha256[::-1]) for step in shipped()]
    carry_out(connection, plant, changed)
    with pytest.raises(MigrationChanged) as refused:
        PostgresStore.open(postgres().url(), plant=plant)
    assert refused.value.number == 1


def test_threads_that_start_at_once_carry_out_each_step_once(plant: UUID) -> None:
    together = Barrier(6, timeout=PATIENCE)

    def start(_: int) -> list[int]:
        schema = schema_of(plant)
        address = address_of(postgres().url(), schema, patience=60, longest=60)
        with psycopg.connect(address.conninfo, autocommit=True) as connection:
            together.wait()
            return migrate(connection, address, schema)

    with ThreadPoolExecutor(6) as threads:
        done = [number for numbers in threads.map(start, range(6)) for number in numbers]
    assert sorted(done) == [step.number for step in shipped()]


def test_workers_that_start_at_once_on_a_new_plant_all_get_to_work(plant: UUID) -> None:
    """None of them finds it made: the schema, its tables and its counter appear once."""
    workers = [elsewhere("push_all", postgres().url(), plant, 0, 0) for _ in range(3)]
    assert [next_line(worker) for worker in workers] == ["ready"] * 3
    for worker in workers:
        go(worker)
    assert [over(worker) for worker in workers] == [""] * 3
    with on_postgres(plant) as store, store.reading() as snapshot:
        assert snapshot._all("SELECT count(*) FROM _counter") == [(1,)]
        assert snapshot._all("SELECT count(*) FROM _migrations") == [(len(shipped()),)]


STEP_OF_CODE_KEYS = 6
OF_BEFORE = ("LAIT-V", "lait-v", "F  1", "Cre\u0300me", "A\x00B", "a\x00b", "\u200b")


def before_code_keys() -> list[Step]:
    return [step for step in shipped() if step.number < STEP_OF_CODE_KEYS]


def as_the_steps_left_it(plant: UUID) -> PostgresStore:
    """The plant with its view tables as the steps made and filled them."""
    schema = schema_of(plant)
    address = address_of(postgres().url(), schema, patience=60, longest=60)
    return PostgresStore(Connections(address, schema, readers=1))


def test_codes_of_before_get_their_keys_and_twins_stay(
    connection: psycopg.Connection, plant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_keys, "AT_ONCE", 2)
    carry_out(connection, plant, before_code_keys())
    rows = [a_supplier(number, code) for number, code in enumerate(OF_BEFORE, 1)]
    kept = [column for column in mapping(SupplierRow).columns if column.name not in FOLLOWING]
    insert = f"INSERT INTO suppliers VALUES ({', '.join('%s' for _ in kept)})"
    for row in rows:
        table = mapping(SupplierRow)
        columns = dict(zip(table.columns, table.to_columns(row), strict=True))
        connection.execute(insert.encode(), [columns[column] for column in kept])
    carry_out(connection, plant)
    with as_the_steps_left_it(plant) as store, store.reading() as snapshot:
        stored = snapshot._all("SELECT id, code_key FROM suppliers ORDER BY id")
        assert stored == [(row.id, texts.spelt(row.code_key)) for row in rows]
        assert [row.code_key for row in rows[:2]] == ["lait-v"] * 2
        assert snapshot.has_code("f 1", SupplierRow)


def test_a_code_that_somebody_garbled_does_not_keep_the_plant_closed(
    connection: psycopg.Connection, plant: UUID
) -> None:
    carry_out(connection, plant, before_code_keys())
    insert = "INSERT INTO resolution_claims VALUES (%s, 1, '', %s, NULL, %s, NULL, 0, '', %s, true)"
    connection.execute(insert, (uuid4(), uuid4(), "\x019", MARCH))
    carry_out(connection, plant)
    with as_the_steps_left_it(plant) as store, store.reading() as snapshot:
        assert snapshot._all("SELECT code_key FROM resolution_claims") == [("\x0119",)]
