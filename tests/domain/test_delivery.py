"""A delivery: proposed, loaded scan by scan, gone, received, and what comes back."""

import pytest
from attrs import evolve

from manchengo.commands import Command, ConfirmReception
from manchengo.domain.allocation import Skipped
from manchengo.domain.delivery import (
    DeliveryCancelled,
    DeliveryDispatched,
    DeliveryLoaded,
    DeliveryPrepared,
    DeliveryReceived,
    DeliveryReturned,
    DeliveryUnloaded,
    Disposition,
    MoreThanOrdered,
    NothingLoaded,
    NotLoadedThatMuch,
    ReturnLine,
    ScannedLotNotProposed,
)
from manchengo.domain.errors import (
    AlreadyExists,
    NothingToDo,
    OutOfOrder,
    ReasonMissing,
    Unknown,
    WrongState,
)
from manchengo.domain.lot.decide import NotDeliveredThatMuch
from manchengo.domain.lot.events import (
    LotDelivered,
    LotReserved,
    LotReturned,
    LotUnreserved,
    LotWrittenOff,
)
from manchengo.domain.lot.rules import LotUnfit, NotEnoughInLot
from manchengo.domain.sales_order import (
    SalesOrderConfirmed,
    SalesOrderDelivered,
    SalesOrderPlaced,
    StockPick,
)
from manchengo.domain.values import Quantity, Unit, UnitsDiffer
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    SHOP,
    a_priced_line,
    amount,
    blocked,
    called_off,
    came_back,
    counted,
    day,
    delivered,
    gone,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    prepared,
    sale_id,
    sold,
    stayed,
    unloaded,
    van_id,
    written_off,
)
from tests.support.given import given

S1, V1 = sale_id("S1"), van_id("V1")
PROMISED = (
    A_DAIRY,
    in_store("T1", kg(10)),
    in_store("T2", kg(10)),
    in_store("T3", kg(10), on=day(1)),
    sold("S1", kg(15)),
)
FIRST, SECOND = sorted(["T1", "T2"], key=lot_id)
"""Two lots of Monday, of which the identifier decides; one of Tuesday; fifteen kilograms asked."""

READY = (*PROMISED, prepared("V1", order="S1"))
ABOARD = (*READY, loaded("V1", FIRST, kg(10)), loaded("V1", SECOND, kg(5)))
ON_THE_ROAD = (*ABOARD, gone("V1"))


def cheese(lot: str, quantity: Quantity) -> StockPick:
    return StockPick(lot_id=lot_id(lot), product_id=CHEESE, quantity=quantity)


def scan(lot: str, quantity: Quantity, reason: str = "") -> DeliveryLoaded:
    return DeliveryLoaded(
        lot_id=lot_id(lot),
        product_id=CHEESE,
        quantity=quantity,
        on=day(0),
        override_reason=reason,
    )


def left(quantity: Quantity) -> LotDelivered:
    return LotDelivered(delivery_id=V1, order_id=S1, quantity=quantity, on=day(0))


def wrong_state(state: str, step: str) -> dict[str, object]:
    return {"kind": "delivery", "id": V1, "code": "V1", "state": state, "step": step}


def lives(state: str) -> tuple[object, ...]:
    return {
        "prepared": ABOARD,
        "dispatched": ON_THE_ROAD,
        "received": (*ON_THE_ROAD, taken("V1")),
        "cancelled": (*ABOARD, stayed("V1")),
    }[state]


def taken(code: str) -> ConfirmReception:
    return ConfirmReception(
        delivery_id=van_id(code), on=day(1), received_by=" Karim ", proof="signature:1"
    )


# ------------------------------------------------------------------------------- getting it ready


def test_what_is_kept_for_the_order_is_proposed() -> None:
    given(PROMISED).when(prepared("V1", order="S1")).then(
        DeliveryPrepared(
            delivery_id=V1,
            code="V1",
            order_id=S1,
            client_id=SHOP,
            proposed=(cheese(FIRST, kg(10)), cheese(SECOND, kg(5))),
            on=day(0),
        )
    )


