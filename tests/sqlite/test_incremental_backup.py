"""A backup brought up to date is the backup that would be made now, table by table and row by row.

Whatever it is refused for leaves it as it was.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from manchengo import Commit, Manchengo, Refused, Role
from manchengo.application.replication.resealing import start_over
from manchengo.application.whole_reading import verify_store
from manchengo.commands import Command, RegisterSupplier
from manchengo.domain.ids import SupplierId
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.audit import AuditEntry
from manchengo.ports.settings import DEVICE
from manchengo_sqlite import (
    SqliteStore,
    backup_additions,
    backup_comparison,
    incremental_backup,
)
from manchengo_sqlite.backup import backup, restore
from manchengo_sqlite.backup_additions import TOUCHED
from manchengo_sqlite.backup_comparison import MOVED, Why
from manchengo_sqlite.connection import open_engine, writing
from manchengo_sqlite.driver import connect
from manchengo_sqlite.errors import (
    AlreadyThere,
    BackupAhead,
    BackupDamaged,
    BackupOfAnother,
    BackupUnderOtherKey,
    DatabaseBusy,
    DatabaseTooNew,
    DiskFull,
    NotAsSealed,
    StorageError,
)
from manchengo_sqlite.incremental_backup import Refreshed, refresh
from manchengo_sqlite.keys import change_passphrase, key_file, unwrap, wrap_with_passphrase
from manchengo_sqlite.migrate import migrate
from manchengo_sqlite.places import NUMBERS_GIVEN
from manchengo_sqlite.steps import newest
from tests.sqlite.witness import KEY, OTHER_KEY, closed_dairy, folder_as_it_is, put
from tests.support.blank_files import new_file
from tests.support.campaigns import examples
from tests.support.cheap_keys import CHEAP
from tests.support.dairy import A_DAIRY, an_id, litres, received, written_off
from tests.support.given import BOSS, one_by_one, open_dairy, somebody
from tests.support.plant import Plant
from tests.support.stores import IN_RAM
from tests.support.story import A_FORTNIGHT

THE_STORY: tuple[Command, ...] = tuple(one_by_one(A_FORTNIGHT))
PAGE = 4096


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with new_file(tmp_path / "atelier.db", key=KEY) as store:
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(BOSS.device_id))
        live(store, A_DAIRY)
        yield store


@pytest.fixture
def copy(store: SqliteStore, tmp_path: Path) -> Path:
    """A backup of that database."""
    (tmp_path / "usb").mkdir()
    backup(store.engine, tmp_path / "usb" / "copy.db")
    return tmp_path / "usb" / "copy.db"


def live(store: SqliteStore, *commands: Any) -> Manchengo:
    dairy = open_dairy(store)
    for command in one_by_one(commands):
        dairy.execute(command)
    return dairy


def everything(path: Path, key: bytes | None = KEY) -> dict[str, list[Any]]:
    """Every row of every table, SQLite's own included."""
    with closing(connect(path, key, how="mode=ro")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for (name,) in tables.fetchall()
        }


def as_a_whole_one(store: SqliteStore, copy: Path) -> bool:
    """Whether the backup is the one that would be made now."""
    with TemporaryDirectory(dir=IN_RAM) as folder:
        whole = Path(folder) / "whole.db"
        backup(store.engine, whole)
        return everything(copy) == everything(whole)


# ---------------------------------------------------------------- whatever happened


def work(story: "Story", count: int) -> None:
    for command in THE_STORY[story.position : story.position + count]:
        story.dairy.execute(command)
    story.position += count


def note(story: "Story", count: int) -> None:
    refuse(story.store, count)


def refuse(store: SqliteStore, count: int) -> None:
    for number in range(count):
        store.note(
            AuditEntry(
                at=START_OF_MEMORY,
                user_id=BOSS.user_id,
                device_id=BOSS.device_id,
                action="lot.receive",
                outcome=f"refused {number}",
                facts="{}",
            )
        )


