"""What a command did, told to the person who asked for it: one line a fact."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from attrs import frozen

from manchengo import UnitPrice, withheld
from manchengo.application import by_code
from manchengo.application.by_id import lot_of, product_of
from manchengo.application.genealogy import AnyLot
from manchengo.application.holds import Hold, holds_of_order
from manchengo.application.offered_prices import price_for
from manchengo.application.shelf import status_on
from manchengo.application.stream_queries import poured_materials
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import PlaceSalesOrder, Sell
from manchengo.domain.commit import Commit
from manchengo.domain.ids import UserId
from manchengo.ports.rows import (
    ClientRow,
    DeliveryLineRow,
    DeliveryRow,
    ProductionOrderRow,
    ProductRow,
    SalesOrderLineRow,
    SalesOrderRow,
    UserRow,
)
from manchengo.ports.store import Snapshot
from manchengo_presenters import words
from manchengo_presenters.command_view import RecordedCommand
from manchengo_presenters.formatting import day, money
from manchengo_presenters.language import _
from manchengo_presenters.made_lots import made_lots


def lot_made(snapshot: Snapshot, command: Any) -> Iterable[str]:
    """The lot that a reception made."""
    row = by_code.lot(snapshot, command.code)
    product = product_of(snapshot, row.product_id)
    yield _("Lot {lot}: {quantity} of {product} received on {day}.").format(
        lot=row.code,
        quantity=words.measured(row.quantity_initial, row.unit),
        product=product.name,
        day=day(row.entered_on),
    )
    yield from _how_it_is(row, command.on)


def person(snapshot: Snapshot, user_id: UserId) -> str:
    """What somebody may do now."""
    row = snapshot.get(UserRow, user_id)
    assert row is not None, "somebody who is registered"
    if not row.active:
        return _("{name} may no longer act.").format(name=row.name)
    return _("{name}: {roles}.").format(name=row.name, roles=words.roles(row.roles.split()))


def _how_it_is(row: AnyLot, on: date) -> Iterable[str]:
    yield expiry(row)
    state = status_on(row, on)
    if state != "AVAILABLE":
        yield _("It is {status}.").format(status=words.word(words.LOT_STATUSES, state))


def opening_stock(snapshot: Snapshot, command: Any) -> Iterable[str]:
    """The lot that was there already."""
    row = by_code.lot(snapshot, command.code)
    product = product_of(snapshot, row.product_id)
    yield _(
        "Lot {lot}: {quantity} of {product} in the opening stock of {opening}, dated {day}."
    ).format(
        lot=row.code,
        quantity=words.measured(row.quantity_initial, row.unit),
        product=product.name,
        opening=day(row.opening_on or row.entered_on),
        day=day(row.entered_on),
    )
    yield from _how_it_is(row, command.on)


def lot_now(row: AnyLot, on: date) -> str:
    """How a lot is after something happened to it on that day."""
    return _("Lot {lot}: {quantity} on hand, {status}.").format(
        lot=row.code,
        quantity=words.measured(row.quantity_remaining, row.unit),
        status=words.word(words.LOT_STATUSES, status_on(row, on)),
    )


def expiry(row: AnyLot) -> str:
    """When the lot must be used, as a sentence."""
    if row.expires_on is None:
        return _("It does not expire.")
    return _("To be used by {day} at the latest.").format(day=day(row.expires_on))


def production(snapshot: Snapshot, order_id: Any, on: date) -> Iterable[str]:
    """An order: what was taken for it and what came out."""
    order = snapshot.get(ProductionOrderRow, order_id)
    assert order is not None, "an order that was just written has its row"
    product = product_of(snapshot, order.product_id)
    yield _("Production order {order}: {quantity} of {product}, {state}.").format(
        order=order.code,
        quantity=words.measured(order.planned, order.unit),
        product=product.name,
        state=words.state("production_order", order.status),
    )
    yield from _held(snapshot, order.id, on)
    for scan in poured_materials(snapshot, order.id):
        yield _("  poured: {quantity} of {lot}").format(
            quantity=words.measure(scan.quantity), lot=_lot(snapshot, scan.lot_id)
        )
    for made in made_lots(snapshot, order.id):
        yield _("  obtained: {quantity}, lot {lot}").format(
            quantity=words.measured(made.quantity_initial, made.unit), lot=made.code
        )
    if order.lost:
        yield _("  lost: {quantity} ({reason})").format(
            quantity=words.measured(order.lost, order.unit), reason=order.reason
        )


def sales_order(snapshot: Snapshot, order_id: Any, on: date) -> Iterable[str]:
    """An order: for whom, for how much, and the lots kept for it."""
    order = snapshot.get(SalesOrderRow, order_id)
    assert order is not None, "an order that was just written has its row"
    client = snapshot.get(ClientRow, order.client_id)
    assert client is not None, "an order is a client's"
    state = words.state("sales_order", order.status)
    if "net" in withheld(order):
        yield _("Sales order {order} for {client}: {state}.").format(
            order=order.code, client=client.name, state=state
        )
    else:
        yield _("Sales order {order} for {client}: {net} before tax, {state}.").format(
            order=order.code, client=client.name, net=money(order.net), state=state
        )
    if order.wanted_on is not None:
        yield _("  wanted by {date}").format(date=day(order.wanted_on))
    yield from _held(snapshot, order.id, on)
    for note, line in returns(snapshot, order_id):
        yield _("  came back: {quantity} of {lot} ({delivery})").format(
            quantity=words.measured(line.returned, line.unit),
            lot=_lot(snapshot, line.lot_id),
            delivery=note.code,
        )


@frozen(kw_only=True)
class ListedPrice:
    """A price that a line of an order left out and a price list gave: the code and name of the
    list, and the day from which on it says so.
    """

    line: SalesOrderLineRow
    product: ProductRow
    code: str
    name: str
    since: date


def listed_prices(snapshot: Snapshot, command: PlaceSalesOrder | Sell) -> Iterator[ListedPrice]:
    """Those of the order that the command recorded; none for who may not read prices."""
    work = UnitOfWork(snapshot)
    recorded = snapshot.rows(SalesOrderLineRow, order_id=command.order_id)
    for asked, line in zip(command.lines, recorded, strict=False):
        if asked.unit_price is not None or "unit_price" in withheld(line):
            continue
        offered = price_for(work, command.client_id, line.product_id, command.on)
        if offered is None or offered.price_list is None or offered.since is None:
            continue
        if offered.price == UnitPrice(line.unit_price, line.price_per):
            code, name = offered.price_list
            product = product_of(snapshot, line.product_id)
            yield ListedPrice(line=line, product=product, code=code, name=name, since=offered.since)


def new_sales_order(snapshot: Snapshot, command: PlaceSalesOrder | Sell) -> Iterable[str]:
    """An order just recorded: as any order, and which of its prices a price list gave."""
    yield from sales_order(snapshot, command.order_id, command.on)
    for price in listed_prices(snapshot, command):
        line = price.line
        yield _("  price of {product}: {price}, price list {name} since {day}").format(
            product=price.product.code,
            price=words.price(line.unit_price, line.price_per, line.unit),
            name=price.name,
            day=day(price.since),
        )


def returns(snapshot: Snapshot, order_id: Any) -> Iterator[tuple[DeliveryRow, DeliveryLineRow]]:
    """What came back of an order's deliveries."""
    for note in snapshot.rows(DeliveryRow, order_id=order_id):
        for line in snapshot.rows(DeliveryLineRow, delivery_id=note.id):
            if line.returned:
                yield note, line