def test_a_second_van_is_proposed_what_the_first_left() -> None:
    half = (*READY, loaded("V1", FIRST, kg(6)), gone("V1"))
    given(half).when(prepared("V2", order="S1")).then(
        DeliveryPrepared(
            delivery_id=van_id("V2"),
            code="V2",
            order_id=S1,
            client_id=SHOP,
            proposed=(cheese(FIRST, kg(4)), cheese(SECOND, kg(5))),
            on=day(0),
        )
    )


def test_a_delivery_is_prepared_once() -> None:
    given(READY).when(evolve(prepared("V1", order="S1"), code="V2")).refused(
        AlreadyExists, kind="delivery", reference=str(V1)
    )


def test_two_deliveries_never_bear_the_same_code() -> None:
    given(READY).when(evolve(prepared("V1", order="S1"), delivery_id=van_id("V2"))).refused(
        AlreadyExists, kind="delivery", reference="V1"
    )


def test_nothing_is_prepared_for_an_order_called_off() -> None:
    given(PROMISED, called_off("S1")).when(prepared("V1", order="S1")).refused(
        WrongState, kind="sales_order", id=S1, code="S1", state="cancelled", step="deliver"
    )


def test_nothing_is_prepared_for_an_order_already_served() -> None:
    given(ON_THE_ROAD).when(prepared("V2", order="S1")).refused(
        WrongState, kind="sales_order", state="delivered", step="deliver"
    )


def test_a_lot_that_took_the_place_of_another_is_proposed_from_then_on() -> None:
    changed_his_mind = (
        loaded("V1", "T3", kg(7), on=day(1), reason="order"),
        stayed("V1", on=day(1)),
    )
    given(READY, changed_his_mind).when(prepared("V2", order="S1")).then(
        DeliveryPrepared(
            delivery_id=van_id("V2"),
            code="V2",
            order_id=S1,
            client_id=SHOP,
            proposed=(cheese(FIRST, kg(8)), cheese("T3", kg(7))),
            on=day(0),
        )
    )


def test_nothing_is_prepared_where_nothing_is_kept() -> None:
    placed = SalesOrderPlaced(
        order_id=S1,
        code="S1",
        client_id=SHOP,
        lines=(a_priced_line(kg(1)),),
        on=day(0),
        wanted_on=None,
    )
    given(A_DAIRY, placed, SalesOrderConfirmed(picks=(), on=day(0))).when(
        prepared("V1", order="S1")
    ).refused(NothingToDo, what="delivery lines")


def test_nothing_is_prepared_for_an_unknown_order() -> None:
    given(A_DAIRY).when(prepared("V1", order="S9")).refused(
        Unknown, kind="sales_order", reference=str(sale_id("S9"))
    )


# ----------------------------------------------------------------------- loading it, scan by scan


def test_a_proposed_lot_is_loaded() -> None:
    given(READY).when(loaded("V1", FIRST, amount(6000, Unit.G))).then(scan(FIRST, kg(6)))


def test_loading_moves_no_stock() -> None:
    dairy = given(ABOARD).dairy
    assert dairy.stock.on_hand(CHEESE, at=day(9)) == kg(30)


def test_more_than_the_client_waits_for_is_not_loaded() -> None:
    given(READY, loaded("V1", FIRST, kg(10))).when(loaded("V1", SECOND, kg("5.001"))).refused(
        MoreThanOrdered, delivery="V1", product="TOMME", loaded=kg("15.001"), due=kg(15)
    )


def test_what_the_client_did_not_ask_for_is_not_loaded() -> None:
    given(READY).when(loaded("V1", "milk of T1", litres(1), reason="a gift")).refused(
        MoreThanOrdered, delivery="V1", product="LAIT", loaded=litres(1), due=litres(0)
    )


def test_another_lot_than_those_proposed_needs_a_reason() -> None:
    given(READY).when(loaded("V1", "T3", kg(1), on=day(1))).refused(
        ScannedLotNotProposed, delivery="V1", lot="T3"
    )


def test_another_lot_is_kept_for_the_order_in_place_of_the_last_one_proposed() -> None:
    given(READY).when(loaded("V1", "T3", kg(7), on=day(1), reason=" SECOND is under T3 ")).then(
        LotReserved(owner=S1, quantity=kg(7), on=day(1)),
        LotUnreserved(owner=S1, quantity=kg(5), on=day(1)),
        LotUnreserved(owner=S1, quantity=kg(2), on=day(1)),
        evolve(scan("T3", kg(7), "SECOND is under T3"), on=day(1)),
    )


