"""A delivery: what is proposed, what was really loaded, what left, what came back."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import NothingToDo, Refused, Timeline, WrongState, reason_given
from manchengo.domain.ids import ClientId, DeliveryId, LotId, ProductId, SalesOrderId
from manchengo.domain.names import visible
from manchengo.domain.sales_order import StockPick
from manchengo.domain.values import Quantity


class Disposition(StrEnum):
    """What becomes of goods that come back."""

    RESTOCK = "restock"
    DESTROY = "destroy"


@frozen(kw_only=True)
class ReturnLine:
    """A quantity of one lot that came back. ``quantity``: above zero, in any unit the product
    converts from.
    """

    lot_id: LotId
    quantity: Quantity
    disposition: Disposition = Disposition.RESTOCK


@frozen(kw_only=True)
class PrepareDelivery:
    """Prepares a delivery of what is still reserved for the order.

    ``code``: the number of the delivery note; unique among deliveries.

    Refused: ``AlreadyExists``, ``CodeMissing``, ``NothingToDo``, ``OutOfOrder``, ``WrongState``.
    """

    delivery_id: DeliveryId
    code: str
    order_id: SalesOrderId
    on: date


@frozen(kw_only=True)
class LoadLot:
    """Records how much of a scanned lot is in the van. A lot that was not proposed needs a reason.

    ``quantity``: above zero, in any unit the product converts from.

    Refused: ``LotUnfit``, ``MoreThanOrdered``, ``NotEnoughInLot``, ``NotFreshEnough``,
    ``NothingToDo``, ``OutOfOrder``, ``PartOfAPiece``, ``ScannedLotNotProposed``, ``TooFine``,
    ``UnitsDiffer``, ``WrongState``.
    """

    delivery_id: DeliveryId
    lot_id: LotId
    quantity: Quantity
    on: date
    override_reason: str = ""


@frozen(kw_only=True)
class DispatchDelivery:
    """The van leaves with what was loaded.

    ``carrier``: who drives.

    Refused: ``LotUnfit``, ``MoreThanOrdered``, ``NotEnoughInLot``, ``NotFreshEnough``,
    ``NothingLoaded``, ``OutOfOrder``, ``WrongState``.
    """

    delivery_id: DeliveryId
    on: date
    carrier: str = ""


@frozen(kw_only=True)
class ConfirmReception:
    """The client has it: who took it, and the proof (signature, photograph, note).

    Refused: ``OutOfOrder``, ``WrongState``.
    """

    delivery_id: DeliveryId
    on: date
    received_by: str
    proof: str = ""


@frozen(kw_only=True)
class ReturnDelivery:
    """Some of it came back.

    ``lines``: one or more; what becomes of each is its ``disposition``.

    Refused: ``NotDeliveredThatMuch``, ``NothingToDo``, ``OutOfOrder``, ``PartOfAPiece``,
    ``ReasonMissing``, ``TooFine``, ``UnitsDiffer``, ``WrongState``.
    """

    delivery_id: DeliveryId
    lines: tuple[ReturnLine, ...]
    on: date
    reason: str


@frozen(kw_only=True)
class CancelDelivery:
    """The van does not leave; the order keeps its reservation.

    Refused: ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
    """

    delivery_id: DeliveryId
    on: date
    reason: str


@frozen(kw_only=True)
class Deliver:
    """Prepares a delivery, loads all that is proposed and dispatches it, in one command.

    ``code``: the number of the delivery note; unique among deliveries.

    Refused: ``AlreadyExists``, ``CodeMissing``, ``LotUnfit``, ``NotEnoughInLot``,
    ``NotFreshEnough``, ``NothingToDo``, ``OutOfOrder``, ``WrongState``.
    """

    delivery_id: DeliveryId
    code: str
    order_id: SalesOrderId
    on: date
    carrier: str = ""


DeliveryCommand = (
    PrepareDelivery
    | LoadLot
    | DispatchDelivery
    | ConfirmReception
    | ReturnDelivery
    | CancelDelivery
    | Deliver
)


@frozen(kw_only=True)
class DeliveryPrepared:
    delivery_id: DeliveryId
    code: str
    order_id: SalesOrderId
    client_id: ClientId
    proposed: tuple[StockPick, ...]
    on: date


@frozen(kw_only=True)
class DeliveryLoaded:
    lot_id: LotId
    product_id: ProductId
    quantity: Quantity
    on: date
    override_reason: str


@frozen(kw_only=True)
class DeliveryDispatched:
    carrier: str
    on: date


@frozen(kw_only=True)
class DeliveryReceived:
    received_by: str
    proof: str
    on: date


@frozen(kw_only=True)
class DeliveryReturned:
    lines: tuple[ReturnLine, ...]
    reason: str
    on: date


@frozen(kw_only=True)
class DeliveryCancelled:
    reason: str
    on: date


DeliveryEvent = (
    DeliveryPrepared
    | DeliveryLoaded
    | DeliveryDispatched
    | DeliveryReceived
    | DeliveryReturned
    | DeliveryCancelled
)


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
class NothingLoaded(Refused):
    """The van is empty."""

    delivery: str


class DeliveryStatus(StrEnum):
    PREPARED = "prepared"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    CANCELLED = "cancelled"


GONE = {DeliveryStatus.DISPATCHED, DeliveryStatus.RECEIVED}


@frozen(kw_only=True)
class Delivery:
    """``loaded``, one entry a scan; ``returned``, one a line that came back."""

    id: DeliveryId
    code: str
    order_id: SalesOrderId
    client_id: ClientId
    proposed: tuple[StockPick, ...]
    on: date
    status: DeliveryStatus = DeliveryStatus.PREPARED
    loaded: tuple[DeliveryLoaded, ...] = ()
    returned: tuple[ReturnLine, ...] = ()
    dispatched_on: date | None = None
    carrier: str = ""
    received_by: str = ""
    proof: str = ""
    reason: str = ""

    @property
    def last_loaded_on(self) -> date | None:
        return max((scan.on for scan in self.loaded), default=None)

    def follows_loading(self, step: str, on: date) -> None:
        days = Timeline("delivery", self.code)
        days.follows(step, on, after="load", after_on=self.last_loaded_on)

    def follows_departure(self, step: str, on: date) -> None:
        days = Timeline("delivery", self.code)
        days.follows(step, on, after="dispatch", after_on=self.dispatched_on)

    def shipped(self) -> tuple[StockPick, ...]:
        """What is in the van, one entry a lot, in the order of the first scan."""
        by_lot: dict[LotId, StockPick] = {}
        for scan in self.loaded:
            known = by_lot.get(scan.lot_id)
            quantity = known.quantity + scan.quantity if known else scan.quantity
            by_lot[scan.lot_id] = StockPick(
                lot_id=scan.lot_id, product_id=scan.product_id, quantity=quantity
            )
        return tuple(by_lot.values())

    def loaded_of(self, product_id: ProductId) -> int:
        """Thousandths of the product in the van."""
        return sum(
            scan.quantity.thousandths for scan in self.loaded if scan.product_id == product_id
        )

    def loaded_without_reason(self) -> tuple[LotId, ...]:
        """The lots in the van of which at least one scan gave no reason for taking it."""
        return tuple(dict.fromkeys(scan.lot_id for scan in self.loaded if not scan.override_reason))

    def loaded_from(self, lot_id: LotId) -> int:
        """Thousandths of the lot in the van."""
        return sum(scan.quantity.thousandths for scan in self.loaded if scan.lot_id == lot_id)


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
    prepared(delivery, "load")
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


def no_more_than_due(delivery: Delivery, loaded: Quantity, *, product: str, due: Quantity) -> None:
    """Asked at each scan, and again when the van leaves: another one may have gone meanwhile."""
    if loaded > due:
        raise MoreThanOrdered(delivery=delivery.code, product=product, loaded=loaded, due=due)


def is_proposed(delivery: Delivery, lot_id: LotId) -> bool:
    return any(pick.lot_id == lot_id for pick in delivery.proposed)


def dispatch(delivery: Delivery, command: DispatchDelivery) -> tuple[DeliveryEvent, ...]:
    prepared(delivery, "dispatch")
    if not delivery.loaded:
        raise NothingLoaded(delivery=delivery.code)
    delivery.follows_loading("dispatch", command.on)
    return (DeliveryDispatched(carrier=command.carrier.strip(), on=command.on),)


def received(delivery: Delivery, command: ConfirmReception) -> tuple[DeliveryEvent, ...]:
    if delivery.status is not DeliveryStatus.DISPATCHED:
        raise wrong_state(delivery, "receive")
    delivery.follows_departure("receive", command.on)
    return (
        DeliveryReceived(
            received_by=command.received_by.strip(), proof=command.proof, on=command.on
        ),
    )


def returned(delivery: Delivery, command: ReturnDelivery) -> tuple[DeliveryEvent, ...]:
    if delivery.status not in GONE:
        raise wrong_state(delivery, "return")
    delivery.follows_departure("return", command.on)
    if not command.lines:
        raise NothingToDo(what="return lines")
    reason = reason_given(command.reason, "return")
    return (DeliveryReturned(lines=command.lines, reason=reason, on=command.on),)


def cancel(delivery: Delivery, command: CancelDelivery) -> tuple[DeliveryEvent, ...]:
    prepared(delivery, "cancel")
    delivery.follows_loading("cancel", command.on)
    reason = reason_given(command.reason, "cancel")
    return (DeliveryCancelled(reason=reason, on=command.on),)


def evolve(delivery: Delivery | None, event: DeliveryEvent) -> Delivery:
    if isinstance(event, DeliveryPrepared):
        return Delivery(
            id=event.delivery_id,
            code=event.code,
            order_id=event.order_id,
            client_id=event.client_id,
            proposed=event.proposed,
            on=event.on,
        )
    assert delivery is not None, "a delivery is prepared before anything else happens to it"
    match event:
        case DeliveryLoaded():
            return changed(delivery, loaded=(*delivery.loaded, event))
        case DeliveryDispatched():
            return changed(
                delivery,
                status=DeliveryStatus.DISPATCHED,
                dispatched_on=event.on,
                carrier=event.carrier,
            )
        case DeliveryReceived():
            return changed(
                delivery,
                status=DeliveryStatus.RECEIVED,
                received_by=event.received_by,
                proof=event.proof,
            )
        case DeliveryReturned():
            return changed(delivery, returned=(*delivery.returned, *event.lines))
        case DeliveryCancelled():
            return changed(delivery, status=DeliveryStatus.CANCELLED, reason=event.reason)
        case _:
            assert_never(event)


def prepared(delivery: Delivery, step: str) -> Delivery:
    """The delivery, refused unless it is still being prepared."""
    if delivery.status is not DeliveryStatus.PREPARED:
        raise wrong_state(delivery, step)
    return delivery


def wrong_state(delivery: Delivery, step: str) -> WrongState:
    return WrongState(
        kind="delivery", id=delivery.id, code=delivery.code, state=delivery.status, step=step
    )
