"""Every command: its stored name, its class, and the permission that it needs.

``COMMANDS`` is the one table: the codec, the check of permissions and the judge read it.
``Command`` is the union of the classes that each aggregate takes.

In all of them ``on`` is the business day, ``code`` what people call the thing, and ``reason`` a
sentence that somebody typed. A ``Quantity`` counts thousandths of its unit, ``Money`` centimes.
Identifiers are made by whoever gives the command. Each docstring ends with the refusals that its
rules may answer with; those that any command may meet are with ``Manchengo.execute``.
"""

from attrs import field, frozen

from manchengo.domain.access import (
    ChangeRoles,
    DeactivateUser,
    Permission,
    RegisterUser,
    UserCommand,
)
from manchengo.domain.audit_anchor import AnchorAudit
from manchengo.domain.client import ArchiveClient, ChangeClient, ClientCommand, RegisterClient
from manchengo.domain.credit_note import CreditNoteCommand, DraftCreditNote, IssueCreditNote
from manchengo.domain.delivery import (
    CancelDelivery,
    ConfirmReception,
    Deliver,
    DeliveryCommand,
    DispatchDelivery,
    LoadLot,
    PrepareDelivery,
    ReturnDelivery,
    UnloadLot,
)
from manchengo.domain.device import (
    AllowRenewal,
    DeviceCommand,
    EnrolDevice,
    LiftQuota,
    WithdrawDevice,
)
from manchengo.domain.genesis import FoundPlant
from manchengo.domain.import_batch import FinishImport, ImportCommand, StartImport, UndoImport
from manchengo.domain.invitations import InvitePerson, WithdrawInvitation
from manchengo.domain.invoice import DraftInvoice, InvoiceCommand, IssueInvoice
from manchengo.domain.label_keys import (
    GrantLabelKey,
    MakeLabelKey,
    RequestLabelKeys,
    WithdrawLabelKey,
)
from manchengo.domain.lot.commands import (
    BlockLot,
    CorrectLot,
    CountLot,
    PublicLotCommand,
    QuarantineLot,
    ReceiveLot,
    ReleaseLot,
    SendBackToSupplier,
    VoidLot,
    WriteOffLot,
)
from manchengo.domain.opening_stock import EnterOpeningStock
from manchengo.domain.payment import AllocatePayment, PaymentCommand, ReceivePayment, VoidPayment
from manchengo.domain.person_keys import AdmitKey, AdmitOwnKey, WithdrawKey
from manchengo.domain.plant import PlantCommand, ReplaceServerKey, RequireSigning
from manchengo.domain.product import (
    ArchiveProduct,
    ChangeProduct,
    ProductCommand,
    RegisterProduct,
    SetDensity,
)
from manchengo.domain.production_order import (
    CancelProduction,
    CompleteProduction,
    ConsumeMaterial,
    PlanProduction,
    Produce,
    ProductionOrderCommand,
    StartProduction,
    TakeBackMaterial,
)
from manchengo.domain.recall import RecallLot
from manchengo.domain.recipe import ArchiveRecipe, DefineRecipe, RecipeCommand
from manchengo.domain.resolution import (
    SET_ASIDE,
    ReportReusedId,
    ResolutionCommand,
    ResolveItem,
    SetAsideParked,
    TakeUpParked,
)
from manchengo.domain.sales_order import (
    CancelSalesOrder,
    CloseSalesOrder,
    ConfirmSalesOrder,
    PlaceSalesOrder,
    SalesOrderCommand,
    Sell,
)
from manchengo.domain.supplier import (
    ArchiveSupplier,
    ChangeSupplier,
    RegisterSupplier,
    SupplierCommand,
)
from manchengo.schemas import (
    Schema,
    before_accepting,
    before_opening_stock,
    before_possession,
    before_prices_per,
)

