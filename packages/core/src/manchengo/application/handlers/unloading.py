"""A lot comes off the van: the order keeps what it kept before the lot was loaded.

A scan beyond what was reserved of its lot reserves more of it and lets other lots go, in one
commit. The log says which, so unloading reverses just that.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from manchengo.application.unit_of_work import (
    UnitOfWork,
    decoded,
    decoded_event,
    events_by,
    not_undone,
)
from manchengo.domain import delivery as deliveries
from manchengo.domain.aggregates import DELIVERY
from manchengo.domain.delivery import Delivery, DeliveryLoaded, DeliveryUnloaded, UnloadLot
from manchengo.domain.ids import CommitId, LotId, SalesOrderId
from manchengo.domain.lot.commands import ReserveAgain, UnreserveLot
from manchengo.domain.lot.events import LotReserved, LotUnreserved
from manchengo.domain.lot.state import Lot
from manchengo.domain.values import Quantity
from manchengo.ports.rows import ReservationRow


def unload(work: UnitOfWork, command: UnloadLot) -> None:
    """Takes a lot off the van, in the stock unit of its product."""
    delivery = work.load(DELIVERY, command.delivery_id)
    lot = work.lot(command.lot_id)
    quantity = _quantity(work, delivery, lot, command)
    events = deliveries.unload(delivery, command, quantity, lot=lot.code, product_id=lot.product_id)
    exchanges = list(_exchanges(work, delivery, lot.id, quantity))
    work.record(DELIVERY, delivery.id, events)
    for exchange in exchanges:
        _reverse(work, delivery.order_id, lot.id, exchange, on=command.on)


def _quantity(work: UnitOfWork, delivery: Delivery, lot: Lot, command: UnloadLot) -> Quantity:
    """How much comes off: what is recorded to have come off, what the command says, or all."""
    came_off = work.facts.next(delivery.id, DeliveryUnloaded) if work.facts else None
    if came_off is not None:
        return came_off.quantity
    loaded = lot.on_hand.with_thousandths(delivery.loaded_from(lot.id))
    if command.quantity is None:
        return loaded
    product = work.product(lot.product_id)
    return product.whole_in_stock_unit(command.quantity, command.on, beside=(loaded,))


@frozen
class _Exchange:
    """So much of the unloaded lot was reserved in place of as much of ``let_go``; None where it
    was reserved in place of nothing.
    """

    let_go: LotId | None
    quantity: Quantity


@frozen
class _Scan:
    """``left``: what of it is still in the van."""

    commit_id: CommitId
    quantity: Quantity
    left: Quantity


def _exchanges(
    work: UnitOfWork, delivery: Delivery, lot_id: LotId, quantity: Quantity
) -> Iterator[_Exchange]:
    """What loading that much of the lot exchanged in the reservation of the order: the last scan
    first, and of a scan what it let go last.
    """
    for scan in reversed(_scans(work, delivery, lot_id)):
        unloaded = min(quantity, scan.left)
        quantity -= unloaded
        if unloaded:
            made = _made_by(work, scan.commit_id, delivery, lot_id)
            most = unloaded if unloaded < scan.left else None
            yield from _part(made, after=scan.quantity - scan.left, most=most)


def _scans(work: UnitOfWork, delivery: Delivery, lot_id: LotId) -> list[_Scan]:
    """Every scan of the lot into the van, with what is left of it."""
    stream = work.snapshot.stream(delivery.id)
    scans: list[_Scan] = []
    for entry in not_undone(stream, decoded(stream)):
        event = decoded_event(entry.event)
        if isinstance(event, DeliveryLoaded) and event.lot_id == lot_id:
            scans.append(_Scan(entry.commit_id, event.quantity, event.quantity))
        elif isinstance(event, DeliveryUnloaded) and event.lot_id == lot_id:
            scans = _without(scans, event.quantity)
    return scans


def _without(scans: list[_Scan], unloaded: Quantity) -> list[_Scan]:
    left: list[_Scan] = []
    for scan in reversed(scans):
        gone = min(unloaded, scan.left)
        unloaded -= gone
        left.append(_Scan(scan.commit_id, scan.quantity, scan.left - gone))
    return left[::-1]


def _made_by(
    work: UnitOfWork, commit_id: CommitId, delivery: Delivery, lot_id: LotId
) -> list[_Exchange]:
    """What the commit exchanged for the lot in the reservation of the order: what it let go last
    comes first, and that is what was proposed first.
    """
    reserved = [
        event.quantity
        for event in events_by(work.snapshot, commit_id, lot_id)
        if isinstance(event, LotReserved) and event.owner == delivery.order_id
    ]
    if not reserved:
        return []
    proposed = (pick.lot_id for pick in delivery.proposed)
    rows = work.snapshot.rows(ReservationRow, owner=delivery.order_id)
    let_go = [
        _Exchange(other, event.quantity)
        for other in dict.fromkeys([*proposed, *(row.lot_id for row in rows)])
        for event in events_by(work.snapshot, commit_id, other)
        if isinstance(event, LotUnreserved) and event.owner == delivery.order_id
    ]
    in_place_of_others = sum(each.quantity.thousandths for each in let_go)
    extra = sum(quantity.thousandths for quantity in reserved)
    others = reserved[0].with_thousandths(extra - in_place_of_others)
    return [*let_go, _Exchange(None, others)]


def _part(
    made: Iterable[_Exchange], *, after: Quantity, most: Quantity | None
) -> Iterator[_Exchange]:
    """The exchanges beyond the first ``after``; ``most``: no more than that, None: all."""
    for exchange in made:
        skipped = min(after, exchange.quantity)
        after -= skipped
        taken = exchange.quantity - skipped
        if most is not None:
            taken = min(taken, most)
            most -= taken
        if taken:
            yield _Exchange(exchange.let_go, taken)


def _reverse(
    work: UnitOfWork, order_id: SalesOrderId, lot_id: LotId, exchange: _Exchange, *, on: date
) -> None:
    """What nobody else has taken since is reserved again; as much of the unloaded lot becomes
    free. Of what is not to be had any more, the order keeps the unloaded lot.
    """
    freed = min(exchange.quantity, work.lot(lot_id).reserved_for(order_id))
    if exchange.let_go is not None:
        before = work.lot(exchange.let_go).reserved_for(order_id)
        again = ReserveAgain(lot_id=exchange.let_go, owner=order_id, quantity=freed, on=on)
        work.ask(exchange.let_go, again)
        freed = work.lot(exchange.let_go).reserved_for(order_id) - before
    if freed:
        work.ask(lot_id, UnreserveLot(lot_id=lot_id, owner=order_id, quantity=freed, on=on))
