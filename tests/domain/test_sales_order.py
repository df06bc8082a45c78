"""What a client asks, what is kept for it, and what becomes of that."""

import pytest
from attrs import evolve

from manchengo.commands import (
    ArchiveClient,
    ArchiveProduct,
    ChangeClient,
    ChangeProduct,
    Command,
    PlaceSalesOrder,
    Sell,
)
from manchengo.domain.allocation import Policy
from manchengo.domain.errors import (
    AlreadyExists,
    Archived,
    NothingToDo,
    OutOfOrder,
    ReasonMissing,
    Unknown,
    WrongState,
)
from manchengo.domain.ids import ClientId, ProductId
from manchengo.domain.lot.events import LotReserved, LotUnreserved
from manchengo.domain.sales_order import (
    MissingStock,
    NoPrice,
    NotEnoughStock,
    OrderLine,
    OrderStatus,
    ProductTwice,
    SalesOrder,
    SalesOrderCancelled,
    SalesOrderClosed,
    SalesOrderConfirmed,
    SalesOrderPlaced,
    StockPick,
)
from manchengo.domain.values import Quantity, Unit, UnitsDiffer
from manchengo.ports.rows import SalesOrderRow
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    SHOP,
    WHEY,
    a_line,
    a_priced_line,
    amount,
    an_id,
    blocked,
    called_off,
    closed,
    confirmed,
    day,
    delivered,
    dinars,
    gone,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    ordered,
    prepared,
    quarantined,
    recalled,
    received,
    sale_id,
    sold,
    written_off,
)
from tests.support.given import given

S1 = sale_id("S1")
FREE = dinars(0)
OLD_AND_NEW = (A_DAIRY, in_store("T1", kg(10)), in_store("T2", kg(10), on=day(1)))
"""Ten kilograms made on Monday, ten on Tuesday."""

ASKED = (*OLD_AND_NEW, ordered("S1", a_line(kg(15))))
PROMISED = (*ASKED, confirmed("S1", on=day(1)))


def cheese(lot: str, quantity: Quantity) -> StockPick:
    return StockPick(lot_id=lot_id(lot), product_id=CHEESE, quantity=quantity)


def wrong_state(state: str, step: str) -> dict[str, object]:
    return {"kind": "sales_order", "id": S1, "code": "S1", "state": state, "step": step}


# ------------------------------------------------------------------------------------- the asking


def test_a_client_asks_for_cheese() -> None:
    given(A_DAIRY).when(ordered("S1", a_line(amount(2500, Unit.G), at=dinars(1100)))).then(
        SalesOrderPlaced(
            order_id=S1,
            code="S1",
            client_id=SHOP,
            lines=(a_priced_line(kg("2.5"), at=dinars(1100)),),
            on=day(0),
            wanted_on=None,
        )
    )


@pytest.mark.parametrize("after", [0, 1, 30])
def test_a_client_names_the_day_by_which_he_wants_it(after: int) -> None:
    asked = evolve(ordered("S1", a_line(kg(1))), wanted_on=day(after))
    dairy = given(A_DAIRY, asked).dairy
    with dairy.reading() as snapshot:
        (row,) = snapshot.rows(SalesOrderRow)
    assert row.wanted_on == day(after)


@pytest.mark.parametrize("command", [ordered("S1", a_line(kg(1))), sold("S1", kg(1))])
def test_nothing_is_wanted_before_it_is_ordered(command: PlaceSalesOrder | Sell) -> None:
    asked = evolve(command, wanted_on=day(-1))
    given(A_DAIRY, in_store("T1", kg(9))).when(asked).refused(
        OutOfOrder,
        kind="sales_order",
        code="S1",
        step="deliver",
        on=day(-1),
        after="place",
        after_on=day(0),
    )


def test_a_line_without_a_price_takes_the_products() -> None:
    dearer = ChangeProduct(product_id=CHEESE, price=dinars(1300))
    lines = (OrderLine(CHEESE, kg(4)), a_line(kg(1), at=FREE))
    given(A_DAIRY, dearer).when(ordered("S1", *lines)).then(
        SalesOrderPlaced(
            order_id=S1,
            code="S1",
            client_id=SHOP,
            lines=(a_priced_line(kg(4), at=dinars(1300)), a_priced_line(kg(1), at=FREE)),
            on=day(0),
            wanted_on=None,
        )
    )


