"""A hundred dairies with everything that can befall them: the nine promises are kept in each.

A few of each kind run every time, in which every kind of fault occurs; the hundred are a campaign.
"""

from collections.abc import Iterable
from random import Random

import pytest
from attrs import fields

from tests.simulation.nature import Nature
from tests.simulation.running import run, run_scenario
from tests.simulation.scenarios import SCENARIOS
from tests.support.campaigns import few_of, for_campaigns

SEEDS, ON_POSTGRES, WITH_LIES, WITH_FORGERIES, WITH_HISTORIES = 94, 6, 20, 20, 12
REWRITTEN, WITH_ITS_SERVER, MENDED = 16, 6, 20
EVERY_TIME = (*range(1, 11), 22)
"""The seeds of dairies that are left to chance."""

EVERY_WAY_TO_REWRITE = (2, 4, 6, 7)
"""The seeds in which each of ``rewriting.HISTORIES`` is told once at least."""

MUCH_STOOD_BEHIND = (10, 12)
"""Seeds in which an entry stops everybody for long, or twice; in some others none ever does."""

HEARD_LIES = (2, 4, 7, 8)
"""Seeds in which the server comes to forge entries; in many others it never does."""

AT_EVERY_STATEMENT = "the database is cut off at every statement of a push"
"""As long as all other scenarios together."""


@pytest.mark.parametrize("seed", few_of(range(1, SEEDS + 1), EVERY_TIME))
def test_whatever_befalls_a_dairy_its_devices_agree_in_the_end(seed: int) -> None:
    outcome = run(seed)
    assert not outcome.broken, str(outcome)


def test_what_can_befall_a_dairy_befalls_one_every_time() -> None:
    """A fault that no seed of every run has, only a campaign would find."""
    assert befalling(EVERY_TIME) == befalling(range(1, SEEDS + 1))


def befalling(seeds: Iterable[int]) -> set[tuple[str, bool]]:
    """What occurs in one of these dairies at least, and what does not in one of them."""
    natures = [Nature.of(Random(seed)) for seed in seeds]
    found = {(each.name, bool(getattr(of, each.name))) for of in natures for each in fields(Nature)}
    whole = {("every node on a file", of.on_files > of.devices) for of in natures}
    return found | whole | {("strict over HTTP", of.http and of.strict) for of in natures}


@pytest.mark.parametrize("seed", few_of(range(1, ON_POSTGRES + 1), [2]))
def test_they_agree_where_the_server_keeps_its_log_in_postgresql(seed: int) -> None:
    outcome = run(seed, "postgres")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", few_of(range(1, WITH_LIES + 1), HEARD_LIES))
def test_no_device_believes_a_server_that_lies(seed: int) -> None:
    outcome = run(seed, "lies")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", few_of(range(1, WITH_HISTORIES + 1), range(1, 4)))
def test_whoever_is_shown_another_history_finds_out(seed: int) -> None:
    outcome = run(seed, "histories")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", few_of(range(1, WITH_FORGERIES + 1), range(1, 5)))
def test_nobody_acts_as_another_however_a_device_is_used(seed: int) -> None:
    outcome = run(seed, "forgeries")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", few_of(range(1, REWRITTEN + 1), EVERY_WAY_TO_REWRITE))
def test_a_device_that_rewrites_its_own_chain_harms_nobody(seed: int) -> None:
    outcome = run(seed, "rewritings")
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("seed", few_of(range(1, MENDED + 1), MUCH_STOOD_BEHIND))
def test_a_log_that_stopped_everybody_is_mended_and_loses_nothing(seed: int) -> None:
    outcome = run(seed, "mending")
    assert not outcome.broken, str(outcome)
    assert seed not in MUCH_STOOD_BEHIND or "behind again" in str(outcome.story)


@pytest.mark.parametrize("server", ["lies", "histories"])
@pytest.mark.parametrize("seed", few_of(range(1, WITH_ITS_SERVER + 1), range(1, 3)))
def test_nor_does_it_with_the_help_of_the_server(seed: int, server: str) -> None:
    outcome = run(seed, "rewritings", server)
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize("scenario", few_of(SCENARIOS, SCENARIOS.keys() - {AT_EVERY_STATEMENT}))
def test_what_was_found_once_is_not_found_again(scenario: str) -> None:
    outcome = run_scenario(scenario)
    assert not outcome.broken, str(outcome)


@pytest.mark.parametrize(
    "given", [(), ("http",), *map(for_campaigns, [("files",), ("http", "postgres")])], ids=" ".join
)
def test_a_seed_tells_the_same_story_every_time(given: tuple[str, ...]) -> None:
    first = run(7, *given)
    assert first.digest == run(7, *given).digest != "", str(first)
