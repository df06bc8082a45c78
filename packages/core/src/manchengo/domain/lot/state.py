"""A lot as its next decision needs it, and how each event changes it."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen

from manchengo.domain.allocation import Candidate, Purpose, Skipped, Standing, unfit
from manchengo.domain.ids import LotId, ProductId, ProductionOrderId, SupplierId
from manchengo.domain.ledger import Ledger, Movement
from manchengo.domain.lot.commands import Expiry, Owner, Role
from manchengo.domain.lot.events import (
    LotBlocked,
    LotConsumed,
    LotCorrected,
    LotCounted,
    LotCountTakenBack,
    LotDelivered,
    LotEvent,
    LotMovement,
    LotProduced,
    LotQuarantined,
    LotRecalled,
    LotReceived,
    LotReleased,
    LotReserved,
    LotReturned,
    LotSentBack,
    LotTakenBack,
    LotUnreserved,
    LotVoided,
    LotWrittenOff,
    OpeningStockEntered,
)
from manchengo.domain.product import ProductKind
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Quantity, Unit


@frozen(kw_only=True)
class Received:
    """A raw-material lot came from a supplier."""

    supplier_id: SupplierId
    unit_price: UnitPrice
    supplier_reference: str


@frozen(kw_only=True)
class Produced:
    """A finished lot came out of a production order."""

    order_id: ProductionOrderId
    role: Role


@frozen(kw_only=True)
class Opening:
    """The lot was in stock on ``on``, the day of the opening stock: it has no supplier and no
    order.
    """

    kind: ProductKind
    on: date
    unit_price: UnitPrice


@frozen
class Hold:
    """A reservation grew or shrank; ``change`` in thousandths, negative when given back or used."""

    number: int
    owner: Owner
    on: date
    change: int


CORRECTABLE = ("expiry", "supplier_id", "supplier_reference", "unit_price")
"""The fields of ``LotCorrected``, each an attribute of ``Lot`` too: None where the lot has none."""

Corrected = Expiry | SupplierId | str | UnitPrice


@frozen
class Correction:
    """One field was corrected. ``movements``: how many lines the ledger had by then; those were
    recorded on the value ``before``.
    """

    number: int
    on: date
    reason: str
    field: str
    before: Corrected
    after: Corrected
    movements: int


@frozen(kw_only=True)
class Lot:
    """``kept``: thousandths now reserved by each owner; ``holds`` is how that came about.
    ``counts_taken_back``: the day and the thousandths of each count that was a mistake.
    """

    id: LotId
    code: str
    product_id: ProductId
    unit: Unit
    origin: Received | Produced | Opening
    entered_on: date
    expires_on: date | None
    standing: Standing
    standing_reason: str
    ledger: Ledger
    holds: tuple[Hold, ...] = ()
    kept: Mapping[Owner, int] = field(factory=dict)
    corrections: tuple[Correction, ...] = ()
    voided_on: date | None = None
    counts_taken_back: frozenset[tuple[date, int]] = frozenset()

    @property
    def expiry(self) -> Expiry:
        """The last day of use, as a correction gives it."""
        return Expiry(self.expires_on)

    @property
    def supplier_id(self) -> SupplierId | None:
        """None for a lot that no supplier delivered."""
        return self.origin.supplier_id if isinstance(self.origin, Received) else None

    @property
    def supplier_reference(self) -> str | None:
        """The supplier's delivery note; None for a lot that no supplier delivered."""
        return self.origin.supplier_reference if isinstance(self.origin, Received) else None

    @property
    def unit_price(self) -> UnitPrice | None:
        """What it cost; None for a lot made here."""
        return None if isinstance(self.origin, Produced) else self.origin.unit_price

    @property
    def here_from(self) -> date:
        """The first day on which something may happen to it; in the opening stock, a lot is older
        than that.
        """
        return self.origin.on if isinstance(self.origin, Opening) else self.entered_on

    @property
    def on_hand(self) -> Quantity:
        """What is there after the last movement."""
        return Quantity(self.ledger.on_hand, self.unit)

    @property
    def reserved(self) -> int:
        """Thousandths kept for orders. A count may have found less than was promised."""
        return sum(self.kept.values())

    def reserved_for(self, owner: Owner) -> Quantity:
        """What is kept for that order."""
        return Quantity(self.kept.get(owner, 0), self.unit)

    def free(self, on: date, *, owner: Owner | None = None) -> Quantity:
        """The most ``owner`` (None: a stranger) may take out on that day."""
        kept_for_others = self.reserved - (
            self.reserved_for(owner).thousandths if owner is not None else 0
        )
        return Quantity(max(0, self.ledger.can_give(on) - kept_for_others), self.unit)

    def candidate(self, on: date, *, owner: Owner | None = None) -> Candidate:
        """As allocation sees it. What a later count no longer found is proposed to nobody, though
        a person may still say that it left that day.
        """
        return Candidate(
            lot_id=self.id,
            received_on=self.entered_on,
            expires_on=self.expires_on,
            free=min(self.free(on, owner=owner), self.free(date.max, owner=owner)),
            standing=self.standing,
            here_from=self.here_from,
        )

    def unfit(self, on: date, purpose: Purpose, minimum_shelf_life_days: int = 0) -> Skipped | None:
        """Why the lot may not leave that day for that purpose; None when it may."""
        return unfit(
            received_on=self.here_from,
            expires_on=self.expires_on,
            standing=self.standing,
            on=on,
            purpose=purpose,
            minimum_shelf_life_days=minimum_shelf_life_days,
        )


