"""Predictions of what pending commits do: rolled back before entries apply, then made again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from attrs import define, field

from manchengo import codec
from manchengo.application.committing import store_views
from manchengo.application.replication.content_errors import FROM_THE_CONTENT
from manchengo.application.replication.verdicts import judge_at_head
from manchengo.application.unit_of_work import StateCache, folded
from manchengo.application.views.projection import difference, rows
from manchengo.application.views.rebuild import rows_of
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.ids import CommitId
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot, Transaction


@define
class LogChanges:
    """What changed on the device. ``entries``: applied. ``own``: commits that were pending here and
    are in the log now; of those, ``confirmed`` have the effects that were predicted. ``predicted``:
    pending commits that were predicted again. ``dropped``: pending commits of which nothing can be
    predicted any more, each with the error; they stay in the queue.
    """

    entries: int = 0
    own: int = 0
    confirmed: int = 0
    predicted: int = 0
    dropped: list[tuple[CommitId, str]] = field(factory=list)


def rewind(transaction: Transaction, state_cache: StateCache) -> None:
    """Rolls back every prediction: streams and views are then those of the log alone."""
    guessed = [
        (each.commit.id, {event.aggregate_id for event in each.effects})
        for each in transaction.pending()
        if each.effects
    ]
    with rows_follow(transaction, (touched for _, touched in guessed)):
        for commit_id, _ in reversed(guessed):
            transaction.roll_back(commit_id)
    state_cache.forget()


def predict_all(transaction: Transaction, state_cache: StateCache, changes: LogChanges) -> None:
    """Predicts what every pending commit does at the head of the log, after a ``rewind``.

    A commit that makes the judge fail is left out of the predictions and stays in the queue.
    """
    for commit in [waiting.commit for waiting in transaction.pending()]:
        try:
            judged = judge_at_head(transaction, commit, hlc_eff=commit.hlc, state_cache=state_cache)
        except FROM_THE_CONTENT as error:
            changes.dropped.append((commit.id, f"{type(error).__name__}: {error}"))
            continue
        transaction.predict(commit.id, judged.effective)
        store_views(transaction, judged.shown)
        judged.work.remember()
        changes.predicted += 1


@contextmanager
def rows_follow(transaction: Transaction, touched: Iterable[set[UUID]]) -> Iterator[None]:
    """Brings the rows of these aggregates up to date at the end of a block that rolls back some of
    their events.
    """
    before = {
        aggregate_id: _rows(transaction, aggregate_id) for some in touched for aggregate_id in some
    }
    yield
    for aggregate_id, was in before.items():
        gone, changed = difference(was, _rows(transaction, aggregate_id))
        transaction.drop(gone)
        transaction.put(changed)


def _rows(snapshot: Snapshot, aggregate_id: UUID) -> list[Row]:
    entries = snapshot.stream(aggregate_id)
    aggregate = AGGREGATES.get(entries[0].event.aggregate_type) if entries else None
    if aggregate is None:
        return []
    try:
        return rows(aggregate.name, folded(aggregate, entries).state)
    except codec.Damaged:  # of a commit to be parked: whatever shows of it is what was stored
        return rows_of(snapshot, aggregate_id)
