"""Opening a file: what is ours opens, and the rest is refused by name and left as it was."""

import os
import sqlite3
import stat
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import driver_connection, open_engine, reading, writing
from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import (
    AlreadyThere,
    DatabaseCorrupt,
    DatabaseMissing,
    DatabaseTooNew,
    DatabaseTruncated,
    DiskFull,
    EncryptionUnavailable,
    FolderMissing,
    KeyOfAnotherDatabase,
    NeedsKey,
    NoPermission,
    NotADatabase,
    NotEncrypted,
    NotOurs,
    ReadOnlyDatabase,
    StorageError,
    StorageFault,
    WrongKey,
)
from manchengo_sqlite.file_check import APPLICATION_ID
from manchengo_sqlite.migrate import pending
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
from tests.support.fork_server import kill, next_line, over

PAGE = 4096


def cut_short(path: Path, size: int) -> None:
    closed_dairy(path)
    path.write_bytes(path.read_bytes()[:size])


def flipped(path: Path, at: int, key: bytes | None = KEY) -> None:
    closed_dairy(path, key)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE contacts (name)")


def with_a_log_left_by_a_crash(path: Path, make: Callable[[Path], None], key: bytes | None) -> None:
    """Beside the file a write-ahead log that SQLite would fold in at the first chance."""
    crashed = path.with_name("crashed")
    crashed.mkdir()
    make(crashed / "live.db")
    with closing(connect(crashed / "live.db", key, how="mode=rw")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE more AS SELECT 1 AS one")
        for ending in ("", "-wal"):
            content = (crashed / f"live.db{ending}").read_bytes()
            path.with_name(f"{path.name}{ending}").write_bytes(content)


def cut_short_with_a_log(path: Path) -> None:
    with_a_log_left_by_a_crash(path, of_another_program, None)
    path.write_bytes(path.read_bytes()[:PAGE])


def with_a_journal_left_by_a_crash(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE contacts (name)")
        connection.execute("INSERT INTO contacts VALUES ('before')")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("PRAGMA cache_spill = ON")
        connection.execute("BEGIN")
        connection.execute("UPDATE contacts SET name = 'after'")
        connection.execute("INSERT INTO contacts VALUES (zeroblob(400000))")
        content = {
            ending: path.with_name(f"{path.name}{ending}").read_bytes()
            for ending in ("", "-journal")
        }
        connection.execute("ROLLBACK")
    for ending, left in content.items():
        path.with_name(f"{path.name}{ending}").write_bytes(left)


def made_by_a_newer_program(path: Path) -> None:
    closed_dairy(path)
    with closing(connect(path, KEY, how="mode=rw")) as connection:
        connection.execute(f"PRAGMA user_version = {newest() + 1}")


Case = tuple[Callable[[Path], object], bytes | None, type[StorageError]]

REFUSED: dict[str, Case] = {
    "nothing there": (Path.exists, KEY, DatabaseMissing),
    "nothing there, in clear": (Path.exists, None, DatabaseMissing),
    "a folder": (Path.mkdir, KEY, NotADatabase),
    "a text": (lambda path: path.write_text("lait cru\n" * 1000), KEY, NotADatabase),
    "a text, in clear": (lambda path: path.write_text("lait cru"), None, NotADatabase),
    "zeros": (lambda path: path.write_bytes(bytes(8 * PAGE)), KEY, NotADatabase),
    "a picture": (
        lambda path: path.write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(50_000)),
        KEY,
        NotADatabase,
    ),
    "an empty file": (Path.touch, KEY, DatabaseTruncated),
    "another program's": (of_another_program, None, NotOurs),
    "another program's, with a key": (of_another_program, KEY, NotEncrypted),
    "another program's, with a log": (
        lambda path: with_a_log_left_by_a_crash(path, of_another_program, None),
        None,
        NotOurs,
    ),
    "another program's, with a log and a key": (
        lambda path: with_a_log_left_by_a_crash(path, of_another_program, None),
        KEY,
        NotEncrypted,
    ),
    "another program's, with a journal": (with_a_journal_left_by_a_crash, None, NotOurs),
    "another program's, cut short, with a log": (
        cut_short_with_a_log,
        None,
        NotOurs,
    ),
    "another key's": (lambda path: closed_dairy(path, OTHER_KEY), KEY, KeyOfAnotherDatabase),
    "another key's, with a log": (
        lambda path: with_a_log_left_by_a_crash(
            path, lambda live: closed_dairy(live, OTHER_KEY), OTHER_KEY
        ),
        KEY,
        KeyOfAnotherDatabase,
    ),
    "encrypted, asked in clear": (closed_dairy, None, NeedsKey),
    "encrypted, with a log, asked in clear": (
        lambda path: with_a_log_left_by_a_crash(path, closed_dairy, KEY),
        None,
        NeedsKey,
    ),
    "in clear, asked with a key": (lambda path: closed_dairy(path, None), KEY, NotEncrypted),
    "one page of many": (lambda path: cut_short(path, PAGE), KEY, DatabaseTruncated),
    "ten pages of many": (lambda path: cut_short(path, 10 * PAGE), KEY, DatabaseTruncated),
    "cut inside a page": (lambda path: cut_short(path, 5 * PAGE + 7), KEY, DatabaseTruncated),
    "a byte of the first page": (lambda path: flipped(path, 2000), KEY, DatabaseCorrupt),
    "a byte of the first page, in clear": (
        lambda path: flipped(path, 16, None),
        None,
        DatabaseCorrupt,
    ),
    "a newer program's": (made_by_a_newer_program, KEY, DatabaseTooNew),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_opened_is_refused_by_name_and_left_as_it_was(
    case: Case, tmp_path: Path
) -> None:
    make, key, refusal = case
    make(tmp_path / "atelier.db")
    before = folder_as_it_is(tmp_path)
    with pytest.raises(refusal) as refused:
        open_engine(tmp_path / "atelier.db", key=key)
    assert type(refused.value) is refusal
    assert folder_as_it_is(tmp_path) == before


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_create_makes_only_what_is_not_there(case: Case, tmp_path: Path) -> None:
    make, key, refusal = case
    make(tmp_path / "atelier.db")
    before = folder_as_it_is(tmp_path)
    if refusal is DatabaseMissing:
        open_engine(tmp_path / "atelier.db", key=key, create=True).dispose()
        assert list(folder_as_it_is(tmp_path)) == ["atelier.db"]
    else:
        with pytest.raises(refusal):
            open_engine(tmp_path / "atelier.db", key=key, create=True)
        assert folder_as_it_is(tmp_path) == before


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing):
        open_engine(tmp_path / "usb" / "atelier.db", key=KEY, create=True)
    assert not (tmp_path / "usb").exists()


def test_a_new_database_never_takes_up_the_log_of_a_lost_one(tmp_path: Path) -> None:
    (tmp_path / "atelier.db-wal").write_bytes(b"what is left of three days' work")
    with pytest.raises(AlreadyThere) as refused:
        open_engine(tmp_path / "atelier.db", key=KEY, create=True)
    assert refused.value.path.name == "atelier.db-wal"
    assert list(folder_as_it_is(tmp_path)) == ["atelier.db-wal"]


@pytest.mark.parametrize(
    "name",
    ["l'été à Tizi.db", "100 % ?.db", "a#b&mode=ro.db", "مخبر.db", "file:x.db", "%41.db"],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows forbids some of these letters in names")
def test_a_path_may_hold_any_letter(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "Atelier n° 1 ? #"
    folder.mkdir()
    closed_dairy(folder / name, marque="x")
    assert settings_in(folder / name) == {"marque": "x"}
    assert os.listdir(folder) == [name]


def test_a_relative_path_and_a_link_lead_to_the_same_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_dairy(tmp_path / "atelier.db", marque="x")
    (tmp_path / "link.db").symlink_to("atelier.db")
    monkeypatch.chdir(tmp_path)
    assert settings_in(Path("atelier.db")) == settings_in(Path("link.db")) == {"marque": "x"}


def test_the_file_is_noise_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    engine = dairy(path)
    put(engine, "secret", "Fromagerie du Djurdjura")
    engine.dispose()
    content = path.read_bytes()
    assert b"SQLite" not in content
    assert b"Djurdjura" not in content
    assert b"ref_communes" not in content
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_beside_an_open_file_is_noise_too(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    put(engine, "secret", "Fromagerie du Djurdjura")
    log = (tmp_path / "atelier.db-wal").read_bytes()
    engine.dispose()
    assert log
    assert b"Djurdjura" not in log


def test_the_key_shows_nowhere(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    shown = [repr(engine), str(engine.url), repr(engine.pool), str(engine.get_execution_options())]
    with pytest.raises(StorageFault) as fault, writing(engine) as connection:
        connection.exec_driver_sql("NO SUCH STATEMENT")
    engine.dispose()
    with pytest.raises(WrongKey) as wrong:
        open_engine(tmp_path / "atelier.db", key=OTHER_KEY)
    shown += ["".join(traceback.format_exception(e.value)) for e in (fault, wrong)]
    for key in (KEY, OTHER_KEY):
        assert not any(key.hex() in text or repr(key) in text for text in shown)


def test_what_people_recorded_shows_in_no_error(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    nif = str(16001234567)
    put(engine, "nif", nif)
    with pytest.raises(StorageFault) as fault:
        put(engine, "nif", nif)
    engine.dispose()
    assert nif not in "".join(traceback.format_exception(fault.value))


def test_every_connection_keeps_the_agreed_settings(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with reading(engine) as connection:
        agreed = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000, "synchronous": 1}
        for name, value in agreed.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value
    for durable, level in ((True, 2), (False, 1), (True, 2)):
        with writing(engine, durable=durable) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == level
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_a_page_torn_by_a_power_cut_is_taken_from_the_log(tmp_path: Path) -> None:
    live, cut = tmp_path / "live.db", tmp_path / "cut.db"
    engine = dairy(live)
    put(engine, "before", "x")
    engine.dispose()
    engine = open_engine(live, key=KEY)
    with writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA user_version = 1")  # the first page, again
        connection.exec_driver_sql(f"PRAGMA user_version = {newest()}")
        connection.exec_driver_sql("INSERT INTO _config VALUES ('after', 'x')")
    torn = bytearray(live.read_bytes())
    log = (tmp_path / "live.db-wal").read_bytes()
    engine.dispose()
    torn[1000:PAGE] = bytes(PAGE - 1000)
    cut.write_bytes(torn)
    with pytest.raises(DatabaseCorrupt, match="first page"):
        open_engine(cut, key=KEY)
    (tmp_path / "cut.db-wal").write_bytes(log)
    assert set(settings_in(cut)) == {"before", "after"}


def test_a_damaged_page_met_later_is_named(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    engine = dairy(path)
    with reading(engine) as connection:
        page = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'ref_communes'"
        ).scalar_one()
    engine.dispose()
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE + 9] ^= 1
    path.write_bytes(content)
    engine = open_engine(path, key=KEY)
    with pytest.raises(DatabaseCorrupt), reading(engine) as connection:
        connection.exec_driver_sql("SELECT * FROM ref_communes").all()
    engine.dispose()


@pytest.mark.skipif(os.name == "nt", reason="locks of Windows belong to one handle")
def test_a_wrong_key_does_not_disturb_whoever_has_the_database_open(tmp_path: Path) -> None:
    # On POSIX, a program that reads and closes the file itself loses all of SQLite's locks on it.
    path = tmp_path / "atelier.db"
    engine = dairy(path)
    for key, refusal in ((OTHER_KEY, KeyOfAnotherDatabase), (None, NeedsKey)):
        with pytest.raises(refusal):
            open_engine(path, key=key)
        assert over(elsewhere("look_for_a_lock", path)) == "locked"
    engine.dispose()
    assert over(elsewhere("look_for_a_lock", path)) == "free"


def test_a_clear_database_open_here_says_that_it_is_in_clear(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db", None)
    with pytest.raises(NotEncrypted):
        open_engine(tmp_path / "atelier.db", key=KEY)
    put(engine, "still", "open")
    engine.dispose()


def test_a_full_disk_undoes_the_transaction_and_no_more(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    put(engine, "before", "x")
    with writing(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        driver_connection(connection).execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        put(engine, "big", "x" * 100_000)
    with writing(engine) as connection:
        driver_connection(connection).execute("PRAGMA max_page_count = 1000000")
    put(engine, "after", "x")
    assert set(settings(engine)) == {"before", "after"}
    engine.dispose()


def test_a_database_moved_away_while_open_is_missing(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    (tmp_path / "atelier.db").rename(tmp_path / "ailleurs.db")
    with pytest.raises(DatabaseMissing):
        put(engine, "lost", "x")
    engine.dispose()


def test_a_closed_database_says_so(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    engine.dispose()
    with pytest.raises(StorageFault, match="closed"):
        put(engine, "late", "x")
    with pytest.raises(StorageFault, match="closed"):
        settings(engine)


def test_a_closed_database_is_one_file(tmp_path: Path) -> None:
    closed_dairy(tmp_path / "atelier.db")
    assert os.listdir(tmp_path) == ["atelier.db"]


def test_without_sqlcipher_a_key_is_refused_and_a_clear_database_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("manchengo_sqlite.driver.sqlcipher", None)
    with pytest.raises(EncryptionUnavailable):
        open_engine(tmp_path / "atelier.db", key=KEY, create=True)
    assert os.listdir(tmp_path) == []
    closed_dairy(tmp_path / "atelier.db", None, marque="x")
    assert settings_in(tmp_path / "atelier.db", None) == {"marque": "x"}


def test_a_database_in_clear_carries_our_mark(tmp_path: Path) -> None:
    closed_dairy(tmp_path / "atelier.db", None)
    assert (tmp_path / "atelier.db").read_bytes()[68:72] == APPLICATION_ID.to_bytes(4)


# ---------------------------------------------------------------- rights


@pytest.fixture
def folder_of_a_user() -> Iterator[Path]:
    """A folder that an ordinary user reaches; those of pytest are closed to all but their owner."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def as_an_ordinary_user(folder: Path) -> Iterator[None]:
    """Root becomes the owner of that folder and what lies in it; as root nothing is refused.

    Whatever reads the program's own files comes before: they may lie where only root reads.
    """
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.iterdir()):
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="rights are told otherwise on Windows")
@pytest.mark.parametrize(
    ("file_rights", "folder_rights", "refusal"),
    [
        (0o000, 0o700, NoPermission),
        (0o400, 0o700, ReadOnlyDatabase),
        (0o600, 0o500, ReadOnlyDatabase),
        (0o600, 0o000, NoPermission),
    ],
)
def test_rights_that_are_missing_are_named(
    folder_of_a_user: Path, file_rights: int, folder_rights: int, refusal: type[StorageError]
) -> None:
    path = folder_of_a_user / "atelier.db"
    closed_dairy(path)
    before = folder_as_it_is(folder_of_a_user)
    path.chmod(file_rights)
    folder_of_a_user.chmod(folder_rights)
    with as_an_ordinary_user(folder_of_a_user), pytest.raises(refusal):
        open_engine(path, key=KEY)
    folder_of_a_user.chmod(0o700)
    path.chmod(0o600)
    assert folder_as_it_is(folder_of_a_user) == before


@pytest.mark.skipif(os.name == "nt", reason="rights are told otherwise on Windows")
def test_nothing_is_created_where_one_may_not(folder_of_a_user: Path) -> None:
    folder_of_a_user.chmod(0o500)
    with as_an_ordinary_user(folder_of_a_user), pytest.raises(NoPermission):
        open_engine(folder_of_a_user / "atelier.db", key=KEY, create=True)
    folder_of_a_user.chmod(0o700)
    assert os.listdir(folder_of_a_user) == []


def test_a_crash_leaves_a_database_that_opens(tmp_path: Path) -> None:
    closed_dairy(tmp_path / "atelier.db")
    process = elsewhere("write_until_killed", tmp_path / "atelier.db")
    while (acknowledged := int(next_line(process))) < 40:
        pass
    kill(process)
    engine = open_engine(tmp_path / "atelier.db", key=KEY)
    assert pending(engine) == []
    assert {str(number) for number in range(acknowledged + 1)} <= set(settings(engine))
    engine.dispose()


@pytest.mark.parametrize(
    ("key", "error"), [(b"x" * 5, ValueError), (b"", ValueError), ("x" * 32, TypeError)]
)
def test_what_is_no_key_opens_and_makes_nothing(
    key: bytes, error: type[Exception], tmp_path: Path
) -> None:
    path = tmp_path / "atelier.db"
    with pytest.raises(error, match="'key' must"):
        open_engine(path, key=key, create=True)
    assert folder_as_it_is(tmp_path) == {}


def test_an_error_and_a_store_say_in_a_log_which_file_they_are_about(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    with pytest.raises(DatabaseMissing) as missing:
        open_engine(path, key=KEY)
    assert str(missing.value) == f"Database missing: path {path}."
    with SqliteStore.open(path, key=KEY, create=True) as store:
        assert repr(store) == f"SqliteStore('{path}')"
