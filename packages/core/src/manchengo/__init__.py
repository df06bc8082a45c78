"""Manchengo: an offline-first ERP core for a small food producer, event-sourced.

``Manchengo`` is the door; ``commands`` holds everything that may be asked of it, ``rows`` what
lists and screens read; the rest are the values that commands and answers are made of. A store, a
clock and a source of identifiers are handed in; ``MemoryStore``, ``SteppingClock`` and
``CountingIds`` are those of a test. A program that embeds the core needs no other module of it.
"""

from manchengo import commands
from manchengo.application.dairy import Batch, Manchengo
from manchengo.application.genealogy import RecallReport, Trace, TracedLot, TraceNode
from manchengo.application.stock import ProductStock, Stock
from manchengo.domain.access import Actor, Role
from manchengo.domain.allocation import Allocation, Candidate, Pick, Policy, Skipped, allocate
from manchengo.domain.billing import BillLine
from manchengo.domain.commit import Commit
from manchengo.domain.delivery import Disposition, ReturnLine
from manchengo.domain.errors import Ambiguous, Refused, Unknown
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
    ResolutionItemId,
    SalesOrderId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.lot.commands import Role as OutputRole
from manchengo.domain.payment import Cheque, PaymentMode
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.production_order import Output
from manchengo.domain.recipe import ByProduct, Ingredient
from manchengo.domain.resolution import Way
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Density, Money, Percent, Quantity, Unit
from manchengo.memory import CountingIds, MemoryStore, SteppingClock
from manchengo.ports import rows
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.store import Store
from manchengo.system import SystemClock, Uuid7Ids

__all__ = [
    "Actor",
    "Allocation",
    "Ambiguous",
    "Batch",
    "BillLine",
    "ByProduct",
    "Candidate",
    "Cheque",
    "ClientId",
    "Clock",
    "Commit",
    "CommitId",
    "CountingIds",
    "CreditNoteId",
    "DeliveryId",
    "Density",
    "DeviceId",
    "Disposition",
    "Expiry",
    "Identity",
    "Ids",
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
    "Pick",
    "Policy",
    "ProductId",
    "ProductKind",
    "ProductStock",
    "ProductionOrderId",
    "Quantity",
    "RecallReport",
    "RecipeId",
    "Refused",
    "ResolutionItemId",
    "ReturnLine",
    "Role",
    "SalesOrderId",
    "Skipped",
    "SteppingClock",
    "Stock",
    "Store",
    "SupplierId",
    "SystemClock",
    "Trace",
    "TraceNode",
    "TracedLot",
    "Unit",
    "UnitPrice",
    "Unknown",
    "UserId",
    "Uuid7Ids",
    "VatClass",
    "Way",
    "__version__",
    "allocate",
    "commands",
    "rows",
]

__version__ = "0.1.0"
