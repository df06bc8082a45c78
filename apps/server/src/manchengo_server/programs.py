"""What the program of each device can read, as the device reports it; stored when it changes.

It tells people which programs to update. No verdict and no answer depends on it.
"""

from collections.abc import Mapping

from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot
from manchengo_server.context import ServerContext
from manchengo_server.enrolment import devices
from manchengo_sync.programs import age, read, written
from manchengo_sync.wire import Age, schema_max

READS = "server.reads."
"""With a device's id behind it, the setting that keeps what its program reads."""


def is_news(snapshot: Snapshot, device_id: DeviceId, reads: Mapping[str, int]) -> bool:
    """Whether the device reads other versions of events than it said last. ``reads``: the newest
    version of each stored name.
    """
    return written(reads) != snapshot.setting(f"{READS}{device_id}")


def note(context: ServerContext, device_id: DeviceId, reads: Mapping[str, int]) -> None:
    """Record which versions of events the device reads."""
    with context.writing(durable=False) as transaction:
        transaction.set_setting(f"{READS}{device_id}", written(reads))


def ages(snapshot: Snapshot) -> dict[DeviceId, Age]:
    """Whether each device's program is older or newer than the server's. Devices that were
    withdrawn or never exchanged are left out.
    """
    own = schema_max()
    trusted = [row.id for row in devices(snapshot) if not row.withdrawn]
    kept = {device_id: snapshot.setting(f"{READS}{device_id}") for device_id in trusted}
    return {device_id: age(read(reads), own) for device_id, reads in kept.items() if reads}


def answer_to(reads: Mapping[str, int]) -> dict[str, int] | None:
    """What this program can read; None for a device whose program reads the same."""
    own = schema_max()
    return None if reads == own else own
