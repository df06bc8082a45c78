"""How the properties are driven: the same examples on every CI run, fresh ones on a laptop.

Time decides nothing: the machine may be slow, and an example that takes long, or is long in the
making, is not a wrong one. A mutant is met with few examples, always the same, and dead by the
first that fails: nobody asks for a smaller.
"""

import gc
import os
import shutil
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from manchengo.system import collect_seldom
from tests.support import blank_files, campaigns
from tests.support.cheap_keys import CHEAP, seals_at
from tests.support.compiling import compile_for_workers
from tests.support.signed_in import say_the_passphrase
from tests.support.stores import IN_RAM

ROOM_FOR_ALL = 4 << 30
"""Bytes that the folders of all tests need, several times over."""

# A failed sentence shows both sides, as a failed assertion of the test itself would.
pytest.register_assert_rewrite("tests.support.given")

settings.register_profile(
    "dev", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.register_profile(
    "mutants",
    settings.get_profile("ci"),
    max_examples=50,
    phases=(Phase.explicit, Phase.generate),
)
USUAL = "ci" if os.environ.get("CI") else "dev"
settings.register_profile(campaigns.PROFILE, settings.get_profile(USUAL))
settings.load_profile(USUAL)

# Ten thousand tests and what they import are no garbage: looking through them took a fifth of
# collecting them, and later half a second each time.
gc.disable()


def pytest_configure(config: pytest.Config) -> None:
    compile_for_workers(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes one process minutes comes first: at the end, the others would wait for it."""
    items.sort(key=lambda item: item.path.parent.name != "screens")


def pytest_collection_finish() -> None:
    """Keep what was collected out of the garbage collector's sight, and enable it for the tests."""
    collect_seldom()


# Nor need a disk be waited for: what is flushed to it is counted in tens of thousands.
if IN_RAM is not None and shutil.disk_usage(IN_RAM).free > ROOM_FOR_ALL:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", IN_RAM)

# This process, the next run and what a test starts would otherwise compile everything again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(scope="session", autouse=True)
def _people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """People are asked for no passphrase, what they lock costs little, and each test run keeps its
    own sessions.
    """
    with pytest.MonkeyPatch.context() as patch, seals_at(CHEAP):
        say_the_passphrase(tmp_path_factory.mktemp("people"), patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _models() -> Iterator[None]:
    """What blank databases are copied from goes with the tests."""
    yield
    blank_files.remove_models()
