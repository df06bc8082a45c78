"""A backup taken while people work is whole, proven and, once restored, another device."""

import hashlib
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Actor, Commit, Manchengo, Role, Uuid7Ids
from manchengo.domain.ids import DeviceId
from manchengo.memory import SteppingClock
from manchengo.ports.settings import DEVICE
from manchengo_cli.database import opened
from manchengo_cli.session import Session
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.backup import backup, restore
from manchengo_sqlite.errors import StorageError
from manchengo_sqlite.incremental_backup import Refreshed, refresh
from tests.cli.running import done
from tests.faults import victims
from tests.faults.hardship import NotHere, obey_the_rights
from tests.faults.killing import victim
from tests.faults.plant import (
    BEFORE_THE_DAY,
    at_work,
    command_id,
    do,
    import_lots,
    imported,
    key_at,
    new_plant,
    page_check,
    plant,
)
from tests.sqlite.witness import KEY
from tests.support.given import somebody


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def commits(store: SqliteStore) -> list[Commit]:
    with store.reading() as snapshot:
        return list(snapshot.commits())


def test_a_backup_taken_while_another_process_writes_holds_all_that_was_acknowledged_before(
    tmp_path: Path,
) -> None:
    path = new_plant(tmp_path / "atelier.db")
    copies = [tmp_path / f"copy {number}.db" for number in range(5)]
    acknowledged = []
    with (
        SqliteStore.open(path, key=KEY) as store,
        victim(victims.work, path, 0, None, None) as writer,
    ):
        for copy in copies:
            for _ in range(5):
                writer.listen()
            acknowledged.append(len(writer.heard))
            backup(store.engine, copy)
        everything = len(writer.kill())
        log = commits(store)
    for copy, known in zip(copies, acknowledged, strict=True):
        with plant(copy) as dairy:
            assert page_check(dairy) == []
            assert dairy.verify().sound
            assert isinstance(dairy.store, SqliteStore)
            copied = commits(dairy.store)
        assert copied == log[: len(copied)]
        assert {command_id(number) for number in range(known)} <= {commit.id for commit in copied}
    with plant(path) as dairy:
        assert dairy.verify().commits >= len(BEFORE_THE_DAY) + everything


def test_what_a_killed_backup_left_half_written_is_taken_away_by_the_next(tmp_path: Path) -> None:
    path, copy = new_plant(tmp_path / "atelier.db"), tmp_path / "usb" / "copy.db"
    copy.parent.mkdir()
    with victim(victims.back_up_half, path, copy) as half:
        half.listen()
        assert not copy.exists()
        half.kill()
    assert list(copy.parent.iterdir()) != []
    backed_up(path, copy)
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]


def test_a_backup_that_was_being_brought_up_to_date_is_the_old_one_after_a_kill(
    tmp_path: Path,
) -> None:
    """So much was added that SQLite wrote into the file already: what it took back was there."""
    path, copy = new_plant(tmp_path / "atelier.db"), tmp_path / "copy.db"
    backed_up(path, copy)
    before = digest(copy)
    with plant(path) as dairy:
        import_lots(dairy, 500)
    with victim(victims.bring_half_up_to_date, path, copy) as half:
        half.listen()
        half.kill()
    journal = copy.with_name("copy.db-journal")
    assert journal.stat().st_size > 0
    assert digest(copy) != before
    restore(copy, tmp_path / "again.db", key=KEY)
    assert not journal.exists()
    with plant(tmp_path / "again.db") as dairy:
        assert page_check(dairy) == []
        assert dairy.verify().sound
        assert imported(dairy) == 0
    with SqliteStore.open(path, key=KEY) as store:
        assert refresh(store.engine, copy) == Refreshed(commits=502, whole=None)
    with plant(copy) as dairy:
        assert dairy.verify().sound
        assert imported(dairy) == 500


def test_a_backup_cut_off_on_a_disk_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    path, copy = new_plant(tmp_path / "atelier.db"), tmp_path / "usb" / "copy.db"
    copy.parent.mkdir()
    backed_up(path, copy)
    with plant(path) as dairy:
        import_lots(dairy, 500)
    with victim(victims.bring_half_up_to_date, path, copy) as half:
        half.listen()
        half.kill()
    with victim(restore_without_the_right, copy, tmp_path / "again.db") as put_back:
        assert put_back.listen() in ("ReadOnlyDatabase", "not here")
    restore(copy, tmp_path / "again.db", key=KEY)
    with plant(tmp_path / "again.db") as dairy:
        assert dairy.verify().sound


def restore_without_the_right(words: Connection, copy: Path, path: Path) -> None:
    try:
        obey_the_rights()
    except NotHere:
        words.send("not here")
        return
    copy.chmod(0o400)
    copy.parent.chmod(0o500)
    try:
        restore(copy, path, key=KEY)
    except StorageError as error:
        words.send(type(error).__name__)
    finally:
        copy.parent.chmod(0o700)
        copy.chmod(0o600)


