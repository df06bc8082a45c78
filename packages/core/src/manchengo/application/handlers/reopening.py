"""An order or a delivery that was closed by mistake is as it was before.

What the order let go when it was closed is reserved again. The log says which lots those were.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import evolve as changed

from manchengo.application.handlers.lots import void_untouched
from manchengo.application.handlers.sales import chosen, reserve
from manchengo.application.unit_of_work import (
    UnitOfWork,
    decoded,
    decoded_event,
    events_by,
    not_undone,
)
from manchengo.domain import delivery as deliveries
from manchengo.domain import production_order as production
from manchengo.domain import sales_order as sales
from manchengo.domain.aggregates import DELIVERY, PRODUCTION_ORDER, SALES_ORDER
from manchengo.domain.delivery import ReopenDelivery
from manchengo.domain.ids import ProductId
from manchengo.domain.lot.commands import Owner, ReserveAgain, VoidLot
from manchengo.domain.lot.events import LotUnreserved
from manchengo.domain.production_order import (
    ProductionCancelled,
    ProductionCompleted,
    ReopenProduction,
)
from manchengo.domain.sales_order import (
    ReopenSalesOrder,
    SalesOrderCancelled,
    SalesOrderClosed,
    StockPick,
)
from manchengo.domain.values import Quantity
from manchengo.ports.rows import ReservationRow

ENDS = (SalesOrderClosed, SalesOrderCancelled, ProductionCompleted, ProductionCancelled)
"""What ends an order and lets go of what is reserved for it. A make that was recorded at once had
reserved nothing.
"""


def reopen_sales_order(work: UnitOfWork, command: ReopenSalesOrder) -> None:
    """Reserves as much as the order had let go, the same lots first, or names all that is missing.
    Raises ``NotEnoughStock``.
    """
    order = sales.allowing(work.load(SALES_ORDER, command.order_id), "reopen")
    let_go = list(_released(work, order.id))
    again = _reserve_again(work, order.id, let_go, on=command.on)
    others = chosen(work, order, _lacking(let_go, again), on=command.on)
    work.record(SALES_ORDER, order.id, sales.reopen(order, command, (*again, *others)))
    reserve(work, order, others, on=command.on)


def reopen_production(work: UnitOfWork, command: ReopenProduction) -> None:
    """Voids what came out of the order, and reserves what it had let go as far as that is free."""
    order = production.over(work.load(PRODUCTION_ORDER, command.order_id), "reopen")
    (reopened,) = production.reopen(order, command)
    for lot_id in reopened.outputs:
        void_untouched(work, VoidLot(lot_id=lot_id, on=command.on, reason=command.reason))
    _reserve_again(work, order.id, _released(work, order.id), on=command.on)
    work.record(PRODUCTION_ORDER, order.id, (reopened,))


def reopen_delivery(work: UnitOfWork, command: ReopenDelivery) -> None:
    """Records that the client does not have it yet, or that the van leaves after all."""
    delivery = work.load(DELIVERY, command.delivery_id)
    work.record(DELIVERY, delivery.id, deliveries.reopen(delivery, command))


def _released(work: UnitOfWork, order_id: Owner) -> Iterator[StockPick]:
    """What became free when the order ended."""
    stream = work.snapshot.stream(order_id)
    ends = (
        entry.commit_id
        for entry in reversed(not_undone(stream, decoded(stream)))
        if isinstance(decoded_event(entry.event), ENDS)
    )
    ended_by = next(ends, None)
    if ended_by is None:
        return
    rows = work.snapshot.rows(ReservationRow, owner=order_id)
    for lot_id in dict.fromkeys(row.lot_id for row in rows):
        for event in events_by(work.snapshot, ended_by, lot_id):
            if isinstance(event, LotUnreserved) and event.owner == order_id:
                product_id = work.lot(lot_id).product_id
                yield StockPick(lot_id=lot_id, product_id=product_id, quantity=event.quantity)


def _reserve_again(
    work: UnitOfWork, order_id: Owner, let_go: Iterable[StockPick], *, on: date
) -> list[StockPick]:
    """Reserves the same lots as far as nobody else has taken them, and gives what it reserved."""
    reserved = []
    for pick in let_go:
        before = work.lot(pick.lot_id).reserved_for(order_id)
        again = ReserveAgain(lot_id=pick.lot_id, owner=order_id, quantity=pick.quantity, on=on)
        work.ask(pick.lot_id, again)
        quantity = work.lot(pick.lot_id).reserved_for(order_id) - before
        if quantity:
            reserved.append(changed(pick, quantity=quantity))
    return reserved


def _lacking(let_go: Iterable[StockPick], again: Iterable[StockPick]) -> dict[ProductId, Quantity]:
    """By product, what was let go and is not reserved again."""
    left = {pick.product_id: pick.quantity.with_thousandths(0) for pick in let_go}
    for pick in let_go:
        left[pick.product_id] += pick.quantity
    for pick in again:
        left[pick.product_id] -= pick.quantity
    return {product_id: quantity for product_id, quantity in left.items() if quantity}