def evolve(lot: Lot | None, event: LotEvent) -> Lot:
    """The lot after the event."""
    match event:
        case LotReceived():
            return _received(event)
        case LotProduced():
            return _produced(event)
        case OpeningStockEntered():
            return _entered(event)
        case LotConsumed() | LotDelivered():
            lot = _used(_existing(lot), event.order_id, event.quantity, event.on)
            return changed(lot, ledger=_with_line(lot.ledger, event))
        case LotTakenBack() | LotReturned() | LotSentBack() | LotWrittenOff() | LotCounted():
            lot = _existing(lot)
            return changed(lot, ledger=_with_line(lot.ledger, event))
        case LotCountTakenBack():
            return _without_count(_existing(lot), event)
        case LotReserved():
            return _held(_existing(lot), event.owner, event.on, event.quantity.thousandths)
        case LotUnreserved():
            return _held(_existing(lot), event.owner, event.on, -event.quantity.thousandths)
        case LotQuarantined():
            return _standing(_existing(lot), Standing.QUARANTINED, event.reason)
        case LotBlocked():
            return _standing(_existing(lot), Standing.BLOCKED, event.reason)
        case LotReleased():
            return _standing(_existing(lot), Standing.RELEASED, event.reason)
        case LotRecalled():
            return _standing(_existing(lot), Standing.RECALLED, event.reason)
        case LotCorrected():
            return _corrected(_existing(lot), event)
        case LotVoided():
            return _voided(_existing(lot), event)
        case _:
            assert_never(event)


def _received(event: LotReceived) -> Lot:
    return Lot(
        id=event.lot_id,
        code=event.code,
        product_id=event.product_id,
        unit=event.quantity.unit,
        origin=Received(
            supplier_id=event.supplier_id,
            unit_price=event.unit_price,
            supplier_reference=event.supplier_reference,
        ),
        entered_on=event.on,
        expires_on=event.expires_on,
        standing=Standing.QUARANTINED if event.quarantined else Standing.RELEASED,
        standing_reason="",
        ledger=_with_line(Ledger(), event),
    )


def _produced(event: LotProduced) -> Lot:
    return Lot(
        id=event.lot_id,
        code=event.code,
        product_id=event.product_id,
        unit=event.quantity.unit,
        origin=Produced(order_id=event.order_id, role=event.role),
        entered_on=event.on,
        expires_on=event.expires_on,
        standing=Standing.QUARANTINED if event.quarantined else Standing.RELEASED,
        standing_reason="",
        ledger=_with_line(Ledger(), event),
    )


def _entered(event: OpeningStockEntered) -> Lot:
    return Lot(
        id=event.lot_id,
        code=event.code,
        product_id=event.product_id,
        unit=event.quantity.unit,
        origin=Opening(kind=event.kind, on=event.on, unit_price=event.unit_price),
        entered_on=event.dated,
        expires_on=event.expires_on,
        standing=Standing.QUARANTINED if event.quarantined else Standing.RELEASED,
        standing_reason="",
        ledger=_with_line(Ledger(), event),
    )


