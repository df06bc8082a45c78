"""Production orders, sales orders and deliveries."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import (
    ClientId,
    DeliveryId,
    LotId,
    ProductId,
    ProductionOrderId,
    RecipeId,
    SalesOrderId,
)
from manchengo.ports.rows.registers import ClientRow, FinishedProductRow, RawProductRow
from manchengo.ports.rows.row import CODE_KEY, SEARCH_TEXT, Row
from manchengo.ports.rows.table import Named


@frozen(kw_only=True)
class ProductionOrderRow(Row):
    """A production order (ordre de fabrication). ``obtained`` and ``lost`` are in the unit of the
    product, once it is completed.
    """

    TABLE = "production_orders"
    AGGREGATE = "production_order"
    FIXED = ("code", "code_key", "search_text", "product_id", "recipe_id")
    LOOK_UPS = ("code_key",)
    SEARCHED = ("code",)
    SORTED = ("code_key", "day", "completed_on")
    NAMES = (Named("product_id", (FinishedProductRow,)),)
    id: ProductionOrderId
    code: str
    product_id: ProductId
    recipe_id: RecipeId
    recipe_version: int
    status: str
    day: date
    completed_on: date | None
    planned: int
    obtained: int
    lost: int
    unit: str
    reason: str
    code_key: str = CODE_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class SalesOrderRow(Row):
    """A client's order (commande client). ``wanted_on``: the day by which he wants it, if he named
    one. ``due_on``: that day, else the day of the order. ``net`` is before tax, in centimes.
    """

    TABLE = "sales_orders"
    AGGREGATE = "sales_order"
    FIXED = ("code", "code_key", "search_text", "client_id")
    LOOK_UPS = ("code_key", "client_id")
    SEARCHED = ("code",)
    SORTED = ("code_key", "day", "wanted_on", "due_on")
    NAMES = (Named("client_id", (ClientRow,)),)
    id: SalesOrderId
    code: str
    client_id: ClientId
    status: str
    day: date
    wanted_on: date | None
    due_on: date
    net: int
    reason: str
    code_key: str = CODE_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class SalesOrderLineRow(Row):
    """One product of an order; ``shipped`` has left. ``unit_price``: in centimes, for ``price_per``
    units.
    """

    TABLE = "sales_order_lines"
    AGGREGATE = "sales_order"
    KEY = ("order_id", "number")
    NAMES = (
        Named("product_id", (RawProductRow, FinishedProductRow)),
        Named("order_id", (SalesOrderRow,)),
    )
    order_id: SalesOrderId
    number: int
    product_id: ProductId
    quantity: int
    shipped: int
    unit: str
    unit_price: int
    price_per: int = 1


@frozen(kw_only=True)
class DeliveryRow(Row):
    """A delivery (bon de livraison). ``short_reason``: why the van left with less than was to be
    loaded.
    """

    TABLE = "deliveries"
    AGGREGATE = "delivery"
    FIXED = ("code", "code_key", "search_text", "order_id", "client_id")
    LOOK_UPS = ("code_key", "order_id")
    SEARCHED = ("code",)
    SORTED = ("code_key", "day", "dispatched_on")
    NAMES = (
        Named("client_id", (ClientRow,)),
        Named("order_id", (SalesOrderRow,)),
    )
    id: DeliveryId
    code: str
    order_id: SalesOrderId
    client_id: ClientId
    status: str
    day: date
    dispatched_on: date | None
    carrier: str
    short_reason: str
    received_by: str
    proof: str
    reason: str
    code_key: str = CODE_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class DeliveryLineRow(Row):
    """What is in the van or has left, one row per lot. ``returned``: how much of it came back."""

    TABLE = "delivery_lines"
    AGGREGATE = "delivery"
    KEY = ("delivery_id", "number")
    LOOK_UPS = ("lot_id",)
    delivery_id: DeliveryId
    number: int
    lot_id: LotId
    product_id: ProductId
    quantity: int
    returned: int
    unit: str
    override_reason: str
