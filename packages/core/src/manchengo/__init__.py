"""Manchengo: an offline-first ERP core for a small food producer, event-sourced.

``Manchengo`` is the door; ``commands`` holds everything that may be asked of it, ``refusals`` what
it may answer instead, ``rows`` what lists and screens read; the rest are the values that commands
and answers are made of. A store, a clock and a source of identifiers are handed in;
``MemoryStore``, ``SteppingClock`` and ``CountingIds`` are those of a test. A program that embeds
the core needs no other module of it.
"""

from manchengo import commands, refusals
from manchengo.application.audit_check import AuditFault
from manchengo.application.charts import Charts, DayQuantity, DayYield
from manchengo.application.checkpoint import Checkpoint, Counted
from manchengo.application.completeness import Completeness, DeviceHeard
from manchengo.application.corrections import CorrectedField
from manchengo.application.dairy import Batch, Manchengo
from manchengo.application.dashboard import (
    Dashboard,
    Figures,
    StockDays,
    ToLoad,
    Unloaded,
    Unsent,
)
from manchengo.application.genealogy import (
    ClaimedMovement,
    LotBalance,
    Pouring,
    RecallReport,
    Reservation,
    Shipment,
    Trace,
    TracedLot,
    TraceNode,
)
from manchengo.application.integrity import Since, Unreadable, Verification
from manchengo.application.keys import InvitationLine, InvitationStatus, KeyAct, KeyLine
from manchengo.application.lists import Count, Lists, Page
from manchengo.application.offered_prices import OfferedPrice
from manchengo.application.past_changes import (
    CountChange,
    DayBalance,
    LotChange,
    OtherPick,
    Paper,
    PaperKind,
    PastChanges,
    ProductChange,
)
from manchengo.application.reading import withheld
from manchengo.application.replication.histories import Divergence
from manchengo.application.starting_lots import ReferenceKind, StartingLots
from manchengo.application.stock import ProductStock, Stock
from manchengo.application.tampered import Tampered
from manchengo.domain.access import Actor, Permission, Role
from manchengo.domain.allocation import (
    Allocation,
    Candidate,
    Passed,
    Pick,
    Policy,
    Purpose,
    Skipped,
    Standing,
    allocate,
)
from manchengo.domain.billing import BillLine
from manchengo.domain.commit import Authorship, Commit, LogEntry, Recorded, Seen, Tip, Verdict
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
    InvitationId,
    InvoiceId,
    LotId,
    PaymentId,
    PriceListId,
    ProductId,
    ProductionOrderId,
    RecipeId,
    ResolutionItemId,
    SalesOrderId,
    SupplierId,
    UserId,
)
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.label_keys import LabelKeyCopy
from manchengo.domain.ledger import Movement
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
from manchengo.ports.audit import (
    AuditEntry,
    AuditHead,
    AuditKind,
    AuditQuery,
    AuditRecord,
    ReceivedAudit,
)
from manchengo.ports.clock import Clock
from manchengo.ports.ids import Ids
from manchengo.ports.lists import AboveZero, Between, Cursor, ListQuery, OneOf
from manchengo.ports.signature_check import Checked, SignatureCheck, Unsigned
from manchengo.ports.signer import Signer
from manchengo.ports.store import (
    DayMovement,
    Entry,
    Misplaced,
    Pending,
    Snapshot,
    StockLine,
    Store,
    StreamEvent,
    Transaction,
)
from manchengo.system import SystemClock, Uuid7Ids

__all__ = [
    "AboveZero",
    "Actor",
    "Allocation",
    "Ambiguous",
    "AuditEntry",
    "AuditFault",
    "AuditHead",
    "AuditKind",
    "AuditQuery",
    "AuditRecord",
    "Authorship",
    "Batch",
    "Between",
    "BillLine",
    "ByProduct",
    "Candidate",
    "Charts",
    "Checked",
    "Checkpoint",
    "Cheque",
    "ClaimedMovement",
    "ClientId",
    "Clock",
    "Commit",
    "CommitId",
    "Completeness",
    "CorrectedField",
    "Count",
    "CountChange",
    "Counted",
    "CountingIds",
    "CreditNoteId",
    "Cursor",
    "Dashboard",
    "DayBalance",
    "DayMovement",
    "DayQuantity",
    "DayYield",
    "DeliveryId",
    "Density",
    "DeviceHeard",
    "DeviceId",
    "Disposition",
    "Divergence",
    "Entry",
    "Expiry",
    "Figures",
    "Identity",
    "Ids",
    "ImportId",
    "ImportKind",
    "Ingredient",
    "InvitationId",
    "InvitationLine",
    "InvitationStatus",
    "InvoiceId",
    "KeyAct",
    "KeyLine",
    "LabelKeyCopy",
    "ListQuery",
    "Lists",
    "LogEntry",
    "LotBalance",
    "LotChange",
    "LotId",
    "Manchengo",
    "MemoryStore",
    "Misplaced",
    "Money",
    "Movement",
    "OfferedPrice",
    "OneOf",
    "OrderLine",
    "OtherPick",
    "Output",
    "OutputRole",
    "Page",
    "Paper",
    "PaperKind",
    "Passed",
    "PastChanges",
    "PaymentId",
    "PaymentMode",
    "Pending",
    "Percent",
    "Permission",
    "Pick",
    "Policy",
    "Pouring",
    "PriceListId",
    "ProductChange",
    "ProductId",
    "ProductKind",
    "ProductStock",
    "ProductionOrderId",
    "Purpose",
    "Quantity",
    "RecallReport",
    "ReceivedAudit",
    "RecipeId",
    "Recorded",
    "ReferenceKind",
    "Refused",
    "Reservation",
    "ResolutionItemId",
    "ReturnLine",
    "Role",
    "SalesOrderId",
    "Seen",
    "Shipment",
    "SignatureCheck",
    "Signer",
    "Since",
    "Skipped",
    "Snapshot",
    "Standing",
    "StartingLots",
    "SteppingClock",
    "Stock",
    "StockDays",
    "StockLine",
    "Store",
    "StreamEvent",
    "SupplierId",
    "SystemClock",
    "Tampered",
    "Tip",
    "ToLoad",
    "Trace",
    "TraceNode",
    "TracedLot",
    "Transaction",
    "Unit",
    "UnitPrice",
    "Unknown",
    "Unloaded",
    "Unreadable",
    "Unsent",
    "Unsigned",
    "UserId",
    "Uuid7Ids",
    "VatClass",
    "Verdict",
    "Verification",
    "Way",
    "__version__",
    "allocate",
    "commands",
    "refusals",
    "rows",
    "withheld",
]

__version__ = "0.1.0"
