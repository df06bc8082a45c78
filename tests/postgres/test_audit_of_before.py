"""What an older program noted becomes the beginning of the chain, in its order; nothing is lost."""

from uuid import UUID

import psycopg
import pytest

from manchengo.application.audit_check import first_fault
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditKind
from manchengo_postgres import PostgresStore
from manchengo_postgres.steps import shipped
from tests.postgres.test_migrations import carry_out, connection
from tests.support.postgres import postgres

__all__ = ["connection"]

AMINA, PHONE = UUID(int=1), UUID(int=2)
ACTIONS = ("lot.receive", "session.begun", "backup.made")
STEP = next(step.number for step in shipped() if step.name == "chain_the_audit")


def notes_of_before(opened: psycopg.Connection, count: int) -> None:
    """Some ids are missing, as where somebody deleted them."""
    insert = (
        b"INSERT INTO audit_log (id, at, user_id, device_id, action, outcome, facts)"
        b" OVERRIDING SYSTEM VALUE VALUES (%s, %s, %s, %s, %s, %s, %s)"
    )
    for number in range(1, count + 1):
        at = f"2026-03-01T{number % 24:02}:00:00+00:00"
        action = ACTIONS[number % 3]
        opened.execute(insert, (number * 2, at, AMINA, PHONE, action, "done", "{}"))


@pytest.mark.parametrize("count", [0, 1, 450])
def test_what_was_noted_before_is_the_beginning_of_the_chain(
    connection: psycopg.Connection, plant: UUID, count: int
) -> None:
    carry_out(connection, plant, [step for step in shipped() if step.number < STEP])
    notes_of_before(connection, count)
    carry_out(connection, plant)
    with PostgresStore.open(postgres().url(), plant=plant) as store:
        with store.reading() as snapshot:
            records = list(snapshot.audit_records())
            assert first_fault(snapshot) is None
            assert audit_chain.head(snapshot, audit_chain.TIP).sequence == count
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
