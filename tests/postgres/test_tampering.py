"""What was changed behind our back is found, and never taken for what was recorded."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from manchengo.application import integrity
from manchengo.ports.rows import RawLotRow
from manchengo.ports.store import Garbled, GarbledCommit
from manchengo_postgres import PostgresStore
from manchengo_postgres.transaction import PostgresTransaction
from tests.postgres.workers import a_phone, push, the_registers
from tests.support.postgres import on_postgres

LOTS = 7


@pytest.fixture(scope="module")
def store() -> Iterator[PostgresStore]:
    with on_postgres() as opened:
        push(opened, the_registers())
        push(opened, a_phone(2, lots=LOTS))
        yield opened


class _Undo(Exception):
    pass


@contextmanager
def tampering(store: PostgresStore) -> Iterator[PostgresTransaction]:
    """Whoever is in here has SQL; at the end it all never happened."""
    try:
        with store.writing() as transaction:
            yield transaction
            raise _Undo
    except _Undo:
        pass


@pytest.mark.parametrize(
    "change",
    [
        "occurred_at = '2026-01-05T08:00:00Z'",
        "occurred_at = 'yesterday'",
        "business_date = 'infinity'",
        "business_date = '20000-01-01'",
        "hlc = E'\\x01'",
        "command_type = E'\\x01'",
    ],
)
def test_a_commit_that_cannot_be_read_is_named_behind_the_good_ones_before_it(
    store: PostgresStore, change: str
) -> None:
    place = len(the_registers()) + 3
    with tampering(store) as transaction:
        (good, bad) = list(transaction.commits())[place - 2 : place]
        transaction._do(f"UPDATE _commits SET {change} WHERE position = {place}")
        for read in (transaction.commits, transaction.entries):
            readable: list[object] = []
            with pytest.raises(GarbledCommit) as garbled:
                readable.extend(read())
            assert len(readable) == place - 1
            assert garbled.value.commit_id == bad.id
            assert garbled.value.device_id == good.device_id
            assert garbled.value.sequence == bad.sequence
            assert garbled.value.on in (bad.on, None)
        verdict = integrity.verify(transaction)
        assert verdict.tampered is not None
        assert (verdict.tampered.commit_id, verdict.tampered.fault) == (bad.id, "content")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE _events SET payload = payload || '\\x20' WHERE commit_position = {0}",
        "UPDATE _events SET aggregate_type = E'\\x01' WHERE commit_position = {0}",
        "UPDATE _commits SET hash = '\\x00' WHERE position = {0}",
        "UPDATE _commits SET sequence = sequence + 100 WHERE position = {0}",
        "UPDATE _commits SET user_id = device_id WHERE position = {0}",
        "UPDATE _commits SET signature = '\\x00' WHERE position = {0}",
        "UPDATE _log SET verdict = 'rejected' WHERE commit_position = {0}",
        "UPDATE _log SET verdict = 'whatever' WHERE commit_position = {0}",
        "UPDATE _log SET hlc = hlc || '0' WHERE commit_position = {0}",
        "UPDATE _log SET hash = '\\x00' WHERE commit_position = {0}",
        "DELETE FROM _log WHERE commit_position = {0}",
    ],
)
def test_any_change_is_found_at_its_commit(store: PostgresStore, change: str) -> None:
    place = len(the_registers()) + 3
    with tampering(store) as transaction:
        changed = list(transaction.commits())[place - 1]
        transaction._do(change.format(place))
        verdict = integrity.verify(transaction)
        assert verdict.tampered is not None
        assert verdict.tampered.device_id == changed.device_id
        assert verdict.tampered.sequence in (changed.sequence, changed.sequence + 100) or (
            "_log" in change
        )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE _commits SET global_seq = global_seq + 100 WHERE position = {0}",
        "UPDATE _commits SET global_seq = NULL WHERE position = {0}",
        "INSERT INTO _sync_queue (commit_position) VALUES ({0})",
        "UPDATE _events SET commit_index = commit_index + 1 WHERE commit_position = {0}",
        "UPDATE _events SET entry = {0} WHERE commit_position = {0}",
        "UPDATE _events SET derived = TRUE WHERE commit_position = {0}",
        "UPDATE _devices SET hlc = hlc || '0' WHERE sequence > 0",
        "UPDATE _counter SET global_seq = global_seq + 1",
        "UPDATE _counter SET log_hash = '\\x00'",
        "UPDATE _counter SET position = position + 1",
    ],
)
def test_a_changed_number_is_found(store: PostgresStore, change: str) -> None:
    with tampering(store) as transaction:
        transaction._do(change.format(len(the_registers()) + 3))
        assert not integrity.verify(transaction).sound


@pytest.mark.parametrize("change", ["entered_on = 'infinity'", "code = E'\\x01'"])
def test_a_row_that_cannot_be_read_says_so(store: PostgresStore, change: str) -> None:
    with tampering(store) as transaction:
        transaction._do(f"UPDATE lots_mp SET {change}")
        with pytest.raises(Garbled, match="lots_mp"):
            list(transaction.rows(RawLotRow))
