"""What each step of a delivery makes happen, and why it may be refused."""

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from manchengo.domain.delivery.commands import (
    CancelDelivery,
    ConfirmReception,
    DispatchDelivery,
    LoadLot,
    PrepareDelivery,
    ReopenDelivery,
    ReturnDelivery,
    UnloadLot,
)
from manchengo.domain.delivery.events import (
    DeliveryCancelled,
    DeliveryDispatched,
    DeliveryEvent,
    DeliveryLoaded,
    DeliveryPrepared,
    DeliveryReceived,
    DeliveryReopened,
    DeliveryReturned,
    DeliveryUnloaded,
)
from manchengo.domain.delivery.state import Delivery, allowing
from manchengo.domain.errors import NothingToDo, Refused, Timeline, reason_given
from manchengo.domain.ids import ClientId, LotId, ProductId
from manchengo.domain.names import visible
from manchengo.domain.sales_order import StockPick
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class MoreThanOrdered(Refused):
    """The van would carry more of a product than the order still lacks."""

    delivery: str
    product: str
    loaded: Quantity
    due: Quantity


@frozen(kw_only=True)
class ScannedLotNotProposed(Refused):
    """Another lot than those proposed was scanned, with no reason given."""

    delivery: str
    lot: str


@frozen(kw_only=True)
class NotFreshEnough(Refused):
    """The lot may be sold but has fewer days left than the client requires, and no reason was given
    for loading it.
    """

    delivery: str
    lot: str
    client: str
    on: date
    expires_on: date
    asked_days: int
    days_left: int


@frozen(kw_only=True)
class NotLoadedThatMuch(Refused):
    """More of a lot is taken off the van than is in it."""

    delivery: str
    lot: str
    wanted: Quantity
    loaded: Quantity


@frozen(kw_only=True)
class NothingLoaded(Refused):
    """The van is empty."""

    delivery: str


@frozen(kw_only=True)
class CameBackSince(Refused):
    """Some of it came back since the client was said to have it."""

    delivery: str


def prepare(
    command: PrepareDelivery, *, client_id: ClientId, proposed: Iterable[StockPick]
) -> tuple[DeliveryEvent, ...]:
    """``proposed`` is what the order still holds reserved."""
    picks = tuple(proposed)
    if not picks:
        raise NothingToDo(what="delivery lines")
    return (
        DeliveryPrepared(
            delivery_id=command.delivery_id,
            code=command.code,
            order_id=command.order_id,
            client_id=client_id,
            proposed=picks,
            on=command.on,
        ),
    )


def load(
    delivery: Delivery,
    command: LoadLot,
    *,
    lot: str,
    product_id: ProductId,
    product: str,
    due: Quantity,
    stale: NotFreshEnough | None,
    happened: bool = False,
) -> tuple[DeliveryEvent, ...]:
    """``due``: what the client still waits for of the product this lot holds. ``stale``: None where
    the lot is as fresh as the client asks. ``happened``: whoever loaded it had other lots proposed
    to them.
    """
    allowing(delivery, "load")
    if not command.quantity:
        raise NothingToDo(what="quantity")
    loaded = command.quantity + due.with_thousandths(delivery.loaded_of(product_id))
    no_more_than_due(delivery, loaded, product=product, due=due)
    proposed = is_proposed(delivery, command.lot_id)
    reason = visible(command.override_reason)
    if not proposed and not reason and not happened:
        raise ScannedLotNotProposed(delivery=delivery.code, lot=lot)
    if stale and not reason:
        raise stale
    return (
        DeliveryLoaded(
            lot_id=command.lot_id,
            product_id=product_id,
            quantity=command.quantity,
            on=command.on,
            override_reason=reason if stale or not proposed else "",
        ),
    )


def unload(
    delivery: Delivery,
    command: UnloadLot,
    quantity: Quantity,
    *,
    lot: str,
    product_id: ProductId,
) -> tuple[DeliveryEvent, ...]:
    """``quantity``: what comes off the van, in the unit of the product."""
    allowing(delivery, "unload")
    if command.quantity is not None and not quantity:
        raise NothingToDo(what="quantity")
    loaded = quantity.with_thousandths(delivery.loaded_from(command.lot_id))
    if quantity > loaded or not loaded:
        raise NotLoadedThatMuch(delivery=delivery.code, lot=lot, wanted=quantity, loaded=loaded)
    last = max(scan.on for scan in delivery.loaded if scan.lot_id == command.lot_id)
    days = Timeline("delivery", delivery.code)
    days.follows("unload", command.on, after="load", after_on=last)
    return (
        DeliveryUnloaded(
            lot_id=command.lot_id, product_id=product_id, quantity=quantity, on=command.on
        ),
    )


def no_more_than_due(delivery: Delivery, loaded: Quantity, *, product: str, due: Quantity) -> None:
    """Asked at each scan, and again when the van leaves: another one may have gone meanwhile."""
    if loaded > due:
        raise MoreThanOrdered(delivery=delivery.code, product=product, loaded=loaded, due=due)


def is_proposed(delivery: Delivery, lot_id: LotId) -> bool:
    """Whether the delivery was prepared with this lot."""
    return any(pick.lot_id == lot_id for pick in delivery.proposed)


def dispatch(delivery: Delivery, command: DispatchDelivery) -> tuple[DeliveryEvent, ...]:
    """The van leaves, with something in it."""
    allowing(delivery, "dispatch")
    if not delivery.loaded:
        raise NothingLoaded(delivery=delivery.code)
    delivery.follows_loading("dispatch", command.on)
    return (
        DeliveryDispatched(
            carrier=command.carrier.strip(),
            short_reason=visible(command.short_reason),
            on=command.on,
        ),
    )


def received(delivery: Delivery, command: ConfirmReception) -> tuple[DeliveryEvent, ...]:
    """The client has what left."""
    allowing(delivery, "receive")
    delivery.follows_departure("receive", command.on)
    return (
        DeliveryReceived(
            received_by=command.received_by.strip(), proof=command.proof, on=command.on
        ),
    )


def returned(delivery: Delivery, command: ReturnDelivery) -> tuple[DeliveryEvent, ...]:
    """Some of what left came back."""
    allowing(delivery, "return")
    delivery.follows_departure("return", command.on)
    if not command.lines:
        raise NothingToDo(what="return lines")
    reason = reason_given(command.reason, "return")
    return (DeliveryReturned(lines=command.lines, reason=reason, on=command.on),)


def cancel(delivery: Delivery, command: CancelDelivery) -> tuple[DeliveryEvent, ...]:
    """The van does not leave."""
    allowing(delivery, "cancel")
    delivery.follows_loading("cancel", command.on)
    reason = reason_given(command.reason, "cancel")
    return (DeliveryCancelled(reason=reason, on=command.on),)


def reopen(delivery: Delivery, command: ReopenDelivery) -> tuple[DeliveryEvent, ...]:
    """The client does not have it yet, or the van leaves after all."""
    allowing(delivery, "reopen")
    days = Timeline("delivery", delivery.code)
    days.follows("reopen", command.on, after="end", after_on=delivery.ended_on)
    if len(delivery.returned) > delivery.returned_before:
        raise CameBackSince(delivery=delivery.code)
    reason = reason_given(command.reason, "reopen")
    return (DeliveryReopened(received_by=delivery.received_by, reason=reason, on=command.on),)