def test_a_product_without_a_price_needs_one_in_the_line() -> None:
    unpriced = (*OLD_AND_NEW, ChangeProduct(product_id=CHEESE, price=FREE))
    asked = ordered("S1", OrderLine(CHEESE, kg(4)))
    given(unpriced).when(asked).refused(NoPrice, product="TOMME")
    given(unpriced).when(evolve(sold("S1", kg(4)), lines=asked.lines)).refused(
        NoPrice, product="TOMME"
    )


def test_the_products_price_counts_as_one_of_the_order() -> None:
    given(A_DAIRY).when(ordered("S1", a_line(kg(1)), OrderLine(CHEESE, kg(2)))).refused(
        ProductTwice, order="S1", product_id=CHEESE
    )


def test_an_order_is_placed_once() -> None:
    given(ASKED).when(evolve(ordered("S1", a_line(kg(1))), code="S2")).refused(
        AlreadyExists, kind="sales_order", reference=str(S1)
    )


def test_two_orders_never_bear_the_same_code() -> None:
    given(ASKED).when(evolve(ordered("S1", a_line(kg(1))), order_id=sale_id("S2"))).refused(
        AlreadyExists, kind="sales_order", reference="S1"
    )


def test_an_order_asks_for_something() -> None:
    given(A_DAIRY).when(ordered("S1")).refused(NothingToDo, what="order lines")
    given(A_DAIRY).when(ordered("S1", a_line(kg(0)))).refused(NothingToDo, what="quantity")


def test_an_order_names_each_product_once_at_each_price() -> None:
    given(A_DAIRY).when(ordered("S1", a_line(kg(1)), a_line(kg(2)))).refused(
        ProductTwice, order="S1", product_id=CHEESE
    )


def test_a_free_kilogram_stands_beside_those_paid_for() -> None:
    asked = ordered("S1", a_line(kg(6)), a_line(kg(3), at=FREE))
    given(OLD_AND_NEW, asked).when(confirmed("S1")).then(
        SalesOrderConfirmed(picks=(cheese("T1", kg(9)),), on=day(0)),
        LotReserved(owner=S1, quantity=kg(9), on=day(0)),
    )


@pytest.mark.parametrize(("left", "by_line"), [(4, (4, 0)), (6, (6, 0)), (8, (6, 2)), (9, (6, 3))])
def test_of_two_lines_of_one_product_the_first_is_served_first(
    left: int, by_line: tuple[int, int]
) -> None:
    order = SalesOrder(
        id=S1,
        code="S1",
        client_id=SHOP,
        lines=(a_priced_line(kg(6)), a_priced_line(kg(3), at=FREE)),
        on=day(0),
        wanted_on=None,
        status=OrderStatus.PARTLY_DELIVERED,
        shipped=(cheese("T1", kg(left)),),
    )
    assert order.shipped_by_line() == tuple(1_000 * each for each in by_line)


def test_two_lines_of_one_product_are_short_together() -> None:
    asked = ordered("S1", a_line(kg(6)), a_line(kg(5), at=FREE))
    given(A_DAIRY, in_store("T1", kg(10)), asked).when(confirmed("S1")).refused(
        NotEnoughStock,
        order="S1",
        on=day(0),
        missing=(MissingStock(product="TOMME", wanted=kg(11), available=kg(10)),),
    )


def test_an_unknown_client_asks_for_nothing() -> None:
    nobody = ClientId(an_id("nobody"))
    given(A_DAIRY).when(evolve(ordered("S1", a_line(kg(1))), client_id=nobody)).refused(
        Unknown, kind="client", reference=str(nobody)
    )


def test_an_archived_client_asks_for_nothing() -> None:
    given(A_DAIRY, ArchiveClient(client_id=SHOP)).when(ordered("S1", a_line(kg(1)))).refused(
        Archived, kind="client", code="C01"
    )


def test_nobody_asks_for_an_archived_cheese() -> None:
    given(A_DAIRY, ArchiveProduct(product_id=CHEESE)).when(ordered("S1", a_line(kg(1)))).refused(
        Archived, kind="product", code="TOMME"
    )


def test_nobody_asks_for_an_unknown_cheese() -> None:
    given(A_DAIRY).when(ordered("S1", a_line(kg(1), of=ProductId(an_id("?"))))).refused(
        Unknown, kind="product"
    )


def test_nobody_asks_for_cheese_in_litres() -> None:
    given(A_DAIRY).when(ordered("S1", a_line(litres(1)))).refused(
        UnitsDiffer, expected=Unit.KG, found=Unit.L
    )