def test_what_is_already_aboard_is_not_let_go_for_another_lot() -> None:
    aboard = loaded("V1", SECOND, kg(5))
    given(READY, aboard).when(loaded("V1", "T3", kg(7), on=day(1), reason="order")).then(
        LotReserved(owner=S1, quantity=kg(7), on=day(1)),
        LotUnreserved(owner=S1, quantity=kg(7), on=day(1)),
        evolve(scan("T3", kg(7), "order"), on=day(1)),
    )


def test_more_of_a_proposed_lot_than_was_kept_of_it_takes_the_place_of_another() -> None:
    given(READY).when(loaded("V1", SECOND, kg(8))).then(
        LotReserved(owner=S1, quantity=kg(3), on=day(0)),
        LotUnreserved(owner=S1, quantity=kg(3), on=day(0)),
        scan(SECOND, kg(8)),
    )


def test_what_is_kept_for_others_is_not_loaded() -> None:
    given(READY, sold("S2", kg(4))).when(loaded("V1", SECOND, kg(7))).refused(
        NotEnoughInLot, lot=SECOND, wanted=kg(2), free=kg(1)
    )


def test_nothing_is_not_loaded() -> None:
    given(READY).when(loaded("V1", FIRST, kg(0))).refused(NothingToDo, what="quantity")


def test_cheese_is_not_loaded_in_litres() -> None:
    given(READY).when(loaded("V1", FIRST, litres(1))).refused(UnitsDiffer)


def test_an_unknown_lot_is_not_loaded() -> None:
    given(READY).when(loaded("V1", "T9", kg(1))).refused(Unknown, kind="lot")


def test_an_unknown_van_is_not_loaded() -> None:
    given(PROMISED).when(loaded("V9", FIRST, kg(1))).refused(
        Unknown, kind="delivery", reference=str(van_id("V9"))
    )


def test_a_van_that_stays_is_not_loaded() -> None:
    given(lives("cancelled")).when(loaded("V1", FIRST, kg(1))).refused(
        WrongState, **wrong_state("cancelled", "load")
    )


# ------------------------------------------------------------------------ taking it off the van


def off(lot: str, quantity: Quantity) -> DeliveryUnloaded:
    return DeliveryUnloaded(lot_id=lot_id(lot), product_id=CHEESE, quantity=quantity, on=day(0))


def test_a_lot_comes_off_the_van_whole() -> None:
    given(ABOARD).when(unloaded("V1", FIRST)).then(off(FIRST, kg(10)))


def test_a_part_of_a_lot_comes_off_the_van() -> None:
    given(ABOARD).when(unloaded("V1", FIRST, amount(6000, Unit.G))).then(off(FIRST, kg(6)))


def test_the_van_leaves_without_what_came_off() -> None:
    given(ABOARD, unloaded("V1", FIRST, kg(4)), unloaded("V1", SECOND)).when(gone("V1")).then(
        left(kg(6)),
        DeliveryDispatched(carrier="", short_reason="", on=day(0)),
        SalesOrderDelivered(delivery_id=V1, shipped=(cheese(FIRST, kg(6)),), on=day(0)),
    )


def test_a_van_off_which_everything_came_does_not_leave() -> None:
    empty = (*READY, loaded("V1", FIRST, kg(4)), unloaded("V1", FIRST))
    given(empty).when(gone("V1")).refused(NothingLoaded)


def test_what_came_off_may_be_loaded_again() -> None:
    given(ABOARD, unloaded("V1", FIRST)).when(loaded("V1", FIRST, kg(10))).then(scan(FIRST, kg(10)))


def test_the_lots_let_go_for_another_are_kept_again_once_it_comes_off() -> None:
    other = loaded("V1", "T3", kg(7), on=day(1), reason="order")
    given(READY, other).when(unloaded("V1", "T3", on=day(1))).then(
        evolve(off("T3", kg(7)), on=day(1)),
        LotReserved(owner=S1, quantity=kg(2), on=day(1)),
        LotUnreserved(owner=S1, quantity=kg(2), on=day(1)),
        LotReserved(owner=S1, quantity=kg(5), on=day(1)),
        LotUnreserved(owner=S1, quantity=kg(5), on=day(1)),
    )


