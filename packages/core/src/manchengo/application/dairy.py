"""The dairy: give it a command, ask it a question."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

import msgspec
from attrs import define

from manchengo.application import by_code, genealogy, integrity
from manchengo.application.books import Memo
from manchengo.application.command_check import stored_name
from manchengo.application.committing import Committer, admit
from manchengo.application.genealogy import RecallReport, Trace, TracedLot
from manchengo.application.refusals import facts
from manchengo.application.replication import unreadable
from manchengo.application.stock import Stock
from manchengo.commands import Command
from manchengo.domain.access import Actor
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Refused, Unknown
from manchengo.domain.ids import CommitId, ImportId, LotId
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    ProductionOrderRow,
    ProductRow,
    RecipeRow,
    Row,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot, Store, Transaction

C = TypeVar("C", bound=Command)
R = TypeVar("R", bound=Row)


@define
class Batch:
    """Many commands in one transaction: each stands or is refused alone, all last together."""

    transaction: Transaction
    _committer: Committer
    _import_id: ImportId | None

    def execute(self, command: Command, *, command_id: CommitId) -> Commit:
        """As ``Manchengo.execute``; a refused command leaves the others standing."""
        admitted = admit(self._committer.actor, command)
        return self._committer.execute(self.transaction, admitted, command_id, self._import_id)


class Manchengo:
    """The whole core behind one door.

    ``store`` keeps, ``clock`` and ``ids`` are handed in, ``actor`` is whoever is at the screen.

    Opening it may write to the store, once after an update of the program: what an older program
    could not read in the log is applied to the views, and a commit of this device that nobody can
    read is set aside for a person to resolve. Then it waits for the other writer and may raise as
    any transaction; where there is nothing of the kind, it only reads.
    """

    def __init__(self, store: Store, *, clock: Clock, ids: Ids, actor: Actor) -> None:
        self._store = store
        self._memo = Memo()
        self._committer = Committer(actor=actor, clock=clock, ids=ids, memo=self._memo)
        self._stock = Stock(store, clock)
        self._put_right_what_an_older_program_left()

    @property
    def store(self) -> Store:
        """Where the log and the views are; ``store.reading()`` is for lists and screens."""
        return self._store

    @property
    def stock(self) -> Stock:
        """Questions about quantities: what is there, today or on a past day, and what a reservation
        would take.
        """
        return self._stock

    def execute(self, command: Command, *, command_id: CommitId | None = None) -> Commit:
        """Do it, durably, or raise ``Refused`` with the facts and leave everything as it was.

        The same ``command_id`` any number of times has one effect and gives the same answer; leave
        it out when nobody will ever ask twice.
        """
        try:
            admitted = admit(self._committer.actor, command)
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                return self._committer.execute(transaction, admitted, self._id(command_id))
        except Refused as refusal:
            self._note(command, refusal)
            raise

    def build_and_execute(
        self, build: Callable[[Snapshot], C], *, command_id: CommitId | None = None
    ) -> tuple[C, Commit]:
        """As ``execute``, for a command that depends on what is stored: the next free code, the lot
        of a label.

        ``build`` gives the command from a snapshot of the transaction that records it, so nothing
        changes between the two. What ``build`` raises leaves everything as it was, too.
        """
        command: C | None = None
        try:
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                command = build(transaction)
                admitted = admit(self._committer.actor, command)
                commit = self._committer.execute(transaction, admitted, self._id(command_id))
            return command, commit
        except Refused as refusal:
            if command is not None:
                self._note(command, refusal)
            raise

    @contextmanager
    def batch(self, *, import_id: ImportId | None = None, keep: bool = True) -> Iterator[Batch]:
        """Many commands, one transaction. ``keep=False``: everything runs, nothing stays."""
        try:
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                yield Batch(transaction, self._committer, import_id)
                if not keep:
                    raise _RolledBack
        except _RolledBack:
            pass

    def product(self, code: str) -> ProductRow:
        """The product of that code, raw or finished; ``Unknown`` when there is none."""
        with self._store.reading() as snapshot:
            return by_code.product(snapshot, code)

    def recipe(self, product_code: str) -> RecipeRow:
        """The recipe of the product of that code; ``Unknown`` when there is none."""
        with self._store.reading() as snapshot:
            return by_code.recipe(snapshot, by_code.product(snapshot, product_code))

    def lot(self, code: str) -> TracedLot:
        """The lot whose label bears that code, also where another device only claims it.

        ``Unknown``; ``Ambiguous``, with the id of each, where two devices gave it to two lots.
        """
        with self._store.reading() as snapshot:
            return by_code.lot_labelled(snapshot, code)

    def supplier(self, code: str) -> SupplierRow:
        """The supplier of that code; ``Unknown`` when there is none."""
        return self._coded(SupplierRow, code)

    def client(self, code: str) -> ClientRow:
        """The client of that code; ``Unknown`` when there is none."""
        return self._coded(ClientRow, code)

    def production_order(self, code: str) -> ProductionOrderRow:
        """The production order of that code; ``Unknown`` when there is none."""
        return self._coded(ProductionOrderRow, code)

    def sales_order(self, code: str) -> SalesOrderRow:
        """The sales order of that code; ``Unknown`` when there is none."""
        return self._coded(SalesOrderRow, code)

    def delivery(self, code: str) -> DeliveryRow:
        """The delivery of that code; ``Unknown`` when there is none."""
        return self._coded(DeliveryRow, code)

    def trace(self, lot_id: LotId) -> Trace:
        """Both ways, all levels; ``Unknown`` when there is no such lot."""
        with self._store.reading() as snapshot:
            found = genealogy.trace(snapshot, lot_id) if type(lot_id) is UUID else None
        if found is None:
            raise Unknown(kind="lot", reference=str(lot_id))
        return found

    def simulate_recall(self, lot_id: LotId) -> RecallReport:
        """What a recall of this lot would reach; nothing is changed."""
        with self._store.reading() as snapshot:
            found = genealogy.recall(snapshot, lot_id) if type(lot_id) is UUID else None
        if found is None:
            raise Unknown(kind="lot", reference=str(lot_id))
        return found

    def verify(self) -> integrity.Verdict:
        """The pages of the file, the chain of each device, and the views against a rebuild."""
        return integrity.verify_store(self._store)

    def rebuild(self, aggregate_id: UUID | None = None) -> int:
        """Drop every view, or the rows of one aggregate, and make them again from the log; how many
        rows that made.
        """
        with self._store.writing(durable=False) as transaction:
            if aggregate_id is None:
                return integrity.rebuild(transaction)
            return integrity.rebuild_one(transaction, aggregate_id)

    def _id(self, command_id: CommitId | None) -> CommitId:
        return CommitId(self._committer.ids.new()) if command_id is None else command_id

    def _coded(self, kind: type[R], code: str) -> R:
        with self._store.reading() as snapshot:
            return by_code.coded(snapshot, kind, code)

    def _put_right_what_an_older_program_left(self) -> None:
        with self._store.reading() as snapshot:
            has_unread = integrity.has_unread(snapshot)
            has_unreadable = unreadable.has_unreadable(snapshot)
        if has_unread:
            with self._store.writing(durable=False) as transaction:
                integrity.read_at_last(transaction)
        if has_unreadable:
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                unreadable.set_aside(transaction, self._committer.actor.device_id, self._memo)

    @contextmanager
    def _forgetting_on_failure(self) -> Iterator[None]:
        """What was folded in a transaction that left no trace is forgotten too."""
        try:
            yield
        except BaseException:
            self._memo.forget()
            raise

    def _note(self, command: Command, refusal: Refused) -> None:
        actor = self._committer.actor
        self._store.note(
            AuditEntry(
                at=self._committer.clock.now(),
                user_id=actor.user_id,
                device_id=actor.device_id,
                action=stored_name(command),
                outcome=type(refusal).__name__,
                facts=msgspec.json.encode(facts(refusal)).decode(),
            )
        )


class _RolledBack(Exception):
    """Leaves a batch that is not to be kept."""
