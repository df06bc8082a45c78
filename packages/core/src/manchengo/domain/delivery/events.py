"""What happens to a delivery."""

from datetime import date

from attrs import frozen

from manchengo.domain.delivery.commands import ReturnLine
from manchengo.domain.ids import ClientId, DeliveryId, LotId, ProductId, SalesOrderId
from manchengo.domain.sales_order import StockPick
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class DeliveryPrepared:
    """A delivery was prepared, with the lots reserved for its order."""

    delivery_id: DeliveryId
    code: str
    order_id: SalesOrderId
    client_id: ClientId
    proposed: tuple[StockPick, ...]
    on: date


@frozen(kw_only=True)
class DeliveryLoaded:
    """A scanned lot is in the van."""

    lot_id: LotId
    product_id: ProductId
    quantity: Quantity
    on: date
    override_reason: str


@frozen(kw_only=True)
class DeliveryUnloaded:
    """A part of what was loaded of a lot is in the van no more, the last scans first."""

    lot_id: LotId
    product_id: ProductId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class DeliveryDispatched:
    """The van left. ``short_reason``: why with less than was to be loaded; "" where nobody said."""

    carrier: str
    short_reason: str
    on: date


@frozen(kw_only=True)
class DeliveryReceived:
    """The client has it."""

    received_by: str
    proof: str
    on: date


@frozen(kw_only=True)
class DeliveryReturned:
    """Some of it came back."""

    lines: tuple[ReturnLine, ...]
    reason: str
    on: date


@frozen(kw_only=True)
class DeliveryCancelled:
    """The van does not leave."""

    reason: str
    on: date


@frozen(kw_only=True)
class DeliveryReopened:
    """It is as before it was received or cancelled. ``received_by``: who was said to have it."""

    received_by: str
    reason: str
    on: date


DeliveryEvent = (
    DeliveryPrepared
    | DeliveryLoaded
    | DeliveryUnloaded
    | DeliveryDispatched
    | DeliveryReceived
    | DeliveryReturned
    | DeliveryCancelled
    | DeliveryReopened
)