__all__ = [
    "ARCHIVED",
    "COMMANDS",
    "NEEDS",
    "AdmitKey",
    "AdmitOwnKey",
    "AllocatePayment",
    "AllowRenewal",
    "AnchorAudit",
    "ArchiveClient",
    "ArchiveProduct",
    "ArchiveRecipe",
    "ArchiveSupplier",
    "BlockLot",
    "CancelDelivery",
    "CancelProduction",
    "CancelSalesOrder",
    "ChangeClient",
    "ChangeProduct",
    "ChangeRoles",
    "ChangeSupplier",
    "CloseSalesOrder",
    "Command",
    "CommandSchema",
    "CompleteProduction",
    "ConfirmReception",
    "ConfirmSalesOrder",
    "ConsumeMaterial",
    "CorrectLot",
    "CountLot",
    "DeactivateUser",
    "DefineRecipe",
    "Deliver",
    "DispatchDelivery",
    "DraftCreditNote",
    "DraftInvoice",
    "EnrolDevice",
    "EnterOpeningStock",
    "FinishImport",
    "FoundPlant",
    "GrantLabelKey",
    "InvitePerson",
    "IssueCreditNote",
    "IssueInvoice",
    "LiftQuota",
    "LoadLot",
    "MakeLabelKey",
    "PlaceSalesOrder",
    "PlanProduction",
    "PrepareDelivery",
    "Produce",
    "QuarantineLot",
    "RecallLot",
    "ReceiveLot",
    "ReceivePayment",
    "RegisterClient",
    "RegisterProduct",
    "RegisterSupplier",
    "RegisterUser",
    "ReleaseLot",
    "ReplaceServerKey",
    "ReportReusedId",
    "RequestLabelKeys",
    "RequireSigning",
    "ResolveItem",
    "ReturnDelivery",
    "Sell",
    "SendBackToSupplier",
    "SetAsideParked",
    "SetDensity",
    "StartImport",
    "StartProduction",
    "TakeBackMaterial",
    "TakeUpParked",
    "UndoImport",
    "UnloadLot",
    "VoidLot",
    "VoidPayment",
    "WithdrawDevice",
    "WithdrawInvitation",
    "WithdrawKey",
    "WithdrawLabelKey",
    "WriteOffLot",
]

Command = (
    SupplierCommand
    | ClientCommand
    | ProductCommand
    | RecipeCommand
    | PublicLotCommand
    | EnterOpeningStock
    | RecallLot
    | ProductionOrderCommand
    | SalesOrderCommand
    | DeliveryCommand
    | InvoiceCommand
    | CreditNoteCommand
    | PaymentCommand
    | UserCommand
    | DeviceCommand
    | AnchorAudit
    | PlantCommand
    | ImportCommand
    | ResolutionCommand
)
"""What ``Manchengo.execute`` takes."""

ARCHIVED = "archived"
"""Where a command leads that takes something out of use; what is so refuses it as ``Archived``."""


@frozen
class CommandSchema(Schema[Command]):
    """``leads_to``: the state that the command brings about, as the state is stored. Where two
    devices record such a step apart, the first did it for both. Empty where both count.
    ``of_oneself``: the permission that is enough for a person who gives the command about
    themselves; None where it is the same.
    """

    permission: Permission
    leads_to: str = field(default="", kw_only=True)
    of_oneself: Permission | None = field(default=None, kw_only=True)


