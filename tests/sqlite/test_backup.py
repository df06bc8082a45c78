"""A second copy while people work, and the way back; the original survives whatever fails."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from manchengo_sqlite import backup as backing_up
from manchengo_sqlite.backup import backup, restore
from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import (
    AlreadyThere,
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseMissing,
    DatabaseTooNew,
    DatabaseTruncated,
    DiskFull,
    FolderMissing,
    NotADatabase,
    StorageError,
    WrongKey,
)
from manchengo_sqlite.keys import change_passphrase, key_file, unwrap, wrap_with_passphrase
from manchengo_sqlite.steps import newest
from tests.sqlite.other_process import elsewhere
from tests.sqlite.witness import (
    KEY,
    OTHER_KEY,
    closed_dairy,
    dairy,
    folder_as_it_is,
    put,
    settings,
    settings_in,
)
from tests.support.cheap_keys import CHEAP
from tests.support.fork_server import kill, next_line, over

PAGE = 4096


def damage(path: Path, page: int) -> None:
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE + 9] ^= 1
    path.write_bytes(content)


def root_page(engine: Engine, table: str) -> int:
    with reading(engine) as connection:
        page = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).scalar_one()
    return int(page)


def backed_up(tmp_path: Path, **kept: str) -> Path:
    """A backup of a database that held these settings."""
    engine = dairy(tmp_path / "source.db")
    for name, value in kept.items():
        put(engine, name, value)
    backup(engine, tmp_path / "copy.db")
    engine.dispose()
    (tmp_path / "source.db").unlink()
    return tmp_path / "copy.db"


# ---------------------------------------------------------------- there


def test_a_backup_opens_with_the_same_key_and_is_one_file_of_noise(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    put(engine, "secret", "Fromagerie du Djurdjura")
    (tmp_path / "usb").mkdir()
    backup(engine, tmp_path / "usb" / "lundi.db")
    engine.dispose()
    assert os.listdir(tmp_path / "usb") == ["lundi.db"]
    content = (tmp_path / "usb" / "lundi.db").read_bytes()
    assert b"SQLite" not in content
    assert b"Djurdjura" not in content
    with pytest.raises(WrongKey):
        open_engine(tmp_path / "usb" / "lundi.db", key=OTHER_KEY)
    assert settings_in(tmp_path / "usb" / "lundi.db") == {"secret": "Fromagerie du Djurdjura"}


def test_people_go_on_working_meanwhile_and_the_backup_is_of_one_moment(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    for number in range(60):
        put(engine, f"before{number}", "x" * 100_000, durable=False)
    steps = list[tuple[int, int]]()

    def work(done: int, total: int) -> None:
        steps.append((done, total))
        put(engine, f"during{done}", "x")

    backup(engine, tmp_path / "copy.db", progress=work)
    assert len(steps) >= 2
    assert steps[-1][0] == steps[-1][1]
    assert len(settings(engine)) == 60 + len(steps)
    engine.dispose()
    assert set(settings_in(tmp_path / "copy.db")) == {f"before{number}" for number in range(60)}


def test_nothing_is_written_over(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    (tmp_path / "notes.txt").write_text("à garder")
    (tmp_path / "copy.db.key").write_text("à garder")
    before = folder_as_it_is(tmp_path)
    for taken in ("notes.txt", "copy.db", "atelier.db"):
        with pytest.raises(AlreadyThere):
            backup(engine, tmp_path / taken)
    assert folder_as_it_is(tmp_path) == before
    engine.dispose()


def test_the_key_file_goes_along(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    wrap_with_passphrase(tmp_path / "atelier.db", KEY, "sésame et cumin", cost=CHEAP)
    backup(engine, tmp_path / "copy.db")
    engine.dispose()
    assert unwrap(tmp_path / "copy.db", "sésame et cumin") == KEY


def test_a_database_in_clear_is_backed_up_in_clear(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db", None)
    put(engine, "marque", "x")
    backup(engine, tmp_path / "copy.db")
    engine.dispose()
    assert settings_in(tmp_path / "copy.db", None) == {"marque": "x"}


def test_a_damaged_database_gives_no_backup_that_looks_whole(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    page = root_page(engine, "ref_communes")
    engine.dispose()
    damage(tmp_path / "atelier.db", page)
    engine = open_engine(tmp_path / "atelier.db", key=KEY)
    with pytest.raises(DatabaseCorrupt) as corrupt:
        backup(engine, tmp_path / "copy.db")
    engine.dispose()
    assert corrupt.value.path == tmp_path / "atelier.db"
    assert os.listdir(tmp_path) == ["atelier.db"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with pytest.raises(FolderMissing) as missing:
        backup(engine, tmp_path / "usb" / "copy.db")
    engine.dispose()
    assert missing.value.path == tmp_path / "usb" / "copy.db"


def test_a_backup_that_cannot_be_finished_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = dairy(tmp_path / "atelier.db")
    wrap_with_passphrase(tmp_path / "atelier.db", KEY, "sésame et cumin", cost=CHEAP)
    before = os.listdir(tmp_path)
    monkeypatch.setattr(backing_up, "put_in_place", no_room)
    with pytest.raises(DiskFull):
        backup(engine, tmp_path / "copy.db")
    assert os.listdir(tmp_path) == before
    engine.dispose()


def no_room(*_: object) -> None:
    raise OSError(28, os.strerror(28))


# ---------------------------------------------------------------- and back


def test_a_restored_database_is_the_backup_and_the_old_one_is_kept(tmp_path: Path) -> None:
    copy = backed_up(tmp_path, marque="lundi")
    path = tmp_path / "atelier.db"
    closed_dairy(path, marque="mardi")
    aside = restore(copy, path, key=KEY)
    assert aside is not None
    assert aside.name == "atelier.db.before-restore"
    assert settings_in(path) == {"marque": "lundi"}
    assert settings_in(aside) == {"marque": "mardi"}
    assert restore(copy, path, key=KEY) == tmp_path / "atelier.db.before-restore-2"
    assert settings_in(aside) == {"marque": "mardi"}


def test_a_database_can_be_restored_where_there_is_none(tmp_path: Path) -> None:
    copy = backed_up(tmp_path, marque="lundi")
    before = copy.read_bytes()
    assert restore(copy, tmp_path / "atelier.db", key=KEY) is None
    assert settings_in(tmp_path / "atelier.db") == {"marque": "lundi"}
    assert copy.read_bytes() == before


def test_a_backup_is_read_from_a_disk_that_cannot_be_written(tmp_path: Path) -> None:
    copy = backed_up(tmp_path, marque="lundi")
    (tmp_path / "cd").mkdir()
    shutil.move(copy, tmp_path / "cd" / "copy.db")
    before = folder_as_it_is(tmp_path / "cd")
    (tmp_path / "cd").chmod(0o500)
    restore(tmp_path / "cd" / "copy.db", tmp_path / "atelier.db", key=KEY)
    assert folder_as_it_is(tmp_path / "cd") == before
    assert settings_in(tmp_path / "atelier.db") == {"marque": "lundi"}


def test_a_backup_that_was_opened_and_cut_off_is_restored_with_its_log(tmp_path: Path) -> None:
    copy = backed_up(tmp_path)
    process = elsewhere("write_until_killed", copy)
    while int(next_line(process)) < 5:
        pass
    kill(process)
    restore(copy, tmp_path / "atelier.db", key=KEY)
    assert {"0", "1", "2", "3", "4"} <= set(settings_in(tmp_path / "atelier.db"))


def test_what_the_last_day_left_in_its_log_is_kept_aside_with_it(tmp_path: Path) -> None:
    copy = backed_up(tmp_path, marque="lundi")
    path = tmp_path / "atelier.db"
    closed_dairy(path)
    process = elsewhere("write_until_killed", path)
    while int(next_line(process)) < 5:
        pass
    kill(process)
    assert (tmp_path / "atelier.db-wal").stat().st_size
    aside = restore(copy, path, key=KEY)
    assert aside is not None
    assert settings_in(path) == {"marque": "lundi"}
    assert {"0", "1", "2", "3", "4"} <= set(settings_in(aside))


@pytest.mark.parametrize("key", [KEY, OTHER_KEY], ids=["damaged", "under another key"])
def test_a_database_that_does_not_open_is_set_aside_with_its_log(
    key: bytes, tmp_path: Path
) -> None:
    copy = backed_up(tmp_path, marque="lundi")
    path = tmp_path / "atelier.db"
    live = tmp_path / "live.db"
    engine = dairy(live, key)
    put(engine, "marque", "mardi")
    left = {ending: (tmp_path / f"live.db{ending}").read_bytes() for ending in ("", "-wal")}
    engine.dispose()
    if key == KEY:
        left[""] = os.urandom(PAGE) + left[""][PAGE:]
    for ending, content in left.items():
        (tmp_path / f"atelier.db{ending}").write_bytes(content)
    aside = restore(copy, path, key=KEY)
    assert aside is not None
    assert settings_in(path) == {"marque": "lundi"}
    assert aside.read_bytes() == left[""]
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == left["-wal"]
    assert not (tmp_path / "atelier.db-wal").exists()


def wrong_key(copy: Path) -> bytes:
    return OTHER_KEY


def cut_short(copy: Path) -> bytes:
    copy.write_bytes(copy.read_bytes()[: 5 * PAGE])
    return KEY


def damaged_inside(copy: Path) -> bytes:
    damage(copy, len(copy.read_bytes()) // PAGE // 2)
    return KEY


def too_new(copy: Path) -> bytes:
    with closing(connect(copy, KEY, how="mode=rw")) as connection:
        connection.execute(f"PRAGMA user_version = {newest() + 1}")
    return KEY


def gone(copy: Path) -> bytes:
    copy.unlink()
    return KEY


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (wrong_key, WrongKey),
        (cut_short, DatabaseTruncated),
        (damaged_inside, DatabaseCorrupt),
        (too_new, DatabaseTooNew),
        (gone, DatabaseMissing),
    ],
)
def test_a_backup_that_is_no_good_leaves_the_original_where_it_was(
    spoil: Callable[[Path], bytes], refusal: type[StorageError], tmp_path: Path
) -> None:
    copy = backed_up(tmp_path)
    closed_dairy(tmp_path / "atelier.db", marque="mardi")
    key = spoil(copy)
    before = folder_as_it_is(tmp_path)
    with pytest.raises(refusal) as refused:
        restore(copy, tmp_path / "atelier.db", key=key)
    assert refused.value.path == copy
    assert folder_as_it_is(tmp_path) == before


@pytest.mark.parametrize("step", ["take_the_place", "settle", "copy_key_file"])
def test_a_failure_at_any_step_leaves_the_original_where_it_was(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = backed_up(tmp_path)
    closed_dairy(tmp_path / "atelier.db", OTHER_KEY, marque="mardi")
    (tmp_path / "atelier.db-wal").write_bytes(b"something")
    before = folder_as_it_is(tmp_path)
    monkeypatch.setattr(backing_up, step, no_room)
    with pytest.raises(DiskFull):
        restore(copy, tmp_path / "atelier.db", key=KEY)
    assert folder_as_it_is(tmp_path) == before


def test_a_file_that_is_no_database_is_not_replaced(tmp_path: Path) -> None:
    copy = backed_up(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(50_001))
    before = folder_as_it_is(tmp_path)
    with pytest.raises(NotADatabase):
        restore(copy, tmp_path / "photo.jpg", key=KEY)
    assert folder_as_it_is(tmp_path) == before


def test_a_database_in_use_here_is_not_replaced(tmp_path: Path) -> None:
    copy = backed_up(tmp_path)
    engine = dairy(tmp_path / "atelier.db")
    with pytest.raises(DatabaseBusy):
        restore(copy, tmp_path / "atelier.db", key=KEY)
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO _config VALUES ('still', 'here')")
    engine.dispose()
    assert settings_in(tmp_path / "atelier.db") == {"still": "here"}


def test_a_database_in_use_elsewhere_is_not_replaced(tmp_path: Path) -> None:
    copy = backed_up(tmp_path)
    closed_dairy(tmp_path / "atelier.db", marque="mardi")
    process = elsewhere("keep_open", tmp_path / "atelier.db")
    assert next_line(process) == "open"
    with pytest.raises(DatabaseBusy):
        restore(copy, tmp_path / "atelier.db", key=KEY)
    over(process)
    assert settings_in(tmp_path / "atelier.db") == {"marque": "mardi"}
    assert restore(copy, tmp_path / "atelier.db", key=KEY) is not None


def test_a_passphrase_changed_since_the_backup_stays(tmp_path: Path) -> None:
    path, copy = tmp_path / "atelier.db", tmp_path / "copy.db"
    engine = dairy(path)
    wrap_with_passphrase(path, KEY, "ancienne", cost=CHEAP)
    backup(engine, copy)
    engine.dispose()
    change_passphrase(path, old="ancienne", new="nouvelle", cost=CHEAP)
    restore(copy, path, key=KEY)
    assert unwrap(path, "nouvelle") == KEY


def test_another_database_brings_its_own_key_file_and_the_old_pair_is_kept(tmp_path: Path) -> None:
    path, copy = tmp_path / "atelier.db", tmp_path / "copy.db"
    engine = dairy(tmp_path / "other.db", OTHER_KEY)
    wrap_with_passphrase(tmp_path / "other.db", OTHER_KEY, "une autre clé", cost=CHEAP)
    backup(engine, copy)
    engine.dispose()
    closed_dairy(path, marque="mardi")
    wrap_with_passphrase(path, KEY, "ici et là-bas", cost=CHEAP)
    aside = restore(copy, path, key=OTHER_KEY)
    assert aside is not None
    assert unwrap(path, "une autre clé") == OTHER_KEY
    assert settings_in(path, OTHER_KEY) == {}
    assert settings_in(aside, unwrap(aside, "ici et là-bas")) == {"marque": "mardi"}
    assert key_file(aside).exists()
