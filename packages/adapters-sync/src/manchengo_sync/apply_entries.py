"""Applies an answer in portions: a command given meanwhile waits for one portion only.

Each portion is one transaction, and any prefix of an answer is as good as all of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from attrs import astuple, define, field

from manchengo import codec
from manchengo.application.replication.device_log import OutOfOrder, take_in
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.application.replication.rechosen import Rechosen, rechosen
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import CommitId
from manchengo.domain.resolution import ItemOpened
from manchengo.events import EVENTS
from manchengo.ports.clock import Clock
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.log_proofs import Authors, Proof, prove
from manchengo_sync.settings import LOG_EPOCH, device_id

MOST_ENTRIES = 100
MOST_EVENTS = 400
"""A portion is closed once it holds that many entries or events: half a tenth of a second. Where
more commits than that are pending it holds as many entries as those: each portion may rewind them
all, and shorter ones would rewind more often than there is anything to take in.
"""

ITEM_OPENED = next(name for name, schema in EVENTS.items() if schema.type is ItemOpened)


@define
class Taken:
    """What the answers held that was not here yet. ``own``: commits that waited here, and were seen
    in the log. ``rechosen``: the orders that were given other lots than their devices had chosen.
    ``dropped``: own commits that could not be guessed at any more, with the reason; they are still
    in the queue.
    """

    received: int = 0
    own: int = 0
    accepted: int = 0
    reallocated: int = 0
    rejected: int = 0
    parked: int = 0
    items_opened: int = 0
    rechosen: list[Rechosen] = field(factory=list)
    dropped: list[tuple[CommitId, str]] = field(factory=list)

    def then(self, later: "Taken") -> "Taken":
        """Both, as one."""
        mine, theirs = astuple(self, recurse=False), astuple(later, recurse=False)
        return Taken(*[one + other for one, other in zip(mine, theirs, strict=True)])


def begin(store: Store, epoch: str) -> None:
    """Note which log this device reads, as long as it holds nothing of any: whatever log it once
    heard of, this is the one that it can begin with.
    """
    with store.writing() as transaction:
        if not transaction.setting(LOG_EPOCH) or not transaction.cursor():
            transaction.set_setting(LOG_EPOCH, epoch)


def take(
    store: Store,
    entries: Sequence[LogEntry],
    *,
    epoch: str,
    clock: Clock,
    state_cache: StateCache,
    taken: Taken,
    more: bool,
) -> bool:
    """Take in what follows here of that log and is what its devices signed, and count it in
    ``taken``. ``more``: whether more of the log follows; then an end that only what comes next can
    prove is left for then.

    False when it is of another epoch, or when entries are missing in between: then it answers
    another question. ``Forked``, ``AnotherLog`` and ``ForgedEntry`` as ``take_in`` has them; what
    went before stays taken in, up to the very entry that is forged.
    """
    with store.reading() as snapshot:
        pending = snapshot.count_pending()
        proved, unproved = _proved(snapshot, entries, epoch)
    for portion in portions(proved, pending=pending):
        try:
            if not _apply(store, portion, epoch, clock, state_cache, taken):
                return False
        except ForgedEntry as forged:
            before = [entry for entry in portion if entry.global_seq < forged.global_seq]
            if before:
                _apply(store, before, epoch, clock, state_cache, taken)
            raise
    if unproved is not None and not (unproved.is_open and more):
        entry = entries[len(proved)]
        raise ForgedEntry(global_seq=entry.global_seq, commit_id=entry.commit.id, why=unproved.why)
    return True


def _proved(
    snapshot: Snapshot, entries: Sequence[LogEntry], epoch: str
) -> tuple[Sequence[LogEntry], Proof | None]:
    """The entries that are what their devices signed, as far as is known; and what is wrong with
    the one behind them. What is not the next of this very log is left to ``take_in`` to refuse.
    """
    cursor = snapshot.cursor()
    held = sum(entry.global_seq <= cursor for entry in entries)
    new = entries[held:]
    is_next = (
        bool(new)
        and (snapshot.setting(LOG_EPOCH) or "") == epoch
        and [entry.global_seq for entry in new] == [*range(cursor + 1, cursor + 1 + len(new))]
        and codec.entry_hash(new[0], snapshot.log_hash()) == new[0].hash
    )
    if not is_next:
        return entries, None
    proof = prove(Authors(snapshot), new)
    return entries[: held + proof.count], proof if proof.why else None


def _apply(
    store: Store,
    portion: Sequence[LogEntry],
    epoch: str,
    clock: Clock,
    state_cache: StateCache,
    taken: Taken,
) -> bool:
    """One transaction, as ``take`` has it."""
    try:
        with forgetting_on_failure(state_cache), store.writing() as transaction:
            if (transaction.setting(LOG_EPOCH) or "") != epoch:
                return False
            cursor = transaction.cursor()
            done = take_in(
                transaction,
                portion,
                device_id=device_id(transaction),
                now=clock.now(),
                state_cache=state_cache,
            )
    except OutOfOrder:
        return False
    _count(taken, [entry for entry in portion if entry.global_seq > cursor])
    taken.own += done.own
    taken.dropped += done.dropped
    return True


def portions(entries: Iterable[LogEntry], *, pending: int) -> Iterator[list[LogEntry]]:
    """``pending``: how many commits wait to be seen in the log."""
    portion: list[LogEntry] = []
    events = 0
    for entry in entries:
        portion.append(entry)
        events += len(entry.effects)
        if len(portion) >= pending and (len(portion) >= MOST_ENTRIES or events >= MOST_EVENTS):
            yield portion
            portion, events = [], 0
    if portion:
        yield portion


def _count(taken: Taken, entries: list[LogEntry]) -> None:
    verdicts = Counter(entry.verdict for entry in entries)
    taken.received += len(entries)
    taken.accepted += verdicts[Verdict.ACCEPTED]
    taken.reallocated += verdicts[Verdict.REALLOCATED]
    taken.rejected += verdicts[Verdict.REJECTED]
    taken.parked += verdicts[Verdict.PARKED]
    for entry in entries:
        taken.rechosen += rechosen(entry.commit, entry.effects)
    taken.items_opened += sum(
        event.event_type == ITEM_OPENED for entry in entries for event in entry.effects
    )


@contextmanager
def forgetting_on_failure(state_cache: StateCache) -> Iterator[None]:
    """What was folded in a transaction that left no trace is forgotten too."""
    try:
        yield
    except BaseException:
        state_cache.forget()
        raise
