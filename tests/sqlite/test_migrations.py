"""From an empty file to this release, step by step; each step whole or not at all."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from manchengo.domain.errors import AlreadyExists
from manchengo.domain.names import comparison_key
from manchengo.ports.rows import VIEWS
from manchengo.ports.view_tables import VIEW_TABLES
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.errors import DatabaseTooNew, DiskFull, MigrationChanged, MigrationFailed
from manchengo_sqlite.migrate import migrate, pending
from manchengo_sqlite.steps import Progress, Step, newest, shipped, sql_step, statements
from tests.house.test_reference_rows import rows
from tests.sqlite.other_process import elsewhere
from tests.sqlite.witness import KEY, closed_dairy, dairy, folder_as_it_is, settings
from tests.support.fork_server import go, kill, next_line, over
from tests.support.given import open_dairy
from tests.support.twins import OF_EVERY_KIND, keep_twins


def further(text: str) -> list[Step]:
    return [*shipped(), sql_step(newest() + 1, "further", text)]


def one(engine: Engine, statement: str) -> object:
    with reading(engine) as connection:
        return connection.exec_driver_sql(statement).scalar()


def tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {name for (name,) in found}


def test_an_empty_database_goes_through_every_step_once(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "atelier.db", key=KEY, create=True)
    assert pending(engine) == list(shipped())
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert migrate(engine, now=lambda: at) == [step.number for step in shipped()]
    assert (pending(engine), migrate(engine)) == ([], [])
    assert one(engine, "SELECT max(number) FROM _migrations") == newest()
    assert one(engine, "SELECT DISTINCT applied_at FROM _migrations") == at.isoformat()
    assert one(engine, "PRAGMA user_version") == newest()
    engine.dispose()


def test_every_table_is_strict(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    loose = "SELECT group_concat(name) FROM pragma_table_list WHERE NOT strict AND type = 'table'"
    assert one(engine, f"{loose} AND name NOT LIKE 'sqlite_%'") is None
    engine.dispose()


@pytest.mark.parametrize(
    ("table", "file"),
    [
        ("ref_units", "units.csv"),
        ("ref_wilayas", "wilayas.csv"),
        ("ref_communes", "communes.csv"),
        ("ref_vat_rates", "vat_rates.csv"),
        ("ref_stamp_duty", "stamp_duty.csv"),
    ],
)
def test_the_reference_rows_are_those_of_the_files(table: str, file: str, tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with reading(engine) as connection:
        stored = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()
    engine.dispose()
    as_text = [
        {column: "" if value is None else str(value) for column, value in row.items()}
        for row in stored
    ]
    key = next(iter(as_text[0]))
    assert as_text == sorted(rows(file), key=lambda row: row[key])


def test_loading_the_reference_rows_again_changes_nothing_and_deletes_nothing(
    tmp_path: Path,
) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO ref_units VALUES ('bidon', 'volume', 40000, 0)")
        connection.exec_driver_sql("UPDATE ref_vat_rates SET basis_points = 1 WHERE class='normal'")
    again = Step(newest() + 1, "again", b"?" * 32, shipped()[1].run)
    assert migrate(engine, steps=[*shipped(), again]) == [again.number]
    assert one(engine, "SELECT factor FROM ref_units WHERE code = 'bidon'") == 40_000
    assert one(engine, "SELECT basis_points FROM ref_vat_rates WHERE class='normal'") == 1900
    assert one(engine, "SELECT count(*) FROM ref_communes") == 1541
    engine.dispose()


def test_a_failing_step_leaves_the_version_before_it(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    before = tables(engine)
    bad = further("CREATE TABLE half (id INTEGER) STRICT; DELETE FROM ref_communes; NO SUCH THING;")
    with pytest.raises(MigrationFailed) as failed:
        migrate(engine, steps=bad)
    assert (failed.value.number, failed.value.name) == (newest() + 1, "further")
    assert tables(engine) == before
    assert one(engine, "SELECT count(*) FROM ref_communes") == 1541
    assert one(engine, "PRAGMA user_version") == newest()
    assert pending(engine) == []
    engine.dispose()


def test_a_full_disk_in_a_step_is_called_a_full_disk(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")

    def fill(connection: Connection, _progress: Progress) -> None:
        connection.exec_driver_sql("CREATE TABLE big (bytes BLOB) STRICT")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.exec_driver_sql("INSERT INTO big VALUES (zeroblob(1000000))")

    with pytest.raises(DiskFull):
        migrate(engine, steps=[*shipped(), Step(newest() + 1, "fill", b"?" * 32, fill)])
    assert "big" not in tables(engine)
    engine.dispose()


def test_a_kill_in_the_middle_leaves_the_version_before_it(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    closed_dairy(path, marque="x")
    process = elsewhere("migrate_slowly", path)
    assert next_line(process) == "half way"
    assert (tmp_path / "atelier.db-wal").stat().st_size > 10_000_000
    kill(process)
    engine = open_engine(path, key=KEY)
    assert pending(engine) == []
    assert settings(engine) == {"marque": "x"}
    assert one(engine, "PRAGMA user_version") == newest()
    assert one(engine, "PRAGMA quick_check") == "ok"
    assert migrate(engine, steps=further("CREATE TABLE half_made (id INTEGER) STRICT;"))
    engine.dispose()


def test_two_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    closed_dairy(path)
    processes = [elsewhere("migrate_on_a_signal", path) for _ in range(3)]
    assert [next_line(process) for process in processes] == ["ready"] * 3
    for process in processes:
        go(process)
    assert sorted(over(process) for process in processes) == ["0", "0", "1"]


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    for attempt in (pending, migrate):
        with pytest.raises(DatabaseTooNew) as refused:
            attempt(engine, steps=shipped()[:-1])
        assert (refused.value.found, refused.value.supported) == (newest(), newest() - 1)
    engine.dispose()


def edited(steps: Sequence[Step]) -> list[Step]:
    first, *rest = steps
    return [sql_step(first.number, first.name, "CREATE TABLE other (id INTEGER) STRICT;"), *rest]


def renamed(steps: Sequence[Step]) -> list[Step]:
    first, *rest = steps
    return [Step(first.number, "other", first.sha256, first.run), *rest]


@pytest.mark.parametrize("change", [edited, renamed])
def test_a_shipped_step_that_was_changed_is_named(
    change: Callable[[Sequence[Step]], list[Step]], tmp_path: Path
) -> None:
    engine = dairy(tmp_path / "atelier.db")
    with pytest.raises(MigrationChanged) as changed:
        migrate(engine, steps=change(shipped()))
    assert changed.value.number == 1
    engine.dispose()


def test_checking_an_up_to_date_database_writes_nothing(tmp_path: Path) -> None:
    closed_dairy(tmp_path / "atelier.db")
    before = folder_as_it_is(tmp_path)
    engine = open_engine(tmp_path / "atelier.db", key=KEY)
    assert migrate(engine) == []
    engine.dispose()
    assert folder_as_it_is(tmp_path) == before


def test_a_script_is_cut_where_its_statements_end() -> None:
    script = """
    -- A comment; with a semicolon.
    CREATE TABLE a (text TEXT DEFAULT 'one; two');
    /* another; */ CREATE TRIGGER t AFTER INSERT ON a BEGIN
        UPDATE a SET text = 'x;';
        DELETE FROM a;
    END;
    INSERT INTO a VALUES ('l''œuf; é') ; -- the end;
    """
    cut = list(statements(script))
    assert [piece.split("\n")[-1].strip() for piece in cut] == [
        "CREATE TABLE a (text TEXT DEFAULT 'one; two');",
        "END;",
        "INSERT INTO a VALUES ('l''œuf; é') ;",
    ]


@pytest.mark.parametrize("script", ["SELECT 1; SELECT 2", "CREATE TABLE a (b TEXT DEFAULT 'c;"])
def test_a_script_that_stops_short_is_our_own_fault(script: str) -> None:
    with pytest.raises(AssertionError, match="no end"):
        list(statements(script))


TWINS = ("CRÈME 1", "crème 1")
STEP_OF_CODE_KEYS = 10


def before_code_keys(engine: Engine) -> None:
    """Take the database back to the step before codes were found however they are spelt."""
    with writing(engine) as connection:
        for table in ("products_mp", "products_pf"):  # of later steps, as the next
            connection.exec_driver_sql(f"DROP INDEX {table}_by_gtin")
        for kind in VIEWS:
            if hasattr(kind, "price_per"):
                connection.exec_driver_sql(f"ALTER TABLE {kind.TABLE} DROP COLUMN price_per")
        for kind in VIEWS:
            for key in {"code_key", "number_key"} & {*kind.LOOK_UPS}:
                column = key.removesuffix("_key")
                for statement in (
                    f"DROP INDEX {kind.TABLE}_by_{key}",
                    f"ALTER TABLE {kind.TABLE} DROP COLUMN {key}",
                    f"CREATE INDEX {kind.TABLE}_by_{column} ON {kind.TABLE} ({column})",
                ):
                    connection.exec_driver_sql(statement)
        for kind in VIEWS:
            if kind.SEARCHED:
                connection.exec_driver_sql(f"ALTER TABLE {kind.TABLE} DROP COLUMN search_text")
        connection.exec_driver_sql("ALTER TABLE _commits DROP COLUMN authorship")
        connection.exec_driver_sql("DROP TABLE device_audit")
        connection.exec_driver_sql(f"DELETE FROM _migrations WHERE number >= {STEP_OF_CODE_KEYS:d}")
        connection.exec_driver_sql("DELETE FROM _config WHERE name = ?", (VIEW_TABLES,))


@pytest.fixture
def of_before(tmp_path: Path) -> Path:
    """A database in which two of each kind have codes that differ in spelling alone."""
    path = tmp_path / "atelier.db"
    with SqliteStore.open(path, key=KEY, create=True) as store:
        keep_twins(open_dairy(store), *TWINS)
        before_code_keys(store.engine)
    return path


def test_codes_of_before_get_their_keys_and_twins_stay(of_before: Path) -> None:
    with SqliteStore.open(of_before, key=KEY) as store:
        dairy = open_dairy(store)
        assert dairy.verify().sound
        for code in TWINS:
            for coded in OF_EVERY_KIND.values():
                assert coded.find(dairy, code).code == code
        with pytest.raises(AlreadyExists):
            dairy.execute(OF_EVERY_KIND["lot"].again("Crème 1"))
        assert dairy.rebuild() > 0
        assert dairy.verify().sound


def test_what_was_claimed_before_is_found_however_typed(of_before: Path) -> None:
    """Claims have no text to search: their table is not made anew, and keeps what the step wrote,
    whatever bytes it met.
    """
    engine = open_engine(of_before, key=KEY)
    with writing(engine) as connection:
        for number, code in ((1, "'CRÈME 9'"), (2, "CAST(x'ff41' AS TEXT)")):
            connection.exec_driver_sql(
                "INSERT INTO resolution_claims VALUES "
                f"(x'01', {number}, 'lot', x'02', NULL, {code}, NULL, 1, 'kg', '2026-11-23', 1)"
            )
    # An opening brings the steps first, and then the tables that differ.
    assert STEP_OF_CODE_KEYS in migrate(engine)
    with reading(engine) as connection:
        keys = connection.exec_driver_sql("SELECT code_key FROM resolution_claims ORDER BY number")
        assert [key for (key,) in keys] == [comparison_key("crème 9"), comparison_key("\ufffdA")]
    engine.dispose()


def test_a_code_of_garbled_bytes_does_not_keep_the_database_closed(of_before: Path) -> None:
    engine = open_engine(of_before, key=KEY)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE lots_mp SET code = CAST(x'ff41' AS TEXT)")
    engine.dispose()
    with SqliteStore.open(of_before, key=KEY) as store:
        assert open_dairy(store).verify().sound, "the table was made anew from the log"


def test_a_reader_of_before_sees_the_new_column(tmp_path: Path) -> None:
    engine = dairy(tmp_path / "atelier.db")
    settings(engine)  # a reader that has prepared its statements on the old tables
    migrate(engine, steps=further("ALTER TABLE _config ADD COLUMN note TEXT;"))
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT note FROM _config").all() == []
    engine.dispose()
