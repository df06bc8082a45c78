"""A worker hears of what others write without looking at the log again and again."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from manchengo.memory import CountingIds
from manchengo_postgres import PostgresStore
from manchengo_server import waiting
from manchengo_server.service import Service
from manchengo_server.waiting import TellsOfGrowth
from manchengo_sync import wire
from tests.postgres.workers import push, the_registers
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.patience import PATIENCE
from tests.support.postgres import execute, on_postgres
from tests.support.server import Caller, CountingChance, a_server, served

MOMENT = 0.05


@pytest.fixture
def store(plant: UUID) -> Iterator[PostgresStore]:
    with on_postgres(plant) as opened:
        yield opened


@pytest.fixture
def other(store: PostgresStore, plant: UUID) -> Iterator[PostgresStore]:
    """Of another worker, which listens."""
    with on_postgres(plant) as opened:
        assert opened.wait_for_growth(PATIENCE) == 0, "where the log ends as it begins to listen"
        yield opened


def test_a_worker_is_told_where_the_log_ends_when_another_wrote(
    store: PostgresStore, other: PostgresStore
) -> None:
    assert isinstance(store, TellsOfGrowth)
    with ThreadPoolExecutor(1) as aside:
        told = aside.submit(other.wait_for_growth, PATIENCE)
        push(store, the_registers(), at_once=len(the_registers()))
        assert told.result() == len(the_registers())
    assert other.wait_for_growth(MOMENT) is None


def test_nobody_is_told_of_another_plant_or_of_what_is_not_in_the_log(
    store: PostgresStore, other: PostgresStore
) -> None:
    with on_postgres() as elsewhere:
        push(elsewhere, the_registers())
    with store.writing() as transaction:
        transaction.set_setting("a setting", "its value")
    assert other.wait_for_growth(MOMENT) is None


def test_a_worker_whose_connection_was_lost_hears_what_came_meanwhile(
    store: PostgresStore, other: PostgresStore
) -> None:
    lost = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s"
    execute(lost, "SELECT%_counter")
    push(store, the_registers())
    until = time.monotonic() + PATIENCE
    while (told := other.wait_for_growth(MOMENT)) is None:
        assert time.monotonic() < until, "it never listened again"
    assert told == len(the_registers())


def test_who_waits_at_one_worker_hears_at_once_what_another_stored(
    plant: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LOOK_EVERY", 10 * PATIENCE)
    with on_postgres(plant) as store, on_postgres(plant) as there:
        stores = iter([store])
        server = a_server(lambda: next(stores))
        server.open_store = a_server().open_store
        office = server.first_device(A_DAIRY)
        phone = server.another_device()
        office.syncs()
        another = Service.open(
            there, clock=server.clock, ids=CountingIds(500_000), random_bytes=CountingChance()
        )
        with served(another) as up, up.client() as client, ThreadPoolExecutor(1) as aside:
            caller = Caller(client, office)
            asks = office.asking(wait=wire.LONGEST_WAIT)
            waits = aside.submit(caller.push, asks, timeout=PATIENCE)
            until = time.monotonic() + PATIENCE
            while not another.context.log_growth.has_subscribers():
                assert time.monotonic() < until, "nobody waits"
                time.sleep(0.01)
            phone.does(received("L2", litres(5)))
            phone.exchanges()
            answer = wire.decode(waits.result(PATIENCE).content, wire.PushResponse)
    assert [entry.commit.device_id for entry in answer.new] == [phone.id]
