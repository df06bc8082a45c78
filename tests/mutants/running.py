"""Each trial is a process of its own, which loads the program with the changes; many at once."""

import atexit
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from enum import Enum
from importlib.metadata import entry_points
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import frozen

from tests.house.sources import ROOT
from tests.mutants.loading import install
from tests.mutants.mutant import Trial

FOREIGN = [
    *("attrs", "cryptography", "httpx", "hypothesis", "litestar", "msgspec", "openpyxl", "psycopg"),
    *("pytest", "rich", "sqlalchemy", "sqlcipher3", "typer", "uvicorn"),
    *(plugin.module for plugin in entry_points(group="pytest11")),
]
"""Loaded once, where processes can be copied. All that is ours is loaded anew by each."""

Context = ForkServerContext | SpawnContext

PATIENCE = 900
"""Seconds after which a process is taken to have lost its way."""


class Result(Enum):
    """How a trial ended; its letter in the line that grows while trials run."""

    SUCCEEDED = "."
    FAILED = "F"
    SKIPPED = "s"


@frozen
class Outcome:
    """``output``: all that the process printed. One that ends without a result has failed."""

    name: str
    result: Result
    output: str


def run_all(trials: Sequence[Trial], *, at_once: int | None = None) -> Iterator[Outcome]:
    """As they come."""
    os.environ["PYTHONHASHSEED"] = "0"  # no chance in this either
    context = _context()
    pool = ThreadPoolExecutor(at_once or os.cpu_count())
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, pool:
        papers = [Path(folder) / str(number) for number in range(len(trials))]
        running = [
            pool.submit(_observed, context, *each) for each in zip(trials, papers, strict=True)
        ]
        try:
            yield from (each.result() for each in as_completed(running))
        finally:
            pool.shutdown(cancel_futures=True)


def _context() -> Context:
    """Processes that share what is not ours; where there are none, that load everything."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(FOREIGN)
    return context


def _observed(context: Context, trial: Trial, paper: Path) -> Outcome:
    process = context.Process(target=_in_a_process, args=(trial, paper))
    process.start()
    process.join(PATIENCE)
    process.kill()
    process.join()
    # Not by its exit code: multiprocessing looks after all its processes wherever one is started,
    # and of two threads that ask at once for the same code only one is told the right one.
    result = Result(verdict.read_text()) if (verdict := _verdict(paper)).exists() else Result.FAILED
    output = paper.read_text("utf-8", "replace") if paper.exists() else ""
    return Outcome(trial.name, result, output)


def _verdict(paper: Path) -> Path:
    return paper.with_suffix(".verdict")


def _in_a_process(trial: Trial, paper: Path) -> None:
    gc.freeze()  # what was loaded once is not looked through again and again
    # Nor is the rest compiled again and again, where Python may write nothing beside the source.
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(paper.parent / "compiled")
    os.chdir(ROOT)
    with paper.open("w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    try:
        install(trial.changes)
        result = Result.SUCCEEDED if trial.succeeds() else Result.FAILED
        _verdict(paper).write_text(result.value)
    except pytest.skip.Exception as missing:
        print(missing)
        _verdict(paper).write_text(Result.SKIPPED.value)
    finally:
        # A process that was copied ends without this, and the PostgreSQL it started would go on.
        atexit._run_exitfuncs()
