"""A database encrypted again under another key: whatever happens, one of the two opens it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import keyring
import pytest

from manchengo.ports.settings import DEVICE
from manchengo_sqlite import SqliteStore, keys, rekeying
from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import (
    DatabaseBusy,
    DiskFailing,
    DiskFull,
    KeyFileTooNew,
    KeyOfAnotherDatabase,
    WrongKey,
)
from manchengo_sqlite.rekeying import key_that_opens, rekey
from tests.sqlite.test_keys import Drawer
from tests.support.blank_files import new_file

PHRASE = "une vache et trois fromages"
OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "atelier.db"
    with new_file(path, key=OLD) as store, store.writing() as transaction:
        transaction.set_setting(DEVICE, "celui-ci")
    return path


def opens(path: Path, key: bytes) -> bool:
    """Whether it does, and says what it said."""
    try:
        with SqliteStore.open(path, key=key) as store, store.reading() as snapshot:
            return snapshot.setting(DEVICE) == "celui-ci"
    except (WrongKey, KeyOfAnotherDatabase):
        return False


def test_the_new_key_opens_it_and_the_former_one_no_more(database: Path) -> None:
    rekey(database, OLD, NEW)
    assert (opens(database, OLD), opens(database, NEW)) == (False, True)
    assert not database.with_name("atelier.db-wal").exists()


def test_progress_is_said_and_ends_within_the_whole(database: Path) -> None:
    with SqliteStore.open(database, key=OLD) as store, store.writing() as transaction:
        for number in range(300):
            transaction.set_setting(f"essai {number}", "x" * 100_000)
    reported: list[tuple[int, int]] = []
    rekey(database, OLD, NEW, progress=lambda done, whole: reported.append((done, whole)))
    assert all(0 <= done <= whole for done, whole in reported)
    assert opens(database, NEW)


def test_nobody_is_left_with_a_file_that_changes_under_them(database: Path) -> None:
    with SqliteStore.open(database, key=OLD), pytest.raises(DatabaseBusy):
        rekey(database, OLD, NEW)
    assert opens(database, OLD)


AT_WORK = """
import sys
from pathlib import Path
from manchengo_sqlite import SqliteStore
with SqliteStore.open(Path(sys.argv[1]), key=bytes(range(32))) as store:
    with store.reading() as snapshot:
        snapshot.setting("device")
    print("open", flush=True)
    sys.stdin.readline()
    with store.writing() as transaction:
        transaction.set_setting("essai", "noté")
"""


def test_nor_is_another_program_though_it_does_nothing(database: Path) -> None:
    command = [sys.executable, "-c", AT_WORK, str(database)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "open\n"
        with pytest.raises(DatabaseBusy):
            rekey(database, OLD, NEW)
        program.communicate("\n")
    assert program.returncode == 0, "it goes on working"
    rekey(database, OLD, NEW)
    assert opens(database, NEW)


def test_with_another_key_nothing_is_encrypted_again(database: Path) -> None:
    with pytest.raises(KeyOfAnotherDatabase):
        rekey(database, b"x" * 32, NEW)
    assert opens(database, OLD)


class Deaf:
    """A connection under which nothing is encrypted again, without a word: as on a full disk."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, statement: str) -> Any:
        is_heard = not statement.startswith("PRAGMA rekey")
        return self.connection.execute(statement if is_heard else "SELECT 'ok'")

    def close(self) -> None:
        self.connection.close()


def test_what_was_not_encrypted_again_is_said_so(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rekeying, "connect", lambda *how, **more: Deaf(connect(*how, **more)))
    with pytest.raises((DiskFull, DiskFailing)):
        rekey(database, OLD, NEW)
    assert opens(database, OLD)


def test_what_was_done_and_not_folded_in_is_folded_in(database: Path, tmp_path: Path) -> None:
    """As after a kill behind the commit: the new pages stand beside the file."""
    connection = connect(database, OLD, how="mode=rw")
    connection.execute(f"PRAGMA rekey = \"x'{NEW.hex()}'\"").fetchall()
    copy = tmp_path / "copie"
    copy.mkdir()
    for name in ("atelier.db", "atelier.db-wal"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    connection.close()
    stopped = copy / "atelier.db"
    assert key_that_opens(stopped, OLD, NEW) == NEW
    assert (opens(stopped, OLD), opens(stopped, NEW)) == (False, True)


def test_a_database_of_neither_key_is_another_one(database: Path) -> None:
    with pytest.raises(KeyOfAnotherDatabase):
        key_that_opens(database, NEW, b"x" * 32)


# ---------------------------------------------------------------- the key file meanwhile


@pytest.mark.parametrize("is_done", [False, True])
def test_while_a_key_comes_either_is_found(database: Path, is_done: bool) -> None:
    keys.wrap_with_passphrase(database, OLD, PHRASE)
    keys.announce(database, NEW, PHRASE)
    if is_done:
        rekey(database, OLD, NEW)
    found = NEW if is_done else OLD
    assert keys.unwrap(database, PHRASE) == found
    with pytest.raises(WrongKey):
        keys.unwrap(database, "une autre")
    keys.settle(database, found, PHRASE)
    assert keys.unwrap(database, PHRASE) == found
    assert not keys.read(keys.key_file(database)).is_changing


def test_a_program_of_before_does_not_take_the_former_key_for_the_only_one(database: Path) -> None:
    keys.wrap_with_passphrase(database, OLD, PHRASE)
    file = keys.key_file(database)
    assert b'"version": 1' in file.read_bytes()
    keys.announce(database, NEW, PHRASE)
    assert b'"version": 2' in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(b'"version": 2', b'"version": 3'))
    with pytest.raises(KeyFileTooNew):
        keys.read(file)


def test_another_passphrase_meanwhile_is_of_the_key_that_opens(database: Path) -> None:
    keys.wrap_with_passphrase(database, OLD, PHRASE)
    keys.announce(database, NEW, PHRASE)
    rekey(database, OLD, NEW)
    keys.wrap_with_passphrase(database, keys.unwrap(database, PHRASE), "deux vaches au pré")
    assert keys.unwrap(database, "deux vaches au pré") == NEW


@pytest.mark.parametrize("is_done", [False, True])
def test_a_keyring_keeps_both_meanwhile(database: Path, is_done: bool) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Drawer())
    try:
        keys.store_in_keyring(database, OLD)
        keys.announce(database, NEW, None)
        if is_done:
            rekey(database, OLD, NEW)
        found = NEW if is_done else OLD
        assert keys.load_from_keyring(database) == found
        keys.settle(database, found, None)
        assert keys.load_from_keyring(database) == found
        assert not keys.read(keys.key_file(database)).is_changing
    finally:
        keyring.set_keyring(before)
