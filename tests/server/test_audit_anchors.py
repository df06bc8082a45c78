"""Where the audit of a device ends stands in the log, and shows what was removed or changed."""

from datetime import timedelta

import pytest
from attrs import evolve

from manchengo.application.audit_check import AuditFault, first_contradiction, first_fault
from manchengo.application.audit_heads import AnchoredHead, anchored_heads, heads_among
from manchengo.application.replication.resealing import adopt_device_id
from manchengo.application.unit_of_work import decoded_event
from manchengo.application.whole_reading import verify_store
from manchengo.commands import AnchorAudit
from manchengo.domain.audit_anchor import anchor_id
from manchengo.domain.ids import DeviceId
from manchengo.memory import MemoryStore
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditHead, AuditRecord
from manchengo.ports.store import Store
from manchengo_server import audit_anchoring
from manchengo_server.errors import DeviceIsWithdrawn
from manchengo_server.recording import record
from manchengo_sync import audit_sending
from manchengo_sync.audit_anchors import ANCHORED_AFTER, ANCHORED_RECORDS
from manchengo_sync.audit_sending import KEPT_HERE, next_audit_page, remove_old
from manchengo_sync.signed_log import SignedLog
from tests.server.test_bundles import carried, phone
from tests.server.test_device_audit import kept, noted, rewritten, syncs, tries
from tests.support.server import BOSS, Device, Server

__all__ = ["phone"]


def heads(store: Store, device_id: DeviceId) -> list[AnchoredHead]:
    with store.reading() as snapshot:
        return anchored_heads(snapshot, device_id, SignedLog())


def numbers(server: Server, device: Device) -> list[int]:
    found = heads(server.service.context.store, device.id)
    return [each.head.sequence for each in found]


def later(server: Server, device: Device, by: timedelta) -> None:
    for clock in (server.clock, device.clock):
        clock.at += by


def contradiction(device: Device) -> AuditFault | None:
    with device.store.reading() as snapshot:
        assert first_fault(snapshot) is None, "by itself, the chain is whole"
        return first_contradiction(snapshot, SignedLog())


def puts(device: Device, records: list[AuditRecord]) -> None:
    """The chain is that one, and nothing on the device contradicts it."""
    last = records[-1] if records else None
    tip = AuditHead(last.sequence, last.hash) if last else audit_chain.BEGIN
    with device.store.writing() as transaction:
        transaction.remove_audit(up_to=1_000_000)
        for each in records:
            transaction.write_audit(each)
        for name in (audit_chain.TIP, audit_chain.SENT):
            audit_chain.set_head(transaction, name, tip)


def test_the_end_of_the_audit_stands_in_the_log(server: Server, office: Device) -> None:
    tries(office, 0, 1, 2)
    syncs(office)
    (head,) = heads(office.store, office.id)
    assert head.head == AuditHead(3, noted(office)[-1].hash)
    assert contradiction(office) is None
    assert verify_store(office.store, SignedLog()).sound
    assert office.digest() == digest_of_server(server)


def test_a_head_is_seen_that_comes_with_the_key_of_its_device(office: Device) -> None:
    """As a copy receives it that has read nothing of the log yet."""
    tries(office, 0)
    syncs(office)
    with office.store.reading() as snapshot, MemoryStore().reading() as nothing:
        (head,) = heads_among(nothing, office.id, list(snapshot.entries()), SignedLog())
    assert head == AuditHead(1, noted(office)[-1].hash)


def digest_of_server(server: Server) -> str:
    return verify_store(server.service.context.store, SignedLog()).views_digest


def test_once_a_day_is_enough(server: Server, office: Device) -> None:
    tries(office, 0)
    syncs(office)
    tries(office, 1)
    syncs(office)
    assert numbers(server, office) == [1]
    later(server, office, ANCHORED_AFTER)
    tries(office, 2)
    syncs(office)
    assert numbers(server, office) == [1, 3]


def test_after_many_records_the_day_is_not_waited_for(server: Server, office: Device) -> None:
    tries(office, 0)
    syncs(office)
    tries(office, *range(1, ANCHORED_RECORDS + 1))
    syncs(office)
    assert numbers(server, office) == [1, 1 + ANCHORED_RECORDS]


def test_what_was_sent_the_day_before_is_anchored_with_nothing_new(
    server: Server, office: Device
) -> None:
    tries(office, 0)
    syncs(office)
    tries(office, 1)
    syncs(office)
    later(server, office, ANCHORED_AFTER)
    syncs(office)
    assert numbers(server, office) == [1, 2]
    assert next_audit_page(office.store, clock=office.clock) is None


