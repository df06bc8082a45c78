"""A dairy with its server, once for each kind of database: every process of it is a real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from manchengo import Role
from tests.cli.conftest import A_DAIRY
from tests.faults_of_exchange.posts import Post
from tests.faults_of_exchange.site import Site, a_site
from tests.server.running import PHRASE, PLACES, Place, founded
from tests.support.believing import make_believing
from tests.support.cheap_keys import cheap_keys


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return founded(request.param, tmp_path)


@pytest.fixture(scope="session")
def dairy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encrypted database of an office that works alone. Its plant still believes names: people
    have several devices each, and who signs at which is not what is looked at here.
    """
    path = tmp_path_factory.mktemp("dairy") / "atelier.db"
    with cheap_keys():
        make_believing(path, passphrase=PHRASE, amina=Role.ADMIN)
    office = Post(path)
    for words in A_DAIRY:
        office.does(*words.split())
    office.ends()
    return path


@pytest.fixture
def site(place: Place, tmp_path: Path, dairy: Path) -> Iterator[Site]:
    with a_site(place, tmp_path, dairy) as at_work:
        yield at_work
