"""Views are made anew by one worker, in one transaction; the others wait until they are."""

import time
from uuid import UUID, uuid4

import psycopg
import pytest

from manchengo.application import integrity
from manchengo.ports.rows import ClientRow
from manchengo_postgres import PostgresStore
from manchengo_postgres.errors import ReadOnlyDatabase
from manchengo_postgres.store import schema_of
from tests.postgres.workers import elsewhere
from tests.support.fork_server import go, kill, next_line, over
from tests.support.given import open_dairy
from tests.support.patience import PATIENCE
from tests.support.postgres import execute, on_postgres, postgres
from tests.support.story import a_fortnight


@pytest.fixture
def of_before() -> UUID:
    """A plant that was left by a program whose clients had an id and nothing else."""
    plant = uuid4()
    with on_postgres(plant) as store:
        a_fortnight(open_dairy(store))
    schema = schema_of(plant)
    execute(f"DROP TABLE {schema}.clients")
    execute(f"CREATE TABLE {schema}.clients (id integer)")
    execute(f"UPDATE {schema}._config SET value = replace(value, 'clients:', 'clients:x')")
    return plant


def columns_of_clients(plant: UUID) -> int:
    found = execute(
        "SELECT count(*) FROM information_schema.columns"
        " WHERE table_schema = %s AND table_name = 'clients'",
        schema_of(plant),
    )
    ((count,),) = found
    return int(count)


def is_right(plant: UUID) -> None:
    with on_postgres(plant) as store, store.reading() as snapshot:
        assert list(snapshot.rows(ClientRow))
        assert integrity.verify(snapshot).sound


def test_workers_that_start_while_one_makes_them_anew_wait_for_it(of_before: UUID) -> None:
    first = elsewhere("make_views_anew_slowly", postgres().url(), of_before)
    assert next_line(first) == "half way"
    others = [elsewhere("open_on_a_signal", postgres().url(), of_before) for _ in range(2)]
    for other in others:
        assert next_line(other) == "ready"
        go(other)
    until_locks_are_waited_for(len(others))
    go(first)
    assert over(first) == "made"
    assert [over(other) for other in others] == ["found"] * 2
    is_right(of_before)


def until_locks_are_waited_for(count: int) -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    until = time.monotonic() + PATIENCE
    while execute(waiting) != [(count,)]:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_worker_killed_in_the_middle_leaves_the_views_of_before(of_before: UUID) -> None:
    worker = elsewhere("make_views_anew_slowly", postgres().url(), of_before)
    assert next_line(worker) == "half way"
    kill(worker)
    assert columns_of_clients(of_before) == 1
    is_right(of_before)


def test_nobody_writes_while_views_are_made_anew(of_before: UUID) -> None:
    """Not even a worker that has had the plant open since before."""
    worker = elsewhere("make_views_anew_slowly", postgres().url(), of_before)
    assert next_line(worker) == "half way"
    schema = schema_of(of_before)
    with psycopg.connect(postgres().url(), autocommit=True) as connection:
        taken = f"SELECT 1 FROM {schema}._counter FOR UPDATE NOWAIT"
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute(taken.encode())
    go(worker)
    assert over(worker) == "made"


def test_a_standby_whose_views_are_of_before_is_not_opened(of_before: UUID) -> None:
    read_only = f"{postgres().url()}&options=-c%20default_transaction_read_only%3Don"
    with pytest.raises(ReadOnlyDatabase):
        PostgresStore.open(read_only, plant=of_before)
    assert columns_of_clients(of_before) == 1
