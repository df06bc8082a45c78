"""What was closed by mistake is open again: a sales order, a production order, a delivery."""

from typing import Any

import pytest

from manchengo.domain.delivery import CameBackSince, DeliveryReopened
from manchengo.domain.errors import OutOfOrder, ReasonMissing, WrongState
from manchengo.domain.ledger import Movement
from manchengo.domain.lot.decide import LotWasUsed
from manchengo.domain.lot.events import LotReserved, LotVoided
from manchengo.domain.lot.rules import LotRecalledForGood
from manchengo.domain.production_order import ProductionReopened
from manchengo.domain.sales_order import (
    MissingStock,
    NotEnoughStock,
    SalesOrderReopened,
    StockPick,
)
from manchengo.ports.rows import DeliveryRow, ProductionOrderRow, SalesOrderRow
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RENNET,
    a_line,
    abandoned,
    an_output,
    blocked,
    called_off,
    came_back,
    closed,
    completed,
    counted,
    day,
    delivered,
    gone,
    handed_over,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    make_id,
    make_reopened,
    millilitres,
    ordered,
    planned,
    poured,
    prepared,
    quarantined,
    recalled,
    received,
    sale_id,
    sale_reopened,
    sold,
    started,
    stayed,
    taken_back,
    van_id,
    van_reopened,
    written_off,
)
from tests.support.given import given

S1, O1, V1 = sale_id("S1"), make_id("O1"), van_id("V1")


def wrong_state(kind: str, state: str) -> dict[str, object]:
    return {"kind": kind, "state": state, "step": "reopen"}


# ----------------------------------------------------------------------------------- sales orders

STORED = (A_DAIRY, in_store("T1", kg(6)), in_store("T6", kg(6)))
SOLD = (*STORED, sold("S1", kg(8)))
FIVE_LEFT = (
    *SOLD,
    prepared("V1", order="S1"),
    loaded("V1", "T1", kg(5)),
    gone("V1"),
)
"""Of eight kilograms sold, five have left: one of the lot T1 and two of T6 are reserved."""

CLOSED = (*FIVE_LEFT, closed("S1"))
CALLED_OFF = (*SOLD, called_off("S1"))


def pick(lot: str, quantity: Any) -> StockPick:
    return StockPick(lot_id=lot_id(lot), product_id=CHEESE, quantity=quantity)


def kept(quantity: Any) -> LotReserved:
    return LotReserved(owner=S1, quantity=quantity, on=day(0))


def reopened(*picks: StockPick) -> SalesOrderReopened:
    return SalesOrderReopened(picks=picks, reason="too soon", on=day(0))


def status_of_sale(dairy: Any) -> str:
    with dairy.store.reading() as snapshot:
        row = snapshot.get(SalesOrderRow, S1)
        return f"{row.status} {row.reason}".strip()


def test_a_closed_order_has_its_rest_again() -> None:
    asked = given(CLOSED).when(sale_reopened("S1"))
    dairy = asked.then(kept(kg(1)), kept(kg(2)), reopened(pick("T1", kg(1)), pick("T6", kg(2))))
    assert status_of_sale(dairy) == "partly_delivered"


def test_a_cancelled_order_is_confirmed_again() -> None:
    asked = given(CALLED_OFF).when(sale_reopened("S1"))
    dairy = asked.then(kept(kg(6)), kept(kg(2)), reopened(pick("T1", kg(6)), pick("T6", kg(2))))
    assert status_of_sale(dairy) == "confirmed"


def test_an_order_cancelled_before_it_was_confirmed_is_only_placed() -> None:
    placed = (*STORED, ordered("S1", a_line(kg(8))), called_off("S1"))
    dairy = given(placed).when(sale_reopened("S1")).then(reopened())
    assert status_of_sale(dairy) == "placed"


def test_an_order_closed_when_all_had_left_is_delivered() -> None:
    whole = (*SOLD, delivered("V1", order="S1"), closed("S1"))
    dairy = given(whole).when(sale_reopened("S1")).then(reopened())
    assert status_of_sale(dairy) == "delivered"


def test_what_others_took_meanwhile_comes_from_other_lots() -> None:
    taken = (*CLOSED, sold("S2", kg(5)), in_store("T4", kg(9), on=day(0)))
    asked = given(taken).when(sale_reopened("S1"))
    asked.then(
        kept(kg(2)),
        reopened(pick("T6", kg(2)), pick("T4", kg(1))),
        kept(kg(1)),
    )


def test_an_order_is_not_reopened_with_less_than_it_had() -> None:
    given(CLOSED, sold("S2", kg(6))).when(sale_reopened("S1")).refused(
        NotEnoughStock,
        order="S1",
        missing=(MissingStock(product="TOMME", wanted=kg(2), available=kg(0)),),
    )


