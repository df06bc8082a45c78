"""An exchange in files, for places with no network: what would be asked and answered, carried over.

A device writes a request for its server's eyes only and signs it; somebody carries it to the
server, and the answer back. Neither has to arrive, or to arrive once: as on a network, a commit
leaves the queue when it is seen in the log.
"""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from attrs import define, evolve, field, frozen, validators

from manchengo.application.replication.device_log import AnotherLog
from manchengo.application.replication.server_log import Fault, Offered, Stopped
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import LogEntry
from manchengo.domain.ids import CommitId, DeviceId, UserId
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.settings import KNOWN_AS, MARK
from manchengo.ports.store import Snapshot, Store
from manchengo_sync import sealing, settings, wire
from manchengo_sync.apply_entries import begin
from manchengo_sync.audit_return import ask_by_file, receive_by_file
from manchengo_sync.audit_sending import next_audit_page, receive_receipt, remove_old
from manchengo_sync.device_identity import apply_resolving_forks, change_device_id
from manchengo_sync.heard_devices import note_heard_devices
from manchengo_sync.link import LogReset, Recovering
from manchengo_sync.log_reset import note_disowned, part_from
from manchengo_sync.outcome import Exchanged, Withheld
from manchengo_sync.outgoing import in_pages, next_page
from manchengo_sync.own_enrolment import own_enrolment
from manchengo_sync.problems import error_of
from manchengo_sync.programs import note_server
from manchengo_sync.returned_tail import all_requests
from manchengo_sync.sealing import BundleError, NotABundle, Tampered, seal, unseal
from manchengo_sync.server_word import receive_refusal, receive_word
from manchengo_sync.signing import DEVICE_KEY, is_signed, public_key, sign

REQUEST, ANSWER = b"Q", b"A"

MOST_COMMITS = 50 * wire.MOST_COMMITS
MOST_BYTES = sealing.LARGEST // 2
"""What one file holds at most, so that carrying it once is worth the way; the rest goes next time.
"""

_SIGNATURE_BYTES = 64
_SIGNED_FOR = b"manchengo bundle request\n"


@frozen
class UnknownSender(BundleError):
    """It was signed with a key that is not of the device it names."""

    device_id: DeviceId


@frozen
class OutOfTurn(BundleError):
    """The answer does not follow what is here: another one has to be read in before, or it answers
    what was asked before the server's log became another. A new request always helps.
    """


@frozen(kw_only=True)
class Question:
    """What a device asks, as whom. ``known_as``: the id under which the server knows it; where it
    is another than ``device_id``, the device has to be renewed first. ``answer_key``: its public
    X25519 key, for which the answer is sealed. ``plant_id``: the plant that the device belongs to;
    None from a program of before. ``tail``: what a server that recovers lacks of its own log.
    ``enrolment``: by what the server let the device in, in case it was put back from a backup of
    before; None from a program of before, and where the device does not know.
    """

    device_id: DeviceId
    known_as: DeviceId
    user_id: UserId
    public_key: str
    answer_key: str
    requests: tuple[wire.PushRequest, ...] = field(validator=validators.min_len(1))
    plant_id: UUID | None = None
    tail: tuple[wire.TailRequest, ...] = ()
    enrolment: Offered | None = None


@frozen(kw_only=True)
class Reply:
    """The answers, in order; or why there is none: ``problem``, with the ``status`` that it has on
    HTTP. ``known_as``: under which id the server knows the device now, and with which ``mark``.
    """

    known_as: DeviceId
    mark: str
    responses: tuple[wire.PushResponse, ...] = ()
    problem: wire.Problem | None = None
    status: int = 200


# ---------------------------------------------------------------- files


def seal_request(question: Question, *, private_key: str, server_key: str) -> bytes:
    """``private_key``: the device's Ed25519 key. ``server_key``: the server's public X25519 key."""
    message = wire.encode(question)
    signature = sign(private_key, _signed_message(server_key, message))
    return seal(REQUEST, signature + message, to=server_key)


