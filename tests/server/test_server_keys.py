"""The server's own keys: sealed under a key that its database does not hold, and replaced."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from manchengo import SystemClock, Uuid7Ids
from manchengo.ports.store import Store
from manchengo_server.errors import NotFounded, NoToken
from manchengo_server.key_wrapping import (
    KeysInClear,
    SealBroken,
    WrappingFault,
    WrappingKey,
    WrappingKeyMissing,
    WrongWrappingKey,
    id_of_seal,
)
from manchengo_server.plant import (
    BUNDLE_KEY,
    FORMER_TOKEN_KEYS,
    SECRET_KEYS,
    SERVER_KEY,
    SIGNING_KEY,
    TOKEN_KEY,
    Plant,
    remembered,
    wrap_keys,
)
from manchengo_server.service import Service
from manchengo_server.token_keys import LIFE, TokenKeys
from tests.support.blank_plants import on_a_blank_plant
from tests.support.server import Device, Server
from tests.support.stores import STORES

OURS, OTHER = WrappingKey(b"o" * 32), WrappingKey(b"x" * 32)


PLACES = STORES | {"PostgreSQL": on_a_blank_plant}


@pytest.fixture(params=PLACES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    place: AbstractContextManager[Store] = PLACES[request.param]()
    with place as opened:
        yield opened


def founded(store: Store, wrapping: WrappingKey | None) -> Plant:
    service = Service.found(
        store, "Laiterie", clock=SystemClock(), ids=Uuid7Ids(), wrapping=wrapping
    )
    return service.plant


def opened(store: Store, wrapping: WrappingKey | None) -> Service:
    return Service.open(store, clock=SystemClock(), ids=Uuid7Ids(), wrapping=wrapping)


def stored(store: Store) -> dict[str, str]:
    with store.reading() as snapshot:
        found = {purpose: snapshot.setting(purpose) for purpose in SECRET_KEYS}
    return {purpose: value for purpose, value in found.items() if value is not None}


def put(store: Store, purpose: str, value: str) -> None:
    with store.writing() as transaction:
        transaction.set_setting(purpose, value)


# ---------------------------------------------------------------- sealed


def test_no_key_of_a_sealed_server_is_in_its_database(store: Store) -> None:
    plant = founded(store, OURS)
    known = (plant.device_key, plant.bundle_key, plant.signing_key)
    assert len(set(known)) == 3
    held = stored(store)
    assert {SERVER_KEY, BUNDLE_KEY, TOKEN_KEY, SIGNING_KEY} <= set(held)
    assert {id_of_seal(value) for value in held.values()} == {OURS.id}
    assert not [key for key in known if any(key in value for value in held.values())]
    assert OURS.secret.hex() not in repr(held)
    assert opened(store, OURS).plant == plant


@pytest.mark.parametrize(
    ("given", "fault"),
    [(None, WrappingKeyMissing), (OTHER, WrongWrappingKey)],
    ids=["none", "other"],
)
def test_without_its_wrapping_key_a_sealed_server_opens_nothing(
    store: Store, given: WrappingKey | None, fault: type[WrappingFault]
) -> None:
    founded(store, OURS)
    with pytest.raises(fault) as refused:
        opened(store, given)
    assert getattr(refused.value, "key_id") == OURS.id  # noqa: B009 - each of the two has it


def test_a_server_of_before_is_sealed_in_one_step_and_keeps_its_keys(store: Store) -> None:
    plant = founded(store, None)
    with pytest.raises(KeysInClear):
        opened(store, OURS)
    with store.writing() as transaction:
        assert wrap_keys(transaction, OURS, former=None) == 4
    assert opened(store, OURS).plant == plant
    with store.writing() as transaction:
        assert wrap_keys(transaction, OURS, former=None) == 0


def test_another_wrapping_key_takes_the_place_of_the_former(store: Store) -> None:
    plant = founded(store, OURS)
    with pytest.raises(WrappingKeyMissing), store.writing() as transaction:
        wrap_keys(transaction, OTHER, former=None)
    with store.writing() as transaction:
        wrap_keys(transaction, OTHER, former=OURS)
    assert opened(store, OTHER).plant == plant
    with pytest.raises(WrongWrappingKey):
        opened(store, OURS)


def test_a_database_without_a_plant_has_no_keys_to_seal(store: Store) -> None:
    with pytest.raises(NotFounded), store.writing() as transaction:
        wrap_keys(transaction, OURS, former=None)


# ---------------------------------------------------------------- somebody changes the database


def swapped_with_another_of_its_own(store: Store) -> None:
    put(store, SIGNING_KEY, stored(store)[SERVER_KEY])


def of_another_plant(store: Store) -> None:
    with STORES["memory"]() as other:
        founded(other, OURS)
        put(store, SIGNING_KEY, stored(other)[SIGNING_KEY])


def cut(store: Store) -> None:
    put(store, SIGNING_KEY, stored(store)[SIGNING_KEY][:-8])


def no_base64(store: Store) -> None:
    put(store, SIGNING_KEY, f"{stored(store)[SIGNING_KEY]}é")


@pytest.mark.parametrize(
    "change", [swapped_with_another_of_its_own, of_another_plant, cut, no_base64]
)
def test_a_seal_opens_nowhere_but_in_its_place(store: Store, change: Any) -> None:
    founded(store, OURS)
    change(store)
    with pytest.raises(SealBroken) as refused:
        opened(store, OURS)
    assert refused.value.purpose == SIGNING_KEY


def test_a_key_put_there_in_clear_is_not_believed(store: Store) -> None:
    founded(store, OURS)
    put(store, TOKEN_KEY, "00" * 32)
    with pytest.raises(KeysInClear) as refused:
        opened(store, OURS).challenge()
    assert refused.value.purpose == TOKEN_KEY


# ---------------------------------------------------------------- another key for tokens


def test_a_token_outlives_its_key_by_its_own_time(server: Server, office: Device) -> None:
    token = office.token()
    server.service.replace_token_key()
    server.service.replace_token_key()
    assert server.service.admit(token).device_id == office.id
    server.clock.at += LIFE - timedelta(minutes=1)
    assert server.service.admit(token).device_id == office.id
    server.clock.at += timedelta(minutes=2)
    with pytest.raises(NoToken):
        server.service.admit(token)


def test_a_former_key_signs_nothing_once_its_time_is_over(server: Server, office: Device) -> None:
    with server.service.context.reading() as snapshot:
        former = TokenKeys.read(snapshot, None).present
    server.service.replace_token_key()
    claims = jwt.decode(office.token(), options={"verify_signature": False})
    begins = server.clock.at + LIFE + timedelta(seconds=5)
    server.clock.at = begins
    claims |= {"iat": int(begins.timestamp()), "exp": int((begins + LIFE).timestamp())}
    with pytest.raises(NoToken):
        server.service.admit(jwt.encode(claims, former, algorithm="HS256"))


def test_a_challenge_of_before_is_answered_with_a_token_of_now(
    server: Server, office: Device
) -> None:
    nonce = server.service.challenge().nonce
    server.service.replace_token_key()
    token = server.service.token(office.proof(nonce)).token
    server.clock.at += LIFE - timedelta(minutes=1)
    assert server.service.admit(token).device_id == office.id


def test_at_once_means_that_tokens_of_before_open_nothing(server: Server, office: Device) -> None:
    token = office.token()
    server.service.replace_token_key()
    server.service.replace_token_key(at_once=True)
    with pytest.raises(NoToken):
        server.service.admit(token)
    assert server.service.admit(office.token()).device_id == office.id


def test_another_worker_reads_the_key_that_was_replaced(server: Server, office: Device) -> None:
    context = server.service.context
    beside = Service.open(context.store, clock=context.clock, ids=context.ids)
    token = office.token()
    beside.replace_token_key(at_once=True)
    with pytest.raises(NoToken):
        server.service.admit(token)
    assert beside.admit(office.token()).device_id == office.id


def test_former_keys_are_sealed_and_forgotten_in_time(store: Store) -> None:
    founded(store, OURS)
    service = opened(store, OURS)
    service.replace_token_key()
    assert id_of_seal(stored(store)[FORMER_TOKEN_KEYS]) == OURS.id
    service.replace_token_key(at_once=True)
    with store.reading() as snapshot:
        assert remembered(snapshot, OURS) == service.plant


def test_a_snapshot_under_the_key_of_before_is_made_anew(
    server: Server, office: Device, tmp_path: Path
) -> None:
    context = server.service.context
    service = Service.open(context.store, clock=context.clock, ids=context.ids, snapshots=tmp_path)
    before = b"".join(service.snapshot())
    service.replace_token_key(at_once=True)
    assert b"".join(service.snapshot()) == before
    assert len(list(tmp_path.iterdir())) == 1
