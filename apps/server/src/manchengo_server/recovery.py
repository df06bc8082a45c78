"""A server that was put back from a backup first takes back what it signed since, from devices.

Its operator opens the recovery with ``restore`` and ends it with ``begin-epoch``. In between,
nothing comes into the log but its own end: entries under a head that this server signed, to the
byte, with their verdicts and effects, in their order. A tail comes from its last page to its first,
so that the hash of each entry is known before the entry is kept; it is applied once it reaches the
log.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from attrs import evolve, field, frozen

from manchengo import codec
from manchengo.application.replication.device_log import AnotherLog, apply_confirmed
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.domain.commit import NO_HASH, Commit, LogEntry
from manchengo.domain.ids import DeviceId
from manchengo.ports.ids import Ids
from manchengo.ports.settings import DEVICE
from manchengo.ports.store import Snapshot, Transaction
from manchengo_server import reoffers
from manchengo_server.context import ServerContext
from manchengo_server.errors import NotOurWord, NotYours, Recovering
from manchengo_server.plant import SERVER_DEVICE, Epochs, begin_epoch
from manchengo_server.signing_keys import own_signing_keys
from manchengo_sync.log_proofs import Authors, Fault, Runs, look_at
from manchengo_sync.server_word import is_word_of
from manchengo_sync.signature_runs import is_true
from manchengo_sync.wire import ServerWord, TailRequest, TailResponse

RECOVERY = "server.recovery"
"""The setting that holds the last entry of the log when the recovery was opened; empty where there
is none.
"""

TAILS = "server.tails"
"""The setting that holds how far each device came with its tail (``Tails``), in JSON."""

PIECE = "server.tail."
"""The settings, followed by a device's id and the number of a piece, that hold the entries of a
tail until it is whole, in JSON.
"""


@frozen(kw_only=True)
class Tail:
    """What one device has handed back so far. ``last`` and ``word_hash``: of the entry that the
    server's word is about. ``up_to`` and ``up_to_hash``: of the last entry that is still wanted.
    ``pieces``: how many are here.
    """

    last: int
    word_hash: bytes
    up_to: int
    up_to_hash: bytes
    pieces: int = 0

    @classmethod
    def under(cls, word: ServerWord) -> "Tail":
        """Nothing of it is here yet."""
        return cls(
            last=word.global_seq,
            word_hash=word.log_hash,
            up_to=word.global_seq,
            up_to_hash=word.log_hash,
        )


@frozen
class Tails:
    """Those of all devices."""

    of: dict[DeviceId, Tail] = field(factory=dict)

    @classmethod
    def read(cls, snapshot: Snapshot) -> "Tails":
        """The ends that the database records; none where no recovery goes on."""
        stored = snapshot.setting(TAILS)
        return cls(msgspec.json.decode(stored, type=dict[DeviceId, Tail])) if stored else cls()

    def write(self, transaction: Transaction) -> None:
        """Record them in the database."""
        transaction.set_setting(TAILS, msgspec.json.encode(self.of).decode())


# ---------------------------------------------------------------- opened and closed


def is_recovering(snapshot: Snapshot) -> bool:
    """Whether the server was restored from a backup and no epoch began since."""
    return bool(snapshot.setting(RECOVERY))


def open_recovery(transaction: Transaction, *, ids: Ids) -> None:
    """From now on the server writes as another device: as the former one it may have written what
    only devices still hold. Opened once more, nothing changes.
    """
    if is_recovering(transaction):
        return
    name = transaction.setting(DEVICE)
    if name == transaction.setting(SERVER_DEVICE):
        name = str(ids.new())
    transaction.set_setting(DEVICE, name or "")
    transaction.set_setting(SERVER_DEVICE, name or "")
    transaction.set_setting(RECOVERY, str(transaction.cursor()))
    Tails().write(transaction)


def must_not_be_recovering(
    snapshot: Snapshot, word: ServerWord | None = None, succession: tuple[Commit, ...] = ()
) -> None:
    """Raises ``Recovering``. ``word``: where the log ends, signed for who asks for entries, with
    the ``succession`` to its key.
    """
    opened_at = snapshot.setting(RECOVERY)
    if opened_at:
        epoch = Epochs.read(snapshot).present
        raise Recovering(log_epoch=epoch, keep=int(opened_at), word=word, succession=succession)


def close(context: ServerContext) -> int:
    """Begin the new epoch where the log ends by now. How many entries were taken back."""
    with context.reading() as snapshot:
        unfinished = Tails.read(snapshot)
    for device_id, tail in unfinished.of.items():
        _apply_where_whole(context, device_id, tail)
    with context.writing() as transaction:
        opened_at = transaction.setting(RECOVERY)
        for device_id, tail in Tails.read(transaction).of.items():
            _drop_pieces(transaction, device_id, tail)
        Tails().write(transaction)
        transaction.set_setting(RECOVERY, "")
        present = transaction.setting(SERVER_DEVICE) if opened_at else None
        last = reoffers.last_heard(transaction)
        begin_epoch(transaction, ids=context.ids, device_id=present)
        reoffers.allow(transaction, last=last, now=context.clock.now())
        return transaction.cursor() - int(opened_at) if opened_at else 0


# ---------------------------------------------------------------- taking back


def take_back(context: ServerContext, request: TailRequest, *, by: DeviceId) -> TailResponse:
    """Keep the page where it is the one that is wanted, apply the tail once it is whole, and say
    what is wanted next. Where nothing is recovered, that is nothing.

    Raises ``NotYours``; ``NotOurWord`` where this server did not sign the word, or the page is not
    what leads to it.
    """
    if request.replica_id != by:
        raise NotYours
    word = request.word
    with context.reading() as snapshot:
        ours = own_signing_keys(context, snapshot)
    if not any(is_word_of(word, key, context.plant.id) for key in ours):
        raise NotOurWord
    with context.writing() as transaction:
        if not is_recovering(transaction):
            return TailResponse(up_to=0)
        tail = _received(transaction, request, by)
    if not _is_whole(context, tail):
        return TailResponse(up_to=tail.up_to)
    return TailResponse(up_to=0, differs=not _apply_where_whole(context, by, tail))


def _received(transaction: Transaction, request: TailRequest, by: DeviceId) -> Tail:
    tails = Tails.read(transaction)
    tail = tails.of.get(by)
    if tail is None or tail.word_hash != request.word.log_hash:
        if tail is not None:
            _drop_pieces(transaction, by, tail)
        tail = Tail.under(request.word)
    last = request.entries[-1] if request.entries else None
    if last is not None and (last.global_seq, last.hash) == (tail.up_to, tail.up_to_hash):
        _must_lead_to_each_other(request)
        transaction.set_setting(_piece(by, tail.pieces), _encoded(request.entries))
        tail = evolve(
            tail,
            up_to=request.entries[0].global_seq - 1,
            up_to_hash=request.previous,
            pieces=tail.pieces + 1,
        )
    Tails({**tails.of, by: tail}).write(transaction)
    return tail


def _must_lead_to_each_other(request: TailRequest) -> None:
    """Raises ``NotOurWord``. The hash of the last entry is known: by it, all others are."""
    previous, place = request.previous, request.entries[0].global_seq
    for entry in request.entries:
        is_next = entry.global_seq == place and codec.entry_hash(entry, previous) == entry.hash
        if not is_next or not is_true(entry.commit):
            raise NotOurWord
        previous, place = entry.hash, place + 1


def _is_whole(context: ServerContext, tail: Tail) -> bool:
    with context.reading() as snapshot:
        return tail.up_to <= snapshot.cursor()


def _apply_where_whole(context: ServerContext, device_id: DeviceId, tail: Tail) -> bool:
    """False where the tail is of another log than this one. It is not needed any more then, nor
    when it was applied.
    """
    with context.reading() as snapshot:
        if tail.up_to > snapshot.cursor():
            return True
        is_ours = tail.up_to_hash == _hash_at(snapshot, tail.up_to) and _is_signed(
            snapshot, device_id, tail
        )
    if is_ours:
        is_ours = _apply(context, device_id, tail)
    with context.writing() as transaction:
        _drop_pieces(transaction, device_id, tail)
        tails = Tails.read(transaction).of
        Tails({each: left for each, left in tails.items() if each != device_id}).write(transaction)
    return is_ours


def _apply(context: ServerContext, device_id: DeviceId, tail: Tail) -> bool:
    """Piece by piece: what was cut off is gone on with when it is asked for again."""
    with context.reading() as snapshot:
        reader = context.plant_now(snapshot).device_id
    for number in reversed(range(tail.pieces)):
        try:
            with context.writing(durable=False) as transaction:
                apply_confirmed(
                    transaction,
                    _entries(transaction, device_id, number),
                    device_id=reader,
                    now=context.clock.now(),
                    state_cache=context.state_cache,
                )
        except (AnotherLog, ForgedEntry):
            return False
    with context.reading() as snapshot:
        return _hash_at(snapshot, tail.last) == tail.word_hash


def _is_signed(snapshot: Snapshot, device_id: DeviceId, tail: Tail) -> bool:
    """Whether devices and authors signed what is beyond this log: the server's word alone makes no
    commit of anybody.
    """
    runs, cursor, left = Runs(Authors(snapshot)), snapshot.cursor(), list[Fault]()
    for number in reversed(range(tail.pieces)):
        for entry in _entries(snapshot, device_id, number):
            if entry.global_seq > cursor and look_at(runs, entry):
                return False
        left = runs.settle()
    return not left


# ---------------------------------------------------------------- kept until it is whole


def _piece(device_id: DeviceId, number: int) -> str:
    return f"{PIECE}{device_id}.{number}"


def _encoded(entries: tuple[LogEntry, ...]) -> str:
    return msgspec.json.encode(entries).decode()


def _entries(snapshot: Snapshot, device_id: DeviceId, number: int) -> tuple[LogEntry, ...]:
    stored: Any = snapshot.setting(_piece(device_id, number)) or "[]"
    return msgspec.json.decode(stored, type=tuple[LogEntry, ...])


def _drop_pieces(transaction: Transaction, device_id: DeviceId, tail: Tail) -> None:
    for number in range(tail.pieces):
        transaction.set_setting(_piece(device_id, number), "")


def _hash_at(snapshot: Snapshot, place: int) -> bytes:
    entries: Iterator[LogEntry] = snapshot.entries(after=place - 1, limit=1) if place else iter(())
    return next((entry.hash for entry in entries), NO_HASH)
