"""Two databases with one device id: the first to notice takes a new id and tells the server."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from manchengo.application.replication.device_log import Forked
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.application.replication.resealing import adopt_device_id
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import DeviceId, UserId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.settings import KNOWN_AS, MARK
from manchengo.ports.store import Store
from manchengo_sync.apply_entries import Applied, apply_entries, forgetting_on_failure
from manchengo_sync.audit_anchors import answer_for_no_other, signed_elsewhere
from manchengo_sync.link import ForgedLog, Link, Recovering
from manchengo_sync.own_enrolment import own_enrolment
from manchengo_sync.settings import device_id, known_as
from manchengo_sync.wire import RenewRequest


def change_device_id(
    store: Store,
    former: DeviceId,
    *,
    clock: Clock,
    ids: Ids,
    state_cache: StateCache,
    user_id: UserId,
) -> DeviceId:
    """Gives this device a new id, and seals again under it the commits that the log has not seen.

    The server does not know the id before ``introduce``. Where another process changed it first,
    returns the id which that one chose.
    """
    with forgetting_on_failure(state_cache), store.writing() as transaction:
        if device_id(transaction) != former:
            return device_id(transaction)
        known = known_as(transaction)
        new = DeviceId(ids.new())
        adopt_device_id(transaction, new, former, state_cache=state_cache)
        transaction.set_setting(KNOWN_AS, str(known))
    store.note(
        AuditEntry(
            at=clock.now(),
            user_id=user_id,
            device_id=new,
            action="sync",
            outcome="Forked",
            facts=msgspec.json.encode({"former_id": former}).decode(),
        )
    )
    return new


def apply_resolving_forks(
    store: Store,
    entries: Sequence[LogEntry],
    *,
    epoch: str,
    clock: Clock,
    ids: Ids,
    state_cache: StateCache,
    user_id: UserId,
    applied: Applied,
    more: bool,
) -> DeviceId:
    """Applies the entries. Where they show that another database has this device id, by a commit or
    by the head of its audit, changes the id first. Returns the id under which they were applied.

    Raises ``ForgedLog`` at a forged entry, and notes it in the audit.
    """
    while True:
        with store.reading() as snapshot:
            name = device_id(snapshot)
            has_a_twin = signed_elsewhere(snapshot, name, entries)
        if has_a_twin:
            change_device_id(
                store, name, clock=clock, ids=ids, state_cache=state_cache, user_id=user_id
            )
            continue
        answer_for_no_other(store, entries)
        try:
            apply_entries(
                store,
                entries,
                epoch=epoch,
                clock=clock,
                state_cache=state_cache,
                applied=applied,
                more=more,
            )
        except Forked:
            change_device_id(
                store, name, clock=clock, ids=ids, state_cache=state_cache, user_id=user_id
            )
        except ForgedEntry as forged:
            _note_forged(store, forged, at=clock.now(), user_id=user_id, device_id=name)
            raise ForgedLog(
                entry=forged.global_seq,
                commit_id=forged.commit_id,
                why=forged.why,
                code=forged.code,
            ) from forged
        else:
            return name


def _note_forged(
    store: Store, forged: ForgedEntry, *, at: datetime, user_id: UserId, device_id: DeviceId
) -> None:
    """Notes in the audit that the server answered with a forged entry."""
    facts = {
        "entry": forged.global_seq,
        "commit_id": forged.commit_id,
        "why": forged.why,
    }
    entry = AuditEntry(
        at=at,
        user_id=user_id,
        device_id=device_id,
        action="sync",
        outcome=type(forged).__name__,
        facts=msgspec.json.encode(facts).decode(),
    )
    store.note(entry)


def introduce(store: Store, link: Link) -> None:
    """Shows the server who asks, and tells it the new id of this device, where it has changed."""
    with store.reading() as snapshot:
        own, known = device_id(snapshot), known_as(snapshot)
    _show(store, link, known)
    if own == known:
        return
    renewed = link.renew(RenewRequest(former_id=known, device_id=own))
    with store.writing() as transaction:
        transaction.set_setting(KNOWN_AS, str(own))
        transaction.set_setting(MARK, renewed.mark)
    link.let_in(own)


def _show(store: Store, link: Link, known: DeviceId) -> None:
    """Raises ``Recovering`` where the server knows the device as little by what let it in."""
    try:
        link.let_in(known)
    except Recovering:
        with store.reading() as snapshot:
            enrolment = own_enrolment(snapshot)
        if enrolment is None:
            raise
        link.let_in(known, enrolment)