def test_what_may_not_be_sold_is_reserved_again_as_it_was() -> None:
    asked = given(*FIVE_LEFT, blocked("T6"), closed("S1")).when(sale_reopened("S1"))
    asked.then(kept(kg(1)), kept(kg(2)), reopened(pick("T1", kg(1)), pick("T6", kg(2))))


def test_an_order_reopened_and_closed_again_has_its_rest_once_more() -> None:
    again = (*CLOSED, sale_reopened("S1"), delivered("V2", order="S1"), closed("S1"))
    given(again).when(sale_reopened("S1")).then(reopened())


@pytest.mark.parametrize(
    ("life", "state"),
    [(SOLD, "confirmed"), (FIVE_LEFT, "partly_delivered"), ((*CLOSED, sale_reopened("S1")), None)],
)
def test_only_an_order_that_is_over_is_reopened(life: Any, state: str | None) -> None:
    given(life).when(sale_reopened("S1")).refused(
        WrongState, **wrong_state("sales_order", state or "partly_delivered")
    )


def test_an_order_is_reopened_with_a_reason_and_not_before_it_was_closed() -> None:
    given(CLOSED).when(sale_reopened("S1", reason=" ")).refused(ReasonMissing, step="reopen")
    late = (*FIVE_LEFT, closed("S1", on=day(2)))
    given(late).when(sale_reopened("S1", on=day(1))).refused(
        OutOfOrder, step="reopen", after="end", after_on=day(2)
    )


def test_the_rest_of_a_reopened_order_leaves() -> None:
    dairy = given(CLOSED, sale_reopened("S1"), delivered("V2", order="S1")).dairy
    assert status_of_sale(dairy) == "delivered"


# ------------------------------------------------------------------------------ production orders

READY = (
    A_DAIRY,
    received("L1", litres(100)),
    received("R1", millilitres(100), of=RENNET),
    planned("O1", kg(2)),
    started("O1"),
)
POURED = (*READY, poured("O1", "L1", litres(15)), poured("O1", "R1", millilitres(6)))
DONE = (*POURED, completed("O1", an_output("T9", kg(2)), an_output("T8", kg(1))))


def status_of_make(dairy: Any) -> tuple[object, ...]:
    with dairy.store.reading() as snapshot:
        row = snapshot.get(ProductionOrderRow, O1)
        return row.status, row.completed_on, row.obtained, row.reason


def void() -> LotVoided:
    return LotVoided(on=day(0), reason="too soon")


def going_on(*outputs: str) -> ProductionReopened:
    return ProductionReopened(
        outputs=tuple(lot_id(lot) for lot in outputs), reason="too soon", on=day(0)
    )


def test_what_came_out_by_mistake_is_void_and_the_order_goes_on() -> None:
    asked = given(DONE).when(make_reopened("O1"))
    milk_again = LotReserved(owner=O1, quantity=litres(5), on=day(0))
    dairy = asked.then(void(), void(), milk_again, going_on("T9", "T8"))
    assert status_of_make(dairy) == ("started", None, 0, "")
    assert not dairy.stock.on_hand(CHEESE)


def test_a_reopened_order_is_completed_again() -> None:
    dairy = given(DONE, make_reopened("O1"), completed("O1", an_output("T7", kg(2)))).dairy
    assert status_of_make(dairy) == ("completed", day(0), 2_000, "")


def test_an_order_that_yielded_only_a_loss_is_reopened() -> None:
    lost = (*POURED, completed("O1", lost=kg(2), loss_reason="raté"))
    given(lost).when(make_reopened("O1")).then(
        LotReserved(owner=O1, quantity=litres(5), on=day(0)), going_on()
    )


def test_what_others_took_of_the_rest_stays_theirs() -> None:
    taken = (*DONE, written_off("L1", litres(82)))
    given(taken).when(make_reopened("O1")).then(
        void(), void(), LotReserved(owner=O1, quantity=litres(3), on=day(0)), going_on("T9", "T8")
    )


@pytest.mark.parametrize(
    ("use", "why"),
    [
        (counted("T9", kg(2)), Movement.COUNT),
        (written_off("T9", kg(1)), Movement.WRITE_OFF),
        (sold("S1", kg(1)), "reserved"),
    ],
)
def test_an_order_of_whose_lots_something_was_used_stays_completed(use: Any, why: str) -> None:
    given(DONE, use).when(make_reopened("O1")).refused(LotWasUsed, use=why)


def test_an_order_whose_lot_is_recalled_stays_completed() -> None:
    given(DONE, recalled("L1")).when(make_reopened("O1")).refused(LotRecalledForGood, lot="T9")


def test_a_quarantine_of_what_came_out_does_not_keep_the_order_completed() -> None:
    assert given(DONE, quarantined("T9")).when(make_reopened("O1")).done().events


