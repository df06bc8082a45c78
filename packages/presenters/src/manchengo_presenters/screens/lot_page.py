"""One lot: what it is, what it holds, what happened to it, what may be decided about it."""

from collections.abc import Callable
from datetime import date
from enum import Enum

from attrs import frozen

from manchengo.application.by_id import lot_of, product_of
from manchengo.application.reading import withheld
from manchengo.application.shelf import LotOnDay, status_on
from manchengo.commands import BlockLot, Command, QuarantineLot, ReleaseLot
from manchengo.domain.access import Permission
from manchengo.domain.ids import LotId
from manchengo.ports.rows import (
    DeliveryRow,
    MovementRow,
    ProductionOrderRow,
    RawLotRow,
    SupplierRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import confirmations, words
from manchengo_presenters.formatting import day
from manchengo_presenters.language import N_, _
from manchengo_presenters.screens.form import Form
from manchengo_presenters.screens.lot_line import LotLine, lot_line
from manchengo_presenters.screens.screen_context import ScreenContext


class Judgement(Enum):
    """What a person decides about a lot; the value is the words of its button."""

    RELEASE = N_("Release")
    QUARANTINE = N_("Put in quarantine")
    BLOCK = N_("Block")

    @property
    def words(self) -> str:
        """As it is shown."""
        return _(self.value)


ASIDE = ("QUARANTINED", "BLOCKED")
MAY = {
    Judgement.RELEASE: Permission.RELEASE_LOTS,
    Judgement.QUARANTINE: Permission.BLOCK_LOTS,
    Judgement.BLOCK: Permission.BLOCK_LOTS,
}
COMMANDS: dict[Judgement, Callable[..., Command]] = {
    Judgement.RELEASE: ReleaseLot,
    Judgement.QUARANTINE: QuarantineLot,
    Judgement.BLOCK: BlockLot,
}


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
    value each. ``judgements``: what fits its state.
    """

    line: LotLine
    aside: str
    facts: tuple[tuple[str, str], ...]
    movements: tuple[MovementLine, ...]
    judgements: tuple[Judgement, ...]


class LotPage(Form):
    """``detail``: None until it is there. ``deciding``: what the person is about to decide, which
    takes a reason; None while they are not.
    """

    def __init__(self, context: ScreenContext, lot_id: LotId) -> None:
        super().__init__(context.background, {"reason": ""}, beside={"ReasonMissing": "reason"})
        self._office = context.office
        self.context = context
        self._who = context.who
        self.lot_id = lot_id
        self.detail: LotDetail | None = None
        self.deciding: Judgement | None = None

    async def load(self) -> None:
        """Read it anew; what was shown before stays until then."""
        found = await self.attempt_again(self._read, self.detail)
        if found is not None:
            self.detail = found
            self.changed()

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What this person may decide about it."""
        fitting = self.detail.judgements if self.detail else ()
        return tuple(each for each in fitting if self._who.may(MAY[each]))

    def begin(self, judgement: Judgement | None) -> None:
        """About to decide that; None: leave it."""
        self.deciding = judgement
        self.fill()

    async def decide(self) -> None:
        """Record what was begun."""
        judgement = self.deciding
        if judgement is None or self.is_busy:
            return
        self.require(() if judgement is Judgement.RELEASE else ("reason",))
        if not self.is_right:
            return
        reason = self.values["reason"].strip()
        lot_id, command = self.lot_id, COMMANDS[judgement]
        done = await self.attempt(
            lambda: self._office.record(
                lambda choices: command(lot_id=lot_id, on=choices.day, reason=reason),
                lambda snapshot, _: confirmations.lot_now(
                    lot_of(snapshot, lot_id), self._office.today()
                ),
            )
        )
        if done is not None:
            self.begin(None)
            self.context.window.tell(done)
            await self.load()

    async def confirm(self) -> None:
        """Record what was begun."""
        await self.decide()

    def _read(self) -> LotDetail:
        today = self._office.today()
        with self._office.reading() as snapshot:
            return lot_detail(snapshot, self.lot_id, today)


def lot_detail(snapshot: Snapshot, lot_id: LotId, today: date) -> LotDetail:
    """That lot at that moment."""
    row = lot_of(snapshot, lot_id)
    moved = list(snapshot.rows(MovementRow, lot_id=lot_id))
    on_hand = sum(each.quantity for each in moved if each.day <= today)
    status = status_on(row, today, on_hand=on_hand)
    held = LotOnDay(row, on_hand, row.quantity_reserved, status)
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
        judgements=_judgements(status),
    )


def _origin(snapshot: Snapshot, row: object) -> list[tuple[str, str]]:
    if not isinstance(row, RawLotRow):
        return []
    facts = []
    supplier = snapshot.get(SupplierRow, row.supplier_id) if row.supplier_id else None
    if supplier is not None:
        facts.append((_("Supplier"), supplier.name))
    if row.supplier_reference:
        facts.append((_("Supplier's note"), row.supplier_reference))
    if "unit_price" not in withheld(row) and row.unit_price:
        facts.append((_("Price"), words.price(row.unit_price, row.price_per, row.unit)))
    return facts


def _aside(reason: str, status: str) -> str:
    if status not in (*ASIDE, "RECALLED"):
        return ""
    state = words.word(words.LOT_STATUSES, status)
    state = state[:1].upper() + state[1:]
    if not reason:
        return f"{state}."
    return _("{state}: {reason}").format(state=state, reason=reason)


def _judgements(status: str) -> tuple[Judgement, ...]:
    if status == "QUARANTINED":
        return (Judgement.RELEASE, Judgement.BLOCK)
    if status == "BLOCKED":
        return (Judgement.RELEASE,)
    if status in ("AVAILABLE", "RESERVED"):
        return (Judgement.QUARANTINE, Judgement.BLOCK)
    return ()


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
