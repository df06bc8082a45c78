"""Sales orders: what is asked, what is kept for it."""

from collections.abc import Iterable
from datetime import date

from manchengo.application.books import Books
from manchengo.domain import sales_order as sales
from manchengo.domain.aggregates import CLIENT, SALES_ORDER
from manchengo.domain.allocation import Purpose
from manchengo.domain.ids import LotId
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
from manchengo.ports.rows import ReservationRow, SalesOrderRow


def place(books: Books, command: PlaceSalesOrder | Sell) -> None:
    books.new(SALES_ORDER, command.order_id)
    books.new_code("sales_order", command.code, SalesOrderRow)
    books.load(CLIENT, command.client_id).active()
    lines = tuple(_ordered(books, line, command.on) for line in command.lines)
    books.tell(SALES_ORDER, command.order_id, sales.place(command, lines))


def _ordered(books: Books, line: OrderLine, on: date) -> PricedLine:
    """The line in the product's unit. Its price was looked up before, when the command came in: a
    judge of the log must not look it up again, and refuses a line that has none.
    """
    product = books.product(line.product_id).active()
    if line.unit_price is None:
        raise NoPrice(product=product.code)
    return PricedLine(
        product_id=product.id,
        quantity=product.whole_in_stock_unit(line.quantity, on),
        unit_price=line.unit_price,
    )


def confirm(books: Books, command: ConfirmSalesOrder) -> None:
    """Reserve all that is asked, or name all that is missing."""
    order = books.load(SALES_ORDER, command.order_id)
    client = books.load(CLIENT, order.client_id)
    wanted = order.wanted() if order.status is OrderStatus.PLACED else {}
    picks: list[StockPick] = []
    missing: list[MissingStock] = []
    for product_id, quantity in wanted.items():
        product = books.product(product_id)
        chosen = books.choose(
            product,
            quantity,
            on=command.on,
            purpose=Purpose.SALE,
            minimum_shelf_life_days=client.minimum_shelf_life_days,
        )
        picks.extend(
            StockPick(lot_id=pick.lot_id, product_id=product.id, quantity=pick.quantity)
            for pick in chosen.picks
        )
        if chosen.shortfall:
            missing.append(
                MissingStock(
                    product=product.code,
                    wanted=quantity,
                    available=quantity - chosen.shortfall,
                )
            )
    if missing:
        raise NotEnoughStock(order=order.code, on=command.on, missing=tuple(missing))
    books.tell(SALES_ORDER, order.id, sales.confirm(order, picks, on=command.on))
    for pick in picks:
        books.ask(
            pick.lot_id,
            ReserveLot(lot_id=pick.lot_id, owner=order.id, quantity=pick.quantity, on=command.on),
        )


def sell(books: Books, command: Sell) -> None:
    place(books, command)
    confirm(books, ConfirmSalesOrder(order_id=command.order_id, on=command.on))


def cancel(books: Books, command: CancelSalesOrder) -> None:
    order = books.load(SALES_ORDER, command.order_id)
    books.tell(SALES_ORDER, order.id, sales.cancel(order, command))
    _give_back(books, order, on=command.on)


def close(books: Books, command: CloseSalesOrder) -> None:
    order = books.load(SALES_ORDER, command.order_id)
    books.tell(SALES_ORDER, order.id, sales.close(order, command))
    _give_back(books, order, on=command.on)


def still_reserved(books: Books, order: SalesOrder) -> Iterable[StockPick]:
    """What the order still holds, in the order in which it was picked."""
    picked = [pick.lot_id for pick in order.picks]
    others = [row.lot_id for row in books.snapshot.rows(ReservationRow, owner=order.id)]
    for lot_id in dict.fromkeys([*picked, *others]):
        yield from _held(books, order, lot_id)


def _held(books: Books, order: SalesOrder, lot_id: LotId) -> Iterable[StockPick]:
    lot = books.lot(lot_id)
    held = lot.reserved_for(order.id)
    if held:
        yield StockPick(lot_id=lot_id, product_id=lot.product_id, quantity=held)


def _give_back(books: Books, order: SalesOrder, *, on: date) -> None:
    for pick in list(still_reserved(books, order)):
        books.ask(
            pick.lot_id,
            UnreserveLot(lot_id=pick.lot_id, owner=order.id, quantity=pick.quantity, on=on),
        )
