"""A promise that no fault can break is only a wish: each fault of the list breaks one.

A mutant is met by another process, which loads its own source.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from tests.simulation.mutant import Mutant
from tests.simulation.mutants import MUTANTS
from tests.support.postgres import postgres

AT_ONCE = 2
PATIENCE = 120
"""Seconds after which a process is taken to have lost its way."""


def observed(mutant: Mutant) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.mutants", mutant.name],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0"},  # no chance in this either
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    return done.stdout


@pytest.fixture(scope="module")
def observations(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[str]]]:
    """What is said of each mutant asked for, begun before its test comes to wait for it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {mutant.name: pool.submit(observed, mutant) for mutant in asked_for(request.session)}
        pool.shutdown(cancel_futures=True)


def asked_for(session: pytest.Session) -> Iterator[Mutant]:
    for item in session.items:
        if item.path == Path(__file__) and "mutant" in getattr(item, "fixturenames", ()):
            assert isinstance(item, pytest.Function)
            mutant = item.callspec.params["mutant"]
            assert isinstance(mutant, Mutant)
            yield mutant


def test_no_two_mutants_have_the_same_name() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_the_promise_named(
    mutant: Mutant, observations: dict[str, Future[str]]
) -> None:
    if mutant.needs_postgres:
        postgres()  # or this is skipped, as all that needs it
    said = observations[mutant.name].result()
    *_, last = said.splitlines() or [""]
    _, _, broken = last.partition(" notices: ")
    assert broken.split(" ")[0] in mutant.breaks.split(" "), said
