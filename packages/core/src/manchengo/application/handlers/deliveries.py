"""Deliveries: proposed, loaded scan by scan, gone, received, come back."""

from datetime import date

from attrs import evolve as changed

from manchengo.application.handlers.sales import still_reserved
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import delivery as deliveries
from manchengo.domain import sales_order as sales
from manchengo.domain.aggregates import CLIENT, DELIVERY, SALES_ORDER
from manchengo.domain.allocation import Purpose, Skipped
from manchengo.domain.delivery import (
    CancelDelivery,
    ConfirmReception,
    Deliver,
    Delivery,
    DispatchDelivery,
    Disposition,
    LoadLot,
    NotFreshEnough,
    PrepareDelivery,
    ReturnDelivery,
)
from manchengo.domain.ids import DeliveryId, LotId, ProductId
from manchengo.domain.lot.commands import (
    DeliverLot,
    ReserveLot,
    ReturnToLot,
    UnreserveLot,
    WriteOffLot,
)
from manchengo.domain.lot.rules import fit
from manchengo.domain.lot.state import Lot
from manchengo.domain.product import Product
from manchengo.domain.sales_order import SalesOrder, StockPick
from manchengo.domain.values import Quantity


def prepare(work: UnitOfWork, command: PrepareDelivery) -> None:
    """Proposes the lots that are reserved for the order."""
    work.new(DELIVERY, command.delivery_id)
    work.new_code("delivery", command.code)
    order = work.load(SALES_ORDER, command.order_id).shipping("deliver", command.on)
    proposed = _loaded_already(work, command.delivery_id) or still_reserved(work, order)
    events = deliveries.prepare(command, client_id=order.client_id, proposed=proposed)
    work.record(DELIVERY, command.delivery_id, events)


def load(work: UnitOfWork, command: LoadLot) -> None:
    """Records a scanned lot in the van, in the stock unit of its product."""
    delivery = work.load(DELIVERY, command.delivery_id)
    order = work.load(SALES_ORDER, delivery.order_id).shipping("deliver", command.on)
    lot = work.lot(command.lot_id)
    product = work.product(lot.product_id)
    proposed = (pick.quantity for pick in delivery.proposed)
    quantity = product.whole_in_stock_unit(
        command.quantity, command.on, beside=(lot.on_hand, *proposed)
    )
    scan = changed(command, quantity=quantity)
    events = deliveries.load(
        delivery,
        scan,
        lot=lot.code,
        product_id=product.id,
        product=product.code,
        due=_due(order, product),
        happened=work.facts is not None,
        stale=_stale(work, delivery, lot, command.on),
    )
    fit(lot, command.on, Purpose.SALE)
    _keep_for(work, order, delivery, lot.id, scan.quantity, on=command.on)
    work.record(DELIVERY, delivery.id, events)


def dispatch(work: UnitOfWork, command: DispatchDelivery) -> None:
    """Takes what is loaded out of stock and off the order. Raises ``MoreThanOrdered``, and as
    ``decide`` for lots.
    """
    delivery = work.load(DELIVERY, command.delivery_id)
    order = work.load(SALES_ORDER, delivery.order_id)
    gone = deliveries.dispatch(delivery, command)
    shipped = delivery.shipped()
    for product_id in dict.fromkeys(pick.product_id for pick in shipped):
        product = work.product(product_id)
        deliveries.no_more_than_due(
            delivery,
            Quantity(delivery.loaded_of(product_id), product.unit),
            product=product.code,
            due=_due(order, product),
        )
    for lot_id in delivery.loaded_without_reason():
        if stale := _stale(work, delivery, work.lot(lot_id), command.on):
            raise stale
    for pick in shipped:
        work.ask(
            pick.lot_id,
            DeliverLot(
                lot_id=pick.lot_id,
                delivery_id=delivery.id,
                order_id=order.id,
                quantity=pick.quantity,
                on=command.on,
            ),
        )
    work.record(DELIVERY, delivery.id, gone)
    work.record(
        SALES_ORDER,
        order.id,
        sales.delivered(order, shipped, delivery_id=delivery.id, on=command.on),
    )


def deliver(work: UnitOfWork, command: Deliver) -> None:
    """Prepare, load what is proposed, and go. A van that left already has what it left with."""
    prepare(
        work,
        PrepareDelivery(
            delivery_id=command.delivery_id,
            code=command.code,
            order_id=command.order_id,
            on=command.on,
        ),
    )
    for pick in work.load(DELIVERY, command.delivery_id).proposed:
        load(
            work,
            LoadLot(
                delivery_id=command.delivery_id,
                lot_id=pick.lot_id,
                quantity=pick.quantity,
                on=command.on,
            ),
        )
    dispatch(
        work,
        DispatchDelivery(delivery_id=command.delivery_id, on=command.on, carrier=command.carrier),
    )


