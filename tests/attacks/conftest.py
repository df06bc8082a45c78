"""A server on loopback, with one device that it knows."""

from collections.abc import Iterator

import pytest

from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Caller, Device, Served, Server, a_server, served


@pytest.fixture
def server() -> Server:
    return a_server()


@pytest.fixture
def office(server: Server) -> Device:
    return server.first_device(A_DAIRY, received("L1", litres(100)))


@pytest.fixture
def up(server: Server, office: Device) -> Iterator[Served]:
    with served(server.service) as up:
        yield up


@pytest.fixture
def stranger(up: Served) -> Iterator[Caller]:
    """Somebody with the address of the server and nothing else."""
    with up.client() as client:
        yield Caller(client)
