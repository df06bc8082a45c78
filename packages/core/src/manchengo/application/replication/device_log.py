"""Applies the log on a device: rolls predictions back, applies new entries, predicts again.

One transaction holds it all: confirmed entries, cursor, predictions and view rows. A commit leaves
the queue when the device reads it in the log, not when a server says that it arrived.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from attrs import define, evolve, field, frozen

from manchengo import codec
from manchengo.application.committing import write_views
from manchengo.application.hlc import is_ahead
from manchengo.application.replication.author_check import must_be_its_authors
from manchengo.application.replication.effects_check import is_as_recorded, must_follow, must_wait
from manchengo.application.replication.predictions import LogChanges, predict_all, rewind
from manchengo.application.replication.resealing import reseal_in_chain
from manchengo.application.replication.reused_ids import is_same, reported
from manchengo.application.replication.verdicts import record_again
from manchengo.application.unit_of_work import StateCache, UnitOfWork, decoded_event
from manchengo.application.unread import note_unread
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.commit import Commit, LogEntry, Verdict
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.store import Pending, Transaction

ADOPTED_AHEAD = timedelta(minutes=5)
"""A stamp further in the future than this is not adopted: the clock that made it is wrong."""


@frozen(kw_only=True)
class OutOfOrder(Exception):
    """An entry is not the one that comes next: nothing of the page is applied."""

    expected: int
    found: int


@frozen
class Forked(Exception):
    """The log holds a commit under this device's id that it never wrote: another database writes
    under the same id. Call ``adopt_device_id`` first.
    """

    commit_id: CommitId


@frozen(kw_only=True)
class AnotherLog(Exception):
    """An entry does not follow the log that this device holds: it was changed on the way, or the
    server has another log from some entry on. Nothing of the page is applied.
    """

    global_seq: int


def apply_confirmed(
    transaction: Transaction,
    entries: Sequence[LogEntry],
    *,
    device_id: DeviceId,
    now: datetime,
    state_cache: StateCache,
) -> LogChanges:
    """Applies the next entries of the log; entries that the device already has are passed over.

    Raises ``OutOfOrder`` when one is missing, ``AnotherLog`` when it is not the same log,
    ``Forked`` when another database writes under this device's id, and ``ForgedEntry`` when the
    effects of a commit cannot follow from it, or its author had no right to them. When the
    transaction fails, the caller forgets ``state_cache``.
    """
    known = transaction.known([entry.commit.id for entry in entries])
    waits = transaction.count_pending() > 0
    pull = _Pull(transaction, device_id, now, state_cache, known, waits, transaction.pending())
    for entry in entries:
        cursor = transaction.cursor()
        if entry.global_seq <= cursor:
            continue
        if entry.global_seq != cursor + 1:
            raise OutOfOrder(expected=cursor + 1, found=entry.global_seq)
        if codec.entry_hash(entry, transaction.log_hash()) != entry.hash:
            raise AnotherLog(global_seq=entry.global_seq)
        pull.apply(entry)
    pull.finish()
    return pull.changes


@define
class _Pull:
    transaction: Transaction
    device_id: DeviceId
    now: datetime
    state_cache: StateCache
    known: set[CommitId]
    waits: bool
    waiting: Iterator[Pending]
    changes: LogChanges = field(factory=LogChanges)
    _rewound: bool = False
    _replaced: set[DeviceId] = field(factory=set)
    _stamps_gone: set[str] = field(factory=set)
    _latest: str = ""

    def apply(self, entry: LogEntry) -> None:
        commit = entry.commit
        if self._is_as_predicted(entry):
            self.transaction.confirm(entry)
            self.changes.confirmed += 1
            self.changes.own += 1
        else:
            self._apply_unpredicted(entry)
        if not is_ahead(commit.hlc, self.now + ADOPTED_AHEAD):
            self._latest = max(self._latest, commit.hlc)
        self.known.add(commit.id)
        self.changes.entries += 1

    def _apply_unpredicted(self, entry: LogEntry) -> None:
        commit = entry.commit
        known = self.transaction.commit(commit.id) if commit.id in self.known else None
        if commit.device_id == self.device_id and not _is_recorded_here(known, commit):
            raise Forked(commit.id)
        if self.waits and not self._rewound:
            rewind(self.transaction, self.state_cache)
            self._rewound = True
        earlier = self.transaction.entry(commit.id) if known is not None else None
        verdict_before = earlier.verdict if earlier is not None else None
        must_follow(self.transaction, entry, earlier=verdict_before)
        if verdict_before is Verdict.PARKED:
            must_wait(self.transaction, entry)
        must_be_its_authors(self.transaction, entry, self.state_cache)
        if known is not None and earlier is None:
            self._replaced.add(known.device_id)
            if is_same(known, commit):
                self.changes.own += 1
                self._stamps_gone.add(known.hlc)
            else:
                report = codec.sealed(reported(known, commit))
                self.transaction.reseal(known.id, report)
        apply(self.transaction, entry, self.state_cache)

    def finish(self) -> None:
        """Predicts again what is still pending, and moves the device's clock behind the stamps that
        it saw.
        """
        if self._rewound:
            reseal_in_chain(
                self.transaction,
                self.device_id,
                replaced=self._replaced,
                stamps_gone=self._stamps_gone,
            )
            predict_all(self.transaction, self.state_cache, self.changes)
        tip = self.transaction.tip(self.device_id)
        if self._latest > tip.hlc:
            self.transaction.set_tip(self.device_id, evolve(tip, hlc=self._latest))

    def _is_as_predicted(self, entry: LogEntry) -> bool:
        """Whether the entry is the oldest pending commit, with the effects that this device
        predicted. Its events and rows are then stored already, before those of later predictions.
        """
        if not self.waits or self._rewound or not is_as_recorded(entry):
            return False
        first = next(self.waiting, None)  # where it is another, all are rolled back
        return (
            first is not None
            and first.commit.id == entry.commit.id
            and first.commit.hash == entry.commit.hash
            and first.effective is None
        )


def _is_recorded_here(known: Commit | None, commit: Commit) -> bool:
    """Whether this device recorded it. Seals are not compared: it may have been sealed again since
    it was offered.
    """
    return known is not None and known.events == commit.events and is_same(known, commit)


def apply(transaction: Transaction, entry: LogEntry, state_cache: StateCache) -> None:
    """Applies the effects of one entry as the log has them; nothing is judged again."""
    work = UnitOfWork(transaction, state_cache)
    unread: set[UUID] = set()
    for event in entry.effects:
        aggregate = AGGREGATES.get(event.aggregate_type)
        if aggregate is None:
            unread.add(event.aggregate_id)
            continue
        try:
            new_events = decoded_event(event) if work.reads(aggregate, event.aggregate_id) else None
        except codec.UnknownEvent:
            new_events = None
        if new_events is None:
            work.pass_over(aggregate, event.aggregate_id)
            unread.add(event.aggregate_id)
        else:
            record_again(work, aggregate, event.aggregate_id, new_events)
    transaction.enter(entry)
    write_views(transaction, work)
    work.remember()
    if unread:
        note_unread(transaction, unread)
