"""What the core thinks of the size of an entry is true of the wire, and an answer carries it."""

from collections.abc import Iterator

import pytest
from attrs import evolve

from manchengo import codec
from manchengo.application.entry_size import MOST_BYTES, size_of
from manchengo.domain.commit import LogEntry, Recorded
from manchengo_sync import wire
from manchengo_sync.http_messages import LARGEST_ANSWER
from manchengo_sync.snapshot import LONGEST_LINE
from tests.support.dairy import A_DAIRY, in_store, kg, litres, received, sold, written_off
from tests.support.plant import Plant

BESIDE_THE_ENTRY = 1024 * 1024
"""Bytes of an answer that are not its entries."""


def entries() -> Iterator[LogEntry]:
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(A_DAIRY, received("L1", litres(100)), *in_store("T1", kg(5)))
    plant.settle()
    office.does(written_off("L1", litres(40)), sold("S1", kg(2)))
    phone.does(written_off("L1", litres(30)))
    plant.settle()
    yield from plant.after(0, 10_000)


def test_no_entry_is_larger_on_the_wire_than_it_is_thought_to_be() -> None:
    log = list(entries())
    assert any(entry.effective for entry in log), "a verdict that did otherwise is among them"
    for entry in log:
        assert len(wire.encode(entry)) <= size_of(entry)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 1_000, 100_001])
def test_a_payload_of_any_length_is_counted_as_it_travels(length: int) -> None:
    *_, entry = entries()
    long = Recorded(
        id=entry.commit.events[0].id,
        aggregate_type="lot",
        aggregate_id=entry.commit.events[0].aggregate_id,
        event_type="lot.recalled",
        schema_version=1,
        payload=b"x" * length,
        version=1,
    )
    commit = codec.sealed(evolve(entry.commit, command=b"y" * length, events=(long,) * 3))
    longer = evolve(entry, commit=commit, effective=(long,) * 5)
    assert len(wire.encode(longer)) <= size_of(longer)


def test_an_answer_and_a_snapshot_carry_the_largest_entry() -> None:
    assert MOST_BYTES + BESIDE_THE_ENTRY <= LARGEST_ANSWER
    assert MOST_BYTES <= LONGEST_LINE