def configure(story: "Story", count: int) -> None:
    """Settings come, change and go; so do rows of reference; something is scanned."""
    with writing(story.store.engine) as connection:
        for statement in (
            "INSERT OR REPLACE INTO _config VALUES ('this', hex(randomblob(4)))",
            "DELETE FROM _config WHERE name = 'that'",
            "INSERT INTO _config SELECT 'that', 'x' WHERE hex(randomblob(1)) > '80'",
            "UPDATE ref_vat_rates SET source = hex(randomblob(4))",
            "DELETE FROM ref_stamp_duty WHERE id = (SELECT min(id) FROM ref_stamp_duty)",
            "INSERT INTO qr_scans (at, user_id, device_id, code, outcome)"
            " VALUES ('2026-01-05', x'01', x'02', 'N', 'read')",
        )[:count]:
            connection.exec_driver_sql(statement)


def confirm(story: "Story", count: int) -> None:
    """The server has put some of the commits in its log: they leave the queue with a number."""
    with writing(story.store.engine) as connection:
        first = f"(SELECT commit_position FROM _sync_queue ORDER BY 1 LIMIT {count})"
        connection.exec_driver_sql(
            f"UPDATE _commits SET global_seq = position + 100 WHERE position IN {first}"
        )
        connection.exec_driver_sql(f"DELETE FROM _sync_queue WHERE commit_position IN {first}")


def rewind(story: "Story", count: int) -> None:
    """The last commits are taken out and put in again, behind those of another device, of which
    there is one more: each device's stay in their order.
    """
    tail = log(story.store)[max(1, head(story.store) - count) :]
    ours = [commit for commit in tail if commit.device_id == BOSS.device_id]
    theirs = [commit for commit in tail if commit.device_id != BOSS.device_id]
    put_again(story.store, len(tail), [*theirs, story.strangers.pop(0), *ours])


def head(store: SqliteStore) -> int:
    with store.reading() as snapshot:
        return snapshot.head()


def log(store: SqliteStore) -> list[Commit]:
    with store.reading() as snapshot:
        return list(snapshot.commits())


def put_again(store: SqliteStore, count: int, commits: list[Commit]) -> None:
    """These commits at the end of the log, instead of its last ones."""
    kept = head(store) - count
    with store.writing() as transaction:
        transaction.set_setting(NUMBERS_GIVEN, str(transaction._last_number()))
        for table, column in (
            ("_sync_queue", "commit_position"),
            ("_events", "commit_position"),
            ("_commits", "position"),
        ):
            transaction._all(f"DELETE FROM {table} WHERE {column} > ?", kept)
        for commit in commits:
            transaction.append(commit)


def rebuild(story: "Story", count: int) -> None:
    story.dairy.rebuild()


def bring_up_to_date(story: "Story", count: int) -> None:
    refresh(story.store.engine, story.copy)


class Story:
    """A dairy that goes through its fortnight, and what a stranger wrote meanwhile."""

    def __init__(self, store: SqliteStore, copy: Path, *, position: int = 0) -> None:
        self.store, self.copy, self.position = store, copy, position
        self.dairy = open_dairy(store)
        self.strangers = strange_commits(12)
        work(self, 3)
        backup(store.engine, copy)


def strange_commits(count: int) -> list[Commit]:
    dairy = open_dairy(actor=somebody(Role.ADMIN, device=9))
    return [
        dairy.execute(
            RegisterSupplier(
                supplier_id=SupplierId(an_id(f"stranger {number}")), code=f"E{number}", name="?"
            )
        )
        for number in range(count)
    ]


HAPPENINGS = (
    work,
    work,
    work,
    bring_up_to_date,
    bring_up_to_date,
    note,
    configure,
    confirm,
    rewind,
    rebuild,
)


