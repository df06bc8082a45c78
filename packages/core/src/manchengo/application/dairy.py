"""The dairy: give it a command, ask it a question."""

# Help then says ``Command``, and not each of the classes that it stands for.
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TypeVar
from uuid import UUID

from attrs import define, field

from manchengo.application import by_code, genealogy, integrity, keys, undoing
from manchengo.application.charts import Charts
from manchengo.application.command_check import stored_name
from manchengo.application.committing import Committer, admit
from manchengo.application.counting import Progress, nobody_told
from manchengo.application.dashboard import Dashboard
from manchengo.application.decide import decide
from manchengo.application.genealogy import RecallReport, Trace, TracedLot
from manchengo.application.keys import InvitationLine, KeyLine
from manchengo.application.lists import Lists
from manchengo.application.offered_prices import OfferedPrice, price_for
from manchengo.application.past_changes import PastChanges, past_changes
from manchengo.application.permissions import permit_all
from manchengo.application.permitted_snapshot import permitted, whole
from manchengo.application.reading import READINGS, Reader
from manchengo.application.refusals import audited_facts
from manchengo.application.replication import unreadable
from manchengo.application.starting_lots import (
    ReferenceKind,
    StartingLots,
    lots_received,
    starting_lots,
)
from manchengo.application.stock import Stock
from manchengo.application.unit_of_work import StateCache, UnitOfWork
from manchengo.application.unread import has_unread, rebuild_readable
from manchengo.application.verifying import verify_database
from manchengo.application.views.rebuild import rebuild, rebuild_one
from manchengo.commands import Command
from manchengo.domain.access import Actor, NotPermitted, Permission
from manchengo.domain.commit import Commit
from manchengo.domain.errors import Refused, Unknown
from manchengo.domain.ids import ClientId, CommitId, ImportId, LotId, ProductId, UserId
from manchengo.ports import audit_chain
from manchengo.ports.audit import AuditEntry
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.rows import (
    ClientRow,
    DeliveryRow,
    PriceListRow,
    ProductionOrderRow,
    ProductRow,
    RecipeRow,
    Row,
    SalesOrderRow,
    SupplierRow,
)
from manchengo.ports.signature_check import SignatureCheck
from manchengo.ports.signer import Signer
from manchengo.ports.storage_errors import StorageError
from manchengo.ports.store import Snapshot, Store, Transaction

A = TypeVar("A")
C = TypeVar("C", bound=Command)
R = TypeVar("R", bound=Row)


@define
class Batch:
    """Many commands in one transaction: each stands or is refused alone, all last together.

    ``transaction``: the transaction itself, for what is stored beside the commands.
    """

    transaction: Transaction
    _committer: Committer
    _import_id: ImportId | None
    _not_permitted: list[tuple[object, NotPermitted]] = field(factory=list, init=False)
    _last_refused: tuple[object, Refused] | None = field(default=None, init=False)

    @property
    def snapshot(self) -> Snapshot:
        """What is stored, with the commands so far, as the actor may read it: to choose from."""
        return permitted(self.transaction, self._committer.actor)

    def execute(self, command: Command, *, command_id: CommitId) -> Commit:
        """Carry out ``command`` under ``command_id``, as ``Manchengo.execute`` does, and return its
        commit. It is durable when the batch ends. One that is refused leaves the others standing.
        Once the batch ends, the audit notes those that the actor was not permitted, and the one
        whose refusal ended it.
        """
        try:
            admitted = admit(self._committer.actor, command)
            return self._committer.execute(self.transaction, admitted, command_id, self._import_id)
        except Refused as refusal:
            self._last_refused = (command, refusal)
            if isinstance(refusal, NotPermitted):
                self._not_permitted.append((command, refusal))
            raise

    def _command_refused_with(self, refusal: Refused) -> object:
        """The command whose refusal this is and that ended the batch; None where it is another's,
        or the actor was not permitted, which is noted anyway.
        """
        command, last = self._last_refused or (None, None)
        return command if last is refusal and not isinstance(refusal, NotPermitted) else None


