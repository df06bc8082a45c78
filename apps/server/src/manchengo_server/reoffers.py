"""What devices offer again after the server lost the end of its log is beyond their daily quota.

Nobody can tell what a server lost from what is recorded now. But each family of devices had a quota
for each day that is missing: so much it may offer once, beside the quota of the day. A device that
means harm stores no more by it than it could have stored on those days.
"""

from datetime import datetime

from attrs import evolve, frozen

from manchengo.application.heard_devices import stored_heard_devices
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.plant import Epochs

MISSING = "server.days_missing"
"""The setting that holds the epoch that began after a loss, and how many days are missing there."""

OFFERED_AGAIN = "server.offered_again."
"""The setting, followed by the id of a family's first device, that holds an epoch, and the bytes
beyond its daily quotas that were stored for it there.
"""


@frozen(kw_only=True)
class Reoffers:
    """``days``: how many are missing of the log of ``epoch``. ``used``: bytes that the family
    stored there beyond its daily quotas.
    """

    epoch: str
    days: int
    used: int

    @classmethod
    def of(cls, snapshot: Snapshot, first_id: DeviceId) -> "Reoffers":
        """Those of the family whose first device that is."""
        present = Epochs.read(snapshot).present
        epoch, days = (snapshot.setting(MISSING) or " 0").split(" ")
        used_in, used = (snapshot.setting(OFFERED_AGAIN + str(first_id)) or " 0").split(" ")
        return cls(
            epoch=present,
            days=int(days) if epoch == present else 0,
            used=int(used) if used_in == present else 0,
        )

    def count(self, transaction: Transaction, first_id: DeviceId, stored: int) -> None:
        """Adds so many bytes."""
        if stored:
            more = evolve(self, used=self.used + stored)
            transaction.set_setting(OFFERED_AGAIN + str(first_id), f"{more.epoch} {more.used}")


def allow(transaction: Transaction, *, last: datetime | None, now: datetime) -> None:
    """In the epoch that has just begun. ``last``: when the server that was lost is known to have
    heard a device; None where nobody knows. A day that has begun counts whole.
    """
    days = 0 if last is None else max(0, (now.date() - last.date()).days)
    transaction.set_setting(MISSING, f"{Epochs.read(transaction).present} {days + 1}")


def last_heard(snapshot: Snapshot) -> datetime | None:
    """When the server whose database that is heard a device last; None where it heard none."""
    heard = stored_heard_devices(snapshot)
    each = (device.heard_at for device in heard.devices) if heard else ()
    return max((at for at in each if at is not None), default=None)