@examples(10, campaign=30)
@whatever(
    happened=st.lists(
        st.tuples(st.sampled_from(HAPPENINGS), st.integers(min_value=1, max_value=9)), max_size=12
    )
)
def test_whatever_happened_it_is_the_backup_that_would_be_made_now(
    happened: list[tuple[Callable[[Story, int], None], int]],
) -> None:
    with (
        TemporaryDirectory(dir=IN_RAM) as folder,
        new_file(Path(folder) / "atelier.db", key=KEY) as store,
    ):
        story = Story(store, Path(folder) / "copy.db")
        for happens, count in happened:
            happens(story, count)
        refresh(store.engine, story.copy)
        assert as_a_whole_one(store, story.copy)
        assert refresh(store.engine, story.copy) == Refreshed(commits=0, whole=None)


def test_restored_it_answers_as_the_database_does(
    store: SqliteStore, copy: Path, tmp_path: Path
) -> None:
    dairy = live(store, THE_STORY[len(A_DAIRY) :])
    added = refresh(store.engine, copy)
    assert added == Refreshed(commits=len(THE_STORY) - len(A_DAIRY), whole=None)
    verdict, stock = dairy.verify(), dairy.stock.by_product()
    assert verdict.sound
    restore(copy, tmp_path / "again.db", key=KEY)
    with SqliteStore.open(tmp_path / "again.db", key=KEY) as again:
        assert open_dairy(again).verify() == verdict
        assert open_dairy(again).stock.by_product() == stock
        with again.reading() as snapshot:
            assert snapshot.setting(DEVICE) != str(BOSS.device_id)


def test_many_events_are_added_in_many_steps(
    store: SqliteStore, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_additions, "AT_ONCE", 7)
    live(store, THE_STORY[len(A_DAIRY) :])
    steps: list[tuple[int, int]] = []
    refresh(store.engine, copy, progress=lambda done, whole: steps.append((done, whole)))
    assert len(steps) > 10
    assert steps[-1][0] == steps[-1][1]
    assert as_a_whole_one(store, copy)


