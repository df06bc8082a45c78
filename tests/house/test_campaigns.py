"""A plain run has the few, a campaign the many, and CI runs both."""

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dev
from tests.house.sources import ROOT
from tests.support.campaigns import PROFILE, examples, few_of


@pytest.fixture(params=["dev", "ci", "mutants", PROFILE])
def profile(request: pytest.FixtureRequest) -> Iterator[str]:
    before = settings.get_current_profile_name()
    settings.load_profile(request.param)
    yield request.param
    settings.load_profile(before)


def test_a_plain_run_leaves_campaigns_out() -> None:
    words = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["addopts"]
    assert words[words.index("-m") + 1] == "not slow and not campaign"


def test_ci_runs_the_suite_then_campaigns_then_mutants() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    tasks = [line.split()[2] for line in lines if line.startswith("python3 dev.py ")]
    assert tasks == ["test", "campaigns", "mutants"]


def test_the_task_asks_for_the_mark_and_the_profile_of_campaigns() -> None:
    assert ("-m", "campaign", f"--hypothesis-profile={PROFILE}") == dev.CAMPAIGNS


def test_each_parameter_is_of_the_suite_or_of_the_campaign() -> None:
    shown = [
        (each.values[0], [mark.name for mark in each.marks]) if hasattr(each, "marks") else each
        for each in few_of(range(1, 5), [1, 3])
    ]
    assert shown == [1, (2, ["campaign"]), 3, (4, ["campaign"])]


def test_few_of_what_is_none_of_them_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="no parameters"):
        few_of(range(1, 5), [5])


def test_a_property_is_drawn_few_times_or_many(profile: str) -> None:
    drawn: list[int] = []

    @examples(3, campaign=9)
    @given(st.integers(min_value=0, max_value=1_000_000))
    def holds(number: int) -> None:
        drawn.append(number)

    holds()
    is_many = profile in ("mutants", PROFILE)
    assert len(drawn) == (9 if is_many else 3)
    marks = [mark.name for mark in getattr(holds, "pytestmark", [])]
    assert marks == (["campaign"] if profile == PROFILE else [])
