"""Modules are compiled once before the workers begin, where each would compile all of them.

In a fresh clone, that is half of what it takes a worker to collect the tests. pytest has no public
way to rewrite the assertions of a module without running it.
"""

import multiprocessing
import os
import py_compile
from collections.abc import Sequence
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import (
    PYC_TAIL,
    _rewrite_test,
    _write_pyc,
    assertstate_key,
    get_cache_dir,
    try_makedirs,
)

from tests.house.sources import ROOT

SOURCES = ("packages/*/src", "apps/*/src", "tests")
CAN_FORK = "fork" in multiprocessing.get_all_start_methods()


def compile_for_workers(config: pytest.Config) -> None:
    """Compile what changed since it was compiled, on all processors; nothing where no workers are
    to begin. What cannot be compiled is left to whoever imports it.
    """
    is_worker = hasattr(config, "workerinput")
    if is_worker or not config.getoption("numprocesses", None) or not CAN_FORK:
        return
    stale = [source for source in sources() if is_stale(source)]
    count = os.cpu_count() or 1
    processes = [
        multiprocessing.get_context("fork").Process(
            target=compile_each, args=(stale[first::count], config)
        )
        for first in range(min(count, len(stale)))
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def sources() -> list[Path]:
    """The modules of the programs and of the tests."""
    folders = [folder for pattern in SOURCES for folder in sorted(ROOT.glob(pattern))]
    return [source for folder in folders for source in sorted(folder.rglob("*.py"))]


def compiled(source: Path) -> Path:
    """Where what is compiled of it lies: with rewritten assertions, if pytest would rewrite it."""
    if source.name.startswith("test_") or source.name == "conftest.py":
        return get_cache_dir(source) / f"{source.stem}{PYC_TAIL}"
    return Path(cache_from_source(str(source)))


def is_stale(source: Path) -> bool:
    """Whether it was not compiled since it changed."""
    done = compiled(source)
    return not done.exists() or done.stat().st_mtime < source.stat().st_mtime


def compile_each(stale: Sequence[Path], config: pytest.Config) -> None:
    """What one process compiles."""
    for source in stale:
        try:
            if compiled(source).name.endswith(PYC_TAIL):
                digest, code = _rewrite_test(source, config)
                try_makedirs(get_cache_dir(source))
                _write_pyc(config.stash[assertstate_key], code, digest, compiled(source))
            else:
                py_compile.compile(str(source), doraise=True)
        except (OSError, SyntaxError, ValueError, py_compile.PyCompileError):
            continue
