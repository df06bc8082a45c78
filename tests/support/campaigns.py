"""Repetitions of a shorter test: a few in every run, all of them in ``python3 dev.py campaigns``.

What only a campaign runs has the mark ``campaign``, which a plain run leaves out. Properties are
drawn few times in a plain run and many times under the profile ``campaign``, where they have the
mark too. Mutants are met with as many examples as a campaign has.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest
from hypothesis import settings

PROFILE = "campaign"
"""Of hypothesis; ``python3 dev.py campaigns`` asks for it."""

Value = TypeVar("Value")
Property = TypeVar("Property", bound=Callable[..., None])


def few_of(every: Iterable[Value], few: Iterable[Value]) -> list[Any]:
    """The values of ``every`` as parameters of a test; those that are not among ``few`` are for
    the campaign. ``AssertionError`` where one of ``few`` is no value at all.
    """
    values, kept = list(every), list(few)
    assert all(value in values for value in kept), f"some of {kept} are no parameters"
    return [value if value in kept else for_campaigns(value) for value in values]


def for_campaigns(value: Any) -> Any:
    """One parameter of a test, for the campaign alone."""
    return pytest.param(value, marks=pytest.mark.campaign)


def examples(few: int, *, campaign: int) -> Callable[[Property], Property]:
    """So many examples of a property in every run; so many in a campaign and against a mutant."""

    def drawn(test: Property) -> Property:
        profile = settings.get_current_profile_name()
        if profile == PROFILE:
            test = pytest.mark.campaign(test)
        return settings(max_examples=campaign if profile in (PROFILE, "mutants") else few)(test)

    return drawn