def test_a_part_that_comes_off_gives_back_what_was_proposed_first() -> None:
    other = loaded("V1", "T3", kg(7), on=day(1), reason="order")
    first, rest = unloaded("V1", "T3", kg(3), on=day(1)), unloaded("V1", "T3", on=day(1))
    given(READY, other, first).when(rest).then(
        evolve(off("T3", kg(4)), on=day(1)),
        LotReserved(owner=S1, quantity=kg(4), on=day(1)),
        LotUnreserved(owner=S1, quantity=kg(4), on=day(1)),
    )


def test_the_order_keeps_the_lot_that_came_off_where_the_others_are_taken() -> None:
    other = loaded("V1", "T3", kg(5), on=day(1), reason="order")
    taken_meanwhile = sold("S2", kg(8), on=day(1))
    given(READY, other, taken_meanwhile).when(unloaded("V1", "T3", on=day(1))).then(
        evolve(off("T3", kg(5)), on=day(1)),
        LotReserved(owner=S1, quantity=kg(2), on=day(1)),
        LotUnreserved(owner=S1, quantity=kg(2), on=day(1)),
    )


def test_more_than_the_van_holds_of_a_lot_does_not_come_off() -> None:
    given(ABOARD).when(unloaded("V1", SECOND, kg("5.001"))).refused(
        NotLoadedThatMuch, delivery="V1", lot=SECOND, wanted=kg("5.001"), loaded=kg(5)
    )


def test_a_lot_that_is_not_in_the_van_does_not_come_off() -> None:
    given(ABOARD).when(unloaded("V1", "T3", on=day(1))).refused(
        NotLoadedThatMuch, delivery="V1", lot="T3", wanted=kg(0), loaded=kg(0)
    )


def test_nothing_does_not_come_off() -> None:
    given(ABOARD).when(unloaded("V1", FIRST, kg(0))).refused(NothingToDo, what="quantity")


def test_a_lot_does_not_come_off_before_it_was_loaded() -> None:
    late = (*READY, loaded("V1", FIRST, kg(4), on=day(2)))
    given(late).when(unloaded("V1", FIRST, on=day(1))).refused(
        OutOfOrder, code="V1", step="unload", on=day(1), after="load", after_on=day(2)
    )


@pytest.mark.parametrize("state", ["dispatched", "received", "cancelled"])
def test_nothing_comes_off_a_van_that_is_not_being_loaded(state: str) -> None:
    given(lives(state)).when(unloaded("V1", FIRST)).refused(
        WrongState, **wrong_state(state, "unload")
    )


# --------------------------------------------------------------------------------- the van leaves


def test_the_van_leaves_with_what_was_loaded() -> None:
    given(ABOARD).when(gone("V1", carrier=" Ali ")).then(
        left(kg(10)),
        left(kg(5)),
        DeliveryDispatched(carrier="Ali", short_reason="", on=day(0)),
        SalesOrderDelivered(
            delivery_id=V1, shipped=(cheese(FIRST, kg(10)), cheese(SECOND, kg(5))), on=day(0)
        ),
    )


def test_why_the_van_leaves_with_less_is_kept() -> None:
    short = (*READY, loaded("V1", FIRST, kg(4)))
    given(short).when(gone("V1", short_reason=" panne du froid ")).then(
        left(kg(4)),
        DeliveryDispatched(carrier="", short_reason="panne du froid", on=day(0)),
        SalesOrderDelivered(delivery_id=V1, shipped=(cheese(FIRST, kg(4)),), on=day(0)),
    )


def test_several_scans_of_a_lot_leave_as_one() -> None:
    twice = (*READY, loaded("V1", FIRST, kg(4)), loaded("V1", FIRST, kg(3)))
    given(twice).when(gone("V1")).then(
        left(kg(7)),
        DeliveryDispatched(carrier="", short_reason="", on=day(0)),
        SalesOrderDelivered(delivery_id=V1, shipped=(cheese(FIRST, kg(7)),), on=day(0)),
    )


def test_an_empty_van_does_not_leave() -> None:
    given(READY).when(gone("V1")).refused(NothingLoaded, delivery="V1")


@pytest.mark.parametrize("state", ["dispatched", "received", "cancelled"])
def test_a_van_leaves_once(state: str) -> None:
    given(lives(state)).when(gone("V1")).refused(WrongState, **wrong_state(state, "dispatch"))


