"""A price for so many units: exact, and rounded once."""

import pytest
from attrs import evolve
from hypothesis import given as whatever
from hypothesis import strategies as st

from manchengo import BillLine, Money, OrderLine, Percent, UnitPrice, codec
from manchengo.commands import ChangeProduct, CorrectLot
from manchengo.domain.lot.events import LotCorrected
from manchengo.domain.sales_order import SalesOrderPlaced
from manchengo.domain.unit_price import MOST_UNITS
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import (
    FinishedProductRow,
    LotCorrectionRow,
    RawLotRow,
    SalesOrderLineRow,
    SalesOrderRow,
)
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MONDAY,
    SHOP,
    a_line,
    amount,
    kg,
    litres,
    lot_id,
    ordered,
    received,
    sale_id,
)
from tests.support.given import given

CHEAP = UnitPrice(35, per=100)
"""0.35 dinar for a hundred."""


@pytest.mark.parametrize(
    ("price", "pieces", "centimes"),
    [
        (CHEAP, "100", 35),
        (CHEAP, "1", 0),
        (CHEAP, "2", 1),
        (CHEAP, "250", 88),
        (UnitPrice(100, per=3), "3", 100),
        (UnitPrice(100, per=3), "1", 33),
        (UnitPrice(250, per=100), "7", 18),
        (UnitPrice(6200), "12.5", 77_500),
    ],
)
def test_what_so_many_cost_is_rounded_half_up_once(
    price: UnitPrice, pieces: str, centimes: int
) -> None:
    assert price.of(amount(pieces, Unit.PIECE)) == Money(centimes)


@whatever(
    centimes=st.integers(0, 10**7),
    per=st.integers(1, MOST_UNITS),
    thousandths=st.integers(0, 10**9),
)
def test_a_price_for_many_is_that_of_one_where_it_divides(
    centimes: int, per: int, thousandths: int
) -> None:
    quantity = Quantity(thousandths, Unit.PIECE)
    assert UnitPrice(centimes * per, per).of(quantity) == UnitPrice(centimes).of(quantity)


def test_a_discount_is_taken_before_the_rounding() -> None:
    line = BillLine(
        designation="Étiquettes",
        quantity=amount(250, Unit.PIECE),
        unit_price=CHEAP,
        vat_rate=Percent(1900),
        vat_rule="vat-2026",
        discount=Percent(5000),
    )
    assert line.net() == Money(44)


def test_a_price_prints_and_parses() -> None:
    assert str(CHEAP) == "0.35 DZD/100"
    assert str(UnitPrice(6200)) == "62.00 DZD"
    for price in (CHEAP, UnitPrice(6200), UnitPrice(0)):
        assert UnitPrice.parse(str(price)) == price
    for wrong in ("1/0", "1/", "1/2.5", "/100", f"1/{MOST_UNITS + 1}"):
        with pytest.raises(ValueError, match=r"amount|decimals|per"):
            UnitPrice.parse(wrong)


@pytest.mark.parametrize("per", [0, -1, MOST_UNITS + 1])
def test_a_price_is_for_one_unit_at_least(per: int) -> None:
    with pytest.raises(ValueError, match="per"):
        UnitPrice(35, per)
    with pytest.raises(TypeError):
        UnitPrice(35, 1.5)  # type: ignore[arg-type] # what a caller without a type checker gives


def test_an_order_takes_the_products_price_for_a_hundred() -> None:
    cheap = ChangeProduct(product_id=CHEESE, price=CHEAP)
    dairy = given(A_DAIRY, cheap, ordered("S1", OrderLine(CHEESE, kg(250)))).dairy
    with dairy.store.reading() as snapshot:
        (line,) = snapshot.rows(SalesOrderLineRow, order_id=sale_id("S1"))
        order = snapshot.get(SalesOrderRow, sale_id("S1"))
        product = snapshot.get(FinishedProductRow, CHEESE)
    assert order is not None
    assert product is not None
    assert (line.unit_price, line.price_per, order.net) == (35, 100, 88)
    assert (product.price, product.price_per) == (35, 100)
    assert dairy.verify().sound


def test_one_product_at_two_prices_is_on_two_lines() -> None:
    lines = (a_line(kg(1)), OrderLine(CHEESE, kg(1), UnitPrice(120_000, per=2)))
    given(A_DAIRY).when(ordered("S1", *lines)).done()


def test_what_a_lot_cost_may_be_for_a_hundred_and_is_corrected_so() -> None:
    bought = evolve(received("L1", litres(100)), unit_price=CHEAP)
    wrong = CorrectLot(
        lot_id=lot_id("L1"), on=MONDAY, reason="misread", unit_price=UnitPrice(53, per=100)
    )
    dairy = given(A_DAIRY, bought, wrong).dairy
    with dairy.store.reading() as snapshot:
        (row,) = snapshot.rows(RawLotRow, id=lot_id("L1"))
        (correction,) = snapshot.rows(LotCorrectionRow, lot_id=lot_id("L1"))
    assert (row.unit_price, row.price_per) == (53, 100)
    assert (correction.before, correction.after) == ("35/100", "53/100")


def test_prices_of_before_are_for_one_unit() -> None:
    """As version 1 stored them, in a line or alone."""
    placed = codec.events.encode(
        SalesOrderPlaced(
            order_id=sale_id("S1"), code="S1", client_id=SHOP, lines=(), on=MONDAY, wanted_on=None
        )
    ).replace(
        b'"lines":[]',
        b'"lines":[{"product_id":"%s","quantity":{"thousandths":1,"unit":"kg"},'
        b'"unit_price":{"centimes":0}}]' % str(CHEESE).encode(),
    )
    old = codec.events.decode("sales_order.placed", 1, placed)
    assert [line.unit_price for line in old.lines] == [UnitPrice(0)]
    corrected = codec.events.encode(
        LotCorrected(
            expiry=None,
            supplier_id=None,
            supplier_reference=None,
            unit_price=None,
            on=MONDAY,
            reason="misread",
        )
    )
    assert codec.events.decode("lot.corrected", 1, corrected).unit_price is None
