"""A copy of a device's database goes on under an id of its own, of the same family.

Ids of one family share a key: they are listed, limited and withdrawn together. Whoever has the key
can ask for as many ids as they like, so one in thirty days is given, and each further one waits
until an administrator allows it.
"""

from datetime import timedelta

from manchengo.application.handlers.devices import family, why_withdrawn
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.device import DeviceEnrolled, EnrolDevice, RenewalAllowed
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot
from manchengo_server.authorisation import active_device, on_whose_authority
from manchengo_server.context import ServerContext
from manchengo_server.errors import (
    DeviceIsWithdrawn,
    DeviceTaken,
    KeyIsWithdrawn,
    NotYours,
    RenewalWaits,
)
from manchengo_server.family_log import places
from manchengo_server.recording import record
from manchengo_sync.wire import RenewRequest

APART = timedelta(days=30)
"""Between two ids that a family is given without an administrator."""


def renew(context: ServerContext, request: RenewRequest, *, by: DeviceId) -> None:
    """Let the new id in, with the key of the former. Asked for again, it changes nothing.

    Raises ``NotYours``, ``DeviceTaken``, ``UnknownDevice``, ``DeviceIsWithdrawn``,
    ``KeyIsWithdrawn``, ``RenewalWaits``.
    """
    if request.former_id != by:
        raise NotYours
    with context.writing() as transaction:
        former = active_device(transaction, by)
        known = transaction.get(DeviceRow, request.device_id)
        if known is not None and known.public_key != former.public_key:
            raise DeviceTaken
        if known is not None and known.withdrawn:
            raise DeviceIsWithdrawn
        if known is not None:
            return
        if why_withdrawn(UnitOfWork(transaction), former.public_key):
            raise KeyIsWithdrawn
        if _must_wait(context, transaction, by):
            raise RenewalWaits
        command = EnrolDevice(
            device_id=request.device_id,
            name=former.name,
            mark="",
            public_key=former.public_key,
            user_id=former.user_id,
        )
        record(context, transaction, command, _who_let_in(transaction, by))


def _must_wait(context: ServerContext, snapshot: Snapshot, device_id: DeviceId) -> bool:
    """Whether the family was given an id within ``APART``, and none was allowed it since."""
    let_in, allowed = [], []
    for each in family(UnitOfWork(snapshot), device_id):
        enrolled, *_ = places(snapshot, each, DeviceEnrolled)
        let_in.append(enrolled)
        allowed += places(snapshot, each, RenewalAllowed)
    latest = max(let_in)
    if latest == min(let_in) or any(latest < each for each in allowed):
        return False
    commit = snapshot.commit(latest.commit_id)
    assert commit is not None, "an event is stored with its commit"
    return context.clock.now() - commit.occurred_at < APART


def _who_let_in(snapshot: Snapshot, device_id: DeviceId) -> UserId:
    enrolled = places(snapshot, device_id, DeviceEnrolled)[-1]
    commit = snapshot.commit(enrolled.commit_id)
    assert commit is not None, "an event is stored with its commit"
    return on_whose_authority(snapshot, commit.user_id)
