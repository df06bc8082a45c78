"""A rule that no test would miss is only a wish: here each is broken, and its test must notice.

A mutant lives in a copy of the source and is met by another process, so that nothing here changes.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest
from attrs import frozen

from tests.house.sources import ROOT
from tests.mutants.mutants import MUTANTS as OF_RULES
from tests.mutants.mutants import Mutant
from tests.mutants.mutants_of_verdicts import OF_VERDICTS

MUTANTS = (*OF_RULES, *OF_VERDICTS)

SOURCES = (
    "packages/core/src",
    "packages/adapters-sqlite/src",
    "packages/adapters-sync/src",
    "apps/server/src",
    "apps/cli/src",
)
AT_ONCE = 2
PATIENCE = 120
"""Seconds after which a process is taken to have lost its way."""


@frozen
class Run:
    """How a run of pytest ended, and what it said."""

    code: int
    said: str


@frozen
class Laboratory:
    """Copies of the source; each serves one process at a time."""

    copies: SimpleQueue[Path]

    def observe(self, mutant: Mutant) -> Run:
        """What the test named for the mutant says of it."""
        with self._a_copy() as copy, mutated(copy, mutant):
            return a_run_of(copy, mutant.killed_by)

    def observe_health(self) -> Run:
        """What all the tests named say of the source as it is."""
        with self._a_copy() as copy:
            return a_run_of(copy, *dict.fromkeys(mutant.killed_by for mutant in MUTANTS))

    @contextmanager
    def _a_copy(self) -> Iterator[Path]:
        copy = self.copies.get()
        try:
            yield copy
        finally:
            self.copies.put(copy)


@contextmanager
def mutated(copy: Path, mutant: Mutant) -> Iterator[None]:
    file = copy / mutant.file
    source = file.read_text("utf-8")
    found = source.count(mutant.was)
    assert found == 1, f"found {found} times in {mutant.file}, the list must follow: {mutant.was!r}"
    file.write_text(source.replace(mutant.was, mutant.becomes), "utf-8")
    try:
        yield
    finally:
        file.write_text(source, "utf-8")


def a_run_of(copy: Path, *tests: str) -> Run:
    """Run these tests, in a process of their own, on that copy of the source."""
    pytest_words = ("-x", "-q", "-p", "no:cacheprovider", "--hypothesis-profile=mutants")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *pytest_words, *tests],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(copy / source) for source in SOURCES),
            "PYTHONHASHSEED": "0",  # no chance in this either
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    return Run(done.returncode, done.stdout)


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    copies: SimpleQueue[Path] = SimpleQueue()
    for _ in range(AT_ONCE):
        copies.put(a_copy_of_the_source(tmp_path_factory.mktemp("copy")))
    return Laboratory(copies)


def a_copy_of_the_source(folder: Path) -> Path:
    for source in SOURCES:
        shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("*.pyc"))
    # Compiled once, and known by what the source says rather than by when it was written: two
    # mutants of one file may well be written within a second, and be of the same length.
    checked = "--invalidation-mode=checked-hash"
    subprocess.run([sys.executable, "-m", "compileall", "-q", checked, str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest, laboratory: Laboratory
) -> Iterator[dict[str, Future[Run]]]:
    """The run of each mutant asked for, begun before its test comes to wait for it."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            mutant.name: pool.submit(laboratory.observe, mutant)
            for mutant in asked_for(request.session)
        }
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


def test_every_named_test_passes_on_the_source_as_it_is(laboratory: Laboratory) -> None:
    run = laboratory.observe_health()
    assert run.code == pytest.ExitCode.OK, run.said


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_noticed(mutant: Mutant, runs: dict[str, Future[Run]]) -> None:
    run = runs[mutant.name].result()
    assert run.code == pytest.ExitCode.TESTS_FAILED, f"{mutant.killed_by}\n{run.said}"
