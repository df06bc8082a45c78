"""``kill -9`` at any moment: what was acknowledged is there, the rest whole or not at all (P3)."""

import random
from pathlib import Path

import pytest

from tests.faults.killing import STEPS, Campaign, Interrupted
from tests.support.campaigns import for_campaigns

SEED = 20261123


@pytest.mark.parametrize("kills", [40, for_campaigns(200)])
def test_kills_lose_nothing_that_was_acknowledged(kills: int, tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, random.Random(SEED))
    campaign.run(kills)
    assert campaign.acknowledged > 0


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_in_a_long_step_leaves_all_of_it_or_nothing(step: str, tmp_path: Path) -> None:
    Interrupted(tmp_path, random.Random(SEED)).at_any_moment(8, *STEPS[step])
