"""The table of contents: every command, and the function that handles it."""

from typing import assert_never

from manchengo import commands as asked
from manchengo.application.handlers import (
    billing,
    deliveries,
    devices,
    imports,
    lots,
    people,
    production,
    registers,
    resolution,
    sales,
)
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import Command


def decide(work: UnitOfWork, command: Command) -> None:
    """Records in ``work`` the events of the command; raises ``Refused`` where a rule forbids it."""
    match command:
        case asked.RegisterSupplier():
            registers.register_supplier(work, command)
        case asked.ChangeSupplier() | asked.ArchiveSupplier():
            registers.supplier_step(work, command)
        case asked.RegisterClient():
            registers.register_client(work, command)
        case asked.ChangeClient() | asked.ArchiveClient():
            registers.client_step(work, command)
        case asked.RegisterProduct():
            registers.register_product(work, command)
        case asked.ChangeProduct() | asked.SetDensity() | asked.ArchiveProduct():
            registers.product_step(work, command)
        case asked.DefineRecipe():
            registers.define_recipe(work, command)
        case asked.ArchiveRecipe():
            registers.archive_recipe(work, command)
        case asked.ReceiveLot():
            lots.receive(work, command)
        case asked.EnterOpeningStock():
            lots.enter_opening_stock(work, command)
        case asked.QuarantineLot() | asked.BlockLot() | asked.ReleaseLot():
            lots.step(work, command)
        case asked.WriteOffLot() | asked.SendBackToSupplier():
            lots.take_out(work, command)
        case asked.CountLot():
            lots.count(work, command)
        case asked.CorrectLot():
            lots.correct(work, command)
        case asked.RecallLot():
            lots.recall(work, command)
        case asked.PlanProduction():
            production.plan(work, command)
        case asked.StartProduction():
            production.start(work, command)
        case asked.ConsumeMaterial():
            production.consume(work, command)
        case asked.CompleteProduction():
            production.complete(work, command)
        case asked.CancelProduction():
            production.cancel(work, command)
        case asked.Produce():
            production.produce(work, command)
        case asked.PlaceSalesOrder():
            sales.place(work, command)
        case asked.ConfirmSalesOrder():
            sales.confirm(work, command)
        case asked.CancelSalesOrder():
            sales.cancel(work, command)
        case asked.CloseSalesOrder():
            sales.close(work, command)
        case asked.Sell():
            sales.sell(work, command)
        case asked.PrepareDelivery():
            deliveries.prepare(work, command)
        case asked.LoadLot():
            deliveries.load(work, command)
        case asked.DispatchDelivery():
            deliveries.dispatch(work, command)
        case asked.ConfirmReception():
            deliveries.confirm_reception(work, command)
        case asked.ReturnDelivery():
            deliveries.take_back(work, command)
        case asked.CancelDelivery():
            deliveries.cancel(work, command)
        case asked.Deliver():
            deliveries.deliver(work, command)
        case asked.DraftInvoice():
            billing.draft_invoice(work, command)
        case asked.IssueInvoice():
            billing.issue_invoice(work, command)
        case asked.DraftCreditNote():
            billing.draft_credit_note(work, command)
        case asked.IssueCreditNote():
            billing.issue_credit_note(work, command)
        case asked.ReceivePayment():
            billing.receive_payment(work, command)
        case asked.AllocatePayment():
            billing.allocate_payment(work, command)
        case asked.VoidPayment():
            billing.void_payment(work, command)
        case asked.RegisterUser():
            registers.register_user(work, command)
        case asked.ChangeRoles() | asked.DeactivateUser():
            registers.user_step(work, command)
        case asked.EnrolDevice():
            devices.enrol_device(work, command)
        case asked.WithdrawDevice():
            devices.withdraw_device(work, command)
        case asked.AdmitKey() | asked.WithdrawKey():
            people.key_step(work, command)
        case asked.RequireSigning():
            people.require_signing(work, command)
        case asked.StartImport():
            imports.start(work, command)
        case asked.FinishImport():
            imports.finish(work, command)
        case asked.UndoImport():
            imports.undo(work, command)
        case asked.ResolveItem():
            resolution.resolve(work, command, again=decide)
        case asked.ReportReusedId():
            resolution.refuse_reused_id(work, command)
        case _:
            assert_never(command)
