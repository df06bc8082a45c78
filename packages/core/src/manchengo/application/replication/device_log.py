"""Applies the log on a device: takes predictions back, applies new entries, predicts again.

One transaction holds it all: confirmed entries, cursor, predictions and view rows. A commit leaves
the queue when it is seen in the log, never because somebody said that it arrived.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from attrs import define, evolve, field, frozen

from manchengo import codec
from manchengo.application.committing import store_views, write_views
from manchengo.application.hlc import is_ahead
from manchengo.application.integrity import note_unread, rows_of
from manchengo.application.replication.author_check import must_be_its_authors
from manchengo.application.replication.effects_check import is_as_recorded, must_follow
from manchengo.application.replication.reused_ids import is_same, reported
from manchengo.application.replication.verdicts import FROM_THE_CONTENT, place, record_again
from manchengo.application.unit_of_work import StateCache, UnitOfWork, decoded_event, folded
from manchengo.application.views.projection import difference, rows
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.commit import START, Commit, LogEntry, Tip
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import Row
from manchengo.ports.settings import COPY_OF, DEVICE, FORMER_DEVICES
from manchengo.ports.store import Pending, Snapshot, Transaction

ADOPTED_AHEAD = timedelta(minutes=5)
"""A stamp from further in the future than this is not taken over: somebody's clock is wrong."""


@frozen(kw_only=True)
class OutOfOrder(Exception):
    """An entry is not the one that comes next: nothing of the page was taken in."""

    expected: int
    found: int


@frozen
class Forked(Exception):
    """The log holds a commit under this device's id that it never wrote: another database bears the
    same id. ``become`` another device first.
    """

    commit_id: CommitId


@frozen(kw_only=True)
class AnotherLog(Exception):
    """An entry does not follow what is held here: the log was changed on the way, or this is
    another one from some entry on. Nothing of the page was taken in.
    """

    global_seq: int


@define
class TakenIn:
    """What a page changed. ``own``: commits that waited here and are in the log now; of those,
    ``confirmed`` did just what was guessed. ``dropped``: own commits that could not even be guessed
    at any more, each with what went wrong; they are still in the queue.
    """

    entries: int = 0
    own: int = 0
    confirmed: int = 0
    predicted: int = 0
    dropped: list[tuple[CommitId, str]] = field(factory=list)


def take_in(
    transaction: Transaction,
    entries: Sequence[LogEntry],
    *,
    device_id: DeviceId,
    now: datetime,
    state_cache: StateCache,
) -> TakenIn:
    """Take the next entries of the log in; those already held are passed over.

    ``OutOfOrder`` when one is missing, ``AnotherLog`` when it is not the same log, ``Forked`` when
    this device has a twin, ``ForgedEntry`` when what happened by a commit cannot follow from it, or
    was not its author's to do. When the transaction fails, forget ``state_cache``.
    """
    known = transaction.known([entry.commit.id for entry in entries])
    waits = transaction.count_pending() > 0
    pull = _Pull(transaction, device_id, now, state_cache, known, waits, transaction.pending())
    for entry in entries:
        cursor = transaction.cursor()
        if entry.global_seq <= cursor:
            continue
        if entry.global_seq != cursor + 1:
            raise OutOfOrder(expected=cursor + 1, found=entry.global_seq)
        if codec.entry_hash(entry, transaction.log_hash()) != entry.hash:
            raise AnotherLog(global_seq=entry.global_seq)
        pull.take(entry)
    pull.finish()
    return pull.taken


@define
class _Pull:
    transaction: Transaction
    device_id: DeviceId
    now: datetime
    state_cache: StateCache
    known: set[CommitId]
    waits: bool
    waiting: Iterator[Pending]
    taken: TakenIn = field(factory=TakenIn)
    _rewound: bool = False
    _replaced: set[DeviceId] = field(factory=set)
    _stamps_gone: set[str] = field(factory=set)
    _latest: str = ""

    def take(self, entry: LogEntry) -> None:
        commit = entry.commit
        if self._is_as_guessed(entry):
            self.transaction.confirm(entry)
            self.taken.confirmed += 1
            self.taken.own += 1
        else:
            self._take_otherwise(entry)
        if not is_ahead(commit.hlc, self.now + ADOPTED_AHEAD):
            self._latest = max(self._latest, commit.hlc)
        self.known.add(commit.id)
        self.taken.entries += 1

    def _take_otherwise(self, entry: LogEntry) -> None:
        commit = entry.commit
        known = self.transaction.commit(commit.id) if commit.id in self.known else None
        if commit.device_id == self.device_id and not _is_recorded_here(known, commit):
            raise Forked(commit.id)
        if self.waits and not self._rewound:
            rewind(self.transaction, self.state_cache)
            self._rewound = True
        earlier = self.transaction.entry(commit.id) if known is not None else None
        verdict_before = earlier.verdict if earlier is not None else None
        must_follow(self.transaction, entry, earlier=verdict_before)
        must_be_its_authors(self.transaction, entry, self.state_cache)
        if known is not None and earlier is None:
            self._replaced.add(known.device_id)
            if is_same(known, commit):
                self.taken.own += 1
                self._stamps_gone.add(known.hlc)
            else:
                report = codec.sealed(reported(known, commit))
                self.transaction.reseal(known.id, report)
        apply(self.transaction, entry, self.state_cache)

    def finish(self) -> None:
        """Guess again what still waits, and let this device's stamps follow those it saw."""
        if self._rewound:
            rechain(
                self.transaction,
                self.device_id,
                replaced=self._replaced,
                stamps_gone=self._stamps_gone,
            )
            guess_all(self.transaction, self.state_cache, self.taken)
        tip = self.transaction.tip(self.device_id)
        if self._latest > tip.hlc:
            self.transaction.set_tip(self.device_id, evolve(tip, hlc=self._latest))

    def _is_as_guessed(self, entry: LogEntry) -> bool:
        """The log says of the oldest pending commit what this device said itself, and nothing came
        between: what it did stands where it belongs already, and later guesses behind it.
        """
        if not self.waits or self._rewound or not is_as_recorded(entry):
            return False
        first = next(self.waiting, None)  # whatever else it is, all are taken back
        return (
            first is not None
            and first.commit.id == entry.commit.id
            and first.commit.hash == entry.commit.hash
            and first.effective is None
        )


