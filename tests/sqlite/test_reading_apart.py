"""The whole is verified on all processors, and says what it would say on one."""

import operator
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from manchengo.application import counting
from manchengo.application.counting import Progress
from manchengo.application.integrity import verify
from manchengo.application.whole_reading import verify_store
from manchengo_sqlite import SqliteStore, child_process, reading_apart
from manchengo_sqlite.errors import DatabaseBusy
from manchengo_sync.signed_log import SignedLog
from tests.faults.plant import BEFORE_THE_DAY, do, signing
from tests.sqlite.forked_children import ForkedChildren
from tests.sqlite.readings import say_the_head
from tests.sqlite.witness import KEY
from tests.support.stores import on_an_encrypted_file

TODAY = date(2026, 11, 30)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    """Of which every verification is worth two processes."""
    monkeypatch.setattr(child_process, "WORTH_IT", 0)
    monkeypatch.setattr(child_process, "processors", lambda: 2)
    with on_an_encrypted_file() as opened:
        assert isinstance(opened, SqliteStore)
        office = signing(opened)
        for command in BEFORE_THE_DAY:
            office.execute(command)
        for number in range(20):
            do(office, number)
        yield opened


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """How each process was started."""
    seen: list[Any] = []
    popen = subprocess.Popen

    def noted(*given: Any, **how: Any) -> Any:
        seen.append((given, how))
        return popen(*given, **how)

    monkeypatch.setattr(subprocess, "Popen", noted)
    return seen


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> ForkedChildren:
    children = ForkedChildren()
    monkeypatch.setattr(reading_apart, "started", children.started)
    return children


def in_turn(store: SqliteStore) -> Any:
    with store.reading() as snapshot:
        return verify(snapshot, SignedLog(), today=TODAY)


def test_it_says_what_one_process_says(store: SqliteStore, started: list[Any]) -> None:
    steps: list[tuple[int, int]] = []
    found = verify_store(store, SignedLog(), today=TODAY, progress=lambda *step: steps.append(step))
    assert found.sound
    assert len(started) == 2
    assert found == in_turn(store)
    assert found.checkpoint == in_turn(store).checkpoint


def test_the_key_is_on_no_command_line(store: SqliteStore, started: list[Any]) -> None:
    verify_store(store, SignedLog())
    assert started
    assert all(KEY.hex() not in repr(how) and repr(KEY) not in repr(how) for how in started)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE _events SET payload = CAST(payload || ' ' AS BLOB) WHERE seq = 30",
        "UPDATE _commits SET signature = zeroblob(64), authorship = NULL WHERE position = 25",
        "UPDATE _devices SET hlc = '9' || hlc",
        "UPDATE lots_mp SET quantity_remaining = quantity_remaining + 1",
        "DELETE FROM _sync_queue WHERE commit_position = 20",
        "UPDATE _events SET seq = seq + 1000 WHERE seq = 30",
    ],
)
def test_what_is_wrong_is_named_as_by_one_process(
    store: SqliteStore, forked: ForkedChildren, change: str
) -> None:
    with store.writing() as transaction:
        transaction._all(change)
    found = verify_store(store, SignedLog(), today=TODAY)
    assert forked.count == 2
    assert not found.sound
    assert found == in_turn(store)


def test_who_writes_meanwhile_disturbs_nothing(store: SqliteStore, started: list[Any]) -> None:
    office, is_over = signing(store), Event()

    def work() -> None:
        number = 20
        while not is_over.is_set():
            do(office, number)
            number += 1
            is_over.wait(0.01)  # the others need a processor, too

    writer = Thread(target=work)
    writer.start()
    try:
        found = [verify_store(store, SignedLog()) for _ in range(2)]
    finally:
        is_over.set()
        writer.join()
    assert all(each.sound for each in found)
    assert len(started) == 4, "none was read again in turn"


def test_a_process_that_fails_gives_no_answer(store: SqliteStore) -> None:
    assert store.read_apart([operator.add, operator.add], lambda *_: None) is None


def test_an_interpreter_that_cannot_be_started_gives_no_answer(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert store.read_apart([operator.eq, operator.eq], lambda *_: None) is None
    assert verify_store(store, SignedLog()).sound


def test_where_nobody_may_write_all_is_read_in_turn(
    store: SqliteStore, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No moment can be kept for several processes there."""

    @contextmanager
    def refused(*_: Any, **__: Any) -> Iterator[None]:
        raise DatabaseBusy(path=Path("dairy.db"), waited=60.0)
        yield

    monkeypatch.setattr(reading_apart, "writing", refused)
    assert verify_store(store, SignedLog()).sound
    assert started


def on_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "processors", lambda: 1)


def of_a_small_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "WORTH_IT", 1 << 40)


def in_a_packaged_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/manchengo/manchengo-desktop")


@pytest.mark.parametrize("where", [on_one_processor, of_a_small_file, in_a_packaged_program])
def test_no_process_is_started_where_it_is_not_worth_it(
    store: SqliteStore, started: list[Any], monkeypatch: pytest.MonkeyPatch, where: Any
) -> None:
    where(monkeypatch)
    assert verify_store(store, SignedLog()).sound
    assert started == []


def verified(store: SqliteStore, progress: Progress) -> None:
    verify_store(store, SignedLog(), progress=progress)


def rebuilt(store: SqliteStore, progress: Progress) -> None:
    signing(store).rebuild(progress=progress)


@pytest.mark.parametrize("work", [verified, rebuilt])
def test_how_far_it_is_never_goes_back(
    store: SqliteStore,
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[SqliteStore, Progress], None],
) -> None:
    """Nor beyond the whole."""
    monkeypatch.setattr(counting, "OFTEN", 1)
    monkeypatch.setattr(child_process, "WORTH_IT", 1 << 40)
    steps: list[tuple[int, int]] = []
    work(store, lambda *step: steps.append(step))
    assert steps == sorted(steps)
    assert len({whole for _, whole in steps}) == 1
    assert all(0 < done <= whole for done, whole in steps)


def test_each_process_says_how_far_it_is(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    steps: list[tuple[int, int]] = []
    answers = store.read_apart([say_the_head, say_the_head], lambda *step: steps.append(step))
    with store.reading() as snapshot:
        head = snapshot.head()
    assert answers == ["told", "told"]
    assert sorted(steps) == [(0, head), (1, head)]
