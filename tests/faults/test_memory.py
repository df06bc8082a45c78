"""What goes through the whole log takes no more memory for a long one than for a short one."""

import multiprocessing
import re
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from manchengo import Manchengo
from manchengo.domain.ids import CommitId
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.backup import backup
from tests.faults.killing import victim
from tests.faults.plant import new_plant, plant
from tests.support.dairy import an_id, day, litres, received

MEBIBYTE = 1024 * 1024
SLACK = 8 * MEBIBYTE
"""SQLite's caches fill up to there. The longer log, were it kept, would take several times that."""

ALONE = multiprocessing.get_context("spawn")
"""A process that shares no memory with another, so that what it takes is its own."""


def verify(dairy: Manchengo, _: Path) -> None:
    assert dairy.verify().sound


def rebuild(dairy: Manchengo, _: Path) -> None:
    dairy.rebuild()


def copy(dairy: Manchengo, path: Path) -> None:
    assert isinstance(dairy.store, SqliteStore)
    backup(dairy.store.engine, path.with_name(f"copy of {path.name}"))


def weigh(words: Connection, path: Path, task: Callable[[Manchengo, Path], None]) -> None:
    """The most memory this process ever took, once the task is done."""
    with plant(path) as dairy:
        task(dairy, path)
    (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.M)
    words.send(int(peak) * 1024)


def a_log_of(commits: int, path: Path) -> Path:
    """So many receptions, recorded a thousand at a time."""
    with plant(new_plant(path)) as dairy:
        for start in range(0, commits, 1000):
            with dairy.batch() as batch:
                for number in range(start, start + 1000):
                    asked = received(f"lot {number}", litres(10), on=day(number % 28))
                    batch.execute(asked, command_id=CommitId(an_id(f"lot {number}")))
    return path


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("logs")
    return a_log_of(5_000, folder / "short.db"), a_log_of(15_000, folder / "long.db")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it of one process")
@pytest.mark.parametrize(
    "task",
    [
        pytest.param(verify, marks=pytest.mark.campaign),
        pytest.param(rebuild, marks=pytest.mark.slow),
        pytest.param(copy, marks=pytest.mark.slow),
    ],
    ids=lambda task: task.__name__,
)
def test_a_log_three_times_as_long_takes_no_more_memory(
    task: Callable[[Manchengo, Path], None], logs: tuple[Path, Path]
) -> None:
    taken = []
    for path in logs:
        with victim(weigh, path, task, born=ALONE) as process:
            taken.append(process.listen())
    assert taken[1] - taken[0] < SLACK
