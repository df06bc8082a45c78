"""A server begun again from what a device holds: the same plant and log, and no other."""

from datetime import timedelta

import pytest
from attrs import evolve

from manchengo import MemoryStore
from manchengo.application.heard_devices import HeardDevices, keep
from manchengo.application.replication.device_log import AnotherLog, apply_confirmed
from manchengo.application.replication.server_log import Offered
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import DeviceId, UserId
from manchengo.memory import START_OF_MEMORY, CountingIds, SteppingClock
from manchengo.ports.store import Store
from manchengo_server.errors import AlreadyFounded, LogReset, NotFounded
from manchengo_server.plant import OWN_MARK
from manchengo_server.rebuilding import NoDevice, NotSound
from manchengo_server.reoffers import Reoffers
from manchengo_server.service import Service
from manchengo_sync import settings
from tests.support.dairy import litres, received
from tests.support.server import CountingChance, Device, Server, a_server, digest_of


def joined(server: Server, device: Device) -> Device:
    """What a device notes when it is let in and answered."""
    plant = server.service.plant
    with device.store.writing() as transaction:
        transaction.set_setting(settings.PLANT_ID, str(plant.id))
        transaction.set_setting(settings.PLANT, plant.name)
        transaction.set_setting(settings.LOG_EPOCH, device.epoch)
    return device


def begun_again(device: Device, store: Store | None = None) -> Service:
    with device.store.reading() as snapshot:
        return Service.rebuilt(
            store or MemoryStore(),
            snapshot,
            clock=SteppingClock(START_OF_MEMORY),
            ids=CountingIds(500_000_000),
            random_bytes=lambda length: CountingChance()(length)[::-1],
        )


def test_it_is_the_same_plant_and_log_in_another_epoch(server: Server, office: Device) -> None:
    lost = server.service.plant
    service = begun_again(joined(server, office))
    assert (service.plant.id, service.plant.name) == (lost.id, lost.name)
    assert service.plant.epochs.kept_of(office.epoch) == service.head()
    assert service.plant.epochs.present != office.epoch
    assert service.plant.device_key != lost.device_key
    assert digest_of(service.context.store) == office.digest()


def test_a_device_is_told_where_its_log_still_holds(server: Server, office: Device) -> None:
    service = begun_again(joined(server, office))
    with pytest.raises(LogReset) as reset:
        service.push(office.request(), by=office.id)
    assert reset.value.keep == service.head()
    assert reset.value.server_key == service.plant.bundle_public_key


def test_the_lost_servers_word_is_still_believed(server: Server, office: Device) -> None:
    """The server let a telephone in under another id than the one the copy knows it by."""
    joined(server, office)
    service = begun_again(office)
    server.service.begin_new_epoch()
    server.service = Service.open(
        server.service.context.store, clock=server.clock, ids=CountingIds(700_000_000)
    )
    office.service = server.service
    with office.store.writing() as transaction:
        transaction.set_setting(settings.LOG_EPOCH, "")
    office.epoch = ""
    server.let_in(server.device())
    known = service.head()
    with server.service.context.reading() as snapshot:
        late = [
            Offered(commit=entry.commit, signature=entry.signature)
            for entry in snapshot.entries(after=known)
        ]
    assert len(late) == 2, "the server's new id, and the telephone"
    office.service = service
    answer = service.push(evolve(office.request(), commits=tuple(late)), by=office.id)
    assert answer.push_error is None
    assert len(answer.synced) == 2


def test_what_was_lost_is_offered_again_beside_the_quota(server: Server, office: Device) -> None:
    """Of the days since the copy was told anything."""
    joined(server, office)
    told = HeardDevices(log_epoch="", head=0, told_at=START_OF_MEMORY - timedelta(days=3))
    with office.store.writing() as transaction:
        keep(transaction, told)
    service = begun_again(office)
    with service.context.reading() as snapshot:
        assert Reoffers.of(snapshot, office.id).days == 3 + 1


def test_a_changed_log_makes_no_server(server: Server, office: Device) -> None:
    joined(server, office)
    with office.store.reading() as snapshot:
        first = next(snapshot.entries())
    somebody_else = UserId(office.ids.new())
    office.store._log[0] = evolve(  # type: ignore[attr-defined]  # as a person with the file could
        first, commit=evolve(first.commit, user_id=somebody_else)
    )
    store = MemoryStore()
    with pytest.raises(NotSound):
        begun_again(office, store)
    with pytest.raises(NotFounded):
        Service.open(store, clock=server.clock, ids=CountingIds(1))


def test_where_a_plant_is_kept_none_begins_again(server: Server, office: Device) -> None:
    joined(server, office)
    office.does(received("L7", litres(5)))
    store = MemoryStore()
    behind = Service.found(store, "Autre", clock=server.clock, ids=CountingIds(900_000_000))
    with pytest.raises(AlreadyFounded):
        begun_again(office, store)
    assert behind.head() == 0


def test_what_was_cut_off_is_gone_on_with(server: Server, office: Device) -> None:
    joined(server, office)
    store, reader = MemoryStore(), DeviceId(office.ids.new())
    with office.store.reading() as snapshot, store.writing() as transaction:
        begun = list(snapshot.entries(limit=2))
        apply_confirmed(
            transaction, begun, device_id=reader, now=server.clock.now(), state_cache=StateCache()
        )
    assert digest_of(begun_again(office, store).context.store) == office.digest()


def test_what_was_cut_off_is_not_gone_on_with_from_another_log(
    server: Server, office: Device
) -> None:
    joined(server, office)
    other = a_server()
    its_office = joined(other, other.first_device(name="ailleurs"))
    store, reader = MemoryStore(), DeviceId(office.ids.new())
    with its_office.store.reading() as snapshot, store.writing() as transaction:
        begun = list(snapshot.entries(limit=2))
        apply_confirmed(
            transaction, begun, device_id=reader, now=server.clock.now(), state_cache=StateCache()
        )
    office.does(received("L8", litres(5)))
    office.syncs()
    with pytest.raises(AnotherLog):
        begun_again(office, store)


def test_a_database_that_read_no_plants_log_is_no_device(server: Server, office: Device) -> None:
    with pytest.raises(NoDevice):
        begun_again(office)
    joined(server, office)
    with server.service.context.reading() as snapshot, pytest.raises(NoDevice):
        Service.rebuilt(MemoryStore(), snapshot, clock=server.clock, ids=CountingIds(5))


def test_it_writes_on_under_an_id_of_its_own(server: Server, office: Device) -> None:
    service = begun_again(joined(server, office))
    with service.context.reading() as snapshot:
        first = next(snapshot.entries()).commit.device_id
    assert service.plant.device_id not in {first, office.id}
    assert OWN_MARK not in {row.mark for row in service.devices()}
