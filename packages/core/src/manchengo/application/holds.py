"""What is reserved for an order, and whether it may still leave.

A lot that expires, or whose expiry is corrected, stays reserved until somebody decides; every page
that shows the order names it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from attrs import evolve, frozen

from manchengo.application.genealogy import AnyLot, lot_row
from manchengo.domain.allocation import Purpose, Skipped, Standing, unfit
from manchengo.domain.ids import LotId
from manchengo.ports.rows import (
    ClientRow,
    DeliveryLineRow,
    DeliveryRow,
    ProductionOrderRow,
    ReservationRow,
    SalesOrderRow,
    here_from,
)
from manchengo.ports.store import Snapshot


@frozen(kw_only=True)
class Hold:
    """A part of a lot that is reserved for an order.

    ``order`` and ``deliveries`` are codes; the deliveries are those being prepared in which the lot
    is loaded. ``quantity``: thousandths of ``unit``. ``why``: the reason why the lot may not leave
    for that order any more; None where it may.
    """

    lot: str
    order: str
    deliveries: tuple[str, ...]
    quantity: int
    unit: str
    why: Skipped | None


def holds_of_order(snapshot: Snapshot, order_id: UUID, on: date) -> tuple[Hold, ...]:
    """The lots kept for an order, as judged on that day."""
    return tuple(_holds(snapshot, on, owner=order_id))


def holds_of_lot(snapshot: Snapshot, lot_id: LotId, on: date) -> tuple[Hold, ...]:
    """The orders that keep some of a lot, as judged on that day."""
    return tuple(_holds(snapshot, on, lot_id=lot_id))


def holds_if_expiring(
    snapshot: Snapshot, lot: AnyLot, expires_on: date | None, on: date
) -> tuple[Hold, ...]:
    """As ``holds_of_lot``, were that the last day of use of the lot."""
    return tuple(_holds(snapshot, on, instead=evolve(lot, expires_on=expires_on), lot_id=lot.id))


def waiting_for(snapshot: Snapshot, task: ProductionOrderRow | DeliveryRow) -> dict[LotId, int]:
    """By lot, the thousandths that are kept for the order and neither poured nor in a van yet, in
    the order in which they were proposed: what is to be poured or loaded next.
    """
    owner = task.order_id if isinstance(task, DeliveryRow) else task.id
    left: dict[LotId, int] = {}
    for row in snapshot.rows(ReservationRow, owner=owner):
        left[row.lot_id] = left.get(row.lot_id, 0) + row.quantity
    if isinstance(task, DeliveryRow):
        for lot_id in left:
            left[lot_id] -= sum(
                line.quantity
                for line in snapshot.rows(DeliveryLineRow, lot_id=lot_id)
                if _waits_in_a_van(snapshot, line, task)
            )
    return {lot_id: quantity for lot_id, quantity in left.items() if quantity > 0}


def _waits_in_a_van(snapshot: Snapshot, line: DeliveryLineRow, delivery: DeliveryRow) -> bool:
    row = snapshot.get(DeliveryRow, line.delivery_id)
    return row is not None and row.order_id == delivery.order_id and row.status == "prepared"


def _holds(
    snapshot: Snapshot, on: date, *, instead: AnyLot | None = None, **equal: Any
) -> Iterator[Hold]:
    """``instead``: the row of the lot, where it is not judged as it is recorded."""
    kept: dict[tuple[LotId, UUID], int] = {}
    for row in snapshot.rows(ReservationRow, **equal):
        pair = (row.lot_id, row.owner)
        kept[pair] = kept.get(pair, 0) + row.quantity
    for (lot_id, owner), quantity in kept.items():
        if quantity > 0:
            lot = instead or lot_row(snapshot, lot_id)
            assert lot is not None, "what is reserved is reserved of a lot"
            yield _hold(snapshot, lot, owner, quantity, on)


def _hold(snapshot: Snapshot, lot: AnyLot, owner: UUID, quantity: int, on: date) -> Hold:
    sale = snapshot.get(SalesOrderRow, owner)
    order = sale or snapshot.get(ProductionOrderRow, owner)
    assert order is not None, "what is reserved is reserved for an order"
    client = snapshot.get(ClientRow, sale.client_id) if sale else None
    return Hold(
        lot=lot.code,
        order=order.code,
        deliveries=tuple(_loaded(snapshot, lot.id, owner)),
        quantity=quantity,
        unit=lot.unit,
        why=unfit(
            received_on=here_from(lot),
            expires_on=lot.expires_on,
            standing=Standing(lot.standing),
            on=on,
            purpose=Purpose.SALE if sale else Purpose.PRODUCTION,
            minimum_shelf_life_days=client.minimum_shelf_life_days if client else 0,
        ),
    )


def _loaded(snapshot: Snapshot, lot_id: LotId, order_id: UUID) -> Iterator[str]:
    """The deliveries of that order in which the lot is loaded, and which have not left."""
    found: dict[UUID, str] = {}
    for line in snapshot.rows(DeliveryLineRow, lot_id=lot_id):
        delivery = snapshot.get(DeliveryRow, line.delivery_id)
        if delivery and delivery.order_id == order_id and delivery.status == "prepared":
            found[delivery.id] = delivery.code
    yield from found.values()
