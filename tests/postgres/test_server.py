"""The server as it runs at a large plant: two workers, each with connections of its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from manchengo.application import integrity
from manchengo.domain.commit import Verdict
from manchengo.memory import CountingIds
from manchengo_server.service import Service
from tests.support.dairy import A_DAIRY, day, litres, received, written_off
from tests.support.postgres import on_postgres
from tests.support.server import CountingChance, Server, a_server


@pytest.fixture
def server(plant: UUID) -> Iterator[Server]:
    """A plant that begins, its devices in memory."""
    with on_postgres(plant) as store:
        begun = iter([store])
        made_ = a_server(lambda: next(begun))
        yield Server(service=made_.service, clock=made_.clock)


@pytest.fixture
def another_worker(server: Server, plant: UUID) -> Iterator[Service]:
    with on_postgres(plant) as store:
        yield Service.open(
            store, clock=server.clock, ids=CountingIds(500_000), random_bytes=CountingChance()
        )


def check(server: Server) -> None:
    server.settle()
    assert len(server.digests()) == 1
    with server.service.context.store.reading() as snapshot:
        assert integrity.verify(snapshot).sound
        numbers = [entry.global_seq for entry in snapshot.entries()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_whoever_was_let_in_by_one_worker_is_served_by_the_other(
    server: Server, another_worker: Service
) -> None:
    office = server.first_device(A_DAIRY, received("L1", litres(100)))
    phone = server.another_device()
    phone.service = another_worker
    phone.does(received("L2", litres(5), on=day(1)))
    phone.syncs()
    office.syncs()
    assert another_worker.context.plant == server.service.context.plant
    check(server)


def test_devices_that_push_through_two_workers_at_once_agree(
    server: Server, another_worker: Service
) -> None:
    office = server.first_device(A_DAIRY, received("L1", litres(100)))
    office.syncs()
    devices = [server.another_device(f"téléphone {number}") for number in range(4)]
    for number, device in enumerate(devices):
        device.service = (server.service, another_worker)[number % 2]
        device.does(
            written_off("L1", litres(50), on=day(1)),  # each what only two of them can
            *[received(f"R{number}-{lot}", litres(1), on=day(1)) for lot in range(10)],
        )
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda device: device.syncs(), devices))
    check(server)
    with server.service.context.store.reading() as snapshot:
        verdicts = [
            entry.verdict
            for entry in snapshot.entries()
            if entry.commit.command_type == "lot.write_off"
        ]
    assert sorted(verdicts) == sorted([Verdict.ACCEPTED] * 2 + [Verdict.REJECTED] * 2)