def _with_line(ledger: Ledger, event: LotMovement) -> Ledger:
    """With the line of this movement. Nothing else writes in the ledger of a lot."""
    match event:
        case LotReceived():
            return ledger.moved(Movement.RECEIPT, event.quantity.thousandths, event.on)
        case LotProduced():
            return ledger.moved(
                Movement.PRODUCTION, event.quantity.thousandths, event.on, cause=event.order_id
            )
        case OpeningStockEntered():
            return ledger.moved(Movement.OPENING, event.quantity.thousandths, event.on)
        case LotConsumed():
            return ledger.moved(
                Movement.CONSUMPTION, -event.quantity.thousandths, event.on, cause=event.order_id
            )
        case LotTakenBack():
            return ledger.taken_back(event.quantity.thousandths, event.on, cause=event.order_id)
        case LotDelivered():
            return ledger.moved(
                Movement.DELIVERY, -event.quantity.thousandths, event.on, cause=event.delivery_id
            )
        case LotReturned():
            return ledger.moved(
                Movement.CUSTOMER_RETURN,
                event.quantity.thousandths,
                event.on,
                cause=event.delivery_id,
                reason=event.reason,
            )
        case LotSentBack():
            return ledger.moved(
                Movement.SUPPLIER_RETURN, -event.quantity.thousandths, event.on, reason=event.reason
            )
        case LotWrittenOff():
            return ledger.moved(
                Movement.WRITE_OFF, -event.quantity.thousandths, event.on, reason=event.reason
            )
        case LotCounted():
            return ledger.counted(event.counted.thousandths, event.on, reason=event.reason)
        case _:
            assert_never(event)


def _used(lot: Lot, owner: Owner, quantity: Quantity, on: date) -> Lot:
    """What an order takes out comes from its own reservation first."""
    from_reservation = min(lot.reserved_for(owner), quantity).thousandths
    return _held(lot, owner, on, -from_reservation) if from_reservation else lot


def _held(lot: Lot, owner: Owner, on: date, change: int) -> Lot:
    kept = {**lot.kept, owner: lot.kept.get(owner, 0) + change}
    if not kept[owner]:
        del kept[owner]
    hold = Hold(len(lot.holds) + 1, owner, on, change)
    return changed(lot, holds=(*lot.holds, hold), kept=kept)


def _corrected(lot: Lot, event: LotCorrected) -> Lot:
    """With the new values, and each old one kept beside the new."""
    values = {name: getattr(event, name) for name in CORRECTABLE}
    given = {name: value for name, value in values.items() if value is not None}
    corrections = tuple(
        Correction(
            number=number,
            on=event.on,
            reason=event.reason,
            field=name,
            before=getattr(lot, name),
            after=value,
            movements=len(lot.ledger.lines),
        )
        for number, (name, value) in enumerate(given.items(), len(lot.corrections) + 1)
    )
    expiry = given.pop("expiry", lot.expiry)
    return changed(
        lot,
        origin=changed(lot.origin, **given),
        expires_on=expiry.on,
        corrections=(*lot.corrections, *corrections),
    )


def _without_count(lot: Lot, event: LotCountTakenBack) -> Lot:
    counted = event.counted.thousandths
    return changed(
        lot,
        ledger=lot.ledger.without_count(counted, event.on, reason=event.reason),
        counts_taken_back=lot.counts_taken_back | {(event.on, counted)},
    )


def _voided(lot: Lot, event: LotVoided) -> Lot:
    """It holds nothing on any day: what had entered is taken away on the day it entered."""
    ledger = lot.ledger.moved(
        Movement.VOID, -lot.ledger.on_hand, lot.here_from, reason=event.reason
    )
    return changed(lot, ledger=ledger, voided_on=event.on, standing_reason=event.reason)


def _standing(lot: Lot, standing: Standing, reason: str) -> Lot:
    return changed(lot, standing=standing, standing_reason=reason)


def _existing(lot: Lot | None) -> Lot:
    assert lot is not None, "a lot is received or produced before anything else happens to it"
    return lot
