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
    """A supplier's lot came in."""

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
    """A production order yielded the lot."""

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
    """The lot waits for its release."""

    on: date
    reason: str


@frozen(kw_only=True)
class LotBlocked:
    """The lot may not leave."""

    on: date
    reason: str


@frozen(kw_only=True)
class LotReleased:
    """The lot may leave."""

    on: date
    reason: str


@frozen(kw_only=True)
class LotRecalled:
    """The lot is recalled, for good; ``source``: the lot with which the recall began."""

    source: LotId
    on: date
    reason: str


@frozen(kw_only=True)
class LotReserved:
    """A part is kept for an order."""

    owner: ProductionOrderId | SalesOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotUnreserved:
    """A part is kept no more."""

    owner: ProductionOrderId | SalesOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotConsumed:
    """A part was poured into a production order."""

    order_id: ProductionOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotTakenBack:
    """A part of what was poured into a production order on that day was not poured."""

    order_id: ProductionOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotDelivered:
    """A part left for a client."""

    delivery_id: DeliveryId
    order_id: SalesOrderId
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class LotReturned:
    """A part came back from a client."""

    delivery_id: DeliveryId
    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotSentBack:
    """A part went back to the supplier."""

    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotWrittenOff:
    """A part was destroyed or lost."""

    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotCounted:
    """So much was on the shelf at the end of that day."""

    counted: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class LotCountTakenBack:
    """The last count that found so much on that day was a mistake. Nothing moved."""

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


@frozen(kw_only=True)
class LotVoided:
    """The lot was recorded by mistake and never came. Nothing moved."""

    on: date
    reason: str


LotMovement = (
    LotReceived
    | LotProduced
    | OpeningStockEntered
    | LotConsumed
    | LotTakenBack
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
    | LotCountTakenBack
    | LotCorrected
    | LotVoided
)
