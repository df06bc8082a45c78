"""The table of contents: every command, and who handles it."""

from typing import assert_never

from manchengo import commands as asked
from manchengo.application.books import Books
from manchengo.application.handlers import (
    billing,
    deliveries,
    devices,
    imports,
    lots,
    production,
    registers,
    resolution,
    sales,
)
from manchengo.commands import Command


def decide(books: Books, command: Command) -> None:
    """Tell the books what the command does; ``Refused`` where a rule says no."""
    match command:
        case asked.RegisterSupplier():
            registers.register_supplier(books, command)
        case asked.ChangeSupplier() | asked.ArchiveSupplier():
            registers.supplier_step(books, command)
        case asked.RegisterClient():
            registers.register_client(books, command)
        case asked.ChangeClient() | asked.ArchiveClient():
            registers.client_step(books, command)
        case asked.RegisterProduct():
            registers.register_product(books, command)
        case asked.ChangeProduct() | asked.SetDensity() | asked.ArchiveProduct():
            registers.product_step(books, command)
        case asked.DefineRecipe():
            registers.define_recipe(books, command)
        case asked.ArchiveRecipe():
            registers.archive_recipe(books, command)
        case asked.ReceiveLot():
            lots.receive(books, command)
        case asked.EnterOpeningStock():
            lots.enter_opening_stock(books, command)
        case asked.QuarantineLot() | asked.BlockLot() | asked.ReleaseLot():
            lots.step(books, command)
        case asked.WriteOffLot() | asked.SendBackToSupplier():
            lots.take_out(books, command)
        case asked.CountLot():
            lots.count(books, command)
        case asked.CorrectLot():
            lots.correct(books, command)
        case asked.RecallLot():
            lots.recall(books, command)
        case asked.PlanProduction():
            production.plan(books, command)
        case asked.StartProduction():
            production.start(books, command)
        case asked.ConsumeMaterial():
            production.consume(books, command)
        case asked.CompleteProduction():
            production.complete(books, command)
        case asked.CancelProduction():
            production.cancel(books, command)
        case asked.Produce():
            production.produce(books, command)
        case asked.PlaceSalesOrder():
            sales.place(books, command)
        case asked.ConfirmSalesOrder():
            sales.confirm(books, command)
        case asked.CancelSalesOrder():
            sales.cancel(books, command)
        case asked.CloseSalesOrder():
            sales.close(books, command)
        case asked.Sell():
            sales.sell(books, command)
        case asked.PrepareDelivery():
            deliveries.prepare(books, command)
        case asked.LoadLot():
            deliveries.load(books, command)
        case asked.DispatchDelivery():
            deliveries.dispatch(books, command)
        case asked.ConfirmReception():
            deliveries.confirm_reception(books, command)
        case asked.ReturnDelivery():
            deliveries.take_back(books, command)
        case asked.CancelDelivery():
            deliveries.cancel(books, command)
        case asked.Deliver():
            deliveries.deliver(books, command)
        case asked.DraftInvoice():
            billing.draft_invoice(books, command)
        case asked.IssueInvoice():
            billing.issue_invoice(books, command)
        case asked.DraftCreditNote():
            billing.draft_credit_note(books, command)
        case asked.IssueCreditNote():
            billing.issue_credit_note(books, command)
        case asked.ReceivePayment():
            billing.receive_payment(books, command)
        case asked.AllocatePayment():
            billing.allocate_payment(books, command)
        case asked.VoidPayment():
            billing.void_payment(books, command)
        case asked.RegisterUser():
            registers.register_user(books, command)
        case asked.ChangeRoles() | asked.DeactivateUser():
            registers.user_step(books, command)
        case asked.EnrolDevice():
            devices.enrol_device(books, command)
        case asked.WithdrawDevice():
            devices.withdraw_device(books, command)
        case asked.StartImport():
            imports.start(books, command)
        case asked.FinishImport():
            imports.finish(books, command)
        case asked.UndoImport():
            imports.undo(books, command)
        case asked.ResolveItem():
            resolution.resolve(books, command, again=decide)
        case asked.ReportReusedId():
            resolution.refuse_reused_id(books, command)
        case _:
            assert_never(command)
