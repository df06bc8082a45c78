"""The server is what its own description says: strange requests, made from that description."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import schemathesis
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from manchengo import MemoryStore, codec
from manchengo.application.replication.server_log import Offered
from manchengo.domain.commit import Commit, Tip
from manchengo_sync import signing, wire
from tests.support.campaigns import for_campaigns
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.patience import PATIENCE
from tests.support.server import BOSS, Device, Served, a_server, served
from tests.support.stores import on_an_encrypted_file

# Of each operation, every one a request to a real server.
EXAMPLES = [8, for_campaigns(60)]
OPERATIONS = [
    "POST /sync/push",
    "POST /sync/tail",
    "GET /sync/snapshot",
    "POST /sync/challenge",
    "POST /sync/token",
    "POST /sync/enrol",
    "POST /sync/renew",
    "POST /sync/codes",
    "GET /sync/devices",
    "POST /sync/devices/{device_id}/withdraw",
    "GET /healthz",
    "GET /metrics",
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def place() -> Iterator[tuple[Served, Device]]:
    """On a real file, which takes less than memory does. One for each operation: an id that was
    renewed shares the office's key, and withdrawing it would withdraw the office too.
    """
    with on_an_encrypted_file() as store:
        server = a_server(lambda: store)
        server.open_store = MemoryStore
        office = server.first_device(A_DAIRY, received("L1", litres(100)))
        with served(server.service, device_rate=1e6, address_rate=1e6, enrol_rate=1e6) as up:
            yield up, office


@pytest.fixture
def described(place: tuple[Served, Device]) -> Any:
    up, office = place
    with up.client() as client:
        description = client.get("/schema").json()
    schema = schemathesis.openapi.from_dict(description)
    schema.config.update(base_url=up.url)

    def map_body(_context: Any, body: Any) -> Any:
        return _nearly_right(body, office) if isinstance(body, dict) else body

    schema.hook("map_body")(map_body)
    return schema


def _nearly_right(body: dict[str, Any], office: Device) -> dict[str, Any]:
    """What the office could have said, but for one thing or another: what is quite wrong never gets
    past the door.
    """
    code = office.service.new_code(wire.CodeRequest(user_id=BOSS), by=None).code
    proof = msgspec.to_builtins(office.proof(office.service.challenge().nonce))
    nearly = {
        "protocol": wire.PROTOCOL,
        "replica_id": str(office.id),
        "former_id": str(office.id),
        "log_epoch": "",
        "wait": 0,
        "code": code,
        "public_key": signing.public_key(office.key),
        **{name: proof[name] for name in ("nonce", "signature", "user_id")},
    }
    wrong = len(str(body)) % 16
    for index, (name, value) in enumerate(nearly.items()):
        if name in body and (index != wrong or name == "wait"):
            body[name] = value
    if body.keys() >= {"nonce", "device_id"}:
        body["device_id"] = str(office.id)
    for name, most in (("limit", 1_000), ("minutes", 10_000), ("cursor", 100)):
        if isinstance(body.get(name), int):
            body[name] = 1 + abs(body[name]) % most
    if isinstance(body.get("commits"), list):
        body["commits"] = list(_signed(body["commits"], office))
    return body


def _signed(offers: list[Any], office: Device) -> Iterator[Any]:
    """As if the office had recorded them, one after the other."""
    with office.service.context.reading() as snapshot:
        tip = snapshot.tip(office.id)
    for offered in offers:
        try:
            commit = msgspec.convert(offered["commit"], Commit, strict=False)
        except (msgspec.ValidationError, KeyError, TypeError):
            yield offered
            continue
        commit = codec.sealed(
            evolve(commit, device_id=office.id, sequence=tip.sequence + 1, previous=tip.hash)
        )
        tip = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
        signature = signing.sign(office.key, commit.hash)
        yield json.loads(wire.encode(Offered(commit=commit, signature=signature)))


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_declared_and_none_is_a_fault(
    operation: str, examples: int, described: Any, place: tuple[Served, Device]
) -> None:
    _, office = place
    method, path = operation.split()

    @given(case=described[path][method].as_strategy())
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    def holds(case: Any) -> None:
        headers = {"Authorization": f"Bearer {office.token()}"}
        response = case.call(headers=headers, timeout=PATIENCE)
        case.validate_response(response, checks=CHECKS)

    holds()


def test_every_operation_is_tried(described: Any) -> None:
    known = {
        f"{each.ok().method.upper()} {each.ok().path}" for each in described.get_all_operations()
    }
    assert known == set(OPERATIONS)