def test_a_blocked_lot_is_refused_at_the_scan() -> None:
    given(READY, blocked(SECOND)).when(loaded("V1", SECOND, kg(5))).refused(
        LotUnfit, lot=SECOND, why=Skipped.BLOCKED
    )


def test_a_lot_blocked_since_it_was_loaded_does_not_leave() -> None:
    given(ABOARD, blocked(SECOND)).when(gone("V1")).refused(
        LotUnfit,
        lot_id=lot_id(SECOND),
        lot=SECOND,
        why=Skipped.BLOCKED,
        on=day(0),
        expires_on=day(60),
    )


def test_the_last_day_of_a_cheese_is_a_good_day_to_leave_and_the_next_is_not() -> None:
    given(ABOARD).when(gone("V1", on=day(60))).done()
    given(ABOARD).when(gone("V1", on=day(61))).refused(
        LotUnfit, lot=FIRST, why=Skipped.EXPIRED, on=day(61), expires_on=day(60)
    )


def test_cheese_that_a_count_no_longer_found_does_not_leave() -> None:
    given(ABOARD, counted(SECOND, kg(4))).when(gone("V1")).refused(
        NotEnoughInLot, lot=SECOND, wanted=kg(5), free=kg(4), on=day(0)
    )


def test_a_second_van_that_would_bring_too_much_does_not_leave() -> None:
    """Both were loaded while nothing had left; after the first, only ten kilograms are due."""
    both = (
        *READY,
        prepared("V2", order="S1"),
        loaded("V1", FIRST, kg(5)),
        loaded("V2", FIRST, kg(10)),
        loaded("V2", SECOND, kg(5)),
        gone("V1"),
    )
    given(both).when(gone("V2")).refused(
        MoreThanOrdered, delivery="V2", product="TOMME", loaded=kg(15), due=kg(10)
    )


def test_a_van_loaded_for_an_order_called_off_does_not_leave() -> None:
    given(ABOARD, called_off("S1")).when(gone("V1")).refused(
        WrongState, kind="sales_order", state="cancelled", step="deliver"
    )


def test_prepared_loaded_and_gone_at_once() -> None:
    given(PROMISED).when(delivered("V1", order="S1")).then(
        DeliveryPrepared(
            delivery_id=V1,
            code="V1",
            order_id=S1,
            client_id=SHOP,
            proposed=(cheese(FIRST, kg(10)), cheese(SECOND, kg(5))),
            on=day(0),
        ),
        scan(FIRST, kg(10)),
        scan(SECOND, kg(5)),
        left(kg(10)),
        left(kg(5)),
        DeliveryDispatched(carrier="", short_reason="", on=day(0)),
        SalesOrderDelivered(
            delivery_id=V1, shipped=(cheese(FIRST, kg(10)), cheese(SECOND, kg(5))), on=day(0)
        ),
    )


def test_an_order_whose_cheese_was_lost_is_served_with_what_is_kept_of_it() -> None:
    given(PROMISED, written_off(SECOND, kg(8))).when(delivered("V1", order="S1")).refused(
        NotEnoughInLot, lot=SECOND, wanted=kg(5), free=kg(2)
    )


# ------------------------------------------------------------------------------ the client has it


def test_the_client_has_it() -> None:
    given(ON_THE_ROAD).when(taken("V1")).then(
        DeliveryReceived(received_by="Karim", proof="signature:1", on=day(1))
    )


@pytest.mark.parametrize("state", ["prepared", "received", "cancelled"])
def test_only_what_is_on_the_road_arrives(state: str) -> None:
    given(lives(state)).when(taken("V1")).refused(WrongState, **wrong_state(state, "receive"))


def test_an_unknown_delivery_does_not_arrive() -> None:
    given(A_DAIRY).when(taken("V9")).refused(Unknown, kind="delivery")


# -------------------------------------------------------------------------------- some comes back


