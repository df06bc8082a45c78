"""What happened to one lot."""

from datetime import date

from attrs import field, frozen
from attrs.converters import optional

from manchengo.domain.ids import (
    DeliveryId,
    LotId,
    ProductId,
    ProductionOrderId,
    SalesOrderId,
    SupplierId,
)
from manchengo.domain.lot.commands import Expiry, Role
from manchengo.domain.product import ProductKind
from manchengo.domain.unit_price import UnitPrice, for_one
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class LotReceived:
    lot_id: LotId
    code: str
    product_id: ProductId
    supplier_id: SupplierId
    on: date
    expires_on: date | None
    quantity: Quantity
    unit_price: UnitPrice = field(converter=for_one)
    supplier_reference: str
    quarantined: bool


@frozen(kw_only=True)
class LotProduced:
    lot_id: LotId
    code: str
    product_id: ProductId
    order_id: ProductionOrderId
    on: date
    expires_on: date | None
    quantity: Quantity
    role: Role
    quarantined: bool


@frozen(kw_only=True)
class OpeningStockEntered:
    """The lot, received or made on ``dated``, was in stock on ``on``, the first day."""

    lot_id: LotId
    code: str
    product_id: ProductId
    kind: ProductKind
    on: date
    dated: date
    expires_on: date | None
    quantity: Quantity
    unit_price: UnitPrice = field(converter=for_one)
    quarantined: bool


@frozen(kw_only=True)
class LotQuarantined:
    on: date
    reason: str


@frozen(kw_only=True)
class LotBlocked:
    on: date
    reason: str


@frozen(kw_only=True)
class LotReleased:
    on: date
    reason: str


@frozen(kw_only=True)
class LotRecalled:
    source: LotId
    on: date
    reason: str


@frozen(kw_only=True)
class LotReserved:
    owner: ProductionOrderId | SalesOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotUnreserved:
    owner: ProductionOrderId | SalesOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotConsumed:
    order_id: ProductionOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotDelivered:
    delivery_id: DeliveryId
    order_id: SalesOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotReturned:
    delivery_id: DeliveryId
    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotSentBack:
    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotWrittenOff:
    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotCounted:
    counted: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotCorrected:
    """The fields given take these values; a field that was right is ``None``."""

    on: date
    reason: str
    expiry: Expiry | None
    supplier_id: SupplierId | None
    supplier_reference: str | None
    unit_price: UnitPrice | None = field(converter=optional(for_one))


LotMovement = (
    LotReceived
    | LotProduced
    | OpeningStockEntered
    | LotConsumed
    | LotDelivered
    | LotReturned
    | LotSentBack
    | LotWrittenOff
    | LotCounted
)
"""What changes the quantity of a lot, or says what it is: each is a line of the lot's ledger."""

LotEvent = (
    LotMovement
    | LotQuarantined
    | LotBlocked
    | LotReleased
    | LotRecalled
    | LotReserved
    | LotUnreserved
    | LotCorrected
)
