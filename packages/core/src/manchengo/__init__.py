"""Manchengo: an offline-first ERP core for a small food producer, event-sourced.

``Manchengo`` is the door; ``commands`` holds everything that may be asked of it; the rest are the
values that commands are made of. A store, a clock and a source of identifiers are handed in.
"""

from manchengo import commands
from manchengo.application.dairy import Manchengo
from manchengo.domain.access import Actor, Role
from manchengo.domain.allocation import Policy
from manchengo.domain.billing import BillLine
from manchengo.domain.commit import Commit
from manchengo.domain.delivery import Disposition, ReturnLine
from manchengo.domain.errors import Refused
from manchengo.domain.identity import Identity
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    CreditNoteId,
    DeliveryId,
    DeviceId,
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
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.commands import Role as OutputRole
from manchengo.domain.payment import Cheque, PaymentMode
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.production_order import Output
from manchengo.domain.recipe import ByProduct, Ingredient
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Density, Money, Percent, Quantity, Unit
from manchengo.memory import MemoryStore
from manchengo.system import SystemClock, Uuid7Ids

__all__ = [
    "Actor",
    "BillLine",
    "ByProduct",
    "Cheque",
    "ClientId",
    "Commit",
    "CommitId",
    "CreditNoteId",
    "DeliveryId",
    "Density",
    "DeviceId",
    "Disposition",
    "Identity",
    "ImportId",
    "ImportKind",
    "Ingredient",
    "InvoiceId",
    "LotId",
    "Manchengo",
    "MemoryStore",
    "Money",
    "OrderLine",
    "Output",
    "OutputRole",
    "PaymentId",
    "PaymentMode",
    "Percent",
    "Policy",
    "ProductId",
    "ProductKind",
    "ProductionOrderId",
    "Quantity",
    "RecipeId",
    "Refused",
    "ReturnLine",
    "Role",
    "SalesOrderId",
    "SupplierId",
    "SystemClock",
    "Unit",
    "UserId",
    "Uuid7Ids",
    "VatClass",
    "commands",
]