def delivery(snapshot: Snapshot, delivery_id: Any, on: date) -> Iterable[str]:
    """A delivery: for whom, and the lots in the van."""
    note = snapshot.get(DeliveryRow, delivery_id)
    assert note is not None, "a delivery that was just written has its row"
    client = snapshot.get(ClientRow, note.client_id)
    assert client is not None, "a delivery goes to a client"
    yield _("Delivery note {delivery} for {client}: {state}.").format(
        delivery=note.code, client=client.name, state=words.state("delivery", note.status)
    )
    if note.short_reason:
        yield _("  left with less: {reason}").format(reason=note.short_reason)
    held = {hold.lot: hold for hold in loaded(snapshot, note, on)}
    for line in snapshot.rows(DeliveryLineRow, delivery_id=note.id):
        lot = _lot(snapshot, line.lot_id)
        text = _("  loaded: {quantity} of {lot}").format(
            quantity=words.measured(line.quantity, line.unit), lot=lot
        )
        if line.returned:
            came_back = words.measured(line.returned, line.unit)
            text += _(", of which {quantity} came back").format(quantity=came_back)
        yield text + _unfit(held.get(lot))


def loaded(snapshot: Snapshot, note: DeliveryRow, on: date) -> list[Hold]:
    """The lots in a van that has not left."""
    return [
        hold for hold in holds_of_order(snapshot, note.order_id, on) if note.code in hold.deliveries
    ]


def _held(snapshot: Snapshot, owner: Any, on: date) -> Iterable[str]:
    """The lots still reserved for an order, and of each whether it may not leave any more."""
    for hold in holds_of_order(snapshot, owner, on):
        text = _("  reserved: {quantity} of {lot}").format(
            quantity=words.measured(hold.quantity, hold.unit), lot=hold.lot
        )
        yield text + _unfit(hold)


def _unfit(hold: Hold | None) -> str:
    if hold is None or hold.why is None:
        return ""
    why = words.word(words.SKIPPED, hold.why)
    return "  " + _("[may not leave: {why}]").format(why=why)


def _lot(snapshot: Snapshot, lot_id: Any) -> str:
    return lot_of(snapshot, lot_id).code


def undone(snapshot: Snapshot, commit: Commit) -> str:
    """What was taken back, read before it is."""
    return _("Undone: {what}.").format(what=RecordedCommand.of(commit).brief(snapshot))
