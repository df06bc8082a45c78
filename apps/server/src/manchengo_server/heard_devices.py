"""What the server saw of each device, kept for the others: up to when it was heard.

A device says how many commits wait on it. One that has none, and offers none that are turned down,
was heard: all that it recorded is in the log.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta

from attrs import evolve, frozen

from manchengo.application.heard_devices import HeardDevices, LastHeard, keep, stored_heard_devices
from manchengo.domain.ids import DeviceId
from manchengo.ports.storage_errors import DiskFull
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server.plant import Epochs
from manchengo_server.shared_writes import SharedWrites
from manchengo_sync.wire import PushRequest, PushResponse

NEVER = datetime.min.replace(tzinfo=UTC)

REFRESHED_AFTER = timedelta(minutes=1)
"""That a device was heard again, and nothing else, is written no sooner: it is told too early."""


@frozen
class Note:
    """What is to be kept of a device, in that epoch of the log; ``durable``: before it is
    answered.
    """

    log_epoch: str
    heard: LastHeard
    durable: bool


def note(
    shared: SharedWrites[Note],
    request: PushRequest,
    response: PushResponse,
    *,
    before: LastHeard | None,
    received_at: datetime,
) -> None:
    """Keeps up to where the device is sent the log by this answer, before it is, and when all that
    it had to say came. Raises ``DiskFull`` where the device would be sent more than is kept here;
    that it was heard is told later then. ``before``: what was kept of it; None for nothing.

    Devices that are answered at the same time share a transaction: where many hear of the same
    entry, the disk is waited for a few times.
    """
    after = _after(before, request, response, received_at=received_at)
    if not _is_news(before, after):
        return
    was_sent = before is not None and before.sent >= after.sent
    with suppress(DiskFull) if was_sent else nullcontext():
        shared.add(Note(response.log_epoch, after, durable=not was_sent))


def keep_notes(
    writing: Callable[..., AbstractContextManager[Transaction]], notes: Sequence[Note]
) -> None:
    """Stores them, in one transaction. ``writing``: as ``ServerContext.writing``."""
    with writing(durable=any(each.durable for each in notes)) as transaction:
        found = seen(transaction)
        devices = {each.device_id: each for each in found.devices}
        for each in notes:
            if each.log_epoch == found.log_epoch:
                device_id = each.heard.device_id
                devices[device_id] = _together(devices.pop(device_id, None), each.heard)
        keep(transaction, evolve(found, devices=tuple(devices.values())))


def seen(snapshot: Snapshot) -> HeardDevices:
    """Those of the present epoch: in another, entries had other places."""
    epoch, kept = Epochs.read(snapshot).present, stored_heard_devices(snapshot)
    if kept is not None and kept.log_epoch == epoch:
        return kept
    return HeardDevices(log_epoch=epoch, head=0, told_at=NEVER)


def but_itself(found: HeardDevices, device_id: DeviceId) -> tuple[LastHeard, ...]:
    """What that device is told of each other."""
    return tuple(each for each in found.devices if each.device_id != device_id)


def _together(one: LastHeard | None, other: LastHeard) -> LastHeard:
    """What two answers to the same device say of it together."""
    if one is None:
        return other
    newest = max(one, other, key=lambda each: each.heard_at or NEVER)
    return evolve(newest, sent=max(one.sent, other.sent))


def _after(
    before: LastHeard | None,
    request: PushRequest,
    response: PushResponse,
    *,
    received_at: datetime,
) -> LastHeard:
    known = before or LastHeard(device_id=request.replica_id, heard_at=None, held=0, sent=0)
    sent = max([known.sent, request.cursor, *(each.global_seq for each in response.new)])
    if request.unsent or request.unsent is None or response.push_error is not None:
        return evolve(known, sent=sent)
    if request.log_epoch != response.log_epoch:
        return evolve(known, sent=sent)
    return evolve(known, sent=sent, heard_at=received_at, held=request.cursor)


def _is_news(before: LastHeard | None, after: LastHeard) -> bool:
    if before is None or before.heard_at is None or after.heard_at is None:
        return before != after
    is_later = after.heard_at - before.heard_at >= REFRESHED_AFTER
    return is_later or evolve(after, heard_at=before.heard_at) != before
