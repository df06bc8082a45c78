"""Invoices, credit notes and payments, as rows."""

from collections.abc import Iterator

from manchengo.domain.billing import totals
from manchengo.domain.credit_note import CreditNote
from manchengo.domain.invoice import Draft, Invoice
from manchengo.domain.payment import Payment
from manchengo.ports.rows import (
    CreditNoteRow,
    InvoiceDeliveryRow,
    InvoiceLineRow,
    InvoiceRow,
    PaymentAllocationRow,
    PaymentRow,
    Row,
)


def invoice(state: Invoice) -> Iterator[Row]:
    """The rows of an invoice."""
    draft = state if isinstance(state, Draft) else state.draft
    issued = None if isinstance(state, Draft) else state
    sums = issued.totals if issued else totals(draft.lines)
    yield InvoiceRow(
        id=draft.id,
        number=issued.number if issued else None,
        client_id=draft.client_id,
        status=issued.status if issued else "draft",
        day=issued.on if issued else draft.on,
        due_on=issued.due_on if issued else None,
        net=sums.net.centimes,
        vat=sums.gross.centimes - sums.net.centimes,
        gross=sums.gross.centimes,
        paid=issued.paid.centimes if issued else 0,
        credited=issued.credited.centimes if issued else 0,
    )
    for number, line in enumerate(draft.lines, 1):
        yield InvoiceLineRow(
            invoice_id=draft.id,
            number=number,
            product_id=line.product_id,
            designation=line.designation,
            quantity=line.quantity.thousandths,
            unit=line.quantity.unit.value,
            unit_price=line.unit_price.centimes,
            discount=line.discount.basis_points,
            vat_rate=line.vat_rate.basis_points,
            vat_rule=line.vat_rule,
            net=line.net().centimes,
            price_per=line.unit_price.per,
        )
    for number, delivery_id in enumerate(draft.delivery_ids, 1):
        yield InvoiceDeliveryRow(invoice_id=draft.id, number=number, delivery_id=delivery_id)


def credit_note(state: CreditNote) -> Iterator[Row]:
    """The row of a credit note."""
    sums = state.totals or totals(state.lines)
    yield CreditNoteRow(
        id=state.id,
        invoice_id=state.invoice_id,
        number=state.number,
        day=state.on,
        reason=state.reason,
        net=sums.net.centimes,
        vat=sums.gross.centimes - sums.net.centimes,
        gross=sums.gross.centimes,
    )


def payment(state: Payment) -> Iterator[Row]:
    """The rows of a payment."""
    yield PaymentRow(
        id=state.id,
        client_id=state.client_id,
        status=state.status,
        mode=state.mode.value,
        amount=state.amount.centimes,
        unallocated=state.left.centimes,
        day=state.on,
        reference=state.reference,
        cheque_number=state.cheque.number if state.cheque else "",
        cheque_dated=state.cheque.dated if state.cheque else None,
        cheque_drawee=state.cheque.drawee if state.cheque else "",
        reason=state.voided or "",
    )
    for number, allocation in enumerate(state.allocations, 1):
        yield PaymentAllocationRow(
            payment_id=state.id,
            number=number,
            invoice_id=allocation.invoice_id,
            amount=allocation.amount.centimes,
            day=allocation.on,
        )
