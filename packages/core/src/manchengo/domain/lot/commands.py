"""What may be asked of one lot. ``on`` is always the business date, in the plant's time zone."""

from datetime import date
from enum import StrEnum

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
from manchengo.domain.product import ProductKind
from manchengo.domain.unit_price import NOTHING, UnitPrice, for_one
from manchengo.domain.values import Quantity


class Role(StrEnum):
    """Whether a lot is the product of its production order or a by-product."""

    MAIN = "main"
    BY_PRODUCT = "by_product"


Owner = ProductionOrderId | SalesOrderId


@frozen
class Expiry:
    """The last day of use; ``Expiry(None)`` of a lot that does not expire."""

    on: date | None


@frozen(kw_only=True)
class ReceiveLot:
    """A supplier's raw material came in.

    ``code``: the label of the lot; unique among lots. ``quantity``: above zero, in any unit the
    product converts from. ``expires_on``: the last day of use; by the product's shelf life when
    left out. ``unit_price``: before tax, for one unit of stock unless it gives another number.
    ``supplier_reference``: the supplier's delivery note.

    Refused: ``AlreadyExists``, ``Archived``, ``CodeMissing``, ``ExpiresBeforeReception``,
    ``NotARawMaterial``, ``NothingToDo``, ``PartOfAPiece``, ``TooFine``, ``UnitsDiffer``.
    """

    lot_id: LotId
    code: str
    product_id: ProductId
    supplier_id: SupplierId
    on: date
    quantity: Quantity
    expires_on: date | None = None
    unit_price: UnitPrice = field(default=NOTHING, converter=for_one)
    supplier_reference: str = ""
    quarantined: bool = False


@frozen(kw_only=True)
class ProduceLot:
    """A production order yielded a lot."""

    lot_id: LotId
    code: str
    product_id: ProductId
    order_id: ProductionOrderId
    on: date
    quantity: Quantity
    expires_on: date | None
    role: Role
    quarantined: bool


@frozen(kw_only=True)
class EnterLot:
    """The lot, received or made on ``dated``, was in stock on ``on``, the first day."""

    lot_id: LotId
    code: str
    product_id: ProductId
    kind: ProductKind
    on: date
    dated: date
    quantity: Quantity
    expires_on: date | None
    unit_price: UnitPrice = field(converter=for_one)
    quarantined: bool


@frozen(kw_only=True)
class QuarantineLot:
    """Sets the lot aside until somebody decides: it may not be used or sold.

    Refused: ``LotRecalledForGood``, ``ReasonMissing``, ``WrongState``.
    """

    lot_id: LotId
    on: date
    reason: str


@frozen(kw_only=True)
class BlockLot:
    """Forbids the use of the lot; the effect is that of a quarantine.

    Refused: ``LotRecalledForGood``, ``ReasonMissing``, ``WrongState``.
    """

    lot_id: LotId
    on: date
    reason: str


@frozen(kw_only=True)
class ReleaseLot:
    """Allows the use of the lot: ends a quarantine or a block. A recall never ends.

    Refused: ``LotRecalledForGood``, ``WrongState``.
    """

    lot_id: LotId
    on: date
    reason: str = ""


@frozen(kw_only=True)
class FlagRecalled:
    """This lot is recalled because ``source`` is (itself, or a lot it was made from)."""

    lot_id: LotId
    source: LotId
    on: date
    reason: str


@frozen(kw_only=True)
class ReserveLot:
    """Keep so much for one order; nobody else can take it. ``happened``: it is in the van already;
    what of it was promised to others stays theirs.
    """

    lot_id: LotId
    owner: Owner
    quantity: Quantity
    on: date
    happened: bool = False


@frozen(kw_only=True)
class ReserveAgain:
    """Keep for an order what it had given up, as far as nobody else has it now."""

    lot_id: LotId
    owner: Owner
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class UnreserveLot:
    """Give back what an order no longer needs."""

    lot_id: LotId
    owner: Owner
    quantity: Quantity
    on: date


@frozen(kw_only=True)
class ConsumeLot:
    """So much was poured into a production order, out of what it reserved first. ``happened``: on a
    device, before it came here; what others were promised of the lot does not undo it.
    """

    lot_id: LotId
    order_id: ProductionOrderId
    quantity: Quantity
    on: date
    happened: bool = False


@frozen(kw_only=True)
class TakeBackLot:
    """So much was not poured into the order on that day after all; ``kept`` of it is reserved for
    the order again.
    """

    lot_id: LotId
    order_id: ProductionOrderId
    quantity: Quantity
    kept: Quantity
    on: date