def open_request(
    sealed: bytes, *, server_key: str, keys_of: Callable[[Question], Collection[str]]
) -> Question:
    """``server_key``: the server's private X25519 key. ``keys_of``: the public Ed25519 keys with
    which the device that asks may sign now; none for one that is not let in. Raises a
    ``BundleError``.
    """
    content = unseal(REQUEST, sealed, to=server_key)
    signature, message = content[:_SIGNATURE_BYTES], content[_SIGNATURE_BYTES:]
    question = _read(message, Question)
    own = sealing.public_key(server_key)
    if not is_signed(question.public_key, signature, _signed_message(own, message)):
        raise Tampered
    if question.public_key not in keys_of(question):
        raise UnknownSender(question.known_as)
    return question


def answered(
    question: Question, push: Callable[[wire.PushRequest], wire.PushResponse]
) -> tuple[wire.PushResponse, ...]:
    """Ask one thing after the other, each from where the answer before it ended, and then for what
    is new beyond, as long as it fits into one file.
    """
    asking = _Asking(push)
    for request in question.requests:
        asking.offer(request)
    last = question.requests[-1]
    while asking.responses[-1].more and asking.size < MOST_BYTES:
        asking.ask(evolve(last, commits=(), audit=None, audit_wanted=None))
    return tuple(asking.responses)


@define
class _Asking:
    push: Callable[[wire.PushRequest], wire.PushResponse]
    responses: list[wire.PushResponse] = field(factory=list)
    size: int = 0
    _last: LogEntry | None = None

    def ask(self, request: wire.PushRequest) -> wire.PushResponse:
        if self._last is not None:
            request = evolve(request, cursor=self._last.global_seq, log_hash=self._last.hash)
        response = self.push(evolve(request, wait=0.0, unsent=None))  # it was carried for long
        self.responses.append(response)
        self.size += len(wire.encode(response))
        self._last = response.new[-1] if response.new else self._last
        return response

    def offer(self, request: wire.PushRequest) -> None:
        """What stops one author's commits does not stop those of others behind them."""
        commits = request.commits
        while stopped := self.ask(evolve(request, commits=commits)).push_error:
            place = [each.commit.id for each in commits].index(stopped.commit_id)
            author = commits[place].commit.device_id
            behind = commits[place + 1 :]
            commits = tuple(each for each in behind if each.commit.device_id != author)
            if not commits:
                return


def seal_answer(reply: Reply, *, server_key: str, answer_key: str) -> bytes:
    """``server_key``: the server's private X25519 key; that it was used shows whose answer it is.
    ``answer_key``: as the question has it.
    """
    return seal(ANSWER, wire.encode(reply), to=answer_key, by=server_key)


def open_answer(sealed: bytes, *, bundle_key: str, server_key: str) -> Reply:
    """``bundle_key``: the device's private X25519 key. ``server_key``: the server's public one.

    Raises a ``BundleError``.
    """
    return _read(unseal(ANSWER, sealed, to=bundle_key, by=server_key), Reply)


def _signed_message(server_key: str, message: bytes) -> bytes:
    """Bound to the receiver, so that nobody can pass it on to another in the device's name."""
    return _SIGNED_FOR + bytes.fromhex(server_key) + message


def _read(message: bytes, kind: type[wire.T]) -> wire.T:
    try:
        return wire.decode(message, kind)
    except wire.NotUnderstood as error:
        raise NotABundle from error


# ---------------------------------------------------------------- the device's half