def test_commits_that_changed_places_under_one_that_did_not_are_noticed(
    store: SqliteStore, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one is the same, in the same place; no other row is compared."""
    monkeypatch.setattr(
        backup_comparison, "MOVED", [each.replace("- 10000", "- 1") for each in MOVED]
    )
    story = Story(store, copy.with_name("other.db"), position=len(A_DAIRY))
    rewind(story, 4)
    assert refresh(store.engine, story.copy).whole is Why.REORDERED
    stranger, first, *rest = tail = log(store)[-5:]
    put_again(store, 5, [first, stranger, *rest])
    assert log(store)[-5:] != tail
    assert log(store)[-1] == tail[-1]
    assert refresh(store.engine, story.copy).whole is Why.REORDERED
    assert as_a_whole_one(store, story.copy)


# ---------------------------------------------------------------- every table


def tables_of_a_new_database() -> list[str]:
    with TemporaryDirectory(dir=IN_RAM) as folder:
        path = Path(folder) / "empty.db"
        new_file(path, key=KEY).close()
        return sorted(everything(path))


BY_COMMANDS = {*TOUCHED, "_commits", "_events", "_devices"}
"""What changes with a commit and not otherwise: the story tells of those."""

BY_MIGRATIONS = {"_migrations", "sqlite_sequence"}
"""What no command changes; the second is empty since the events count without it."""


@pytest.mark.parametrize(
    "table", sorted({*tables_of_a_new_database()} - BY_COMMANDS - BY_MIGRATIONS)
)
def test_a_row_of_any_table_comes_and_goes_with_the_databases(
    table: str, store: SqliteStore, copy: Path
) -> None:
    """Of a table that a later release adds, too, without a word about it here."""
    path = copy.parent.parent / "atelier.db"
    live(store, received("L1", litres(10)))
    with closing(connect(path, KEY, how="mode=rw")) as connection:
        rows = connection.execute(f"SELECT * FROM {table}").fetchall()
        row = rows[0] if rows else a_row(connection, table)
        for statement in (
            [f"DELETE FROM {table}"] if rows else [],
            [f"INSERT INTO {table} VALUES ({', '.join('?' for _ in row)})", row],
        ):
            if statement:
                connection.execute(*statement)
                assert refresh(store.engine, copy).whole is None
                assert as_a_whole_one(store, copy)


def a_row(connection: Any, table: str) -> tuple[Any, ...]:
    values = {"INTEGER": 7, "TEXT": "x", "BLOB": b"0123456789abcdef"}
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return tuple(values[column[2]] for column in columns)


def test_an_unknown_table_is_compared_whole(tmp_path: Path) -> None:
    with new_file(tmp_path / "atelier.db", key=KEY) as store:
        live(store, A_DAIRY)
        with writing(store.engine) as connection:
            connection.exec_driver_sql(
                'CREATE TABLE "of tomorrow" (a TEXT, b INTEGER, "c d" BLOB, PRIMARY KEY (a, b))'
            )
            connection.exec_driver_sql("CREATE TABLE bare (a TEXT)")
            connection.exec_driver_sql(
                "INSERT INTO \"of tomorrow\" VALUES ('stays', 1, NULL), ('goes', 2, x'01')"
            )
        backup(store.engine, tmp_path / "copy.db")
        with writing(store.engine) as connection:
            connection.exec_driver_sql("DELETE FROM \"of tomorrow\" WHERE a = 'goes'")
            connection.exec_driver_sql('UPDATE "of tomorrow" SET "c d" = x\'02\'')
            connection.exec_driver_sql("INSERT INTO \"of tomorrow\" VALUES ('comes', 1, NULL)")
            connection.exec_driver_sql("INSERT INTO bare VALUES (NULL), ('x'), ('x')")
        assert refresh(store.engine, tmp_path / "copy.db").whole is None
        assert as_a_whole_one(store, tmp_path / "copy.db")


def test_every_view_has_a_column_of_its_aggregate() -> None:
    assert set(TOUCHED) <= set(tables_of_a_new_database())


# ---------------------------------------------------------------- while people work


def test_people_go_on_working_meanwhile_and_it_is_of_one_moment(
    store: SqliteStore, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_additions, "AT_ONCE", 20)
    dairy = live(store, THE_STORY[len(A_DAIRY) : -3])
    rest = list(THE_STORY[-3:])
    before = dairy.verify().commits

    def work_on(_done: int, _all: int) -> None:
        if rest:
            dairy.execute(rest.pop(0))

    refresh(store.engine, copy, progress=work_on)
    assert rest == []
    with closing(connect(copy, KEY, how="mode=ro")) as connection:
        assert connection.execute("SELECT count(*) FROM _commits").fetchone() == (before,)
    assert refresh(store.engine, copy) == Refreshed(commits=3, whole=None)
    assert as_a_whole_one(store, copy)


def test_it_stays_one_file_that_is_noise(store: SqliteStore, copy: Path) -> None:
    live(store, received("L1", litres(10)))
    refresh(store.engine, copy)
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    assert b"SQLite" not in copy.read_bytes()


def test_a_database_in_clear_is_brought_up_to_date_in_clear(tmp_path: Path) -> None:
    with new_file(tmp_path / "atelier.db", key=None) as store:
        live(store, A_DAIRY)
        backup(store.engine, tmp_path / "copy.db")
        live(store, received("L1", litres(10)))
        assert refresh(store.engine, tmp_path / "copy.db").commits == 1
    assert len(everything(tmp_path / "copy.db", None)["lots_mp"]) == 1


def test_one_made_before_anything_was_recorded_is_added_to(tmp_path: Path) -> None:
    with new_file(tmp_path / "atelier.db", key=None) as store:
        with store.writing() as transaction:
            transaction.set_setting(DEVICE, str(UUID(int=1)))
        backup(store.engine, tmp_path / "copy.db")
        live(store, A_DAIRY)
        done = refresh(store.engine, tmp_path / "copy.db")
        assert (done.whole, done.commits > 0) == (None, True)
        again = refresh(store.engine, tmp_path / "copy.db")
    assert again == Refreshed(commits=0, whole=None)
    assert everything(tmp_path / "copy.db", None)["_commits"]


def test_a_passphrase_changed_since_opens_it_from_now_on(store: SqliteStore, copy: Path) -> None:
    path = copy.parent.parent / "atelier.db"
    wrap_with_passphrase(path, KEY, "ancienne", cost=CHEAP)
    refresh(store.engine, copy)
    assert unwrap(copy, "ancienne") == KEY
    change_passphrase(path, old="ancienne", new="nouvelle", cost=CHEAP)
    refresh(store.engine, copy)
    assert unwrap(copy, "nouvelle") == KEY
    assert key_file(copy).exists()


def test_one_that_was_only_opened_since_is_a_backup_again(store: SqliteStore, copy: Path) -> None:
    with SqliteStore.open(copy, key=KEY) as opened:
        assert verify_store(opened).sound
    live(store, received("L1", litres(10)))
    assert refresh(store.engine, copy) == Refreshed(commits=1, whole=None)
    assert as_a_whole_one(store, copy)


def test_a_database_put_back_from_it_adds_to_it(store: SqliteStore, copy: Path) -> None:
    path = copy.parent.parent / "atelier.db"
    store.close()
    restore(copy, path, key=KEY)
    with SqliteStore.open(path, key=KEY) as again:
        live(again, received("L1", litres(10)))
        assert refresh(again.engine, copy) == Refreshed(commits=1, whole=None)
        assert as_a_whole_one(again, copy)


# ---------------------------------------------------------------- made whole again


def test_on_request_everything_is_copied_again(store: SqliteStore, copy: Path) -> None:
    live(store, received("L1", litres(10)))
    assert refresh(store.engine, copy, whole=True) == Refreshed(commits=1, whole=Why.ASKED)
    assert as_a_whole_one(store, copy)
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]


def test_one_of_an_older_release_is_made_whole_again(store: SqliteStore, copy: Path) -> None:
    with closing(connect(copy, KEY, how="mode=rw")) as connection:
        connection.execute("DROP TABLE imports")
        connection.execute(f"PRAGMA user_version = {newest() - 1}")
    assert refresh(store.engine, copy).whole is Why.OTHER_TABLES
    assert as_a_whole_one(store, copy)


def test_views_made_again_since_are_made_again_in_it(store: SqliteStore, copy: Path) -> None:
    with writing(store.engine) as connection:
        connection.exec_driver_sql("UPDATE suppliers SET name = 'wrong'")
    refresh(store.engine, copy)
    open_dairy(store).rebuild()
    assert refresh(store.engine, copy).whole is Why.VIEWS_MADE_AGAIN
    assert as_a_whole_one(store, copy)


def test_a_whole_one_that_fails_leaves_the_old_one(
    store: SqliteStore, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folder_as_it_is(copy.parent)

    def no_room(*_: object) -> None:
        raise OSError(28, "")

    monkeypatch.setattr(incremental_backup, "take_the_place", no_room)
    with pytest.raises(DiskFull):
        refresh(store.engine, copy, whole=True)
    assert folder_as_it_is(copy.parent) == before


# ---------------------------------------------------------------- refused


def a_letter(store: SqliteStore, copy: Path) -> None:
    copy.write_text("Madame, Monsieur" * 1000)


def another_dairy(store: SqliteStore, copy: Path) -> None:
    copy.unlink()
    with new_file(copy, key=KEY) as other:
        live(other, received_elsewhere())


def received_elsewhere() -> Command:
    return RegisterSupplier(supplier_id=SupplierId(an_id("elsewhere")), code="Z", name="Z")


def another_dairy_without_a_word(store: SqliteStore, copy: Path) -> None:
    copy.unlink()
    closed_dairy(copy)


def another_file_of_ours(store: SqliteStore, copy: Path) -> None:
    copy.unlink()
    open_engine(copy, key=KEY, create=True).dispose()


def another_key(store: SqliteStore, copy: Path) -> None:
    copy.unlink()
    closed_dairy(copy, OTHER_KEY)


def no_key(store: SqliteStore, copy: Path) -> None:
    copy.unlink()
    closed_dairy(copy, None)


def put_to_work(store: SqliteStore, copy: Path) -> None:
    with SqliteStore.open(copy, key=KEY) as other:
        live(other, received("L9", litres(10)))


def put_to_work_and_refused_something(store: SqliteStore, copy: Path) -> None:
    with SqliteStore.open(copy, key=KEY) as other:
        refuse(other, 1)


def ours_restored_from_an_older_one(store: SqliteStore, copy: Path) -> None:
    with SqliteStore.open(copy, key=KEY) as other:
        live(other, received("L9", litres(10)))
    live(store, received("L8", litres(10)))


def newer(store: SqliteStore, copy: Path) -> None:
    with closing(connect(copy, KEY, how="mode=rw")) as connection:
        connection.execute(f"PRAGMA user_version = {newest() + 1}")


def cut_short(store: SqliteStore, copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: 5 * PAGE])


def first_page_bad(store: SqliteStore, copy: Path) -> None:
    spoil(copy, 1)


def page_of_the_log_bad(store: SqliteStore, copy: Path) -> None:
    with closing(connect(copy, KEY, how="mode=ro")) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = '_commits'"
        ).fetchone()
    spoil(copy, page)


def spoil(path: Path, page: int) -> None:
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE + 100] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("whole", [False, True], ids=["added", "whole"])
@pytest.mark.parametrize(
    ("spoilt", "refusal"),
    [
        (a_letter, AlreadyThere),
        (another_dairy, BackupOfAnother),
        (another_dairy_without_a_word, BackupOfAnother),
        (another_file_of_ours, BackupOfAnother),
        (another_key, BackupUnderOtherKey),
        (no_key, BackupUnderOtherKey),
        (put_to_work, BackupAhead),
        (put_to_work_and_refused_something, BackupAhead),
        (ours_restored_from_an_older_one, BackupAhead),
        (newer, DatabaseTooNew),
        (cut_short, BackupDamaged),
        (first_page_bad, BackupDamaged),
        (page_of_the_log_bad, BackupDamaged),
    ],
)
def test_what_is_no_backup_of_this_database_is_left_as_it_was(
    spoilt: Callable[[SqliteStore, Path], None],
    refusal: type[StorageError],
    whole: bool,
    store: SqliteStore,
    copy: Path,
) -> None:
    spoilt(store, copy)
    before = folder_as_it_is(copy.parent)
    with pytest.raises(refusal) as refused:
        refresh(store.engine, copy, whole=whole)
    assert refused.value.path == copy
    assert folder_as_it_is(copy.parent) == before


def test_the_database_is_no_backup_of_itself(store: SqliteStore, copy: Path) -> None:
    path = copy.parent.parent / "atelier.db"
    copy.unlink()
    copy.symlink_to(path)
    for itself in (path, copy):
        with pytest.raises(AlreadyThere):
            refresh(store.engine, itself)
    assert open_dairy(store).verify().sound


def test_a_backup_that_another_program_writes_is_waited_for_and_then_left(
    store: SqliteStore, copy: Path
) -> None:
    with closing(connect(copy, KEY, how="mode=rw")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            refresh(store.engine, copy)


def change(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE _events SET payload ="
        " CAST(replace(CAST(payload AS TEXT), '10000', '90000') AS BLOB)"
        " WHERE event_type = 'lot.received'",
        "UPDATE _commits SET business_date = 'never' WHERE position = (SELECT max(position)"
        " FROM _commits)",
        "UPDATE _devices SET sequence = sequence + 1",
    ],
    ids=["a byte", "a date that is none", "an end cut off"],
)
def test_what_is_not_as_it_was_sealed_does_not_replace_what_is(
    tampering: str, store: SqliteStore, copy: Path
) -> None:
    live(store, received("L1", litres(10)))
    before = folder_as_it_is(copy.parent)
    change(store.engine, tampering)
    with pytest.raises(NotAsSealed):
        refresh(store.engine, copy)
    assert folder_as_it_is(copy.parent) == before


def test_where_it_is_the_database_that_cannot_be_read_the_backup_is_not_blamed(
    tmp_path: Path,
) -> None:
    path, copy = tmp_path / "atelier.db", tmp_path / "copy.db"
    with new_file(path, key=KEY) as store:
        live(store, A_DAIRY)
        backup(store.engine, copy)
        live(store, received("L1", litres(10)))
    with closing(connect(path, KEY, how="mode=ro")) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'lots_mp'"
        ).fetchone()
    spoil(path, page)
    engine = open_engine(path, key=KEY)
    before = everything(copy)
    with pytest.raises(StorageError) as refused:
        refresh(engine, copy)
    engine.dispose()
    assert (type(refused.value).__name__, refused.value.path) == ("DatabaseCorrupt", path)
    assert everything(copy) == before


def test_one_in_another_place_is_another_file(store: SqliteStore, copy: Path) -> None:
    """A copy of the backup, made by hand, is brought up to date like the backup itself."""
    by_hand = copy.with_name("copy of the copy.db")
    shutil.copyfile(copy, by_hand)
    live(store, received("L1", litres(10)))
    assert refresh(store.engine, by_hand).commits == 1
    assert as_a_whole_one(store, by_hand)


def test_settings_without_a_log_are_nobodys_backup(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "atelier.db", key=KEY, create=True)
    migrate(engine)
    put(engine, "marque", "x")
    backup(engine, tmp_path / "copy.db")
    with pytest.raises(BackupOfAnother):
        refresh(engine, tmp_path / "copy.db")
    engine.dispose()


# ---------------------------------------------------------------- a device that exchanges


@settings(max_examples=15)
@whatever(
    steps=st.lists(
        st.sampled_from(["here", "elsewhere", "push", "pull", "start over", "backup"]), max_size=20
    )
)
def test_whatever_was_exchanged_since_it_is_the_backup_that_would_be_made_now(
    steps: list[str],
) -> None:
    with (
        TemporaryDirectory(dir=IN_RAM) as folder,
        new_file(Path(folder) / "phone.db", key=KEY) as kept,
    ):
        plant = Plant()
        office, phone = plant.device(), plant.device(store=kept)
        office.does(A_DAIRY, received("L0", litres(50)))
        plant.settle()
        copy = Path(folder) / "copy.db"
        backup(kept.engine, copy)
        for number, step in enumerate(steps):
            match step:
                case "here":
                    phone.does(received(f"P{number}", litres(5)))
                    with suppress(Refused):
                        phone.does(written_off("L0", litres(9)))
                case "elsewhere":
                    with suppress(Refused):
                        office.does(written_off("L0", litres(9)))
                    office.push()
                case "push":
                    phone.push(limit=2)
                case "pull":
                    phone.pull(limit=3)
                case "start over":
                    with kept.writing() as transaction:
                        after = max(0, transaction.cursor() - 2)
                        start_over(
                            transaction,
                            after=after,
                            device_id=phone.id,
                            state_cache=phone.state_cache,
                        )
                case _:
                    refresh(kept.engine, copy)
        refresh(kept.engine, copy)
        assert as_a_whole_one(kept, copy)
