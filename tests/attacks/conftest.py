"""A server on loopback, with one device that it knows."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from importlib.util import find_spec

import pytest

from manchengo import MemoryStore
from manchengo.ports.store import Store
from tests.support import server as of_servers
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.server import Caller, Device, Served, Server, a_server, served
from tests.support.stores import STORES


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


def lasting_store(kind: str) -> AbstractContextManager[Store]:
    if kind in STORES:
        return STORES[kind]()
    if kind == "PostgreSQL" and find_spec("manchengo_postgres"):
        from tests.support.blank_plants import on_a_blank_plant

        return on_a_blank_plant()
    pytest.skip(f"{kind}: its adapter is not installed")


DATABASES = ["encrypted file", "PostgreSQL"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each attack once for each database; of a mutant, which a test names, once and in memory."""
    is_of_a_mutant = metafunc.config.getoption("hypothesis_profile", None) == "mutants"
    if "on_each_database" in metafunc.fixturenames and not is_of_a_mutant:
        metafunc.parametrize("on_each_database", DATABASES, indirect=True)


@pytest.fixture
def on_each_database(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every server of the test keeps its log in one; devices keep theirs in memory."""
    kind = getattr(request, "param", "memory")
    with ExitStack() as stack:

        def opened() -> Store:
            return stack.enter_context(lasting_store(kind))

        monkeypatch.setattr(of_servers, "open_database", opened)
        yield


@pytest.fixture(params=DATABASES)
def lasting_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One whose log is where a dairy's is; its devices are in memory."""
    with lasting_store(request.param) as store:
        server = a_server(lambda: store)
        server.open_store = MemoryStore
        yield server
