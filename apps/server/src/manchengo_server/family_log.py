"""What the log says about a device and all others that share its keys, and where it says so."""

from attrs import frozen

from manchengo.application.handlers.devices import family
from manchengo.application.unit_of_work import StateCache, UnitOfWork, decoded_event
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot, Transaction


@frozen(order=True)
class Place:
    """The place of a commit in the log."""

    global_seq: int
    commit_id: CommitId


def places(snapshot: Snapshot, device_id: DeviceId, kind: type) -> list[Place]:
    """The places of the commits with an event of that kind about the device."""
    found = []
    for each in snapshot.stream(device_id):
        if isinstance(decoded_event(each.event), kind):
            entry = snapshot.entry(each.commit_id)
            assert entry is not None, "at the server, everything is in the log"
            found.append(Place(entry.global_seq, each.commit_id))
    return found


def family_rows(snapshot: Snapshot, device_id: DeviceId) -> list[DeviceRow]:
    """The device and all others that share its keys, itself first."""
    return _family_rows(UnitOfWork(snapshot), device_id)


def known_family_rows(
    transaction: Transaction, state_cache: StateCache, device_id: DeviceId
) -> list[DeviceRow]:
    """The same, where it is asked for with each push: what is known of a device is kept."""
    work = UnitOfWork(transaction, state_cache)
    transaction.look_ahead([row.id for row in transaction.rows(DeviceRow)])
    rows = _family_rows(work, device_id)
    work.remember()
    return rows


def _family_rows(work: UnitOfWork, device_id: DeviceId) -> list[DeviceRow]:
    rows = (work.snapshot.get(DeviceRow, each) for each in family(work, device_id))
    return [row for row in rows if row is not None]
