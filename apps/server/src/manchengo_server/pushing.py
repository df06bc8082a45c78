"""Commits come in, each gets its place and its verdict; what the device has not seen goes out.

One transaction takes a push in. Whatever is wrong with a commit stops the push there and is said in
the answer; what was before it is in the log, and what is new is told all the same.
"""

from collections.abc import Iterable, Sequence
from typing import NoReturn

from attrs import define, field

from manchengo.application.replication.placing import FROM_THE_CONTENT
from manchengo.application.replication.plant import Fault, Offered, Received, Stopped, receive
from manchengo.domain.commit import Commit, LogEntry, Verdict
from manchengo.domain.ids import DeviceId
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server import programs
from manchengo_server.errors import LogReset, NotYours, ProgramTooOld
from manchengo_server.office import Office
from manchengo_server.plant import Epochs, begin_epoch
from manchengo_server.proof import proved
from manchengo_server.recent import weight_of
from manchengo_server.standing import device_in_good_standing
from manchengo_sync.wire import MOST_BYTES, PROTOCOL, PushRequest, PushResponse


@define
class Pushed:
    """The answer, and what is worth a line in the server's own log. ``why``: of a commit that was
    turned down at the door or broke the machinery.
    """

    response: PushResponse
    verdicts: dict[Verdict, int] = field(factory=dict)
    why: str = ""


def push(office: Office, request: PushRequest, *, by: DeviceId) -> Pushed:
    """``NotYours``, ``UnknownDevice``, ``DeviceIsWithdrawn``, ``LogReset``, ``ProgramTooOld``.

    A program of another protocol may still ask for what is new, as long as it offers nothing.
    """
    if request.replica_id != by:
        raise NotYours
    if request.protocol != PROTOCOL and request.commits:
        raise ProgramTooOld
    with office.reading() as snapshot:
        device_in_good_standing(snapshot, by)
        is_another_program = programs.is_news(snapshot, by, request.schema_max)
        went_back = _is_ahead(office, snapshot, request)
    if went_back:
        _was_put_back(office, request)
    if is_another_program:
        programs.note(office, by, request.schema_max)
    received, why = _take_in(office, request.commits) if request.commits else (Received(), "")
    return Pushed(
        response=_answer(office, request, received),
        verdicts=_counted(received.entered),
        why=why,
    )


def _take_in(office: Office, offers: Sequence[Offered]) -> tuple[Received, str]:
    try:
        with office.writing() as transaction:
            return _received(office, transaction, offers)
    except FROM_THE_CONTENT as error:
        return _one_by_one(office, offers, error)


def _received(
    office: Office, transaction: Transaction, offers: Sequence[Offered]
) -> tuple[Received, str]:
    """In runs, as a commit may make known the device that wrote the next."""
    whole, rest = Received(), offers
    while rest:
        run, why = proved(transaction, rest)
        if not run:
            whole.stopped = refused(transaction, rest[0].commit)
            return whole, why
        received = receive(transaction, run, received_at=office.clock.now(), memo=office.memo)
        office.recent.add(received.entered)
        _add(whole, received)
        if whole.stopped is not None:
            return whole, whole.stopped.code
        rest = rest[len(run) :]
    return whole, ""


def _add(whole: Received, more: Received) -> None:
    whole.synced += more.synced
    whole.entered += more.entered
    whole.stopped = more.stopped


def _one_by_one(
    office: Office, offers: Sequence[Offered], error: Exception
) -> tuple[Received, str]:
    """Something in these commits breaks the machinery: let in those before it, and refuse it."""
    whole = Received()
    for offered in offers:
        try:
            with office.writing() as transaction:
                received, why = _received(office, transaction, [offered])
        except FROM_THE_CONTENT as found:
            with office.reading() as snapshot:
                whole.stopped = refused(snapshot, offered.commit)
            return whole, type(found).__name__
        _add(whole, received)
        if whole.stopped is not None:
            return whole, why
    return whole, type(error).__name__


def refused(snapshot: Snapshot, commit: Commit) -> Stopped:
    expect = snapshot.tip(commit.device_id).sequence + 1
    return Stopped(code=Fault.REFUSED, expect=expect, commit_id=commit.id)


def _is_ahead(office: Office, snapshot: Snapshot, request: PushRequest) -> bool:
    """Whether the device has seen more of this log than there is. ``LogReset`` when what it has
    seen is not this log.
    """
    epochs = Epochs.read(snapshot)
    if not request.log_epoch:
        return False
    if request.log_epoch != epochs.present:
        raise _log_reset(office, epochs, keep=epochs.kept_of(request.log_epoch))
    if not request.cursor:
        return False
    if request.cursor > snapshot.cursor():
        return True
    if request.log_hash != _hash_at(office, snapshot, request.cursor):
        raise _log_reset(office, epochs, keep=0)
    return False


def _log_reset(office: Office, epochs: Epochs, *, keep: int) -> LogReset:
    key = office.plant.bundle_public_key
    return LogReset(log_epoch=epochs.present, keep=keep, server_key=key)


def _hash_at(office: Office, snapshot: Snapshot, global_seq: int) -> bytes:
    if global_seq == snapshot.cursor():
        return snapshot.log_hash()
    return next(office.recent.entries(snapshot, after=global_seq - 1, limit=1)).hash


def _was_put_back(office: Office, request: PushRequest) -> NoReturn:
    """The database was put back from a copy, and nobody said so: from here on it is another log."""
    with office.writing() as transaction:
        epochs = Epochs.read(transaction)
        if epochs.present == request.log_epoch and request.cursor > transaction.cursor():
            begin_epoch(transaction, ids=office.ids)
            epochs = Epochs.read(transaction)
    raise _log_reset(office, epochs, keep=epochs.kept_of(request.log_epoch))


def _answer(office: Office, request: PushRequest, received: Received) -> PushResponse:
    with office.reading() as snapshot:
        head = snapshot.cursor()
        log_epoch = Epochs.read(snapshot).present
        new = page(office.recent.entries(snapshot, after=request.cursor, limit=request.limit))
    return PushResponse(
        protocol=PROTOCOL,
        synced=tuple(received.synced),
        new=new,
        log_epoch=log_epoch,
        head=head,
        server_time=office.clock.now(),
        more=bool(new) and new[-1].global_seq < head,
        push_error=received.stopped,
        schema_max=programs.answer_to(request.schema_max),
    )


def page(entries: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
    """These, until there are enough of their bytes: one at least."""
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
