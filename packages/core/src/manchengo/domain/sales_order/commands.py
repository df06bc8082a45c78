"""What may be asked of a sales order: placed, confirmed, cancelled, closed."""

from datetime import date

from attrs import field, frozen
from attrs.converters import optional

from manchengo.domain.ids import ClientId, ProductId, SalesOrderId
from manchengo.domain.unit_price import UnitPrice, for_one
from manchengo.domain.values import Quantity


@frozen
class OrderLine:
    """A quantity of a product, at a price before tax.

    ``quantity`` in any unit the product converts from. ``unit_price``: when left out, that of the
    client's price list on the day of the order, or else the product's; ``Money`` is the price of
    one unit, ``Money(0)`` that of a free line.
    """

    product_id: ProductId
    quantity: Quantity
    unit_price: UnitPrice | None = field(default=None, converter=optional(for_one))


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


@frozen(kw_only=True)
class ReopenSalesOrder:
    """Reopens an order that was closed or cancelled by mistake: it waits again for all that has not
    left. What it had let go is reserved again; where somebody else took it, other lots are.

    Refused: ``NotEnoughStock``, ``OutOfOrder``, ``ReasonMissing``, ``WrongState``.
    """

    order_id: SalesOrderId
    on: date
    reason: str


SalesOrderCommand = (
    PlaceSalesOrder
    | ConfirmSalesOrder
    | CancelSalesOrder
    | CloseSalesOrder
    | ReopenSalesOrder
    | Sell
)