@pytest.mark.parametrize("state", ["dispatched", "received"])
def test_what_comes_back_good_is_put_back_in_its_lot(state: str) -> None:
    back = came_back("V1", FIRST, amount(2000, Unit.G), on=day(2))
    dairy = (
        given(lives(state))
        .when(back)
        .then(
            LotReturned(delivery_id=V1, quantity=kg(2), on=day(2), reason="damaged box"),
            DeliveryReturned(
                lines=(ReturnLine(lot_id=lot_id(FIRST), quantity=kg(2)),),
                reason="damaged box",
                on=day(2),
            ),
        )
    )
    assert dairy.stock.on_hand(CHEESE, at=day(9)) == kg(17)


def test_what_comes_back_bad_is_destroyed_at_once() -> None:
    dairy = (
        given(ON_THE_ROAD)
        .when(came_back("V1", FIRST, kg(2), then=Disposition.DESTROY))
        .then(
            LotReturned(delivery_id=V1, quantity=kg(2), on=day(0), reason="damaged box"),
            LotWrittenOff(quantity=kg(2), on=day(0), reason="damaged box"),
            DeliveryReturned(
                lines=(
                    ReturnLine(
                        lot_id=lot_id(FIRST), quantity=kg(2), disposition=Disposition.DESTROY
                    ),
                ),
                reason="damaged box",
                on=day(0),
            ),
        )
    )
    assert dairy.stock.on_hand(CHEESE, at=day(9)) == kg(15)


def test_no_more_comes_back_than_left() -> None:
    given(ON_THE_ROAD, came_back("V1", SECOND, kg(2))).when(
        came_back("V1", SECOND, kg("3.001"))
    ).refused(
        NotDeliveredThatMuch, lot=SECOND, delivery_id=V1, returned=kg("3.001"), delivered=kg(3)
    )


def test_a_lot_that_did_not_leave_does_not_come_back() -> None:
    given(ON_THE_ROAD).when(came_back("V1", "T3", kg(1), on=day(1))).refused(
        NotDeliveredThatMuch, lot="T3", delivery_id=V1, returned=kg(1), delivered=kg(0)
    )


def test_nothing_comes_back_before_it_left() -> None:
    late = (*ABOARD, gone("V1", on=day(5)))
    given(late).when(came_back("V1", FIRST, kg(1), on=day(4))).refused(
        OutOfOrder, step="return", on=day(4), after="dispatch", after_on=day(5)
    )


def test_two_lines_of_one_return_do_not_bring_back_more_together() -> None:
    line = ReturnLine(lot_id=lot_id(SECOND), quantity=kg(3))
    given(ON_THE_ROAD).when(evolve(came_back("V1", SECOND, kg(3)), lines=(line, line))).refused(
        NotDeliveredThatMuch, lot=SECOND, returned=kg(3), delivered=kg(2)
    )


@pytest.mark.parametrize(
    ("back", "what"),
    [
        (evolve(came_back("V1", FIRST, kg(1)), lines=()), "return lines"),
        (came_back("V1", FIRST, kg(0)), "quantity"),
    ],
)
def test_something_comes_back(back: Command, what: str) -> None:
    given(ON_THE_ROAD).when(back).refused(NothingToDo, what=what)


def test_goods_come_back_for_a_reason() -> None:
    given(ON_THE_ROAD).when(came_back("V1", FIRST, kg(1), reason=" ")).refused(
        ReasonMissing, step="return"
    )


@pytest.mark.parametrize("state", ["prepared", "cancelled"])
def test_nothing_comes_back_of_what_never_left(state: str) -> None:
    given(lives(state)).when(came_back("V1", FIRST, kg(1))).refused(
        WrongState, **wrong_state(state, "return")
    )


# ------------------------------------------------------------------------------------ or it stays


def test_a_van_that_stays_leaves_the_order_what_was_kept_for_it() -> None:
    dairy = given(ABOARD).when(stayed("V1")).then(DeliveryCancelled(reason="no petrol", on=day(0)))
    dairy.execute(delivered("V2", order="S1"))
    assert dairy.stock.on_hand(CHEESE, at=day(9)) == kg(15)


def test_a_van_stays_for_a_reason() -> None:
    given(ABOARD).when(stayed("V1", reason="")).refused(ReasonMissing, step="cancel")


@pytest.mark.parametrize("state", ["dispatched", "received", "cancelled"])
def test_a_van_that_left_does_not_stay(state: str) -> None:
    given(lives(state)).when(stayed("V1")).refused(WrongState, **wrong_state(state, "cancel"))
