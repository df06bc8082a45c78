"""A request that came as a file is answered by a file, as it would be on the network."""

from datetime import timedelta

import pytest

from manchengo.application.replication.resealing import adopt_device_id
from manchengo.domain.ids import DeviceId
from manchengo.ports.rows import DeviceRow
from manchengo_server.bundles import Answered, answer
from manchengo_sync import settings, signing, wire
from manchengo_sync.bundle import UnknownSender, export_bundle, import_answer
from manchengo_sync.link import Unauthorised
from manchengo_sync.programs import age_here
from manchengo_sync.sealing import BundleError, NotForUs
from tests.support.dairy import litres, received
from tests.support.server import Device, Server, a_server


@pytest.fixture
def phone(server: Server, office: Device) -> Device:
    """One that joined on the network, and has none now."""
    device = server.device()
    welcome = server.let_in(device)
    with device.store.writing() as transaction:
        for name, value in {
            settings.URL: "http://127.0.0.1",
            settings.PLANT_ID: str(welcome.plant_id),
            settings.USER_ID: str(device.user_id),
            settings.SERVER_KEY: welcome.server_key,
            signing.DEVICE_KEY: device.key,
        }.items():
            transaction.set_setting(name, value)
    return device


def carried(server: Server, device: Device) -> Answered:
    """There, answered, and back."""
    answered = answer(
        server.service,
        export_bundle(device.store, clock=device.clock, state_cache=device.state_cache),
    )
    import_answer(
        device.store,
        answered.sealed,
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=device.user_id,
    )
    return answered


def test_a_device_without_a_network_exchanges_by_files(
    server: Server, office: Device, phone: Device
) -> None:
    first = carried(server, phone)
    assert (first.code, first.device, first.synced) == ("", "téléphone", 0)
    assert first.new == server.service.head()
    phone.does(received("L2", litres(5)))
    assert carried(server, phone).synced == 1
    office.syncs()
    assert office.digest() == phone.digest()


def test_the_same_file_twice_enters_once(server: Server, office: Device, phone: Device) -> None:
    carried(server, phone)
    phone.does(received("L2", litres(5)))
    request = export_bundle(phone.store, clock=phone.clock, state_cache=phone.state_cache)
    answer(server.service, request)
    before = server.service.head()
    assert answer(server.service, request).code == ""
    assert server.service.head() == before


def test_a_twin_is_renewed_on_the_way(server: Server, office: Device, phone: Device) -> None:
    carried(server, phone)
    former, new = phone.id, DeviceId(phone.ids.new())
    with phone.store.writing() as transaction:
        adopt_device_id(transaction, new, former, state_cache=phone.state_cache)
        transaction.set_setting(settings.KNOWN_AS, str(former))
    phone.does(received("L2", litres(5)))
    assert carried(server, phone).synced == 1
    with phone.store.reading() as snapshot:
        assert settings.known_as(snapshot) == new
        assert snapshot.setting(settings.MARK) == "C"
        assert snapshot.get(DeviceRow, new) is not None


def test_a_withdrawn_device_is_told_so_under_seal(
    server: Server, office: Device, phone: Device
) -> None:
    server.service.withdraw(phone.id, "perdu", by=None)
    with pytest.raises(Unauthorised) as refused:
        carried(server, phone)
    assert refused.value.code == "device_withdrawn"


def test_a_server_that_was_put_back_says_where_to_go_on(
    server: Server, office: Device, phone: Device
) -> None:
    carried(server, phone)
    with phone.store.reading() as snapshot:
        assert snapshot.setting(settings.LOG_EPOCH)
    server.service.begin_new_epoch()
    answered = answer(
        server.service, export_bundle(phone.store, clock=phone.clock, state_cache=phone.state_cache)
    )
    assert answered.code == "log_reset"
    carried(server, phone)
    assert carried(server, phone).code == ""


def test_by_file_too_each_hears_of_the_other_s_program(
    server: Server, office: Device, phone: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = {**wire.schema_max(), "lot.sung_to": 1}
    monkeypatch.setattr("manchengo_server.programs.schema_max", lambda: newer)
    carried(server, phone)
    assert server.service.programs()[phone.id] is wire.Age.OLDER
    with phone.store.reading() as snapshot:
        assert age_here(snapshot) is wire.Age.OLDER


def test_what_is_no_request_of_a_known_device_is_not_read(
    server: Server, office: Device, phone: Device
) -> None:
    request = export_bundle(phone.store, clock=phone.clock, state_cache=phone.state_cache)
    with pytest.raises(BundleError):
        answer(server.service, request[:-1])
    with pytest.raises(BundleError):
        answer(server.service, b"bonjour")
    elsewhere = a_server()
    elsewhere.service.replace_bundle_key(accepted_for=timedelta())
    with pytest.raises(NotForUs):
        answer(elsewhere.service, request)
    stranger = server.device()
    with phone.store.writing() as transaction:
        transaction.set_setting(signing.DEVICE_KEY, stranger.key)
    with pytest.raises(UnknownSender):
        answer(
            server.service,
            export_bundle(phone.store, clock=phone.clock, state_cache=phone.state_cache),
        )
