"""A database of an earlier release is given the numbers that ``verify`` compares."""

from pathlib import Path

from sqlalchemy import Connection, Engine

from manchengo import codec
from manchengo.domain.commit import NO_HASH
from manchengo_sqlite.connection import open_engine, reading, writing
from manchengo_sqlite.migrate import migrate
from manchengo_sqlite.places import NUMBERS_UNDONE
from manchengo_sqlite.snapshot import SqliteSnapshot
from manchengo_sqlite.steps import shipped
from tests.sqlite.witness import KEY, settings

BEFORE = [step for step in shipped() if step.number < 7]
SIGNATURE = b"signed"


def of_the_release_before(path: Path) -> Engine:
    engine = open_engine(path, key=KEY, create=True)
    migrate(engine, steps=BEFORE)
    return engine


def add_commit(connection: Connection, position: int, place: int | None, seal: bytes) -> None:
    connection.exec_driver_sql(
        "INSERT INTO _commits VALUES"
        " (?, ?, x'00', x'00', 1, '', '', '', '', 1, x'', NULL, x'', ?, ?, ?)",
        (position, bytes([position] * 16), seal, place, SIGNATURE),
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
        for index in range(4):
            connection.exec_driver_sql(
                "INSERT INTO _events (id, commit_position, commit_index, aggregate_type,"
                " aggregate_id, event_type, schema_version, payload, version, position)"
                " VALUES (x'', 1, ?, '', x'', '', 1, x'', 1, ?)",
                (index, index),
            )
        connection.exec_driver_sql("DELETE FROM _events WHERE seq IN (2, 3)")
    migrate(engine)
    assert settings(engine)[NUMBERS_UNDONE] == "5"
    with reading(engine) as connection:
        assert SqliteSnapshot(connection).misplaced() is None
    engine.dispose()
