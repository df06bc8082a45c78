"""A hundred dairies with everything that can befall them: the nine promises are kept in each."""

import pytest

from tests.simulation.running import run, run_scenario
from tests.simulation.scenarios import SCENARIOS

SEEDS, ON_POSTGRES, WITH_LIES, WITH_FORGERIES, WITH_HISTORIES = 94, 6, 20, 20, 12
REWRITTEN, WITH_ITS_SERVER = 16, 6


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_whatever_befalls_a_dairy_its_devices_agree_in_the_end(seed: int) -> None:
    outcome = run(seed)
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", range(1, ON_POSTGRES + 1))
def test_they_agree_where_the_server_keeps_its_log_in_postgresql(seed: int) -> None:
    outcome = run(seed, "postgres")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", range(1, WITH_LIES + 1))
def test_no_device_believes_a_server_that_lies(seed: int) -> None:
    outcome = run(seed, "lies")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", range(1, WITH_HISTORIES + 1))
def test_whoever_is_shown_another_history_finds_out(seed: int) -> None:
    outcome = run(seed, "histories")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", range(1, WITH_FORGERIES + 1))
def test_nobody_acts_as_another_however_a_device_is_used(seed: int) -> None:
    outcome = run(seed, "forgeries")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", range(1, REWRITTEN + 1))
def test_a_device_that_rewrites_its_own_chain_harms_nobody(seed: int) -> None:
    outcome = run(seed, "rewritings")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("server", ["lies", "histories"])
@pytest.mark.parametrize("seed", range(1, WITH_ITS_SERVER + 1))
def test_nor_does_it_with_the_help_of_the_server(seed: int, server: str) -> None:
    outcome = run(seed, "rewritings", server)
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_was_found_once_is_not_found_again(scenario: str) -> None:
    outcome = run_scenario(scenario)
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("given", [(), ("http",), ("files",), ("http", "postgres")], ids=" ".join)
def test_a_seed_tells_the_same_story_every_time(given: tuple[str, ...]) -> None:
    first = run(7, *given)
    assert first.digest == run(7, *given).digest != "", str(first)