def export_bundle(
    store: Store, *, clock: Clock, state_cache: StateCache, limit: int | None = None
) -> bytes:
    """A request for the server that this database joined. Raises ``NotJoined`` when it joined none.

    ``limit``: how many commits make a page of the file, and how many entries one of the answer; as
    many as in a push by default.
    """
    limit = limit or wire.MOST_COMMITS
    page = next_page(store, state_cache=state_cache, most=MOST_COMMITS, size=MOST_BYTES)
    bundle_key = _bundle_key(store)
    audit = next_audit_page(store, clock=clock)
    with store.reading() as snapshot:
        private_key = settings.required(snapshot, DEVICE_KEY)
        server_key = settings.required(snapshot, settings.SERVER_KEY)
        question = Question(
            device_id=page.device_id,
            known_as=settings.known_as(snapshot),
            user_id=settings.user_id(snapshot),
            public_key=public_key(private_key),
            answer_key=sealing.public_key(bundle_key),
            requests=tuple(
                evolve(
                    evolve(page, commits=some).request(limit=limit),
                    signing_key=snapshot.setting(settings.SERVER_SIGNING_KEY) or "",
                    bundle_key=server_key,
                )
                for some in in_pages(page.commits, limit)
            ),
            plant_id=settings.plant_id(snapshot),
            tail=_tail(snapshot),
            enrolment=own_enrolment(snapshot),
        )
    *before, last = question.requests
    last = evolve(last, audit=audit, audit_wanted=ask_by_file(store))
    question = evolve(question, requests=(*before, last))
    with store.writing() as transaction:
        transaction.set_setting(settings.ASKED_SERVER_KEY, server_key)
    return seal_request(question, private_key=private_key, server_key=server_key)


def _tail(snapshot: Snapshot) -> tuple[wire.TailRequest, ...]:
    """What the server lacks, where its last answer was that it recovers its log."""
    place = snapshot.setting(settings.RECOVERED_BEHIND)
    return tuple(all_requests(snapshot, int(place), most=MOST_BYTES)) if place else ()


def import_answer(
    store: Store, sealed: bytes, *, clock: Clock, ids: Ids, state_cache: StateCache, user_id: UserId
) -> Exchanged:
    """Take the server's answer in. The same answer once more changes nothing.

    ``NotForUs`` also where this device never asked anything by file: no answer is for it. Raises a
    ``BundleError``, or the ``LinkError`` that the server answered.
    """
    with store.reading() as snapshot:
        reply = open_answer(
            sealed,
            bundle_key=snapshot.setting(settings.BUNDLE_KEY) or sealing.new_key(),
            server_key=snapshot.setting(settings.ASKED_SERVER_KEY)
            or settings.required(snapshot, settings.SERVER_KEY),
        )
    try:
        if reply.problem is not None:
            raise error_of(reply.status, reply.problem)
    except Recovering as recovering:
        receive_refusal(store, recovering)
        with store.writing() as transaction:
            transaction.set_setting(settings.RECOVERED_BEHIND, str(recovering.keep))
        raise
    except LogReset as reset:
        receive_refusal(store, reset)
        with store.reading() as snapshot:
            is_unannounced = snapshot.setting(settings.LOG_EPOCH) == reset.log_epoch
        parted = part_from(store, reset.keep, epoch=reset.log_epoch, state_cache=state_cache)
        note_disowned(store, parted, epoch=reset.log_epoch, at=clock.now(), user_id=user_id)
        _is_not_recovering(store)
        done = Exchanged(log_reset=parted.is_undone, disowned=parted.disowned)
        done.is_unannounced = parted.is_undone and is_unannounced
        return _counted(store, done)
    _note_name(store, reply)
    _is_not_recovering(store)
    result = Exchanged()
    reading = _Reading(
        store, clock, ids, state_cache, user_id, result, _hashes_of_stopped(store, reply)
    )
    left: tuple[LogEntry, ...] = ()
    for number, response in enumerate(reply.responses, start=1):
        left = reading.take(response, left, is_last=number == len(reply.responses))
        if response.push_error is not None:
            reading.look_at(response.push_error)
        if response.audit is not None:
            receive_receipt(store, response.audit)
            result.audit_parted = result.audit_parted or response.audit.is_parted
    taken = receive_by_file(store, reply.responses, more=result.more)
    result.audit_returned, result.audit_missing_until = taken.records, taken.missing_until
    remove_old(store, clock=clock)
    return _counted(store, result)


