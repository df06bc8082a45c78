"""Somebody who means harm: turned down, written down, and nothing of it is stored."""

import gzip
import json
import socket
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from manchengo import codec
from manchengo_server.plant import Plant
from manchengo_server.service import Service
from manchengo_server.token_keys import TokenKeys
from manchengo_sync import signing, wire
from tests.support.dairy import litres, received
from tests.support.patience import PATIENCE
from tests.support.server import (
    BOSS,
    DRIVER,
    Caller,
    Device,
    Served,
    Server,
    digest_of,
    problem,
    served,
)

TOO_MUCH = 100 * 1024 * 1024


@pytest.fixture
def van(server: Server, office: Device) -> Device:
    """The driver's, let in by an administrator of the office."""
    return server.another_device("camion", user_id=DRIVER)


@pytest.fixture(autouse=True)
def nothing_is_stored(server: Server, office: Device, van: Device) -> Iterator[None]:
    """Whatever a test here does, the log and the views are afterwards what they were."""
    store = server.service.context.store
    before = server.service.head(), digest_of(store)
    yield
    assert (server.service.head(), digest_of(store)) == before


def is_written(up: Served, status: int, code: str) -> None:
    assert up.line(status=status, code=code)["level"] == "warning"


# ---------------------------------------------------------------- forged tokens


def claims(plant: Plant, device: Device, **changed: Any) -> dict[str, Any]:
    now = 1_767_600_000 + 60
    return {
        "iss": str(plant.id),
        "sub": str(device.id),
        "user": str(BOSS),
        "roles": ["admin"],
        "iat": now,
        "exp": now + 900,
        "key": signing.public_key(device.key),
        **changed,
    }


def token_key(service: Service) -> bytes:
    with service.context.reading() as snapshot:
        return TokenKeys.read(snapshot, None).present


def unsigned(payload: dict[str, Any], algorithm: str = "none") -> str:
    parts = [{"alg": algorithm, "typ": "JWT"}, payload]
    packed = [urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=") for each in parts]
    return ".".join([*packed, ""])


def forged(service: Service, device: Device) -> dict[str, str]:
    plant, key = service.plant, token_key(service)
    payload = claims(plant, device)
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(device.key))
    return {
        "no algorithm": unsigned(payload),
        "no signature": unsigned(payload, "HS256"),
        "another key": jwt.encode(payload, b"k" * 32, algorithm="HS256"),
        "the public key as the secret": jwt.encode(
            payload, signing.public_key(device.key).encode(), algorithm="HS256"
        ),
        "another algorithm of the family": jwt.encode(payload, key * 2, algorithm="HS512"),
        "a device's own signature": jwt.encode(payload, private, algorithm="EdDSA"),
        "another plant": jwt.encode(claims(plant, device, iss=str(BOSS)), key, algorithm="HS256"),
        "nobody": jwt.encode(claims(plant, device, sub="nobody"), key, algorithm="HS256"),
        "no end": jwt.encode(
            {name: payload[name] for name in payload if name != "exp"}, key, algorithm="HS256"
        ),
        "not yet": jwt.encode(
            claims(plant, device, iat=payload["iat"] + 10**6, exp=payload["iat"] + 2 * 10**6),
            key,
            algorithm="HS256",
        ),
        "deep": unsigned({"a": json.loads("[" * 500 + "]" * 500)}),
        "nonsense": "a.b.c",
        "too many": f"{jwt.encode(payload, key, algorithm='HS256')}.x",
    }


FORGERIES = (
    "no algorithm",
    "no signature",
    "another key",
    "the public key as the secret",
    "another algorithm of the family",
    "a device's own signature",
    "another plant",
    "nobody",
    "no end",
    "not yet",
    "deep",
    "nonsense",
    "too many",
)


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_token_that_the_server_did_not_give_opens_nothing(
    server: Server, up: Served, stranger: Caller, office: Device, kind: str
) -> None:
    tokens = forged(server.service, office)
    assert tuple(tokens) == FORGERIES
    headers = {"Authorization": f"Bearer {tokens[kind]}"}
    response = stranger.push(office.request(), headers=headers)
    assert problem(response) == (401, "token")
    is_written(up, 401, "token")


def test_a_role_is_read_from_the_log_and_not_from_the_token(
    server: Server, stranger: Caller, office: Device, van: Device, up: Served
) -> None:
    """Even one signed with the server's own secret; nor is the person."""
    payload = claims(server.service.plant, van, user=str(office.user_id), roles=["admin"])
    token = jwt.encode(payload, token_key(server.service), algorithm="HS256")
    headers = {"Authorization": f"Bearer {token}"}
    response = stranger.post("/sync/codes", wire.CodeRequest(user_id=DRIVER), headers=headers)
    assert problem(response) == (403, "not_permitted")
    is_written(up, 403, "not_permitted")


def test_a_token_that_is_over_opens_nothing(
    server: Server, up: Served, stranger: Caller, office: Device
) -> None:
    token = office.token()
    server.clock.at += timedelta(minutes=16)
    headers = {"Authorization": f"Bearer {token}"}
    assert problem(stranger.push(office.request(), headers=headers)) == (401, "token")
    is_written(up, 401, "token")