def test_files_anchor_it_too(server: Server, office: Device, phone: Device) -> None:
    assert office.id != phone.id
    tries(phone, 0, 1)
    carried(server, phone)
    assert [each.head.sequence for each in heads(phone.store, phone.id)] == [2]


def test_a_head_that_the_device_did_not_sign_is_none(server: Server, office: Device) -> None:
    tries(office, 0)
    page = next_audit_page(office.store, clock=office.clock)
    assert page is not None
    request = office.asking(audit=evolve(page, head_signature=bytes(64)))
    receipt = server.service.push(request, by=office.id).audit
    assert receipt is not None
    assert (receipt.kept, receipt.is_anchored) == (1, False)
    forged = AnchorAudit(
        device_id=office.id, sequence=9, record_hash="ab" * 32, signature="cd" * 64
    )
    with server.service.context.writing() as transaction:  # a server in other hands
        record(server.service.context, transaction, forged, BOSS)
    office.syncs()
    assert heads(office.store, office.id) == []
    assert contradiction(office) is None


def test_a_thief_who_removes_the_end_shows(office: Device) -> None:
    tries(office, 0, 1, 2)
    syncs(office)
    puts(office, noted(office)[:2])
    assert contradiction(office) == fault(office, "lost", 3)
    assert not verify_store(office.store, SignedLog()).sound


def test_a_thief_who_begins_the_chain_anew_shows(office: Device) -> None:
    tries(office, 0, 1)
    syncs(office)
    puts(office, [])
    assert contradiction(office) == fault(office, "lost", 2)
    tries(office, 3, 4, 5)
    assert contradiction(office) == fault(office, "rewritten", 2)


def test_a_thief_who_changes_and_chains_again_shows(office: Device) -> None:
    tries(office, 0, 1, 2)
    syncs(office)
    puts(office, rewritten(noted(office), after=1))
    assert contradiction(office) == fault(office, "rewritten", 3)


def test_a_thief_who_says_that_the_beginning_was_old_shows(office: Device) -> None:
    tries(office, 0, 1, 2)
    syncs(office)
    second = noted(office)[1]
    with office.store.writing() as transaction:
        transaction.remove_audit(up_to=2)
        base = AuditHead(second.sequence, second.hash)
        audit_chain.set_head(transaction, audit_chain.BASE, base)
    found = contradiction(office)
    assert found is not None
    assert (found.fault, found.sequence) == ("beginning", 2)


def fault(device: Device, kind: str, sequence: int) -> AuditFault:
    (*_, head) = heads(device.store, device.id)
    return AuditFault(fault=kind, device_id=device.id, sequence=sequence, on=head.on)


def test_what_is_old_is_removed_up_to_a_head(server: Server, office: Device) -> None:
    tries(office, 0, 1)
    syncs(office)
    tries(office, 2, 3)
    syncs(office)
    later(server, office, KEPT_HERE + timedelta(days=9))
    remove_old(office.store, clock=office.clock)
    assert [each.sequence for each in noted(office)] == [3, 4]
    assert contradiction(office) is None
    assert len(kept(server)) == 4


def test_an_audit_written_anew_is_not_anchored(server: Server, office: Device) -> None:
    tries(office, 0, 1, 2)
    syncs(office)
    puts(office, rewritten(noted(office), after=1))
    with office.store.writing() as transaction:
        audit_chain.set_head(transaction, audit_chain.SENT, audit_chain.BEGIN)
    later(server, office, ANCHORED_AFTER)
    tries(office, 3)
    assert syncs(office).audit_parted
    assert numbers(server, office) == [3]


def test_a_copy_does_not_answer_for_what_came_after_it(server: Server, office: Device) -> None:
    tries(office, 0, 1)
    syncs(office)
    first = noted(office)
    tries(office, 2)
    later(server, office, ANCHORED_AFTER)
    syncs(office)
    former, twin = office.id, DeviceId(office.ids.new())
    puts(office, first)  # a copy of before, which read the log since
    with office.store.writing() as transaction:
        adopt_device_id(transaction, twin, former, state_cache=office.state_cache)
    assert office.id == twin
    assert contradiction(office) is None
    puts(office, rewritten(first, after=1))
    found = contradiction(office)
    assert found is not None
    assert (found.fault, found.device_id, found.sequence) == ("rewritten", former, 2)


def a_twin_signs(server: Server, device: Device, *days: int) -> None:
    """The log anchors the head of another database under the same id, which was refused that."""
    puts(device, [])
    tries(device, *days)
    page = next_audit_page(device.store, clock=device.clock)
    assert page is not None
    head = AnchorAudit(
        device_id=device.id,
        sequence=len(days),
        record_hash=noted(device)[-1].hash.hex(),
        signature=page.head_signature.hex(),
    )
    with server.service.context.writing() as transaction:
        record(server.service.context, transaction, head, BOSS)