# ------------------------------------------------------------------------------------ the promise


def test_the_oldest_cheese_is_kept_first() -> None:
    given(ASKED).when(confirmed("S1", on=day(1))).then(
        SalesOrderConfirmed(picks=(cheese("T1", kg(10)), cheese("T2", kg(5))), on=day(1)),
        LotReserved(owner=S1, quantity=kg(10), on=day(1)),
        LotReserved(owner=S1, quantity=kg(5), on=day(1)),
    )


def test_by_the_other_policy_the_cheese_that_expires_first_is_kept_first() -> None:
    short_lived = made("T3", kg(10), on=day(1))
    short_lived = evolve(short_lived, outputs=(evolve(short_lived.outputs[0], expires_on=day(20)),))
    milk, rennet, _ = in_store("T3", kg(10), on=day(1))
    by_expiry = ChangeProduct(product_id=CHEESE, allocation=Policy.FEFO)
    given(ASKED, milk, rennet, short_lived, by_expiry).when(confirmed("S1", on=day(1))).then(
        SalesOrderConfirmed(picks=(cheese("T3", kg(10)), cheese("T1", kg(5))), on=day(1)),
        LotReserved(owner=S1, quantity=kg(10), on=day(1)),
        LotReserved(owner=S1, quantity=kg(5), on=day(1)),
    )


def test_a_client_who_wants_it_fresh_gets_what_lives_long_enough() -> None:
    """Monday's cheese has exactly fifty days left on day ten, and forty-nine on day eleven."""
    fussy = ChangeClient(client_id=SHOP, minimum_shelf_life_days=50)
    small = ordered("S1", a_line(kg(5)))
    given(OLD_AND_NEW, fussy, small).when(confirmed("S1", on=day(10))).then(
        SalesOrderConfirmed(picks=(cheese("T1", kg(5)),), on=day(10)),
        LotReserved(owner=S1, quantity=kg(5), on=day(10)),
    )
    given(OLD_AND_NEW, fussy, small).when(confirmed("S1", on=day(11))).then(
        SalesOrderConfirmed(picks=(cheese("T2", kg(5)),), on=day(11)),
        LotReserved(owner=S1, quantity=kg(5), on=day(11)),
    )


def test_everything_that_is_missing_is_named() -> None:
    given(OLD_AND_NEW, ordered("S1", a_line(kg(21)), a_line(litres(3), of=WHEY))).when(
        confirmed("S1", on=day(1))
    ).refused(
        NotEnoughStock,
        order="S1",
        on=day(1),
        missing=(
            MissingStock(product="TOMME", wanted=kg(21), available=kg(20)),
            MissingStock(product="SERUM", wanted=litres(3), available=litres(0)),
        ),
    )


@pytest.mark.parametrize("judged", [quarantined("T1"), blocked("T1"), recalled("T1")])
def test_what_may_not_be_sold_is_not_promised(judged: Command) -> None:
    given(ASKED, judged).when(confirmed("S1", on=day(1))).refused(
        NotEnoughStock,
        missing=(MissingStock(product="TOMME", wanted=kg(15), available=kg(10)),),
    )


def test_tuesdays_cheese_is_not_promised_on_monday() -> None:
    given(ASKED).when(confirmed("S1", on=day(0))).refused(
        NotEnoughStock,
        missing=(MissingStock(product="TOMME", wanted=kg(15), available=kg(10)),),
    )


def test_cheese_is_promised_on_its_last_day_and_not_the_day_after() -> None:
    given(ASKED).when(confirmed("S1", on=day(60))).done()
    given(ASKED).when(confirmed("S1", on=day(61))).refused(
        NotEnoughStock,
        missing=(MissingStock(product="TOMME", wanted=kg(15), available=kg(10)),),
    )


def test_what_was_promised_to_one_is_not_promised_to_another() -> None:
    given(PROMISED).when(sold("S2", kg(6), on=day(1))).refused(
        NotEnoughStock,
        order="S2",
        missing=(MissingStock(product="TOMME", wanted=kg(6), available=kg(5)),),
    )


def test_placed_and_promised_at_once() -> None:
    given(OLD_AND_NEW).when(sold("S1", kg(4))).then(
        SalesOrderPlaced(
            order_id=S1,
            code="S1",
            client_id=SHOP,
            lines=(a_priced_line(kg(4)),),
            on=day(0),
            wanted_on=None,
        ),
        SalesOrderConfirmed(picks=(cheese("T1", kg(4)),), on=day(0)),
        LotReserved(owner=S1, quantity=kg(4), on=day(0)),
    )


