"""The server keeps what devices noted, and names what does not continue what it has."""

from datetime import timedelta

from attrs import evolve

from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry, AuditHead, AuditRecord, ReceivedAudit
from manchengo_sync.audit_pages import MOST_RECORDS, AuditPage, AuditReceipt, SentRecord
from manchengo_sync.audit_sending import KEPT_HERE, next_audit_page
from manchengo_sync.exchange import sync
from manchengo_sync.outcome import Exchanged
from manchengo_sync.outgoing import empty_page
from tests.attacks.lying import Straight
from tests.server.test_bundles import carried, phone
from tests.support.dairy import litres, received
from tests.support.server import Device, Server

__all__ = ["phone"]


def tries(device: Device, *days: int) -> None:
    """Somebody is refused something on each of these days."""
    for day in days:
        device.store.note(
            AuditEntry(
                at=device.clock.now() + timedelta(days=day),
                user_id=device.user_id,
                device_id=device.id,
                action="lot.receive",
                outcome="NotPermitted",
                facts=f'{{"day":{day}}}',
            )
        )


def syncs(device: Device) -> Exchanged:
    """As the program of a device does it."""
    return sync(
        device.store,
        Straight(device.service),
        clock=device.clock,
        ids=device.ids,
        state_cache=device.state_cache,
        user_id=device.user_id,
    )


def noted(device: Device) -> list[AuditRecord]:
    with device.store.reading() as snapshot:
        return list(snapshot.audit_records())


def kept(server: Server) -> list[ReceivedAudit]:
    with server.service.context.reading() as snapshot:
        return list(snapshot.received_audit())


def offers(server: Server, device: Device, *records: AuditRecord, is_first: bool) -> AuditReceipt:
    page = AuditPage(records=tuple(map(SentRecord.of, records)), is_first=is_first)
    request = evolve(empty_page(device.store).request(limit=1), audit=page)
    receipt = server.service.push(request, by=device.id).audit
    assert receipt is not None
    return receipt


def rewritten(records: list[AuditRecord], *, after: int) -> list[AuditRecord]:
    """The chain as a thief would have it: from there on, nothing was ever refused."""
    sent = records[:after]
    for record in records[after:]:
        before = AuditHead(sent[-1].sequence, sent[-1].hash) if sent else audit_chain.BEGIN
        sent.append(audit_chain.following(before, evolve(record.entry, outcome="done")))
    return sent


def test_what_is_noted_reaches_the_server_once_and_nobody_else(
    server: Server, office: Device
) -> None:
    tries(office, 0, 1, 2)
    syncs(office)
    syncs(office)
    assert [each.record for each in kept(server)] == noted(office)
    assert {each.fault for each in kept(server)} == {""}
    other = server.device()
    server.let_in(other)
    syncs(other)
    assert noted(other) == []


def test_many_records_go_page_by_page(server: Server, office: Device) -> None:
    tries(office, *range(MOST_RECORDS + 50))
    syncs(office)
    assert [each.record for each in kept(server)] == noted(office)


def test_what_was_sent_grows_no_more(server: Server, office: Device) -> None:
    tries(office, 0)
    syncs(office)
    tries(office, 0)
    syncs(office)
    assert [each.record.sequence for each in kept(server)] == [1, 2]
    assert {each.fault for each in kept(server)} == {""}


def test_files_carry_it_too(server: Server, office: Device, phone: Device) -> None:
    assert office.id != phone.id
    tries(phone, 0, 1)
    carried(server, phone)
    assert [each.record for each in kept(server)] == noted(phone)
    assert next_audit_page(phone.store, clock=phone.clock) is None


def test_a_thief_who_writes_the_chain_anew_shows(server: Server, office: Device) -> None:
    tries(office, 0, 1, 2)
    syncs(office)
    with office.store.writing() as transaction:
        for record in rewritten(noted(office), after=1):
            transaction.write_audit(record)
        tip = noted_tip = noted(office)[-1]
        audit_chain.set_head(transaction, audit_chain.TIP, AuditHead(tip.sequence, tip.hash))
        audit_chain.set_head(transaction, audit_chain.SENT, audit_chain.BEGIN)
    assert syncs(office).audit_parted
    assert noted_tip.hash in {each.record.hash for each in kept(server)}
    assert [each.record.entry.outcome for each in kept(server)][:3] == ["NotPermitted"] * 3
    assert [each.fault for each in kept(server)] == ["", "", "", "branch", "branch"]


def test_a_thief_who_forgets_what_he_was_refused_shows(server: Server, office: Device) -> None:
    """He cuts off the beginning, which the server never received."""
    tries(office, 0, 1, 2)
    third = noted(office)[2]
    with office.store.writing() as transaction:
        second = noted(office)[1]
        transaction.remove_audit(up_to=2)
        cut = AuditHead(second.sequence, second.hash)
        audit_chain.set_head(transaction, audit_chain.BASE, cut)
        audit_chain.set_head(transaction, audit_chain.SENT, cut)
    syncs(office)
    assert [(each.record, each.fault) for each in kept(server)] == [(third, "cut")]


def test_a_server_that_lost_some_is_sent_them_again(server: Server, office: Device) -> None:
    tries(office, 0, 1, 2)
    with office.store.writing() as transaction:  # as if it had said so, before it was put back
        last = noted(office)[1]
        audit_chain.set_head(transaction, audit_chain.SENT, AuditHead(last.sequence, last.hash))
    syncs(office)
    assert [each.record for each in kept(server)] == noted(office)
    assert {each.fault for each in kept(server)} == {""}


def test_what_does_not_hold_together_is_refused(server: Server, office: Device) -> None:
    tries(office, 0, 1, 2)
    first, second, third = noted(office)
    milder = evolve(second, entry=evolve(second.entry, outcome="done"))
    assert offers(server, office, first, milder, is_first=True) == AuditReceipt(
        kept=1, code="refused"
    )
    assert offers(server, office, first, third, is_first=True).code == "refused"
    assert [each.record for each in kept(server)] == [first]


def test_nobody_writes_in_the_audit_of_another_device(server: Server, office: Device) -> None:
    other = server.device()
    server.let_in(other)
    tries(office, 0)
    assert offers(server, other, noted(office)[0], is_first=True).code == "refused"
    assert kept(server) == []


def test_what_is_old_and_kept_by_the_server_leaves_the_device(
    server: Server, office: Device
) -> None:
    long_ago = -KEPT_HERE.days - 1
    tries(office, long_ago)
    syncs(office)
    tries(office, 0)
    syncs(office)
    assert [each.sequence for each in noted(office)] == [2]
    assert [each.record.sequence for each in kept(server)] == [1, 2]
    tries(office, 1)
    syncs(office)
    assert [each.record.sequence for each in kept(server)] == [1, 2, 3]
    assert {each.fault for each in kept(server)} == {""}


def test_the_audit_waits_where_the_day_s_quota_is_used(server: Server, office: Device) -> None:
    office.does(received("L7", litres(1)))
    office.syncs()
    few = evolve(server.service.context, daily_bytes=1)
    server.service = evolve(server.service, context=few)
    tries(office, 0)
    receipt = offers(server, office, *noted(office), is_first=True)
    assert receipt == AuditReceipt(kept=0, code="quota")
    assert kept(server) == []
