"""Whatever a commit brings is kept to the letter, even what PostgreSQL has no letter for."""

from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from manchengo import codec
from manchengo.application import command_check, integrity
from manchengo.application.replication.server_log import Offered, receive
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import ChangeSupplier
from manchengo.domain.commit import Recorded, Verdict
from manchengo.domain.ids import CommitId
from manchengo.memory import START_OF_MEMORY
from manchengo.ports.rows import VIEWS, RawLotRow, ResolutionItemRow, Row, SupplierRow
from manchengo_postgres import texts
from manchengo_postgres.mapping import mapping
from tests.contracts.test_store import a_lot, a_supplier, an_event
from tests.postgres.workers import open_office, push, the_registers, written_by
from tests.support.blank_plants import on_a_blank_plant
from tests.support.dairy import FARM, day, litres, received

HOSTILE = "Ferme\x00 \x01de\x010 'l'Aïn';\\ -- 🐄\x7f\u202e"
odd = st.text(st.sampled_from("\x00\x01\x0201a🐄é"))


@given(odd)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert "\x00" not in texts.spelt(text)
    assert texts.read(texts.spelt(text)) == text


@given(odd, odd)
def test_two_texts_are_never_spelt_alike(one: str, other: str) -> None:
    assert (texts.spelt(one) == texts.spelt(other)) is (one == other)


@given(odd.filter(lambda text: "\x00" not in text))
def test_what_was_never_spelt_by_us_is_not_read(stored: str) -> None:
    try:
        text = texts.read(stored)
    except ValueError:
        return
    assert texts.spelt(text) == stored


@pytest.mark.parametrize("stored", ["\x01", "\x012", "a\x01", "\x01\x010"])
def test_a_mark_that_stands_for_nothing_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match="not spelt"):
        texts.read(stored)


def test_any_text_is_kept_in_a_row_and_found_by_it() -> None:
    with on_a_blank_plant() as store:
        rows = [a_supplier(1, HOSTILE), a_supplier(2, HOSTILE.replace("\x00", ""))]
        with store.writing() as transaction:
            transaction.put(rows)
            assert list(transaction.rows(SupplierRow, code=HOSTILE)) == rows[:1]
            transaction.set_setting(HOSTILE, HOSTILE)
        with store.reading() as snapshot:
            assert list(snapshot.rows(SupplierRow, code=HOSTILE)) == rows[:1]
            assert list(snapshot.rows(SupplierRow)) == rows
            assert snapshot.setting(HOSTILE) == HOSTILE


FILLED = {UUID: UUID(int=1), int: 1, bool: False, date: date(2026, 3, 1)}


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.TABLE)
def test_no_text_is_too_long_to_be_kept_and_found(kind: type[Row]) -> None:
    """Whatever somebody typed, or a program went wrong with: an index must not refuse it."""
    random_bytes = Random(kind.TABLE)
    text = "".join(random_bytes.choices("abcdefghijklmnopqrstuvwxyz0123456789é", k=50_000))
    columns = {column.name: FILLED.get(column.type, text) for column in mapping(kind).columns}
    chosen_by_us = {name: "open" for name in columns if name == "status"}
    row = kind(**columns | chosen_by_us)
    with on_a_blank_plant() as store:
        with store.writing() as transaction:
            transaction.put([row])
        with store.reading() as snapshot:
            for name in kind.LOOK_UPS:
                looked_up: dict[str, Any] = {name: getattr(row, name)}
                assert list(snapshot.rows(kind, **looked_up)) == [row]


def test_a_name_with_a_nul_in_it_reaches_the_log_and_the_views(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Recorded by a program of before, which refused no such text.
    monkeypatch.setattr(command_check, "_is_plain", lambda _content: True)
    (offered,) = written_by(open_office(), ChangeSupplier(supplier_id=FARM, name=HOSTILE))
    with on_a_blank_plant() as store:
        push(store, the_registers())
        push(store, [offered])
        with store.reading() as snapshot:
            entry = snapshot.entry(offered.commit.id)
            assert entry is not None
            assert entry.verdict is Verdict.ACCEPTED
            row = snapshot.get(SupplierRow, FARM)
            assert row is not None
            assert row.name == HOSTILE
            assert integrity.verify(snapshot).sound


def test_a_commit_that_nobody_can_read_is_parked_to_the_letter() -> None:
    (offered,) = written_by(open_office(), received("L1", litres(5), on=day(1)))
    strange = Recorded(
        id=an_event(1, 1, 1).id,
        aggregate_type=HOSTILE,
        aggregate_id=UUID(int=2**128 - 1),
        event_type=HOSTILE,
        schema_version=2**62,
        payload=bytes(range(256)),
        version=1,
    )
    commit = codec.sealed(
        evolve(
            offered.commit,
            events=(*offered.commit.events, strange),
            command_type=HOSTILE,
            command=b"\x00\xff",
        )
    )
    with on_a_blank_plant() as store:
        push(store, the_registers())
        with store.writing() as transaction:
            answer = receive(
                transaction,
                [Offered(commit=commit, signature=b"\x00")],
                received_at=START_OF_MEMORY,
                state_cache=StateCache(),
            )
        assert answer.stopped is None
        with store.reading() as snapshot:
            entry = snapshot.entry(CommitId(commit.id))
            assert entry is not None
            assert (entry.commit, entry.verdict) == (commit, Verdict.PARKED)
            (item,) = snapshot.rows(ResolutionItemRow)
            assert item.command_type == HOSTILE
            assert list(snapshot.rows(RawLotRow)) == []
            assert integrity.verify(snapshot).sound


def test_rows_stand_in_the_order_of_the_bytes_of_their_ids() -> None:
    """As in SQLite and in memory: any other order would make another plan of the same lots."""
    numbers = [1, 2**64, 2**127 - 1, 2**127, 2**128 - 1, 256, 255]
    with on_a_blank_plant() as store:
        with store.writing() as transaction:
            transaction.put(a_lot(number) for number in numbers)
        with store.reading() as snapshot:
            assert [row.id.int for row in snapshot.rows(RawLotRow)] == sorted(numbers)
