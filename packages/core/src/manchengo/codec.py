"""Event and command to bytes and back: stored names, versions, upcasters, and the commit's hash.

A stored name never changes, so that a class may be renamed; a stored version is readable for ever:
an upcaster turns the JSON of one version into that of the next, step by step, until it is today's.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from attrs import evolve, field, frozen

from manchengo.domain import (
    access,
    client,
    credit_note,
    delivery,
    device,
    import_batch,
    invoice,
    opening_stock,
    payment,
    product,
    production_order,
    recall,
    recipe,
    resolution,
    sales_order,
    supplier,
)
from manchengo.domain.commit import NO_HASH, Commit, LogEntry, Recorded
from manchengo.domain.lot import commands as lot_commands
from manchengo.domain.lot import events as lot

Json = dict[str, Any]
Upcaster = Callable[[Json], Json]


class Unreadable(Exception):
    """Stored bytes that this program cannot read."""


@frozen
class UnknownEvent(Unreadable):
    """Written by a newer program: nobody may guess what it means. Keep it as it is."""

    name: str
    version: int


@frozen
class Damaged(Unreadable):
    """The bytes are not what that name and version promise."""

    name: str
    version: int
    why: str


@frozen
class NotReadBack(ValueError):
    """What was about to be stored would not be read as what was meant: it is not stored. A fault of
    this program; what a person may have done otherwise is refused before.
    """

    name: str


@frozen
class Schema:
    """A stored name: the class it is today, and one upcaster from each past version to the next.

    The version is the number of upcasters plus one: it cannot be bumped without one.
    """

    type: type
    upcasters: tuple[Upcaster, ...] = ()

    @property
    def version(self) -> int:
        return len(self.upcasters) + 1


def _before_opening_stock(document: Json) -> Json:
    """Version 1 knew no import of opening stock; what it says means the same today."""
    return document


EVENTS: dict[str, Schema] = {
    "supplier.registered": Schema(supplier.SupplierRegistered),
    "supplier.details_changed": Schema(supplier.SupplierDetailsChanged),
    "supplier.archived": Schema(supplier.SupplierArchived),
    "client.registered": Schema(client.ClientRegistered),
    "client.details_changed": Schema(client.ClientDetailsChanged),
    "client.archived": Schema(client.ClientArchived),
    "product.registered": Schema(product.ProductRegistered),
    "product.details_changed": Schema(product.ProductDetailsChanged),
    "product.density_set": Schema(product.ProductDensitySet),
    "product.archived": Schema(product.ProductArchived),
    "recipe.defined": Schema(recipe.RecipeDefined),
    "recipe.archived": Schema(recipe.RecipeArchived),
    "lot.received": Schema(lot.LotReceived),
    "lot.produced": Schema(lot.LotProduced),
    "lot.opening_stock_entered": Schema(lot.OpeningStockEntered),
    "lot.quarantined": Schema(lot.LotQuarantined),
    "lot.blocked": Schema(lot.LotBlocked),
    "lot.released": Schema(lot.LotReleased),
    "lot.recalled": Schema(lot.LotRecalled),
    "lot.reserved": Schema(lot.LotReserved),
    "lot.unreserved": Schema(lot.LotUnreserved),
    "lot.consumed": Schema(lot.LotConsumed),
    "lot.delivered": Schema(lot.LotDelivered),
    "lot.returned": Schema(lot.LotReturned),
    "lot.sent_back": Schema(lot.LotSentBack),
    "lot.written_off": Schema(lot.LotWrittenOff),
    "lot.counted": Schema(lot.LotCounted),
    "lot.corrected": Schema(lot.LotCorrected),
    "production_order.planned": Schema(production_order.ProductionPlanned),
    "production_order.started": Schema(production_order.ProductionStarted),
    "production_order.material_consumed": Schema(production_order.MaterialConsumed),
    "production_order.completed": Schema(production_order.ProductionCompleted),
    "production_order.made": Schema(production_order.ProductionMade),
    "production_order.cancelled": Schema(production_order.ProductionCancelled),
    "sales_order.placed": Schema(sales_order.SalesOrderPlaced),
    "sales_order.confirmed": Schema(sales_order.SalesOrderConfirmed),
    "sales_order.delivered": Schema(sales_order.SalesOrderDelivered),
    "sales_order.cancelled": Schema(sales_order.SalesOrderCancelled),
    "sales_order.closed": Schema(sales_order.SalesOrderClosed),
    "delivery.prepared": Schema(delivery.DeliveryPrepared),
    "delivery.loaded": Schema(delivery.DeliveryLoaded),
    "delivery.dispatched": Schema(delivery.DeliveryDispatched),
    "delivery.received": Schema(delivery.DeliveryReceived),
    "delivery.returned": Schema(delivery.DeliveryReturned),
    "delivery.cancelled": Schema(delivery.DeliveryCancelled),
    "invoice.drafted": Schema(invoice.InvoiceDrafted),
    "invoice.issued": Schema(invoice.InvoiceIssued),
    "invoice.paid": Schema(invoice.InvoicePaid),
    "invoice.payment_reversed": Schema(invoice.InvoicePaymentReversed),
    "invoice.credited": Schema(invoice.InvoiceCredited),
    "credit_note.drafted": Schema(credit_note.CreditNoteDrafted),
    "credit_note.issued": Schema(credit_note.CreditNoteIssued),
    "payment.received": Schema(payment.PaymentReceived),
    "payment.allocated": Schema(payment.PaymentAllocated),
    "payment.voided": Schema(payment.PaymentVoided),
    "user.registered": Schema(access.UserRegistered),
    "user.roles_changed": Schema(access.UserRolesChanged),
    "user.deactivated": Schema(access.UserDeactivated),
    "device.enrolled": Schema(device.DeviceEnrolled),
    "device.withdrawn": Schema(device.DeviceWithdrawn),
    "import.started": Schema(import_batch.ImportStarted, (_before_opening_stock,)),
    "import.finished": Schema(import_batch.ImportFinished),
    "import.undone": Schema(import_batch.ImportUndone),
    "entries.undone": Schema(import_batch.EntriesUndone),
    "resolution.opened": Schema(resolution.ItemOpened),
    "resolution.judged_again": Schema(resolution.ItemJudgedAgain),
    "resolution.resolved": Schema(resolution.ItemResolved),
}

COMMANDS: dict[str, Schema] = {
    "supplier.register": Schema(supplier.RegisterSupplier),
    "supplier.change": Schema(supplier.ChangeSupplier),
    "supplier.archive": Schema(supplier.ArchiveSupplier),
    "client.register": Schema(client.RegisterClient),
    "client.change": Schema(client.ChangeClient),
    "client.archive": Schema(client.ArchiveClient),
    "product.register": Schema(product.RegisterProduct),
    "product.change": Schema(product.ChangeProduct),
    "product.set_density": Schema(product.SetDensity),
    "product.archive": Schema(product.ArchiveProduct),
    "recipe.define": Schema(recipe.DefineRecipe),
    "recipe.archive": Schema(recipe.ArchiveRecipe),
    "lot.receive": Schema(lot_commands.ReceiveLot),
    "lot.enter_opening_stock": Schema(opening_stock.EnterOpeningStock),
    "lot.quarantine": Schema(lot_commands.QuarantineLot),
    "lot.block": Schema(lot_commands.BlockLot),
    "lot.release": Schema(lot_commands.ReleaseLot),
    "lot.recall": Schema(recall.RecallLot),
    "lot.send_back": Schema(lot_commands.SendBackToSupplier),
    "lot.write_off": Schema(lot_commands.WriteOffLot),
    "lot.count": Schema(lot_commands.CountLot),
    "lot.correct": Schema(lot_commands.CorrectLot),
    "production_order.plan": Schema(production_order.PlanProduction),
    "production_order.start": Schema(production_order.StartProduction),
    "production_order.consume": Schema(production_order.ConsumeMaterial),
    "production_order.complete": Schema(production_order.CompleteProduction),
    "production_order.cancel": Schema(production_order.CancelProduction),
    "production_order.produce": Schema(production_order.Produce),
    "sales_order.place": Schema(sales_order.PlaceSalesOrder),
    "sales_order.confirm": Schema(sales_order.ConfirmSalesOrder),
    "sales_order.cancel": Schema(sales_order.CancelSalesOrder),
    "sales_order.close": Schema(sales_order.CloseSalesOrder),
    "sales_order.sell": Schema(sales_order.Sell),
    "delivery.prepare": Schema(delivery.PrepareDelivery),
    "delivery.load": Schema(delivery.LoadLot),
    "delivery.dispatch": Schema(delivery.DispatchDelivery),
    "delivery.confirm_reception": Schema(delivery.ConfirmReception),
    "delivery.return": Schema(delivery.ReturnDelivery),
    "delivery.cancel": Schema(delivery.CancelDelivery),
    "delivery.deliver": Schema(delivery.Deliver),
    "invoice.draft": Schema(invoice.DraftInvoice),
    "invoice.issue": Schema(invoice.IssueInvoice),
    "credit_note.draft": Schema(credit_note.DraftCreditNote),
    "credit_note.issue": Schema(credit_note.IssueCreditNote),
    "payment.receive": Schema(payment.ReceivePayment),
    "payment.allocate": Schema(payment.AllocatePayment),
    "payment.void": Schema(payment.VoidPayment),
    "user.register": Schema(access.RegisterUser),
    "user.change_roles": Schema(access.ChangeRoles),
    "user.deactivate": Schema(access.DeactivateUser),
    "device.enrol": Schema(device.EnrolDevice),
    "device.withdraw": Schema(device.WithdrawDevice),
    "import.start": Schema(import_batch.StartImport, (_before_opening_stock,)),
    "import.finish": Schema(import_batch.FinishImport),
    "import.undo": Schema(import_batch.UndoImport),
    "resolution.resolve": Schema(resolution.ResolveItem),
    "resolution.report_reused_id": Schema(resolution.ReportReusedId),
}


@frozen
class Codec:
    """Names to classes and back, for one table of schemas."""

    schemas: Mapping[str, Schema]
    _names: dict[type, str] = field(init=False)
    _decoders: dict[type, msgspec.json.Decoder[Any]] = field(init=False, factory=dict)
    _encoder: msgspec.json.Encoder = field(
        init=False, factory=lambda: msgspec.json.Encoder(order="sorted")
    )

    @_names.default
    def _by_type(self) -> dict[type, str]:
        return {schema.type: name for name, schema in self.schemas.items()}

    def name(self, value: object) -> str:
        return self._names[type(value)]

    def version(self, name: str) -> int:
        return self.schemas[name].version

    def encode(self, value: object) -> bytes:
        """JSON with sorted keys: the same value gives the same bytes on every device."""
        return self._encoder.encode(value)

    def encode_readable(self, value: object) -> bytes:
        """As ``encode``, and read again: what is to be stored for ever. ``NotReadBack`` when that
        gives anything else.
        """
        payload = self._encoder.encode(value)
        try:
            is_same = self._decoder(type(value)).decode(payload) == value
        except msgspec.MsgspecError as error:
            raise NotReadBack(self.name(value)) from error
        if not is_same:
            raise NotReadBack(self.name(value))
        return payload

    def decode(self, name: str, version: int, payload: bytes) -> Any:
        """The value; ``UnknownEvent`` when newer than this program, ``Damaged`` when garbled."""
        schema = self.schemas.get(name)
        if schema is None or version > schema.version:
            raise UnknownEvent(name, version)
        if version < 1:
            raise Damaged(name, version, "versions count from 1")
        try:
            if version == schema.version:
                return self._decoder(schema.type).decode(payload)
            document = msgspec.json.decode(payload, type=Json)
            for upcast in schema.upcasters[version - 1 :]:
                document = upcast(document)
            return msgspec.convert(document, schema.type)
        except (msgspec.MsgspecError, ValueError, TypeError, KeyError) as error:
            raise Damaged(name, version, str(error)) from error

    def _decoder(self, kind: type) -> msgspec.json.Decoder[Any]:
        known = self._decoders.get(kind)
        if known is None:
            known = self._decoders[kind] = msgspec.json.Decoder(kind)
        return known


events = Codec(EVENTS)
commands = Codec(COMMANDS)


def commit_hash(commit: Commit) -> bytes:
    """SHA-256 over every stored byte of the commit but the hash itself, the previous one included.

    Payloads enter as they are stored; lengths go first, so that no two commits share their bytes.
    """
    digest = hashlib.sha256()
    _feed(
        digest,
        _HEADER.encode(
            [
                commit.id,
                commit.device_id,
                commit.user_id,
                commit.sequence,
                commit.occurred_at,
                commit.hlc,
                commit.on,
                commit.command_type,
                commit.command_version,
                commit.import_id,
            ]
        ),
    )
    _feed(digest, commit.previous)
    _feed(digest, commit.command)
    _feed_events(digest, commit.events)
    return digest.digest()


def sealed(commit: Commit) -> Commit:
    """The commit with its hash."""
    return evolve(commit, hash=commit_hash(commit))


def entry_hash(entry: LogEntry, previous: bytes) -> bytes:
    """SHA-256 over a log entry but its own hash, and over the hash of the entry before."""
    digest = hashlib.sha256()
    _feed(digest, previous)
    _feed(
        digest,
        _HEADER.encode([entry.global_seq, entry.verdict.value, entry.reason, entry.hlc_eff]),
    )
    _feed(digest, entry.signature)
    _feed(digest, effects_hash(entry.commit.hash, entry.effective))
    return digest.digest()


def sealed_entry(entry: LogEntry, previous: bytes) -> LogEntry:
    """The entry with its hash."""
    return evolve(entry, hash=entry_hash(entry, previous))


def effects_hash(commit_hash: bytes, effective: tuple[Recorded, ...] | None) -> bytes:
    """SHA-256 over what a commit is taken to have done (None: what it recorded)."""
    digest = hashlib.sha256()
    _feed(digest, commit_hash)
    if effective is not None:
        _feed_events(digest, effective)
    return digest.digest()


def pending_seal(
    commit_hash: bytes, effective: tuple[Recorded, ...] | None, signature: bytes
) -> bytes | None:
    """SHA-256 over what the tables keep of a pending commit beside the commit itself: its predicted
    effects and its signature. None where the effects are as recorded and nothing is signed.
    """
    effects = None if effective is None else effects_hash(commit_hash, effective)
    if not signature:
        return effects
    return hashlib.sha256((effects or NO_HASH) + signature).digest()


_HEADER = msgspec.json.Encoder()


def _feed_events(digest: "hashlib._Hash", events: tuple[Recorded, ...]) -> None:
    for event in events:
        _feed(
            digest,
            _HEADER.encode(
                [
                    event.id,
                    event.aggregate_type,
                    event.aggregate_id,
                    event.event_type,
                    event.schema_version,
                    event.version,
                ]
            ),
        )
        _feed(digest, event.payload)


def _feed(digest: "hashlib._Hash", part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)
