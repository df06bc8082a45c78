"""No worker outlives the test that started it, however the test ended."""

from collections.abc import Iterator

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
