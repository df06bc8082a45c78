"""Reads what was added to a database since a checkpoint, and what that touched.

Of what was read before, only the ends are compared (``checkpoint.found``), and the commits of the
streams that were touched since. An old commit, row or page on which nothing new stands may have
been changed beneath: the next reading of the whole finds that.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from uuid import UUID

from attrs import define, evolve, field

from manchengo import codec
from manchengo.application import checkpoint as checkpoints
from manchengo.application.checkpoint import Checkpoint, Counted, Waiting
from manchengo.application.integrity import (
    Since,
    Verification,
    WaitingCount,
    audit_fault,
    broken,
    digest_or_nothing,
    divergences,
    garbled,
    is_as_kept,
    lost_its_effects,
    misplaced,
    unreadable,
    unsigned,
)
from manchengo.application.log_chains import Chains
from manchengo.application.replication.effects_check import ForgedEntry, must_follow
from manchengo.application.tampered import Tampered, tampered
from manchengo.application.views.rebuild import (
    BrokenHistory,
    digest,
    rows_of_stream,
    rows_to_compare,
)
from manchengo.domain.commit import Commit, LogEntry, Recorded, Verdict
from manchengo.domain.ids import CommitId
from manchengo.ports.rows import Row
from manchengo.ports.signature_check import Checked, SignatureCheck
from manchengo.ports.store import Entry, GarbledCommit, Snapshot


def verify_since(
    snapshot: Snapshot, checkpoint: Checkpoint, signatures: SignatureCheck, *, today: date
) -> Verification:
    """Checks every commit that was added since, in the order of the log and then of the queue, and
    the views of whatever they touched.

    ``checkpoint``: one that ``checkpoint.found`` gave for this snapshot. Memory grows with what was
    added, at most ``checkpoint.MOST_NEW`` commits.
    """
    new = _NewPart(snapshot, checkpoint)
    rebuilt = ""
    try:
        first_tampered = (
            new.fault_in_log()
            or new.fault_in_queue()
            or new.fault_at_the_ends()
            or misplaced(snapshot, after=checkpoint.head)
            or unsigned(snapshot, signatures, behind=new.checked)
            or new.fault_beneath()
        )
        if first_tampered is None:
            rebuilt = digest(new.rebuilt_rows())
    except GarbledCommit as garbled_commit:
        first_tampered = new.chains.tampered or garbled(garbled_commit)
    except BrokenHistory as broken_history:
        first_tampered = broken(snapshot, broken_history)
    is_log_sound = first_tampered is None
    in_all = new.in_all
    diverging = tuple(divergences(snapshot, new.entries_to_compare())) if is_log_sound else ()
    verdict = Verification(
        commits=in_all.commits,
        events=in_all.events,
        tampered=first_tampered,
        views_digest=digest_or_nothing(new.stored_rows()),
        rebuilt_digest=rebuilt,
        unreadable=tuple(unreadable(snapshot)) if is_log_sound else (),
        divergences=diverging,
        pages_checked=False,
        audit=audit_fault(snapshot, signatures, is_log_sound=is_log_sound, behind=checkpoint.audit),
        since=Since(
            commits=max(0, in_all.commits - checkpoint.in_all.commits),
            on=checkpoint.on,
            whole_on=checkpoint.whole_on,
        ),
    )
    if not verdict.sound:
        return verdict
    return evolve(
        verdict,
        checkpoint=checkpoints.made(
            snapshot,
            waiting=new.waiting,
            in_all=in_all,
            diverging=tuple(each.commit_id for each in diverging),
            on=today,
            whole_on=checkpoint.whole_on,
        ),
    )


@define
class _NewPart:
    """What was added since the checkpoint. The methods that look for faults are called in the order
    in which they stand here.
    """

    snapshot: Snapshot
    checkpoint: Checkpoint
    chains: Chains = field(init=False)
    _waits: WaitingCount = field(factory=WaitingCount)
    _parked: set[CommitId] = field(init=False)
    _effects: Counter[CommitId] = field(factory=Counter)
    _touched: set[UUID] = field(factory=set)

    @property
    def _is_queue_as_it_was(self) -> bool:
        """Whether the commits that waited then still wait, in their order, and nothing of them was
        taken back: then only those behind them are new. Else all that wait are read.
        """
        snapshot, then = self.snapshot, self.checkpoint
        return (snapshot.cursor(), snapshot.rewinds()) == (then.cursor, then.rewinds)

    @property
    def checked(self) -> Checked:
        """What was read before."""
        then = self.checkpoint
        return Checked(
            cursor=then.cursor,
            ends=then.ends_in_log,
            parked=then.parked,
            waiting=then.last_waiting if self._is_queue_as_it_was else None,
        )

    @property
    def waiting(self) -> Waiting:
        """All that wait."""
        new, then = self._waits.so_far, self.checkpoint
        if not self._is_queue_as_it_was:
            return new
        return Waiting(
            counted=then.in_all - then.in_log + new.counted, last=new.last or then.last_waiting
        )

    @property
    def in_all(self) -> Counted:
        """All commits of the database, and their events."""
        before = self.checkpoint.in_all if self._is_queue_as_it_was else self.checkpoint.in_log
        return before + Counted(commits=self.chains.commits, events=self.chains.events)

    @chains.default
    def _chains_of_then(self) -> Chains:
        then = self.checkpoint
        ends = dict(then.ends_in_log)
        if self._is_queue_as_it_was:
            ends |= then.ends
        chains = Chains(known=self.snapshot.tips(), ends=ends)
        chains.know_stamps(tip.hlc for tip in (*then.ends_in_log.values(), *then.ends.values()))
        return chains

    @_parked.default
    def _parked_then(self) -> set[CommitId]:
        return set(self.checkpoint.parked)

    def fault_in_log(self) -> Tampered | None:
        """The first new entry that is not what was stored, or cannot follow from its commit."""
        before, expected = self.checkpoint.log_hash, self.checkpoint.cursor + 1
        for entry in self.snapshot.entries(after=self.checkpoint.cursor):
            commit = entry.commit
            is_as_sealed = codec.entry_hash(entry, before) == entry.hash
            fault = self._commit_fault(commit)
            if fault:
                return fault
            if entry.global_seq != expected or not is_as_sealed or lost_its_effects(entry):
                return tampered(commit, "verdict")
            earlier = Verdict.PARKED if commit.id in self._parked else None
            try:
                must_follow(self.snapshot, entry, earlier=earlier)
            except ForgedEntry:
                return tampered(commit, "effects")
            self._parked.discard(commit.id)
            if entry.verdict is Verdict.PARKED:
                self._parked.add(commit.id)
            self._touch(commit, entry.effects)
            before, expected = entry.hash, expected + 1
        return None

    def _commit_fault(self, commit: Commit) -> Tampered | None:
        """A commit behind those of its device that were read, or one that was parked."""
        if self.chains.is_new(commit):
            self.chains.follow(commit)
            return self.chains.tampered
        if commit.id not in self._parked:
            return tampered(commit, "verdict")
        return None if codec.commit_hash(commit) == commit.hash else tampered(commit, "content")

    def fault_in_queue(self) -> Tampered | None:
        """The first that waits and is not what was stored."""
        for pending in self.snapshot.pending(after=self.checked.waiting):
            self.chains.follow(pending.commit)
            if self.chains.tampered:
                return self.chains.tampered
            if not is_as_kept(pending):
                return tampered(pending.commit, "verdict")
            self._waits.follow(pending)
            self._touch(pending.commit, pending.effects)
        if self.waiting.counted.commits != self.snapshot.count_pending():
            return NOWHERE
        return None

    def fault_at_the_ends(self) -> Tampered | None:
        """The first chain that does not end as the tables say."""
        return self.chains.cut_short() or self.chains.stamp_changed()

    def fault_beneath(self) -> Tampered | None:
        """The first commit, of those whose events stand in the streams that were touched since,
        that was read before and is not what its author sealed, or has other events there than by
        what is new of it.
        """
        in_streams: Counter[CommitId] = Counter()
        before: set[CommitId] = set()
        for entry in self._entries_of_streams():
            commit_id = entry.commit_id
            if commit_id in self._effects:
                in_streams[commit_id] += 1
            elif commit_id not in before:
                before.add(commit_id)
                commit = self._commit(commit_id)
                if codec.commit_hash(commit) != commit.hash:
                    return tampered(commit, "content")
        for commit_id, count in self._effects.items():
            if in_streams[commit_id] != count and commit_id not in self.checkpoint.parked:
                return tampered(self._commit(commit_id), "place")
        return None

    def rebuilt_rows(self) -> Iterator[Row]:
        """The rows of what was touched, made from the log."""
        for aggregate_id in self._touched:
            yield from self._made(aggregate_id)

    def stored_rows(self) -> Iterator[Row]:
        """The same, as they are stored."""
        for aggregate_id in self._touched:
            made: list[Row] = []
            with suppress(BrokenHistory):  # ``rebuilt_rows`` tells it
                made = self._made(aggregate_id)
            yield from rows_to_compare(self.snapshot, aggregate_id, made)

    def _made(self, aggregate_id: UUID) -> list[Row]:
        stream = self.snapshot.stream(aggregate_id)
        return rows_of_stream(stream) if stream else []

    def entries_to_compare(self) -> Iterator[LogEntry]:
        """The entries whose authors may have seen another log: those that had, then the new."""
        for commit_id in self.checkpoint.diverging:
            entry = self.snapshot.entry(commit_id)
            if entry is not None and entry.global_seq <= self.checkpoint.cursor:
                yield entry
        yield from self.snapshot.entries(after=self.checkpoint.cursor)

    def _touch(self, commit: Commit, effects: tuple[Recorded, ...]) -> None:
        self._effects[commit.id] += len(effects)
        self._touched.update(event.aggregate_id for event in (*commit.events, *effects))

    def _commit(self, commit_id: CommitId) -> Commit:
        commit = self.snapshot.commit(commit_id)
        assert commit is not None, "an event is stored with its commit"
        return commit

    def _entries_of_streams(self) -> Iterator[Entry]:
        for aggregate_id in self._touched:
            yield from self.snapshot.stream(aggregate_id)


NOWHERE = Tampered(commit_id=None, device_id=None, sequence=0, on=None, fault="place")
"""Something is where it should not be, and only the numbers say so."""
