"""What is to be billed of deliveries, and what of an invoice may still be credited."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from manchengo.application.by_id import product_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import CREDIT_NOTE
from manchengo.domain.billing import BillLine
from manchengo.domain.delivery import GONE
from manchengo.domain.ids import DeliveryId, InvoiceId, ProductId, SalesOrderId
from manchengo.domain.product import VatClass
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Percent, Quantity, Unit
from manchengo.domain.vat_rates import vat_rate
from manchengo.ports.rows import (
    CreditNoteRow,
    DeliveryLineRow,
    DeliveryRow,
    InvoiceDeliveryRow,
    InvoiceLineRow,
    InvoiceRow,
    SalesOrderLineRow,
)
from manchengo.ports.store import Snapshot


def bills_of(snapshot: Snapshot, delivery_id: DeliveryId) -> Iterator[InvoiceRow]:
    """The invoices that bill that delivery; those that were credited whole bill nothing."""
    for row in snapshot.rows(InvoiceDeliveryRow, delivery_id=delivery_id):
        bill = snapshot.get(InvoiceRow, row.invoice_id)
        assert bill is not None, "a row of an invoice has its invoice"
        if bill.status != "cancelled":
            yield bill


def unbilled(snapshot: Snapshot, order_id: SalesOrderId) -> list[DeliveryRow]:
    """The deliveries of that order that left and are on no invoice, in the order they left."""
    return [
        note
        for note in _gone(snapshot, order_id)
        if next(bills_of(snapshot, note.id), None) is None
    ]


def lines_to_bill(
    snapshot: Snapshot, notes: Collection[DeliveryRow], on: date
) -> tuple[BillLine, ...]:
    """What the client kept of these deliveries, at the price of his orders and the TVA of that day.

    A product may stand twice in an order, some of it free: what leaves first fills its first line.
    """
    wanted = {note.id for note in notes}
    lines = []
    for order_id in dict.fromkeys(note.order_id for note in notes):
        left = {line.number: line.quantity for line in _lines(snapshot, order_id)}
        billed: Counter[int] = Counter()
        for note in _gone(snapshot, order_id):
            for product_id, kept in _kept(snapshot, note).items():
                for number, part in _filled(snapshot, order_id, product_id, kept, left):
                    left[number] -= part
                    billed[number] += part if note.id in wanted else 0
        for line in _lines(snapshot, order_id):
            if billed[line.number]:
                lines.append(_bill_line(snapshot, line, billed[line.number], on))
    return tuple(lines)


def lines_left(snapshot: Snapshot, invoice_id: InvoiceId) -> list[BillLine]:
    """The lines of an invoice, each with what no credit note took off it yet; none is left out."""
    work = UnitOfWork(snapshot)
    credited: Counter[BillLine] = Counter()
    for noted in snapshot.rows(CreditNoteRow, invoice_id=invoice_id):
        note = work.load(CREDIT_NOTE, noted.id)
        if note.number is not None:
            for line in note.lines:
                credited[_like(line)] += line.quantity.thousandths
    found = []
    for row in snapshot.rows(InvoiceLineRow, invoice_id=invoice_id):
        line = bill_line(row)
        taken = min(credited[_like(line)], row.quantity)
        credited[_like(line)] -= taken
        found.append(line.with_quantity(line.quantity.with_thousandths(row.quantity - taken)))
    return found


def bill_line(row: InvoiceLineRow) -> BillLine:
    """The line of a bill that the row shows."""
    return BillLine(
        designation=row.designation,
        quantity=Quantity(row.quantity, Unit(row.unit)),
        unit_price=UnitPrice(row.unit_price, row.price_per),
        vat_rate=Percent(row.vat_rate),
        vat_rule=row.vat_rule,
        product_id=row.product_id,
        discount=Percent(row.discount),
    )


def _gone(snapshot: Snapshot, order_id: SalesOrderId) -> list[DeliveryRow]:
    notes = (note for note in snapshot.rows(DeliveryRow, order_id=order_id) if note.status in GONE)
    return sorted(notes, key=lambda note: (note.dispatched_on or note.day, note.code))


def _lines(snapshot: Snapshot, order_id: SalesOrderId) -> list[SalesOrderLineRow]:
    rows = snapshot.rows(SalesOrderLineRow, order_id=order_id)
    return sorted(rows, key=lambda row: row.number)


def _kept(snapshot: Snapshot, note: DeliveryRow) -> Counter[ProductId]:
    """By product, what left with that delivery and did not come back."""
    kept: Counter[ProductId] = Counter()
    for row in snapshot.rows(DeliveryLineRow, delivery_id=note.id):
        kept[row.product_id] += row.quantity - row.returned
    return kept


def _filled(
    snapshot: Snapshot,
    order_id: SalesOrderId,
    product_id: ProductId,
    kept: int,
    left: dict[int, int],
) -> Iterator[tuple[int, int]]:
    """How so much of a product is shared out over the lines that order it."""
    for line in _lines(snapshot, order_id):
        part = min(kept, left[line.number]) if line.product_id == product_id else 0
        if part:
            kept -= part
            yield line.number, part


def _bill_line(snapshot: Snapshot, line: SalesOrderLineRow, thousandths: int, on: date) -> BillLine:
    product = product_of(snapshot, line.product_id)
    of_class = vat_rate(VatClass(product.vat_class), on)
    return BillLine(
        designation=product.name,
        quantity=Quantity(thousandths, Unit(line.unit)),
        unit_price=UnitPrice(line.unit_price, line.price_per),
        vat_rate=of_class.rate,
        vat_rule=of_class.rule,
        product_id=line.product_id,
    )


def _like(line: BillLine) -> BillLine:
    """What lines of an invoice and of its credit notes have in common."""
    return line.with_quantity(line.quantity.with_thousandths(0))
