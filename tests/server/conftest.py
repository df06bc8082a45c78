"""A server on loopback with its first device, for whoever asks over HTTP."""

from collections.abc import Iterator

import pytest

from tests.support.cheap_keys import cheap_keys
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Caller, Device, Served, Server, a_server, served


@pytest.fixture(autouse=True)
def keys_are_cheap() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    return server.first_device(A_DAIRY, received("L1", litres(100)))


@pytest.fixture
def up(server: Server, office: Device) -> Iterator[Served]:
    with served(server.service) as running:
        yield running


@pytest.fixture
def stranger(up: Served) -> Iterator[Caller]:
    """Somebody without a device."""
    with up.client() as client:
        yield Caller(client)


@pytest.fixture
def caller(up: Served, office: Device) -> Iterator[Caller]:
    """The office, over HTTP."""
    with up.client() as client:
        yield Caller(client, office)
