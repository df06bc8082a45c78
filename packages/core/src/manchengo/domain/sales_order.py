"""A sales order: what a client asked, what is kept for it, what has left."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen
from attrs.converters import optional

from manchengo.domain.errors import NothingToDo, Refused, Timeline, WrongState, reason_given
from manchengo.domain.ids import ClientId, DeliveryId, LotId, ProductId, SalesOrderId
from manchengo.domain.unit_price import UnitPrice, for_one
from manchengo.domain.values import Quantity


@frozen
class OrderLine:
    """A quantity of a product, at a price before tax.

    ``quantity`` in any unit the product converts from. ``unit_price``: the product's price at that
    moment when left out; ``Money`` is the price of one unit, ``Money(0)`` that of a free line.
    """

    product_id: ProductId
    quantity: Quantity
    unit_price: UnitPrice | None = field(default=None, converter=optional(for_one))


@frozen(kw_only=True)
class PricedLine:
    """What was ordered: the quantity in the product's unit, the price before tax."""

    product_id: ProductId
    quantity: Quantity
    unit_price: UnitPrice = field(converter=for_one)


@frozen(kw_only=True)
class StockPick:
    """A quantity of one finished lot."""

    lot_id: LotId
    product_id: ProductId
    quantity: Quantity


@frozen(kw_only=True)
class PlaceSalesOrder:
    """A client orders goods; nothing is reserved yet.

    ``code``: the number of the order; unique among sales orders. ``lines``: one or more, a product
    once at each price. ``wanted_on``: the day by which the client wants it, if he named one.

    Refused: ``AlreadyExists``, ``Archived``, ``CodeMissing``, ``NoPrice``, ``NothingToDo``,
    ``OutOfOrder``, ``PartOfAPiece``, ``ProductTwice``, ``TooFine``, ``UnitsDiffer``.
    """

    order_id: SalesOrderId
    code: str
    client_id: ClientId
    lines: tuple[OrderLine, ...]
    on: date
    wanted_on: date | None = None


@frozen(kw_only=True)
class ConfirmSalesOrder:
    """Reserves every line by the product's policy and the client's freshness, all or nothing.

    Refused: ``NotEnoughStock``, ``OutOfOrder``, ``WrongState``.
    """

    order_id: SalesOrderId
    on: date


@frozen(kw_only=True)
class CancelSalesOrder:
    """Nothing more will be delivered; what is still reserved becomes free.

    Refused: ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
    """

    order_id: SalesOrderId
    on: date
    reason: str


@frozen(kw_only=True)
class CloseSalesOrder:
    """Closes the order with what was delivered; what is still reserved becomes free.

    Refused: ``OutOfOrder``, ``WrongState``.
    """

    order_id: SalesOrderId
    on: date
    reason: str = ""


@frozen(kw_only=True)
class Sell:
    """Places and confirms an order in one command.

    ``code``: the number of the order; unique among sales orders. ``lines``: one or more, a product
    once at each price. ``wanted_on``: the day by which the client wants it, if he named one.

    Refused: ``AlreadyExists``, ``Archived``, ``CodeMissing``, ``NoPrice``, ``NotEnoughStock``,
    ``NothingToDo``, ``OutOfOrder``, ``PartOfAPiece``, ``ProductTwice``, ``TooFine``,
    ``UnitsDiffer``.
    """

    order_id: SalesOrderId
    code: str
    client_id: ClientId
    lines: tuple[OrderLine, ...]
    on: date
    wanted_on: date | None = None


SalesOrderCommand = PlaceSalesOrder | ConfirmSalesOrder | CancelSalesOrder | CloseSalesOrder | Sell


@frozen(kw_only=True)
class SalesOrderPlaced:
    """A client ordered; each line has its price. ``wanted_on``: by when, if he named a day."""

    order_id: SalesOrderId
    code: str
    client_id: ClientId
    lines: tuple[PricedLine, ...]
    on: date
    wanted_on: date | None


@frozen(kw_only=True)
class SalesOrderConfirmed:
    """It was confirmed, with these lots reserved."""

    picks: tuple[StockPick, ...]
    on: date


@frozen(kw_only=True)
class SalesOrderDelivered:
    """A delivery left with so much of it."""

    delivery_id: DeliveryId
    shipped: tuple[StockPick, ...]
    on: date


