"""What happens to a delivery."""

from datetime import date

from attrs import frozen

from manchengo.domain.delivery.commands import ReturnLine
from manchengo.domain.ids import ClientId, DeliveryId, LotId, ProductId, SalesOrderId
from manchengo.domain.sales_order import StockPick
from manchengo.domain.values import Quantity


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