class Manchengo:
    """A dairy: give it commands, ask it questions.

    ``execute`` carries out a command of ``manchengo.commands``; ``batch`` carries out many in one
    transaction. ``stock`` answers about quantities, ``trace`` and ``simulate_recall`` about lots;
    ``product``, ``lot``, ``client`` and the others find a thing by the code that people know it by.
    ``lists`` gives lists page by page; ``reading()`` is for all other reads. What the actor's
    roles do not allow is refused, as ``NotPermitted``: a command, and likewise a column that is
    read. Quantities are ``Quantity``, in thousandths of a unit, money is ``Money``, in centimes, a
    day is a ``date`` in the time zone of the dairy.

    Opening it may write to the store, once after an update of the program: what an older program
    could not read in the log is applied to the views, and a commit of this device that nobody can
    read is set aside for a person to resolve. Then it waits for the other writer and may raise as
    any transaction; where there is nothing of the kind, it only reads.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        ids: Ids,
        actor: Actor,
        signer: Signer | None = None,
    ) -> None:
        """``store``: where the log and its views are kept, a ``MemoryStore`` or that of an adapter.
        ``clock``: the instant and the business day. ``ids``: new identifiers, each greater than
        those before. ``actor``: who acts, on which device, with which roles; they are believed, so
        who somebody is has been proved before. ``signer``: the actor's own key, with which each
        commit is signed as it is recorded; None in a plant where authors do not sign.
        """
        self._store = store
        self._state_cache = StateCache()
        self._committer = Committer(
            actor=actor, clock=clock, ids=ids, state_cache=self._state_cache, signer=signer
        )
        self._stock = Stock(self.reading, clock)
        self._lists = Lists(self.reading)
        self._dashboard = Dashboard(self.reading, clock, self._lists, actor.device_id)
        self._charts = Charts(self.reading)
        self._put_right_what_an_older_program_left()

    def __repr__(self) -> str:
        actor = self._committer.actor
        roles = ", ".join(sorted(actor.roles)) or "no role"
        return f"<Manchengo in {self._store!r}, as {actor.user_id} ({roles})>"

    @property
    def store(self) -> Store:
        """Where the log and the views are, for what exchanges and copies them: it asks nobody for
        rights. ``reading()`` is for lists and screens.
        """
        return self._store

    @property
    def stock(self) -> Stock:
        """Questions about quantities: what is there, today or on a past day, and what a reservation
        would take.
        """
        return self._stock

    @property
    def lists(self) -> Lists:
        """Lists for screens, page by page: filtered, searched, sorted, counted."""
        return self._lists

    @property
    def dashboard(self) -> Dashboard:
        """What the day asks for: what is late, what runs out, what waits."""
        return self._dashboard

    @property
    def charts(self) -> Charts:
        """Figures for charts, day by day."""
        return self._charts

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """One consistent moment, for lists and screens, in a ``with`` block.

        What the actor's roles do not allow is withheld: contacts and registrations of suppliers and
        clients (``read_parties``), prices and amounts (``read_prices``), the audit
        (``read_audit``). Whatever touches it raises ``NotPermitted``, which the audit notes;
        ``manchengo.withheld`` says of a row which of its columns they are.
        """
        try:
            with self._store.reading() as snapshot:
                yield permitted(snapshot, self._committer.actor)
        except NotPermitted as refusal:
            self._note_reading(refusal)
            raise

    def permit(self, permission: Permission, action: str) -> None:
        """Ask for ``permission`` before something is done that is no command, as to copy the
        database. ``action``: what the audit calls it.

        Raises ``NotPermitted``, which the audit notes.
        """
        try:
            Reader(self._committer.actor).require(permission)
        except NotPermitted as refusal:
            self._note_refusal(action, refusal)
            raise

    def execute(self, command: Command, *, command_id: CommitId | None = None) -> Commit:
        """Carry out ``command``, all of it and durably, and return its commit.

        The same ``command_id`` any number of times has one effect and gives the same answer; leave
        it out when nobody will ever ask twice.

        Raises ``Refused`` where a rule says no: everything stays as it was, and the audit notes who
        was refused what. What the rules of a command refuse, its own docstring lists. Any command
        may be refused as

        * ``NotACommand``, ``WrongType``, ``NotWritable``, ``TooLarge``: it could not be stored and
          read again;
        * ``TooMuchAtOnce``: no exchange would carry it whole;
        * ``NotPermitted``: no role of the actor has the permission that it needs;
        * ``CommandIdReused``: another command was carried out under that id;
        * ``Unknown``: nothing is recorded under an identifier in it;
        * ``NeedsNewerProgram``: a newer program recorded something that it rests on.

        Whatever else is raised comes from the store, and left no trace either.
        """
        try:
            admitted = admit(self._committer.actor, command)
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                return self._committer.execute(transaction, admitted, self._id(command_id))
        except Refused as refusal:
            self._note_refusal(stored_name(command), refusal, command)
            raise

    def build_and_execute(
        self,
        build: Callable[[Snapshot], C],
        *,
        command_id: CommitId | None = None,
        beside: Callable[[Transaction, Commit], None] | None = None,
    ) -> tuple[C, Commit]:
        """As ``execute``, for a command that depends on what is stored: the next free code, the lot
        of a label.

        ``build`` gives the command from a snapshot of the transaction that records it, so nothing
        changes between the two; as in ``reading``, some of it may be withheld. ``command_id``: as
        for ``execute``. ``beside``: stores what goes with the commit, in the same transaction, as
        the scan that it follows from. The command and its commit are returned. What ``build`` or
        ``beside`` raises leaves everything as it was, too.
        """
        command: C | None = None
        try:
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                command = build(permitted(transaction, self._committer.actor))
                admitted = admit(self._committer.actor, command)
                commit = self._committer.execute(transaction, admitted, self._id(command_id))
                if beside is not None:
                    beside(transaction, commit)
            return command, commit
        except Refused as refusal:
            if command is not None:
                self._note_refusal(stored_name(command), refusal, command)
            else:
                self._note_reading(refusal)
            raise

    @contextmanager
    def batch(self, *, import_id: ImportId | None = None, keep: bool = True) -> Iterator[Batch]:
        """Many commands in one transaction, for a ``with`` block: durable when the block ends, gone
        when an exception leaves it.

        ``import_id``: the import that its commits belong to, by which they can be undone.
        ``keep=False``: everything runs with the real rules, and nothing stays. Nobody else writes
        meanwhile. Raises what the store raises.
        """
        batch: Batch | None = None
        try:
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                batch = Batch(transaction, self._committer, import_id)
                yield batch
                if not keep:
                    raise _RolledBack
        except _RolledBack:
            pass
        except Refused as refusal:
            command = batch._command_refused_with(refusal) if batch else None
            if command is not None:
                self._note_refusal(stored_name(command), refusal, command)
            else:
                self._note_reading(refusal)
            raise
        finally:
            for command, not_permitted in batch._not_permitted if batch else ():
                self._note_refusal(stored_name(command), not_permitted, command)

    def product(self, code: str) -> ProductRow:
        """The product of that ``code``, raw or finished, in whatever case it is typed.

        Raises ``Unknown`` when there is none, ``Ambiguous`` when several are spelt nearly so.
        """
        with self.reading() as snapshot:
            return by_code.product(snapshot, code)

    def recipe(self, product_code: str) -> RecipeRow:
        """The recipe of the product of that ``product_code``.

        Raises ``Unknown`` when the product or its recipe does not exist, ``Ambiguous`` when several
        products are spelt nearly so.
        """
        with self.reading() as snapshot:
            return by_code.recipe(snapshot, by_code.product(snapshot, product_code))

    def price_list(self, code: str) -> PriceListRow:
        """The price list of that ``code``.

        Raises ``Unknown`` when there is none, ``Ambiguous`` when several are spelt nearly so.
        """
        return self._coded(PriceListRow, code)

    def price_for(
        self, client_id: ClientId, product_id: ProductId, *, on: date | None = None
    ) -> OfferedPrice | None:
        """What the client ``client_id`` pays for the product ``product_id`` where an order says no
        price, and the price list that says so, if one does; None where nothing says one. ``on``:
        the day of the order, today when left out.

        Raises ``Unknown`` when there is no such product, ``NotPermitted`` when the actor may not
        read prices.
        """
        self.permit(Permission.READ_PRICES, "price")
        with self._store.reading() as snapshot:
            day = on or self._committer.clock.today()
            return price_for(UnitOfWork(whole(snapshot)), client_id, product_id, day)

    def undo_of(self, commit_id: CommitId, *, reason: str, on: date | None = None) -> Command:
        """The command that takes back what the commit ``commit_id`` did, for ``execute``; nothing
        is changed here. ``on``: the day of taking it back, today when left out. ``reason``: why,
        for a command that asks for one.

        Raises ``NotTakenBack`` where no command does, ``NothingHappened`` where there is nothing to
        take back, ``NoSuchEntry`` where there is no such commit, and whatever the command that
        takes it back would be refused as now: something was done with the lot, the van has left.
        The audit notes who was not permitted to.
        """
        with self._store.reading() as snapshot:
            command = undoing.undo_of(
                snapshot, commit_id, on=on or self._committer.clock.today(), reason=reason
            )
            decide(self._permitted(snapshot, command), command)
        return command

    def past_changes(self, command: Command) -> PastChanges | None:
        """What ``command`` would change of the days before today, for a person to look at before it
        is executed: later balances, what FIFO would have taken since, papers that say otherwise,
        and why the rules refuse it, if they do. None where it changes none of these days. Nothing
        is recorded.

        Raises ``NotPermitted``, which the audit notes.
        """
        with self._store.reading() as snapshot:
            self._permitted(snapshot, command)
            return past_changes(snapshot, command, today=self._committer.clock.today())

    def _permitted(self, snapshot: Snapshot, command: Command) -> UnitOfWork:
        """A unit of work for what the actor may do; the audit notes what they may not."""
        work = UnitOfWork(whole(snapshot))
        try:
            permit_all(work, self._committer.actor, command)
        except NotPermitted as refusal:
            self._note_refusal(stored_name(command), refusal, command)
            raise
        return work

    def lot(self, code: str) -> TracedLot:
        """The lot whose label bears that ``code``, also where another device only claims it.

        Raises ``Unknown`` when there is none, ``Ambiguous``, with the id of each, where two devices
        gave it to two lots.
        """
        with self.reading() as snapshot:
            return by_code.lot_labelled(snapshot, code)

    def supplier(self, code: str) -> SupplierRow:
        """The supplier of that ``code``, in whatever case it is typed.

        Raises ``Unknown`` when there is none, ``Ambiguous`` when several are spelt nearly so.
        """
        return self._coded(SupplierRow, code)

    def client(self, code: str) -> ClientRow:
        """The client of that ``code``, in whatever case it is typed.

        Raises ``Unknown`` when there is none, ``Ambiguous`` when several are spelt nearly so.
        """
        return self._coded(ClientRow, code)

    def production_order(self, code: str) -> ProductionOrderRow:
        """The production order of that ``code``, in whatever case it is typed.

        Raises ``Unknown`` when there is none.
        """
        return self._coded(ProductionOrderRow, code)

    def sales_order(self, code: str) -> SalesOrderRow:
        """The sales order of that ``code``, in whatever case it is typed.

        Raises ``Unknown`` when there is none.
        """
        return self._coded(SalesOrderRow, code)

    def delivery(self, code: str) -> DeliveryRow:
        """The delivery of that ``code``, in whatever case it is typed.

        Raises ``Unknown`` when there is none.
        """
        return self._coded(DeliveryRow, code)

    def trace(self, lot_id: LotId) -> Trace:
        """Where the lot ``lot_id`` comes from and where it went, all levels, both ways; claims of
        what the log refused are in it, marked; and up to when all of it is complete. Of a code,
        the id is ``lot(code).id``. Raises ``Unknown`` when there is no such lot.
        """
        return self._about_lots(genealogy.trace, lot_id)

    def simulate_recall(self, lot_id: LotId, *others: LotId) -> RecallReport:
        """What a recall of the lot ``lot_id``, and of ``others`` with it, would reach, in lots,
        deliveries, clients and quantities, and up to when that is complete; nothing is changed.
        Raises ``Unknown`` when there is no such lot.
        """
        return self._about_lots(genealogy.recall, lot_id, *others)

    def starting_lots(
        self, reference: str, *, kind: ReferenceKind | None = None, supplier: str | None = None
    ) -> StartingLots:
        """The lots that a trace or a recall begins with, from whatever somebody has in hand: the
        code of a lot, of a production or sales order or of a delivery, the number of an invoice, or
        the reference that a supplier gave. ``kind``: which of them ``reference`` is; ``supplier``:
        the code of the supplier whose reference it is.

        Raises ``Unknown``, ``ReferenceOfSeveralKinds``, ``ReferenceOfSeveralSuppliers``,
        ``NoLotsBehind``.
        """
        with self._store.reading() as snapshot:
            return starting_lots(snapshot, reference, kind=kind, supplier=supplier)

    def lots_received(self, supplier: str, on: date) -> StartingLots:
        """The lots that the supplier of the code ``supplier`` brought on the day ``on``. Raises
        ``Unknown``, ``NoLotsBehind``.
        """
        with self._store.reading() as snapshot:
            return lots_received(snapshot, supplier, on)

    def _about_lots(self, question: Callable[..., A | None], *lots: LotId) -> A:
        actor, now = self._committer.actor, self._committer.clock.now()
        with self._store.reading() as snapshot:
            are_ids = all(type(lot_id) is UUID for lot_id in lots)
            found = (
                question(snapshot, *lots, device_id=actor.device_id, now=now) if are_ids else None
            )
        if found is None:
            raise Unknown(kind="lot", reference=", ".join(map(str, lots)))
        return found

    def keys(self, user_id: UserId | None = None) -> list[KeyLine]:
        """The keys with which the person ``user_id`` signs or signed, or everybody's: who admitted
        each, on which device, when, and who withdrew it. One's own are everybody's to see.

        Raises ``NotPermitted`` where others' are asked for by somebody who does not manage keys.
        """
        with self._looking_at_keys(user_id) as snapshot:
            return keys.keys(snapshot, user_id)

    def invitations(self, user_id: UserId | None = None) -> list[InvitationLine]:
        """The invitations to begin to sign that the person ``user_id`` had, or everybody's, with
        what became of each by today. Raises as ``keys`` does.
        """
        with self._looking_at_keys(user_id) as snapshot:
            return keys.invitations(snapshot, user_id, on=self._committer.clock.today())

    @contextmanager
    def _looking_at_keys(self, user_id: UserId | None) -> Iterator[Snapshot]:
        if user_id != self._committer.actor.user_id:
            self.permit(Permission.MANAGE_KEYS, "keys.read")
        with self._store.reading() as snapshot:
            yield snapshot

    def verify(
        self,
        signatures: SignatureCheck | None = None,
        *,
        whole: bool = True,
        progress: Progress = nobody_told,
    ) -> integrity.Verification:
        """Check the pages of the file, the chain of each device, and the views against a rebuild.
        ``signatures`` checks those of the log: ``manchengo_sync.signed_log.SignedLog``.

        ``whole=False``: where this actor's ``signer`` sealed a checkpoint within the last 30 days,
        only what was added since is read, and what that touched; the answer says so (``since``), or
        why all was read (``because``). ``progress`` is called while all is read, which takes every
        processor where the store can.

        What is wrong is in the answer; it raises where the store cannot be read at all, and
        ``NotPermitted``. The audit notes what came of it.
        """
        self.permit(Permission.VERIFY, "log.verified")
        committer = self._committer
        found = verify_database(
            self._store,
            signatures,
            signer=committer.signer,
            today=committer.clock.today(),
            whole=whole,
            progress=progress,
        )
        with suppress(StorageError):  # what is damaged or full is verified too
            self._store.note(self._done("log.verified", sound=found.sound))
        return found

    def rebuild(self, aggregate_id: UUID | None = None, *, progress: Progress = nobody_told) -> int:
        """Drop every view, or the rows of the one thing ``aggregate_id``, and make them again from
        the log; the number of rows made. Nobody else writes meanwhile. Raises ``NotPermitted``, and
        what the store raises. ``progress`` is called while all are made.
        """
        self.permit(Permission.REBUILD, "views.rebuilt")
        with self._store.writing(durable=False) as transaction:
            audit_chain.note(transaction, self._done("views.rebuilt"))
            if aggregate_id is None:
                return rebuild(transaction, progress)
            return rebuild_one(transaction, aggregate_id)

    def _id(self, command_id: CommitId | None) -> CommitId:
        return CommitId(self._committer.ids.new()) if command_id is None else command_id

    def _coded(self, kind: type[R], code: str) -> R:
        with self.reading() as snapshot:
            return by_code.coded(snapshot, kind, code)

    def _put_right_what_an_older_program_left(self) -> None:
        with self._store.reading() as snapshot:
            is_behind = has_unread(snapshot)
            has_unreadable = unreadable.has_unreadable(snapshot)
        if is_behind:
            with self._store.writing(durable=False) as transaction:
                rebuild_readable(transaction)
        if has_unreadable:
            with self._forgetting_on_failure(), self._store.writing() as transaction:
                unreadable.set_aside(
                    transaction, self._committer.actor.device_id, self._state_cache
                )

    @contextmanager
    def _forgetting_on_failure(self) -> Iterator[None]:
        """What was folded in a transaction that left no trace is forgotten too."""
        try:
            yield
        except BaseException:
            self._state_cache.forget()
            raise

    def _note_reading(self, refusal: Refused) -> None:
        """What was not to be read is noted; a command that is not permitted is noted as such."""
        if isinstance(refusal, NotPermitted) and refusal.permission in READINGS:
            self._note_refusal("read", refusal)

    def _note_refusal(self, action: str, refusal: Refused, command: object = None) -> None:
        outcome, facts = type(refusal).__name__, audited_facts(refusal, command)
        self._store.note(self._entry(action, outcome, facts))

    def _done(self, action: str, *, sound: bool = True) -> AuditEntry:
        return self._entry(action, "done", "{}" if sound else '{"sound":false}')

    def _entry(self, action: str, outcome: str, facts: str) -> AuditEntry:
        actor = self._committer.actor
        return AuditEntry(
            at=self._committer.clock.now(),
            user_id=actor.user_id,
            device_id=actor.device_id,
            action=action,
            outcome=outcome,
            facts=facts,
        )


class _RolledBack(Exception):
    """Leaves a batch that is not to be kept."""
