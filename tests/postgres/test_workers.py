"""Several workers on one plant: one log, without a gap, whoever writes and whoever is killed."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from threading import Barrier, Event
from uuid import UUID

import pytest

from manchengo.application import integrity
from manchengo.application.replication.server_log import receive
from manchengo.application.unit_of_work import StateCache
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import RawLotRow
from manchengo_postgres import PostgresStore
from manchengo_postgres.errors import ConnectionLost, DatabaseBusy, StorageFault, TryAgain
from tests.postgres.workers import a_phone, elsewhere, push, the_registers
from tests.support.fork_server import go, kill, next_line, over
from tests.support.given import BOSS
from tests.support.patience import PATIENCE
from tests.support.postgres import execute, on_postgres, postgres


@pytest.fixture
def store(plant: UUID) -> Iterator[PostgresStore]:
    with on_postgres(plant) as opened:
        push(opened, the_registers())
        yield opened


def log_of(store: PostgresStore) -> list[tuple[int, UUID]]:
    with store.reading() as snapshot:
        return [(entry.global_seq, entry.commit.id) for entry in snapshot.entries()]


def check(store: PostgresStore, *, lots: int) -> None:
    """One log without a gap, in the order of the commits, each of them once, and views to match."""
    log = log_of(store)
    assert [number for number, _ in log] == list(range(1, len(log) + 1))
    assert len({commit_id for _, commit_id in log}) == len(log) == len(the_registers()) + lots
    with store.reading() as snapshot:
        assert snapshot.head() == snapshot.cursor() == len(log)
        assert [commit.id for commit in snapshot.commits()] == [each for _, each in log]
        assert len(list(snapshot.rows(RawLotRow))) == lots
        assert integrity.verify(snapshot).sound


def test_threads_of_several_workers_push_the_same_at_once(
    store: PostgresStore, plant: UUID
) -> None:
    """Each phone's commits are offered by two workers at a time: each is stored once."""
    phones = [a_phone(number, lots=20) for number in (2, 3, 4)]
    with on_postgres(plant) as another, ThreadPoolExecutor(6) as threads:
        together = Barrier(6, timeout=PATIENCE)

        def work(worker: PostgresStore, number: int) -> None:
            together.wait()
            push(worker, phones[number], at_once=3 + number)

        work_done = [
            threads.submit(work, worker, number)
            for worker in (store, another)
            for number in range(3)
        ]
        for each in work_done:
            each.result()
    check(store, lots=60)


def test_processes_push_the_same_at_once(store: PostgresStore, plant: UUID) -> None:
    url = postgres().url()
    workers = [elsewhere("push_all", url, plant, 3, 25) for _ in range(3)]
    assert [next_line(worker) for worker in workers] == ["ready"] * 3
    for worker in workers:
        go(worker)
    assert [over(worker) for worker in workers] == [""] * 3
    check(store, lots=75)


def test_whoever_follows_the_log_misses_nothing_while_it_is_written(
    store: PostgresStore, plant: UUID
) -> None:
    """A number is never seen before a lower one: a cursor could step over what comes late."""
    seen: list[int] = []
    done = Event()

    def follow() -> None:
        with on_postgres(plant) as follower:
            while True:
                finished = done.is_set()
                with follower.reading() as snapshot:
                    after = seen[-1] if seen else 0
                    fresh = [entry.global_seq for entry in snapshot.entries(after=after)]
                    assert snapshot.cursor() == (fresh[-1] if fresh else after)
                seen.extend(fresh)
                if finished:
                    return

    with on_postgres(plant) as another, ThreadPoolExecutor(3) as threads:
        following = threads.submit(follow)
        pushing = [
            threads.submit(push, worker, a_phone(number, lots=30), at_once=1)
            for worker, number in ((store, 2), (another, 3))
        ]
        try:
            for each in pushing:
                each.result()
        finally:
            done.set()
        following.result()
    assert seen == list(range(1, seen[-1] + 1))
    assert len(seen) == len(the_registers()) + 60


