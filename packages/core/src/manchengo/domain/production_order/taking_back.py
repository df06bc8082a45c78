"""What was poured into a started order by mistake, and is taken back."""

from datetime import date

from attrs import frozen

from manchengo.domain.errors import NothingToDo, Refused, Timeline
from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.production_order.commands import TakeBackMaterial
from manchengo.domain.production_order.events import MaterialTakenBack
from manchengo.domain.production_order.order import ProductionOrder, Started, started
from manchengo.domain.values import Quantity


@frozen(kw_only=True)
class NotPouredThatMuch(Refused):
    """More of a lot is taken back than was poured into the order."""

    order: str
    lot: str
    wanted: Quantity
    poured: Quantity


def take_back(
    order: ProductionOrder,
    command: TakeBackMaterial,
    quantity: Quantity,
    *,
    lot: str,
    product_id: ProductId,
    happened: tuple[MaterialTakenBack, ...] = (),
) -> tuple[MaterialTakenBack, ...]:
    """One event for each day on which some of it was poured. ``quantity``: what is taken back, in
    the unit of the product. ``happened``: what a device recorded before, which is done as it was.
    """
    order = started(order, "take back")
    if command.quantity is not None and not quantity:
        raise NothingToDo(what="quantity")
    poured = _poured_by_day(order, command.lot_id)
    total = quantity.with_thousandths(sum(poured.values()))
    if quantity > total or not total:
        raise NotPouredThatMuch(order=order.code, lot=lot, wanted=quantity, poured=total)
    by_day = _recorded_by_day(happened) or _last_first(poured, quantity.thousandths)
    for on, thousandths in by_day.items():
        was = poured.get(on, 0)
        if thousandths > was:
            raise NotPouredThatMuch(
                order=order.code,
                lot=lot,
                wanted=quantity.with_thousandths(thousandths),
                poured=quantity.with_thousandths(was),
            )
    days = Timeline("production_order", order.code)
    days.follows("take back", command.on, after="consume", after_on=max(by_day))
    return tuple(
        MaterialTakenBack(
            lot_id=command.lot_id,
            product_id=product_id,
            quantity=quantity.with_thousandths(thousandths),
            poured_on=on,
            on=command.on,
        )
        for on, thousandths in by_day.items()
    )


def kept_again(order: Started, taken_back: MaterialTakenBack) -> int:
    """How much of what is taken back had been reserved for the order, in thousandths: what is
    poured comes from the reservation first.
    """
    lot_id = taken_back.lot_id
    reserved = sum(pick.quantity.thousandths for pick in order.picks if pick.lot_id == lot_id)
    poured = sum(_poured_by_day(order, lot_id).values())
    left = poured - taken_back.quantity.thousandths
    return min(reserved, poured) - min(reserved, left)


def _poured_by_day(order: Started, lot_id: LotId) -> dict[date, int]:
    """Thousandths of the lot, the day of the last scan first."""
    by_day: dict[date, int] = {}
    for scan in reversed(order.consumed):
        if scan.lot_id == lot_id:
            by_day[scan.on] = by_day.get(scan.on, 0) + scan.quantity.thousandths
    return by_day


def _last_first(poured: dict[date, int], wanted: int) -> dict[date, int]:
    by_day: dict[date, int] = {}
    for on, thousandths in poured.items():
        taken = min(wanted, thousandths)
        wanted -= taken
        if taken:
            by_day[on] = taken
    return by_day


def _recorded_by_day(happened: tuple[MaterialTakenBack, ...]) -> dict[date, int]:
    return {event.poured_on: event.quantity.thousandths for event in happened}