@frozen(kw_only=True)
class DeliverLot:
    """So much left for a client, out of what the sales order reserved first. ``happened``: as in
    ``ConsumeLot``.
    """

    lot_id: LotId
    delivery_id: DeliveryId
    order_id: SalesOrderId
    quantity: Quantity
    on: date
    happened: bool = False


@frozen(kw_only=True)
class ReturnToLot:
    """A client sent back some of what a delivery brought."""

    lot_id: LotId
    delivery_id: DeliveryId
    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class SendBackToSupplier:
    """Raw material goes back where it came from.

    ``quantity``: above zero, in any unit the product converts from.

    Refused: ``LotUnfit``, ``NotEnoughInLot``, ``NotFromASupplier``, ``NothingToDo``,
    ``PartOfAPiece``, ``ReasonMissing``, ``TooFine``, ``UnitsDiffer``, ``WrongState``.
    """

    lot_id: LotId
    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class WriteOffLot:
    """Lost, spoiled or destroyed.

    ``quantity``: above zero, in any unit the product converts from.

    Refused: ``LotUnfit``, ``NotEnoughInLot``, ``NothingToDo``, ``PartOfAPiece``, ``ReasonMissing``,
    ``TooFine``, ``UnitsDiffer``, ``WrongState``.
    """

    lot_id: LotId
    quantity: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class CountLot:
    """Records what was on the shelf at the end of that day; the stock follows the count.

    ``counted``: zero or more, in any unit the product converts from.

    Refused: ``BeforeItCame``, ``CountContradictsLater``, ``PartOfAPiece``, ``TooFine``,
    ``UnitsDiffer``, ``WrongState``.
    """

    lot_id: LotId
    counted: Quantity
    on: date
    reason: str = ""


@frozen(kw_only=True)
class TakeBackCount:
    """A count was a mistake: the lot is as if nobody had counted it on that day. Of several that
    found the same, the one recorded last is taken back. Given again, it changes nothing.

    ``counted``: what that count had found, in any unit the product converts from. ``on``: the day
    for which it was counted.

    Refused: ``LeftSinceTheCount``, ``NotCountedSo``, ``PartOfAPiece``, ``ReasonMissing``,
    ``TooFine``, ``UnitsDiffer``, ``WrongState``.
    """

    lot_id: LotId
    counted: Quantity
    on: date
    reason: str


@frozen(kw_only=True)
class CorrectLot:
    """Corrects what was recorded of the lot; ``reason`` says how the mistake was found. Changes
    only the given fields. ``on`` is the day of the correction: history shows that earlier work used
    the old value. ``unit_price``: before tax, for one unit of stock unless it gives another number.

    Refused: ``BeforeItCame``, ``ExpiresBeforeReception``, ``NoSupplierToCorrect``, ``NothingToDo``,
    ``ReasonMissing``, ``WrongState``.
    """

    lot_id: LotId
    on: date
    reason: str
    expiry: Expiry | None = None
    supplier_id: SupplierId | None = None
    supplier_reference: str | None = None
    unit_price: UnitPrice | None = field(default=None, converter=optional(for_one))


@frozen(kw_only=True)
class VoidLot:
    """The lot was recorded by mistake: it never came. Only a lot that a supplier delivered or that
    is of the opening stock, and of which nothing was used; what was taken back was not used.
    Quarantines, blocks and corrections are no use. It stays in the lists as void, with zero on
    every day, and its code stays taken: a label may bear it.

    Refused: ``BeforeItCame``, ``LotRecalledForGood``, ``LotWasMade``, ``LotWasUsed``,
    ``ReasonMissing``, ``WrongState``.
    """

    lot_id: LotId
    on: date
    reason: str


PublicLotCommand = (
    ReceiveLot
    | QuarantineLot
    | BlockLot
    | ReleaseLot
    | SendBackToSupplier
    | WriteOffLot
    | CountLot
    | TakeBackCount
    | CorrectLot
    | VoidLot
)
"""What a person may ask of a lot."""

LotCommand = (
    PublicLotCommand
    | ProduceLot
    | EnterLot
    | FlagRecalled
    | ReserveLot
    | ReserveAgain
    | UnreserveLot
    | ConsumeLot
    | TakeBackLot
    | DeliverLot
    | ReturnToLot
)
"""What a lot may be asked, by a person or by the handler of a command on something else."""