def _is_not_recovering(store: Store) -> None:
    """The server's answer was another one than that: nothing is handed back to it any more."""
    with store.writing() as transaction:
        if transaction.setting(settings.RECOVERED_BEHIND):
            transaction.set_setting(settings.RECOVERED_BEHIND, "")


def _hashes_of_stopped(store: Store, reply: Reply) -> dict[CommitId, bytes]:
    """Of the commits at which the server stopped, before anything of the answer is applied."""
    stopped = [each.push_error for each in reply.responses if each.push_error is not None]
    with store.reading() as snapshot:
        commits = [snapshot.commit(each.commit_id) for each in stopped]
    return {commit.id: commit.hash for commit in commits if commit is not None}


@frozen
class _Reading:
    """``hashes``: of the commits at which the server stopped, as they were offered."""

    store: Store
    clock: Clock
    ids: Ids
    state_cache: StateCache
    user_id: UserId
    result: Exchanged
    hashes: Mapping[CommitId, bytes]

    def take(
        self, response: wire.PushResponse, left: tuple[LogEntry, ...], *, is_last: bool
    ) -> tuple[LogEntry, ...]:
        """``left``: what the answers before ended with, and only this one can prove; what this one
        leaves so.
        """
        begin(self.store, response.log_epoch)
        receive_word(self.store, response)
        with self.store.reading() as snapshot:
            name = settings.device_id(snapshot)
        try:
            now = apply_resolving_forks(
                self.store,
                (*left, *response.new),
                epoch=response.log_epoch,
                clock=self.clock,
                ids=self.ids,
                state_cache=self.state_cache,
                user_id=self.user_id,
                applied=self.result.applied,
                more=response.more or not is_last,
            )
        except AnotherLog as error:
            raise OutOfTurn from error
        with self.store.reading() as snapshot:
            cursor, epoch = snapshot.cursor(), snapshot.setting(settings.LOG_EPOCH)
        left = tuple(entry for entry in (*left, *response.new) if entry.global_seq > cursor)
        is_over = is_last and not response.more
        follows = left and left[0].global_seq == cursor + 1 and epoch == response.log_epoch
        if left and (is_over or not follows):
            raise OutOfTurn
        self.result.head, self.result.more = response.head, response.more
        self.result.program = note_server(self.store, response.schema_max)
        note_heard_devices(self.store, response)
        if now != name:
            self.result.device_id = now
        return left

    def look_at(self, stopped: Stopped) -> None:
        """Does what lets the next request succeed; reports the rest in the result."""
        with self.store.reading() as snapshot:
            commit = snapshot.commit(stopped.commit_id)
            is_settled = commit is None or snapshot.entry(stopped.commit_id) is not None
            name = settings.device_id(snapshot)
        if commit is None or is_settled or commit.hash != self.hashes.get(commit.id):
            return  # the entries just applied have it in the log, or sealed it again
        if stopped.code is Fault.FORKED and commit.device_id == name:
            self.result.device_id = change_device_id(
                self.store,
                name,
                clock=self.clock,
                ids=self.ids,
                state_cache=self.state_cache,
                user_id=self.user_id,
            )
        else:
            self.result.withheld.append(Withheld(commit_id=commit.id, code=stopped.code))


def _note_name(store: Store, reply: Reply) -> None:
    with store.writing() as transaction:
        if reply.known_as == settings.device_id(transaction):
            transaction.set_setting(KNOWN_AS, str(reply.known_as))
            transaction.set_setting(MARK, reply.mark)


def _counted(store: Store, result: Exchanged) -> Exchanged:
    with store.reading() as snapshot:
        result.pending = snapshot.count_pending()
    return result


def _bundle_key(store: Store) -> str:
    """Made at the first bundle, and kept: an answer may be long on the way."""
    with store.writing() as transaction:
        key = transaction.setting(settings.BUNDLE_KEY)
        if not key:
            key = sealing.new_key()
            transaction.set_setting(settings.BUNDLE_KEY, key)
    return key
