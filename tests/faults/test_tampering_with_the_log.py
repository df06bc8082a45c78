"""Somebody with the key changes what became of a commit: its place, its verdict, what it did."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from manchengo.application import integrity
from manchengo.domain.commit import Verdict
from manchengo_sqlite import SqliteStore
from manchengo_sqlite import statements as sql
from manchengo_sqlite.translation import DRIVER_ERRORS
from tests.faults.test_tampering import Thief, _Undo, turned
from tests.support.billing import paid
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    day,
    dinars,
    in_store,
    kg,
    litres,
    millilitres,
    planned,
    poured,
    received,
    sold,
    started,
    written_off,
)
from tests.support.plant import Plant
from tests.support.stores import on_an_encrypted_file

KEYS = {
    "_commits": "position",
    "_devices": "id",
    "_events": "seq",
    "_events_set_aside": "id",
    "_log": "global_seq",
    "_sync_queue": "commit_position",
}
NOT_THE_LOG = {"_config": "this device's settings", "_migrations": "compared on opening"}


@pytest.fixture(scope="module")
def phone() -> Iterator[SqliteStore]:
    """A phone whose choice of lots was made again, whose pouring was refused, and that went on."""
    with on_an_encrypted_file() as kept:
        assert isinstance(kept, SqliteStore)
        plant = Plant()
        office, phone = plant.device(), plant.device(store=kept)
        office.does(
            A_DAIRY,
            received("L1", litres(100)),
            received("L2", litres(100), on=day(1)),
            received("R1", millilitres(600), of=RENNET),
            planned("O1", kg(8), on=day(1)),
            planned("O2", kg(8), on=day(1)),
            in_store("T1", kg(2)),
            sold("S1", kg(1), on=day(1)),
            paid("P1", dinars(100)),
        )
        plant.settle()
        office.does(started("O1", on=day(1)), poured("O1", "L1", litres(80), on=day(1)))
        phone.does(started("O2", on=day(1)), poured("O2", "L1", litres(80), on=day(1)))
        plant.settle()
        phone.does(written_off("L2", litres(1), on=day(2)))
        with kept.reading() as snapshot:
            verdicts = {entry.verdict for entry in snapshot.entries()}
            assert {Verdict.REJECTED, Verdict.REALLOCATED} < verdicts
            assert integrity.verify(snapshot).sound
        yield kept


@contextmanager
def tampering(store: SqliteStore) -> Iterator[Thief]:
    try:
        with store.writing() as transaction:
            transaction._all("PRAGMA defer_foreign_keys = ON")
            yield Thief(transaction)
            raise _Undo
    except _Undo:
        pass


def test_every_table_of_the_log_is_tried(phone: SqliteStore) -> None:
    with tampering(phone) as thief:
        found = thief.sql("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ours = {name for (name,) in found if name.startswith("_")}
        assert ours == KEYS.keys() | NOT_THE_LOG.keys()
        assert all(thief.sql(f"SELECT count(*) FROM {table}") != [(0,)] for table in KEYS)


@pytest.mark.parametrize("table", KEYS)
@pytest.mark.parametrize("bits", [1, 0x20])
def test_one_value_changed_anywhere_in_the_log_is_found(
    phone: SqliteStore, table: str, bits: int
) -> None:
    with phone.reading() as snapshot:
        columns = [row[1:3] for row in snapshot._all(f"PRAGMA table_info({table})")]
        keys = [row[0] for row in snapshot._all(f"SELECT {KEYS[table]} FROM {table}")]
    unnoticed = [
        (table, name, key)
        for name, kind in columns
        for key in keys
        if not notices(phone, table, key, name, kind, bits)
    ]
    assert unnoticed == []


def notices(store: SqliteStore, table: str, key: Any, name: str, kind: str, bits: int) -> bool:
    with tampering(store) as thief:
        ((value,),) = thief.sql(f"SELECT {name} FROM {table} WHERE {KEYS[table]} = ?", key)
        try:
            thief.sql(
                f"UPDATE {table} SET {name} = {mark(value)} WHERE {KEYS[table]} = ?",
                changed(value, kind, bits),
                key,
            )
        except DRIVER_ERRORS:
            return True  # SQLite itself says no: two rows with one key, or none where one must be
        return not thief.verdict().sound
    raise AssertionError("what is tampered with is always undone")


@pytest.mark.parametrize("name", ["lot.receive", "payment.receive", "sales_order.sell"])
def test_an_accepted_commit_whose_effects_were_taken_away_is_found(
    phone: SqliteStore, name: str
) -> None:
    with tampering(phone) as thief:
        ((position,),) = thief.sql(
            "SELECT c.position FROM _commits AS c JOIN _log AS l ON l.commit_position = c.position"
            " WHERE l.verdict = 'accepted' AND c.command_type = ? ORDER BY 1 LIMIT 1",
            name,
        )
        for statement in (sql.SET_ASIDE, sql.UNDO_EFFECTS):
            thief.sql(statement, position, None)
        assert thief.found().fault == "verdict"


def test_a_number_moved_to_that_of_an_event_taken_back_is_found(phone: SqliteStore) -> None:
    with tampering(phone) as thief:
        numbers = {row[0] for row in thief.sql("SELECT seq FROM _events")}
        free = min(set(range(1, max(numbers))) - numbers)
        before = max(number for number in numbers if number < free)
        thief.sql("UPDATE _events SET seq = ? WHERE seq = ?", free, before)
        assert thief.found().fault == "place"


def mark(value: Any) -> str:
    return "CAST(? AS TEXT)" if isinstance(value, str) else "?"


def changed(value: Any, kind: str, bits: int) -> Any:
    match value:
        case None:
            return bits if kind == "INTEGER" else bytes([bits] * 16)
        case int():
            return value + bits
        case str():
            return turned(value.encode(), len(value) // 2, bits)
        case _:
            return turned(value, len(value) // 2, bits)


@pytest.mark.parametrize(
    "hiding",
    [
        "DELETE FROM _sync_queue",
        "DELETE FROM _log WHERE global_seq = (SELECT max(global_seq) FROM _log)",
        "DELETE FROM _log WHERE global_seq = 3",
        "DELETE FROM _events WHERE derived",
    ],
)
def test_a_verdict_or_its_effects_taken_away_are_missed(phone: SqliteStore, hiding: str) -> None:
    with tampering(phone) as thief:
        thief.sql(hiding)
        assert not thief.verdict().sound
