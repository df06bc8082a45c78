"""A task with a scanner in the hand: a scan, what follows from it, the command, the next scan.

Each scan is recorded: with the commit of its command in one transaction, or alone where a rule
refused it. A lot that was not proposed is asked about first, and nothing happens until somebody
gives a reason.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from attrs import define, field, frozen

from manchengo import Commit
from manchengo.application.holds import holds_of_lot, waiting_for
from manchengo.application.stream_queries import poured_materials
from manchengo.commands import (
    COMMANDS,
    Command,
    ConfirmReception,
    ConsumeMaterial,
    CountLot,
    LoadLot,
)
from manchengo.domain.allocation import Purpose, Skipped, Standing, unfit
from manchengo.domain.delivery import NotFreshEnough, ScannedLotNotProposed
from manchengo.domain.errors import NothingToDo, Refused, WrongState
from manchengo.domain.ids import CommitId
from manchengo.domain.label import (
    KeptForOthers,
    LabelKind,
    ScannedAlready,
    WrongKindOfLabel,
    WrongLabel,
)
from manchengo.domain.lot.rules import LotUnfit
from manchengo.domain.production_order import LotNotProposed
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    VOIDED,
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    ProductionOrderRow,
    RawLotRow,
    here_from,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters.measures import Measure
from manchengo_workplace import lookups
from manchengo_workplace.label_subjects import kind_of
from manchengo_workplace.scan_reading import Scanned, read
from manchengo_workplace.scan_records import ScanRecord, Task
from manchengo_workplace.taking_back import take_back
from manchengo_workplace.workplace import Workplace

SAME_SCAN_WITHIN = timedelta(seconds=2)
"""A scanner that is held on a label reads it again and again."""

ASKS = (LotNotProposed, ScannedLotNotProposed, NotFreshEnough)
"""The refusals that a reason overrides."""

LOTS = (LabelKind.RAW_MATERIAL_LOT, LabelKind.FINISHED_LOT)

WANTED: dict[Task, tuple[LabelKind, ...]] = {
    Task.LOOK: tuple(LabelKind),
    Task.RECEIVE: (),
    Task.POUR: (LabelKind.RAW_MATERIAL_LOT,),
    Task.LOAD: (LabelKind.FINISHED_LOT,),
    Task.COUNT: LOTS,
    Task.HAND_OVER: (LabelKind.DELIVERY,),
}


class Outcome(StrEnum):
    """What came of a scan. ASKS: a reason is needed; it can be given with the same scan."""

    DONE = "done"
    ASKS = "asks"
    REFUSED = "refused"
    REPEATED = "repeated"


@frozen(kw_only=True)
class Details:
    """What a person says beside the scan. ``quantity``: None for what is proposed."""

    quantity: Measure | None = None
    reason: str = ""
    received_by: str = ""


NO_DETAILS = Details()


@frozen(kw_only=True)
class ScanResult:
    """``scanned``: None where the text could not be read. ``quantity``: what was recorded: poured,
    loaded or counted; None where the command has none.
    ``refusal``: why it was refused, or what a reason is asked for. ``commit``: None where nothing
    was recorded but the scan.
    """

    outcome: Outcome
    scanned: Scanned | None = None
    quantity: Quantity | None = None
    refusal: Refused | None = None
    commit: Commit | None = None


@define
class ScanTask:
    """``subject``: the order or delivery that is worked at; None to count, or only to look."""

    workplace: Workplace
    task: Task
    subject: ProductionOrderRow | DeliveryRow | None = None
    on: date | None = None
    _last: tuple[str, datetime] | None = field(default=None, init=False)
    _undoable: list[tuple[str, CommitId]] = field(factory=list, init=False)

    def scan(self, text: str, details: Details = NO_DETAILS) -> ScanResult:
        """Carry out what this scan means for the task, and record it. Raises what the store raises;
        what a rule refuses is in the answer.
        """
        if self._is_repeated(text, details):
            return ScanResult(outcome=Outcome.REPEATED)
        record, command = self._record(text, details), None
        try:
            with self.workplace.dairy.reading() as snapshot:
                record = self._record(text, details, read(snapshot, text))
                self._must_be_wanted(record.scanned)
            with self.workplace.dairy.batch() as batch:
                commit = None
                command = self._command(batch.transaction, record.scanned, details)
                if command is not None:
                    command_id = CommitId(self.workplace.ids.new())
                    commit = batch.execute(command, command_id=command_id)
                record.note_done(batch.transaction, self.workplace, commit)
        except Refused as refusal:
            record.note_refused(self.workplace, refusal, command)
            asks = isinstance(refusal, ASKS) and not details.reason.strip()
            return ScanResult(
                outcome=Outcome.ASKS if asks else Outcome.REFUSED,
                scanned=record.scanned,
                refusal=refusal,
            )
        self._remember(text, record.scanned, commit)
        return ScanResult(
            outcome=Outcome.DONE,
            scanned=record.scanned,
            quantity=_recorded(command),
            commit=commit,
        )

    @property
    def can_undo(self) -> bool:
        """Whether there is a scan of this task that a command takes back."""
        return bool(self._undoable)

    def undo(self) -> tuple[str, Commit]:
        """Take back the last scan by which a lot was loaded, poured or counted, or a delivery
        handed over: the code of what was scanned, and the commit.
        Raises ``NothingToDo`` where there is none, and as ``take_back``.
        """
        if not self._undoable:
            raise NothingToDo(what="scan")
        lot, commit_id = self._undoable[-1]
        done = take_back(self.workplace, commit_id, on=self._day)
        self._undoable.pop()
        self._last = None
        return lot, done.commit

    # ------------------------------------------------------------------------- what may be scanned

    def _is_repeated(self, text: str, details: Details) -> bool:
        if self._last is None or details != NO_DETAILS:
            return False
        last, at = self._last
        return last == text and timedelta() <= self.workplace.clock.now() - at < SAME_SCAN_WITHIN

    def _must_be_wanted(self, scanned: Scanned | None) -> None:
        """``WrongKindOfLabel``, ``WrongLabel``."""
        subject = scanned.subject if scanned else None
        wanted = WANTED[self.task]
        if subject is None:
            if self.task is not Task.LOOK:
                raise NothingToDo(what="label")
            return
        if kind_of(subject) not in wanted:
            raise WrongKindOfLabel(wanted=wanted, given=kind_of(subject), code=subject.code)
        if self.task is Task.HAND_OVER and self.subject and subject.id != self.subject.id:
            raise WrongLabel(
                label_kind=kind_of(subject), wanted=self.subject.code, given=subject.code
            )

    # ------------------------------------------------------------------------------ what follows

    def _command(
        self, snapshot: Snapshot, scanned: Scanned | None, details: Details
    ) -> Command | None:
        subject = scanned.subject if scanned else None
        match self.task, subject:
            case Task.POUR, RawLotRow():
                assert isinstance(self.subject, ProductionOrderRow), "one pours into an order"
                return ConsumeMaterial(
                    order_id=self.subject.id,
                    lot_id=subject.id,
                    quantity=self._quantity(snapshot, subject, details),
                    on=self._day,
                    override_reason=details.reason,
                )
            case Task.LOAD, FinishedLotRow():
                assert isinstance(self.subject, DeliveryRow), "one loads for a delivery"
                return LoadLot(
                    delivery_id=self.subject.id,
                    lot_id=subject.id,
                    quantity=self._quantity(snapshot, subject, details),
                    on=self._day,
                    override_reason=details.reason,
                )
            case Task.COUNT, RawLotRow() | FinishedLotRow():
                if details.quantity is None:
                    raise NothingToDo(what="quantity")
                return CountLot(
                    lot_id=subject.id,
                    counted=lookups.lot_quantity(details.quantity, subject),
                    on=self._day,
                    reason=details.reason,
                )
            case Task.HAND_OVER, DeliveryRow():
                return ConfirmReception(
                    delivery_id=subject.id, on=self._day, received_by=details.received_by
                )
            case _:
                return None

    def _quantity(
        self, snapshot: Snapshot, lot: RawLotRow | FinishedLotRow, details: Details
    ) -> Quantity:
        """As said; else all that is proposed of the lot and not recorded yet; of a lot that is not
        proposed, what is still missing of its product. Raises ``WrongState`` of a void lot,
        ``LotUnfit``, ``ScannedAlready``, ``KeptForOthers``.
        """
        assert self.subject is not None, "a quantity is proposed for an order or a delivery"
        self._must_be_fit(lot)
        if details.quantity is not None:
            return lookups.lot_quantity(details.quantity, lot)
        left = waiting_for(snapshot, self.subject)
        if lot.id in left:
            return Quantity(left[lot.id], Unit(lot.unit))
        if _is_recorded(snapshot, self.subject, lot):
            raise ScannedAlready(task=self.subject.code, lot=lot.code)
        free = lot.quantity_remaining - lot.quantity_reserved
        if free <= 0:
            holds = holds_of_lot(snapshot, lot.id, self._day)
            if orders := tuple(dict.fromkeys(hold.order for hold in holds)):
                raise KeptForOthers(lot=lot.code, orders=orders)
            raise self._refused_as(lot, Skipped.EXHAUSTED)
        others = (lookups.lot_of(snapshot, lot_id) for lot_id in left)
        missing = sum(left[each.id] for each in others if each.product_id == lot.product_id)
        return Quantity(min(free, missing) or free, Unit(lot.unit))

    def _must_be_fit(self, lot: RawLotRow | FinishedLotRow) -> None:
        if lot.status == VOIDED:
            step = "consume" if self.task is Task.POUR else "deliver"
            raise WrongState(kind="lot", id=lot.id, code=lot.code, state="voided", step=step)
        why = unfit(
            received_on=here_from(lot),
            expires_on=lot.expires_on,
            standing=Standing(lot.standing),
            on=self._day,
            purpose=Purpose.PRODUCTION if self.task is Task.POUR else Purpose.SALE,
        )
        if why is not None:
            raise self._refused_as(lot, why)

    def _refused_as(self, lot: RawLotRow | FinishedLotRow, why: Skipped) -> LotUnfit:
        return LotUnfit(
            lot_id=lot.id, lot=lot.code, why=why, on=self._day, expires_on=lot.expires_on
        )

    @property
    def _day(self) -> date:
        return self.on or self.workplace.clock.today()

    def _record(self, text: str, details: Details, scanned: Scanned | None = None) -> ScanRecord:
        return ScanRecord(
            task=self.task,
            text=text,
            subject_code=self.subject.code if self.subject else "",
            scanned=scanned,
            reason=details.reason,
        )

    def _remember(self, text: str, scanned: Scanned | None, commit: Commit | None) -> None:
        self._last = (text, self.workplace.clock.now())
        subject = scanned.subject if scanned else None
        if commit is None or subject is None:
            return
        if COMMANDS[commit.command_type].undone_by is not None:
            self._undoable.append((subject.code, commit.id))


def _recorded(command: Command | None) -> Quantity | None:
    match command:
        case ConsumeMaterial() | LoadLot():
            return command.quantity
        case CountLot():
            return command.counted
        case _:
            return None


def _is_recorded(
    snapshot: Snapshot, task: ProductionOrderRow | DeliveryRow, lot: RawLotRow | FinishedLotRow
) -> bool:
    if isinstance(task, DeliveryRow):
        lines = snapshot.rows(DeliveryLineRow, lot_id=lot.id)
        return any(line.delivery_id == task.id for line in lines)
    return any(scan.lot_id == lot.id for scan in poured_materials(snapshot, task.id))
