"""An entry that no device takes in stops all of them: from it on, the log is judged once more.

The server's own verdict was wrong there, by a fault of a program of before. Commits keep their
order, their seals and their signatures; only verdicts and effects may become others. What stands
before that entry stays to the byte.
"""

from collections.abc import Sequence
from datetime import date

from manchengo.application.committing import store_views
from manchengo.application.entry_size import MOST_BYTES, size_of
from manchengo.application.replication.effects_check import ForgedEntry, must_follow
from manchengo.application.replication.predictions import rows_follow
from manchengo.application.replication.server_log import judge_parked_again, next_entry
from manchengo.application.replication.verdicts import judge_at_head
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import CommitId
from manchengo.ports.store import Snapshot, Transaction


def first_refused(snapshot: Snapshot) -> tuple[LogEntry, str] | None:
    """The first entry of the log that devices do not take in, and why, in English; None where they
    take in all. It reads the whole log, and is flat in memory but for what is parked.
    """
    parked: set[CommitId] = set()
    for entry in snapshot.entries():
        earlier = Verdict.PARKED if entry.commit.id in parked else None
        try:
            must_follow(snapshot, entry, earlier=earlier)
        except ForgedEntry as forged:
            return entry, forged.why
        if entry.effective is not None and size_of(entry) > MOST_BYTES:
            return entry, f"no answer carries more than {MOST_BYTES} bytes"
        if entry.verdict is Verdict.PARKED:
            parked.add(entry.commit.id)
    return None


def reopen_from(transaction: Transaction, place: int, *, state_cache: StateCache) -> list[LogEntry]:
    """Removes the entries from that place on from the log, and returns them in their order. In the
    same transaction they have to ``enter_anew``.
    """
    entries = list(transaction.entries(after=place - 1))
    with rows_follow(transaction, [{event.aggregate_id for event in e.effects} for e in entries]):
        for _ in entries:
            transaction.reopen()
    state_cache.forget()
    return entries


def enter_anew(
    transaction: Transaction, entries: Sequence[LogEntry], *, on: date, state_cache: StateCache
) -> None:
    """Gives each of their commits its next place in the log and the verdict of this program.

    ``on``: today, by which what was too late stays too late. What was accepted was in time.
    """
    for former in entries:
        if transaction.entry(former.commit.id) is not None:
            continue  # parked by an earlier entry: judged below, where it can be
        judged = judge_at_head(
            transaction,
            former.commit,
            hlc_eff=former.hlc_eff,
            on=None if former.verdict is Verdict.ACCEPTED else on,
            state_cache=state_cache,
        )
        entry = next_entry(
            transaction, former.commit, former.signature, judged, hlc_eff=former.hlc_eff
        )
        transaction.enter(entry)
        store_views(transaction, judged.shown)
        judged.work.remember()
    judge_parked_again(transaction, state_cache=state_cache)
    assert not transaction.count_pending(), "each of them is in the log again"
