"""Sales orders: what is asked, what is kept for it."""

from collections.abc import Iterable, Mapping
from datetime import date

from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import sales_order as sales
from manchengo.domain.aggregates import CLIENT, SALES_ORDER
from manchengo.domain.allocation import Purpose
from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.lot.commands import ReserveLot, UnreserveLot
from manchengo.domain.sales_order import (
    CancelSalesOrder,
    CloseSalesOrder,
    ConfirmSalesOrder,
    MissingStock,
    NoPrice,
    NotEnoughStock,
    OrderLine,
    OrderStatus,
    PlaceSalesOrder,
    PricedLine,
    SalesOrder,
    Sell,
    StockPick,
)
from manchengo.domain.values import Quantity
from manchengo.ports.rows import ReservationRow


def place(work: UnitOfWork, command: PlaceSalesOrder | Sell) -> None:
    """Records an order of a client, with the prices of the day for lines that name none."""
    work.new(SALES_ORDER, command.order_id)
    work.new_code("sales_order", command.code)
    work.load(CLIENT, command.client_id).active()
    lines = tuple(_ordered(work, line, command.on) for line in command.lines)
    work.record(SALES_ORDER, command.order_id, sales.place(command, lines))


def _ordered(work: UnitOfWork, line: OrderLine, on: date) -> PricedLine:
    """The line in the product's unit. Its price was looked up before, when the command came in: a
    judge of the log must not look it up again, and refuses a line that has none.
    """
    product = work.product(line.product_id).active()
    if line.unit_price is None:
        raise NoPrice(product=product.code)
    return PricedLine(
        product_id=product.id,
        quantity=product.whole_in_stock_unit(line.quantity, on),
        unit_price=line.unit_price,
    )


def confirm(work: UnitOfWork, command: ConfirmSalesOrder) -> None:
    """Reserve all that is asked, or name all that is missing."""
    order = work.load(SALES_ORDER, command.order_id)
    wanted = order.wanted() if order.status is OrderStatus.PLACED else {}
    picks = chosen(work, order, wanted, on=command.on)
    work.record(SALES_ORDER, order.id, sales.confirm(order, picks, on=command.on))
    reserve(work, order, picks, on=command.on)


def chosen(
    work: UnitOfWork, order: SalesOrder, wanted: Mapping[ProductId, Quantity], *, on: date
) -> list[StockPick]:
    """Lots for the order by the policy of each product and the client's freshness. Raises
    ``NotEnoughStock`` with all that is missing.
    """
    client = work.load(CLIENT, order.client_id)
    picks: list[StockPick] = []
    missing: list[MissingStock] = []
    for product_id, quantity in wanted.items():
        product = work.product(product_id)
        allocation = work.choose(
            product,
            quantity,
            on=on,
            purpose=Purpose.SALE,
            minimum_shelf_life_days=client.minimum_shelf_life_days,
        )
        picks.extend(
            StockPick(lot_id=pick.lot_id, product_id=product.id, quantity=pick.quantity)
            for pick in allocation.picks
        )
        if allocation.shortfall:
            missing.append(
                MissingStock(
                    product=product.code,
                    wanted=quantity,
                    available=quantity - allocation.shortfall,
                )
            )
    if missing:
        raise NotEnoughStock(order=order.code, on=on, missing=tuple(missing))
    return picks


def reserve(work: UnitOfWork, order: SalesOrder, picks: Iterable[StockPick], *, on: date) -> None:
    """Reserves these lots for the order."""
    for pick in picks:
        work.ask(
            pick.lot_id,
            ReserveLot(lot_id=pick.lot_id, owner=order.id, quantity=pick.quantity, on=on),
        )


def sell(work: UnitOfWork, command: Sell) -> None:
    """Places an order and confirms it, in one commit."""
    place(work, command)
    confirm(work, ConfirmSalesOrder(order_id=command.order_id, on=command.on))


def cancel(work: UnitOfWork, command: CancelSalesOrder) -> None:
    """Cancels an order and gives back what was reserved for it."""
    order = work.load(SALES_ORDER, command.order_id)
    work.record(SALES_ORDER, order.id, sales.cancel(order, command))
    _give_back(work, order, on=command.on)


def close(work: UnitOfWork, command: CloseSalesOrder) -> None:
    """Closes an order that was delivered in part, and gives back what is still reserved."""
    order = work.load(SALES_ORDER, command.order_id)
    work.record(SALES_ORDER, order.id, sales.close(order, command))
    _give_back(work, order, on=command.on)


def still_reserved(work: UnitOfWork, order: SalesOrder) -> Iterable[StockPick]:
    """What the order still holds, in the order in which it was picked."""
    picked = [pick.lot_id for pick in order.picks]
    others = [row.lot_id for row in work.snapshot.rows(ReservationRow, owner=order.id)]
    for lot_id in dict.fromkeys([*picked, *others]):
        yield from _held(work, order, lot_id)


def _held(work: UnitOfWork, order: SalesOrder, lot_id: LotId) -> Iterable[StockPick]:
    lot = work.lot(lot_id)
    held = lot.reserved_for(order.id)
    if held:
        yield StockPick(lot_id=lot_id, product_id=lot.product_id, quantity=held)


def _give_back(work: UnitOfWork, order: SalesOrder, *, on: date) -> None:
    for pick in list(still_reserved(work, order)):
        work.ask(
            pick.lot_id,
            UnreserveLot(lot_id=pick.lot_id, owner=order.id, quantity=pick.quantity, on=on),
        )
