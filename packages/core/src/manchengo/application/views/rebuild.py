"""Makes view rows again from the log alone, and compares sets of rows by one number."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from attrs import frozen

from manchengo.application.counting import Progress, counted, nobody_told
from manchengo.application.unit_of_work import folded_events
from manchengo.application.views.projection import rows
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.ids import CommitId
from manchengo.ports.making_apart import MakesApart
from manchengo.ports.rows import VIEWS, Row, values_of
from manchengo.ports.store import Entry, Snapshot, StreamEvent, Transaction

BATCH = 2_000
"""How many rows are written at a time."""


@frozen
class BrokenHistory(Exception):
    """The seals of these events are valid, but an event does not follow from those before it.
    ``commit_id``: of the first such event.
    """

    commit_id: CommitId


def rebuild(transaction: Transaction, progress: Progress = nobody_told) -> int:
    """Drop every view and make it again from the log; how many rows that made. ``progress``: with
    the events that were read, and about how many there are.
    """
    transaction.drop_views()
    whole = transaction.head()

    def step(count: int) -> None:
        progress(min(count, whole), whole)

    if isinstance(transaction, MakesApart):
        return transaction.put_made(rows_of_events, step)
    return _put(transaction, rebuilt_rows(counted(transaction, step)))


def _put(transaction: Transaction, rows: Iterable[Row]) -> int:
    written = 0
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= BATCH:
            transaction.put(batch)
            written += len(batch)
            batch = []
    transaction.put(batch)
    return written + len(batch)


def rebuild_one(transaction: Transaction, aggregate_id: UUID) -> int:
    """Drop the rows of one aggregate and make them again from its stream alone; how many."""
    transaction.drop(rows_of(transaction, aggregate_id))
    entries = transaction.stream(aggregate_id)
    made = rows_of_stream(entries) if entries else []
    transaction.put(made)
    return len(made)


def rows_of(snapshot: Snapshot, aggregate_id: UUID) -> list[Row]:
    """The rows of one aggregate as they are stored. Of kinds that are not kept by their owner, as
    movements are not, all rows are looked through.
    """
    found: list[Row] = []
    for kind in VIEWS:
        owner: dict[str, Any] = {kind.owned_by(): aggregate_id}
        found.extend(snapshot.rows(kind, **owner))
    return found


def rows_to_compare(snapshot: Snapshot, aggregate_id: UUID, made: list[Row]) -> Iterator[Row]:
    """The stored rows of one aggregate, to be compared with ``made``, which its stream gives. As
    ``rows_of``, but of kinds that are not kept by their owner it looks only where one of ``made``
    has its place: of movements, on the same days.
    """
    for kind in VIEWS:
        owner, first = kind.owned_by(), kind.KEY[0]
        equal: dict[str, Any] = {owner: aggregate_id}
        if owner == first:
            yield from snapshot.rows(kind, **equal)
        else:
            for place in {getattr(row, first) for row in made if type(row) is kind}:
                yield from snapshot.rows(kind, **equal | {first: place})


def rebuilt_rows(snapshot: Snapshot) -> Iterator[Row]:
    """Every view row, made from the log alone, aggregate by aggregate."""
    for aggregate_id, events in snapshot.streams():
        yield from rows_of_events(snapshot, aggregate_id, events)


def rows_of_events(
    snapshot: Snapshot, aggregate_id: UUID, events: Sequence[StreamEvent]
) -> list[Row]:
    """As ``rows_of_stream``, for a stream as ``Snapshot.streams`` gives it."""
    try:
        return _rows(events)
    except Exception:  # only then does it matter which commit an event is of
        return rows_of_stream(snapshot.stream(aggregate_id))


def rows_of_stream(entries: list[Entry]) -> list[Row]:
    """The rows of one aggregate, from its stream alone; none for one this program does not know.

    ``BrokenHistory`` when its events make no sense.
    """
    events = [entry.as_folded() for entry in entries]
    try:
        return _rows(events)
    except Exception as error:  # a fold never refuses: whatever it says, no such thing happened
        raise BrokenHistory(entries[_first_broken(events)].commit_id) from error


def _rows(events: Sequence[StreamEvent]) -> list[Row]:
    aggregate = AGGREGATES.get(events[0].aggregate_type)
    if aggregate is None:
        return []
    in_order([event.position for event in events])
    return rows(aggregate.name, folded_events(aggregate, events).state)


def in_order(positions: list[int]) -> None:
    """Asserts that the positions of a stream count from 1."""
    assert positions == list(range(1, len(positions) + 1)), "a stream counts from 1, with no gap"


def _first_broken(events: Sequence[StreamEvent]) -> int:
    """The index of the first event after which the stream cannot be folded any more."""

    def breaks(count: int) -> bool:
        try:
            _rows(events[:count])
        except Exception:  # as above
            return True
        return False

    return bisect_left(range(len(events)), True, key=lambda index: breaks(index + 1))


def stored_rows(snapshot: Snapshot) -> Iterator[Row]:
    """Every view row as it is stored."""
    for kind in VIEWS:
        yield from snapshot.rows(kind)


def digest(some: Iterable[Row]) -> str:
    """One number for a set of rows, whatever their order: the sum of their SHA-256, in hex."""
    encoder = msgspec.json.Encoder()
    total = 0
    for row in some:
        content = encoder.encode([row.TABLE, values_of(row)])
        total += int.from_bytes(hashlib.sha256(content).digest(), "big")
    return f"{total % 2**256:064x}"
