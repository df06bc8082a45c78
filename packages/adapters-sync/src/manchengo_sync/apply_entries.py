"""Applies the entries of an answer in portions, so that a command meanwhile waits for one only.

Each portion is one transaction; applying any prefix of an answer is correct.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from attrs import astuple, define, field

from manchengo import codec
from manchengo.application.replication.device_log import OutOfOrder, apply_confirmed
from manchengo.application.replication.effects_check import ForgedEntry
from manchengo.application.replication.histories import Divergence, divergences, present_alone
from manchengo.application.replication.rechosen import Rechosen, rechosen
from manchengo.application.unit_of_work import StateCache
from manchengo.domain.commit import LogEntry, Verdict
from manchengo.domain.ids import CommitId
from manchengo.domain.resolution import ItemOpened
from manchengo.events import EVENTS
from manchengo.ports.clock import Clock
from manchengo.ports.store import Snapshot, Store
from manchengo_sync.link import UntrustedWord
from manchengo_sync.log_proofs import Authors, Proof, prove
from manchengo_sync.server_word import first_contradicted
from manchengo_sync.settings import LOG_EPOCH, device_id

MOST_ENTRIES = 100
MOST_EVENTS = 400
"""A portion ends at that many entries or events: about 50 ms. If more commits are pending, it holds
as many entries as those, since each portion may rewind and predict them all again.
"""

CONTRADICTED = "the server signed another entry in its place before"

ITEM_OPENED = next(name for name, schema in EVENTS.items() if schema.type is ItemOpened)


@define
class Applied:
    """What was new in the answers. ``received``: entries applied. ``own``: pending commits of this
    device that were seen in the log. ``accepted`` to ``parked``: entries by verdict. ``rechosen``:
    the orders whose lots were allocated again. ``dropped``: own commits that could not be predicted
    any more, with the reason; they are still in the queue. ``divergences``: the entries whose
    authors saw another log than this one.
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
    divergences: list[Divergence] = field(factory=list)

    def then(self, later: "Applied") -> "Applied":
        """Both, as one."""
        mine, theirs = astuple(self, recurse=False), astuple(later, recurse=False)
        return Applied(*[one + other for one, other in zip(mine, theirs, strict=True)])


def begin(store: Store, epoch: str) -> None:
    """Set the epoch of the log that this device reads, unless it holds entries already."""
    with store.writing() as transaction:
        if not transaction.setting(LOG_EPOCH) or not transaction.cursor():
            transaction.set_setting(LOG_EPOCH, epoch)


def apply_entries(
    store: Store,
    entries: Sequence[LogEntry],
    *,
    epoch: str,
    clock: Clock,
    state_cache: StateCache,
    applied: Applied,
    more: bool,
) -> bool:
    """Apply the entries that follow what this device holds and that their devices signed, and count
    them in ``applied``. ``more``: whether more of the log follows; if so, entries at the end that
    only a later signature can prove are left for the next call.

    Returns False when the entries are of another epoch, or when some are missing in between. Raises
    ``Forked``, ``AnotherLog`` and ``ForgedEntry``, as ``apply_confirmed`` does; the entries before
    the one at fault stay applied. Raises ``UntrustedWord`` at an entry in whose place the server
    signed another.
    """
    with store.reading() as snapshot:
        pending = snapshot.count_pending()
        proved, unproved = _proved(snapshot, entries, epoch)
        new = [entry for entry in proved if entry.global_seq > snapshot.cursor()]
        seen_otherwise = list(divergences(snapshot, new, present_alone(epoch)))
    for portion in portions(proved, pending=pending):
        try:
            if not _apply(store, portion, epoch, clock, state_cache, applied):
                return False
        except ForgedEntry as forged:
            before = [entry for entry in portion if entry.global_seq < forged.global_seq]
            if before:
                _apply(store, before, epoch, clock, state_cache, applied)
            raise
    applied.divergences += seen_otherwise
    if unproved is not None and not (unproved.is_open and more):
        entry = entries[len(proved)]
        if unproved.why == CONTRADICTED:
            raise UntrustedWord(code="two_histories", entry=entry.global_seq)
        raise ForgedEntry(global_seq=entry.global_seq, commit_id=entry.commit.id, why=unproved.why)
    return True


def _proved(
    snapshot: Snapshot, entries: Sequence[LogEntry], epoch: str
) -> tuple[Sequence[LogEntry], Proof | None]:
    """The entries that their devices signed, and what is wrong with the one after them, if
    anything. Entries that do not continue this log are left to ``apply_confirmed`` to refuse.
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
    contradicted = first_contradicted(snapshot, new[: proof.count])
    if contradicted is not None:
        proof = Proof(count=contradicted.global_seq - cursor - 1, why=CONTRADICTED)
    return entries[: held + proof.count], proof if proof.why else None


def _apply(
    store: Store,
    portion: Sequence[LogEntry],
    epoch: str,
    clock: Clock,
    state_cache: StateCache,
    applied: Applied,
) -> bool:
    """Apply one portion in one transaction; returns False as ``apply_entries`` does."""
    try:
        with forgetting_on_failure(state_cache), store.writing() as transaction:
            if (transaction.setting(LOG_EPOCH) or "") != epoch:
                return False
            cursor = transaction.cursor()
            done = apply_confirmed(
                transaction,
                portion,
                device_id=device_id(transaction),
                now=clock.now(),
                state_cache=state_cache,
            )
    except OutOfOrder:
        return False
    _count(applied, [entry for entry in portion if entry.global_seq > cursor])
    applied.own += done.own
    applied.dropped += done.dropped
    return True


def portions(entries: Iterable[LogEntry], *, pending: int) -> Iterator[list[LogEntry]]:
    """The entries in portions. ``pending``: how many commits wait to be seen in the log."""
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


def _count(applied: Applied, entries: list[LogEntry]) -> None:
    verdicts = Counter(entry.verdict for entry in entries)
    applied.received += len(entries)
    applied.accepted += verdicts[Verdict.ACCEPTED]
    applied.reallocated += verdicts[Verdict.REALLOCATED]
    applied.rejected += verdicts[Verdict.REJECTED]
    applied.parked += verdicts[Verdict.PARKED]
    for entry in entries:
        applied.rechosen += rechosen(entry.commit, entry.effects)
    applied.items_opened += sum(
        event.event_type == ITEM_OPENED for entry in entries for event in entry.effects
    )


@contextmanager
def forgetting_on_failure(state_cache: StateCache) -> Iterator[None]:
    """Clear the cached states when the transaction fails: they may include what was rolled back."""
    try:
        yield
    except BaseException:
        state_cache.forget()
        raise
