"""Is what is stored what was recorded? The hash chain, the views, and how to make them again."""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from attrs import astuple, define, evolve, field, frozen

from manchengo import codec
from manchengo.application.judge import may_do_nothing
from manchengo.application.replication.effects_check import ForgedEntry, must_follow
from manchengo.application.unit_of_work import folded
from manchengo.application.views.projection import rows
from manchengo.domain import commit as log
from manchengo.domain.aggregates import AGGREGATES, AnyAggregate
from manchengo.domain.commit import NO_HASH, START, Commit, LogEntry, Tip
from manchengo.domain.ids import CommitId, DeviceId, ResolutionItemId, UserId
from manchengo.domain.resolution import Matter
from manchengo.ports.rows import VIEWS, ResolutionItemRow, Row
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.store import Entry, Garbled, GarbledCommit, Snapshot, Store, Transaction

BATCH = 2_000


@frozen(kw_only=True)
class Tampered:
    """The first commit of the log that is not what its author sealed.

    ``fault``: "content" (a byte was changed), "gap" (a commit is missing before it), "link" (it
    does not follow the one before), "added" (it follows the last commit that the tables know of),
    "tip" (commits are missing at the end: none has an id, and ``on`` is the day of the last one
    left), "verdict" (what became of it was changed since), "effects" (what happened by it, as the
    log says, cannot follow from it), "signature" (no device signed it that the log let in),
    "author" (its author did not sign it with a key that the log admits), "place" (a number by which
    the tables find it was changed; without an id where only their sum tells), "stamp" (the last
    stamp kept for the device is none that was written), "history" (as sealed, and yet this program
    cannot make anything of it), "unreadable" (as sealed, and no program can read it: a value of the
    wrong type was recorded). What cannot be read of a changed commit is None.
    """

    commit_id: CommitId | None
    device_id: DeviceId | None
    sequence: int
    on: date | None
    fault: str


@frozen(kw_only=True)
class Unreadable:
    """A commit that is as its author sealed it, and that no program can read."""

    commit_id: CommitId
    item_id: ResolutionItemId
    command_type: str
    user_id: UserId
    device_id: DeviceId
    on: date


@frozen(kw_only=True)
class Verification:
    """What a verification found. ``tampered`` is None when every commit is as sealed.

    ``damaged``: what the database says of its own pages; then nothing else was looked at.
    ``pages_checked``: False where the pages could not be checked; then ``sound`` is about the
    log and the views alone.
    ``views_digest`` is empty where the rows cannot be read, ``rebuilt_digest`` where nothing can be
    made again, because the log cannot be believed. ``unreadable``: as sealed, parked, and waiting
    for a person.
    """

    commits: int
    events: int
    tampered: Tampered | None
    views_digest: str
    rebuilt_digest: str
    unreadable: tuple[Unreadable, ...] = ()
    damaged: tuple[str, ...] = ()
    pages_checked: bool = True

    @property
    def sound(self) -> bool:
        """Whether all is as it was recorded, and the views are what follows from the log."""
        is_as_recorded = self.tampered is None and not self.damaged
        return is_as_recorded and self.views_digest == self.rebuilt_digest


@frozen
class BrokenHistory(Exception):
    """The seals of these events are valid, but an event does not follow from those before it.
    ``commit_id``: of the first such event.
    """

    commit_id: CommitId


def verify_store(store: Store, signatures: SignatureCheck | None = None) -> Verification:
    """Check the pages of the file, then all that stands on them. ``signatures``: as ``verify`` has
    them.
    """
    damaged = store.damaged_pages()
    if damaged:
        return Verification(
            commits=0,
            events=0,
            tampered=None,
            views_digest="",
            rebuilt_digest="",
            damaged=tuple(damaged),
        )
    with store.reading() as snapshot:
        return evolve(verify(snapshot, signatures), pages_checked=damaged is not None)


def verify(snapshot: Snapshot, signatures: SignatureCheck | None = None) -> Verification:
    """Check every commit in order, then the views against a rebuild. Flat in memory.

    ``signatures``: who checks those of the log; None where nobody can.
    """
    chains = Chains(known=snapshot.tips())
    try:
        for commit in snapshot.commits():
            chains.follow(commit)
        tampered = (
            chains.tampered
            or chains.cut_short()
            or chains.stamp_changed()
            or _verdict_changed(snapshot, chains)
            or _misplaced(snapshot)
            or _unsigned(snapshot, signatures)
        )
    except GarbledCommit as garbled:
        tampered = chains.tampered or _garbled(garbled)
    except BrokenHistory as broken:
        tampered = _broken(snapshot, broken)
    rebuilt = ""
    if tampered is None:
        try:
            rebuilt = digest(rebuilt_rows(snapshot))
        except BrokenHistory as broken:
            tampered = _broken(snapshot, broken)
    return Verification(
        commits=chains.commits,
        events=chains.events,
        tampered=tampered,
        views_digest=_views_digest(snapshot),
        rebuilt_digest=rebuilt,
        unreadable=tuple(_unreadable(snapshot)) if tampered is None else (),
    )


