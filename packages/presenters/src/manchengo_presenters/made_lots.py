"""What came out of a production order: a lot that is void never did."""

from collections.abc import Iterator

from manchengo.domain.ids import ProductionOrderId
from manchengo.ports.rows import VOIDED, FinishedLotRow
from manchengo.ports.store import Snapshot


def made_lots(snapshot: Snapshot, order_id: ProductionOrderId) -> Iterator[FinishedLotRow]:
    """The lots of that order, without those that its reopening made void."""
    rows = snapshot.rows(FinishedLotRow, order_id=order_id)
    return (row for row in rows if row.status != VOIDED)
