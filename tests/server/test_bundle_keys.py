"""Files are sealed for another key: the one before is read for a time, devices learn the new."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from attrs import evolve

from manchengo_server.bundle_keys import BundleKeys
from manchengo_server.bundles import answer
from manchengo_server.key_wrapping import WrappingKey, id_of_seal
from manchengo_server.plant import BUNDLE_KEY, BUNDLE_KEY_SINCE, FORMER_BUNDLE_KEYS, wrap_keys
from manchengo_server.service import Service
from manchengo_sync import sealing, settings
from manchengo_sync.bundle import export_bundle, import_answer
from manchengo_sync.sealing import NotForUs
from tests.attacks.conftest import lasting_store
from tests.server.test_bundles import carried, phone
from tests.server.test_device_audit import syncs
from tests.support.dairy import litres, received
from tests.support.server import CountingChance, Device, Server, a_server

__all__ = ["phone"]

MONTH = timedelta(days=30)


@pytest.fixture(params=["memory", "encrypted file", "PostgreSQL"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Its keys are where a dairy's are."""
    if request.param == "memory":
        yield a_server()
        return
    with lasting_store(request.param) as store:
        kept = a_server(lambda: store)
        kept.open_store = a_server().open_store
        yield kept


def known(device: Device) -> str:
    with device.store.reading() as snapshot:
        return snapshot.setting(settings.SERVER_KEY) or ""


def present(server: Server) -> str:
    with server.service.context.reading() as snapshot:
        keys = BundleKeys.read(snapshot, server.service.context.wrapping)
    return sealing.public_key(keys.present)


def asks(device: Device) -> bytes:
    return export_bundle(device.store, clock=device.clock, state_cache=device.state_cache)


def reads(device: Device, sealed: bytes) -> None:
    import_answer(
        device.store,
        sealed,
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=device.user_id,
    )


def test_a_device_without_a_network_learns_it_by_file(server: Server, phone: Device) -> None:
    carried(server, phone)
    before = known(phone)
    server.service.replace_bundle_key(accepted_for=MONTH)
    assert known(phone) == before != present(server)
    phone.does(received("L7", litres(3)))
    assert carried(server, phone).synced == 1
    assert known(phone) == present(server)
    server.clock.at += 2 * MONTH
    phone.does(received("L8", litres(3)))
    assert carried(server, phone).synced == 1


def test_over_the_network_it_is_learnt_too(server: Server, phone: Device) -> None:
    syncs(phone)
    for _ in range(2):
        server.service.replace_bundle_key(accepted_for=timedelta())
        syncs(phone)
        assert known(phone) == present(server)
        assert carried(server, phone).code == ""


def test_a_file_that_was_long_on_its_way_is_read_until_its_day(
    server: Server, phone: Device
) -> None:
    carried(server, phone)
    phone.does(received("L7", litres(3)))
    asked = asks(phone)
    for _ in range(2):
        server.service.replace_bundle_key(accepted_for=MONTH)
    server.clock.at += MONTH - timedelta(hours=1)
    assert answer(server.service, asked).synced == 1
    server.clock.at += timedelta(hours=2)
    with pytest.raises(NotForUs):
        answer(server.service, asked)


def test_at_once_means_that_no_former_key_opens_a_file(server: Server, phone: Device) -> None:
    asked = asks(phone)
    server.service.replace_bundle_key(accepted_for=MONTH)
    server.service.replace_bundle_key(accepted_for=timedelta())
    with pytest.raises(NotForUs):
        answer(server.service, asked)


def test_an_answer_is_read_although_another_key_is_known_by_then(
    server: Server, phone: Device
) -> None:
    carried(server, phone)
    phone.does(received("L7", litres(3)))
    answered = answer(server.service, asks(phone))
    server.service.replace_bundle_key(accepted_for=MONTH)
    syncs(phone)
    assert known(phone) == present(server)
    reads(phone, answered.sealed)


def test_another_worker_reads_the_key_that_was_replaced(server: Server, phone: Device) -> None:
    context = server.service.context
    beside = Service.open(context.store, clock=context.clock, ids=context.ids)
    beside.replace_bundle_key(accepted_for=timedelta())
    syncs(phone)
    assert known(phone) == present(server)
    assert answer(server.service, asks(phone)).code == ""
    new = server.device()
    assert server.let_in(new, "camion").server_key == present(server)


def test_former_keys_are_sealed_like_the_present_one(server: Server) -> None:
    wrapping = WrappingKey(bytes(range(32)))
    context = evolve(server.service.context, wrapping=wrapping, random_bytes=CountingChance())
    with context.writing() as transaction:
        wrap_keys(transaction, wrapping, former=None)
    evolve(server.service, context=context).replace_bundle_key(accepted_for=MONTH)
    with context.reading() as snapshot:
        assert id_of_seal(snapshot.setting(FORMER_BUNDLE_KEYS) or "") == wrapping.id


def test_after_a_backup_of_before_was_put_back_the_network_tells(
    server: Server, phone: Device
) -> None:
    """The server has the former key again, which is older than the one that the device knows."""
    syncs(phone)
    with server.service.context.reading() as snapshot:
        before = snapshot.setting(BUNDLE_KEY) or ""
    server.service.replace_bundle_key(accepted_for=MONTH)
    syncs(phone)
    with server.service.context.writing() as transaction:
        transaction.set_setting(BUNDLE_KEY, before)
        transaction.set_setting(BUNDLE_KEY_SINCE, "")
        transaction.set_setting(FORMER_BUNDLE_KEYS, "")
    server.service.begin_new_epoch()
    syncs(phone)
    assert known(phone) == sealing.public_key(before)
    assert carried(server, phone).code == ""
