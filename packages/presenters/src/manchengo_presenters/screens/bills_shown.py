"""The invoices of a delivery, as its page and lists name them."""

from attrs import frozen

from manchengo.application.bill_lines import bills_of
from manchengo.domain.ids import DeliveryId, InvoiceId
from manchengo.ports.store import Snapshot
from manchengo_presenters.invoices import number_shown


@frozen(kw_only=True)
class BillShown:
    """``number``: as it is shown; a draft has none yet."""

    invoice_id: InvoiceId
    number: str


def bills_shown(snapshot: Snapshot, delivery_id: DeliveryId) -> tuple[BillShown, ...]:
    """The invoices that bill that delivery."""
    return tuple(
        BillShown(invoice_id=row.id, number=number_shown(row))
        for row in bills_of(snapshot, delivery_id)
    )
