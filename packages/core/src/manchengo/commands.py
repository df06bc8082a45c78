"""Everything that may be asked of the dairy, and what each asks of whoever asks it."""

from manchengo.domain.access import ChangeRoles, DeactivateUser, Permission, RegisterUser
from manchengo.domain.client import ArchiveClient, ChangeClient, RegisterClient
from manchengo.domain.credit_note import DraftCreditNote, IssueCreditNote
from manchengo.domain.delivery import (
    CancelDelivery,
    ConfirmReception,
    Deliver,
    DispatchDelivery,
    LoadLot,
    PrepareDelivery,
    ReturnDelivery,
)
from manchengo.domain.device import EnrolDevice, WithdrawDevice
from manchengo.domain.import_batch import FinishImport, StartImport, UndoImport
from manchengo.domain.invoice import DraftInvoice, IssueInvoice
from manchengo.domain.lot.commands import (
    BlockLot,
    CorrectLot,
    CountLot,
    QuarantineLot,
    ReceiveLot,
    ReleaseLot,
    SendBackToSupplier,
    WriteOffLot,
)
from manchengo.domain.opening_stock import EnterOpeningStock
from manchengo.domain.payment import AllocatePayment, ReceivePayment, VoidPayment
from manchengo.domain.product import ArchiveProduct, ChangeProduct, RegisterProduct, SetDensity
from manchengo.domain.production_order import (
    CancelProduction,
    CompleteProduction,
    ConsumeMaterial,
    PlanProduction,
    Produce,
    StartProduction,
)
from manchengo.domain.recall import RecallLot
from manchengo.domain.recipe import ArchiveRecipe, DefineRecipe
from manchengo.domain.resolution import ReportReusedId, ResolveItem
from manchengo.domain.sales_order import (
    CancelSalesOrder,
    CloseSalesOrder,
    ConfirmSalesOrder,
    PlaceSalesOrder,
    Sell,
)
from manchengo.domain.supplier import ArchiveSupplier, ChangeSupplier, RegisterSupplier

__all__ = [
    "NEEDS",
    "AllocatePayment",
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
    "IssueCreditNote",
    "IssueInvoice",
    "LoadLot",
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
    "ReportReusedId",
    "ResolveItem",
    "ReturnDelivery",
    "Sell",
    "SendBackToSupplier",
    "SetDensity",
    "StartImport",
    "StartProduction",
    "UndoImport",
    "VoidPayment",
    "WithdrawDevice",
    "WriteOffLot",
]

Command = (
    RegisterSupplier
    | ChangeSupplier
    | ArchiveSupplier
    | RegisterClient
    | ChangeClient
    | ArchiveClient
    | RegisterProduct
    | ChangeProduct
    | SetDensity
    | ArchiveProduct
    | DefineRecipe
    | ArchiveRecipe
    | ReceiveLot
    | EnterOpeningStock
    | QuarantineLot
    | BlockLot
    | ReleaseLot
    | RecallLot
    | SendBackToSupplier
    | WriteOffLot
    | CountLot
    | CorrectLot
    | PlanProduction
    | StartProduction
    | ConsumeMaterial
    | CompleteProduction
    | CancelProduction
    | Produce
    | PlaceSalesOrder
    | ConfirmSalesOrder
    | CancelSalesOrder
    | CloseSalesOrder
    | Sell
    | PrepareDelivery
    | LoadLot
    | DispatchDelivery
    | ConfirmReception
    | ReturnDelivery
    | CancelDelivery
    | Deliver
    | DraftInvoice
    | IssueInvoice
    | DraftCreditNote
    | IssueCreditNote
    | ReceivePayment
    | AllocatePayment
    | VoidPayment
    | RegisterUser
    | ChangeRoles
    | DeactivateUser
    | EnrolDevice
    | WithdrawDevice
    | StartImport
    | FinishImport
    | UndoImport
    | ResolveItem
    | ReportReusedId
)

NEEDS: dict[type[Command], Permission] = {
    RegisterSupplier: Permission.KEEP_PARTIES,
    ChangeSupplier: Permission.KEEP_PARTIES,
    ArchiveSupplier: Permission.KEEP_PARTIES,
    RegisterClient: Permission.KEEP_PARTIES,
    ChangeClient: Permission.KEEP_PARTIES,
    ArchiveClient: Permission.KEEP_PARTIES,
    RegisterProduct: Permission.KEEP_PRODUCTS,
    ChangeProduct: Permission.KEEP_PRODUCTS,
    SetDensity: Permission.KEEP_PRODUCTS,
    ArchiveProduct: Permission.KEEP_PRODUCTS,
    DefineRecipe: Permission.KEEP_PRODUCTS,
    ArchiveRecipe: Permission.KEEP_PRODUCTS,
    ReceiveLot: Permission.RECEIVE,
    EnterOpeningStock: Permission.ENTER_OPENING_STOCK,
    SendBackToSupplier: Permission.RECEIVE,
    WriteOffLot: Permission.ADJUST_STOCK,
    CountLot: Permission.ADJUST_STOCK,
    CorrectLot: Permission.ADJUST_STOCK,
    QuarantineLot: Permission.JUDGE_QUALITY,
    BlockLot: Permission.JUDGE_QUALITY,
    ReleaseLot: Permission.JUDGE_QUALITY,
    RecallLot: Permission.JUDGE_QUALITY,
    PlanProduction: Permission.PRODUCE,
    StartProduction: Permission.PRODUCE,
    ConsumeMaterial: Permission.PRODUCE,
    CompleteProduction: Permission.PRODUCE,
    CancelProduction: Permission.PRODUCE,
    Produce: Permission.PRODUCE,
    PlaceSalesOrder: Permission.SELL,
    ConfirmSalesOrder: Permission.SELL,
    CancelSalesOrder: Permission.SELL,
    CloseSalesOrder: Permission.SELL,
    Sell: Permission.SELL,
    PrepareDelivery: Permission.DELIVER,
    LoadLot: Permission.DELIVER,
    DispatchDelivery: Permission.DELIVER,
    ConfirmReception: Permission.DELIVER,
    ReturnDelivery: Permission.DELIVER,
    CancelDelivery: Permission.DELIVER,
    Deliver: Permission.DELIVER,
    DraftInvoice: Permission.INVOICE,
    IssueInvoice: Permission.INVOICE,
    DraftCreditNote: Permission.INVOICE,
    IssueCreditNote: Permission.INVOICE,
    ReceivePayment: Permission.INVOICE,
    AllocatePayment: Permission.INVOICE,
    VoidPayment: Permission.INVOICE,
    RegisterUser: Permission.ADMINISTER,
    ChangeRoles: Permission.ADMINISTER,
    DeactivateUser: Permission.ADMINISTER,
    EnrolDevice: Permission.ADMINISTER,
    WithdrawDevice: Permission.ADMINISTER,
    StartImport: Permission.IMPORT,
    FinishImport: Permission.IMPORT,
    UndoImport: Permission.IMPORT,
    ResolveItem: Permission.RESOLVE,
    ReportReusedId: Permission.RESOLVE,
}
