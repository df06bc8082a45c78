"""Somebody has a copy of the server's database in PostgreSQL, and not the wrapping key."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest

from manchengo import MemoryStore, SystemClock, Uuid7Ids
from manchengo_postgres import PostgresStore
from manchengo_postgres.store import schema_of
from manchengo_server.errors import NoToken
from manchengo_server.key_wrapping import WrappingKey
from manchengo_server.service import Service
from manchengo_server.tokens import ALGORITHM
from manchengo_sync import sealing, signing
from tests.support.postgres import execute, on_postgres
from tests.support.server import Device, Server, a_server

OURS = WrappingKey(b"o" * 32)
A_KEY = re.compile(r"(?=([0-9a-f]{64}))")
"""Wherever in a row it begins."""


def keys_in_a_copy(schema: str) -> set[str]:
    """Whatever in the plant's tables might be a key of the server."""
    tables = execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", schema)
    rows = [
        row
        for (table,) in tables
        for (row,) in execute(f'SELECT t::text FROM {schema}."{table}" AS t')
    ]
    return {key for row in rows for key in A_KEY.findall(row)}


def a_plant_on(store: PostgresStore, wrapping: WrappingKey | None) -> tuple[Server, Device]:
    server = a_server()
    server.service = Service.found(
        store, "Laiterie", clock=SystemClock(), ids=Uuid7Ids(), wrapping=wrapping
    )
    server.open_store = MemoryStore
    return server, server.first_device()


def is_let_in(server: Server, office: Device, key: str) -> bool:
    """Whether that key makes a token of the administrator's device."""
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": str(server.service.plant.id),
        "sub": str(office.id),
        "user": str(office.user_id),
        "roles": ["admin"],
        "iat": now,
        "exp": now + 900,
        "key": signing.public_key(office.key),
    }
    try:
        server.service.admit(jwt.encode(claims, bytes.fromhex(key), algorithm=ALGORITHM))
    except NoToken:
        return False
    return True


@pytest.mark.parametrize(
    ("wrapping", "helps"), [(None, True), (OURS, False)], ids=["in clear", "sealed"]
)
def test_a_copy_of_the_database_makes_nobody_the_server(
    wrapping: WrappingKey | None, helps: bool
) -> None:
    """A copy of one whose keys are in clear has them all: what is looked for would be found."""
    named = uuid4()
    with on_postgres(named) as store:
        server, office = a_plant_on(store, wrapping)
        server.service.replace_token_key()
        former = server.service.plant.bundle_public_key
        server.service.replace_bundle_key(accepted_for=timedelta(days=30))
        plant, found = server.service.plant, keys_in_a_copy(schema_of(named))
        assert found, "public keys are in it at least"
        assert any(is_let_in(server, office, key) for key in found) is helps
        assert any(signing.public_key(key) == plant.public_signing_key for key in found) is helps
        assert any(signing.public_key(key) == plant.public_device_key for key in found) is helps
        opened = {sealing.public_key(key) for key in found}
        assert ({former, plant.bundle_public_key} <= opened) is helps
