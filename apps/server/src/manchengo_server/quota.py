"""How much a device may have the server store in a day: its family, whatever id it writes under.

What a device offers is kept for ever, by the server and by every device, whatever its verdict. So a
family has a quota of bytes for each day (UTC) of the server's clock. What the log holds already
counts nothing when it is offered again; what the server lost has room beside it (``reoffers``).
What a commit brings about, such as the conflict it opens, is counted once it is known: one request
may go beyond the quota by that.
"""

from collections.abc import Sequence
from datetime import date

from attrs import evolve, frozen

from manchengo.application.replication.server_log import Fault, Offered, Stopped
from manchengo.domain.commit import LogEntry
from manchengo.domain.device import QuotaLifted
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.context import ServerContext
from manchengo_server.entry_cache import weight_of, weight_of_commit
from manchengo_server.family_log import known_family_rows, places
from manchengo_server.reoffers import Reoffers

STORED = "server.stored."
"""The setting, followed by the id of a family's first device, that holds what was stored for it:
the day, the bytes, and the last entry of the log when their count began.
"""


@frozen(kw_only=True)
class Quota:
    """``most``: bytes a day. ``used``: of them, on ``day``; counted since the entry ``since`` of
    the log. ``family``: its devices, the first of them first. ``reoffers``: what it may store
    beside, where the server lost the end of its log.
    """

    most: int
    family: tuple[DeviceId, ...]
    day: date
    used: int
    since: int
    reoffers: Reoffers

    @classmethod
    def of(cls, context: ServerContext, transaction: Transaction, device_id: DeviceId) -> "Quota":
        """What the device and the copies of its database stored today, in bytes, and how much they
        may.
        """
        known = known_family_rows(transaction, context.state_cache, device_id)
        rows = sorted(known, key=lambda row: (len(row.mark), row.mark))
        family = tuple(row.id for row in rows)
        today = context.clock.now().date()
        day, used, since = (transaction.setting(STORED + str(family[0])) or "- 0 0").split()
        if day != today.isoformat():
            used, since = "0", str(transaction.cursor())
        return cls(
            most=context.daily_bytes,
            family=family,
            day=today,
            used=int(used),
            since=int(since),
            reoffers=Reoffers.of(transaction, family[0]),
        )

    @property
    def left(self) -> int:
        """How many bytes may still be stored today, with those beside the quota of the day."""
        beside = self.reoffers.days * self.most - self.reoffers.used
        return max(0, self.most - self.used) + max(0, beside)

    def lifted(self, snapshot: Snapshot) -> "Quota":
        """The quota as it is after an administrator lifted it: counted anew from there."""
        found = [place for each in self.family for place in places(snapshot, each, QuotaLifted)]
        if any(place.global_seq > self.since for place in found):
            return evolve(self, used=0, since=snapshot.cursor())
        return self

    def first_beyond(self, snapshot: Snapshot, offers: Sequence[Offered]) -> int | None:
        """The index of the first offer that is not stored today; None when all are.

        The first commit of a day is stored whatever its size, so that every commit is stored some
        day.
        """
        known = snapshot.known([each.commit.id for each in offers])
        offered_bytes = 0
        for place, offered in enumerate(offers):
            if offered.commit.id in known:
                continue
            before = self.used + offered_bytes
            offered_bytes += weight_of_commit(offered.commit)
            if before and offered_bytes > self.left:
                return place
        return None

    def count(self, transaction: Transaction, entered: Sequence[LogEntry]) -> None:
        """Adds what was stored."""
        self.count_bytes(transaction, sum(map(weight_of, entered)))

    def count_bytes(self, transaction: Transaction, stored: int) -> None:
        """Adds so many bytes."""
        if stored:
            used = self.used + stored
            beside = max(0, used - self.most) - max(0, self.used - self.most)
            if self.reoffers.days:
                self.reoffers.count(transaction, self.family[0], beside)
            transaction.set_setting(
                STORED + str(self.family[0]), f"{self.day.isoformat()} {used} {self.since}"
            )


def within(
    context: ServerContext, transaction: Transaction, offers: Sequence[Offered], *, by: DeviceId
) -> tuple[Quota, Sequence[Offered], Stopped | None]:
    """The quota to count by, the offers that it leaves room for, and where it stops the others."""
    quota = Quota.of(context, transaction, by)
    place = quota.first_beyond(transaction, offers)
    if place is not None:
        quota = quota.lifted(transaction)
        place = quota.first_beyond(transaction, offers)
    if place is None:
        return quota, offers, None
    commit = offers[place].commit
    expect = transaction.tip(commit.device_id).sequence + 1
    stopped = Stopped(code=Fault.QUOTA, expect=expect, commit_id=commit.id)
    return quota, offers[:place], stopped
