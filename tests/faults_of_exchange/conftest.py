"""A dairy with its server, once for each kind of database: every process of it is a real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import A_DAIRY
from tests.faults_of_exchange.posts import Post
from tests.faults_of_exchange.site import Site, a_site
from tests.server.running import PLACES, Place, founded


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return founded(request.param, tmp_path)


@pytest.fixture(scope="session")
def dairy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encrypted database of an office that works alone."""
    path = tmp_path_factory.mktemp("dairy") / "atelier.db"
    office = Post(path)
    office.does("init", "--admin", "amina")
    for words in A_DAIRY:
        office.does(*words.split())
    office.ends()
    return path


@pytest.fixture
def site(place: Place, tmp_path: Path, dairy: Path) -> Iterator[Site]:
    with a_site(place, tmp_path, dairy) as at_work:
        yield at_work
