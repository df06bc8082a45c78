"""A plant for each test, and no worker that outlives the test that started it, however it ended."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from tests.postgres.workers import STARTED
from tests.support.fork_server import kill


@pytest.fixture(autouse=True)
def nobody_is_left_behind() -> Iterator[None]:
    yield
    for process in STARTED:
        if process.poll() is None:
            kill(process)
    STARTED.clear()


@pytest.fixture
def plant() -> UUID:
    """One that no other test opens."""
    return uuid4()
