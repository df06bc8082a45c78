"""What is restored opens with the passphrase of its backup, whatever became of the key since."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import keyring
import pytest

from manchengo.ports.settings import DEVICE
from manchengo_sqlite import SqliteStore, key_replacement, keys
from manchengo_sqlite.backup import backup, restore
from manchengo_sqlite.errors import KeyringMissing, WrongKey
from tests.sqlite.test_keys import Drawer
from tests.support.blank_files import new_file
from tests.support.cheap_keys import cheap_keys

BEFORE, AFTER = "une vache et trois fromages", "quatre chats sous la pluie"


@pytest.fixture(autouse=True)
def cheap() -> Iterator[None]:
    with cheap_keys():
        yield


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    present, drawer = keyring.get_keyring(), Drawer()
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(present)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path, key = tmp_path / "atelier.db", keys.new_key()
    keys.wrap_with_passphrase(path, key, BEFORE)
    with new_file(path, key=key) as store, store.writing() as transaction:
        transaction.set_setting(DEVICE, str(UUID(int=1)))
    return path


def backed_up(path: Path, passphrase: str) -> Path:
    copy = path.with_name("copie.db")
    with SqliteStore.open(path, key=keys.unwrap(path, passphrase)) as store:
        backup(store.engine, copy)
    return copy


def put_back(copy: Path, path: Path, passphrase: str) -> Path | None:
    return restore(copy, path, key=keys.unwrap(copy, passphrase))


def opens(path: Path, passphrase: str) -> bool:
    try:
        key = keys.unwrap(path, passphrase)
    except WrongKey:
        return False
    with SqliteStore.open(path, key=key) as store, store.reading() as snapshot:
        return snapshot.setting(DEVICE) is not None


def rekeyed(path: Path, passphrase: str) -> None:
    key_replacement.replace_key(path, keys.unwrap(path, passphrase), passphrase)


def test_a_backup_from_before_another_key_opens_once_it_is_back(database: Path) -> None:
    copy = backed_up(database, BEFORE)
    rekeyed(database, BEFORE)
    keys.change_passphrase(database, old=BEFORE, new=AFTER)
    aside = put_back(copy, database, BEFORE)
    assert (opens(database, BEFORE), opens(database, AFTER)) == (True, False)
    assert aside is not None
    assert opens(aside, AFTER), "and so does what it replaced"


def test_under_the_same_key_the_passphrase_of_today_stays(database: Path) -> None:
    copy = backed_up(database, BEFORE)
    keys.change_passphrase(database, old=BEFORE, new=AFTER)
    put_back(copy, database, BEFORE)
    assert (opens(database, BEFORE), opens(database, AFTER)) == (False, True)


def test_nor_does_a_damaged_page_change_that(database: Path) -> None:
    copy = backed_up(database, BEFORE)
    keys.change_passphrase(database, old=BEFORE, new=AFTER)
    content = bytearray(database.read_bytes())
    content[100:200] = bytes(100)
    database.write_bytes(content)
    put_back(copy, database, BEFORE)
    assert opens(database, AFTER)


def test_a_backup_in_clear_is_not_left_beside_a_key(database: Path, tmp_path: Path) -> None:
    clear = tmp_path / "en clair.db"
    with new_file(clear, key=None) as store, store.writing() as transaction:
        transaction.set_setting(DEVICE, str(UUID(int=2)))
    aside = restore(clear, database, key=None)
    assert not keys.key_file(database).exists()
    with SqliteStore.open(database, key=None) as store, store.reading() as snapshot:
        assert snapshot.setting(DEVICE) is not None
    assert aside is not None
    assert opens(aside, BEFORE)


def test_the_key_of_a_database_that_was_moved_away_is_kept(database: Path, tmp_path: Path) -> None:
    copy = backed_up(database, BEFORE)
    rekeyed(database, BEFORE)
    keys.change_passphrase(database, old=BEFORE, new=AFTER)
    elsewhere = tmp_path / "ailleurs.db"
    database.rename(elsewhere)
    assert put_back(copy, database, BEFORE) is None
    assert opens(database, BEFORE)
    kept = keys.key_file(database.with_name("atelier.db.before-restore"))
    kept.rename(keys.key_file(elsewhere))
    assert opens(elsewhere, AFTER)


def test_a_keyring_that_has_another_key_by_now_leaves_the_passphrase(
    database: Path, drawer: Drawer
) -> None:
    keys.store_in_keyring(database, keys.unwrap(database, BEFORE))
    copy = backed_up(database, BEFORE)
    assert keys.load_from_keyring(copy) == keys.unwrap(copy, BEFORE)
    rekeyed(database, BEFORE)
    assert keys.load_from_keyring(database) == keys.unwrap(database, BEFORE)
    with pytest.raises(WrongKey):
        keys.load_from_keyring(copy)
    put_back(copy, database, BEFORE)
    with pytest.raises((WrongKey, KeyringMissing)):
        keys.load_from_keyring(database)
    assert opens(database, BEFORE)
