"""One lot: what it is, what it holds, what happened to it, what may be decided about it."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from attrs import frozen

from manchengo.application.by_id import lot_of, product_of
from manchengo.application.choices import Choices
from manchengo.application.reading import withheld
from manchengo.application.shelf import LotOnDay, status_on
from manchengo.application.stream_queries import lot_movements
from manchengo.commands import NEEDS, Command, CorrectLot
from manchengo.domain.ids import LotId
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    DeliveryRow,
    MovementRow,
    ProductionOrderRow,
    RawLotRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, parsing, words
from manchengo_presenters.formatting import begun, day
from manchengo_presenters.formatting import quantity as written_quantity
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.deciding import Deciding
from manchengo_presenters.screens.detail_page import DetailPage
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.label_form import LabelForm
from manchengo_presenters.screens.late_entry import DAY, DatedForm, LateEntry
from manchengo_presenters.screens.lot_actions import (
    BESIDE,
    COMMANDS,
    OF_QUANTITY,
    Judgement,
    LotAction,
    Removal,
    judgements,
    removals,
)
from manchengo_presenters.screens.lot_correction import LotCorrection, is_correctable
from manchengo_presenters.screens.lot_line import LotLine, lot_line
from manchengo_presenters.screens.lot_trace import LotTrace, TraceLine, lot_trace
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_context import ScreenContext


class Side(Enum):
    """What stands beside the facts of the lot; the value is its words."""

    MOVEMENTS = N_("Movements")
    TRACE = N_("Trace")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


ASIDE = ("QUARANTINED", "BLOCKED")
CORRECTION = "correction"
"""The name of that form; those of what is decided are of the decisions."""


@frozen(kw_only=True)
class MovementLine:
    """One movement of the lot; ``cause``: the code of the order or delivery behind it."""

    day: str
    kind: str
    quantity: str
    cause: str
    reason: str


@frozen(kw_only=True)
class LotDetail:
    """``aside``: why it is set aside, in a sentence; "" where it is not. ``facts``: a name and a
    value each. ``judgements``: what fits its state; ``removals``: what the rules allow now.
    ``free``: what of it is reserved for nobody.
    """

    line: LotLine
    aside: str
    facts: tuple[tuple[str, str], ...]
    movements: tuple[MovementLine, ...]
    judgements: tuple[Judgement, ...]
    removals: tuple[Removal, ...]
    free: Quantity
    is_correctable: bool


class LotPage(DetailPage[LotDetail], DatedForm, Deciding[LotAction]):
    """``detail``: None until it is there. ``deciding``: what the person is about to decide, which
    takes a reason; None while they are not. ``side``: what stands beside its facts; ``trace``: None
    until somebody asked for it.
    ``label``: None while nobody is about to print one; ``correction``: while nobody corrects it.
    """

    def __init__(self, context: ScreenContext, lot_id: LotId) -> None:
        super().__init__(context.background, {"quantity": "", "reason": "", DAY: ""}, beside=BESIDE)
        self._office = context.office
        self.context = context
        self._who = context.who
        self.lot_id = lot_id
        self.late = LateEntry(self, context.office)
        self.side = Side.MOVEMENTS
        self.trace: LotTrace | None = None
        self.label: LabelForm | None = None
        self.correction: LotCorrection | None = None

    async def load(self) -> None:
        """Read it anew, and its trace where that is shown."""
        await super().load()
        if self.side is Side.TRACE:
            await self._load_trace()

    async def show(self, side: Side) -> None:
        """That, beside its facts."""
        self.side = side
        self.changed()
        if side is Side.TRACE:
            await self._load_trace()

    async def turn_side(self) -> None:
        """The other of both."""
        await self.show(Side.TRACE if self.side is Side.MOVEMENTS else Side.MOVEMENTS)

    async def recall(self) -> None:
        """To what a recall of it would reach."""
        await self.context.window.go(Screen.LOT_RECALL, self.lot_id)

    async def begin_label(self) -> None:
        """About to print its label."""
        self.label = LabelForm(self.context, (self.lot_id,))
        self.changed()

    def end_label(self) -> None:
        """Print no label, or no more."""
        self.label = None
        self.changed()

    @property
    def may_correct(self) -> bool:
        """Whether this person may correct what is written of it."""
        is_correctable = self.detail is not None and self.detail.is_correctable
        return is_correctable and self._who.may(NEEDS[CorrectLot])

    async def begin_correction(self) -> None:
        """About to correct what is written of it."""
        if self.may_correct:
            self.correction = LotCorrection(self.context, self.lot_id, self._ended)
            self.changed()
            await self.correction.load()

    def end_correction(self) -> None:
        """Correct nothing, or no more."""
        self.correction = None
        self.changed()

    async def _ended(self) -> None:
        self.end_correction()
        await self.load()

    async def _load_trace(self) -> None:
        found = await self.attempt_again(self._read_trace, self.trace)
        if found is not None:
            self.trace = found
            self.changed()

    def _read_trace(self) -> LotTrace:
        found = self._office.trace(self.lot_id)
        with self._office.reading() as snapshot:
            return lot_trace(snapshot, found)

    async def open(self, line: TraceLine) -> None:
        """To that lot of the trace."""
        if line.lot_id is not None and line.lot_id != self.lot_id:
            await self.context.window.go(Screen.LOT, line.lot_id)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What this person may decide about it."""
        fitting = self.detail.judgements if self.detail else ()
        return tuple(each for each in fitting if self._may(each))

    @property
    def removals(self) -> tuple[Removal, ...]:
        """What this person may take out of the stock of it."""
        fitting = self.detail.removals if self.detail else ()
        return tuple(each for each in fitting if self._may(each))

    @property
    def fitting(self) -> tuple[LotAction, ...]:
        """What this person may begin now."""
        return (*self.judgements, *self.removals)

    @property
    def open_forms(self) -> Mapping[str, Form]:
        """With the correction."""
        correction = {} if self.correction is None else {CORRECTION: self.correction}
        return {**super().open_forms, **correction}

    async def reopen(self, name: str) -> Form | None:
        """The correction, too."""
        if name == CORRECTION:
            await self.begin_correction()
            return self.correction
        return await super().reopen(name)

    def _may(self, action: LotAction) -> bool:
        return self._who.may(NEEDS[COMMANDS[action]])

    @property
    def takes_quantity(self) -> bool:
        """Whether what is begun takes a quantity."""
        return self.deciding in OF_QUANTITY

    @property
    def quantity_label(self) -> str:
        """With the unit of the lot."""
        unit = self.detail.free.unit if self.detail else ""
        return _("Quantity ({unit})").format(unit=words.unit_word(2_000, unit))

    def begin(self, action: LotAction | None) -> None:
        """About to do that; None: leave it."""
        self.late.withdraw()
        self.deciding = action
        free = self.detail.free.thousandths if self.detail and self.takes_quantity else 0
        self.fill(quantity=written_quantity(free) if free else "")

    async def decide(self) -> None:
        """Record what was begun; what it changes of the past is shown first."""
        action = self.deciding
        if action is None or self.is_busy:
            return
        takes = ("quantity",) if self.takes_quantity else ()
        self.require((*takes, *(() if action is Judgement.RELEASE else ("reason",))))
        amount = self.read("quantity", lambda text: parsing.quantity(text, least=1))
        self.late.check()
        if not self.is_right or self.detail is None:
            return
        asked: dict[str, Any] = {"lot_id": self.lot_id, "reason": self.values["reason"].strip()}
        if takes:
            assert isinstance(amount, int)
            asked["quantity"] = self.detail.free.with_thousandths(amount)
        command, on = COMMANDS[action], self.late.on

        def build(choices: Choices) -> Command:
            built: Command = command(on=choices.day, **asked)
            return built

        await self.late.record(build, lambda: self._record(build, on))

    async def _record(self, build: Callable[[Choices], Command], on: date) -> None:
        lot_id, today = self.lot_id, self._office.today()
        done = await self.attempt(
            lambda: self._office.record(
                build,
                lambda snapshot, _: confirmations.lot_now(lot_of(snapshot, lot_id), today),
                on=on,
            )
        )
        if done is not None:
            self.begin(None)
            self.context.window.tell(done)
            await self.load()

    async def confirm(self) -> None:
        """Record what was begun, or what it changes of the past."""
        if self.correction is not None:
            await self.correction.submit()
        elif self.late.shown is not None:
            await self.late.confirm()
        else:
            await self.decide()

    def _read(self) -> LotDetail:
        today = self._office.today()
        with self._office.reading() as snapshot:
            return lot_detail(snapshot, self.lot_id, today)


