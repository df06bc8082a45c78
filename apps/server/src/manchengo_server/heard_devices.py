"""What the server saw of each device, kept for the others: up to when it was heard.

A device says how many commits wait on it. One that has none, and offers none that are turned down,
was heard: all that it recorded is in the log.
"""

from contextlib import nullcontext, suppress
from datetime import UTC, datetime, timedelta

from attrs import evolve

from manchengo.application.heard_devices import HeardDevices, LastHeard, keep, stored_heard_devices
from manchengo.domain.ids import DeviceId
from manchengo.ports.storage_errors import DiskFull
from manchengo.ports.store import Snapshot
from manchengo_server.context import ServerContext
from manchengo_server.plant import Epochs
from manchengo_sync.wire import PushRequest, PushResponse

NEVER = datetime.min.replace(tzinfo=UTC)

REFRESHED_AFTER = timedelta(minutes=1)
"""That a device was heard again, and nothing else, is written no sooner: it is told too early."""


def heard_of_others(snapshot: Snapshot, *, but: DeviceId) -> tuple[LastHeard, ...]:
    """What the other devices are told of each."""
    return tuple(each for each in _seen(snapshot).devices if each.device_id != but)


def note(
    context: ServerContext,
    request: PushRequest,
    response: PushResponse,
    *,
    by: DeviceId,
    received_at: datetime,
) -> None:
    """Keeps up to where the device is sent the log by this answer, before it is, and when all that
    it had to say came. Raises ``DiskFull`` where the device would be sent more than is kept here;
    that it was heard is told later then.
    """
    with context.reading() as snapshot:
        before = _seen(snapshot).of(by)
    after = _after(before, request, response, by=by, received_at=received_at)
    if not _is_news(before, after):
        return
    was_sent = before is not None and before.sent >= after.sent
    may_be_lost = suppress(DiskFull) if was_sent else nullcontext()
    with may_be_lost, context.writing(durable=not was_sent) as transaction:
        seen = _seen(transaction)
        after = _after(seen.of(by), request, response, by=by, received_at=received_at)
        others = (each for each in seen.devices if each.device_id != by)
        keep(transaction, evolve(seen, devices=(*others, after)))


def _seen(snapshot: Snapshot) -> HeardDevices:
    """Those of the present epoch: in another, entries had other places."""
    epoch, kept = Epochs.read(snapshot).present, stored_heard_devices(snapshot)
    if kept is not None and kept.log_epoch == epoch:
        return kept
    return HeardDevices(log_epoch=epoch, head=0, told_at=NEVER)


def _after(
    before: LastHeard | None,
    request: PushRequest,
    response: PushResponse,
    *,
    by: DeviceId,
    received_at: datetime,
) -> LastHeard:
    known = before or LastHeard(device_id=by, heard_at=None, held=0, sent=0)
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
