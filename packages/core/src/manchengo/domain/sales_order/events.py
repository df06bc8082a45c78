"""What happened to a sales order."""

from datetime import date

from attrs import field, frozen

from manchengo.domain.ids import ClientId, DeliveryId, LotId, ProductId, SalesOrderId
from manchengo.domain.unit_price import UnitPrice, for_one
from manchengo.domain.values import Quantity


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


@frozen(kw_only=True)
class SalesOrderReopened:
    """It is as before it was closed or cancelled, with these lots reserved in place of those that
    it had let go.
    """

    picks: tuple[StockPick, ...]
    reason: str
    on: date


SalesOrderEvent = (
    SalesOrderPlaced
    | SalesOrderConfirmed
    | SalesOrderDelivered
    | SalesOrderCancelled
    | SalesOrderClosed
    | SalesOrderReopened
)