def test_raw_milk_may_be_sold_as_it_came() -> None:
    milk = ordered("S1", a_line(litres(5), of=MILK))
    given(A_DAIRY, received("L1", litres(9)), milk).when(confirmed("S1")).then(
        SalesOrderConfirmed(
            picks=(StockPick(lot_id=lot_id("L1"), product_id=MILK, quantity=litres(5)),),
            on=day(0),
        ),
        LotReserved(owner=S1, quantity=litres(5), on=day(0)),
    )


@pytest.mark.parametrize("state", ["confirmed", "partly_delivered", "delivered", "closed"])
def test_an_order_is_promised_once(state: str) -> None:
    given(lives(state)).when(confirmed("S1", on=day(1))).refused(
        WrongState, **wrong_state(state, "confirm")
    )


def test_an_unknown_order_is_not_promised() -> None:
    given(A_DAIRY).when(confirmed("S9")).refused(
        Unknown, kind="sales_order", reference=str(sale_id("S9"))
    )


def lives(state: str) -> tuple[object, ...]:
    in_part = (
        *PROMISED,
        prepared("V1", order="S1", on=day(1)),
        loaded("V1", "T1", kg(6), on=day(1)),
        gone("V1", on=day(1)),
    )
    return {
        "placed": ASKED,
        "confirmed": PROMISED,
        "partly_delivered": in_part,
        "delivered": (*PROMISED, delivered("V1", order="S1", on=day(1))),
        "closed": (*in_part, closed("S1", on=day(1))),
        "cancelled": (*PROMISED, called_off("S1", on=day(1))),
    }[state]


# --------------------------------------------------------------------------------- calling it off


def test_an_order_only_placed_is_called_off() -> None:
    given(ASKED).when(called_off("S1")).then(SalesOrderCancelled(reason="too late", on=day(0)))


def test_what_was_kept_for_an_order_called_off_is_free_again() -> None:
    before = given(ASKED).dairy
    free = before.stock.preview(CHEESE, kg(99), on=day(1))
    after = (
        given(PROMISED)
        .when(called_off("S1", on=day(1)))
        .then(
            SalesOrderCancelled(reason="too late", on=day(1)),
            LotUnreserved(owner=S1, quantity=kg(10), on=day(1)),
            LotUnreserved(owner=S1, quantity=kg(5), on=day(1)),
        )
    )
    assert after.stock.preview(CHEESE, kg(99), on=day(1)) == free


def test_an_order_is_called_off_with_a_reason() -> None:
    given(PROMISED).when(called_off("S1", on=day(1), reason="")).refused(
        ReasonMissing, step="cancel"
    )


@pytest.mark.parametrize("state", ["partly_delivered", "delivered", "closed", "cancelled"])
def test_an_order_is_not_called_off_once_something_left(state: str) -> None:
    given(lives(state)).when(called_off("S1")).refused(WrongState, **wrong_state(state, "cancel"))


def test_an_unknown_order_is_neither_called_off_nor_closed() -> None:
    given(A_DAIRY).when(called_off("S9")).refused(Unknown, kind="sales_order")
    given(A_DAIRY).when(closed("S9")).refused(Unknown, kind="sales_order")


# ------------------------------------------------------------------------------------- closing it


def test_a_content_client_frees_what_was_still_kept() -> None:
    given(lives("partly_delivered")).when(closed("S1", on=day(2), reason=" enough ")).then(
        SalesOrderClosed(reason="enough", on=day(2)),
        LotUnreserved(owner=S1, quantity=kg(4), on=day(2)),
        LotUnreserved(owner=S1, quantity=kg(5), on=day(2)),
    )


def test_a_whole_delivery_leaves_nothing_to_free() -> None:
    given(lives("delivered")).when(closed("S1", on=day(2))).then(
        SalesOrderClosed(reason="", on=day(2))
    )


@pytest.mark.parametrize("state", ["placed", "confirmed", "closed", "cancelled"])
def test_only_what_was_delivered_is_closed(state: str) -> None:
    given(lives(state)).when(closed("S1")).refused(WrongState, **wrong_state(state, "close"))


def test_cheese_lost_while_it_was_promised_is_not_promised_twice() -> None:
    dairy = given(PROMISED, written_off("T2", kg(8), on=day(1))).dairy
    assert dairy.stock.preview(CHEESE, kg(99), on=day(1)).shortfall == kg(99)
