"""From the identifier that a row or an event bears to the lot or product it means."""

from uuid import UUID

from manchengo.application.genealogy import AnyLot, lot_row
from manchengo.domain.ids import LotId
from manchengo.ports.rows import FinishedProductRow, ProductRow, RawProductRow
from manchengo.ports.store import Snapshot


def lot_of(snapshot: Snapshot, lot_id: UUID) -> AnyLot:
    """The lot of something that is recorded of it, which therefore exists."""
    row = lot_row(snapshot, LotId(lot_id))
    assert row is not None, "what is recorded of a lot has its lot"
    return row


def product_of(snapshot: Snapshot, product_id: UUID) -> ProductRow:
    """The product of something that is recorded of it, which therefore exists."""
    row = snapshot.get(RawProductRow, product_id) or snapshot.get(FinishedProductRow, product_id)
    assert row is not None, "what is recorded of a product has its product"
    return row
