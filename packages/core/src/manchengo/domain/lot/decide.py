"""What one lot allows, and what it refuses."""

from datetime import date
from typing import assert_never

from attrs import frozen

from manchengo.domain.allocation import Purpose, Standing
from manchengo.domain.errors import NothingToDo, Refused, reason_given
from manchengo.domain.ids import DeliveryId
from manchengo.domain.ledger import Movement
from manchengo.domain.lot.commands import (
    BlockLot,
    ConsumeLot,
    CorrectLot,
    CountLot,
    DeliverLot,
    EnterLot,
    FlagRecalled,
    LotCommand,
    ProduceLot,
    QuarantineLot,
    ReceiveLot,
    ReleaseLot,
    ReserveAgain,
    ReserveLot,
    ReturnToLot,
    SendBackToSupplier,
    TakeBackCount,
    TakeBackLot,
    UnreserveLot,
    VoidLot,
    WriteOffLot,
)
from manchengo.domain.lot.events import (
    LotBlocked,
    LotConsumed,
    LotCorrected,
    LotCounted,
    LotCountTakenBack,
    LotDelivered,
    LotEvent,
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
from manchengo.domain.lot.rules import (
    above_zero,
    dates_in_order,
    enough_free,
    enough_on_hand,
    enough_to_leave,
    fit,
    fits_in_a_lot,
    not_before_it_came,
    not_recalled,
    not_void,
)
from manchengo.domain.lot.state import CORRECTABLE, Lot, Received
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class DatedAfterOpening(Refused):
    """Opening stock must have been received or made by the day it is entered for."""

    lot: str
    dated: date
    on: date


@frozen(kw_only=True)
class NotReservedThatMuch(Refused):
    """The order would release more than it has reserved."""

    lot: str
    wanted: Quantity
    reserved: Quantity


@frozen(kw_only=True)
class NotDeliveredThatMuch(Refused):
    """More is returned than that delivery had brought of this lot by that day."""

    lot: str
    delivery_id: DeliveryId
    returned: Quantity
    delivered: Quantity


@frozen(kw_only=True)
class NotFromASupplier(Refused):
    """Only what a supplier delivered can go back to a supplier."""

    lot: str


@frozen(kw_only=True)
class NoSupplierToCorrect(Refused):
    """Only a lot that a supplier delivered has a supplier and a delivery note; one that was made
    here has no purchase price either.
    """

    lot: str


@frozen(kw_only=True)
class LotWasUsed(Refused):
    """Something was done with the lot, so it is not void. ``use``: a kind of movement, or
    "reserved", "loaded", "claimed".
    """

    lot: str
    use: str


@frozen(kw_only=True)
class CountContradictsLater(Refused):
    """Less was counted than left the lot afterwards."""

    lot: str
    counted: Quantity
    on: date
    missing: Quantity


@frozen(kw_only=True)
class NotCountedSo(Refused):
    """No count of that day found so much."""

    lot: str
    counted: Quantity
    on: date


@frozen(kw_only=True)
class LeftSinceTheCount(Refused):
    """Without that count, more would have left the lot than it held. ``missing``: so much."""

    lot: str
    counted: Quantity
    on: date
    missing: Quantity


def decide(lot: Lot | None, command: LotCommand) -> tuple[LotEvent, ...]:
    """What the command makes happen to the lot; raises the refusals that its class names."""
    if lot is not None:
        not_void(lot, command)
    match command:
        case ReceiveLot():
            return _receive(command)
        case ProduceLot():
            return _produce(command)
        case EnterLot():
            return _enter(command)
        case ReserveLot():
            return _reserve(_existing(lot), command)
        case ReserveAgain():
            return _reserve_again(_existing(lot), command)
        case UnreserveLot():
            return _unreserve(_existing(lot), command)
        case ConsumeLot():
            return _consume(_existing(lot), command)
        case TakeBackLot():
            return _take_back(_existing(lot), command)
        case DeliverLot():
            return _deliver(_existing(lot), command)
        case ReturnToLot():
            return _return(_existing(lot), command)
        case SendBackToSupplier():
            return _send_back(_existing(lot), command)
        case WriteOffLot():
            return _write_off(_existing(lot), command)
        case CountLot():
            return _count(_existing(lot), command)
        case TakeBackCount():
            return _take_back_count(_existing(lot), command)
        case QuarantineLot():
            return _quarantine(_existing(lot), command)
        case BlockLot():
            return _block(_existing(lot), command)
        case ReleaseLot():
            return _release(_existing(lot), command)
        case FlagRecalled():
            return _recall(_existing(lot), command)
        case CorrectLot():
            return _correct(_existing(lot), command)
        case VoidLot():
            return _void(_existing(lot), command)
        case _:
            assert_never(command)


def _receive(command: ReceiveLot) -> tuple[LotEvent, ...]:
    above_zero(command.quantity)
    dates_in_order(command.code, command.on, command.expires_on)
    return (
        LotReceived(
            lot_id=command.lot_id,
            code=command.code,
            product_id=command.product_id,
            supplier_id=command.supplier_id,
            on=command.on,
            expires_on=command.expires_on,
            quantity=command.quantity,
            unit_price=command.unit_price,
            supplier_reference=command.supplier_reference,
            quarantined=command.quarantined,
        ),
    )


def _produce(command: ProduceLot) -> tuple[LotEvent, ...]:
    above_zero(command.quantity)
    dates_in_order(command.code, command.on, command.expires_on)
    return (
        LotProduced(
            lot_id=command.lot_id,
            code=command.code,
            product_id=command.product_id,
            order_id=command.order_id,
            on=command.on,
            expires_on=command.expires_on,
            quantity=command.quantity,
            role=command.role,
            quarantined=command.quarantined,
        ),
    )


def _enter(command: EnterLot) -> tuple[LotEvent, ...]:
    """It may have expired before the day of the opening stock; it is entered all the same."""
    above_zero(command.quantity)
    if command.dated > command.on:
        raise DatedAfterOpening(lot=command.code, dated=command.dated, on=command.on)
    dates_in_order(command.code, command.dated, command.expires_on)
    return (
        OpeningStockEntered(
            lot_id=command.lot_id,
            code=command.code,
            product_id=command.product_id,
            kind=command.kind,
            on=command.on,
            dated=command.dated,
            expires_on=command.expires_on,
            quantity=command.quantity,
            unit_price=command.unit_price,
            quarantined=command.quarantined,
        ),
    )


def _reserve(lot: Lot, command: ReserveLot) -> tuple[LotEvent, ...]:
    kept = command.quantity
    if command.happened:
        enough_on_hand(lot, kept, command.on)
        kept = min(kept, lot.free(command.on))
    else:
        enough_free(lot, kept, command.on, owner=None)
    return (LotReserved(owner=command.owner, quantity=kept, on=command.on),) if kept else ()


def _reserve_again(lot: Lot, command: ReserveAgain) -> tuple[LotEvent, ...]:
    kept = min(command.quantity, lot.free(date.max))
    return (LotReserved(owner=command.owner, quantity=kept, on=command.on),) if kept else ()


def _unreserve(lot: Lot, command: UnreserveLot) -> tuple[LotEvent, ...]:
    reserved = lot.reserved_for(command.owner)
    if command.quantity > reserved:
        raise NotReservedThatMuch(lot=lot.code, wanted=command.quantity, reserved=reserved)
    return (LotUnreserved(owner=command.owner, quantity=command.quantity, on=command.on),)


def _consume(lot: Lot, command: ConsumeLot) -> tuple[LotEvent, ...]:
    fit(lot, command.on, Purpose.PRODUCTION)
    enough_to_leave(lot, command)
    return (LotConsumed(order_id=command.order_id, quantity=command.quantity, on=command.on),)


def _take_back(lot: Lot, command: TakeBackLot) -> tuple[LotEvent, ...]:
    """What was poured must have been; whether the lot may still be used does not matter."""
    poured = lot.ledger.poured_into(command.order_id, on=command.on)
    assert command.quantity.thousandths <= poured, "the order and the lot agree on what was poured"
    back = LotTakenBack(order_id=command.order_id, quantity=command.quantity, on=command.on)
    if not command.kept:
        return (back,)
    return back, LotReserved(owner=command.order_id, quantity=command.kept, on=command.on)


def _deliver(lot: Lot, command: DeliverLot) -> tuple[LotEvent, ...]:
    fit(lot, command.on, Purpose.SALE)
    enough_to_leave(lot, command)
    return (
        LotDelivered(
            delivery_id=command.delivery_id,
            order_id=command.order_id,
            quantity=command.quantity,
            on=command.on,
        ),
    )


def _return(lot: Lot, command: ReturnToLot) -> tuple[LotEvent, ...]:
    above_zero(command.quantity)
    not_before_it_came(lot, command.on)
    gone = lot.ledger.moved_by(command.delivery_id, Movement.DELIVERY, until=command.on)
    still_out = gone + lot.ledger.moved_by(command.delivery_id, Movement.CUSTOMER_RETURN)
    delivered = lot.on_hand.with_thousandths(max(0, -still_out))
    if command.quantity > delivered:
        raise NotDeliveredThatMuch(
            lot=lot.code,
            delivery_id=command.delivery_id,
            returned=command.quantity,
            delivered=delivered,
        )
    return (
        LotReturned(
            delivery_id=command.delivery_id,
            quantity=command.quantity,
            on=command.on,
            reason=command.reason,
        ),
    )


def _send_back(lot: Lot, command: SendBackToSupplier) -> tuple[LotEvent, ...]:
    if not isinstance(lot.origin, Received):
        raise NotFromASupplier(lot=lot.code)
    fit(lot, command.on, Purpose.DISPOSAL)
    enough_on_hand(lot, command.quantity, command.on)
    reason = reason_given(command.reason, "send back")
    return (LotSentBack(quantity=command.quantity, on=command.on, reason=reason),)


def _write_off(lot: Lot, command: WriteOffLot) -> tuple[LotEvent, ...]:
    fit(lot, command.on, Purpose.DISPOSAL)
    enough_on_hand(lot, command.quantity, command.on)
    reason = reason_given(command.reason, "write off")
    return (LotWrittenOff(quantity=command.quantity, on=command.on, reason=reason),)


def _count(lot: Lot, command: CountLot) -> tuple[LotEvent, ...]:
    not_before_it_came(lot, command.on)
    counted = lot.on_hand.with_thousandths(0) + command.counted
    fits_in_a_lot(counted)
    lowest = lot.ledger.lowest_after_counting(counted.thousandths, command.on)
    if lowest < 0:
        raise CountContradictsLater(
            lot=lot.code,
            counted=counted,
            on=command.on,
            missing=counted.with_thousandths(-lowest),
        )
    return (LotCounted(counted=counted, on=command.on, reason=command.reason),)


def _take_back_count(lot: Lot, command: TakeBackCount) -> tuple[LotEvent, ...]:
    reason = reason_given(command.reason, "take back count")
    counted = lot.on_hand.with_thousandths(0) + command.counted
    if not lot.ledger.has_counted(counted.thousandths, command.on):
        if (command.on, counted.thousandths) in lot.counts_taken_back:
            return ()
        raise NotCountedSo(lot=lot.code, counted=counted, on=command.on)
    lowest = lot.ledger.lowest_without_count(counted.thousandths, command.on)
    if lowest < 0:
        raise LeftSinceTheCount(
            lot=lot.code,
            counted=counted,
            on=command.on,
            missing=counted.with_thousandths(-lowest),
        )
    return (LotCountTakenBack(counted=counted, on=command.on, reason=reason),)


def _quarantine(lot: Lot, command: QuarantineLot) -> tuple[LotEvent, ...]:
    not_recalled(lot)
    reason = reason_given(command.reason, "quarantine")
    if lot.standing is not Standing.RELEASED:
        return ()
    return (LotQuarantined(on=command.on, reason=reason),)


def _block(lot: Lot, command: BlockLot) -> tuple[LotEvent, ...]:
    not_recalled(lot)
    reason = reason_given(command.reason, "block")
    if lot.standing is Standing.BLOCKED:
        return ()
    return (LotBlocked(on=command.on, reason=reason),)


def _release(lot: Lot, command: ReleaseLot) -> tuple[LotEvent, ...]:
    not_recalled(lot)
    if lot.standing is Standing.RELEASED:
        return ()
    return (LotReleased(on=command.on, reason=command.reason),)


def _recall(lot: Lot, command: FlagRecalled) -> tuple[LotEvent, ...]:
    reason = reason_given(command.reason, "recall")
    if lot.standing is Standing.RECALLED:
        return ()
    return (LotRecalled(source=command.source, on=command.on, reason=reason),)


def _correct(lot: Lot, command: CorrectLot) -> tuple[LotEvent, ...]:
    not_before_it_came(lot, command.on)
    reason = reason_given(command.reason, "correct")
    given = {name: getattr(command, name) for name in CORRECTABLE}
    if all(value is None for value in given.values()):
        raise NothingToDo(what="correction")
    if command.expiry is not None:
        dates_in_order(lot.code, lot.entered_on, command.expiry.on)
    if any(given[name] is not None and getattr(lot, name) is None for name in CORRECTABLE):
        raise NoSupplierToCorrect(lot=lot.code)
    changes = {
        name: None if value == getattr(lot, name) else value for name, value in given.items()
    }
    if all(value is None for value in changes.values()):
        return ()
    return (LotCorrected(on=command.on, reason=reason, **changes),)


def _void(lot: Lot, command: VoidLot) -> tuple[LotEvent, ...]:
    not_recalled(lot)
    not_before_it_came(lot, command.on)
    reason = reason_given(command.reason, "void lot")
    used = lot.ledger.used()
    if used is not None:
        raise LotWasUsed(lot=lot.code, use=used)
    if lot.reserved:
        raise LotWasUsed(lot=lot.code, use="reserved")
    return (LotVoided(on=command.on, reason=reason),)


def _existing(lot: Lot | None) -> Lot:
    assert lot is not None, "a lot is received or produced before anything else happens to it"
    return lot
