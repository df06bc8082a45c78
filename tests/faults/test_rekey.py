"""The computer stops, or the disk is full, while a database is encrypted again."""

import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from manchengo.application.views.rebuild import digest, stored_rows
from manchengo_sqlite import SqliteStore, key_replacement, keys
from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import DiskFailing, DiskFull
from manchengo_workplace import rekeying as of_people
from manchengo_workplace.database_keys import AskedOnce
from tests.faults import hardship
from tests.faults.killing import a_busy_plant, victim
from tests.faults.test_disk import FINISHED, Ballast, got, story
from tests.sqlite.witness import KEY
from tests.support.cheap_keys import cheap_keys

PHRASE = "une vache et trois fromages"


class Known:
    """The passphrase is at hand."""

    def existing(self, database: Path) -> str:
        assert database.exists()
        return PHRASE

    def new(self, database: Path, *, check: Callable[[str], object]) -> str:
        raise AssertionError(f"{database} keeps its passphrase, whatever {check} says")


def begun(folder: Path) -> Path:
    """A database of a few hundred kilobytes, opened by the passphrase."""
    (path,) = a_busy_plant(folder)
    with cheap_keys():
        keys.wrap_with_passphrase(path, KEY, PHRASE)
    return path


def replaced(path: Path, progress: Callable[[int, int], None] | None = None) -> None:
    with cheap_keys():
        of_people._replace(path, AskedOnce(Known()), progress)


def held(path: Path) -> str:
    """What it holds, under the key that the passphrase gives; every page is sound."""
    with SqliteStore.open(path, key=keys.unwrap(path, PHRASE)) as store:
        assert store.damaged_pages() == []
        with store.reading() as snapshot:
            return digest(stored_rows(snapshot))


def stopped_at_byte(_words: Connection, path: Path, share: float) -> None:
    hardship.die_at_byte(int(path.stat().st_size * share))
    replaced(path)


def kill_oneself(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def stopped_before(_words: Connection, path: Path, module: Any, step: str) -> None:
    setattr({"keys": keys, "replacement": key_replacement}[module], step, kill_oneself)
    replaced(path)


def stopped_unfolded(_words: Connection, path: Path) -> None:
    """Behind the commit, before the new pages are in the file."""
    key = keys.unwrap(path, PHRASE)
    with cheap_keys():
        keys.announce(path, coming := keys.new_key(), PHRASE)
    connection = connect(path, key, how="mode=rw")
    connection.execute(f"PRAGMA rekey = \"x'{coming.hex()}'\"").fetchall()
    kill_oneself()


STOPS: dict[str, tuple[Callable[..., None], tuple[Any, ...]]] = {
    "the first page": (stopped_at_byte, (0.05,)),
    "half of it": (stopped_at_byte, (0.5,)),
    "nearly all": (stopped_at_byte, (0.99,)),
    "before anything is encrypted": (stopped_before, ("replacement", "rekey")),
    "before it is folded in": (stopped_unfolded, ()),
    "before it is written down": (stopped_before, ("keys", "settle")),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("stop", STOPS)
def test_whenever_it_stops_the_passphrase_opens_it_and_all_is_there(
    stop: str, tmp_path: Path
) -> None:
    path = begun(tmp_path)
    before = held(path)
    task, facts = STOPS[stop]
    with victim(task, path, *facts) as process:
        assert process.end() != 0, "it was stopped"
    assert held(path) == before
    key = keys.unwrap(path, PHRASE)
    replaced(path)
    assert keys.unwrap(path, PHRASE) != key
    assert held(path) == before
    assert not keys.read(keys.key_file(path)).is_changing


def without_room(words: Connection, folder: Path, room: int) -> None:
    if not got(words, lambda: hardship.small_disk(folder, 24_000)):
        return
    path, ballast = begun(folder), Ballast(folder)
    before, key = held(path), keys.unwrap(path, PHRASE)
    ballast.leave(room)
    with pytest.raises((DiskFull, DiskFailing)):
        replaced(path)
    assert keys.unwrap(path, PHRASE) == key
    ballast.throw_away()
    assert held(path) == before
    replaced(path)
    assert held(path) == before
    words.send(FINISHED)


@pytest.mark.parametrize("room", [0, 60_000, 200_000])
def test_on_a_full_disk_the_former_key_opens_it(room: int, tmp_path: Path) -> None:
    assert story(without_room, tmp_path, room) == [FINISHED]