COMMANDS: dict[str, CommandSchema] = {
    "supplier.register": CommandSchema(RegisterSupplier, Permission.KEEP_PARTIES),
    "supplier.change": CommandSchema(ChangeSupplier, Permission.KEEP_PARTIES),
    "supplier.archive": CommandSchema(ArchiveSupplier, Permission.KEEP_PARTIES, leads_to=ARCHIVED),
    "client.register": CommandSchema(RegisterClient, Permission.KEEP_PARTIES),
    "client.change": CommandSchema(ChangeClient, Permission.KEEP_PARTIES),
    "client.archive": CommandSchema(ArchiveClient, Permission.KEEP_PARTIES, leads_to=ARCHIVED),
    "product.register": CommandSchema(
        RegisterProduct, Permission.KEEP_PRODUCTS, upcasters=(before_prices_per,)
    ),
    "product.change": CommandSchema(
        ChangeProduct, Permission.KEEP_PRODUCTS, upcasters=(before_prices_per,)
    ),
    "product.set_density": CommandSchema(SetDensity, Permission.KEEP_PRODUCTS),
    "product.archive": CommandSchema(ArchiveProduct, Permission.KEEP_PRODUCTS, leads_to=ARCHIVED),
    "recipe.define": CommandSchema(DefineRecipe, Permission.KEEP_RECIPES),
    "recipe.archive": CommandSchema(ArchiveRecipe, Permission.KEEP_RECIPES, leads_to=ARCHIVED),
    "lot.receive": CommandSchema(ReceiveLot, Permission.RECEIVE, upcasters=(before_prices_per,)),
    "lot.enter_opening_stock": CommandSchema(
        EnterOpeningStock, Permission.ENTER_OPENING_STOCK, upcasters=(before_prices_per,)
    ),
    "lot.quarantine": CommandSchema(QuarantineLot, Permission.BLOCK_LOTS),
    "lot.block": CommandSchema(BlockLot, Permission.BLOCK_LOTS),
    "lot.release": CommandSchema(ReleaseLot, Permission.RELEASE_LOTS),
    "lot.recall": CommandSchema(RecallLot, Permission.RECALL_LOTS),
    "lot.send_back": CommandSchema(SendBackToSupplier, Permission.RECEIVE),
    "lot.write_off": CommandSchema(WriteOffLot, Permission.WRITE_OFF),
    "lot.count": CommandSchema(CountLot, Permission.COUNT_STOCK),
    "lot.correct": CommandSchema(
        CorrectLot, Permission.CORRECT_LOTS, upcasters=(before_prices_per,)
    ),
    "lot.void": CommandSchema(VoidLot, Permission.CORRECT_LOTS, leads_to="voided"),
    "production_order.plan": CommandSchema(PlanProduction, Permission.PRODUCE),
    "production_order.start": CommandSchema(
        StartProduction, Permission.PRODUCE, leads_to="started"
    ),
    "production_order.consume": CommandSchema(ConsumeMaterial, Permission.PRODUCE),
    "production_order.take_back": CommandSchema(TakeBackMaterial, Permission.PRODUCE),
    "production_order.complete": CommandSchema(CompleteProduction, Permission.PRODUCE),
    "production_order.cancel": CommandSchema(
        CancelProduction, Permission.PRODUCE, leads_to="cancelled"
    ),
    "production_order.produce": CommandSchema(Produce, Permission.PRODUCE),
    "sales_order.place": CommandSchema(
        PlaceSalesOrder, Permission.SELL, upcasters=(before_prices_per,)
    ),
    "sales_order.confirm": CommandSchema(ConfirmSalesOrder, Permission.SELL, leads_to="confirmed"),
    "sales_order.cancel": CommandSchema(CancelSalesOrder, Permission.SELL, leads_to="cancelled"),
    "sales_order.close": CommandSchema(CloseSalesOrder, Permission.SELL, leads_to="closed"),
    "sales_order.sell": CommandSchema(Sell, Permission.SELL, upcasters=(before_prices_per,)),
    "delivery.prepare": CommandSchema(PrepareDelivery, Permission.DELIVER),
    "delivery.load": CommandSchema(LoadLot, Permission.DELIVER),
    "delivery.unload": CommandSchema(UnloadLot, Permission.DELIVER),
    "delivery.dispatch": CommandSchema(DispatchDelivery, Permission.DELIVER, leads_to="dispatched"),
    "delivery.confirm_reception": CommandSchema(
        ConfirmReception, Permission.DELIVER, leads_to="received"
    ),
    "delivery.return": CommandSchema(ReturnDelivery, Permission.DELIVER),
    "delivery.cancel": CommandSchema(CancelDelivery, Permission.DELIVER, leads_to="cancelled"),
    "delivery.deliver": CommandSchema(Deliver, Permission.DELIVER),
    "invoice.draft": CommandSchema(
        DraftInvoice, Permission.ISSUE_INVOICES, upcasters=(before_prices_per,)
    ),
    "invoice.issue": CommandSchema(IssueInvoice, Permission.ISSUE_INVOICES),
    "credit_note.draft": CommandSchema(
        DraftCreditNote, Permission.CREDIT_OR_VOID, upcasters=(before_prices_per,)
    ),
    "credit_note.issue": CommandSchema(IssueCreditNote, Permission.CREDIT_OR_VOID),
    "payment.receive": CommandSchema(ReceivePayment, Permission.COLLECT),
    "payment.allocate": CommandSchema(AllocatePayment, Permission.COLLECT),
    "payment.void": CommandSchema(VoidPayment, Permission.CREDIT_OR_VOID, leads_to="voided"),
    "user.register": CommandSchema(RegisterUser, Permission.MANAGE_PEOPLE),
    "user.change_roles": CommandSchema(ChangeRoles, Permission.MANAGE_PEOPLE),
    "user.deactivate": CommandSchema(DeactivateUser, Permission.MANAGE_PEOPLE, leads_to=ARCHIVED),
    "device.enrol": CommandSchema(EnrolDevice, Permission.MANAGE_DEVICES),
    "device.allow_renewal": CommandSchema(AllowRenewal, Permission.MANAGE_DEVICES),
    "device.lift_quota": CommandSchema(LiftQuota, Permission.MANAGE_DEVICES),
    "device.withdraw": CommandSchema(WithdrawDevice, Permission.MANAGE_DEVICES, leads_to=ARCHIVED),
    "audit.anchor": CommandSchema(AnchorAudit, Permission.MANAGE_DEVICES),
    "user.admit_key": CommandSchema(
        AdmitKey, Permission.MANAGE_KEYS, upcasters=(before_possession,)
    ),
    "user.admit_own_key": CommandSchema(
        AdmitOwnKey,
        Permission.MANAGE_KEYS,
        of_oneself=Permission.KEEP_OWN_KEYS,
        upcasters=(before_possession,),
    ),
    "user.withdraw_key": CommandSchema(
        WithdrawKey, Permission.MANAGE_KEYS, of_oneself=Permission.KEEP_OWN_KEYS
    ),
    "user.invite": CommandSchema(InvitePerson, Permission.MANAGE_KEYS),
    "user.withdraw_invitation": CommandSchema(
        WithdrawInvitation, Permission.MANAGE_KEYS, of_oneself=Permission.KEEP_OWN_KEYS
    ),
    "plant.found": CommandSchema(FoundPlant, Permission.MANAGE_KEYS),
    "plant.require_signing": CommandSchema(RequireSigning, Permission.MANAGE_KEYS),
    "plant.replace_server_key": CommandSchema(ReplaceServerKey, Permission.MANAGE_KEYS),
    "plant.make_label_key": CommandSchema(MakeLabelKey, Permission.MANAGE_KEYS),
    "plant.request_label_keys": CommandSchema(RequestLabelKeys, Permission.KEEP_OWN_KEYS),
    "plant.grant_label_key": CommandSchema(GrantLabelKey, Permission.MANAGE_KEYS),
    "plant.withdraw_label_key": CommandSchema(WithdrawLabelKey, Permission.MANAGE_KEYS),
    "import.start": CommandSchema(
        StartImport, Permission.IMPORT, upcasters=(before_opening_stock,)
    ),
    "import.finish": CommandSchema(FinishImport, Permission.IMPORT),
    "import.undo": CommandSchema(UndoImport, Permission.UNDO_IMPORTS, leads_to="undone"),
    "resolution.resolve": CommandSchema(
        ResolveItem, Permission.RESOLVE, upcasters=(before_accepting,)
    ),
    "resolution.report_reused_id": CommandSchema(ReportReusedId, Permission.RESOLVE),
    "resolution.set_aside": CommandSchema(SetAsideParked, Permission.SET_ASIDE, leads_to=SET_ASIDE),
    "resolution.take_up": CommandSchema(TakeUpParked, Permission.SET_ASIDE),
}

NEEDS: dict[type[Command], Permission] = {
    schema.type: schema.permission for schema in COMMANDS.values()
}
"""The permission that each command needs."""

NEEDS_OF_ONESELF: dict[type[Command], Permission] = {
    schema.type: schema.of_oneself for schema in COMMANDS.values() if schema.of_oneself
}
"""The permission that is enough for who gives the command about themselves, its ``user_id``."""
