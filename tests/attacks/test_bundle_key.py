"""Somebody names another key for files: believed where the server signed it, for this request."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from attrs import define, evolve

from manchengo_server.bundles import answer
from manchengo_server.plant import SIGNING_KEY
from manchengo_sync import sealing, settings, wire
from manchengo_sync.bundle_keys import receive_bundle_key, receive_unsigned_key, signed_bundle_key
from manchengo_sync.exchange import sync
from tests.attacks.lying import Straight
from tests.server.test_bundle_keys import asks, known, present, reads
from tests.server.test_bundles import phone
from tests.server.test_device_audit import syncs
from tests.support.server import Device, Server, signing_seed

pytestmark = pytest.mark.usefixtures("on_each_database")

__all__ = ["phone"]

THEIRS = sealing.public_key(signing_seed(66).hex())


def signing_key(server: Server) -> str:
    with server.service.context.reading() as snapshot:
        return snapshot.setting(SIGNING_KEY) or ""


@define
class Naming(Straight):
    """On the way, somebody has the answer name another key."""

    named: Callable[[wire.PushRequest], wire.BundleKey] = lambda _: wire.BundleKey(
        key=THEIRS, since=9, signature=bytes(64)
    )

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        return evolve(super().push(request), bundle_key=self.named(request))


Named = Callable[[Server, wire.PushRequest], wire.BundleKey]


def by_another_key(server: Server, request: wire.PushRequest) -> wire.BundleKey:
    return signed_bundle_key(
        signing_seed(67).hex(),
        plant_id=server.service.plant.id,
        key=THEIRS,
        since=9,
        nonce=request.nonce,
    )


def of_another_request(server: Server, request: wire.PushRequest) -> wire.BundleKey:
    return signed_bundle_key(
        signing_key(server),
        plant_id=server.service.plant.id,
        key=THEIRS,
        since=9,
        nonce=f"{request.nonce}0",
    )


def of_another_plant(server: Server, request: wire.PushRequest) -> wire.BundleKey:
    return signed_bundle_key(
        signing_key(server), plant_id=UUID(int=1), key=THEIRS, since=9, nonce=request.nonce
    )


def with_another_day(server: Server, request: wire.PushRequest) -> wire.BundleKey:
    own = signed_bundle_key(
        signing_key(server),
        plant_id=server.service.plant.id,
        key=THEIRS,
        since=9,
        nonce=request.nonce,
    )
    return evolve(own, since=10)


@pytest.mark.parametrize(
    "named", [by_another_key, of_another_request, of_another_plant, with_another_day]
)
def test_a_key_that_the_server_did_not_sign_is_passed_over(
    server: Server, office: Device, phone: Device, named: Named
) -> None:
    assert office.id != phone.id
    syncs(phone)
    done = sync(
        phone.store,
        Naming(phone.service, named=lambda request: named(server, request)),
        clock=phone.clock,
        ids=phone.ids,
        state_cache=phone.state_cache,
        user_id=phone.user_id,
    )
    assert done.broken_off is None
    assert known(phone) == present(server) != THEIRS


def test_in_a_file_no_former_key_comes_back(server: Server, office: Device, phone: Device) -> None:
    """Somebody who has the key that was replaced, and the answer by which it once came."""
    syncs(phone)
    server.service.replace_bundle_key(accepted_for=timedelta(days=30))
    stolen = signed_bundle_key(
        signing_key(server),
        plant_id=server.service.plant.id,
        key=present(server),
        since=1,
        nonce="",
    )
    server.clock.at += timedelta(days=1)
    server.service.replace_bundle_key(accepted_for=timedelta(days=30))
    reads(phone, answer(server.service, asks(phone)).sealed)
    assert known(phone) == present(server)
    with phone.store.reading() as snapshot:
        pinned = snapshot.setting(settings.SERVER_SIGNING_KEY) or ""
    receive_bundle_key(phone.store, stolen, signing_key=pinned, nonce="")
    assert known(phone) == present(server) != stolen.key
    assert office.id != phone.id


def test_a_key_without_a_signature_is_passed_over_once_one_was_signed(
    server: Server, office: Device, phone: Device
) -> None:
    syncs(phone)
    server.service.replace_bundle_key(accepted_for=timedelta(days=30))
    syncs(phone)
    receive_unsigned_key(phone.store, THEIRS)
    assert known(phone) == present(server)
    assert office.id != phone.id
