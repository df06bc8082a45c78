"""The plant's one log, on the server: each commit received gets its number and its verdict.

Everything here happens inside one transaction that the caller holds, after its storage has made
sure that nobody else adds to the log of the same plant.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from attrs import define, field, frozen

from manchengo import codec
from manchengo.application.committing import store_views
from manchengo.application.handlers.resolution import DECISIONS
from manchengo.application.hlc import is_ahead, stamp_at
from manchengo.application.replication.verdicts import Judged, judge_at_head
from manchengo.application.unit_of_work import StateCache
from manchengo.commands import COMMANDS
from manchengo.domain.commit import NO_HASH, Commit, LogEntry, Verdict
from manchengo.domain.ids import CommitId
from manchengo.domain.resolution import Matter
from manchengo.ports.rows import ResolutionItemRow
from manchengo.ports.store import Snapshot, Transaction

BELIEVED_AHEAD = timedelta(minutes=5)
"""How far ahead of the server's clock a stamp may be and still order field writes."""


DECIDING = {name for name, schema in COMMANDS.items() if schema.type in DECISIONS}
"""The commands after which what was parked may have to be judged: it was taken up again, or what it
waited for waits no more.
"""


class Fault(StrEnum):
    """Why a push stopped. GAP: commits before this one are missing. FORKED: another commit bears
    its number already, so two databases write under one id. REFUSED: it is not what its seal says,
    or its id is another commit's. QUOTA: as much as may be was stored today for who offers it.
    """

    GAP = "gap"
    FORKED = "forked"
    REFUSED = "refused"
    QUOTA = "quota"


@frozen(kw_only=True)
class Stopped:
    """``expect``: the sequence number that the log has room for."""

    code: Fault
    expect: int
    commit_id: CommitId


@frozen(kw_only=True)
class Offered:
    """A commit as a device hands it in. ``signature``: its author's, over the commit's hash."""

    commit: Commit
    signature: bytes


@define
class Received:
    """What became of the commits of a push: those now in the log, and where it stopped.
    ``judged``: new entries for commits that had been parked, behind those that entered.
    """

    synced: list[CommitId] = field(factory=list)
    entered: list[LogEntry] = field(factory=list)
    judged: list[LogEntry] = field(factory=list)
    stopped: Stopped | None = None


def receive(
    transaction: Transaction,
    offers: Sequence[Offered],
    *,
    received_at: datetime,
    state_cache: StateCache,
) -> Received:
    """Appends the commits in their order, until one does not fit."""
    received = Received()
    known = transaction.known([offered.commit.id for offered in offers])
    transaction.look_ahead(
        {event.aggregate_id for offered in offers for event in offered.commit.events}
    )
    for offered in offers:
        commit = offered.commit
        earlier = transaction.entry(commit.id) if commit.id in known else None
        if earlier is not None and earlier.commit.hash == commit.hash:
            received.synced.append(commit.id)
            continue
        received.stopped = _out_of_place(transaction, commit, is_taken=earlier is not None)
        if received.stopped is not None:
            break
        received.entered.append(
            enter(transaction, offered, received_at=received_at, state_cache=state_cache)
        )
        known.add(commit.id)
        received.synced.append(commit.id)
    if any(entry.commit.command_type in DECIDING for entry in received.entered):
        received.judged = judge_parked_again(transaction, state_cache=state_cache)
    return received


def _out_of_place(transaction: Transaction, commit: Commit, *, is_taken: bool) -> Stopped | None:
    tip = transaction.tip(commit.device_id)

    def stopped(code: Fault) -> Stopped:
        return Stopped(code=code, expect=tip.sequence + 1, commit_id=commit.id)

    if is_taken or codec.commit_hash(commit) != commit.hash:
        return stopped(Fault.REFUSED)
    if commit.sequence > tip.sequence + 1:
        return stopped(Fault.GAP)
    if commit.sequence <= tip.sequence or commit.previous != tip.hash:
        return stopped(Fault.FORKED)
    return None


def enter(
    transaction: Transaction, offered: Offered, *, received_at: datetime, state_cache: StateCache
) -> LogEntry:
    """Judge the commit at the head and give it the next place, its effects and its view rows."""
    commit = offered.commit
    hlc_eff = commit.hlc
    if is_ahead(commit.hlc, received_at + BELIEVED_AHEAD):
        hlc_eff = stamp_at(received_at, commit.device_id)
    judged = judge_at_head(
        transaction, commit, hlc_eff=hlc_eff, on=received_at.date(), state_cache=state_cache
    )
    entry = next_entry(transaction, commit, offered.signature, judged, hlc_eff=hlc_eff)
    transaction.enter(entry)
    store_views(transaction, judged.shown)
    judged.work.remember()
    return entry


def confirm_own(transaction: Transaction, commit: Commit, *, signature: bytes) -> LogEntry:
    """Give the server's own commit, that was just appended, its place in the log as it is."""
    entry = codec.sealed_entry(
        LogEntry(
            global_seq=transaction.cursor() + 1,
            commit=commit,
            verdict=Verdict.ACCEPTED,
            reason="",
            effective=None,
            hlc_eff=commit.hlc,
            signature=signature,
            hash=NO_HASH,
        ),
        transaction.log_hash(),
    )
    transaction.confirm(entry)
    return entry


def next_entry(
    transaction: Transaction, commit: Commit, signature: bytes, judged: Judged, *, hlc_eff: str
) -> LogEntry:
    """The entry that the commit is given at the head of the log. ``signature``: its device's."""
    return codec.sealed_entry(
        LogEntry(
            global_seq=transaction.cursor() + 1,
            commit=commit,
            verdict=judged.judgement.verdict,
            reason=judged.judgement.reason,
            effective=judged.effective,
            hlc_eff=hlc_eff,
            signature=signature,
            hash=NO_HASH,
        ),
        transaction.log_hash(),
    )


def judge_parked_again(transaction: Transaction, *, state_cache: StateCache) -> list[LogEntry]:
    """New entries for the parked commits that can be judged now, the oldest first."""
    entered: list[LogEntry] = []
    for parked in _parked(transaction):
        commit = parked.commit
        judged = judge_at_head(
            transaction, commit, hlc_eff=parked.hlc_eff, state_cache=state_cache, again=True
        )
        if judged.judgement.verdict is Verdict.PARKED:
            continue
        entry = next_entry(transaction, commit, parked.signature, judged, hlc_eff=parked.hlc_eff)
        transaction.enter(entry)
        store_views(transaction, judged.shown)
        judged.work.remember()
        entered.append(entry)
    return entered


def _parked(snapshot: Snapshot) -> list[LogEntry]:
    waiting: Iterator[LogEntry | None] = (
        snapshot.entry(item.commit_id)
        for item in snapshot.rows(ResolutionItemRow, status="open")
        if item.matter == Matter.PARKED
    )
    parked = [entry for entry in waiting if entry is not None and entry.verdict is Verdict.PARKED]
    return sorted(parked, key=lambda entry: entry.global_seq)
