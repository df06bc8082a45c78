"""What the dairy asks of a delivery: proposed, loaded, sent, received, returned, cancelled."""

from datetime import date
from enum import StrEnum

from attrs import frozen

from manchengo.domain.ids import DeliveryId, LotId, SalesOrderId
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
class UnloadLot:
    """Takes a loaded lot off the van before it leaves. The reservation of the order becomes what
    it was before the lot was loaded, as far as nobody else has taken those lots since.

    ``quantity``: above zero, in any unit the product converts from; None: all of the lot that is
    in the van.

    Refused: ``NotLoadedThatMuch``, ``NothingToDo``, ``OutOfOrder``, ``PartOfAPiece``, ``TooFine``,
    ``UnitsDiffer``, ``WrongState``.
    """

    delivery_id: DeliveryId
    lot_id: LotId
    on: date
    quantity: Quantity | None = None


@frozen(kw_only=True)
class DispatchDelivery:
    """The van leaves with what was loaded.

    ``carrier``: who drives. ``short_reason``: why it leaves with less than was to be loaded, where
    it does.

    Refused: ``LotUnfit``, ``MoreThanOrdered``, ``NotEnoughInLot``, ``NotFreshEnough``,
    ``NothingLoaded``, ``OutOfOrder``, ``WrongState``.
    """

    delivery_id: DeliveryId
    on: date
    carrier: str = ""
    short_reason: str = ""


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
class ReopenDelivery:
    """Reopens a delivery whose reception was recorded by mistake: it is on its way again. One that
    was cancelled by mistake is prepared again, with what is loaded.

    Refused: ``CameBackSince``, ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
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
    | UnloadLot
    | DispatchDelivery
    | ConfirmReception
    | ReturnDelivery
    | CancelDelivery
    | ReopenDelivery
    | Deliver
)
