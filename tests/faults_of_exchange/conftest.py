"""A dairy with its server, once for each kind of database: every process of it is a real one.

Not each with each kind of plant: a process costs seconds, and neither database knows who signs.
"""

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
    """The encrypted database of an office that works alone, in a plant where everybody signs."""
    path = tmp_path_factory.mktemp("dairy") / "atelier.db"
    office = Post(path)
    office.does("init", "--admin", "amina")
    office.does("login", "--minutes", "720")
    return begun(office)


@pytest.fixture(scope="session")
def dairy_of_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of a plant that still believes names, so that people act at every copy of it."""
    path = tmp_path_factory.mktemp("before") / "atelier.db"
    with cheap_keys():
        make_believing(path, passphrase=PHRASE, amina=Role.ADMIN)
    return begun(Post(path))


def begun(office: Post) -> Path:
    for words in A_DAIRY:
        office.does(*words.split())
    office.ends()
    return office.database


@pytest.fixture
def site(place: Place, tmp_path: Path, dairy: Path, dairy_of_before: Path) -> Iterator[Site]:
    """Everybody signs where the server keeps a file; with PostgreSQL, names are believed."""
    began_with = dairy if isinstance(place.database, Path) else dairy_of_before
    with a_site(place, tmp_path, began_with) as at_work:
        yield at_work


@pytest.fixture
def site_of_before(place: Place, tmp_path: Path, dairy_of_before: Path) -> Iterator[Site]:
    with a_site(place, tmp_path, dairy_of_before) as at_work:
        yield at_work
