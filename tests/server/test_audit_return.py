"""A device that was put back from a backup is given what it noted since, and goes on from there."""

import pytest

from manchengo.application.audit_check import first_contradiction, first_fault
from manchengo.application.replication.resealing import adopt_device_id
from manchengo.domain.ids import DeviceId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditRecord
from manchengo.ports.settings import COPY_OF
from manchengo_server import audit_return
from manchengo_sync.audit_anchors import ANCHORED_AFTER
from manchengo_sync.audit_pages import AuditWanted
from manchengo_sync.audit_sending import next_audit_page
from manchengo_sync.settings import KNOWN_AS
from manchengo_sync.signed_log import SignedLog
from tests.server.test_audit_anchors import a_twin_signs, heads, later, puts
from tests.server.test_bundles import carried, phone
from tests.server.test_device_audit import kept, noted, syncs, tries
from tests.support.server import Device, Server

__all__ = ["phone"]


def is_put_back(device: Device, records: list[AuditRecord], *, closed: int | None = None) -> None:
    """A backup that had these records takes the place of the database. ``closed``: the last of them
    that could grow no more.
    """
    former, new = device.id, DeviceId(device.ids.new())
    puts(device, records)
    last = len(records) if closed is None else closed
    shared = audit_chain.shared_with_a_copy(len(records), last)
    with device.store.writing() as transaction:
        adopt_device_id(transaction, new, former, state_cache=device.state_cache)
        for name, value in {
            COPY_OF: str(former),
            KNOWN_AS: str(former),
            audit_chain.CLOSED: str(last),
            audit_chain.SHARED: str(shared),
            audit_chain.ANSWERS_FOR + str(former): str(shared),
            audit_chain.SENT: "0",
        }.items():
            transaction.set_setting(name, value)


def days(device: Device) -> list[str]:
    return [each.entry.facts for each in noted(device)]


def is_whole(device: Device) -> bool:
    with device.store.reading() as snapshot:
        return first_fault(snapshot) is None is first_contradiction(snapshot, SignedLog())


def test_what_it_noted_since_the_backup_comes_back(server: Server, office: Device) -> None:
    tries(office, 0, 1)
    syncs(office)
    before, former = noted(office), office.id
    tries(office, 2, 3)
    later(server, office, ANCHORED_AFTER)
    syncs(office)
    since = noted(office)
    is_put_back(office, before)
    tries(office, 9)
    done = syncs(office)
    assert (done.audit_returned, done.audit_missing_until, done.audit_parted) == (2, None, False)
    assert noted(office)[:4] == since
    assert [each.entry.device_id for each in noted(office)] == [former] * 4 + [office.id]
    assert days(office) == [f'{{"day":{day}}}' for day in (0, 1, 2, 3, 9)]
    assert is_whole(office)
    assert [each.record for each in kept(server)] == noted(office)
    assert {each.fault for each in kept(server)} == {""}
    assert syncs(office).audit_returned == 0


def test_it_answers_for_what_came_back(server: Server, office: Device) -> None:
    tries(office, 0)
    syncs(office)
    before = noted(office)
    tries(office, 1)
    later(server, office, ANCHORED_AFTER)
    syncs(office)
    is_put_back(office, before)
    syncs(office)
    assert is_whole(office)
    puts(office, before)
    assert not is_whole(office)


def test_it_does_not_answer_for_what_a_twin_had_signed(server: Server, office: Device) -> None:
    """Two databases had one id, and neither knew it, when the backup of one was made."""
    tries(office, 0, 1, 2)
    before, former = noted(office), office.id
    a_twin_signs(server, office, 7)
    is_put_back(office, before)
    syncs(office)
    assert [each.head.sequence for each in heads(office.store, former)] == [1]
    assert is_whole(office)
    assert noted(office) == before


def test_a_record_that_counted_further_is_there_once(server: Server, office: Device) -> None:
    """The backup was made between two refusals of one kind."""
    tries(office, 0)
    before = noted(office)
    tries(office, 0, 1)
    syncs(office)
    assert [each.entry.count for each in noted(office)] == [2, 1]
    is_put_back(office, before, closed=0)
    syncs(office)
    assert [(each.entry.count, each.entry.facts) for each in noted(office)] == [
        (2, '{"day":0}'),
        (1, '{"day":1}'),
    ]
    assert is_whole(office)


def test_only_up_to_what_it_signed(server: Server, office: Device) -> None:
    """The server keeps what was sent since the last head, and nobody can tell whose it is."""
    tries(office, 0)
    syncs(office)
    before, former = noted(office), office.id
    tries(office, 1)
    syncs(office)  # sent, and no head is due yet
    assert [each.head.sequence for each in heads(office.store, former)] == [1]
    is_put_back(office, before)
    tries(office, 9)
    assert syncs(office).audit_returned == 0
    assert days(office) == ['{"day":0}', '{"day":9}']
    assert is_whole(office)


def test_many_heads_come_back_in_one_answer(server: Server, office: Device) -> None:
    tries(office, 0)
    syncs(office)
    before = noted(office)
    for day in range(1, 6):
        tries(office, day)
        later(server, office, ANCHORED_AFTER)
        syncs(office)
    whole = noted(office)
    is_put_back(office, before)
    assert syncs(office).audit_returned == 5
    assert noted(office) == whole


def test_what_does_not_fit_into_one_answer_comes_with_the_next(
    server: Server, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries(office, 0)
    syncs(office)
    before = noted(office)
    for day in range(1, 6):
        tries(office, day)
        later(server, office, ANCHORED_AFTER)
        syncs(office)
    whole = noted(office)
    is_put_back(office, before)
    monkeypatch.setattr(audit_return, "MOST_BYTES", 400)  # two records
    assert syncs(office).audit_returned == 5
    assert noted(office) == whole


def test_files_bring_it_back_too(server: Server, office: Device, phone: Device) -> None:
    tries(phone, 0)
    carried(server, phone)
    carried(server, phone)
    before = noted(phone)
    tries(phone, 1, 2)
    later(server, phone, ANCHORED_AFTER)
    carried(server, phone)
    carried(server, phone)
    whole = noted(phone)
    is_put_back(phone, before)
    tries(phone, 9)
    carried(server, phone)
    assert noted(phone)[:3] == whole
    assert next_audit_page(phone.store, clock=phone.clock) is None
    carried(server, phone)
    carried(server, phone)
    assert [each.record for each in kept(server)] == noted(phone)
    assert {each.fault for each in kept(server)} == {""}


def test_nobody_asks_for_the_audit_of_another(server: Server, office: Device) -> None:
    other = server.another_device()
    tries(office, 0, 1)
    syncs(office)
    (head,) = heads(office.store, office.id)
    wanted = AuditWanted(sequence=0, after=audit_chain.BEGIN.hash, up_to=(head.head.hash,))
    mine = server.service.push(office.asking(audit_wanted=wanted), by=office.id)
    assert mine.audit_returned is not None
    assert [each.record() for each in mine.audit_returned] == noted(office)
    theirs = server.service.push(other.asking(audit_wanted=wanted), by=other.id)
    assert theirs.audit_returned == ()
