"""A hundred dairies with everything that can befall them: the nine promises are kept in each."""

import pytest

from tests.simulation.running import run, tell
from tests.simulation.scenarios import SCENARIOS

SEEDS = 100


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_whatever_befalls_a_dairy_its_devices_agree_in_the_end(seed: int) -> None:
    outcome = run(seed)
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_was_found_once_is_not_found_again(scenario: str) -> None:
    outcome = tell(scenario)
    assert not outcome.broken, str(outcome)


def test_a_seed_tells_the_same_story_every_time() -> None:
    assert run(7).story == run(7).story
