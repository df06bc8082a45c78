"""How far a clock is from the server's, whatever the line does."""

from datetime import datetime, timedelta

import pytest

from manchengo.memory import START_OF_MEMORY
from manchengo_sync.clocks import MOST_APART, RIGHT, ahead_of

NOW = START_OF_MEMORY
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("clock", "off"),
    [
        (NOW, RIGHT),
        (NOW + 30 * MINUTE, RIGHT),
        (NOW + 60 * MINUTE, RIGHT),
        (NOW - MOST_APART, RIGHT),
        (NOW + 60 * MINUTE + MOST_APART, RIGHT),
        (NOW - 6 * MINUTE, 6 * MINUTE),
        (NOW + 67 * MINUTE, -7 * MINUTE),
        (NOW - timedelta(days=20_000), timedelta(days=20_000)),
    ],
)
def test_an_answer_that_took_an_hour_proves_no_more_than_it_can(
    clock: datetime, off: timedelta
) -> None:
    assert ahead_of(clock, asked_at=NOW, answered_at=NOW + 60 * MINUTE) == off