def test_plants_never_wait_on_each_other(store: PostgresStore) -> None:
    with on_postgres(patience=5) as elsewhere_, store.writing():
        push(elsewhere_, the_registers())
        assert len(log_of(elsewhere_)) == len(the_registers())
    check(store, lots=0)


def test_what_is_decided_rests_on_what_others_committed_meanwhile(
    store: PostgresStore, plant: UUID
) -> None:
    """Each worker adds to one number: the last look before it is always at the last word."""

    def add(worker: PostgresStore) -> None:
        with worker.writing(durable=False) as transaction:
            known = int(transaction.setting("total") or 0)
            transaction.set_setting("total", str(known + 1))

    with on_postgres(plant) as another, ThreadPoolExecutor(8) as threads:
        list(threads.map(add, [store, another] * 40))
    with store.reading() as snapshot:
        assert snapshot.setting("total") == "80"


# ---------------------------------------------------------------- who waits, and for how long


def test_a_worker_that_waited_too_long_is_told_so_and_may_try_again(
    store: PostgresStore, plant: UUID
) -> None:
    with on_postgres(plant, patience=0.2) as another:
        with store.writing(), pytest.raises(DatabaseBusy) as busy:
            push(another, a_phone(2, lots=1))
        assert isinstance(busy.value, TryAgain)
        assert busy.value.waited >= 0.2
        push(another, a_phone(2, lots=1))
    check(store, lots=1)


def test_a_thread_that_waited_too_long_is_told_so(plant: UUID) -> None:
    with on_postgres(plant, patience=0.2) as store, ThreadPoolExecutor(1) as threads:
        with store.writing(), pytest.raises(DatabaseBusy):
            threads.submit(push, store, the_registers()).result()
        push(store, the_registers())


def test_readers_never_wait_for_a_writer_nor_see_what_is_unfinished(store: PostgresStore) -> None:
    (offered, *_) = a_phone(2, lots=1)
    with store.reading() as before:
        with store.writing() as transaction:
            receive(transaction, [offered], received_at=START_OF_MEMORY, state_cache=StateCache())
            transaction.flush()
            with store.reading() as meanwhile:
                assert meanwhile.entry(offered.commit.id) is None
        assert before.entry(offered.commit.id) is None
        assert before.cursor() == len(the_registers())
    check(store, lots=1)


def test_ten_threads_read_at_once_over_fewer_connections(plant: UUID) -> None:
    with on_postgres(plant, readers=3) as store, ThreadPoolExecutor(10) as threads:
        push(store, the_registers())
        found = list(threads.map(lambda _: len(log_of(store)), range(30)))
    assert found == [len(the_registers())] * 30


def test_a_refusal_is_noted_once_somebody_else_has_written(store: PostgresStore) -> None:
    entry = AuditEntry(
        at=START_OF_MEMORY,
        user_id=BOSS.user_id,
        device_id=BOSS.device_id,
        action="lot.receive",
        outcome="NotPermitted",
        facts="{}",
    )
    with ThreadPoolExecutor(1) as threads:
        with store.writing():
            noted = threads.submit(store.note, entry)
        noted.result(timeout=PATIENCE)
    with store.reading() as snapshot:
        assert snapshot.audit(limit=5) == [entry]


def test_a_transaction_inside_a_transaction_is_our_own_fault(store: PostgresStore) -> None:
    with pytest.raises(AssertionError, match="inside another"), store.writing(), store.writing():
        pass
    push(store, a_phone(2, lots=1))
    check(store, lots=1)


# ---------------------------------------------------------------- what breaks


def test_a_worker_killed_in_the_middle_leaves_no_trace_and_holds_nobody_up(
    store: PostgresStore, plant: UUID
) -> None:
    holder = elsewhere("hold_the_counter", postgres().url(), plant)
    assert next_line(holder) == "held"
    kill(holder)
    check(store, lots=0)
    push(store, a_phone(3, lots=2))
    check(store, lots=2)