@frozen(kw_only=True)
class SalesOrderCancelled:
    """Nothing of it will leave."""

    reason: str
    on: date


@frozen(kw_only=True)
class SalesOrderClosed:
    """Nothing more of it will leave."""

    reason: str
    on: date


SalesOrderEvent = (
    SalesOrderPlaced
    | SalesOrderConfirmed
    | SalesOrderDelivered
    | SalesOrderCancelled
    | SalesOrderClosed
)


@frozen(kw_only=True)
class MissingStock:
    """One product that falls short: wanted, and what could be had."""

    product: str
    wanted: Quantity
    available: Quantity


@frozen(kw_only=True)
class NotEnoughStock(Refused):
    """The stock does not cover the whole order; every missing product is listed."""

    order: str
    on: date
    missing: tuple[MissingStock, ...]


@frozen(kw_only=True)
class ProductTwice(Refused):
    """The order lists a product twice at the same price; one free line beside it is allowed."""

    order: str
    product_id: ProductId


@frozen(kw_only=True)
class NoPrice(Refused):
    """The line has no price, and neither has its product. ``product``: its code."""

    product: str


class OrderStatus(StrEnum):
    """How far a sales order is."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    PARTLY_DELIVERED = "partly_delivered"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LIVING = {OrderStatus.PLACED, OrderStatus.CONFIRMED, OrderStatus.PARTLY_DELIVERED}
SHIPPING = {OrderStatus.CONFIRMED, OrderStatus.PARTLY_DELIVERED}


@frozen(kw_only=True)
class SalesOrder:
    """``picks``: what was reserved at confirmation; ``shipped``: what has left, all deliveries.

    ``on``: the day it was placed; ``wanted_on``: the day by which the client wants it.
    """

    id: SalesOrderId
    code: str
    client_id: ClientId
    lines: tuple[PricedLine, ...]
    on: date
    wanted_on: date | None
    status: OrderStatus
    picks: tuple[StockPick, ...] = ()
    shipped: tuple[StockPick, ...] = field(default=())
    reason: str = ""
    confirmed_on: date | None = None
    last_shipped_on: date | None = None

    def wanted(self) -> dict[ProductId, Quantity]:
        """All that is asked of each product, in the order of the lines."""
        sums: dict[ProductId, Quantity] = {}
        for line in self.lines:
            before = sums.get(line.product_id)
            sums[line.product_id] = before + line.quantity if before else line.quantity
        return sums

    def ordered(self, product_id: ProductId) -> int:
        """Thousandths of the product asked for."""
        return sum(
            line.quantity.thousandths for line in self.lines if line.product_id == product_id
        )

    def still_due(self, product_id: ProductId) -> int:
        """Thousandths of the product asked for and not yet shipped."""
        gone = sum(
            pick.quantity.thousandths for pick in self.shipped if pick.product_id == product_id
        )
        return self.ordered(product_id) - gone

    def shipped_by_line(self) -> tuple[int, ...]:
        """Thousandths that have left for each line: of one product, the first line is served first.

        What left beyond what was asked counts on the last line of its product.
        """
        gone = {line.product_id: 0 for line in self.lines}
        for pick in self.shipped:
            gone[pick.product_id] = gone.get(pick.product_id, 0) + pick.quantity.thousandths
        last = {line.product_id: at for at, line in enumerate(self.lines)}
        served: list[int] = []
        for at, line in enumerate(self.lines):
            left = gone[line.product_id]
            here = left if at == last[line.product_id] else min(left, line.quantity.thousandths)
            gone[line.product_id] -= here
            served.append(here)
        return tuple(served)

    def shipping(self, step: str, on: date) -> "SalesOrder":
        """This order, refused unless something of it can still leave, and could on that day."""
        if self.status not in SHIPPING:
            raise wrong_state(self, step)
        self.follows_confirmation(step, on)
        return self

    def follows_confirmation(self, step: str, on: date) -> None:
        """Refuses a step dated before the order or its confirmation: ``OutOfOrder``."""
        days = Timeline("sales_order", self.code)
        days.follows(step, on, after="place", after_on=self.on)
        days.follows(step, on, after="confirm", after_on=self.confirmed_on)


def place(
    command: PlaceSalesOrder | Sell, lines: tuple[PricedLine, ...]
) -> tuple[SalesOrderEvent, ...]:
    """The order of those lines: what the command asks for, in the unit of each product."""
    if not lines:
        raise NothingToDo(what="order lines")
    seen: set[tuple[ProductId, UnitPrice]] = set()
    for line in lines:
        if not line.quantity:
            raise NothingToDo(what="quantity")
        if (line.product_id, line.unit_price) in seen:
            raise ProductTwice(order=command.code, product_id=line.product_id)
        seen.add((line.product_id, line.unit_price))
    Timeline("sales_order", command.code).follows(
        "deliver", command.wanted_on or command.on, after="place", after_on=command.on
    )
    return (
        SalesOrderPlaced(
            order_id=command.order_id,
            code=command.code,
            client_id=command.client_id,
            lines=lines,
            on=command.on,
            wanted_on=command.wanted_on,
        ),
    )


def confirm(
    order: SalesOrder, picks: Iterable[StockPick], *, on: date
) -> tuple[SalesOrderEvent, ...]:
    """Confirms a placed order with the lots reserved for it."""
    if order.status is not OrderStatus.PLACED:
        raise wrong_state(order, "confirm")
    order.follows_confirmation("confirm", on)
    return (SalesOrderConfirmed(picks=tuple(picks), on=on),)


def delivered(
    order: SalesOrder, shipped: Iterable[StockPick], *, delivery_id: DeliveryId, on: date
) -> tuple[SalesOrderEvent, ...]:
    """Takes what a van brings off what is due."""
    order.shipping("deliver", on)
    return (SalesOrderDelivered(delivery_id=delivery_id, shipped=tuple(shipped), on=on),)


def cancel(order: SalesOrder, command: CancelSalesOrder) -> tuple[SalesOrderEvent, ...]:
    """Cancels an order of which nothing has left, with a reason."""
    if order.status not in {OrderStatus.PLACED, OrderStatus.CONFIRMED}:
        raise wrong_state(order, "cancel")
    order.follows_confirmation("cancel", command.on)
    reason = reason_given(command.reason, "cancel")
    return (SalesOrderCancelled(reason=reason, on=command.on),)


def close(order: SalesOrder, command: CloseSalesOrder) -> tuple[SalesOrderEvent, ...]:
    """Closes an order of which something has left."""
    if order.status not in {OrderStatus.PARTLY_DELIVERED, OrderStatus.DELIVERED}:
        raise wrong_state(order, "close")
    Timeline("sales_order", order.code).follows(
        "close", command.on, after="deliver", after_on=order.last_shipped_on
    )
    return (SalesOrderClosed(reason=command.reason.strip(), on=command.on),)


def evolve(order: SalesOrder | None, event: SalesOrderEvent) -> SalesOrder:
    """The sales order after the event."""
    if isinstance(event, SalesOrderPlaced):
        return SalesOrder(
            id=event.order_id,
            code=event.code,
            client_id=event.client_id,
            lines=event.lines,
            on=event.on,
            wanted_on=event.wanted_on,
            status=OrderStatus.PLACED,
        )
    assert order is not None, "a sales order is placed before anything else happens to it"
    match event:
        case SalesOrderConfirmed():
            return changed(
                order, status=OrderStatus.CONFIRMED, picks=event.picks, confirmed_on=event.on
            )
        case SalesOrderDelivered():
            return _delivered(order, event)
        case SalesOrderCancelled():
            return changed(order, status=OrderStatus.CANCELLED, reason=event.reason)
        case SalesOrderClosed():
            return changed(order, status=OrderStatus.CLOSED, reason=event.reason)
        case _:
            assert_never(event)


def _delivered(before: SalesOrder, event: SalesOrderDelivered) -> SalesOrder:
    order = changed(
        before,
        shipped=(*before.shipped, *event.shipped),
        last_shipped_on=max(event.on, before.last_shipped_on or event.on),
    )
    waiting = any(order.still_due(line.product_id) > 0 for line in order.lines)
    return changed(order, status=OrderStatus.PARTLY_DELIVERED if waiting else OrderStatus.DELIVERED)


def wrong_state(order: SalesOrder, step: str) -> WrongState:
    """The refusal of a step that the order's status does not allow."""
    return WrongState(
        kind="sales_order", id=order.id, code=order.code, state=order.status, step=step
    )