def _is_recorded_here(known: Commit | None, commit: Commit) -> bool:
    """Whatever its seal is here by now: it may have been sealed again since it was offered."""
    return known is not None and known.events == commit.events and is_same(known, commit)


def apply(transaction: Transaction, entry: LogEntry, state_cache: StateCache) -> None:
    """An entry's effects, as the log has them: nothing is judged here."""
    work = UnitOfWork(transaction, state_cache)
    unread: set[UUID] = set()
    for event in entry.effects:
        aggregate = AGGREGATES.get(event.aggregate_type)
        if aggregate is None:
            unread.add(event.aggregate_id)
            continue
        try:
            new_events = decoded_event(event) if work.reads(aggregate, event.aggregate_id) else None
        except codec.UnknownEvent:
            new_events = None
        if new_events is None:
            work.pass_over(aggregate, event.aggregate_id)
            unread.add(event.aggregate_id)
        else:
            record_again(work, aggregate, event.aggregate_id, new_events)
    transaction.enter(entry)
    write_views(transaction, work)
    work.remember()
    if unread:
        note_unread(transaction, unread)


# ---------------------------------------------------------------- predictions


def rewind(transaction: Transaction, state_cache: StateCache) -> None:
    """Take every prediction back: streams and views are then those of the log alone."""
    guessed = [
        (each.commit.id, {event.aggregate_id for event in each.effects})
        for each in transaction.pending()
        if each.effects
    ]
    with _views_of(transaction, (touched for _, touched in guessed)):
        for commit_id, _ in reversed(guessed):
            transaction.roll_back(commit_id)
    state_cache.forget()


def guess_all(transaction: Transaction, state_cache: StateCache, taken: TakenIn) -> None:
    """What every pending commit does at the head of the log; all must have been taken back.

    A commit at which the judge itself stumbles is dropped from the predictions, and that is all.
    """
    for commit in [waiting.commit for waiting in transaction.pending()]:
        try:
            placed = place(transaction, commit, hlc_eff=commit.hlc, state_cache=state_cache)
        except FROM_THE_CONTENT as error:
            taken.dropped.append((commit.id, f"{type(error).__name__}: {error}"))
            continue
        transaction.predict(commit.id, placed.effective)
        store_views(transaction, placed.shown)
        placed.work.remember()
        taken.predicted += 1


def start_over(
    transaction: Transaction, *, after: int, device_id: DeviceId, state_cache: StateCache
) -> TakenIn:
    """The server's log is another one beyond ``after``: what was confirmed there waits again.

    Commits of others are kept too, and offered as they were signed: this device may be the only one
    that still has them.
    """
    rewind(transaction, state_cache)
    while transaction.cursor() > after:
        (last,) = transaction.entries(after=transaction.cursor() - 1)
        with _views_of(transaction, [{event.aggregate_id for event in last.effects}]):
            transaction.reopen()
    taken = TakenIn()
    rechain(transaction, device_id)
    guess_all(transaction, state_cache, taken)
    return taken


@contextmanager
def _views_of(transaction: Transaction, touched: Iterable[set[UUID]]) -> Iterator[None]:
    """Whatever is taken back from these aggregates in here, their rows follow."""
    before = {
        aggregate_id: _rows(transaction, aggregate_id) for some in touched for aggregate_id in some
    }
    yield
    for aggregate_id, was in before.items():
        gone, changed = difference(was, _rows(transaction, aggregate_id))
        transaction.drop(gone)
        transaction.put(changed)