def test_what_was_acknowledged_survives_the_worker_that_was_killed(
    store: PostgresStore, plant: UUID
) -> None:
    phone = a_phone(2, lots=500)
    worker = elsewhere("push_one_by_one", postgres().url(), plant, 500)
    acknowledged = [int(next_line(worker)) for _ in range(25)]
    kill(worker)
    assert acknowledged == list(range(25))
    stored = {commit_id for _, commit_id in log_of(store)}
    assert {offered.commit.id for offered in phone[:25]} <= stored
    # Another worker goes on where that one was torn away, and nothing is stored twice.
    push(store, phone[: len(stored)], at_once=50)
    check(store, lots=len(stored))


@pytest.mark.skipif(os.name != "posix", reason="nobody can be stopped and let go on here")
def test_a_worker_that_hangs_with_the_counter_is_put_aside(
    store: PostgresStore, plant: UUID
) -> None:
    holder = elsewhere("hold_the_counter", postgres().url(), plant, longest=3)
    assert next_line(holder) == "held"
    holder.send_signal(signal.SIGSTOP)
    try:
        push(store, a_phone(3, lots=1))
    finally:
        holder.send_signal(signal.SIGCONT)
    go(holder)
    assert over(holder).endswith("ConnectionLost")  # the pool logs what it threw away before
    check(store, lots=1)


def test_a_connection_lost_on_the_way_is_one_error_and_the_next_try_works(
    store: PostgresStore,
) -> None:
    phone = a_phone(2, lots=2)

    def write() -> None:
        with store.writing() as transaction:
            receive(transaction, phone[:1], received_at=START_OF_MEMORY, state_cache=StateCache())
            cut_all_connections()
            receive(transaction, phone[1:], received_at=START_OF_MEMORY, state_cache=StateCache())

    with pytest.raises(ConnectionLost) as lost:
        write()
    assert isinstance(lost.value, TryAgain)
    push(store, phone)
    check(store, lots=2)


def test_connections_lost_while_nobody_used_them_are_replaced_unseen(store: PostgresStore) -> None:
    check(store, lots=0)
    cut_all_connections()
    push(store, a_phone(2, lots=1))
    check(store, lots=1)


def test_a_reader_cut_off_is_told_so(store: PostgresStore) -> None:
    with store.reading() as snapshot:
        cut_all_connections()
        with pytest.raises(ConnectionLost):
            snapshot.setting("name")
    check(store, lots=0)


def test_what_failed_inside_cannot_be_kept_by_passing_over_the_error(store: PostgresStore) -> None:
    """PostgreSQL would answer the commit with a rollback, and say nothing."""

    def pass_over_it() -> None:
        with store.writing() as transaction:
            transaction.set_setting("name", "value")
            with suppress(StorageFault):
                transaction._do("SELECT 1 / 0")

    with pytest.raises(StorageFault, match="was to be kept"):
        pass_over_it()
    with store.reading() as snapshot:
        assert snapshot.setting("name") is None


def test_a_closed_store_says_so(plant: UUID) -> None:
    with on_postgres(plant) as store:
        pass
    with pytest.raises(StorageFault, match="closed"), store.reading():
        pass


def test_the_order_of_the_log_is_the_order_of_each_device(store: PostgresStore) -> None:
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda number: push(store, a_phone(number, lots=10)), (2, 3, 4)))
    with store.reading() as snapshot:
        chains: dict[UUID, list[int]] = {}
        for entry in snapshot.entries():
            chains.setdefault(entry.commit.device_id, []).append(entry.commit.sequence)
    assert all(after == before + 1 for each in chains.values() for before, after in pairwise(each))


def cut_all_connections() -> None:
    """As a server that is restarted does it."""
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'manchengo' AND pid <> pg_backend_pid()"
    )
