"""Questions about one lot or one order, answered from its stream: no command writes the answer
anywhere else.
"""

from typing import Any, cast
from uuid import UUID

from manchengo.application.permitted_snapshot import whole
from manchengo.application.unit_of_work import folded
from manchengo.application.views.lots import movements
from manchengo.application.views.orders import plan_and_start
from manchengo.domain.aggregates import LOT, PRODUCTION_ORDER, AnyAggregate
from manchengo.domain.lot.state import Lot
from manchengo.domain.production_order import MaterialConsumed, ProductionOrder
from manchengo.ports.rows import MovementRow
from manchengo.ports.store import Snapshot


def lot_movements(snapshot: Snapshot, lot_id: UUID) -> list[MovementRow]:
    """The movements of the lot, in the order in which they were recorded; none where there is no
    such lot. Raises ``codec.Damaged`` where what was recorded of it was changed.
    """
    lot: Lot | None = _state(snapshot, LOT, lot_id)
    return list(movements(lot)) if lot else []


def poured_materials(snapshot: Snapshot, order_id: UUID) -> tuple[MaterialConsumed, ...]:
    """What was poured into the production order, one for each scan, without what was taken back;
    none where there is no such order. Raises as ``lot_movements``.
    """
    order: ProductionOrder | None = _state(snapshot, PRODUCTION_ORDER, order_id)
    started = plan_and_start(order)[1] if order else None
    return started.consumed if started else ()


def _state(snapshot: Snapshot, aggregate: Any, aggregate_id: UUID) -> Any:
    entries = whole(snapshot).stream(aggregate_id)
    if not entries or entries[0].event.aggregate_type != aggregate.name:
        return None
    return folded(cast(AnyAggregate, aggregate), entries).state
