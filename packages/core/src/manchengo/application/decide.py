"""The table of contents: every command, and the function that handles it."""

from typing import assert_never

from manchengo import commands
from manchengo.application.handlers import (
    billing,
    deliveries,
    devices,
    imports,
    lots,
    people,
    production,
    registers,
    reopening,
    resolution,
    sales,
    unloading,
)
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command


def decide(work: UnitOfWork, command: Command) -> None:
    """Records in ``work`` the events of the command; raises ``Refused`` where a rule forbids it."""
    match command:
        case commands.RegisterSupplier():
            registers.register_supplier(work, command)
        case commands.ChangeSupplier() | commands.ArchiveSupplier():
            registers.supplier_step(work, command)
        case commands.RegisterClient():
            registers.register_client(work, command)
        case commands.ChangeClient() | commands.ArchiveClient():
            registers.client_step(work, command)
        case commands.RegisterProduct():
            registers.register_product(work, command)
        case commands.ChangeProduct() | commands.SetDensity() | commands.ArchiveProduct():
            registers.product_step(work, command)
        case commands.RegisterPriceList():
            registers.register_price_list(work, command)
        case commands.SetPrice():
            registers.set_price(work, command)
        case commands.ChangePriceList() | commands.ArchivePriceList():
            registers.price_list_step(work, command)
        case commands.DefineRecipe():
            registers.define_recipe(work, command)
        case commands.ArchiveRecipe():
            registers.archive_recipe(work, command)
        case commands.ReceiveLot():
            lots.receive(work, command)
        case commands.EnterOpeningStock():
            lots.enter_opening_stock(work, command)
        case commands.QuarantineLot() | commands.BlockLot() | commands.ReleaseLot():
            lots.step(work, command)
        case commands.WriteOffLot() | commands.SendBackToSupplier():
            lots.take_out(work, command)
        case commands.CountLot() | commands.TakeBackCount():
            lots.count(work, command)
        case commands.CorrectLot():
            lots.correct(work, command)
        case commands.VoidLot():
            lots.void(work, command)
        case commands.RecallLot():
            lots.recall(work, command)
        case commands.PlanProduction():
            production.plan(work, command)
        case commands.StartProduction():
            production.start(work, command)
        case commands.ConsumeMaterial():
            production.consume(work, command)
        case commands.TakeBackMaterial():
            production.take_back(work, command)
        case commands.CompleteProduction():
            production.complete(work, command)
        case commands.CancelProduction():
            production.cancel(work, command)
        case commands.ReopenProduction():
            reopening.reopen_production(work, command)
        case commands.Produce():
            production.produce(work, command)
        case commands.PlaceSalesOrder():
            sales.place(work, command)
        case commands.ConfirmSalesOrder():
            sales.confirm(work, command)
        case commands.CancelSalesOrder():
            sales.cancel(work, command)
        case commands.CloseSalesOrder():
            sales.close(work, command)
        case commands.ReopenSalesOrder():
            reopening.reopen_sales_order(work, command)
        case commands.Sell():
            sales.sell(work, command)
        case commands.PrepareDelivery():
            deliveries.prepare(work, command)
        case commands.LoadLot():
            deliveries.load(work, command)
        case commands.UnloadLot():
            unloading.unload(work, command)
        case commands.DispatchDelivery():
            deliveries.dispatch(work, command)
        case commands.ConfirmReception():
            deliveries.confirm_reception(work, command)
        case commands.ReturnDelivery():
            deliveries.take_back(work, command)
        case commands.CancelDelivery():
            deliveries.cancel(work, command)
        case commands.ReopenDelivery():
            reopening.reopen_delivery(work, command)
        case commands.Deliver():
            deliveries.deliver(work, command)
        case commands.DraftInvoice():
            billing.draft_invoice(work, command)
        case commands.IssueInvoice():
            billing.issue_invoice(work, command)
        case commands.DraftCreditNote():
            billing.draft_credit_note(work, command)
        case commands.IssueCreditNote():
            billing.issue_credit_note(work, command)
        case commands.ReceivePayment():
            billing.receive_payment(work, command)
        case commands.AllocatePayment():
            billing.allocate_payment(work, command)
        case commands.VoidPayment():
            billing.void_payment(work, command)
        case commands.RegisterUser():
            registers.register_user(work, command)
        case commands.ChangeRoles() | commands.DeactivateUser():
            registers.user_step(work, command)
        case commands.EnrolDevice():
            devices.enrol_device(work, command)
        case commands.WithdrawDevice():
            devices.withdraw_device(work, command)
        case commands.AllowRenewal() | commands.LiftQuota():
            devices.family_step(work, command)
        case commands.AnchorAudit():
            devices.anchor_audit(work, command)
        case commands.AdmitKey() | commands.AdmitOwnKey() | commands.WithdrawKey():
            people.key_step(work, command)
        case commands.InvitePerson() | commands.WithdrawInvitation():
            people.invitation_step(work, command)
        case commands.FoundPlant():
            people.found_plant(work, command)
        case commands.RequireSigning() | commands.ReplaceServerKey():
            people.plant_step(work, command)
        case (
            commands.MakeLabelKey()
            | commands.RequestLabelKeys()
            | commands.GrantLabelKey()
            | commands.WithdrawLabelKey()
        ):
            people.plant_step(work, command)
        case commands.ChangePlantDetails():
            registers.change_plant_details(work, command)
        case commands.StartImport():
            imports.start(work, command)
        case commands.FinishImport():
            imports.finish(work, command)
        case commands.UndoImport():
            imports.undo(work, command)
        case commands.ResolveItem():
            resolution.resolve(work, command, again=decide)
        case commands.SetAsideParked():
            resolution.set_aside(work, command)
        case commands.TakeUpParked():
            resolution.take_up(work, command)
        case commands.ReportReusedId():
            resolution.refuse_reused_id(work, command)
        case _:
            assert_never(command)
