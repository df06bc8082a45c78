"""The papers made since, that say otherwise."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from manchengo.application.past_changes.answer import Paper, PaperKind
from manchengo.application.past_changes.balances import LotBeforeAndAfter
from manchengo.application.unit_of_work import UnitOfWork, decoded
from manchengo.domain.aggregates import DELIVERY, INVOICE
from manchengo.domain.delivery import Delivery, DeliveryStatus
from manchengo.domain.ids import DeliveryId
from manchengo.domain.ledger import Movement
from manchengo.domain.lot.events import LotRecalled
from manchengo.ports.rows import DeliveryRow, InvoiceRow
from manchengo.ports.store import Snapshot


def papers(work: UnitOfWork, lots: list[LotBeforeAndAfter], since: date) -> Iterator[Paper]:
    """What was written from ``since`` on, on what was known then: the note that a client signed of
    a delivery of which something comes back, the invoices that bill a delivery which changes, and
    recalls of these lots.
    """
    for delivery_id, came_back in _deliveries(lots).items():
        note = work.snapshot.get(DeliveryRow, delivery_id)
        if note is not None and came_back and note.status == DeliveryStatus.RECEIVED:
            yield Paper(
                kind=PaperKind.DELIVERY,
                reference=note.code,
                day=note.dispatched_on or note.day,
            )
        yield from _invoices(work, work.load(DELIVERY, delivery_id), since)
    for lot in lots:
        recalled_on = _recalled_on(work.snapshot, lot.after.id)
        if recalled_on is not None and recalled_on >= since:
            yield Paper(kind=PaperKind.RECALL, reference=lot.after.code, day=recalled_on)


def _deliveries(lots: list[LotBeforeAndAfter]) -> dict[DeliveryId, bool]:
    """The deliveries that the entry changes, in the order of the lots, and whether something of
    them comes back.
    """
    found: dict[DeliveryId, bool] = {}
    for lot in lots:
        for line in lot.new_lines:
            if line.movement in (Movement.DELIVERY, Movement.CUSTOMER_RETURN):
                assert line.cause is not None, "a delivery moves it"
                delivery_id = DeliveryId(line.cause)
                came_back = line.movement is Movement.CUSTOMER_RETURN
                found[delivery_id] = found.get(delivery_id, False) or came_back
    return found


def _invoices(work: UnitOfWork, delivery: Delivery, since: date) -> Iterator[Paper]:
    for row in work.snapshot.rows(InvoiceRow, client_id=delivery.client_id):
        if row.number is None or row.day < since:
            continue
        if delivery.id in work.load(INVOICE, row.id).delivery_ids:
            yield Paper(kind=PaperKind.INVOICE, reference=row.number, day=row.day)


def _recalled_on(snapshot: Snapshot, lot_id: UUID) -> date | None:
    for event in decoded(snapshot.stream(lot_id)):
        if isinstance(event, LotRecalled):
            return event.on
    return None
