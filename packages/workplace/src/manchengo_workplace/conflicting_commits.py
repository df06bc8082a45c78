"""What others had recorded on the same things when something was recorded apart and refused."""

import json
from collections.abc import Iterator
from typing import Any

from manchengo.application.spellings import rows_of_code
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.names import comparison_key
from manchengo.domain.resolution import Matter
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    FinishedLotRow,
    FinishedProductRow,
    ProductionOrderRow,
    RawLotRow,
    RawProductRow,
    ResolutionItemRow,
    SalesOrderRow,
    SupplierRow,
    UserRow,
)
from manchengo.ports.store import Snapshot

MOST = 10

TAKEN: dict[str, tuple[type[Any], ...]] = {
    "supplier": (SupplierRow,),
    "client": (ClientRow,),
    "product": (RawProductRow, FinishedProductRow),
    "lot": (RawLotRow, FinishedLotRow),
    "production_order": (ProductionOrderRow,),
    "sales_order": (SalesOrderRow,),
    "delivery": (DeliveryRow,),
}
"""Where to look for whoever has a code already."""


def stood_against(snapshot: Snapshot, row: ResolutionItemRow, commit: Commit) -> Iterator[Commit]:
    """What others had recorded on the same things that its author had not seen, the oldest first.

    The version an author expects counts what was in the stream before: what of that was not the
    author's own was others'. A code that is taken was taken by whoever made the thing that bears
    it.
    """
    found: dict[Any, LogEntry] = {}
    placed = snapshot.entry(commit.id)
    for aggregate_id, seen in _seen(snapshot, commit).items():
        theirs = []
        for each in snapshot.stream(aggregate_id):
            entry = snapshot.entry(each.commit_id)
            if entry is None or (placed and entry.global_seq >= placed.global_seq):
                continue
            if entry.commit.device_id != commit.device_id:
                theirs.append(entry)
            else:
                seen -= 1
        found |= {entry.commit.id: entry for entry in theirs[max(seen, 0) :]}
    latest = sorted(found.values(), key=lambda entry: entry.global_seq)[-MOST:]
    yield from (entry.commit for entry in latest)
    if row.refusal == "AlreadyExists":
        yield from _holder(snapshot, json.loads(row.facts))


def _seen(snapshot: Snapshot, commit: Commit) -> dict[Any, int]:
    """Of each thing it is about, how many events its author saw there that stand in the log: those
    of its own that were refused do not.
    """
    refused = [
        other
        for row in snapshot.rows(ResolutionItemRow, device_id=commit.device_id)
        if row.matter == Matter.REJECTED
        and (other := snapshot.commit(row.commit_id)) is not None
        and other.sequence < commit.sequence
    ]
    seen: dict[Any, int] = {}
    for event in commit.events:
        seen[event.aggregate_id] = min(
            seen.get(event.aggregate_id, event.version - 1), event.version - 1
        )
    for other in refused:
        for event in other.events:
            if event.aggregate_id in seen:
                seen[event.aggregate_id] -= 1
    return seen


def _holder(snapshot: Snapshot, facts: dict[str, str]) -> Iterator[Commit]:
    if facts.get("kind") == "user":
        yield from _registrant(snapshot, facts.get("reference", ""))
    kinds = TAKEN.get(facts.get("kind", ""), ())
    for row in rows_of_code(snapshot, facts.get("reference", ""), *kinds):
        stream = snapshot.stream(row.id)
        made = snapshot.commit(stream[0].commit_id) if stream else None
        if made is not None:
            yield made


def _registrant(snapshot: Snapshot, name: str) -> Iterator[Commit]:
    """What made the user known who has that name already."""
    for row in snapshot.rows(UserRow):
        if comparison_key(row.name) == comparison_key(name):
            stream = snapshot.stream(row.id)
            made = snapshot.commit(stream[0].commit_id) if stream else None
            if made is not None:
                yield made
