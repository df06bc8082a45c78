"""A database of an earlier release is given the numbers that ``verify`` compares."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from manchengo import codec
from manchengo.domain.commit import NO_HASH
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.driver import connect
from manchengo_sqlite.migrate import migrate
from manchengo_sqlite.places import NUMBERS_GIVEN, NUMBERS_UNDONE
from manchengo_sqlite.snapshot import SqliteSnapshot
from manchengo_sqlite.steps import shipped
from manchengo_sqlite.transaction import SqliteTransaction
from tests.contracts.test_store import a_commit
from tests.sqlite.witness import KEY, settings
from tests.support.blank_files import new_file

SIGNATURE = b"signed"


def of_the_release_before(path: Path, number: int = 7) -> Engine:
    """A database that has every step before that one."""
    engine = open_engine(path, key=KEY, create=True)
    migrate(engine, steps=[step for step in shipped() if step.number < number])
    return engine


def add_commit(connection: Connection, position: int, place: int | None, seal: bytes) -> None:
    connection.exec_driver_sql(
        "INSERT INTO _commits VALUES"
        " (?, ?, x'00', x'00', 1, '', '', '', '', 1, x'', NULL, x'', ?, ?, ?)",
        (position, bytes([position] * 16), seal, place, SIGNATURE),
    )


def add_commit_of_today(connection: Connection, position: int) -> None:
    connection.exec_driver_sql(
        "INSERT INTO _commits (position, id, device_id, user_id, sequence, occurred_at, hlc,"
        " business_date, command_type, command_version, command, previous, hash)"
        " VALUES (?, ?, x'00', x'00', 1, '', '', '', '', 1, x'', x'', x'')",
        (position, bytes([position] * 16)),
    )


def add_events(connection: Connection, count: int) -> None:
    for index in range(count):
        connection.exec_driver_sql(
            "INSERT INTO _events (id, commit_position, commit_index, aggregate_type,"
            " aggregate_id, event_type, schema_version, payload, version, position)"
            " VALUES (x'', 1, ?, '', x'', '', 1, x'', 1, ?)",
            (index, index),
        )


def test_a_place_that_was_taken_back_gives_way_to_the_one_before(tmp_path: Path) -> None:
    engine = of_the_release_before(tmp_path / "atelier.db")
    with writing(engine) as connection:
        add_commit(connection, 1, 9, NO_HASH)
        connection.exec_driver_sql("INSERT INTO _log VALUES (4, 1, 'parked', '', '', x'')")
    migrate(engine)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT global_seq FROM _commits").scalar_one() == 4
    engine.dispose()


def test_what_waits_with_a_signature_is_sealed_together_with_it(tmp_path: Path) -> None:
    engine = of_the_release_before(tmp_path / "atelier.db")
    commit_hash = bytes(range(32))
    taken_back = codec.effects_hash(commit_hash, ())
    with writing(engine) as connection:
        for position, seal in ((1, None), (2, taken_back)):
            add_commit(connection, position, None, commit_hash)
            connection.exec_driver_sql("INSERT INTO _sync_queue VALUES (?, ?)", (position, seal))
    migrate(engine)
    with reading(engine) as connection:
        seals = connection.exec_driver_sql("SELECT seal FROM _sync_queue").scalars().all()
        assert seals == [
            codec.pending_seal(commit_hash, None, SIGNATURE),
            codec.pending_seal(commit_hash, (), SIGNATURE),
        ]
        assert SqliteSnapshot(connection).misplaced() is None
    engine.dispose()


def test_the_numbers_of_events_taken_back_are_summed_up(tmp_path: Path) -> None:
    engine = of_the_release_before(tmp_path / "atelier.db")
    with writing(engine) as connection:
        add_commit(connection, 1, None, NO_HASH)
        connection.exec_driver_sql("INSERT INTO _sync_queue VALUES (1, NULL)")
        add_events(connection, 4)
        connection.exec_driver_sql("DELETE FROM _events WHERE seq IN (2, 3)")
    migrate(engine)
    assert settings(engine)[NUMBERS_UNDONE] == "5"
    with reading(engine) as connection:
        assert SqliteSnapshot(connection).misplaced() is None
    engine.dispose()


@pytest.mark.parametrize(
    ("taken_back", "last", "setting"),
    [((), 4, None), ((2,), 4, None), ((3, 4), 4, "4"), ((1, 2, 3, 4), 4, "4")],
)
def test_a_database_of_before_goes_on_with_its_numbers(
    taken_back: tuple[int, ...], last: int, setting: str | None, tmp_path: Path
) -> None:
    engine = of_the_release_before(tmp_path / "atelier.db", 16)
    with writing(engine) as connection:
        add_commit_of_today(connection, 1)
        add_events(connection, 4)
        for number in taken_back:
            connection.exec_driver_sql("DELETE FROM _events WHERE seq = ?", (number,))
    migrate(engine)
    assert settings(engine).get(NUMBERS_GIVEN) == setting
    with writing(engine) as connection:
        transaction = SqliteTransaction(connection)
        assert transaction._last_number() == last
        transaction.append(a_commit(2))
        transaction.flush()
    with reading(engine) as connection:
        assert SqliteSnapshot(connection).head() == 2
        newest = connection.exec_driver_sql("SELECT max(seq) FROM _events").scalar_one()
        assert newest == last + len(a_commit(2).events)
        made = "SELECT sql FROM sqlite_schema WHERE name = '_events'"
        assert "AUTOINCREMENT" not in connection.exec_driver_sql(made).scalar_one()
        assert connection.exec_driver_sql("SELECT * FROM sqlite_sequence").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    engine.dispose()


def test_another_program_that_has_the_database_open_sees_the_table_change(tmp_path: Path) -> None:
    engine = of_the_release_before(tmp_path / "atelier.db", 16)
    with closing(connect(tmp_path / "atelier.db", KEY, how="mode=rw")) as other:
        made = "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'"
        assert other.execute(made).fetchone() == (1,)
        migrate(engine)
        with writing(engine) as connection:
            add_commit_of_today(connection, 1)
        other.execute("INSERT INTO _events SELECT 7, x'', 1, 0, '', x'', '', 1, x'', 1, 1, 0, NULL")
        assert other.execute("SELECT count(*) FROM sqlite_sequence").fetchone() == (0,)
    engine.dispose()


def test_the_number_of_an_event_taken_back_is_never_given_again(tmp_path: Path) -> None:
    with new_file(tmp_path / "atelier.db", key=KEY) as store:
        commit = codec.sealed(a_commit(1))
        with store.writing() as transaction:
            transaction.append(commit)
        first = numbers(store)
        with store.writing() as transaction:
            transaction.roll_back(commit.id)
        with store.writing() as transaction:
            transaction.predict(commit.id, None)
        assert numbers(store) == [max(first) + number for number in first]
        with store.reading() as snapshot:
            assert snapshot.misplaced() is None


def numbers(store: SqliteStore) -> list[int]:
    with reading(store.engine) as connection:
        return list(connection.exec_driver_sql("SELECT seq FROM _events ORDER BY seq").scalars())
