"""Keeps what the server tells of the other devices: when each was heard last."""

from datetime import timedelta

from attrs import evolve

from manchengo.application.heard_devices import HeardDevices, forget, keep, stored_heard_devices
from manchengo.ports.store import Store
from manchengo_sync.settings import LOG_EPOCH
from manchengo_sync.wire import PushResponse

REFRESHED_AFTER = timedelta(minutes=1)
"""What only says the same again is written no sooner."""


def note_heard_devices(store: Store, answer: PushResponse) -> None:
    """Keeps what the last answer of an exchange tells, once all that it is about was applied. A
    server of before tells nothing: then what another told before does not count any more.
    """
    if answer.more:
        return
    with store.reading() as snapshot:
        kept = stored_heard_devices(snapshot)
        epoch, cursor = snapshot.setting(LOG_EPOCH) or "", snapshot.cursor()
    if answer.heard is None:
        if kept is not None:
            with store.writing(durable=False) as transaction:
                forget(transaction)
        return
    if epoch != answer.log_epoch or cursor < answer.head:
        return
    received = HeardDevices(
        log_epoch=epoch, head=answer.head, told_at=answer.server_time, devices=answer.heard
    )
    if _is_news(kept, received):
        with store.writing(durable=False) as transaction:
            keep(transaction, received)


def _is_news(kept: HeardDevices | None, received: HeardDevices) -> bool:
    if kept is None or evolve(kept, told_at=received.told_at) != received:
        return True
    return received.told_at - kept.told_at >= REFRESHED_AFTER
