"""Every command: its stored name, its class, and the permission that it needs.

``COMMANDS`` is the one table: the codec, the check of permissions and the judge read it.
``Command`` is the union of the classes that each aggregate takes.

In all of them ``on`` is the business day, ``code`` what people call the thing, and ``reason`` a
sentence that somebody typed. A ``Quantity`` counts thousandths of its unit, ``Money`` centimes.
Identifiers are made by whoever gives the command. Each docstring ends with the refusals that its
rules may answer with; those that any command may meet are with ``Manchengo.execute``.
"""

from collections.abc import Iterable

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
    ReopenDelivery,
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
    TakeBackCount,
    VoidLot,
    WriteOffLot,
)
from manchengo.domain.opening_stock import EnterOpeningStock
from manchengo.domain.payment import AllocatePayment, PaymentCommand, ReceivePayment, VoidPayment
from manchengo.domain.person_keys import AdmitKey, AdmitOwnKey, WithdrawKey
from manchengo.domain.plant import PlantCommand, ReplaceServerKey, RequireSigning
from manchengo.domain.plant_details import ChangePlantDetails
from manchengo.domain.price_list import (
    ArchivePriceList,
    ChangePriceList,
    PriceListCommand,
    RegisterPriceList,
    SetPrice,
)
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
    ReopenProduction,
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
    ReopenSalesOrder,
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
    before_a_last_unsigned_day,
    before_accepting,
    before_keys_went_along,
    before_opening_stock,
    before_possession,
    before_price_files,
    before_prices_per,
    before_short_reasons,
    before_undoing_in_parts,
    before_wanted_days,
    before_what_was_seen,
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
    "ArchivePriceList",
    "ArchiveProduct",
    "ArchiveRecipe",
    "ArchiveSupplier",
    "BlockLot",
    "CancelDelivery",
    "CancelProduction",
    "CancelSalesOrder",
    "ChangeClient",
    "ChangePlantDetails",
    "ChangePriceList",
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
    "RegisterPriceList",
    "RegisterProduct",
    "RegisterSupplier",
    "RegisterUser",
    "ReleaseLot",
    "ReopenDelivery",
    "ReopenProduction",
    "ReopenSalesOrder",
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
    "SetPrice",
    "StartImport",
    "StartProduction",
    "TakeBackCount",
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
    | PriceListCommand
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
    | ChangePlantDetails
    | ImportCommand
    | ResolutionCommand
)
"""What ``Manchengo.execute`` takes."""

ARCHIVED = "archived"
"""Where a command leads that takes something out of use; what is so refuses it as ``Archived``."""


INSTEAD = frozenset(
    {
        *("change", "register", "block", "count", "receive", "cancel", "pour", "load"),
        *("reopen", "end_again", "return", "credit", "void_payment", "pay", "import", "for_good"),
    }
)
"""What people do about a step that no command takes back."""


def _states(states: str | Iterable[str]) -> frozenset[str]:
    return frozenset([states] if isinstance(states, str) else states)


@frozen
class CommandSchema(Schema[Command]):
    """``leads_to``: the state that the command brings about, or each of several, as the state is
    stored. Where two devices record such a step apart, the first did it for both. Empty where both
    count.
    ``of_oneself``: the permission that is enough for a person who gives the command about
    themselves; None where it is the same. ``undone_by``: the command that takes it back; where
    there is none, ``instead`` says what people do: a word of ``INSTEAD``.
    """

    permission: Permission
    leads_to: frozenset[str] = field(default=frozenset(), converter=_states, kw_only=True)
    of_oneself: Permission | None = field(default=None, kw_only=True)
    undone_by: type[Command] | None = field(default=None, kw_only=True)
    instead: str = field(default="", kw_only=True)


