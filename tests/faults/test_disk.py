"""The disk fills up, or may no longer be written: what was acknowledged stays, the rest is undone.

Each story runs in a process of its own, on a disk that it alone sees where the system allows it.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from manchengo_sqlite import SqliteStore
from manchengo_sqlite.errors import DiskFailing, DiskFull, ReadOnlyDatabase, StorageError
from tests.faults import hardship, killing
from tests.faults.killing import victim
from tests.faults.plant import do, new_plant, plant
from tests.sqlite.witness import KEY

FINISHED = "finished"


def story(task: Callable[..., None], *facts: Any) -> list[Any]:
    """Have it told by another process, and hear all it has to say."""
    with victim(task, *facts) as teller:
        code = teller.end()
        if teller.heard and isinstance(teller.heard[0], hardship.NotHere):
            pytest.skip(str(teller.heard[0]))
        assert code == 0, "the story ended badly: see its traceback on standard error"
        return teller.heard


def got(words: Connection, hardship_asked_for: Callable[[], None]) -> bool:
    try:
        hardship_asked_for()
    except hardship.NotHere as missing:
        words.send(missing)
        return False
    return True


# ---------------------------------------------------------------- full


class Ballast:
    """A file that leaves only so much room on a small disk, until it is thrown away."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ballast"

    def leave(self, room: int) -> None:
        free = shutil.disk_usage(self.path.parent).free
        with self.path.open("wb") as file:
            file.write(b"\0" * max(0, free - room))

    def throw_away(self) -> None:
        self.path.unlink(missing_ok=True)


def work_until_full(
    words: Connection, path: Path, full: Callable[[], None], room: Callable[[], None]
) -> None:
    """A day's work on a disk without room; then there is room again, and it goes on."""
    with plant(new_plant(path)) as dairy:
        number = 0
        for number in range(7):
            do(dairy, number)
        full()
        refused = None
        try:
            for number in count(7):
                do(dairy, number)
        except StorageError as error:
            refused = error
        assert isinstance(refused, DiskFull | DiskFailing)
        words.send(type(refused).__name__)
        # What is there can still be read, and nothing of what was refused.
        assert len(dairy.stock.by_product()) == 4
        with pytest.raises(StorageError):
            do(dairy, number)
        killing.check_standing(dairy, number)
        room()
        for further in range(number, number + 10):
            do(dairy, further)
    assert killing.check_day(path, number + 10) == number + 10
    words.send(FINISHED)


def on_a_full_disk(words: Connection, folder: Path) -> None:
    if not got(words, lambda: hardship.small_disk(folder, 6_000)):
        return
    ballast = Ballast(folder)
    work_until_full(
        words, folder / "atelier.db", lambda: ballast.leave(100_000), ballast.throw_away
    )


def at_the_limit(words: Connection, folder: Path) -> None:
    work_until_full(
        words,
        folder / "atelier.db",
        lambda: hardship.no_longer_than(400_000),
        hardship.as_long_as_you_like,
    )


def test_on_a_full_disk_nothing_acknowledged_is_lost_and_work_goes_on_once_there_is_room(
    tmp_path: Path,
) -> None:
    assert story(on_a_full_disk, tmp_path) == ["DiskFull", FINISHED]


def open_without_room(words: Connection, folder: Path) -> None:
    if not got(words, lambda: hardship.small_disk(folder, 6_000)):
        return
    path = new_plant(folder / "atelier.db")
    ballast = Ballast(folder)
    ballast.leave(0)
    with pytest.raises(StorageError) as refused, plant(path) as dairy:
        do(dairy, 0)
    words.send(type(refused.value).__name__)
    ballast.throw_away()
    with plant(path) as dairy:
        do(dairy, 0)
    words.send(FINISHED)


def test_a_database_that_opens_on_a_full_disk_calls_no_disk_broken(tmp_path: Path) -> None:
    assert story(open_without_room, tmp_path) == ["DiskFull", FINISHED]


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no file's size")
def test_where_a_file_may_not_grow_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    assert story(at_the_limit, tmp_path) == ["DiskFailing", FINISHED]


def a_step_without_room(
    words: Connection, folder: Path, step: str, room: int, ready: killing.Ready
) -> None:
    """The step on a disk with that much room: done or undone, whole; then again, with room."""
    if not got(words, lambda: hardship.small_disk(folder, 24_000)):
        return
    _prepare, task, check = killing.STEPS[step]
    ballast = Ballast(folder)
    facts = ready.copied(folder)
    ballast.leave(room)
    refused = ""
    try:
        task(Silence(), *facts)
    except (DiskFull, DiskFailing) as error:
        refused = type(error).__name__
    leftovers = [path.name for path in folder.glob(".*.draft*")]
    assert leftovers == []
    ballast.throw_away()
    happened = check(*facts)
    assert happened or refused
    words.send(refused)


class Silence:
    """A pipe to nobody."""

    def send(self, word: object) -> None:
        pass


ROOMS = (0, 5_000, 20_000, 60_000, 150_000, 400_000)


@pytest.mark.parametrize("step", killing.STEPS)
def test_a_step_without_room_is_done_whole_or_not_at_all(step: str, tmp_path: Path) -> None:
    ready = killing.Ready.made(tmp_path / "ready", killing.STEPS[step][0])
    refused = []
    for room in ROOMS:
        folder = tmp_path / f"{room}"
        folder.mkdir()
        refused += story(a_step_without_room, folder, step, room, ready)
    assert len(refused) == len(ROOMS)
    assert refused[0], "with no room at all it cannot be done"


# ---------------------------------------------------------------- read-only


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def lose_the_right_to_write(words: Connection, folder: Path) -> None:
    """In the middle of the day the file and its folder are turned read-only."""
    if not got(words, hardship.obey_the_rights):
        return
    path = new_plant(folder / "atelier.db")
    done = 0
    with plant(path) as dairy:
        for number in range(6):
            do(dairy, number)
        turn(path, 0o444, 0o555)
        for number in range(6, 12):
            try:
                do(dairy, number)
            except StorageError:
                break
            done = number + 1
        words.send("went on" if done == 12 else "stopped")
    before = digest(path)
    with pytest.raises(ReadOnlyDatabase), SqliteStore.open(path, key=KEY):
        pass
    assert digest(path) == before
    turn(path, 0o600, 0o700)
    assert killing.check_day(path, max(done, 6)) >= 6
    words.send(FINISHED)


def turn(path: Path, file: int, folder: int) -> None:
    path.chmod(file)
    path.parent.chmod(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_file_turned_read_only_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert story(lose_the_right_to_write, tmp_path)[-1] == FINISHED


def a_step_that_may_not_write(words: Connection, folder: Path, step: str) -> None:
    if not got(words, hardship.obey_the_rights):
        return
    prepare, task, check = killing.STEPS[step]
    facts = prepare(folder)
    path = facts[1] if step == "restoration" else facts[0]
    before = digest(path) if path.exists() else ""
    if before:
        turn(path, 0o444, 0o555)
    else:
        path.parent.chmod(0o555)
    try:
        task(Silence(), *facts)
    except StorageError as error:
        words.send(type(error).__name__)
    assert (digest(path) if path.exists() else "") == before
    if before:
        turn(path, 0o600, 0o700)
    else:
        path.parent.chmod(0o700)
    check(*facts)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
@pytest.mark.parametrize("step", killing.STEPS)
def test_a_step_on_a_read_only_file_is_refused_and_touches_nothing(
    step: str, tmp_path: Path
) -> None:
    (refused,) = story(a_step_that_may_not_write, tmp_path, step)
    assert refused in ("ReadOnlyDatabase", "NoPermission")
