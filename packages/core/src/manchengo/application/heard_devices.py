"""What the server saw of each device, and tells the others: its word, beside what the log says.

A device that has nothing to record is in no entry of the log. The server knows when it asked last,
up to where it held the log then, and up to where it was ever sent it.
"""

from datetime import datetime

import msgspec
from attrs import field, frozen, validators

from manchengo.domain.ids import DeviceId
from manchengo.ports.settings import LOG_EPOCH
from manchengo.ports.store import Snapshot, Transaction

HEARD_DEVICES = "server.heard_devices"
"""The setting that keeps them: on the server those that it saw, on a device those it was told."""


@frozen(kw_only=True)
class LastHeard:
    """``heard_at``: by the server's clock, when the device last asked and nothing else waited on
    it; all that it had recorded by then is in the log. It held the log up to ``held`` then. None
    where it never did. ``sent``: up to where it was ever sent the log.
    """

    device_id: DeviceId
    heard_at: datetime | None
    held: int = field(validator=validators.ge(0))
    sent: int = field(validator=validators.ge(0))


@frozen(kw_only=True)
class HeardDevices:
    """``told_at``: by the server's clock, when its log ended at ``head``, of that epoch."""

    log_epoch: str
    head: int
    told_at: datetime
    devices: tuple[LastHeard, ...] = ()

    def of(self, device_id: DeviceId) -> LastHeard | None:
        """What is known of that device; None where nothing is."""
        return next((each for each in self.devices if each.device_id == device_id), None)


def stored_heard_devices(snapshot: Snapshot) -> HeardDevices | None:
    """Those that were stored last, whatever the log has become since."""
    stored = snapshot.setting(HEARD_DEVICES)
    return msgspec.json.decode(stored, type=HeardDevices) if stored else None


def heard_devices(snapshot: Snapshot) -> HeardDevices | None:
    """On a device, those that count for the log held here: of its epoch, and told of no more than
    it holds. None where there are none.
    """
    found = stored_heard_devices(snapshot)
    if found is None or found.log_epoch != (snapshot.setting(LOG_EPOCH) or ""):
        return None
    return found if found.head <= snapshot.cursor() else None


def keep(transaction: Transaction, found: HeardDevices) -> None:
    """Store them in the place of those before."""
    transaction.set_setting(HEARD_DEVICES, msgspec.json.encode(found).decode())


def forget(transaction: Transaction) -> None:
    """Where the log parts from the one that they were said of."""
    transaction.set_setting(HEARD_DEVICES, "")
