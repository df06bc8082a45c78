"""A rebuild on all processors writes what it writes on one."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from manchengo import Manchengo, MemoryStore
from manchengo.application.views.rebuild import BrokenHistory, digest, rebuilt_rows, stored_rows
from manchengo.ports.making_apart import MakesApart
from manchengo_sqlite import SqliteStore, child_process, making_apart
from manchengo_sqlite.child_process import ChildProcess
from tests.sqlite.forked_children import ForkedChildren
from tests.sqlite.rebuilt_by_children import all_made_by_children
from tests.sqlite.view_tables import tables
from tests.sqlite.witness import KEY
from tests.support import golden_database
from tests.support.given import open_dairy
from tests.support.story import a_fortnight

ROOT = Path(__file__).parents[2]
GOLDEN = sorted(golden_database.FOLDER.glob("*.db"))


@pytest.fixture(scope="module")
def of_a_fortnight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fortnight") / "atelier.db"
    with SqliteStore.open(path, key=KEY, create=True) as store:
        a_fortnight(open_dairy(store))
    return path


@pytest.fixture
def path(of_a_fortnight: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(of_a_fortnight, tmp_path / "atelier.db"))


@pytest.fixture
def dairy(path: Path) -> Iterator[Manchengo]:
    with SqliteStore.open(path, key=KEY) as store:
        yield open_dairy(store)


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each part that a child was given, whether it made it; children are given all of them."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    all_made_by_children(monkeypatch)
    seen: list[bool] = []
    take = making_apart._Work._take

    def noted(work: Any, place: int, which: Any, content: bytes | None) -> None:
        seen.append(content is not None)
        take(work, place, which, content)

    monkeypatch.setattr(making_apart._Work, "_take", noted)
    return seen


def test_every_kind_of_row_is_what_commands_wrote(dairy: Manchengo, received: list[bool]) -> None:
    before = tables(dairy)
    steps: list[tuple[int, int]] = []
    made = dairy.rebuild(progress=lambda *step: steps.append(step))
    assert made == sum(len(rows) for rows in before.values())
    assert tables(dairy) == before
    assert len(received) > 10
    assert all(received)
    assert steps == sorted(steps)
    assert all(0 < done <= whole for done, whole in steps)


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_database_gives_what_one_process_makes_of_it(
    golden: Path, tmp_path: Path, received: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making_apart, "started", ForkedChildren().started)
    path = Path(shutil.copy(golden, tmp_path / "atelier.db"))
    with SqliteStore.open(path, key=golden_database.PUBLISHED_KEY) as store:
        open_dairy(store).rebuild()
        with store.reading() as snapshot:
            assert digest(stored_rows(snapshot)) == digest(rebuilt_rows(snapshot))
    assert received
    assert all(received)


def test_while_children_start_this_process_makes_parts(
    dairy: Manchengo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "WORTH_IT", 0)
    monkeypatch.setattr(child_process, "processors", lambda: 2)
    monkeypatch.setattr(making_apart, "EVENTS_AT_ONCE", 5)
    before = tables(dairy)
    dairy.rebuild()
    assert tables(dairy) == before


def test_a_child_that_dies_is_stood_in_for(
    dairy: Manchengo, received: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    send = ChildProcess.send

    def send_and_kill(child: ChildProcess, what: Any) -> None:
        nonlocal asked
        asked += 1
        send(child, what)
        if asked > 12:  # all children work by then
            child.process.kill()

    monkeypatch.setattr(ChildProcess, "send", send_and_kill)
    # Who is left has to make what no child takes.
    monkeypatch.setattr(making_apart._Work, "_make_or_wait", make_once_alone)
    before = tables(dairy)
    dairy.rebuild()
    assert tables(dairy) == before
    assert {True, False} <= set(received)


def make_once_alone(work: Any) -> None:
    """Waits as long as there is a child."""
    if work.children and all(child.process.poll() is not None for child in work.children):
        make_or_wait(work)
    time.sleep(0.01)


make_or_wait = making_apart._Work._make_or_wait


def test_a_child_that_sees_another_log_makes_nothing(
    dairy: Manchengo, received: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making_apart, "moment_of", lambda _: (-1, -1, -1))
    monkeypatch.setattr(making_apart._Work, "_make_or_wait", make_once_alone)
    before = tables(dairy)
    dairy.rebuild()
    assert tables(dairy) == before
    assert received == []


def test_an_interpreter_that_cannot_be_started_is_done_without(
    dairy: Manchengo, received: list[bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(making_apart._Work, "_make_or_wait", make_or_wait)
    before = tables(dairy)
    dairy.rebuild()
    assert tables(dairy) == before
    assert received == []


def test_a_history_that_makes_no_sense_leaves_the_views_as_they_were(
    dairy: Manchengo, received: list[bool]
) -> None:
    assert isinstance(dairy.store, SqliteStore)
    with dairy.store.writing() as transaction:
        transaction._all(
            "UPDATE _events SET payload = CAST('{}' AS BLOB) WHERE seq IN"
            " (SELECT max(seq) FROM _events WHERE event_type = 'lot.received')"
        )
    before = tables(dairy)
    with pytest.raises(BrokenHistory):
        dairy.rebuild()
    assert tables(dairy) == before
    assert False in received


def test_a_kill_leaves_the_views_as_they_were_and_no_child(dairy: Manchengo, path: Path) -> None:
    before = tables(dairy)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.sqlite.rebuilt_by_children", path],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
    )
    assert killed.returncode < 0
    children = [int(pid) for pid in killed.stdout.split()]
    assert len(children) == 2
    assert tables(dairy) == before
    until = time.monotonic() + 10
    while any(is_running(pid) for pid in children):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert dairy.rebuild() == sum(len(rows) for rows in before.values())


def is_running(pid: int) -> bool:
    """A process that has ended and was not waited for runs no more."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_the_key_is_on_no_command_line(
    dairy: Manchengo, received: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    how: list[str] = []
    popen = subprocess.Popen

    def noted(*given: Any, **named: Any) -> Any:
        how.append(repr((given, named)))
        return popen(*given, **named)

    monkeypatch.setattr(subprocess, "Popen", noted)
    dairy.rebuild()
    assert len(how) == 2
    assert all(KEY.hex() not in each and repr(KEY) not in each for each in how)


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (child_process, "processors", lambda: 1),
        (child_process, "WORTH_IT", 1 << 40),
        (sys, "executable", "/opt/manchengo/manchengo-desktop"),
    ],
)
def test_no_process_is_started_where_it_is_not_worth_it(
    dairy: Manchengo, received: list[bool], monkeypatch: pytest.MonkeyPatch,
    module: Any, name: str, value: Any,
) -> None:  # fmt: skip
    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(making_apart, "started", refused)
    monkeypatch.setattr(making_apart._Work, "_make_or_wait", make_or_wait)
    before = tables(dairy)
    dairy.rebuild()
    assert tables(dairy) == before
    assert received == []


def test_a_store_in_memory_makes_all_in_turn() -> None:
    with MemoryStore().writing() as transaction:
        assert not isinstance(transaction, MakesApart)


@pytest.mark.parametrize("events_at_once", [1, 3, 7, 1_000_000])
def test_ranges_hold_every_stream_once_and_whole(dairy: Manchengo, events_at_once: int) -> None:
    assert isinstance(dairy.store, SqliteStore)
    with dairy.store.reading() as snapshot:
        found = [
            [*snapshot.streams_of(each.begin, each.end)]
            for each in making_apart.ranges(snapshot, events_at_once)
        ]
        assert [stream for streams in found for stream in streams] == [*snapshot.streams()]
        largest = max(len(stream) for _, stream in snapshot.streams())
    sizes = [sum(len(stream) for _, stream in streams) for streams in found]
    assert max(sizes) <= events_at_once + largest
    assert all(size > events_at_once for size in sizes[:-1])
