"""Somebody with the key changes what became of a commit: its place, its verdict, what it did."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from manchengo.application import integrity
from manchengo.domain.commit import Verdict
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.translation import DRIVER_ERRORS
from tests.faults.test_tampering import Thief, _Undo, turned
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    day,
    kg,
    litres,
    millilitres,
    planned,
    poured,
    received,
    started,
    written_off,
)
from tests.support.plant import Plant
from tests.support.stores import on_an_encrypted_file

SEALED = {
    "_log": ("global_seq", "verdict", "reason", "hlc", "hash", "commit_position"),
    "_events": (
        *("id", "aggregate_type", "aggregate_id", "event_type", "schema_version", "payload"),
        *("version", "derived"),
    ),
    # Its index among the events of its commit is only a place: it is sealed by the order it makes.
    "_events_set_aside": (
        *("id", "aggregate_type", "aggregate_id", "event_type", "schema_version", "payload"),
        "version",
    ),
    "_commits": ("signature",),
}
KEYS = {
    "_log": "global_seq",
    "_events": "seq",
    "_events_set_aside": "id",
    "_commits": "position",
}


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


@settings(max_examples=150, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    where=st.sampled_from([(table, name) for table in SEALED for name in SEALED[table]]),
    row=st.integers(0, 1000),
    byte=st.integers(0, 10_000),
    bits=st.integers(1, 255),
)
def test_a_byte_changed_in_what_became_of_a_commit_is_found(
    phone: SqliteStore, where: tuple[str, str], row: int, byte: int, bits: int
) -> None:
    table, column = where
    with tampering(phone) as thief:
        rows = thief.sql(f"SELECT {KEYS[table]}, {column} FROM {table} ORDER BY 1")
        key, value = rows[row % len(rows)]
        assume(value is not None)
        try:
            thief.sql(
                f"UPDATE {table} SET {column} = {mark(value)} WHERE {KEYS[table]} = ?",
                changed(value, byte, bits),
                key,
            )
        except DRIVER_ERRORS:
            assume(False)  # two rows with one key: SQLite itself says no
        assert not thief.verdict().sound


def mark(value: Any) -> str:
    return "CAST(? AS TEXT)" if isinstance(value, str) else "?"


def changed(value: Any, byte: int, bits: int) -> Any:
    if isinstance(value, int):
        return value + bits
    return turned(value.encode() if isinstance(value, str) else value, byte, bits)


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
