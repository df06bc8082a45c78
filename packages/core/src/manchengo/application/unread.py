"""Aggregates with an event of a newer program, whose rows wait until this program can read it."""

from uuid import UUID

from manchengo.application.unit_of_work import folded
from manchengo.application.views.rebuild import rebuild_one
from manchengo.domain.aggregates import AGGREGATES
from manchengo.ports.store import Snapshot, Transaction

UNREAD = "unread_aggregates"
"""The setting that holds the ids of these aggregates, separated by spaces. Their rows are those of
before the event that this program could not read.
"""


def note_unread(transaction: Transaction, aggregate_ids: set[UUID]) -> None:
    """Remembers that these have an event which this program cannot read."""
    known = set((transaction.setting(UNREAD) or "").split())
    transaction.set_setting(UNREAD, " ".join(sorted(known | {str(each) for each in aggregate_ids})))


def has_unread(snapshot: Snapshot) -> bool:
    """Whether any aggregate has such an event."""
    return bool(snapshot.setting(UNREAD))


def rebuild_readable(transaction: Transaction) -> None:
    """After an update of the program: makes the rows again of those that it can read by now."""
    still: list[str] = []
    for name in (transaction.setting(UNREAD) or "").split():
        entries = transaction.stream(UUID(name))
        aggregate = AGGREGATES.get(entries[0].event.aggregate_type) if entries else None
        if entries and (aggregate is None or not folded(aggregate, entries).readable):
            still.append(name)
        else:
            rebuild_one(transaction, UUID(name))
    transaction.set_setting(UNREAD, " ".join(still))
