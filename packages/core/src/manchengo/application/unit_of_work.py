"""What one command reads and adds: aggregates folded from the log, and the new events.

A view finds what may be concerned; the fold is the truth on which a decision is made.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define, field, frozen
from attrs import evolve as changed

from manchengo import codec
from manchengo.application.coded_rows import CODED_ROWS
from manchengo.application.facts import Facts
from manchengo.application.spellings import rows_of_code, spelt_so
from manchengo.domain.aggregates import (
    AGGREGATES,
    LOT,
    PRODUCT,
    Aggregate,
    AnyAggregate,
    State,
)
from manchengo.domain.allocation import Allocation, Candidate, Pick, Purpose, allocate
from manchengo.domain.commit import Recorded
from manchengo.domain.errors import AlreadyExists, CodeMissing, Refused, Unknown
from manchengo.domain.ids import NOBODY, CommitId, DeviceId, LotId, ProductId, UserId
from manchengo.domain.import_batch import EntriesUndone
from manchengo.domain.lot.commands import EnterLot, LotCommand, Owner, ProduceLot, ReceiveLot
from manchengo.domain.lot.decide import decide as decide_lot
from manchengo.domain.lot.state import Lot
from manchengo.domain.names import visible
from manchengo.domain.product import Product, ProductKind
from manchengo.domain.values import Quantity
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from manchengo.ports.store import Entry, Snapshot, StreamEvent

S = TypeVar("S")
E = TypeVar("E")

KEPT_IN_MEMORY = 16_000
"""Some 20 MB. The oldest lot is taken first, and has not been looked at for the longest time: what
forgets lots before they are empty forgets the next one needed, each time.
"""


@frozen
class Folded:
    """A state of that kind, and the position in its stream up to which events were folded.

    ``readable`` is False where a newer program wrote there: then the state is that before, to be
    looked at and not to be decided on.
    """

    kind: str
    state: Any
    position: int
    readable: bool = True


@frozen(kw_only=True)
class NeedsNewerProgram(Refused):
    """A newer program wrote events of this aggregate: update this program before recording more."""

    kind: str
    reference: str


@define
class StateCache:
    """Folded aggregates kept from one command to the next, the least used forgotten first.

    It is never trusted blindly: where somebody else wrote since a state was kept, it is brought up
    to date from its stream before it is used; where events were rolled back, all states are.

    ``head``: the log's last commit, as it was known to its user; ``others_wrote``: up to where
    somebody else may have written.
    """

    head: int = 0
    rewinds: int = 0
    others_wrote: int = 0
    _folded: "OrderedDict[UUID, tuple[Folded, int]]" = field(factory=OrderedDict)

    def get(self, aggregate_id: UUID) -> Folded | None:
        """The state that was kept, which is then the last to be dropped."""
        if aggregate_id not in self._folded:
            return None
        self._folded.move_to_end(aggregate_id)
        return self._folded[aggregate_id][0]

    def is_kept_since_others_wrote(self, aggregate_id: UUID) -> bool:
        """Whether the state that was kept is of a later time than what somebody else wrote."""
        return self._folded[aggregate_id][1] >= self.others_wrote

    def keep(self, aggregate_id: UUID, folded: Folded, *, head: int) -> None:
        """Keeps a state as it is where the log ends with ``head``; the one that was used longest
        ago is dropped when there are too many.
        """
        self._folded[aggregate_id] = (folded, head)
        self._folded.move_to_end(aggregate_id)
        while len(self._folded) > KEPT_IN_MEMORY:
            self._folded.popitem(last=False)

    def forget(self) -> None:
        """Drops every state: the next command folds from the log."""
        self._folded.clear()
        self.head = 0
        self.rewinds = 0
        self.others_wrote = 0


@frozen(kw_only=True)
class NewEvent:
    """An event that the command adds, and the version it expects to write."""

    aggregate: AnyAggregate
    aggregate_id: UUID
    event: Any
    version: int


@define
class UnitOfWork:
    """Reads aggregates, chooses lots, records events. It stores nothing; ``new_events`` is
    the outcome.

    ``pinned``: choices recorded earlier, by product, to be taken again instead of choosing afresh.
    ``facts``: what was recorded to have happened; it is recorded as it was, and no promise made to
    others stops it. ``author_id`` and ``author_key``: who gives the command, and the key with which
    they sign it, "" where they do not. ``device_id``: where it is recorded; None where nobody says.
    ``objections``: the rules that a printed paper breaks, which stands all the same.
    """

    snapshot: Snapshot
    state_cache: StateCache = field(factory=StateCache)
    pinned: dict[ProductId, tuple[Pick, ...]] | None = None
    facts: Facts | None = None
    author_id: UserId = NOBODY
    author_key: str = ""
    device_id: DeviceId | None = None
    objections: list[Refused] = field(factory=list)
    new_events: list[NewEvent] = field(factory=list)
    before: dict[UUID, tuple[AnyAggregate, Any]] = field(factory=dict)
    _now: dict[UUID, Folded] = field(factory=dict)
    _cache_is_current: bool = field(init=False)

    @_cache_is_current.default
    def _nobody_else_wrote(self) -> bool:
        if self.state_cache.rewinds != self.snapshot.rewinds():
            self.state_cache.forget()
        return self.state_cache.head == self.snapshot.head()

    def find(self, aggregate: Aggregate[S, E], aggregate_id: UUID) -> S | None:
        """The aggregate's state with what this command added; None when nothing stands.

        ``Unknown`` when the id is that of something of another kind.
        """
        known = self._folded(aggregate, aggregate_id)
        if known.kind != aggregate.name:
            raise Unknown(kind=aggregate.name, reference=str(aggregate_id))
        if not known.readable:
            raise NeedsNewerProgram(kind=aggregate.name, reference=str(aggregate_id))
        state: S | None = known.state
        return state

    def load(self, aggregate: Aggregate[S, E], aggregate_id: UUID) -> S:
        """The aggregate's state; ``Unknown`` when there is none."""
        state = self.find(aggregate, aggregate_id)
        if state is None:
            raise Unknown(kind=aggregate.name, reference=str(aggregate_id))
        return state

    def new(self, aggregate: Aggregate[S, E], aggregate_id: UUID) -> None:
        """That id is free, or free again since an undoing; ``AlreadyExists`` otherwise."""
        known = self._folded(aggregate, aggregate_id)
        if known.state is not None or known.kind != aggregate.name:
            raise AlreadyExists(kind=aggregate.name, reference=str(aggregate_id))

    def new_code(self, kind: str, code: str) -> None:
        """Raises ``CodeMissing`` when no code is given, ``AlreadyExists`` when a thing of that kind
        (one of ``CODED_ROWS``) has it, in whatever case and accents.
        """
        row_types = CODED_ROWS[kind]
        if not visible(code):
            raise CodeMissing(kind=kind)
        if self.snapshot.has_code(code, *row_types):
            bearer, *_ = spelt_so(code, list(rows_of_code(self.snapshot, code, *row_types)))
            raise AlreadyExists(kind=kind, reference=code, existing=bearer.code)

    def record(self, aggregate: Aggregate[S, E], aggregate_id: UUID, events: Iterable[E]) -> None:
        """Adds events; what is read from here on sees their effect."""
        known = cast(AnyAggregate, aggregate)
        folded = self._folded(known, aggregate_id)
        self.before.setdefault(aggregate_id, (known, folded.state))
        for decided in events:
            event = self.facts.as_recorded(aggregate_id, decided) if self.facts else decided
            position = folded.position + 1
            self.new_events.append(
                NewEvent(aggregate=known, aggregate_id=aggregate_id, event=event, version=position)
            )
            folded = Folded(known.name, aggregate.evolve(folded.state, event), position)
        self._now[aggregate_id] = folded

    @contextmanager
    def stands_if_printed(self, paper_id: UUID, printed: type) -> Iterator[None]:
        """A refusal in the block is kept in ``objections`` where the commit recorded the event
        ``printed`` of that paper, which is in somebody's hands then; otherwise it is raised.
        """
        try:
            yield
        except Refused as refusal:
            if self.facts is None or self.facts.next(paper_id, printed) is None:
                raise
            self.objections.append(refusal)

    def undo(self, aggregate_id: UUID, undone: EntriesUndone) -> None:
        """Read the last entries of that aggregate as not happened."""
        entries = self.snapshot.stream(aggregate_id)
        aggregate = AGGREGATES[entries[0].event.aggregate_type]
        events = [*decoded(entries), undone]
        self.before.setdefault(
            aggregate_id, (aggregate, self._folded(aggregate, aggregate_id).state)
        )
        position = entries[-1].position + 1
        self.new_events.append(
            NewEvent(aggregate=aggregate, aggregate_id=aggregate_id, event=undone, version=position)
        )
        self._now[aggregate_id] = Folded(aggregate.name, aggregate.fold(events), position)

    def pass_over(self, aggregate: AnyAggregate, aggregate_id: UUID) -> None:
        """Something that cannot be read happened there: its state stays what it was."""
        known = self._folded(aggregate, aggregate_id)
        self._now[aggregate_id] = changed(known, position=known.position + 1, readable=False)

    def reads(self, aggregate: AnyAggregate, aggregate_id: UUID) -> bool:
        """Whether all that happened there can be read."""
        return self._folded(aggregate, aggregate_id).readable

    def changes(self) -> Iterator[tuple[AnyAggregate, UUID, State | None, State | None]]:
        """Each aggregate that has new events: its state before and after."""
        for aggregate_id, (aggregate, before) in self.before.items():
            yield aggregate, aggregate_id, before, self._now[aggregate_id].state

    def remember(self) -> None:
        """Once stored, or where nothing is added: keep what was folded for the next command.

        Where somebody else wrote meanwhile, what this command did not look at may be out of date.
        """
        head = self.snapshot.head()
        if not self._cache_is_current:
            self.state_cache.others_wrote = head
        for aggregate_id, folded in self._now.items():
            self.state_cache.keep(aggregate_id, folded, head=head)
        self.state_cache.head = head
        self.state_cache.rewinds = self.snapshot.rewinds()

    # Lots: the aggregate that nearly every command meets.

    def lot(self, lot_id: LotId) -> Lot:
        """The lot. Raises ``Unknown``."""
        return self.load(LOT, lot_id)

    def product(self, product_id: ProductId) -> Product:
        """The product. Raises ``Unknown``."""
        return self.load(PRODUCT, product_id)

    def ask(self, lot_id: LotId, command: LotCommand) -> None:
        """Lets the lot decide and records its events; ``Unknown`` when there is no such lot.

        Of a fact, the command is what was recorded.
        """
        if self.facts is not None:
            command = self.facts.recorded_command(command)
        begins = isinstance(command, ReceiveLot | ProduceLot | EnterLot)
        lot = self.find(LOT, lot_id) if begins else self.lot(lot_id)
        self.record(LOT, lot_id, decide_lot(lot, command))

    def choose(
        self,
        product: Product,
        wanted: Quantity,
        *,
        on: date,
        purpose: Purpose,
        owner: Owner | None = None,
        minimum_shelf_life_days: int = 0,
    ) -> Allocation:
        """The lots that give ``wanted`` by the product's policy, or as pinned."""
        if self.pinned is not None:
            candidates = self._pinned(product, on, owner)
        else:
            candidates = self._until_enough(
                product, wanted, on, purpose, owner, minimum_shelf_life_days
            )
        return allocate(
            candidates,
            wanted,
            on=on,
            policy=product.allocation,
            purpose=purpose,
            minimum_shelf_life_days=minimum_shelf_life_days,
        )

    def _until_enough(
        self,
        product: Product,
        wanted: Quantity,
        on: date,
        purpose: Purpose,
        owner: Owner | None,
        minimum_shelf_life_days: int,
    ) -> Iterator[Candidate]:
        """Candidates in the policy's order, no more than the demand takes: asking for more only
        extends a plan, so the lots behind cannot change it.
        """
        missing = wanted.thousandths
        kind = lots_of(product)
        for lot_id in self.snapshot.candidates(kind, product.id, product.allocation, on=on):
            lot = self.lot(lot_id)
            candidate = lot.candidate(on, owner=owner)
            yield candidate
            if lot.unfit(on, purpose, minimum_shelf_life_days) is None:
                missing -= candidate.free.thousandths
            if missing <= 0:
                return

    def _pinned(self, product: Product, on: date, owner: Owner | None) -> Iterator[Candidate]:
        assert self.pinned is not None, "asked for only when choices are pinned"
        for pick in self.pinned.get(product.id, ()):
            lot = self.lot(pick.lot_id)
            candidate = lot.candidate(on, owner=owner)
            if lot.product_id == product.id and candidate.free >= pick.quantity:
                yield Candidate(
                    lot_id=candidate.lot_id,
                    received_on=candidate.received_on,
                    expires_on=candidate.expires_on,
                    free=pick.quantity,
                    standing=candidate.standing,
                    here_from=candidate.here_from,
                )

    def _folded(self, aggregate: Aggregate[Any, Any], aggregate_id: UUID) -> Folded:
        known = self._now.get(aggregate_id)
        if known is not None:
            return known
        kept = self.state_cache.get(aggregate_id)
        if (
            kept is not None
            and self._cache_is_current
            and self.state_cache.is_kept_since_others_wrote(aggregate_id)
        ):
            return kept
        known = self._now[aggregate_id] = self._from_log(aggregate, aggregate_id, kept)
        return known

    def _from_log(self, aggregate: AnyAggregate, aggregate_id: UUID, kept: Folded | None) -> Folded:
        """``kept``: what it was when somebody else wrote."""
        if kept is not None and not self.snapshot.stream(aggregate_id, after=kept.position):
            return kept
        return folded(aggregate, self.snapshot.stream(aggregate_id))


