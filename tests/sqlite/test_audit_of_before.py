"""What an older program noted becomes the beginning of the chain, in its order; nothing is lost."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from manchengo.application.audit_check import first_fault
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.audit import AuditKind
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import open_engine, writing
from manchengo_sqlite.migrate import migrate
from manchengo_sqlite.steps import newest, shipped
from tests.support.blank_files import new_file

AMINA, PHONE = UserId(UUID(int=1)), DeviceId(UUID(int=2))
STEP = next(step.number for step in shipped() if step.name == "chain_the_audit")
OLD_TABLE = """CREATE TABLE audit_log (id INTEGER PRIMARY KEY, at TEXT NOT NULL,
user_id BLOB NOT NULL, device_id BLOB NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,
facts TEXT NOT NULL) STRICT"""
ACTIONS = ("lot.receive", "session.begun", "backup.made")


def of_before(engine: Engine, count: int) -> None:
    """Take the database back to the step before, with so much in its audit; some ids are missing,
    as where somebody deleted them.
    """
    with writing(engine) as connection:
        for statement in ("DROP TABLE audit_log", "DROP TABLE device_audit", OLD_TABLE):
            connection.exec_driver_sql(statement)
        for number in range(1, count + 1):
            at = f"2026-03-01T{number % 24:02}:00:00+00:00"
            action = ACTIONS[number % 3]
            connection.exec_driver_sql(
                "INSERT INTO audit_log VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number * 2, at, AMINA.bytes, PHONE.bytes, action, "done", "{}"),
            )
        connection.exec_driver_sql("DELETE FROM _migrations WHERE number >= ?", (STEP,))


@pytest.mark.parametrize("count", [0, 1, 450])
def test_what_was_noted_before_is_the_beginning_of_the_chain(tmp_path: Path, count: int) -> None:
    path = tmp_path / "atelier.db"
    with new_file(path, key=None) as store:
        of_before(store.engine, count)
    steps: list[tuple[int, int]] = []
    with SqliteStore.open(path, key=None, progress=lambda *done: steps.append(done)) as store:
        with store.reading() as snapshot:
            records = list(snapshot.audit_records())
            assert first_fault(snapshot) is None
        assert [each.sequence for each in records] == [*range(1, count + 1)]
        assert [each.entry.action for each in records] == [
            ACTIONS[number % 3] for number in range(1, count + 1)
        ]
        assert {each.entry.kind for each in records} <= {
            AuditKind.REFUSAL,
            AuditKind.SESSION,
            AuditKind.DATABASE,
        }
        if records:
            store.note(records[-1].entry)  # once it is chained, it grows no more
            with store.reading() as snapshot:
                assert len(list(snapshot.audit_records())) == count + 1
                assert first_fault(snapshot) is None
    assert steps[-1:] == ([(count, count)] if count else [])


def test_a_step_that_is_cut_off_leaves_the_audit_of_before(tmp_path: Path) -> None:
    path = tmp_path / "atelier.db"
    with new_file(path, key=None) as store:
        of_before(store.engine, 450)
    engine = open_engine(path, key=None)

    def pull_the_plug(done: int, _whole: int) -> None:
        if done > 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(engine, progress=pull_the_plug)
    with writing(engine) as connection:
        kept = connection.exec_driver_sql("SELECT count(*), max(id) FROM audit_log").one()
    assert tuple(kept) == (450, 900)
    assert migrate(engine) == [*range(STEP, newest() + 1)]
    engine.dispose()
