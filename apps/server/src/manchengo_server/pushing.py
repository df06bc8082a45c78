"""Handles a push: gives each commit its number and verdict, and answers what the device lacks.

One transaction stores a push. A commit that is wrong ends the push there and is named in the
answer; the commits before it are in the log, and the answer brings what is new all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from attrs import define, evolve, field

from manchengo import codec
from manchengo.application.heard_devices import HeardDevices
from manchengo.application.replication.content_errors import FROM_THE_CONTENT
from manchengo.application.replication.histories import Divergence, divergences
from manchengo.application.replication.server_log import Fault, Offered, Received, Stopped, receive
from manchengo.domain.commit import Commit, LogEntry, Verdict
from manchengo.domain.device import QuotaLifted
from manchengo.domain.ids import DeviceId
from manchengo.ports.storage_errors import DiskFull
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server import audit_return, device_audit, heard_devices, programs
from manchengo_server.authorisation import active_device
from manchengo_server.bundle_keys import BundleKeys, bundle_key_for
from manchengo_server.context import ServerContext
from manchengo_server.entry_cache import weight_of
from manchengo_server.errors import LogReset, NotYours, ProgramTooOld
from manchengo_server.plant import Epochs
from manchengo_server.quota import within
from manchengo_server.recovery import is_recovering, must_not_be_recovering
from manchengo_server.signatures import proved
from manchengo_server.signing_keys import adopt_next_key, signing_key_for, succession_for
from manchengo_sync import sealing
from manchengo_sync.audit_pages import AuditReceipt
from manchengo_sync.server_word import signed_word
from manchengo_sync.wire import (
    FIRST_WITH_AUTHORS,
    MOST_BYTES,
    PROTOCOL,
    PushRequest,
    PushResponse,
    ServerWord,
)


class NotProved(Exception):
    """What is about to be stored is not proved by what is stored with it."""


@define
class Pushed:
    """The answer, and what is worth a line in the server's own log. ``why``: of a commit that was
    turned down by the middleware or broke the machinery. ``divergences``: the commits whose authors
    saw another log than this one.
    """

    response: PushResponse
    verdicts: dict[Verdict, int] = field(factory=dict)
    why: str = ""
    divergences: list[Divergence] = field(factory=list)


def push(context: ServerContext, request: PushRequest, *, by: DeviceId) -> Pushed:
    """Raises ``NotYours``, ``UnknownDevice``, ``DeviceIsWithdrawn``, ``LogReset``, ``Recovering``,
    ``ProgramTooOld``.

    A program of another protocol may still ask for what is new, as long as it offers nothing and
    can check what it is given.
    """
    received_at = context.clock.now()
    if request.replica_id != by:
        raise NotYours
    if request.protocol != PROTOCOL and request.commits:
        raise ProgramTooOld
    with context.reading() as snapshot:
        if is_recovering(snapshot):  # and may not know the device yet
            word = _signed_word(context, snapshot, request)
            must_not_be_recovering(snapshot, word, succession_for(snapshot, request, word.key))
        active_device(snapshot, by)
        is_another_program = programs.is_news(snapshot, by, request.schema_max)
        _must_have_read_this_log(context, snapshot, request)
        checked = _proved(context, snapshot, request.commits)
    if is_another_program:
        with suppress(DiskFull):  # it informs people, and nothing depends on it
            programs.note(context, by, request.schema_max)
    received, why = Received(), ""
    if request.commits:
        received, why = _take_in(context, request.commits, by, checked)
    if _is_not_understood(received.stopped, request.schema_max):
        received.stopped = None
    receipt = None if request.audit is None else device_audit.receive(context, request.audit, by=by)
    with context.reading() as snapshot:
        heard = heard_devices.seen(snapshot)
        response = _answer(context, snapshot, request, received, receipt, heard)
        diverging = _divergences(snapshot, received.entered)
    if request.audit_wanted is not None:
        returned = audit_return.returned(context, request.audit_wanted, by=by)
        response = evolve(response, audit_returned=returned)
    heard_devices.note(
        context.heard_devices, request, response, before=heard.of(by), received_at=received_at
    )
    return Pushed(
        response=response,
        verdicts=_counted(received.entered),
        why=why,
        divergences=diverging,
    )


def _divergences(snapshot: Snapshot, entered: Sequence[LogEntry]) -> list[Divergence]:
    """The commits whose authors saw another log. They are accepted: an honest author may have been
    shown the other log.
    """
    if not entered:
        return []
    return list(divergences(snapshot, entered, Epochs.read(snapshot).reach))


def _is_not_understood(stopped: Stopped | None, schema_max: dict[str, int]) -> bool:
    """A program of before the quota offers the rest again, later, where it hears of no fault."""
    return (
        stopped is not None
        and stopped.code is Fault.QUOTA
        and codec.events.name(QuotaLifted()) not in schema_max
    )


Checked = tuple[Sequence[Offered], str]
"""The first of the offers, proved before anything is written, and what is wrong with the next."""


def _proved(context: ServerContext, snapshot: Snapshot, offers: Sequence[Offered]) -> Checked:
    return proved(snapshot, offers, own_key=context.plant.public_device_key)


def _take_in(
    context: ServerContext, offers: Sequence[Offered], by: DeviceId, checked: Checked
) -> tuple[Received, str]:
    """``checked``: by a thread that kept no other waiting. A key that was ever a device's stays its
    own, so what was proved then still is; in the transaction only what those commits themselves
    make known is proved.
    """
    try:
        with context.writing() as transaction:
            return _received(context, transaction, offers, by, checked)
    except (*FROM_THE_CONTENT, NotProved) as error:
        return _one_by_one(context, offers, error, by)


def _received(
    context: ServerContext,
    transaction: Transaction,
    offers: Sequence[Offered],
    by: DeviceId,
    checked: Checked | None = None,
) -> tuple[Received, str]:
    """Takes as many of the commits as the quota of their sender leaves room for."""
    must_not_be_recovering(transaction)
    quota, room, beyond = within(context, transaction, offers, by=by)
    if len(room) < len(offers):
        checked = None  # what proved these may be among those that are left out
    received, why = _in_runs(context, transaction, room, checked)
    adopt_next_key(transaction, context.wrapping, received.entered)
    quota.count(transaction, received.entered)
    if received.stopped is None and beyond is not None:
        received.stopped, why = beyond, beyond.code
    return received, why


def _in_runs(
    context: ServerContext,
    transaction: Transaction,
    offers: Sequence[Offered],
    checked: Checked | None,
) -> tuple[Received, str]:
    """In runs, as a commit may make known the device that wrote the next."""
    whole, rest = Received(), offers
    while rest:
        run, why = checked or _proved(context, transaction, rest)
        checked = None
        if not run:
            whole.stopped = refused(transaction, rest[0].commit)
            return whole, why
        received = receive(
            transaction, run, received_at=context.clock.now(), state_cache=context.state_cache
        )
        _must_be_proved(context, transaction, run, received.entered)
        context.entry_cache.add([*received.entered, *received.judged])
        _add(whole, received)
        if whole.stopped is not None:
            return whole, whole.stopped.code
        rest = rest[len(run) :]
    return whole, ""


def _must_be_proved(
    context: ServerContext,
    transaction: Transaction,
    run: Sequence[Offered],
    entered: Sequence[LogEntry],
) -> None:
    """Raises ``NotProved`` where the log would hold commits without the signature that proves them:
    the one behind them was turned down, or was there already.
    """
    if len(entered) == len(run):
        return
    stored = [Offered(commit=each.commit, signature=each.signature) for each in entered]
    good, _ = proved(transaction, stored, own_key=context.plant.public_device_key)
    if len(good) < len(stored):
        raise NotProved


def _add(whole: Received, more: Received) -> None:
    whole.synced += more.synced
    whole.entered += more.entered
    whole.stopped = more.stopped


def _one_by_one(
    context: ServerContext, offers: Sequence[Offered], error: Exception, by: DeviceId
) -> tuple[Received, str]:
    """Something in these commits breaks the machinery, or is not proved without what stands behind
    it: let in those before it, and refuse it.
    """
    whole = Received()
    for offered in offers:
        try:
            with context.writing() as transaction:
                received, why = _received(context, transaction, [offered], by)
        except FROM_THE_CONTENT as found:
            with context.reading() as snapshot:
                whole.stopped = refused(snapshot, offered.commit)
            return whole, type(found).__name__
        _add(whole, received)
        if whole.stopped is not None:
            return whole, why
    return whole, type(error).__name__


def refused(snapshot: Snapshot, commit: Commit) -> Stopped:
    """The answer that stops a push at that commit because the server refuses it."""
    expect = snapshot.tip(commit.device_id).sequence + 1
    return Stopped(code=Fault.REFUSED, expect=expect, commit_id=commit.id)


def _must_have_read_this_log(
    context: ServerContext, snapshot: Snapshot, request: PushRequest
) -> None:
    """Raises ``LogReset`` when what the device has read is not this log, or goes on beyond its end.

    Nothing is written for it. A new epoch is an operator's word: a device that names a place beyond
    the end may be right, where a backup was put back without ``restore``, or mean harm.
    """
    epochs = Epochs.read(snapshot)
    if not request.log_epoch:
        return
    if request.log_epoch != epochs.present:
        raise _log_reset(context, snapshot, request, keep=epochs.kept_of(request.log_epoch))
    if not request.cursor:
        return
    if request.cursor > snapshot.cursor():
        raise _log_reset(context, snapshot, request, keep=snapshot.cursor())
    if request.log_hash != _hash_at(context, snapshot, request.cursor):
        raise _log_reset(context, snapshot, request, keep=0)


def _log_reset(
    context: ServerContext, snapshot: Snapshot, request: PushRequest, *, keep: int
) -> LogReset:
    word = _signed_word(context, snapshot, request)
    keys = BundleKeys.read(snapshot, context.wrapping)
    return LogReset(
        log_epoch=word.log_epoch,
        keep=keep,
        server_key=sealing.public_key(keys.present),
        bundle_key=bundle_key_for(context, snapshot, request),
        word=word,
        succession=succession_for(snapshot, request, word.key),
    )


def _signed_word(context: ServerContext, snapshot: Snapshot, request: PushRequest) -> ServerWord:
    """Where the log ends in that snapshot, signed in answer to that request."""
    return signed_word(
        signing_key_for(context, snapshot, request.signing_key),
        plant_id=context.plant.id,
        log_epoch=Epochs.read(snapshot).present,
        global_seq=snapshot.cursor(),
        log_hash=snapshot.log_hash(),
        nonce=request.nonce,
    )


def _hash_at(context: ServerContext, snapshot: Snapshot, global_seq: int) -> bytes:
    if global_seq == snapshot.cursor():
        return snapshot.log_hash()
    return next(context.entry_cache.entries(snapshot, after=global_seq - 1, limit=1)).hash


def _answer(
    context: ServerContext,
    snapshot: Snapshot,
    request: PushRequest,
    received: Received,
    receipt: AuditReceipt | None,
    heard: HeardDevices,
) -> PushResponse:
    word = _signed_word(context, snapshot, request)
    succession = succession_for(snapshot, request, word.key)
    bundle_key = bundle_key_for(context, snapshot, request)
    entries = context.entry_cache.entries(snapshot, after=request.cursor, limit=request.limit)
    new = page(_understood(entries, request.protocol))
    more = bool(new) and new[-1].global_seq < word.global_seq
    return PushResponse(
        protocol=PROTOCOL,
        synced=tuple(received.synced),
        new=new,
        log_epoch=word.log_epoch,
        head=word.global_seq,
        server_time=context.clock.now(),
        more=more,
        push_error=received.stopped,
        schema_max=programs.answer_to(request.schema_max),
        word=word,
        succession=succession,
        audit=receipt,
        bundle_key=bundle_key,
        heard=None if more else heard_devices.but_itself(heard, request.replica_id),
    )


def _understood(entries: Iterable[LogEntry], protocol: int) -> Iterator[LogEntry]:
    """Those that a program of that protocol can check. Raises ``ProgramTooOld`` where the first is
    not one of them: it would take the log for another.
    """
    is_first = True
    for entry in entries:
        if entry.commit.authorship is not None and protocol < FIRST_WITH_AUTHORS:
            if is_first:
                raise ProgramTooOld
            return
        yield entry
        is_first = False


def page(entries: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
    """The first of these entries, up to a page's bytes; at least one."""
    taken: list[LogEntry] = []
    weight = 0
    for entry in entries:
        weight += weight_of(entry)
        if taken and weight > MOST_BYTES:
            break
        taken.append(entry)
    return tuple(taken)


def _counted(entered: Sequence[LogEntry]) -> dict[Verdict, int]:
    counts: dict[Verdict, int] = {}
    for entry in entered:
        counts[entry.verdict] = counts.get(entry.verdict, 0) + 1
    return counts