def test_a_proof_heard_on_the_way_is_worth_nothing(
    server: Server, up: Served, stranger: Caller, office: Device
) -> None:
    """Once its minute is over, or in another's name; who hears it within the minute hears
    the token that it is given as well.
    """
    nonce = wire.decode(stranger.post("/sync/challenge").content, wire.Challenge).nonce
    proof = office.proof(nonce)
    assert stranger.post("/sync/token", proof).status_code == 200
    stolen = evolve(proof, user_id=DRIVER)
    assert problem(stranger.post("/sync/token", stolen)) == (401, "not_proved")
    server.clock.at += timedelta(seconds=61)
    assert problem(stranger.post("/sync/token", proof)) == (401, "not_proved")
    is_written(up, 401, "not_proved")


def test_a_proof_signed_with_another_key_is_none(
    server: Server, up: Served, stranger: Caller, office: Device
) -> None:
    nonce = wire.decode(stranger.post("/sync/challenge").content, wire.Challenge).nonce
    thief = evolve(office, key=server.device().key)
    assert problem(stranger.post("/sync/token", thief.proof(nonce))) == (401, "not_proved")
    is_written(up, 401, "not_proved")


# ---------------------------------------------------------------- forged commits


def stopped(response: httpx.Response, up: Served) -> str:
    assert response.status_code == 200
    error = wire.decode(response.content, wire.PushResponse).push_error
    assert error is not None
    assert up.line(push_error=error.code)["why"]
    return error.code


def test_a_commit_with_another_s_signature_is_turned_down(
    up: Served, caller: Caller, office: Device
) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    wrong = evolve(office.request(), commits=(evolve(own, signature=bytes(64)),))
    assert stopped(caller.push(wrong), up) == "refused"


def test_a_broken_chain_is_turned_down(up: Served, caller: Caller, office: Device) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    commit = codec.sealed(evolve(own.commit, previous=bytes(32)))
    offered = evolve(own, commit=commit, signature=signing.sign(office.key, commit.hash))
    wrong = evolve(office.request(), commits=(offered,))
    assert stopped(caller.push(wrong), up) == "forked"


def test_a_device_cannot_push_as_another(up: Served, caller: Caller, office: Device) -> None:
    request = office.asking(replica_id=office.service.plant.device_id)
    assert problem(caller.push(request)) == (403, "not_yours")
    is_written(up, 403, "not_yours")


# ---------------------------------------------------------------- too much


def test_a_body_of_a_hundred_megabytes_is_not_read_into_memory(
    up: Served, stranger: Caller
) -> None:
    assert problem(stranger.post("/sync/enrol", bytes(TOO_MUCH))) == (413, "too_large")
    is_written(up, 413, "too_large")


def test_nor_one_that_does_not_say_how_large_it_is(up: Served, stranger: Caller) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield bytes(TOO_MUCH // 100)

    response = stranger.client.post("/sync/enrol", content=pieces())
    assert problem(response) == (413, "too_large")


def test_a_small_file_that_swells_is_stopped_on_the_way(up: Served, stranger: Caller) -> None:
    packer = zlib.compressobj(9, wbits=31)
    packed = packer.compress(bytes(10 * TOO_MUCH)) + packer.flush()
    assert len(packed) < TOO_MUCH / 50
    response = stranger.post("/sync/enrol", packed, headers={"Content-Encoding": "gzip"})
    assert problem(response) == (413, "too_large")
    is_written(up, 413, "too_large")


def test_a_file_packed_twice_is_unpacked_once(stranger: Caller) -> None:
    twice = gzip.compress(gzip.compress(bytes(TOO_MUCH // 10)))
    response = stranger.post("/sync/enrol", twice, headers={"Content-Encoding": "gzip"})
    assert problem(response) == (400, "not_understood")


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_deep_json_is_not_followed_down(
    up: Served, caller: Caller, opening: bytes, closing: bytes
) -> None:
    deep = opening * 200_000 + b"1" + closing * 200_000
    for body in (deep, b'{"unknown":' + deep + b"}", b'{"commits":' + deep + b"}"):
        assert problem(caller.post("/sync/push", body)) == (400, "not_understood")
        is_written(up, 400, "not_understood")


def test_a_request_that_never_ends_is_given_up(server: Server, office: Device) -> None:
    with served(server.service, body_seconds=0.2) as up:
        host, port = up.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=PATIENCE) as slow:
            slow.sendall(b"POST /sync/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            answer = slow.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 408 ")
        is_written(up, 408, "too_slow")


def test_more_commits_than_a_push_may_hold_are_not_looked_at(
    caller: Caller, office: Device
) -> None:
    office.does(received("L2", litres(5)))
    (own,) = office.offered()
    body = json.loads(wire.encode(office.asking()))
    body["commits"] = [json.loads(wire.encode(own))] * (wire.MOST_COMMITS + 1)
    assert problem(caller.post("/sync/push", json.dumps(body).encode())) == (400, "not_understood")
