"""What was poured, whatever the order."""

from manchengo.application.stream_queries import poured_materials
from manchengo.domain.ids import ProductionOrderId
from manchengo.domain.production_order import MaterialConsumed
from manchengo.ports.rows import ProductionOrderRow
from manchengo.ports.store import Snapshot


def all_pourings(snapshot: Snapshot) -> list[tuple[ProductionOrderId, MaterialConsumed]]:
    """Each with its order, order by order, in the order of their ids."""
    return [
        (order.id, scan)
        for order in snapshot.rows(ProductionOrderRow)
        for scan in poured_materials(snapshot, order.id)
    ]