def confirm_reception(work: UnitOfWork, command: ConfirmReception) -> None:
    """Records that the client has it."""
    delivery = work.load(DELIVERY, command.delivery_id)
    work.record(DELIVERY, delivery.id, deliveries.received(delivery, command))


def take_back(work: UnitOfWork, command: ReturnDelivery) -> None:
    """Goods come back to their lots; what must not be sold again is written off at once."""
    delivery = work.load(DELIVERY, command.delivery_id)
    shipped = [pick.quantity for pick in delivery.shipped()]
    lines = tuple(
        changed(
            line,
            quantity=work.product(work.lot(line.lot_id).product_id).whole_in_stock_unit(
                line.quantity, command.on, beside=shipped
            ),
        )
        for line in command.lines
    )
    events = deliveries.returned(delivery, changed(command, lines=lines))
    for line in lines:
        work.ask(
            line.lot_id,
            ReturnToLot(
                lot_id=line.lot_id,
                delivery_id=delivery.id,
                quantity=line.quantity,
                on=command.on,
                reason=command.reason,
            ),
        )
        if line.disposition is Disposition.DESTROY:
            work.ask(
                line.lot_id,
                WriteOffLot(
                    lot_id=line.lot_id,
                    quantity=line.quantity,
                    on=command.on,
                    reason=command.reason,
                ),
            )
    work.record(DELIVERY, delivery.id, events)


def cancel(work: UnitOfWork, command: CancelDelivery) -> None:
    """Records that the van does not leave."""
    delivery = work.load(DELIVERY, command.delivery_id)
    work.record(DELIVERY, delivery.id, deliveries.cancel(delivery, command))


def _loaded_already(work: UnitOfWork, delivery_id: DeliveryId) -> tuple[StockPick, ...]:
    """What a van that left before this was judged had in it."""
    loads = work.facts.loaded(delivery_id) if work.facts else ()
    return tuple(
        StockPick(lot_id=load.lot_id, product_id=load.product_id, quantity=load.quantity)
        for load in loads
    )


def _stale(work: UnitOfWork, delivery: Delivery, lot: Lot, on: date) -> NotFreshEnough | None:
    """What the client would say of the lot on that day; None where it is as fresh as asked, or has
    left already: that was decided when it left.
    """
    if work.facts is not None:
        return None
    client = work.load(CLIENT, delivery.client_id)
    why = lot.unfit(on, Purpose.SALE, client.minimum_shelf_life_days)
    if why is not Skipped.SHELF_LIFE_TOO_SHORT or lot.expires_on is None:
        return None
    return NotFreshEnough(
        delivery=delivery.code,
        lot=lot.code,
        client=client.code,
        on=on,
        expires_on=lot.expires_on,
        asked_days=client.minimum_shelf_life_days,
        days_left=(lot.expires_on - on).days,
    )


def _due(order: SalesOrder, product: Product) -> Quantity:
    """What the client still waits for of that product."""
    return Quantity(max(0, order.still_due(product.id)), product.unit)


def _keep_for(
    work: UnitOfWork,
    order: SalesOrder,
    delivery: Delivery,
    lot_id: LotId,
    quantity: Quantity,
    *,
    on: date,
) -> None:
    """A lot scanned beyond what is reserved of it is reserved too, in place of others proposed.

    What was put into the van already is reserved as far as it was promised to nobody else.
    """
    lot = work.lot(lot_id)
    in_the_van = quantity.with_thousandths(delivery.loaded_from(lot_id)) + quantity
    reserved = lot.reserved_for(order.id)
    if in_the_van <= reserved:
        return
    extra = in_the_van - reserved
    reserve = ReserveLot(
        lot_id=lot_id, owner=order.id, quantity=extra, on=on, happened=work.facts is not None
    )
    work.ask(lot_id, reserve)
    _let_go(work, order, delivery, lot.product_id, extra, keep=lot_id, on=on)


def _let_go(
    work: UnitOfWork,
    order: SalesOrder,
    delivery: Delivery,
    product_id: ProductId,
    quantity: Quantity,
    *,
    keep: LotId,
    on: date,
) -> None:
    """Free as much of the other lots kept for this order, the last one proposed first."""
    left = quantity
    proposed = [*delivery.proposed]
    if work.facts:  # proposed to the driver; since then the order may have been given other lots
        proposed = [*still_reserved(work, order), *proposed]
    for pick in reversed(proposed):
        if pick.product_id != product_id or pick.lot_id == keep or not left:
            continue
        held = work.lot(pick.lot_id).reserved_for(order.id).thousandths
        idle = left.with_thousandths(max(0, held - delivery.loaded_from(pick.lot_id)))
        freed = min(idle, left)
        if freed:
            work.ask(
                pick.lot_id,
                UnreserveLot(lot_id=pick.lot_id, owner=order.id, quantity=freed, on=on),
            )
            left -= freed
