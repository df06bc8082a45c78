"""A sales order: what a client asked, what is kept for it, what has left."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum
from typing import assert_never

from attrs import evolve as changed
from attrs import field, frozen

from manchengo.domain.errors import NothingToDo, Refused, Timeline, WrongState, reason_given
from manchengo.domain.ids import ClientId, DeliveryId, ProductId, SalesOrderId
from manchengo.domain.sales_order.commands import (
    CancelSalesOrder,
    CloseSalesOrder,
    PlaceSalesOrder,
    ReopenSalesOrder,
    Sell,
)
from manchengo.domain.sales_order.events import (
    PricedLine,
    SalesOrderCancelled,
    SalesOrderClosed,
    SalesOrderConfirmed,
    SalesOrderDelivered,
    SalesOrderEvent,
    SalesOrderPlaced,
    SalesOrderReopened,
    StockPick,
)
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Quantity


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
OVER = {OrderStatus.CLOSED, OrderStatus.CANCELLED}

ALLOWED: Mapping[str, AbstractSet[OrderStatus]] = {
    "confirm": {OrderStatus.PLACED},
    "deliver": SHIPPING,
    "cancel": {OrderStatus.PLACED, OrderStatus.CONFIRMED},
    "close": {OrderStatus.PARTLY_DELIVERED, OrderStatus.DELIVERED},
    "reopen": OVER,
}
"""By each step of an order, the states that allow it: of one that is cancelled nothing has left,
of one that is closed something has.
"""


@frozen(kw_only=True)
class SalesOrder:
    """``picks``: what was reserved at confirmation; ``shipped``: what has left, all deliveries.

    ``on``: the day it was placed; ``wanted_on``: the day by which the client wants it.
    ``ended_on``: the day it was closed or cancelled.
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
    ended_on: date | None = None

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
        allowing(self, step)
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
    allowing(order, "confirm")
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
    allowing(order, "cancel")
    order.follows_confirmation("cancel", command.on)
    reason = reason_given(command.reason, "cancel")
    return (SalesOrderCancelled(reason=reason, on=command.on),)


def close(order: SalesOrder, command: CloseSalesOrder) -> tuple[SalesOrderEvent, ...]:
    """Closes an order of which something has left."""
    allowing(order, "close")
    Timeline("sales_order", order.code).follows(
        "close", command.on, after="deliver", after_on=order.last_shipped_on
    )
    return (SalesOrderClosed(reason=command.reason.strip(), on=command.on),)


def allowing(order: SalesOrder, step: str) -> SalesOrder:
    """The order, refused unless its state allows that step (``ALLOWED``)."""
    if order.status not in ALLOWED[step]:
        raise wrong_state(order, step)
    return order


def reopen(
    order: SalesOrder, command: ReopenSalesOrder, picks: Iterable[StockPick]
) -> tuple[SalesOrderEvent, ...]:
    """Reopens an order that is over, with a reason and the lots reserved for it again."""
    allowing(order, "reopen")
    Timeline("sales_order", order.code).follows(
        "reopen", command.on, after="end", after_on=order.ended_on
    )
    reason = reason_given(command.reason, "reopen")
    return (SalesOrderReopened(picks=tuple(picks), reason=reason, on=command.on),)


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
            return _over(order, OrderStatus.CANCELLED, event)
        case SalesOrderClosed():
            return _over(order, OrderStatus.CLOSED, event)
        case SalesOrderReopened():
            return changed(order, status=_status(order), reason="", ended_on=None)
        case _:
            assert_never(event)


def _delivered(before: SalesOrder, event: SalesOrderDelivered) -> SalesOrder:
    order = changed(
        before,
        shipped=(*before.shipped, *event.shipped),
        last_shipped_on=max(event.on, before.last_shipped_on or event.on),
    )
    return changed(order, status=_status(order))


def _over(
    order: SalesOrder, status: OrderStatus, event: SalesOrderCancelled | SalesOrderClosed
) -> SalesOrder:
    return changed(order, status=status, reason=event.reason, ended_on=event.on)


def _status(order: SalesOrder) -> OrderStatus:
    """How far an order is that is not over."""
    if not order.shipped:
        return OrderStatus.CONFIRMED if order.confirmed_on else OrderStatus.PLACED
    waiting = any(order.still_due(line.product_id) > 0 for line in order.lines)
    return OrderStatus.PARTLY_DELIVERED if waiting else OrderStatus.DELIVERED


def wrong_state(order: SalesOrder, step: str) -> WrongState:
    """The refusal of a step that the order's status does not allow."""
    return WrongState(
        kind="sales_order", id=order.id, code=order.code, state=order.status, step=step
    )