def _unreadable(snapshot: Snapshot) -> Iterator[Unreadable]:
    """What is parked because it cannot be read, and was not written by a newer program."""
    open_items = snapshot.rows(ResolutionItemRow, matter=Matter.PARKED.value, status="open")
    for item in open_items:
        if item.refusal == codec.Damaged.__name__:
            yield Unreadable(
                commit_id=item.commit_id,
                item_id=item.id,
                command_type=item.command_type,
                user_id=item.user_id,
                device_id=item.device_id,
                on=item.day,
            )


@define
class Chains:
    """The commits of each device, each linked to the one before. ``known``: where the
    tables say that the chains end.
    """

    known: dict[DeviceId, Tip]
    commits: int = 0
    events: int = 0
    tampered: Tampered | None = None
    _ends: dict[DeviceId, Tip] = field(factory=dict)
    _last_days: dict[DeviceId, date] = field(factory=dict)
    _stamps_not_seen: set[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._stamps_not_seen = {tip.hlc for tip in self.known.values()} - {START.hlc}

    def follow(self, commit: Commit) -> None:
        self.commits += 1
        self.events += len(commit.events)
        if self.tampered is None and (fault := self._fault(commit)):
            self.tampered = Tampered(
                commit_id=commit.id,
                device_id=commit.device_id,
                sequence=commit.sequence,
                on=commit.on,
                fault=fault,
            )
        self._ends[commit.device_id] = Tip(
            sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc
        )
        self._last_days[commit.device_id] = commit.on
        self._stamps_not_seen.discard(commit.hlc)

    def _fault(self, commit: Commit) -> str | None:
        before = self._ends.get(commit.device_id, START)
        known = self.known.get(commit.device_id, START)
        sealed_anew = commit.sequence == known.sequence and commit.hash != known.hash
        if sealed_anew or codec.commit_hash(commit) != commit.hash:
            return "content"
        if commit.sequence != before.sequence + 1:
            return "gap"
        if commit.previous != before.hash:
            return "link"
        if commit.sequence > known.sequence:
            return "added"
        return "unreadable" if isinstance(commit.on, datetime) else None

    def cut_short(self) -> Tampered | None:
        """The first chain, if any, that ends earlier than the tables say."""
        for device_id, known in self.known.items():
            end = self._ends.get(device_id, START)
            if (known.sequence, known.hash) != (end.sequence, end.hash):
                return self._at_the_end(device_id, end.sequence + 1, fault="tip")
        return None

    def stamp_changed(self) -> Tampered | None:
        """The first chain, if any, whose last stamp was never written: a device takes over a later
        stamp that it has seen, so it is that of some commit. All commits must have been followed.
        """
        for device_id, known in self.known.items():
            end = self._ends.get(device_id, START)
            if known.hlc < end.hlc or known.hlc in self._stamps_not_seen:
                return self._at_the_end(device_id, end.sequence, fault="stamp")
        return None

    def _at_the_end(self, device_id: DeviceId, sequence: int, fault: str) -> Tampered:
        return Tampered(
            commit_id=None,
            device_id=device_id,
            sequence=sequence,
            on=self._last_days.get(device_id),
            fault=fault,
        )


def _verdict_changed(snapshot: Snapshot, chains: Chains) -> Tampered | None:
    """The first commit, if any, whose place, verdict or effects are not those that were stored, or
    whose effects cannot follow from it.
    """
    before, again, expected = NO_HASH, 0, 1
    parked: set[CommitId] = set()
    for entry in snapshot.entries():
        commit = entry.commit
        is_as_sealed = codec.entry_hash(entry, before) == entry.hash
        if entry.global_seq != expected or not is_as_sealed or _lost_its_effects(entry):
            return _changed(commit)
        earlier = log.Verdict.PARKED if commit.id in parked else None
        try:
            must_follow(snapshot, entry, earlier=earlier)
        except ForgedEntry:
            return evolve(_changed(commit), fault="effects")
        before, expected = entry.hash, expected + 1
        if entry.verdict is log.Verdict.PARKED:
            parked.add(commit.id)
            again += _was_judged_again(snapshot, entry)
    waiting = 0
    for pending in snapshot.pending():
        waiting += 1
        commit = pending.commit
        if codec.pending_seal(commit.hash, pending.effective, pending.signature) != pending.seal:
            return _changed(commit)
    if expected - 1 - again + waiting != chains.commits:
        return next(
            _changed(commit)
            for commit in snapshot.commits()
            if snapshot.entry(commit.id) is None and not _is_pending(snapshot, commit)
        )
    return None


def _lost_its_effects(entry: LogEntry) -> bool:
    """No effects at all have the same seal as those recorded: not every commit may have none."""
    has_none = entry.effective == () and entry.verdict is log.Verdict.ACCEPTED
    return has_none and not may_do_nothing(entry.commit)


def _misplaced(snapshot: Snapshot) -> Tampered | None:
    found = snapshot.misplaced()
    if found is None:
        return None
    commit = None if found.commit_id is None else snapshot.commit(found.commit_id)
    if commit is None:
        return Tampered(commit_id=None, device_id=None, sequence=0, on=None, fault="place")
    return evolve(_changed(commit), fault="place")


def _unsigned(snapshot: Snapshot, signatures: SignatureCheck | None) -> Tampered | None:
    found = signatures.first_unsigned(snapshot) if signatures is not None else None
    return None if found is None else evolve(_changed(found.commit), fault=found.fault)


def _was_judged_again(snapshot: Snapshot, entry: LogEntry) -> bool:
    latest = snapshot.entry(entry.commit.id)
    return latest is not None and latest.global_seq != entry.global_seq


def _is_pending(snapshot: Snapshot, commit: Commit) -> bool:
    return any(waiting.commit.id == commit.id for waiting in snapshot.pending())


def _changed(commit: Commit) -> Tampered:
    return Tampered(
        commit_id=commit.id,
        device_id=commit.device_id,
        sequence=commit.sequence,
        on=commit.on,
        fault="verdict",
    )


def _garbled(commit: GarbledCommit) -> Tampered:
    return Tampered(
        commit_id=commit.commit_id,
        device_id=commit.device_id,
        sequence=commit.sequence,
        on=commit.on,
        fault="content",
    )


def _broken(snapshot: Snapshot, broken: BrokenHistory) -> Tampered:
    commit = snapshot.commit(broken.commit_id)
    assert commit is not None, "an event is stored with its commit"
    return Tampered(
        commit_id=commit.id,
        device_id=commit.device_id,
        sequence=commit.sequence,
        on=commit.on,
        fault="unreadable" if isinstance(broken.__cause__, codec.Damaged) else "history",
    )


def _views_digest(snapshot: Snapshot) -> str:
    try:
        return digest(stored_rows(snapshot))
    except Garbled:
        return ""


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


def rebuild_one(transaction: Transaction, aggregate_id: UUID) -> int:
    """Drop the rows of one aggregate and make them again from its stream alone; how many."""
    transaction.drop(rows_of(transaction, aggregate_id))
    entries = transaction.stream(aggregate_id)
    made = rows_of_stream(entries) if entries else []
    transaction.put(made)
    return len(made)


def rows_of(snapshot: Snapshot, aggregate_id: UUID) -> list[Row]:
    """The rows of one aggregate as they are stored."""
    found: list[Row] = []
    for kind in VIEWS:
        owner: dict[str, Any] = {kind.KEY[0]: aggregate_id}
        found.extend(snapshot.rows(kind, **owner))
    return found


UNREAD = "unread_aggregates"
"""The setting that names what happened to, in a way this program could not read: ids, separated by
spaces. Their rows are those of before.
"""


def note_unread(transaction: Transaction, aggregate_ids: set[UUID]) -> None:
    known = set((transaction.setting(UNREAD) or "").split())
    transaction.set_setting(UNREAD, " ".join(sorted(known | {str(each) for each in aggregate_ids})))


def has_unread(snapshot: Snapshot) -> bool:
    return bool(snapshot.setting(UNREAD))


def read_at_last(transaction: Transaction) -> None:
    """After an update of the program: make the rows again of what it can read by now."""
    still: list[str] = []
    for name in (transaction.setting(UNREAD) or "").split():
        entries = transaction.stream(UUID(name))
        aggregate = AGGREGATES.get(entries[0].event.aggregate_type) if entries else None
        if entries and (aggregate is None or not folded(aggregate, entries).readable):
            still.append(name)
        else:
            rebuild_one(transaction, UUID(name))
    transaction.set_setting(UNREAD, " ".join(still))


def rebuilt_rows(snapshot: Snapshot) -> Iterator[Row]:
    """Every view row, made from the log alone, aggregate by aggregate."""
    for _, entries in snapshot.streams():
        yield from rows_of_stream(entries)


def rows_of_stream(entries: list[Entry]) -> list[Row]:
    """The rows of one aggregate, from its stream alone; none for one this program does not know.

    ``BrokenHistory`` when its events make no sense.
    """
    aggregate = AGGREGATES.get(entries[0].event.aggregate_type)
    if aggregate is None:
        return []
    try:
        in_order([entry.position for entry in entries])
        return rows(aggregate.name, folded(aggregate, entries).state)
    except Exception as error:  # a fold never refuses: whatever it says, no such thing happened
        raise BrokenHistory(entries[_first_broken(aggregate, entries)].commit_id) from error


def in_order(positions: list[int]) -> None:
    assert positions == list(range(1, len(positions) + 1)), "a stream counts from 1, with no gap"


def _first_broken(aggregate: AnyAggregate, entries: list[Entry]) -> int:
    """The index of the first entry after which the stream cannot be folded any more."""

    def breaks(count: int) -> bool:
        try:
            in_order([entry.position for entry in entries[:count]])
            rows(aggregate.name, folded(aggregate, entries[:count]).state)
        except Exception:  # as above
            return True
        return False

    return bisect_left(range(len(entries)), True, key=lambda index: breaks(index + 1))


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