@pytest.mark.parametrize("days_of_twin", [(7,), (7, 8), (7, 8, 9)])
def test_a_copy_does_not_answer_for_what_its_twin_signed(
    server: Server, office: Device, days_of_twin: tuple[int, ...]
) -> None:
    """A server that was lost forgot the first head, and anchored that of the twin."""
    former = office.id
    tries(office, 0, 1)
    syncs(office)
    own = noted(office)
    a_twin_signs(server, office, *days_of_twin)
    puts(office, own)
    syncs(office)
    assert office.id != former
    assert len(heads(office.store, former)) == 2
    assert contradiction(office) is None
    puts(office, rewritten(own, after=1))
    found = contradiction(office)
    assert found is not None
    assert (found.fault, found.device_id) == ("rewritten", former)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_lost_answer_anchors_once(server: Server, office: Device, cut: str) -> None:
    tries(office, 0, 1)
    page = next_audit_page(office.store, clock=office.clock)
    if cut == "after":  # the server kept it, and the device never heard of it
        server.service.push(office.asking(audit=page), by=office.id)
    syncs(office)
    syncs(office)
    assert numbers(server, office) == [2]
    assert [each.record for each in kept(server)] == noted(office)


def test_a_server_that_dies_while_it_anchors_keeps_all_or_nothing(
    server: Server, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    tries(office, 0, 1)
    page = next_audit_page(office.store, clock=office.clock)
    with monkeypatch.context() as patched:
        patched.setattr(audit_anchoring, "record", dies)
        with pytest.raises(KeyboardInterrupt):
            server.service.push(office.asking(audit=page), by=office.id)
    assert kept(server) == []
    assert numbers(server, office) == []
    syncs(office)
    assert [each.record for each in kept(server)] == noted(office)
    assert numbers(server, office) == [2]


def test_a_device_that_dies_before_it_notes_the_answer_sends_once_more(
    server: Server, office: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    tries(office, 0, 1)
    with monkeypatch.context() as patched:
        patched.setattr(audit_sending, "receive_receipt", dies)
        with pytest.raises(KeyboardInterrupt):
            syncs(office)
    syncs(office)
    assert [each.record for each in kept(server)] == noted(office)
    assert numbers(server, office) == [2]


def signed_head(device: Device, sequence: int) -> AnchorAudit:
    """As the log has it already."""
    store = device.service.context.store
    with store.reading() as snapshot:
        stream = snapshot.stream(anchor_id(device.id))
        events = [decoded_event(entry.event) for entry in stream]
    head = next(each for each in events if each.sequence == sequence)
    return AnchorAudit(
        device_id=device.id,
        sequence=head.sequence,
        record_hash=head.record_hash,
        signature=head.signature,
    )


def test_a_head_that_goes_back_lets_no_thief_remove_what_came_since(
    server: Server, office: Device
) -> None:
    """A server that helps him writes an earlier one into the log once more."""
    tries(office, 0, 1)
    syncs(office)
    later(server, office, timedelta(days=2))
    tries(office, 2)
    syncs(office)
    assert numbers(server, office) == [2, 3]
    context = server.service.context
    with context.writing() as transaction:
        record(context, transaction, signed_head(office, 2), BOSS)
    office.syncs()
    assert contradiction(office) is None
    puts(office, noted(office)[:2])
    found = contradiction(office)
    assert found is not None
    assert (found.fault, found.sequence) == ("lost", 3)


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_device_that_was_withdrawn_answers_for_what_it_noted_before(
    server: Server, office: Device, *, is_withdrawn: bool
) -> None:
    """Its heads stay in the log of all, and what the server keeps of it is compared with them."""
    phone = server.another_device()
    tries(phone, 0, 1, 2)
    syncs(phone)
    if is_withdrawn:
        server.service.withdraw(phone.id, "volé", by=None)
    puts(phone, rewritten(noted(phone), after=1))
    assert contradiction(phone) == fault(phone, "rewritten", 3)
    page = next_audit_page(phone.store, clock=phone.clock)
    if is_withdrawn:
        with pytest.raises(DeviceIsWithdrawn):
            server.service.push(phone.asking(audit=page), by=phone.id)
    assert numbers(server, phone) == [3]


def test_nobody_anchors_for_another(server: Server, office: Device) -> None:
    other = server.device()
    server.let_in(other)
    tries(office, 0)
    page = next_audit_page(office.store, clock=office.clock)
    receipt = server.service.push(other.asking(audit=page), by=other.id).audit
    assert receipt is not None
    assert (receipt.code, receipt.is_anchored) == ("refused", False)
    assert numbers(server, office) == numbers(server, other) == []
