"""Is what is stored what was recorded? The hash chain, the views, and how to make them again."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
from attrs import astuple, frozen

from manchengo import codec
from manchengo.application.books import folded
from manchengo.application.views.projection import rows
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.commit import START, Commit, Tip
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import VIEWS, Row
from manchengo.ports.store import Entry, Snapshot, Transaction

BATCH = 2_000


@frozen(kw_only=True)
class Tampered:
    """The first commit of the log that is not what its author sealed.

    ``fault``: "content" (a byte was changed), "link" (it does not follow the one before), "gap" (a
    commit is missing before it), "tip" (commits are missing at the end).
    """

    commit_id: CommitId | None
    device_id: DeviceId
    sequence: int
    on: date | None
    fault: str


@frozen(kw_only=True)
class Verdict:
    """What a verification found. ``tampered`` is None when every commit is as sealed.

    ``rebuilt_digest`` is empty where it is not: nothing is made from a log that cannot be believed.
    """

    commits: int
    events: int
    tampered: Tampered | None
    views_digest: str
    rebuilt_digest: str

    @property
    def sound(self) -> bool:
        return self.tampered is None and self.views_digest == self.rebuilt_digest


def verify(snapshot: Snapshot) -> Verdict:
    """Check every commit in order, then the views against a rebuild. Flat in memory."""
    commits = events = 0
    tampered: Tampered | None = None
    tips: dict[DeviceId, Tip] = {}
    for commit in snapshot.commits():
        commits += 1
        events += len(commit.events)
        tampered = tampered or _fault(commit, tips.get(commit.device_id, START))
        tips[commit.device_id] = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
    for device_id, kept in snapshot.tips().items():
        tip = tips.get(device_id, START)
        if tampered is None and (kept.sequence, kept.hash) != (tip.sequence, tip.hash):
            tampered = Tampered(
                commit_id=None,
                device_id=device_id,
                sequence=tip.sequence + 1,
                on=None,
                fault="tip",
            )
    return Verdict(
        commits=commits,
        events=events,
        tampered=tampered,
        views_digest=digest(stored_rows(snapshot)),
        rebuilt_digest="" if tampered else digest(rebuilt_rows(snapshot)),
    )


def _fault(commit: Commit, before: Tip) -> Tampered | None:
    fault = None
    if commit.sequence != before.sequence + 1:
        fault = "gap"
    elif commit.previous != before.hash:
        fault = "link"
    elif codec.commit_hash(commit) != commit.hash:
        fault = "content"
    if fault is None:
        return None
    return Tampered(
        commit_id=commit.id,
        device_id=commit.device_id,
        sequence=commit.sequence,
        on=commit.on,
        fault=fault,
    )


def rebuild(transaction: Transaction) -> int:
    """Drop every view and make it again from the log; how many rows that made."""
    transaction.drop_views()
    written = 0
    batch: list[Row] = []
    for row in rebuilt_rows(transaction):
        batch.append(row)
        if len(batch) >= BATCH:
            transaction.put(batch)
            written += len(batch)
            batch = []
    transaction.put(batch)
    return written + len(batch)


def rebuilt_rows(snapshot: Snapshot) -> Iterator[Row]:
    """Every view row, made from the log alone, aggregate by aggregate."""
    for _, entries in snapshot.streams():
        yield from rows_of_stream(entries)


def rows_of_stream(entries: list[Entry]) -> list[Row]:
    """The rows of one aggregate, from its stream alone; none for one this program does not know."""
    aggregate = AGGREGATES.get(entries[0].event.aggregate_type)
    return [] if aggregate is None else rows(aggregate.name, folded(aggregate, entries).state)


def stored_rows(snapshot: Snapshot) -> Iterator[Row]:
    for kind in VIEWS:
        yield from snapshot.rows(kind)


def digest(some: Iterable[Row]) -> str:
    """One number for a set of rows, whatever their order: the sum of their SHA-256, in hex."""
    encoder = msgspec.json.Encoder()
    total = 0
    for row in some:
        content = encoder.encode([row.TABLE, astuple(row, recurse=False)])
        total += int.from_bytes(hashlib.sha256(content).digest(), "big")
    return f"{total % 2**256:064x}"