def lot_detail(snapshot: Snapshot, lot_id: LotId, today: date) -> LotDetail:
    """That lot at that moment."""
    row = lot_of(snapshot, lot_id)
    moved = lot_movements(snapshot, lot_id)
    on_hand = sum(each.quantity for each in moved if each.day <= today)
    status = status_on(row, today, on_hand=on_hand)
    held = LotOnDay(row, on_hand, row.quantity_reserved, status)
    free = Quantity(max(0, on_hand - row.quantity_reserved), Unit(row.unit))
    entered = _("Received on") if isinstance(row, RawLotRow) else _("Made on")
    facts = [(entered, day(row.entered_on))]
    if row.expires_on:
        facts.append((_("Use by"), day(row.expires_on)))
    facts.append((_("At first"), words.measured(row.quantity_initial, row.unit)))
    if row.quantity_reserved:
        facts.append((_("Reserved"), words.measured(row.quantity_reserved, row.unit)))
    facts.extend(_origin(snapshot, row))
    return LotDetail(
        line=lot_line(held, product_of(snapshot, row.product_id), today),
        aside=_aside(row.standing_reason, status),
        facts=tuple(facts),
        movements=tuple(_movement(snapshot, each) for each in reversed(moved)),
        judgements=judgements(status),
        removals=tuple(removals(snapshot, row, free, today)),
        free=free,
        is_correctable=is_correctable(snapshot, row, today),
    )


def _origin(snapshot: Snapshot, row: object) -> list[tuple[str, str]]:
    if not isinstance(row, RawLotRow):
        return []
    facts = []
    supplier = snapshot.get(SupplierRow, row.supplier_id) if row.supplier_id else None
    if supplier is not None:
        facts.append((_("Supplier"), supplier.name))
    if row.supplier_reference:
        facts.append((_("Supplier's reference"), row.supplier_reference))
    if "unit_price" not in withheld(row) and row.unit_price:
        facts.append((_("Price"), words.price(row.unit_price, row.price_per, row.unit)))
    return facts


def _aside(reason: str, status: str) -> str:
    if status not in (*ASIDE, "RECALLED"):
        return ""
    state = begun(words.word(words.LOT_STATUSES, status))
    if not reason:
        return f"{state}."
    return _("{state}: {reason}").format(state=state, reason=reason)


def _movement(snapshot: Snapshot, row: MovementRow) -> MovementLine:
    behind = None
    if row.cause is not None:
        behind = snapshot.get(ProductionOrderRow, row.cause) or snapshot.get(DeliveryRow, row.cause)
    sign = "+" if row.quantity > 0 else ""
    return MovementLine(
        day=day(row.day),
        kind=words.word(words.MOVEMENTS, row.kind),
        quantity=sign + words.measured(row.quantity, row.unit),
        cause=behind.code if behind else "",
        reason=row.reason,
    )