def test_a_cancelled_order_goes_on() -> None:
    given(READY, abandoned("O1")).when(make_reopened("O1")).then(
        LotReserved(owner=O1, quantity=litres(20), on=day(0)),
        LotReserved(owner=O1, quantity=millilitres(6), on=day(0)),
        going_on(),
    )


def test_a_plan_that_was_cancelled_is_planned_again() -> None:
    dairy = given(A_DAIRY, planned("O1", kg(2)), abandoned("O1"), make_reopened("O1")).dairy
    assert status_of_make(dairy) == ("planned", None, 0, "")


def test_a_make_recorded_at_once_is_taken_back_step_by_step() -> None:
    """Reopened, its materials taken back, cancelled: nothing is left of it."""
    at_once = (
        A_DAIRY,
        received("L1", litres(100)),
        received("R1", millilitres(100), of=RENNET),
        made("O1", kg(2), outputs=(an_output("T9", kg(2)),)),
    )
    back = (make_reopened("O1"), taken_back("O1", "L1"), taken_back("O1", "R1"), abandoned("O1"))
    dairy = given(at_once, back).dairy
    stock = dairy.stock.by_product()
    held = {each.product.id: (each.on_hand, each.reserved) for each in stock if each.on_hand}
    assert held == {MILK: (litres(100), litres(0)), RENNET: (millilitres(100), millilitres(0))}


@pytest.mark.parametrize(("life", "state"), [(READY, "started"), (READY[:4], "planned")])
def test_only_a_make_that_is_over_is_reopened(life: Any, state: str) -> None:
    given(life).when(make_reopened("O1")).refused(
        WrongState, **wrong_state("production_order", state)
    )


def test_a_make_is_reopened_with_a_reason_and_not_before_it_ended() -> None:
    given(DONE).when(make_reopened("O1", reason="")).refused(ReasonMissing)
    late = (*POURED, completed("O1", an_output("T9", kg(2)), on=day(2)))
    given(late).when(make_reopened("O1", on=day(1))).refused(
        OutOfOrder, step="reopen", after="end", after_on=day(2)
    )


# ------------------------------------------------------------------------------------- deliveries

HANDED_OVER = (*FIVE_LEFT, handed_over("V1"))
STAYED = (*SOLD, prepared("V1", order="S1"), loaded("V1", "T1", kg(5)), stayed("V1"))


def status_of_van(dairy: Any) -> tuple[object, ...]:
    with dairy.store.reading() as snapshot:
        row = snapshot.get(DeliveryRow, V1)
        return row.status, row.received_by, row.reason


def test_a_delivery_received_by_mistake_is_on_its_way_again() -> None:
    dairy = (
        given(HANDED_OVER)
        .when(van_reopened("V1"))
        .then(DeliveryReopened(received_by="Amina", reason="wrong shop", on=day(0)))
    )
    assert status_of_van(dairy) == ("dispatched", "", "")


def test_a_delivery_cancelled_by_mistake_leaves_with_what_was_loaded() -> None:
    dairy = (
        given(STAYED)
        .when(van_reopened("V1"))
        .then(DeliveryReopened(received_by="", reason="wrong shop", on=day(0)))
    )
    assert status_of_van(dairy) == ("prepared", "", "")
    dairy.execute(gone("V1"))
    assert status_of_sale(dairy) == "partly_delivered"


def test_a_delivery_of_which_some_came_back_since_stays_received() -> None:
    given(HANDED_OVER, came_back("V1", "T1", kg(1))).when(van_reopened("V1")).refused(
        CameBackSince, delivery="V1"
    )


def test_what_came_back_before_the_client_had_the_rest_does_not_matter() -> None:
    back_first = (*FIVE_LEFT, came_back("V1", "T1", kg(1)), handed_over("V1"))
    dairy = given(back_first, van_reopened("V1"), handed_over("V1", by="Karim")).dairy
    assert status_of_van(dairy) == ("received", "Karim", "")


@pytest.mark.parametrize(
    ("life", "state"),
    [(FIVE_LEFT, "dispatched"), ((*STAYED, van_reopened("V1")), "prepared")],
)
def test_only_a_delivery_that_is_over_is_reopened(life: Any, state: str) -> None:
    given(life).when(van_reopened("V1")).refused(WrongState, **wrong_state("delivery", state))


def test_a_delivery_is_reopened_with_a_reason_and_not_before_it_arrived() -> None:
    given(HANDED_OVER).when(van_reopened("V1", reason="")).refused(ReasonMissing)
    late = (*FIVE_LEFT, handed_over("V1", on=day(2)))
    given(late).when(van_reopened("V1", on=day(1))).refused(
        OutOfOrder, step="reopen", after="end", after_on=day(2)
    )
