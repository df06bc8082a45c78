"""The audit is a chain on every store: nothing in it is changed, removed or added unnoticed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import MemoryStore
from manchengo.application.audit_check import first_fault
from manchengo.domain.commit import NO_HASH
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports import audit_chain
from manchengo.ports.audit import (
    EVERY_RECORD,
    AuditEntry,
    AuditHead,
    AuditKind,
    AuditQuery,
    AuditRecord,
)
from manchengo.ports.store import Snapshot, Store
from tests.support.blank_files import new_file
from tests.support.blank_plants import on_a_blank_plant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AMINA, PHONE = UserId(UUID(int=1)), DeviceId(UUID(int=2))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    match request.param:
        case "memory":
            yield MemoryStore()
        case "sqlite":
            with new_file(tmp_path / "a.db", key=None) as sqlite:
                yield sqlite
        case _:
            with on_a_blank_plant() as postgres:
                yield postgres


def tried(action: str = "lot.receive", *, minutes: int = 0) -> AuditEntry:
    return AuditEntry(
        at=NOON + timedelta(minutes=minutes),
        user_id=AMINA,
        device_id=PHONE,
        action=action,
        outcome="NotPermitted",
        facts='{"permission":"receive"}',
    )


def chain(snapshot: Snapshot) -> list[AuditRecord]:
    return list(snapshot.audit_records())


def kept(store: Store) -> list[AuditRecord]:
    with store.reading() as snapshot:
        return chain(snapshot)


def head_of(record: AuditRecord) -> AuditHead:
    return AuditHead(record.sequence, record.hash)


def faults(store: Store) -> str:
    with store.reading() as snapshot:
        found = first_fault(snapshot)
    return found.fault if found else ""


def notes(store: Store, *actions: str) -> list[AuditRecord]:
    for number, action in enumerate(actions):
        store.note(tried(action, minutes=number))
    return kept(store)


def test_each_record_names_the_one_before(store: Store) -> None:
    first, second, third = notes(store, "lot.receive", "sales_order.sell", "backup.made")
    assert [each.sequence for each in (first, second, third)] == [1, 2, 3]
    assert first.previous == NO_HASH
    assert (second.previous, third.previous) == (first.hash, second.hash)
    assert third.entry.kind == AuditKind.DATABASE
    assert faults(store) == ""


def test_an_empty_audit_is_whole(store: Store) -> None:
    assert kept(store) == []
    assert faults(store) == ""


def test_the_same_refusal_again_is_counted(store: Store) -> None:
    for minute in (0, 1, 59):
        store.note(tried(minutes=minute))
    (record,) = kept(store)
    assert (record.entry.count, record.entry.last_at) == (3, NOON + timedelta(minutes=59))
    assert record.hash == audit_chain.hash_of(record)
    assert faults(store) == ""


@pytest.mark.parametrize("minutes", [61, -1])
def test_much_later_or_earlier_it_is_another_record(store: Store, minutes: int) -> None:
    store.note(tried())
    store.note(tried(minutes=minutes))
    assert [each.entry.count for each in kept(store)] == [1, 1]


def test_what_was_closed_grows_no_more(store: Store) -> None:
    store.note(tried())
    with store.writing() as transaction:
        assert audit_chain.close(transaction).sequence == 1
    store.note(tried(minutes=1))
    assert [each.entry.count for each in kept(store)] == [1, 1]
    store.note(tried(minutes=2))
    assert [each.entry.count for each in kept(store)] == [1, 2]


def test_what_is_noted_goes_with_its_transaction(store: Store) -> None:
    def note_and_fail() -> None:
        with store.writing() as transaction:
            audit_chain.note(transaction, tried())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        note_and_fail()
    assert kept(store) == []
    assert faults(store) == ""


def test_a_changed_record_shows(store: Store) -> None:
    _, second, _ = notes(store, "lot.receive", "sales_order.sell", "backup.made")
    with store.writing() as transaction:
        milder = evolve(second.entry, outcome="done")
        transaction.write_audit(evolve(second, entry=milder))
    assert faults(store) == "content"


def test_a_changed_record_under_a_new_hash_shows(store: Store) -> None:
    first, second, _ = notes(store, "lot.receive", "sales_order.sell", "backup.made")
    with store.writing() as transaction:
        before = AuditHead(first.sequence, first.hash)
        milder = audit_chain.following(before, evolve(second.entry, outcome="done"))
        transaction.write_audit(milder)
    assert faults(store) == "link"


def test_records_removed_at_the_beginning_show(store: Store) -> None:
    notes(store, "lot.receive", "sales_order.sell", "backup.made")
    with store.writing() as transaction:
        transaction.remove_audit(up_to=1)
    assert faults(store) == "gap"


def test_a_record_removed_at_the_end_shows(store: Store) -> None:
    first, *_ = notes(store, "lot.receive", "sales_order.sell")
    with store.writing() as transaction:
        transaction.remove_audit(up_to=2)
        transaction.write_audit(first)
    with store.reading() as snapshot:
        found = first_fault(snapshot)
    assert found is not None
    assert (found.fault, found.sequence, found.on) == ("tip", 1, NOON.date())
    assert found.device_id == PHONE


def test_a_record_added_behind_the_end_shows(store: Store) -> None:
    *_, last = notes(store, "lot.receive", "sales_order.sell")
    with store.writing() as transaction:
        before = AuditHead(last.sequence, last.hash)
        transaction.write_audit(audit_chain.following(before, tried("backup.made")))
    assert faults(store) == "tip"


def test_what_is_old_is_removed_and_the_rest_stays_a_chain(store: Store) -> None:
    first, second, third = notes(store, "lot.receive", "sales_order.sell", "backup.made")
    with store.writing() as transaction:
        heads = [head_of(each) for each in (first, second, third)]
        assert audit_chain.prune(transaction, before=second.entry.at, at=heads) == 1
        assert audit_chain.head(transaction, audit_chain.BASE).hash == first.hash
    assert kept(store) == [second, third]
    assert faults(store) == ""
    store.note(tried(minutes=90))
    assert kept(store)[-1].sequence == 4
    assert faults(store) == ""


def test_nothing_is_removed_that_is_not_safe_elsewhere(store: Store) -> None:
    _, second, _ = notes(store, "lot.receive", "sales_order.sell", "backup.made")
    with store.writing() as transaction:
        later, heads = NOON + timedelta(days=1), [head_of(second)]
        assert audit_chain.prune(transaction, before=later, at=heads) == 2
        assert audit_chain.prune(transaction, before=later, at=heads) == 0
    assert [each.sequence for each in kept(store)] == [3]


def test_the_beginning_is_removed_up_to_a_head_and_no_further(store: Store) -> None:
    first, second, *_ = notes(store, "lot.receive", "sales_order.sell", "backup.made")
    other = AuditHead(second.sequence, first.hash)
    with store.writing() as transaction:
        later = NOON + timedelta(days=1)
        assert audit_chain.prune(transaction, before=later, at=[]) == 0
        assert audit_chain.prune(transaction, before=later, at=[other]) == 0
        assert audit_chain.prune(transaction, before=later, at=[head_of(first), other]) == 1
    assert [each.sequence for each in kept(store)] == [2, 3]


def test_long_chains_are_read_page_by_page(store: Store) -> None:
    notes(store, *(f"step.{number}" for number in range(450)))
    with store.reading() as snapshot:
        assert [each.sequence for each in snapshot.audit_records()] == [*range(1, 451)]
        some = snapshot.audit_records(after=190, limit=220)
        assert [each.sequence for each in some] == [*range(191, 411)]
        assert [each.action for each in snapshot.audit(limit=2)] == ["step.449", "step.448"]


def test_a_server_keeps_what_devices_send(store: Store) -> None:
    first, second = notes(store, "lot.receive", "sales_order.sell")
    with store.writing() as transaction:
        transaction.receive_audit(first, at=NOON, fault="")
        transaction.receive_audit(second, at=NOON + timedelta(days=1), fault="cut")
    with store.reading() as snapshot:
        received = list(snapshot.received_audit())
        assert [each.record for each in received] == [first, second]
        assert [each.fault for each in received] == ["", "cut"]
        after = snapshot.received_audit(after=received[0].position)
        assert [each.received_at for each in after] == [NOON + timedelta(days=1)]
        assert snapshot.received_audit_under(second.hash) == received[1]
        assert snapshot.received_audit_under(bytes(32)) is None
        assert snapshot.is_audit_received(second.hash)
        assert not snapshot.is_audit_received(bytes(32))
        assert snapshot.received_audit_at(PHONE, 2) == {second.hash}
        assert snapshot.last_received_audit(PHONE) == 2
        assert snapshot.last_received_audit(DeviceId(UUID(int=99))) == 0


def test_a_server_keeps_the_last_of_each_device_whatever_its_age(store: Store) -> None:
    first, second = notes(store, "lot.receive", "sales_order.sell")
    with store.writing() as transaction:
        for record in (first, second):
            transaction.receive_audit(record, at=NOON, fault="")
        transaction.remove_received_audit(before=NOON)
        assert len(list(transaction.received_audit())) == 2
        transaction.remove_received_audit(before=NOON + timedelta(seconds=1))
    with store.reading() as snapshot:
        assert [each.record for each in snapshot.received_audit()] == [second]


# ----------------------------------------------------------------------------------- a page of it

KARIM = UserId(UUID(int=8))
DIARY = (
    tried("lot.receive"),
    evolve(tried("scan.load", minutes=10), facts='{"lot":"PF-É1"}', outcome="done"),
    evolve(tried("scan.load", minutes=20), user_id=KARIM, facts='{"lot":"PF-2"}'),
    evolve(tried("session.opened", minutes=30), outcome="done"),
    evolve(tried("session.opened", minutes=24 * 60), user_id=KARIM, outcome="WrongSecret"),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (EVERY_RECORD, (5, 4, 3, 2, 1)),
        (AuditQuery(kinds=("scan",)), (3, 2)),
        (AuditQuery(kinds=("scan", "refusal")), (3, 2, 1)),
        (AuditQuery(user_id=KARIM), (5, 3)),
        (AuditQuery(kinds=("session",), user_id=KARIM), (5,)),
        (AuditQuery(since=NOON + timedelta(minutes=20)), (5, 4, 3)),
        (AuditQuery(until=NOON + timedelta(minutes=20)), (2, 1)),
        (AuditQuery(since=NOON, until=NOON + timedelta(seconds=1)), (1,)),
        (AuditQuery(search="Scan pf-"), (3, 2)),
        (AuditQuery(search="pf-É1"), (2,)),
        (AuditQuery(search="notpermitted"), (3, 1)),
        (AuditQuery(search="50% _"), ()),
        (AuditQuery(kinds=("scan",), search="scan pf-2"), (3,)),
        (AuditQuery(user_id=KARIM, search="pf-"), (3,)),
        (AuditQuery(since=NOON + timedelta(minutes=20), search="scan"), (3,)),
        (AuditQuery(until=NOON + timedelta(minutes=20), search="SCAN pf-é"), ()),
    ],
)
def test_a_page_holds_what_is_asked_for_the_newest_first(
    store: Store, query: AuditQuery, expected: tuple[int, ...]
) -> None:
    for entry in DIARY:
        store.note(entry)
    with store.reading() as snapshot:
        page = snapshot.audit_page(query, limit=9)
        assert tuple(each.sequence for each in page) == expected
        assert page == [each for each in reversed(chain(snapshot)) if each.sequence in expected]


def test_what_happened_again_is_on_the_page_of_either_day(store: Store) -> None:
    later = NOON + timedelta(minutes=30)
    store.note(evolve(tried(), count=2, last_at=later))
    with store.reading() as snapshot:
        assert snapshot.audit_page(AuditQuery(since=later), limit=9)
        assert snapshot.audit_page(AuditQuery(until=later), limit=9)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_page_after_page_is_the_whole_audit_while_others_write(store: Store, size: int) -> None:
    notes(store, *(f"scan.{number}" for number in range(12)))
    numbers: list[int] = []
    before: int | None = None
    while True:
        with store.reading() as snapshot:
            page = snapshot.audit_page(AuditQuery(kinds=("scan",)), before=before, limit=size)
        if not page:
            break
        numbers += [each.sequence for each in page]
        before = numbers[-1]
        store.note(tried(f"scan.meanwhile-{before}"))
    assert numbers == [*range(12, 0, -1)]
