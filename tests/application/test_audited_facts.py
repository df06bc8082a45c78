"""The audit repeats nothing of who a party is: a refusal leaves no address and no number."""

from uuid import UUID

import pytest

from manchengo import AuditEntry, Identity, Manchengo, commands
from manchengo.domain.access import NotPermitted, Role
from manchengo.domain.errors import AlreadyExists
from manchengo.domain.ids import ClientId, CommitId
from tests.support.given import BOSS, open_dairy, somebody

PHONE = "0550123456"


def noted(dairy: Manchengo) -> list[AuditEntry]:
    with dairy.store.reading() as snapshot:
        return snapshot.audit(limit=10)


def client(number: int) -> commands.RegisterClient:
    return commands.RegisterClient(
        client_id=ClientId(UUID(int=number)),
        code=PHONE,
        name=f"Épicerie {number}",
        identity=Identity(phone=PHONE, rc="06", address="Rue 7, Béjaïa"),
    )


def test_a_telephone_that_serves_as_a_code_is_not_in_the_audit() -> None:
    dairy = open_dairy()
    dairy.execute(client(1))
    with pytest.raises(AlreadyExists):
        dairy.execute(client(2))
    (entry,) = noted(dairy)
    assert entry.outcome == "AlreadyExists"
    assert PHONE not in entry.facts
    assert '"kind":"client"' in entry.facts


def test_a_batch_notes_what_was_not_permitted() -> None:
    driver = open_dairy(actor=somebody(Role.DRIVER))
    with driver.batch() as batch, pytest.raises(NotPermitted):
        batch.execute(client(1), command_id=CommitId(UUID(int=7)))
    (entry,) = noted(driver)
    assert (entry.action, entry.outcome) == ("client.register", "NotPermitted")


def test_a_batch_that_fails_notes_it_too() -> None:
    driver = open_dairy(actor=somebody(Role.DRIVER))
    with pytest.raises(NotPermitted), driver.batch() as batch:
        batch.execute(client(1), command_id=CommitId(UUID(int=7)))
    assert [each.outcome for each in noted(driver)] == ["NotPermitted"]


def test_what_the_library_rebuilds_or_verifies_is_noted() -> None:
    dairy = open_dairy(actor=BOSS)
    dairy.rebuild()
    dairy.verify()
    assert [(each.action, each.kind) for each in noted(dairy)] == [
        ("log.verified", "database"),
        ("views.rebuilt", "database"),
    ]
