"""The rows of the view tables: what screens, queries and look-ups read.

Every row belongs to one aggregate and can be made again from its stream alone. Ids are UUIDs,
quantities whole thousandths of the row's unit, money whole centimes, dates dates; nothing else.
``TABLE`` and ``KEY`` name the table and its primary key; the first column of the key is always the
aggregate that owns the row.
"""

from manchengo.ports.rows.billing import (
    CreditNoteRow,
    InvoiceLineRow,
    InvoiceRow,
    PaymentAllocationRow,
    PaymentRow,
)
from manchengo.ports.rows.lots import FinishedLotRow, LotRow, MovementRow, RawLotRow, ReservationRow
from manchengo.ports.rows.orders import (
    ConsumptionRow,
    DeliveryLineRow,
    DeliveryRow,
    ProductionOrderRow,
    SalesOrderLineRow,
    SalesOrderRow,
)
from manchengo.ports.rows.registers import (
    ClientRow,
    DeviceRow,
    FinishedProductRow,
    ImportRow,
    PartyRow,
    ProductRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    SupplierRow,
    UserRow,
)
from manchengo.ports.rows.resolution import ClaimRow, ResolutionItemRow
from manchengo.ports.rows.row import Row

__all__ = [
    "LOOK_UPS",
    "VIEWS",
    "ClaimRow",
    "ClientRow",
    "ConsumptionRow",
    "CreditNoteRow",
    "DeliveryLineRow",
    "DeliveryRow",
    "DeviceRow",
    "FinishedLotRow",
    "FinishedProductRow",
    "ImportRow",
    "InvoiceLineRow",
    "InvoiceRow",
    "LotRow",
    "MovementRow",
    "PartyRow",
    "PaymentAllocationRow",
    "PaymentRow",
    "ProductRow",
    "ProductionOrderRow",
    "RawLotRow",
    "RawProductRow",
    "RecipeIngredientRow",
    "RecipeRow",
    "ReservationRow",
    "ResolutionItemRow",
    "Row",
    "SalesOrderLineRow",
    "SalesOrderRow",
    "SupplierRow",
    "UserRow",
]

VIEWS: tuple[type[Row], ...] = (
    SupplierRow,
    ClientRow,
    RawProductRow,
    FinishedProductRow,
    RecipeRow,
    RecipeIngredientRow,
    RawLotRow,
    FinishedLotRow,
    MovementRow,
    ReservationRow,
    ProductionOrderRow,
    ConsumptionRow,
    SalesOrderRow,
    SalesOrderLineRow,
    DeliveryRow,
    DeliveryLineRow,
    InvoiceRow,
    InvoiceLineRow,
    CreditNoteRow,
    PaymentRow,
    PaymentAllocationRow,
    UserRow,
    DeviceRow,
    ImportRow,
    ResolutionItemRow,
    ClaimRow,
)

LOOK_UPS: dict[type[Row], tuple[str, ...]] = {
    SupplierRow: ("code",),
    ClientRow: ("code",),
    RawProductRow: ("code",),
    FinishedProductRow: ("code",),
    RecipeRow: ("product_id",),
    RecipeIngredientRow: ("product_id",),
    RawLotRow: ("code", "product_id", "supplier_id"),
    FinishedLotRow: ("code", "product_id", "order_id"),
    MovementRow: ("day",),
    ReservationRow: ("owner",),
    ProductionOrderRow: ("code", "recipe_id"),
    ConsumptionRow: ("lot_id",),
    SalesOrderRow: ("code", "client_id"),
    SalesOrderLineRow: ("product_id",),
    DeliveryRow: ("code", "order_id"),
    DeliveryLineRow: ("lot_id",),
    InvoiceRow: ("number", "client_id"),
    InvoiceLineRow: ("product_id",),
    CreditNoteRow: ("number", "invoice_id"),
    PaymentRow: ("client_id",),
    PaymentAllocationRow: ("invoice_id",),
    UserRow: ("name",),
    DeviceRow: ("mark",),
    ImportRow: ("digest",),
    ResolutionItemRow: ("matter", "status"),
    ClaimRow: ("subject", "cause"),
}
"""The columns by which rows are looked up, beside their key: what an adapter indexes."""
