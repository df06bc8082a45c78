"""The rules that several steps of a lot share, each with what it refuses."""

from datetime import date

from attrs import frozen

from manchengo.domain.allocation import Purpose, Skipped, Standing
from manchengo.domain.errors import NothingToDo, Refused, WrongState
from manchengo.domain.ids import LotId
from manchengo.domain.lot.commands import (
    BlockLot,
    ConsumeLot,
    CorrectLot,
    CountLot,
    DeliverLot,
    LotCommand,
    Owner,
    QuarantineLot,
    ReleaseLot,
    ReserveLot,
    ReturnToLot,
    SendBackToSupplier,
    TakeBackCount,
    VoidLot,
    WriteOffLot,
)
from manchengo.domain.lot.state import Lot
from manchengo.domain.values import MOST, Quantity, TooLarge


@frozen(kw_only=True)
class ExpiresBeforeReception(Refused):
    """A lot cannot have expired before the day it entered."""

    lot: str
    entered_on: date
    expires_on: date


@frozen(kw_only=True)
class NotEnoughInLot(Refused):
    """More is wanted than can leave the lot on that day without a negative balance later."""

    lot_id: LotId
    lot: str
    wanted: Quantity
    free: Quantity
    on: date


@frozen(kw_only=True)
class LotUnfit(Refused):
    """The lot may not be used or sold on that day."""

    lot_id: LotId
    lot: str
    why: Skipped
    on: date
    expires_on: date | None


@frozen(kw_only=True)
class LotRecalledForGood(Refused):
    """The lot is recalled, and a recall never ends."""

    lot_id: LotId
    lot: str


@frozen(kw_only=True)
class BeforeItCame(Refused):
    """The step is dated before the lot entered."""

    lot: str
    on: date
    entered_on: date


MOST_IN_A_LOT = MOST // 1000
"""A million tonnes: what all the lots of a product hold together can still be told."""


def above_zero(quantity: Quantity) -> None:
    """Refuses a quantity of zero, and one that no lot can hold: ``NothingToDo``, ``TooLarge``."""
    if not quantity:
        raise NothingToDo(what="quantity")
    fits_in_a_lot(quantity)


def fits_in_a_lot(quantity: Quantity) -> None:
    """Refuses more than a lot can hold: ``TooLarge``."""
    if quantity.thousandths > MOST_IN_A_LOT:
        raise TooLarge(what="quantity", value=quantity.thousandths)


def dates_in_order(code: str, entered_on: date, expires_on: date | None) -> None:
    """Refuses an expiry before the lot entered: ``ExpiresBeforeReception``."""
    if expires_on is not None and expires_on < entered_on:
        raise ExpiresBeforeReception(lot=code, entered_on=entered_on, expires_on=expires_on)


def not_before_it_came(lot: Lot, on: date) -> None:
    """Refuses a step dated before the lot was here: ``BeforeItCame``."""
    if on < lot.here_from:
        raise BeforeItCame(lot=lot.code, on=on, entered_on=lot.here_from)


def not_recalled(lot: Lot) -> None:
    """Refuses a lot that is recalled: ``LotRecalledForGood``."""
    if lot.standing is Standing.RECALLED:
        raise LotRecalledForGood(lot_id=lot.id, lot=lot.code)


STEPS: dict[type[LotCommand], str] = {
    ReserveLot: "reserve",
    ConsumeLot: "consume",
    DeliverLot: "deliver",
    ReturnToLot: "return",
    SendBackToSupplier: "send back",
    WriteOffLot: "write off",
    CountLot: "count",
    TakeBackCount: "take back count",
    QuarantineLot: "quarantine",
    BlockLot: "block",
    ReleaseLot: "release",
    CorrectLot: "correct",
    VoidLot: "void lot",
}
"""The steps that a void lot refuses."""


def not_void(lot: Lot, command: LotCommand) -> None:
    """Refuses what cannot be done with a lot that never came: ``WrongState``."""
    step = STEPS.get(type(command))
    if lot.voided_on is not None and step is not None:
        raise WrongState(kind="lot", id=lot.id, code=lot.code, state="voided", step=step)


def fit(lot: Lot, on: date, purpose: Purpose) -> None:
    """The lot may leave that day for that purpose; ``LotUnfit`` otherwise."""
    why = lot.unfit(on, purpose)
    if why is not None:
        raise LotUnfit(lot_id=lot.id, lot=lot.code, why=why, on=on, expires_on=lot.expires_on)


def enough_free(lot: Lot, wanted: Quantity, on: date, *, owner: Owner | None) -> None:
    """Refuses more than is free on that day, what ``owner`` has reserved included:
    ``NotEnoughInLot``.
    """
    _enough(lot, wanted, on, free=lot.free(on, owner=owner))


def enough_to_leave(lot: Lot, command: ConsumeLot | DeliverLot) -> None:
    """Refuses more than may leave for the order; where it left already, more than was there:
    ``NotEnoughInLot``.
    """
    if command.happened:
        enough_on_hand(lot, command.quantity, command.on)
    else:
        enough_free(lot, command.quantity, command.on, owner=command.order_id)


def enough_on_hand(lot: Lot, wanted: Quantity, on: date) -> None:
    """Refuses more than is on hand, reserved or not: ``NotEnoughInLot``."""
    _enough(lot, wanted, on, free=lot.on_hand.with_thousandths(lot.ledger.can_give(on)))


def _enough(lot: Lot, wanted: Quantity, on: date, *, free: Quantity) -> None:
    above_zero(wanted)
    if wanted > free:
        raise NotEnoughInLot(lot_id=lot.id, lot=lot.code, wanted=wanted, free=free, on=on)
