"""Commits of an older program that nobody can read: a person decides on them, and work goes on.

Before commands were checked whole, a value of a similar type (a ``datetime`` for a ``date``) was
sealed as it was given. A migration notes the pending commits of that kind.
"""

from uuid import UUID

from manchengo import codec
from manchengo.application.replication.resealing import reseal_pending
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.settings import UNREADABLE
from manchengo.ports.store import Snapshot, Transaction


def has_unreadable(snapshot: Snapshot) -> bool:
    """Whether the migration noted commits that no program can read."""
    return bool(snapshot.setting(UNREADABLE))


def set_aside(transaction: Transaction, device_id: DeviceId, state_cache: StateCache) -> None:
    """Parks the commits that the migration noted, each with its item, as the server will. Their
    effects are rolled back, and so are those of later commits on the same aggregates. A commit that
    was changed since it was sealed stays as it is, so that ``verify`` names it.
    """
    noted = (transaction.setting(UNREADABLE) or "").split()
    transaction.set_setting(UNREADABLE, "")
    commits = [transaction.commit(CommitId(UUID(name))) for name in noted]
    if any(each and codec.commit_hash(each) == each.hash for each in commits):
        reseal_pending(transaction, device_id, state_cache=state_cache)
