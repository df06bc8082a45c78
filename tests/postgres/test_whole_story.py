"""The core's stories told again with PostgreSQL at their centre."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import ClassVar

import pytest
from hypothesis import settings

from manchengo import MemoryStore
from manchengo.application.replication import device_log as replica
from manchengo.application.replication.resealing import start_over
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import Verdict
from manchengo.domain.resolution import ResolveItem, Way, item_id_of
from manchengo.ports.rows import RawLotRow
from manchengo.ports.store import Store
from tests.application.test_replication import THE_MORNING, check
from tests.application.test_whole_dairy import WholeDairy
from tests.support.blank_plants import on_a_blank_plant
from tests.support.dairy import day, kg, litres, lot_id, made, planned, poured, received, started
from tests.support.plant import Plant
from tests.support.stores import OpenStore, in_memory


@pytest.fixture
def plant() -> Iterator[Plant]:
    """The server on PostgreSQL, the devices in memory."""
    with on_a_blank_plant() as store:
        yield Plant(store=store)


def log_hash(store: Store) -> bytes:
    with store.reading() as snapshot:
        return snapshot.log_hash()


def test_devices_that_disagree_agree_through_the_server(plant: Plant) -> None:
    office, phone, van = plant.device(), plant.device(), plant.device()
    office.does(THE_MORNING, planned("O1", kg(8), on=day(1)), planned("O2", kg(8), on=day(1)))
    plant.settle()
    office.does(started("O1", on=day(1)), poured("O1", "L1", litres(80), on=day(1)))
    (_, pour) = phone.does(started("O2", on=day(1)), poured("O2", "L1", litres(80), on=day(1)))
    van.does(received("L9", litres(5), on=day(1)), made("O3", kg(1), on=day(1)))
    plant.settle()
    check(plant)
    with plant.store.reading() as snapshot:
        entry = snapshot.entry(pour.id)
        assert entry is not None
        assert entry.verdict is Verdict.REJECTED
    office.does(
        ResolveItem(
            item_id=item_id_of(pour.id),
            way=Way.OTHER_LOT,
            lot_id=lot_id("L2"),
            reason="étiquette mal lue",
            on=day(1),
        )
    )
    plant.settle()
    check(plant)
    assert {log_hash(each.store) for each in plant.devices} == {log_hash(plant.store)}


def test_a_restored_server_is_given_everything_again(plant: Plant) -> None:
    office = plant.device()
    office.does(THE_MORNING)
    plant.settle()
    with plant.store.reading() as snapshot:
        kept = list(snapshot.entries())
    office.does(received("L7", litres(7), on=day(1)))
    plant.settle()
    with on_a_blank_plant() as restored:
        with restored.writing() as transaction:
            for entry in kept:
                replica.apply(transaction, entry, StateCache())
        plant.store = restored
        plant.state_cache.forget()
        with office.store.writing() as transaction:
            start_over(
                transaction, after=len(kept), device_id=office.id, state_cache=office.state_cache
            )
        plant.settle()
        check(plant)
        with restored.reading() as snapshot:
            assert snapshot.get(RawLotRow, lot_id("L7")) is not None


def test_even_a_device_could_keep_its_log_there() -> None:
    """Predictions, seals and rewinds too: the store is whole, not the half that a server needs."""
    with ExitStack() as stores:
        plant = Plant(store=MemoryStore())
        office = plant.device(store=stores.enter_context(on_a_blank_plant()))
        phone = plant.device(store=stores.enter_context(on_a_blank_plant()))
        office.does(THE_MORNING)
        plant.settle()
        office.does(made("O1", kg(8), on=day(1)))
        phone.does(made("O2", kg(8), on=day(1)), received("L8", litres(3), on=day(1)))
        plant.settle()
        check(plant)


class OnPostgres(WholeDairy):
    """Beside memory, and always saying the same."""

    stores: ClassVar[dict[str, OpenStore]] = {
        "memory": in_memory,
        "postgresql": on_a_blank_plant,
    }


TestOnPostgres = OnPostgres.TestCase
TestOnPostgres.settings = settings(max_examples=4, stateful_step_count=30)


class ForHours(OnPostgres):
    """The same, until somebody has had enough of it."""


TestForHours = pytest.mark.slow(ForHours.TestCase)
TestForHours.settings = settings(max_examples=500, stateful_step_count=100)
