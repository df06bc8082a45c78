"""The commits of other devices because of which a commit of this one was refused."""

import json
from collections.abc import Iterator
from typing import Any

from manchengo.application.coded_rows import CODED_ROWS
from manchengo.application.permitted_snapshot import whole
from manchengo.application.spellings import rows_of_code
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.names import comparison_key
from manchengo.domain.resolution import Matter
from manchengo.ports.rows import ResolutionItemRow, UserRow
from manchengo.ports.store import Snapshot

MOST = 10


def unseen_commits(snapshot: Snapshot, row: ResolutionItemRow, commit: Commit) -> Iterator[Commit]:
    """The commits of other devices on the same aggregates that the author had not seen, the oldest
    first. Where the code was taken: the commit that made the thing which bears it.

    An event's expected version counts the events that its author saw in the stream, so those of
    other devices beyond that number were not seen.
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
    if row.refusal == "AlreadyExists":  # a code is everybody's to read, the rest of it is not
        item = whole(snapshot).get(ResolutionItemRow, row.id)
        assert item is not None, "its row was read"
        yield from _commit_of_taken_code(snapshot, json.loads(item.facts))


def _seen(snapshot: Snapshot, commit: Commit) -> dict[Any, int]:
    """For each aggregate of the commit: how many accepted events its author saw in the stream. The
    author's own events that were refused do not count.
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


def _commit_of_taken_code(snapshot: Snapshot, facts: dict[str, str]) -> Iterator[Commit]:
    if facts.get("kind") == "user":
        yield from _registration(snapshot, facts.get("reference", ""))
    row_types = CODED_ROWS.get(facts.get("kind", ""), ())
    for row in rows_of_code(snapshot, facts.get("reference", ""), *row_types):
        stream = snapshot.stream(row.id)
        made = snapshot.commit(stream[0].commit_id) if stream else None
        if made is not None:
            yield made


def _registration(snapshot: Snapshot, name: str) -> Iterator[Commit]:
    """The commit that registered the user who has that name."""
    for row in snapshot.rows(UserRow):
        if comparison_key(row.name) == comparison_key(name):
            stream = snapshot.stream(row.id)
            made = snapshot.commit(stream[0].commit_id) if stream else None
            if made is not None:
                yield made
