"""Judges a whole log again, and names the entries that this program would have judged otherwise.

A device believes the server's verdicts as long as their effects can follow from the commits: a
server in other hands may refuse what the rules allow, or choose other lots. Who asks for it finds
that out here. A server of another version may have judged otherwise as well, and rightly so.
"""

from collections.abc import Iterator
from datetime import date
from itertools import islice

from attrs import frozen

from manchengo.application.replication.device_log import apply
from manchengo.application.replication.verdicts import Judged, judge_at_head
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import CommitId
from manchengo.ports.settings import PLANT_ID
from manchengo.ports.store import Snapshot, Store, Transaction

AT_ONCE = 1_000
"""Entries in one transaction of the scratch store."""


@frozen(kw_only=True)
class JudgedOtherwise:
    """``entry``: as the log has it. ``verdict`` and ``reason``: what this program says there. Where
    both are those of the entry, its effects are others: other lots, for the most part.
    """

    entry: LogEntry
    verdict: Verdict
    reason: str


def judged_otherwise(snapshot: Snapshot, *, scratch: Store) -> Iterator[JudgedOtherwise]:
    """In the order of the log, which has to be sound. What was parked is left out, since another
    program could not read it. It takes several times as long as a rebuild.

    ``scratch``: an empty store, into which the log is written once more as it is judged.
    """
    state_cache, parked = StateCache(), set[CommitId]()
    with scratch.writing() as transaction:
        transaction.set_setting(PLANT_ID, snapshot.setting(PLANT_ID) or "")
    entries = snapshot.entries()
    while page := list(islice(entries, AT_ONCE)):
        with scratch.writing(durable=False) as transaction:
            for entry in page:
                again = entry.commit.id in parked
                if entry.verdict is Verdict.PARKED:
                    parked.add(entry.commit.id)
                else:
                    found = _otherwise(transaction, entry, state_cache, again=again)
                    if found is not None:
                        yield found
                apply(transaction, entry, state_cache)


def _otherwise(
    transaction: Transaction, entry: LogEntry, state_cache: StateCache, *, again: bool
) -> JudgedOtherwise | None:
    """On which day the server judged it is in no log: what was refused may have come too late."""
    days = (None, date.max) if entry.verdict is Verdict.REJECTED else (None,)
    judged = [
        judge_at_head(
            transaction,
            entry.commit,
            hlc_eff=entry.hlc_eff,
            on=day,
            state_cache=state_cache,
            again=again,
        )
        for day in days
    ]
    if any(_is_the_same(each, entry) for each in judged):
        return None
    now = judged[0].judgement
    return JudgedOtherwise(entry=entry, verdict=now.verdict, reason=now.reason)


def _is_the_same(judged: Judged, entry: LogEntry) -> bool:
    now = judged.judgement
    return (now.verdict, now.reason, judged.effective) == (
        entry.verdict,
        entry.reason,
        entry.effective,
    )