def test_a_restored_database_answers_as_the_one_it_was_copied_from(tmp_path: Path) -> None:
    path = new_plant(tmp_path / "atelier.db")
    with plant(path) as dairy:
        for number in range(25):
            do(dairy, number)
        before, stock = dairy.verify(), dairy.stock.by_product()
        assert isinstance(dairy.store, SqliteStore)
        backup(dairy.store.engine, tmp_path / "copy.db")
        do(dairy, 25)
    aside = restore(tmp_path / "copy.db", path, key=KEY)
    with plant(path) as dairy:
        assert (dairy.verify(), dairy.stock.by_product()) == (before, stock)
        assert before.sound
    assert aside is not None
    with plant(aside) as dairy:
        assert dairy.verify().sound
        assert dairy.verify().commits == before.commits + 1


# ---------------------------------------------------------------- a device of its own

THE_OFFICE = somebody(Role.ADMIN).device_id


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The database of a device that has an id, and has worked."""
    path = new_plant(tmp_path / "office.db")
    with SqliteStore.open(path, key=KEY) as store:
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(THE_OFFICE))
        work(store, range(5))
    return path


def device_of(store: SqliteStore) -> DeviceId:
    with store.reading() as snapshot:
        named = snapshot.setting(DEVICE)
    assert named is not None
    return DeviceId(UUID(named))


def as_itself(store: SqliteStore) -> Actor:
    """Whoever works there, under the id that the database gives its device."""
    return evolve(somebody(Role.ADMIN), device_id=device_of(store))


def work(store: SqliteStore, numbers: range, day_of: str = "") -> None:
    dairy = at_work(store, as_itself(store), key_at(1))
    for number in numbers:
        do(dairy, number, day_of)


def backed_up(path: Path, to: Path) -> Path:
    with SqliteStore.open(path, key=KEY) as store:
        backup(store.engine, to)
    return to


def test_a_database_that_was_never_copied_keeps_its_device(office: Path) -> None:
    for _ in range(2):
        with SqliteStore.open(office, key=KEY) as store:
            assert device_of(store) == THE_OFFICE


def test_a_restored_device_takes_another_id_so_that_its_numbers_cannot_fork(office: Path) -> None:
    copy = backed_up(office, office.with_name("copy.db"))
    with SqliteStore.open(office, key=KEY) as store:
        work(store, range(5, 10))
        original = commits(store)
    restore(copy, office, key=KEY)
    with SqliteStore.open(office, key=KEY) as store:
        again = device_of(store)
        assert again != THE_OFFICE
        work(store, range(5, 10), day_of="again")
        restored = commits(store)
        assert at_work(store, as_itself(store), key_at(1)).verify().sound
    with SqliteStore.open(office, key=KEY) as store:
        assert device_of(store) == again
    places = {(c.device_id, c.sequence): c.id for c in original}
    for commit in restored:
        assert places.get((commit.device_id, commit.sequence), commit.id) == commit.id


def test_a_backup_that_is_simply_put_in_the_place_of_the_file_is_another_device_too(
    office: Path,
) -> None:
    copy = backed_up(office, office.with_name("copy.db"))
    copy.replace(office)
    with SqliteStore.open(office, key=KEY) as store:
        assert device_of(store) != THE_OFFICE


def test_one_backup_restored_in_two_places_makes_two_devices(office: Path) -> None:
    copy = backed_up(office, office.with_name("copy.db"))
    devices = set()
    for name in ("one.db", "two.db"):
        restore(copy, office.with_name(name), key=KEY)
        with SqliteStore.open(office.with_name(name), key=KEY) as store:
            devices.add(device_of(store))
    assert len(devices - {THE_OFFICE}) == 2


def test_what_a_restoration_put_aside_is_still_the_device_it_was(office: Path) -> None:
    aside = restore(backed_up(office, office.with_name("copy.db")), office, key=KEY)
    assert aside is not None
    with SqliteStore.open(aside, key=KEY) as store:
        assert device_of(store) == THE_OFFICE


def test_the_stamps_of_a_restored_device_follow_on_though_its_clock_went_back(
    office: Path,
) -> None:
    restore(backed_up(office, office.with_name("copy.db")), office, key=KEY)
    with SqliteStore.open(office, key=KEY) as store:
        old = SteppingClock(datetime(1970, 1, 1, tzinfo=UTC))
        do(Manchengo(store, clock=old, ids=Uuid7Ids(), actor=as_itself(store), signer=key_at(1)), 5)
        stamps = [commit.hlc for commit in commits(store)][len(BEFORE_THE_DAY) :]
        assert stamps == sorted(stamps)
        assert len(set(stamps)) == len(stamps)


# ---------------------------------------------------------------- at the command line


def test_the_command_writes_as_another_device_after_a_restoration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MANCHENGO_USER", raising=False)
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "lait cru")
    monkeypatch.setenv("MANCHENGO_DB", str(tmp_path / "atelier.db"))
    done("init", "--admin", "amina")
    done("supplier", "add", "F1", "Djebbar")
    done("backup", str(tmp_path / "copie.db"))
    done("supplier", "add", "F2", "Ziani")
    with opened(Session()) as place:
        before, original = place.actor.device_id, commits(place.store)
    done("restore", str(tmp_path / "copie.db"))
    done("supplier", "add", "F3", "Belkacem")
    with opened(Session()) as place:
        after, restored = place.actor.device_id, commits(place.store)
        assert place.dairy.verify().sound
    assert after != before
    made = [(before, sequence) for sequence in range(1, 5)]  # two by "init"
    assert [(c.device_id, c.sequence) for c in original] == made
    assert [(c.device_id, c.sequence) for c in restored] == [*made[:-1], (after, 1)]
