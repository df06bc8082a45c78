"""What is billed of deliveries: at the price of the order's line, and the TVA of the day."""

from datetime import date

import pytest

from manchengo import UnitPrice
from manchengo import commands as c
from manchengo.application.bill_lines import bills_of, lines_to_bill, unbilled
from manchengo.domain.ids import DeliveryId, InvoiceId, SalesOrderId
from manchengo.domain.product import VatClass
from manchengo.domain.sales_order import OrderLine
from manchengo.domain.values import Percent
from manchengo.domain.vat_rates import RATES, vat_rate
from manchengo.ports.rows import DeliveryRow, FinishedLotRow
from tests.support.office_in_memory import TODAY, OfficeInMemory, execute
from tests.support.selling import cheese, client, pieces, with_cheese


@pytest.fixture
def office() -> OfficeInMemory:
    return with_cheese()


def sold(office: OfficeInMemory, *lines: OrderLine) -> SalesOrderId:
    order_id = SalesOrderId(office.ids.new())
    execute(
        office,
        c.Sell(order_id=order_id, code="CC-1", client_id=client(office), lines=lines, on=TODAY),
    )
    return order_id


def delivered(office: OfficeInMemory, order_id: SalesOrderId, code: str, pots: int) -> DeliveryRow:
    """So many pots of the order leave."""
    delivery_id = DeliveryId(office.ids.new())
    execute(
        office,
        c.PrepareDelivery(delivery_id=delivery_id, code=code, order_id=order_id, on=TODAY),
    )
    with office.reading() as snapshot:
        lots = {row.code: row.id for row in snapshot.rows(FinishedLotRow)}
    execute(
        office,
        c.LoadLot(delivery_id=delivery_id, lot_id=lots["PF-A"], quantity=pieces(pots), on=TODAY),
    )
    execute(office, c.DispatchDelivery(delivery_id=delivery_id, on=TODAY))
    with office.reading() as snapshot:
        row = snapshot.get(DeliveryRow, delivery_id)
    assert row is not None
    return row


def billed(office: OfficeInMemory, *notes: DeliveryRow) -> list[tuple[int, int]]:
    """Pots and centimes of each line."""
    with office.reading() as snapshot:
        lines = lines_to_bill(snapshot, notes, TODAY)
    return [(line.quantity.thousandths // 1_000, line.unit_price.centimes) for line in lines]


def test_what_leaves_first_fills_the_first_line(office: OfficeInMemory) -> None:
    product_id = cheese(office).id
    order_id = sold(
        office,
        OrderLine(product_id, pieces(10)),
        OrderLine(product_id, pieces(5), unit_price=UnitPrice(0)),
    )
    first = delivered(office, order_id, "BL-1", 8)
    second = delivered(office, order_id, "BL-2", 7)
    assert billed(office, first) == [(8, 18_000)]
    assert billed(office, second) == [(2, 18_000), (5, 0)]
    assert billed(office, first, second) == [(10, 18_000), (5, 0)]


def test_what_is_billed_is_not_to_be_billed_again(office: OfficeInMemory) -> None:
    order_id = sold(office, OrderLine(cheese(office).id, pieces(10)))
    first = delivered(office, order_id, "BL-1", 4)
    second = delivered(office, order_id, "BL-2", 6)
    with office.reading() as snapshot:
        assert [note.id for note in unbilled(snapshot, order_id)] == [first.id, second.id]
        lines = lines_to_bill(snapshot, [first], TODAY)
    execute(
        office,
        c.DraftInvoice(
            invoice_id=InvoiceId(office.ids.new()),
            client_id=first.client_id,
            lines=lines,
            on=TODAY,
            delivery_ids=(first.id,),
        ),
    )
    with office.reading() as snapshot:
        assert [note.id for note in unbilled(snapshot, order_id)] == [second.id]
        assert [row.status for row in bills_of(snapshot, first.id)] == ["draft"]


def test_a_rate_of_tva_holds_from_its_day_on() -> None:
    normal = vat_rate(VatClass.NORMAL, date(2026, 11, 24))
    assert (normal.rule, normal.rate) == ("tva.normal@2017", Percent(1_900))
    assert vat_rate(VatClass.REDUCED, date(2026, 1, 1)).rate == Percent(900)
    assert not vat_rate(VatClass.EXEMPT, date(2026, 1, 1)).rate.basis_points


def test_every_rate_names_its_source_and_stands_once() -> None:
    assert {each.vat_class for each in RATES} == set(VatClass)
    assert len({each.rule for each in RATES}) == len(RATES)
    assert all(each.source for each in RATES)
