"""The rows of the view tables: what screens, queries and look-ups read.

Every row belongs to one aggregate and can be made again from its stream alone. Ids are UUIDs,
quantities whole thousandths of the row's unit, money whole centimes, dates dates; nothing else.
``TABLE`` and ``KEY`` name the table and its primary key; the first column of the key is always the
aggregate that owns the row.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from attrs import frozen

from manchengo.domain.ids import (
    ClientId,
    CreditNoteId,
    DeliveryId,
    ImportId,
    InvoiceId,
    LotId,
    PaymentId,
    ProductId,
    ProductionOrderId,
    RecipeId,
    SalesOrderId,
    SupplierId,
    UserId,
)


@frozen(kw_only=True)
class Row:
    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    def key(self) -> tuple[UUID | int | str, ...]:
        return tuple([getattr(self, column) for column in self.KEY])


@frozen(kw_only=True)
class PartyRow(Row):
    code: str
    name: str
    commune: str
    address: str
    phone: str
    email: str
    nif: str
    nis: str
    rc: str
    ai: str
    archived: bool


@frozen(kw_only=True)
class SupplierRow(PartyRow):
    TABLE = "suppliers"
    id: SupplierId


@frozen(kw_only=True)
class ClientRow(PartyRow):
    TABLE = "clients"
    id: ClientId
    category: str
    minimum_shelf_life_days: int


@frozen(kw_only=True)
class ProductRow(Row):
    id: ProductId
    code: str
    name: str
    name_ar: str
    unit: str
    shelf_life_days: int | None
    price: int
    vat_class: str
    allocation: str
    release_required: bool
    gtin: str
    archived: bool


@frozen(kw_only=True)
class RawProductRow(ProductRow):
    TABLE = "products_mp"


@frozen(kw_only=True)
class FinishedProductRow(ProductRow):
    TABLE = "products_pf"


@frozen(kw_only=True)
class RecipeRow(Row):
    """The latest version of a recipe."""

    TABLE = "recipes"
    id: RecipeId
    product_id: ProductId
    version: int
    batch: int
    unit: str
    expected_yield: int
    valid_from: date
    archived: bool


@frozen(kw_only=True)
class RecipeIngredientRow(Row):
    """An ingredient of one version; ``by_product`` when it comes out rather than goes in."""

    TABLE = "recipe_ingredients"
    KEY = ("recipe_id", "version", "number")
    recipe_id: RecipeId
    version: int
    number: int
    product_id: ProductId
    quantity: int
    unit: str
    by_product: bool


@frozen(kw_only=True)
class LotRow(Row):
    """``status``: AVAILABLE while something is free, else RESERVED, QUARANTINED, BLOCKED, RECALLED
    or EXHAUSTED. ``quantity_remaining`` is on hand, reservations included.
    """

    id: LotId
    code: str
    product_id: ProductId
    unit: str
    status: str
    standing: str
    standing_reason: str
    entered_on: date
    expires_on: date | None
    quantity_initial: int
    quantity_remaining: int
    quantity_reserved: int


@frozen(kw_only=True)
class RawLotRow(LotRow):
    TABLE = "lots_mp"
    supplier_id: SupplierId
    supplier_reference: str
    unit_price: int


@frozen(kw_only=True)
class FinishedLotRow(LotRow):
    TABLE = "lots_pf"
    order_id: ProductionOrderId
    role: str


@frozen(kw_only=True)
class MovementRow(Row):
    """``quantity`` is signed. ``cause``: the order or delivery behind it."""

    TABLE = "stock_movements"
    KEY = ("lot_id", "number")
    lot_id: LotId
    number: int
    product_id: ProductId
    day: date
    kind: str
    quantity: int
    unit: str
    cause: UUID | None
    reason: str


@frozen(kw_only=True)
class ReservationRow(Row):
    """``quantity`` is signed: a reservation grew, or was given back or used."""

    TABLE = "lot_reservations"
    KEY = ("lot_id", "number")
    lot_id: LotId
    number: int
    product_id: ProductId
    owner: UUID
    day: date
    quantity: int


@frozen(kw_only=True)
class ProductionOrderRow(Row):
    """``obtained`` and ``lost`` in the unit of the product, once completed."""

    TABLE = "production_orders"
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


@frozen(kw_only=True)
class ConsumptionRow(Row):
    """What was really poured, one row a scan."""

    TABLE = "production_consumptions"
    KEY = ("order_id", "number")
    order_id: ProductionOrderId
    number: int
    lot_id: LotId
    product_id: ProductId
    quantity: int
    unit: str
    day: date
    override_reason: str


@frozen(kw_only=True)
class SalesOrderRow(Row):
    TABLE = "sales_orders"
    id: SalesOrderId
    code: str
    client_id: ClientId
    status: str
    day: date
    net: int
    reason: str


@frozen(kw_only=True)
class SalesOrderLineRow(Row):
    TABLE = "sales_order_lines"
    KEY = ("order_id", "number")
    order_id: SalesOrderId
    number: int
    product_id: ProductId
    quantity: int
    shipped: int
    unit: str
    unit_price: int


@frozen(kw_only=True)
class DeliveryRow(Row):
    TABLE = "deliveries"
    id: DeliveryId
    code: str
    order_id: SalesOrderId
    client_id: ClientId
    status: str
    day: date
    dispatched_on: date | None
    carrier: str
    received_by: str
    proof: str
    reason: str


@frozen(kw_only=True)
class DeliveryLineRow(Row):
    """What is in the van or has left, one row a lot. ``returned``: of it, what came back."""

    TABLE = "delivery_lines"
    KEY = ("delivery_id", "number")
    delivery_id: DeliveryId
    number: int
    lot_id: LotId
    product_id: ProductId
    quantity: int
    returned: int
    unit: str
    override_reason: str


@frozen(kw_only=True)
class InvoiceRow(Row):
    TABLE = "invoices"
    id: InvoiceId
    number: str | None
    client_id: ClientId
    status: str
    day: date
    due_on: date | None
    net: int
    vat: int
    gross: int
    paid: int
    credited: int


@frozen(kw_only=True)
class InvoiceLineRow(Row):
    TABLE = "invoice_lines"
    KEY = ("invoice_id", "number")
    invoice_id: InvoiceId
    number: int
    product_id: ProductId | None
    designation: str
    quantity: int
    unit: str
    unit_price: int
    discount: int
    vat_rate: int
    vat_rule: str
    net: int


@frozen(kw_only=True)
class CreditNoteRow(Row):
    TABLE = "credit_notes"
    id: CreditNoteId
    invoice_id: InvoiceId
    number: str | None
    day: date
    reason: str
    net: int
    vat: int
    gross: int


@frozen(kw_only=True)
class PaymentRow(Row):
    TABLE = "payments"
    id: PaymentId
    client_id: ClientId
    status: str
    mode: str
    amount: int
    unallocated: int
    day: date
    reference: str
    cheque_number: str
    cheque_dated: date | None
    cheque_drawee: str
    reason: str


@frozen(kw_only=True)
class PaymentAllocationRow(Row):
    TABLE = "payment_allocations"
    KEY = ("payment_id", "number")
    payment_id: PaymentId
    number: int
    invoice_id: InvoiceId
    amount: int
    day: date


@frozen(kw_only=True)
class UserRow(Row):
    """``roles``: their names, in order, separated by spaces."""

    TABLE = "users"
    id: UserId
    name: str
    roles: str
    active: bool


@frozen(kw_only=True)
class ImportRow(Row):
    TABLE = "imports"
    id: ImportId
    kind: str
    file_name: str
    digest: str
    day: date
    status: str
    accepted: int
    unchanged: int
    refused: int
    reason: str


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
    ImportRow,
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
    ImportRow: ("digest",),
}
"""The columns by which rows are looked up, beside their key: what an adapter indexes."""
