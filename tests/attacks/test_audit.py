"""Somebody changes what was noted: on a telephone what he was refused, or at the server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from attrs import define, evolve

from manchengo.application.whole_reading import verify_store
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead, AuditRecord
from manchengo_server.kept_audit import kept_faults
from manchengo_sync import wire
from manchengo_sync.audit_pages import SentRecord
from manchengo_sync.exchange import sync
from manchengo_sync.outcome import Exchanged
from manchengo_sync.signed_log import SignedLog
from tests.attacks.conftest import lasting_store
from tests.attacks.lying import Straight
from tests.server.test_audit_anchors import later, puts
from tests.server.test_audit_return import is_put_back, is_whole
from tests.server.test_device_audit import kept, noted, rewritten, syncs, tries
from tests.support.server import Device, Server


@pytest.fixture
def phone(lasting_server: Server) -> Iterator[Device]:
    """A device with a file of its own, whose audit the log anchors: three records."""
    with ExitStack() as stack:
        lasting_server.open_store = lambda: stack.enter_context(lasting_store("encrypted file"))
        phone = lasting_server.first_device()
        tries(phone, 0, 1, 2)
        syncs(phone)
        yield phone


def found_on(device: Device) -> tuple[str, int] | None:
    found = verify_store(device.store, SignedLog()).audit
    return None if found is None else (found.fault, found.sequence)


def found_at(server: Server) -> list[tuple[str, int]]:
    with server.service.context.reading() as snapshot:
        found = list(kept_faults(snapshot))
    return [(each.fault, each.sequence) for each in found]


def at_the_server(server: Server, statement: str) -> None:
    """Its keeper writes into the table, as whoever has the database can."""
    with server.service.context.writing() as transaction:
        tables: Any = transaction
        executes = tables._do if hasattr(tables, "_do") else tables._all
        executes(statement)


def test_what_nobody_touched_is_whole(lasting_server: Server, phone: Device) -> None:
    assert found_on(phone) is None
    assert verify_store(phone.store, SignedLog()).sound
    assert found_at(lasting_server) == []


def test_a_thief_removes_his_refusals(phone: Device) -> None:
    puts(phone, noted(phone)[:1])
    assert found_on(phone) == ("lost", 3)


def test_a_thief_begins_the_audit_anew(phone: Device) -> None:
    puts(phone, [])
    assert found_on(phone) == ("lost", 3)


def test_a_device_writes_its_chain_anew(lasting_server: Server, phone: Device) -> None:
    puts(phone, rewritten(noted(phone), after=1))
    assert found_on(phone) == ("rewritten", 3)
    with phone.store.writing() as transaction:
        audit_chain.set_head(transaction, audit_chain.SENT, audit_chain.BEGIN)
    assert syncs(phone).audit_parted
    assert [each.fault for each in kept(lasting_server)] == ["", "", "", "branch", "branch"]
    assert found_at(lasting_server) == []  # what it keeps is what it was sent, both times


def test_records_change_places(phone: Device) -> None:
    first, second, third = noted(phone)
    swapped: list[AuditRecord] = []
    for record in (second, first, third):
        before = audit_chain.BEGIN
        if swapped:
            before = AuditHead(swapped[-1].sequence, swapped[-1].hash)
        swapped.append(audit_chain.following(before, record.entry))
    puts(phone, swapped)
    assert found_on(phone) == ("rewritten", 3)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM device_audit", [("lost", 3)]),
        ("DELETE FROM device_audit WHERE sequence = 3", [("lost", 3)]),
        ("DELETE FROM device_audit WHERE sequence = 2", [("lost", 2)]),
        ("UPDATE device_audit SET outcome = 'done' WHERE sequence = 2", [("changed", 2)]),
        ("UPDATE device_audit SET count = 9 WHERE sequence = 3", [("changed", 3)]),
    ],
    ids=["all", "the last", "one between", "an outcome", "a count"],
)
def test_a_server_loses_or_changes_what_it_received(
    lasting_server: Server, phone: Device, statement: str, found: list[tuple[str, int]]
) -> None:
    assert found_on(phone) is None
    at_the_server(lasting_server, statement)
    assert found_at(lasting_server) == found


def test_a_server_writes_the_chain_of_a_device_anew(lasting_server: Server, phone: Device) -> None:
    milder = rewritten(noted(phone), after=1)[1:]
    at_the_server(lasting_server, "DELETE FROM device_audit WHERE sequence > 1")
    with lasting_server.service.context.writing() as transaction:
        for record in milder:
            transaction.receive_audit(record, at=phone.clock.now(), fault="")
    assert found_at(lasting_server) == [("replaced", 3)]


def test_what_is_removed_for_its_age_is_no_loss(lasting_server: Server, phone: Device) -> None:
    context = evolve(lasting_server.service.context, audit_days=30)
    lasting_server.service = evolve(lasting_server.service, context=context)
    phone.service = lasting_server.service
    later(lasting_server, phone, timedelta(days=31))
    tries(phone, 0)
    syncs(phone)
    later(lasting_server, phone, timedelta(days=31))
    tries(phone, 0)
    syncs(phone)
    assert [each.record.sequence for each in kept(lasting_server)] == [4, 5]
    assert found_at(lasting_server) == []
    at_the_server(lasting_server, "DELETE FROM device_audit WHERE sequence = 5")
    assert found_at(lasting_server) == [("lost", 5)]


# ------------------------------------------------------- a device that was put back from a backup


@pytest.fixture
def put_back(lasting_server: Server, phone: Device) -> Device:
    """The device lacks what it noted in two days since its backup, and was refused once more."""
    before = noted(phone)
    for day in (3, 4):
        tries(phone, day)
        later(lasting_server, phone, timedelta(days=1))
        syncs(phone)
    is_put_back(phone, before)
    tries(phone, 9)
    return phone


Sent = tuple[SentRecord, ...]


@define
class Returning(Straight):
    """A server that gives back something else than what it received."""

    change: Callable[[Sent], Sent] = tuple

    def push(self, request: wire.PushRequest) -> wire.PushResponse:
        answer = super().push(request)
        given = answer.audit_returned
        return answer if given is None else evolve(answer, audit_returned=self.change(given))


def syncs_with(device: Device, change: Callable[[Sent], Sent]) -> Exchanged:
    return sync(
        device.store,
        Returning(device.service, change=change),
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=device.user_id,
    )


def invented(given: Sent) -> Sent:
    """She was refused something that she never tried: it follows, and its hash is right."""
    last = given[-1].record()
    entry = evolve(last.entry, action="user.change_roles")
    more = audit_chain.following(AuditHead(last.sequence, last.hash), entry)
    return (*given, SentRecord.of(more))


def milder(given: Sent) -> Sent:
    records = [each.record() for each in given]
    before = audit_chain.following(
        AuditHead(records[0].sequence - 1, records[0].previous),
        evolve(records[0].entry, outcome="done"),
    )
    return (SentRecord.of(before), *given[1:])


@pytest.mark.parametrize(
    ("change", "taken"),
    [(tuple, 2), (invented, 2), (milder, 0), (lambda given: given[1:], 0)],
    ids=["as it was", "one invented", "one milder", "the first left out"],
)
def test_a_server_puts_nothing_into_the_audit_of_a_device(
    put_back: Device, change: Callable[[Sent], Sent], taken: int
) -> None:
    done = syncs_with(put_back, change)
    assert done.audit_returned == taken
    assert "user.change_roles" not in {each.entry.action for each in noted(put_back)}
    assert is_whole(put_back)


def test_a_server_that_lost_what_it_received_is_named(
    lasting_server: Server, put_back: Device
) -> None:
    at_the_server(lasting_server, "DELETE FROM device_audit WHERE sequence = 4")
    done = syncs(put_back)
    assert (done.audit_returned, done.broken_off) == (0, None)
    assert done.audit_missing_until is not None
    assert is_whole(put_back), "what it cannot have is not asked of it"
    assert syncs(put_back).audit_missing_until is None


def test_it_goes_on_with_a_server_of_before(put_back: Device) -> None:
    """Which has no word for what was asked."""

    @define
    class OfBefore(Straight):
        def push(self, request: wire.PushRequest) -> wire.PushResponse:
            return super().push(evolve(request, audit_wanted=None))

    done = sync(
        put_back.store,
        OfBefore(put_back.service),
        clock=put_back.clock,
        ids=put_back.ids,
        state_cache=put_back.state_cache,
        user_id=put_back.user_id,
    )
    assert (done.audit_returned, done.audit_missing_until) == (0, None)
    assert is_whole(put_back)
    assert [each.sequence for each in noted(put_back)] == [1, 2, 3, 4]