def _rows(snapshot: Snapshot, aggregate_id: UUID) -> list[Row]:
    entries = snapshot.stream(aggregate_id)
    aggregate = AGGREGATES.get(entries[0].event.aggregate_type) if entries else None
    if aggregate is None:
        return []
    try:
        return rows(aggregate.name, folded(aggregate, entries).state)
    except codec.Damaged:  # of a commit to be parked: whatever shows of it is what was stored
        return rows_of(snapshot, aggregate_id)


# ---------------------------------------------------------------- seals


def own_devices(snapshot: Snapshot) -> set[DeviceId]:
    """The ids under which this database ever wrote."""
    names = " ".join(
        snapshot.setting(name) or "" for name in (DEVICE, FORMER_DEVICES, COPY_OF)
    ).split()
    return {DeviceId(UUID(name)) for name in names}


def become(
    transaction: Transaction, device_id: DeviceId, former: DeviceId, *, state_cache: StateCache
) -> TakenIn:
    """Another database writes under the former id: from here on this one writes under a new one,
    and seals again what the log has not seen.
    """
    known = transaction.setting(FORMER_DEVICES) or ""
    transaction.set_setting(FORMER_DEVICES, f"{known} {former}".strip())
    transaction.set_setting(DEVICE, str(device_id))
    transaction.set_tip(device_id, evolve(START, hlc=transaction.tip(former).hlc))
    return mend(transaction, device_id, state_cache=state_cache)


def mend(transaction: Transaction, device_id: DeviceId, *, state_cache: StateCache) -> TakenIn:
    """Take back, seal again what does not follow, and guess anew."""
    taken = TakenIn()
    rewind(transaction, state_cache)
    rechain(transaction, device_id)
    guess_all(transaction, state_cache, taken)
    return taken


def follows(snapshot: Snapshot, device_id: DeviceId, offered: Iterable[Pending]) -> bool:
    """Whether these, the first that are pending, follow this device's last commit in the log."""
    return next(_out_of_chain(snapshot, device_id, offered), None) is None


def rechain(
    transaction: Transaction,
    device_id: DeviceId,
    *,
    replaced: Collection[DeviceId] = (),
    stamps_gone: Collection[str] = (),
) -> None:
    """Seal again, in their order and under their ids, the pending commits that cannot enter the log
    as they are sealed. All must have been taken back. They are stored behind all others, and so is
    what waits behind them: each follows commits that the log has of its new author, and some of
    those were recorded later.

    ``replaced``: who had sealed what the log has under another's seal since. ``stamps_gone``: of
    commits that the log has from somebody else, who asked for the same.
    """
    own = own_devices(transaction) | {device_id}
    stamps = {transaction.tip(each).hlc for each in own}.difference(stamps_gone)
    pending = list(transaction.pending())
    sealed = {each.id: each for each in _out_of_chain(transaction, device_id, pending)}
    is_behind_all = False
    for waiting in pending:
        if waiting.commit.id in sealed:
            transaction.reseal(waiting.commit.id, sealed[waiting.commit.id])
            is_behind_all = True
        if is_behind_all:
            transaction.move_to_end(waiting.commit.id)
    for each in own.union(replaced, (waiting.commit.device_id for waiting in pending)):
        transaction.set_tip(each, transaction.tip_in_log(each))
    for waiting in pending:
        commit = sealed.get(waiting.commit.id, waiting.commit)
        tip = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)
        transaction.set_tip(commit.device_id, tip)
    tip = transaction.tip(device_id)
    transaction.set_tip(device_id, evolve(tip, hlc=max([*stamps, tip.hlc])))


def _out_of_chain(
    snapshot: Snapshot, device_id: DeviceId, pending: Iterable[Pending]
) -> Iterator[Commit]:
    """The commits to be sealed again, as they then are: what this device wrote under another id or
    behind a commit that the log has under another seal, and what somebody signed that does not
    follow what the log has of its author: its number was given to another since, or the one before
    it came in under another seal. Nobody but this device may be left to offer those.
    """
    tips: dict[DeviceId, Tip] = {}
    broken: set[DeviceId] = set()
    for waiting in pending:
        commit = waiting.commit
        author = commit.device_id
        tip = tips.setdefault(author, snapshot.tip_in_log(author))
        is_next = (commit.sequence, commit.previous) == (tip.sequence + 1, tip.hash)
        if waiting.signature:
            if not is_next:
                broken.add(author)
            is_good = author not in broken
        else:
            is_good = author == device_id and is_next and not isinstance(commit.on, datetime)
        if not is_good:
            last = tips.setdefault(device_id, snapshot.tip_in_log(device_id))
            commit = codec.sealed(
                evolve(
                    commit,
                    device_id=device_id,
                    sequence=last.sequence + 1,
                    previous=last.hash,
                    on=day_of(commit),
                )
            )
            yield commit
        tips[commit.device_id] = Tip(sequence=commit.sequence, hash=commit.hash, hlc=commit.hlc)


def day_of(commit: Commit) -> date:
    return commit.on.date() if isinstance(commit.on, datetime) else commit.on