def folded(aggregate: AnyAggregate, entries: list[Entry]) -> Folded:
    """A stream's state and where it ends; no state where this program does not know its kind.

    ``aggregate`` is what an empty stream would become.
    """
    return folded_events(aggregate, [entry.as_folded() for entry in entries])


def folded_events(aggregate: AnyAggregate, stored: Sequence[StreamEvent]) -> Folded:
    """As ``folded``, of the events as ``Snapshot.streams`` gives them."""
    if not stored:
        return Folded(aggregate.name, None, 0)
    kind, position = stored[0].aggregate_type, stored[-1].position
    known = AGGREGATES.get(kind)
    if known is None:
        return Folded(kind, None, position)
    events = list(_as_far_as_readable(stored))
    return Folded(kind, known.fold(events), position, readable=len(events) == len(stored))


def _as_far_as_readable(stored: Iterable[StreamEvent]) -> Iterator[Any]:
    for event in stored:
        try:
            yield decoded_event(event)
        except codec.UnknownEvent:
            return


def decoded(entries: Iterable[Entry]) -> list[Any]:
    """The events of those entries, at today's version."""
    return [decoded_event(entry.event) for entry in entries]


def not_undone(entries: Iterable[Entry], events: Iterable[Any]) -> list[Entry]:
    """The entries of a stream that no undoing took back; the undoing itself is none of them.

    ``events``: what each of them decodes to, in the same order.
    """
    kept: list[Entry] = []
    for entry, event in zip(entries, events, strict=True):
        if isinstance(event, EntriesUndone):
            del kept[len(kept) - event.entries :]
        else:
            kept.append(entry)
    return kept


def events_by(snapshot: Snapshot, commit_id: CommitId, aggregate_id: UUID) -> Iterator[Any]:
    """What happened to the aggregate by that commit."""
    for entry in snapshot.stream(aggregate_id):
        if entry.commit_id == commit_id:
            yield decoded_event(entry.event)


def decoded_event(event: Recorded | StreamEvent) -> Any:
    """The event, at today's version. Raises ``codec.UnknownEvent`` and ``codec.Damaged``."""
    return codec.events.decode(event.event_type, event.schema_version, event.payload)


def lots_of(product: Product) -> type[RawLotRow] | type[FinishedLotRow]:
    """The table that holds this product's lots."""
    return RawLotRow if product.kind is ProductKind.RAW else FinishedLotRow
