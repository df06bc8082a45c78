"""Invoices, credit notes and payments."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import (
    ClientId,
    CreditNoteId,
    DeliveryId,
    InvoiceId,
    PaymentId,
    ProductId,
)
from manchengo.ports.rows.registers import ClientRow
from manchengo.ports.rows.row import NUMBER_KEY, SEARCH_TEXT, Row
from manchengo.ports.rows.table import Named


@frozen(kw_only=True)
class InvoiceRow(Row):
    """An invoice (facture); ``number`` is empty while it is a draft.

    ``net``, ``vat``, ``gross``, ``paid`` and ``credited`` are in centimes.
    """

    TABLE = "invoices"
    AGGREGATE = "invoice"
    LOOK_UPS = ("number_key", "client_id")
    SEARCHED = ("number",)
    SORTED = ("number_key", "day", "due_on", "gross")
    NAMES = (Named("client_id", (ClientRow,)),)
    id: InvoiceId
    number: str | None
    client_id: ClientId
    status: str
    day: date
    due_on: date | None
    net: int
    vat: int
    gross: int
    paid: int
    credited: int
    number_key: str | None = NUMBER_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class InvoiceLineRow(Row):
    """A line of an invoice: ``unit_price`` in centimes for ``price_per`` units, ``discount`` and
    ``vat_rate`` in basis points.
    """

    TABLE = "invoice_lines"
    AGGREGATE = "invoice"
    KEY = ("invoice_id", "number")
    LOOK_UPS = ("product_id",)
    invoice_id: InvoiceId
    number: int
    product_id: ProductId | None
    designation: str
    quantity: int
    unit: str
    unit_price: int
    discount: int
    vat_rate: int
    vat_rule: str
    net: int
    price_per: int = 1


@frozen(kw_only=True)
class InvoiceDeliveryRow(Row):
    """A delivery that an invoice bills."""

    TABLE = "invoice_deliveries"
    AGGREGATE = "invoice"
    KEY = ("invoice_id", "number")
    LOOK_UPS = ("delivery_id",)
    invoice_id: InvoiceId
    number: int
    delivery_id: DeliveryId


@frozen(kw_only=True)
class CreditNoteRow(Row):
    """A credit note (facture d'avoir). ``net``, ``vat`` and ``gross`` are in centimes."""

    TABLE = "credit_notes"
    AGGREGATE = "credit_note"
    LOOK_UPS = ("number_key", "invoice_id")
    SEARCHED = ("number",)
    SORTED = ("number_key", "day", "gross")
    NAMES = (Named("invoice_id", (InvoiceRow,)),)
    id: CreditNoteId
    invoice_id: InvoiceId
    number: str | None
    day: date
    reason: str
    net: int
    vat: int
    gross: int
    number_key: str | None = NUMBER_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class PaymentRow(Row):
    """A payment (paiement). ``amount`` and ``unallocated`` are in centimes."""

    TABLE = "payments"
    AGGREGATE = "payment"
    LOOK_UPS = ("client_id",)
    SEARCHED = ("reference", "cheque_number")
    SORTED = ("day", "amount")
    NAMES = (Named("client_id", (ClientRow,)),)
    id: PaymentId
    client_id: ClientId
    status: str
    mode: str
    amount: int
    unallocated: int
    day: date
    reference: str
    cheque_number: str
    cheque_dated: date | None
    cheque_drawee: str
    reason: str
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class PaymentAllocationRow(Row):
    """The part of a payment that settles one invoice: ``amount``, in centimes."""

    TABLE = "payment_allocations"
    AGGREGATE = "payment"
    KEY = ("payment_id", "number")
    LOOK_UPS = ("invoice_id",)
    payment_id: PaymentId
    number: int
    invoice_id: InvoiceId
    amount: int
    day: date
