"""The real ``manchengo-server``, one for each plant, and what it takes of the machine."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import frozen

STARTED_AT_ONCE = 4
LONGEST_START = 120.0
IDLE = 0.02
"""Seconds of CPU that a server takes in a second without doing anything, at most."""


@frozen
class Program:
    """``pid``: of the process that was started; its workers are below it."""

    url: str
    pid: int


@contextmanager
def programs(
    database: str, plants: Sequence[str], *, workers: int, variables: dict[str, str]
) -> Iterator[list[Program]]:
    """One for each plant, on a port that the system chooses; stopped at the end."""
    started: list[subprocess.Popen[str]] = []
    try:
        listening: list[Program] = []
        for begin in range(0, len(plants), STARTED_AT_ONCE):
            some = [
                _start(database, plant, workers, variables)
                for plant in plants[begin : begin + STARTED_AT_ONCE]
            ]
            started += some
            listening += map(_listening, some)
        _wait_until_idle([each.pid for each in listening])
        yield listening
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.communicate(timeout=60)


def _start(
    database: str, plant: str, workers: int, variables: dict[str, str]
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        ["manchengo-server", "serve", "--port", "0", "--workers", str(workers)],
        env=os.environ | variables | {"MANCHENGO_DATABASE": database, "MANCHENGO_PLANT": plant},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _listening(process: "subprocess.Popen[str]") -> Program:
    assert process.stdout is not None, "it was asked for"
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found, "the server says where it listens"
    return Program(found[0], process.pid)


def _wait_until_idle(pids: Sequence[int]) -> None:
    """A worker listens before it has loaded all that it runs."""
    until = time.monotonic() + LONGEST_START
    used, before = Taken.by(pids).cpu, -1.0
    while used - before > IDLE * len(pids) and time.monotonic() < until:
        time.sleep(1.0)
        used, before = Taken.by(pids).cpu, used


# ---------------------------------------------------------------- what they take


@frozen
class Taken:
    """``cpu``: seconds so far, of those that ended as well; ``memory``: bytes now, of what several
    share a part of each; ``processes``: how many.
    """

    cpu: float
    memory: int
    processes: int

    @classmethod
    def by(cls, roots: Sequence[int]) -> "Taken":
        """These processes and all that they started; nothing where the system does not say."""
        pids = [pid for root in roots for pid in _with_children(root)]
        return cls(sum(map(_cpu, pids)), sum(map(_memory, pids)), len(pids))


def _with_children(pid: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _with_children(int(child))
    return found


def _cpu(pid: int) -> float:
    with suppress(OSError):
        used = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, used[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _memory(pid: int) -> int:
    with suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        return int(found[1]) * 1024 if found else 0
    return 0
