"""A dairy that sells: its clients, its cheese, and the lots of it."""

from datetime import date

from manchengo import UnitPrice
from manchengo import commands as c
from manchengo.domain.ids import ClientId, LotId, ProductId, SalesOrderId
from manchengo.domain.product import ProductKind
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import ClientRow, FinishedProductRow
from tests.support.office_in_memory import TODAY, OfficeInMemory, execute


def with_cheese(office: OfficeInMemory | None = None) -> OfficeInMemory:
    """A client, and pots of cheese at 180 DA: 40 of an old lot, 60 of a young one, 5 blocked."""
    office = office or OfficeInMemory()
    execute(
        office,
        c.RegisterClient(client_id=ClientId(office.ids.new()), code="C001", name="Épicerie Ziani"),
    )
    execute(
        office,
        c.RegisterProduct(
            product_id=ProductId(office.ids.new()),
            code="AIL-150",
            kind=ProductKind.FINISHED,
            name="Fromage à l’ail",
            unit=Unit.PIECE,
            price=UnitPrice(18_000),
            shelf_life_days=30,
        ),
    )
    opened(office, "PF-A", 40, date(2026, 11, 10))
    opened(office, "PF-B", 60, date(2026, 11, 20))
    blocked = opened(office, "PF-C", 5, date(2026, 11, 1))
    execute(office, c.BlockLot(lot_id=blocked, on=TODAY, reason="emballage douteux"))
    return office


def pieces(pots: int) -> Quantity:
    """So many pots."""
    return Quantity(pots * 1_000, Unit.PIECE)


def cheese(office: OfficeInMemory) -> FinishedProductRow:
    """The product."""
    with office.reading() as snapshot:
        (row,) = snapshot.rows(FinishedProductRow)
    return row


def client(office: OfficeInMemory) -> ClientId:
    """The client."""
    with office.reading() as snapshot:
        (row,) = snapshot.rows(ClientRow)
    return row.id


def opened(office: OfficeInMemory, code: str, pots: int, made: date) -> LotId:
    """A lot of the opening stock."""
    lot_id = LotId(office.ids.new())
    execute(
        office,
        c.EnterOpeningStock(
            lot_id=lot_id,
            code=code,
            product_id=cheese(office).id,
            quantity=pieces(pots),
            dated=made,
            on=date(2026, 11, 21),
            unit_price=UnitPrice(9_000),
        ),
    )
    return lot_id


def placed(
    office: OfficeInMemory, code: str, pots: int, *, wanted: date | None = None
) -> SalesOrderId:
    """An order that is not confirmed."""
    order_id = SalesOrderId(office.ids.new())
    execute(
        office,
        c.PlaceSalesOrder(
            order_id=order_id,
            code=code,
            client_id=client(office),
            lines=(OrderLine(cheese(office).id, pieces(pots)),),
            on=min(wanted or TODAY, TODAY),
            wanted_on=wanted,
        ),
    )
    return order_id
