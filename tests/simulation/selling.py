"""Cheese is ordered, carried out, billed and paid for."""

from manchengo import commands
from manchengo.domain.billing import BillLine
from manchengo.domain.delivery import Disposition, ReturnLine
from manchengo.domain.ids import (
    CreditNoteId,
    DeliveryId,
    InvoiceId,
    PaymentId,
    SalesOrderId,
)
from manchengo.domain.payment import PaymentMode
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Money, Percent, Quantity, Unit
from manchengo.ports.rows import (
    CreditNoteRow,
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    InvoiceRow,
    PaymentRow,
    SalesOrderRow,
)
from tests.simulation.day import Day, Deed
from tests.support.dairy import CHEESE, PRICE

# ---------------------------------------------------------------- sales


def lines(day: Day) -> tuple[OrderLine, ...]:
    quantity = Quantity(day.random.randrange(500, 5_000), Unit.KG)
    return (OrderLine(product_id=CHEESE, quantity=quantity, unit_price=PRICE),)


def place(day: Day) -> Deed:
    code = day.code("S")
    return commands.PlaceSalesOrder(
        order_id=SalesOrderId(day.id_for(code)),
        code=code,
        client_id=day.client(),
        lines=lines(day),
        on=day.on(),
    )


def sell(day: Day) -> Deed:
    code = day.code("S")
    return commands.Sell(
        order_id=SalesOrderId(day.id_for(code)),
        code=code,
        client_id=day.client(),
        lines=lines(day),
        on=day.on(),
    )


def an_order(day: Day, *states: str) -> SalesOrderId:
    return day.one([row.id for row in day.snapshot.rows(SalesOrderRow) if row.status in states])


def confirm(day: Day) -> Deed:
    return commands.ConfirmSalesOrder(order_id=an_order(day, "placed"), on=day.on())


def cancel_sale(day: Day) -> Deed:
    order = an_order(day, "placed", "confirmed")
    return commands.CancelSalesOrder(order_id=order, on=day.on(), reason=day.reason())


def close_sale(day: Day) -> Deed:
    order = an_order(day, "partly_delivered", "delivered")
    return commands.CloseSalesOrder(order_id=order, on=day.on())


def reopen_sale(day: Day) -> Deed:
    order = an_order(day, "closed", "cancelled")
    return commands.ReopenSalesOrder(order_id=order, on=day.on(), reason=day.reason())


def deliver(day: Day) -> Deed:
    code = day.code("V")
    return commands.Deliver(
        delivery_id=DeliveryId(day.id_for(code)),
        code=code,
        order_id=an_order(day, "confirmed", "partly_delivered"),
        on=day.on(),
    )


def prepare(day: Day) -> Deed:
    code = day.code("V")
    return commands.PrepareDelivery(
        delivery_id=DeliveryId(day.id_for(code)),
        code=code,
        order_id=an_order(day, "confirmed", "partly_delivered"),
        on=day.on(),
    )


def a_van(day: Day, *states: str) -> DeliveryRow:
    return day.one([row for row in day.snapshot.rows(DeliveryRow) if row.status in states])


def load(day: Day) -> Deed:
    lot = day.row(FinishedLotRow)
    return commands.LoadLot(
        delivery_id=a_van(day, "prepared").id,
        lot_id=lot.id,
        quantity=Quantity(day.amount(min(lot.quantity_remaining, 2_000)), Unit.KG),
        on=day.on(),
        override_reason=day.one(["", "plus près"]),
    )


def unload(day: Day) -> Deed:
    van = a_van(day, "prepared")
    line = day.row(DeliveryLineRow, delivery_id=van.id)
    some = Quantity(day.amount(line.quantity), Unit(line.unit))
    return commands.UnloadLot(
        delivery_id=van.id, lot_id=line.lot_id, on=day.on(), quantity=day.one([None, some])
    )


def dispatch(day: Day) -> Deed:
    return commands.DispatchDelivery(delivery_id=a_van(day, "prepared").id, on=day.on())


def stay(day: Day) -> Deed:
    van = a_van(day, "prepared")
    return commands.CancelDelivery(delivery_id=van.id, on=day.on(), reason=day.reason())


def confirm_reception(day: Day) -> Deed:
    van = a_van(day, "dispatched")
    return commands.ConfirmReception(delivery_id=van.id, on=day.on(), received_by="Karim")


def reopen_van(day: Day) -> Deed:
    van = a_van(day, "received", "cancelled")
    return commands.ReopenDelivery(delivery_id=van.id, on=day.on(), reason=day.reason())


def come_back(day: Day) -> Deed:
    van = a_van(day, "dispatched", "received")
    line = day.row(DeliveryLineRow, delivery_id=van.id)
    back = ReturnLine(
        lot_id=line.lot_id,
        quantity=Quantity(day.amount(line.quantity), Unit(line.unit)),
        disposition=day.one([*Disposition]),
    )
    return commands.ReturnDelivery(
        delivery_id=van.id, lines=(back,), on=day.on(), reason=day.reason()
    )


# ---------------------------------------------------------------- money


def draft_invoice(day: Day) -> Deed:
    line = BillLine(
        designation="Tomme",
        quantity=Quantity(day.random.randrange(1, 9) * 1_000, Unit.KG),
        unit_price=PRICE,
        vat_rate=Percent(1_900),
        vat_rule="tva.normal@2017",
        product_id=CHEESE,
    )
    return commands.DraftInvoice(
        invoice_id=InvoiceId(day.id()), client_id=day.client(), lines=(line,), on=day.on()
    )


def issue_invoice(day: Day) -> Deed:
    bill = day.row(InvoiceRow, status="draft")
    return commands.IssueInvoice(invoice_id=bill.id, number=day.code("FA"), on=day.on())


def credit(day: Day) -> Deed:
    notes = [row for row in day.snapshot.rows(CreditNoteRow) if row.number is None]
    if notes and day.random.random() < 0.6:
        note = day.one(notes)
        return commands.IssueCreditNote(credit_note_id=note.id, number=day.code("AV"), on=day.on())
    bill = day.row(InvoiceRow)
    line = BillLine(
        designation="Tomme",
        quantity=Quantity(1_000, Unit.KG),
        unit_price=PRICE,
        vat_rate=Percent(1_900),
        vat_rule="tva.normal@2017",
        product_id=CHEESE,
    )
    return commands.DraftCreditNote(
        credit_note_id=CreditNoteId(day.id()),
        invoice_id=bill.id,
        lines=(line,),
        on=day.on(),
        reason=day.reason(),
    )


def be_paid(day: Day) -> Deed:
    return commands.ReceivePayment(
        payment_id=PaymentId(day.id()),
        client_id=day.client(),
        amount=Money(day.random.randrange(1, 9) * 100_000),
        mode=day.one([PaymentMode.CASH, PaymentMode.TRANSFER]),
        on=day.on(),
    )


def allocate_payment(day: Day) -> Deed:
    payment, bill = day.row(PaymentRow), day.row(InvoiceRow)
    return commands.AllocatePayment(
        payment_id=payment.id,
        invoice_id=bill.id,
        amount=Money(day.amount(payment.amount)),
        on=day.on(),
    )


def void_payment(day: Day) -> Deed:
    payment = day.row(PaymentRow)
    return commands.VoidPayment(payment_id=payment.id, on=day.on(), reason=day.reason())