COMMANDS: dict[str, CommandSchema] = {
    "supplier.register": CommandSchema(
        RegisterSupplier, Permission.KEEP_PARTIES, undone_by=ArchiveSupplier
    ),
    "supplier.change": CommandSchema(ChangeSupplier, Permission.KEEP_PARTIES, instead="change"),
    "supplier.archive": CommandSchema(
        ArchiveSupplier, Permission.KEEP_PARTIES, leads_to=ARCHIVED, instead="register"
    ),
    "client.register": CommandSchema(
        RegisterClient, Permission.KEEP_PARTIES, undone_by=ArchiveClient
    ),
    "client.change": CommandSchema(ChangeClient, Permission.KEEP_PARTIES, instead="change"),
    "client.archive": CommandSchema(
        ArchiveClient, Permission.KEEP_PARTIES, leads_to=ARCHIVED, instead="register"
    ),
    "product.register": CommandSchema(
        RegisterProduct,
        Permission.KEEP_PRODUCTS,
        upcasters=(before_prices_per,),
        undone_by=ArchiveProduct,
    ),
    "product.change": CommandSchema(
        ChangeProduct, Permission.KEEP_PRODUCTS, upcasters=(before_prices_per,), instead="change"
    ),
    "product.set_density": CommandSchema(SetDensity, Permission.KEEP_PRODUCTS, instead="change"),
    "product.archive": CommandSchema(
        ArchiveProduct, Permission.KEEP_PRODUCTS, leads_to=ARCHIVED, instead="register"
    ),
    "price_list.register": CommandSchema(
        RegisterPriceList, Permission.SELL, undone_by=ArchivePriceList
    ),
    "price_list.change": CommandSchema(ChangePriceList, Permission.SELL, instead="change"),
    "price_list.set_price": CommandSchema(SetPrice, Permission.SELL, instead="change"),
    "price_list.archive": CommandSchema(
        ArchivePriceList, Permission.SELL, leads_to=ARCHIVED, instead="register"
    ),
    "recipe.define": CommandSchema(DefineRecipe, Permission.KEEP_RECIPES, instead="change"),
    "recipe.archive": CommandSchema(
        ArchiveRecipe, Permission.KEEP_RECIPES, leads_to=ARCHIVED, instead="register"
    ),
    "lot.receive": CommandSchema(
        ReceiveLot, Permission.RECEIVE, upcasters=(before_prices_per,), undone_by=VoidLot
    ),
    "lot.enter_opening_stock": CommandSchema(
        EnterOpeningStock,
        Permission.ENTER_OPENING_STOCK,
        upcasters=(before_prices_per,),
        undone_by=VoidLot,
    ),
    "lot.quarantine": CommandSchema(QuarantineLot, Permission.BLOCK_LOTS, undone_by=ReleaseLot),
    "lot.block": CommandSchema(BlockLot, Permission.BLOCK_LOTS, undone_by=ReleaseLot),
    "lot.release": CommandSchema(ReleaseLot, Permission.RELEASE_LOTS, instead="block"),
    "lot.recall": CommandSchema(RecallLot, Permission.RECALL_LOTS, instead="for_good"),
    "lot.send_back": CommandSchema(SendBackToSupplier, Permission.RECEIVE, instead="count"),
    "lot.write_off": CommandSchema(WriteOffLot, Permission.WRITE_OFF, instead="count"),
    "lot.count": CommandSchema(CountLot, Permission.COUNT_STOCK, undone_by=TakeBackCount),
    "lot.take_back_count": CommandSchema(TakeBackCount, Permission.COUNT_STOCK, instead="count"),
    "lot.correct": CommandSchema(
        CorrectLot, Permission.CORRECT_LOTS, upcasters=(before_prices_per,), instead="change"
    ),
    "lot.void": CommandSchema(
        VoidLot, Permission.CORRECT_LOTS, leads_to="voided", instead="receive"
    ),
    "production_order.plan": CommandSchema(
        PlanProduction, Permission.PRODUCE, undone_by=CancelProduction
    ),
    "production_order.start": CommandSchema(
        StartProduction, Permission.PRODUCE, leads_to="started", instead="cancel"
    ),
    "production_order.consume": CommandSchema(
        ConsumeMaterial, Permission.PRODUCE, undone_by=TakeBackMaterial
    ),
    "production_order.take_back": CommandSchema(
        TakeBackMaterial, Permission.PRODUCE, instead="pour"
    ),
    "production_order.complete": CommandSchema(
        CompleteProduction, Permission.PRODUCE, undone_by=ReopenProduction
    ),
    "production_order.cancel": CommandSchema(
        CancelProduction, Permission.PRODUCE, leads_to="cancelled", undone_by=ReopenProduction
    ),
    "production_order.reopen": CommandSchema(
        ReopenProduction, Permission.PRODUCE, leads_to=("planned", "started"), instead="end_again"
    ),
    "production_order.produce": CommandSchema(Produce, Permission.PRODUCE, instead="reopen"),
    "sales_order.place": CommandSchema(
        PlaceSalesOrder,
        Permission.SELL,
        upcasters=(before_prices_per, before_wanted_days),
        undone_by=CancelSalesOrder,
    ),
    "sales_order.confirm": CommandSchema(
        ConfirmSalesOrder, Permission.SELL, leads_to="confirmed", instead="cancel"
    ),
    "sales_order.cancel": CommandSchema(
        CancelSalesOrder, Permission.SELL, leads_to="cancelled", undone_by=ReopenSalesOrder
    ),
    "sales_order.close": CommandSchema(
        CloseSalesOrder, Permission.SELL, leads_to="closed", undone_by=ReopenSalesOrder
    ),
    "sales_order.reopen": CommandSchema(
        ReopenSalesOrder,
        Permission.SELL,
        leads_to=("placed", "confirmed", "partly_delivered", "delivered"),
        instead="end_again",
    ),
    "sales_order.sell": CommandSchema(
        Sell,
        Permission.SELL,
        upcasters=(before_prices_per, before_wanted_days),
        undone_by=CancelSalesOrder,
    ),
    "delivery.prepare": CommandSchema(
        PrepareDelivery, Permission.DELIVER, undone_by=CancelDelivery
    ),
    "delivery.load": CommandSchema(LoadLot, Permission.DELIVER, undone_by=UnloadLot),
    "delivery.unload": CommandSchema(UnloadLot, Permission.DELIVER, instead="load"),
    "delivery.dispatch": CommandSchema(
        DispatchDelivery,
        Permission.DELIVER,
        leads_to="dispatched",
        upcasters=(before_short_reasons,),
        instead="return",
    ),
    "delivery.confirm_reception": CommandSchema(
        ConfirmReception, Permission.DELIVER, leads_to="received", undone_by=ReopenDelivery
    ),
    "delivery.return": CommandSchema(ReturnDelivery, Permission.DELIVER, instead="count"),
    "delivery.cancel": CommandSchema(
        CancelDelivery, Permission.DELIVER, leads_to="cancelled", undone_by=ReopenDelivery
    ),
    "delivery.reopen": CommandSchema(
        ReopenDelivery,
        Permission.DELIVER,
        leads_to=("prepared", "dispatched"),
        instead="end_again",
    ),
    "delivery.deliver": CommandSchema(Deliver, Permission.DELIVER, instead="return"),
    "invoice.draft": CommandSchema(
        DraftInvoice, Permission.ISSUE_INVOICES, upcasters=(before_prices_per,), instead="credit"
    ),
    "invoice.issue": CommandSchema(IssueInvoice, Permission.ISSUE_INVOICES, instead="credit"),
    "credit_note.draft": CommandSchema(
        DraftCreditNote,
        Permission.CREDIT_OR_VOID,
        upcasters=(before_prices_per,),
        instead="for_good",
    ),
    "credit_note.issue": CommandSchema(
        IssueCreditNote, Permission.CREDIT_OR_VOID, instead="for_good"
    ),
    "payment.receive": CommandSchema(ReceivePayment, Permission.COLLECT, undone_by=VoidPayment),
    "payment.allocate": CommandSchema(AllocatePayment, Permission.COLLECT, instead="void_payment"),
    "payment.void": CommandSchema(
        VoidPayment, Permission.CREDIT_OR_VOID, leads_to="voided", instead="pay"
    ),
    "user.register": CommandSchema(
        RegisterUser, Permission.MANAGE_PEOPLE, undone_by=DeactivateUser
    ),
    "user.change_roles": CommandSchema(ChangeRoles, Permission.MANAGE_PEOPLE, instead="change"),
    "user.deactivate": CommandSchema(
        DeactivateUser, Permission.MANAGE_PEOPLE, leads_to=ARCHIVED, instead="register"
    ),
    "device.enrol": CommandSchema(EnrolDevice, Permission.MANAGE_DEVICES, undone_by=WithdrawDevice),
    "device.allow_renewal": CommandSchema(
        AllowRenewal, Permission.MANAGE_DEVICES, instead="for_good"
    ),
    "device.lift_quota": CommandSchema(LiftQuota, Permission.MANAGE_DEVICES, instead="for_good"),
    "device.withdraw": CommandSchema(
        WithdrawDevice,
        Permission.MANAGE_DEVICES,
        leads_to=ARCHIVED,
        upcasters=(before_keys_went_along,),
        instead="for_good",
    ),
    "audit.anchor": CommandSchema(AnchorAudit, Permission.MANAGE_DEVICES, instead="for_good"),
    "user.admit_key": CommandSchema(
        AdmitKey, Permission.MANAGE_KEYS, upcasters=(before_possession,), undone_by=WithdrawKey
    ),
    "user.admit_own_key": CommandSchema(
        AdmitOwnKey,
        Permission.MANAGE_KEYS,
        of_oneself=Permission.KEEP_OWN_KEYS,
        upcasters=(before_possession,),
        instead="for_good",
    ),
    "user.withdraw_key": CommandSchema(
        WithdrawKey, Permission.MANAGE_KEYS, of_oneself=Permission.KEEP_OWN_KEYS, instead="for_good"
    ),
    "user.invite": CommandSchema(
        InvitePerson, Permission.MANAGE_KEYS, undone_by=WithdrawInvitation
    ),
    "user.withdraw_invitation": CommandSchema(
        WithdrawInvitation,
        Permission.MANAGE_KEYS,
        of_oneself=Permission.KEEP_OWN_KEYS,
        instead="for_good",
    ),
    "plant.found": CommandSchema(FoundPlant, Permission.MANAGE_KEYS, instead="for_good"),
    "plant.require_signing": CommandSchema(
        RequireSigning,
        Permission.MANAGE_KEYS,
        upcasters=(before_what_was_seen, before_a_last_unsigned_day),
        instead="for_good",
    ),
    "plant.replace_server_key": CommandSchema(
        ReplaceServerKey, Permission.MANAGE_KEYS, instead="for_good"
    ),
    "plant.make_label_key": CommandSchema(MakeLabelKey, Permission.MANAGE_KEYS, instead="for_good"),
    "plant.request_label_keys": CommandSchema(
        RequestLabelKeys, Permission.KEEP_OWN_KEYS, instead="for_good"
    ),
    "plant.grant_label_key": CommandSchema(
        GrantLabelKey, Permission.MANAGE_KEYS, instead="for_good"
    ),
    "plant.withdraw_label_key": CommandSchema(
        WithdrawLabelKey, Permission.MANAGE_KEYS, instead="for_good"
    ),
    "plant_details.change": CommandSchema(
        ChangePlantDetails, Permission.KEEP_PLANT, instead="change"
    ),
    "import.start": CommandSchema(
        StartImport,
        Permission.IMPORT,
        upcasters=(before_opening_stock, before_price_files),
        undone_by=UndoImport,
    ),
    "import.finish": CommandSchema(FinishImport, Permission.IMPORT, undone_by=UndoImport),
    "import.undo": CommandSchema(
        UndoImport,
        Permission.UNDO_IMPORTS,
        upcasters=(before_undoing_in_parts,),
        leads_to=("undoing", "undone"),
        instead="import",
    ),
    "resolution.resolve": CommandSchema(
        ResolveItem, Permission.RESOLVE, upcasters=(before_accepting,), instead="for_good"
    ),
    "resolution.report_reused_id": CommandSchema(
        ReportReusedId, Permission.RESOLVE, instead="for_good"
    ),
    "resolution.set_aside": CommandSchema(
        SetAsideParked, Permission.SET_ASIDE, leads_to=SET_ASIDE, undone_by=TakeUpParked
    ),
    "resolution.take_up": CommandSchema(
        TakeUpParked, Permission.SET_ASIDE, undone_by=SetAsideParked
    ),
}

NEEDS: dict[type[Command], Permission] = {
    schema.type: schema.permission for schema in COMMANDS.values()
}
"""The permission that each command needs."""

NEEDS_OF_ONESELF: dict[type[Command], Permission] = {
    schema.type: schema.of_oneself for schema in COMMANDS.values() if schema.of_oneself
}
"""The permission that is enough for who gives the command about themselves, its ``user_id``."""
