"""Start ``tests.bench.child``, and watch it from outside."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from pstats import Stats

from tests.bench.in_turn import Spent

ROOT = Path(__file__).resolve().parents[2]


def apart(task: str, path: Path) -> dict[str, float]:
    """What the child found: ``seconds`` with the database open, ``peak`` in bytes, and its own."""
    ran = subprocess.run(
        _command(task, path), stdout=subprocess.PIPE, check=True, cwd=ROOT, env=_environment()
    )
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


def started(task: str, path: Path) -> Spent:
    """From the start of a new process to the moment it says what it found."""
    forget_cached(path)
    cpu = os.times()
    began = time.perf_counter()
    with subprocess.Popen(
        _command(task, path), stdout=subprocess.PIPE, cwd=ROOT, env=_environment()
    ) as child:
        assert child.stdout is not None, "a pipe was asked for"
        child.stdout.readline()
        wall = time.perf_counter() - began
    assert child.returncode == 0, f"{task} failed on {path}"
    ended = os.times()
    spent = ended.children_user + ended.children_system - cpu.children_user - cpu.children_system
    return Spent(wall, spent)


def profile_of(task: str, path: Path) -> Stats:
    """Where its time goes, the imports included."""
    kept = path.with_name("child.prof")
    python, *further = _command(task, path)
    subprocess.run(
        [python, "-m", "cProfile", "-o", str(kept), *further],
        stdout=subprocess.DEVNULL,
        check=True,
        cwd=ROOT,
        env=_environment(),
    )
    return Stats(str(kept))


def forget_cached(path: Path) -> None:
    """Have the file read from the disk again, where the system can be asked to."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _command(task: str, path: Path) -> list[str]:
    return [sys.executable, "-m", "tests.bench.child", task, str(path)]


def _environment() -> dict[str, str]:
    # With it, every start would compile every module again, which no installed program does.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
