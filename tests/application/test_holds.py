"""What an order keeps of a lot that may not leave any more is named, never kept in silence."""

from datetime import date

from attrs import evolve

from manchengo import Manchengo
from manchengo.application.holds import Hold, holds_of_lot, holds_of_order
from manchengo.commands import ChangeClient, Command
from manchengo.domain.allocation import Skipped
from manchengo.domain.lot.commands import Expiry
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    SHOP,
    blocked,
    corrected,
    day,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    make_id,
    millilitres,
    planned,
    prepared,
    received,
    sale_id,
    sold,
    started,
    stayed,
)
from tests.support.given import given

KEPT = (A_DAIRY, in_store("T1", kg(10)), sold("S1", kg(4)))


def of_lot(dairy: Manchengo, lot: str, on: date) -> tuple[Hold, ...]:
    with dairy.store.reading() as snapshot:
        return holds_of_lot(snapshot, lot_id(lot), on)


TUESDAY = day(1)


def after(*steps: Command, on: date = TUESDAY) -> tuple[Hold, ...]:
    return of_lot(given(KEPT, *steps).dairy, "T1", on)


FINE = Hold(lot="T1", order="S1", deliveries=(), quantity=4_000, unit="kg", why=None)
EXPIRED = evolve(FINE, why=Skipped.EXPIRED)


def test_an_order_whose_lot_expires_is_named_from_the_day_after() -> None:
    assert after(on=day(60)) == (FINE,)
    assert after(on=day(61)) == (EXPIRED,)


def test_an_expiry_corrected_to_an_earlier_day_names_the_orders_that_hold_the_lot() -> None:
    correction = corrected("T1", on=day(1), expiry=Expiry(day(0)))
    assert after(correction) == (EXPIRED,)
    assert after(correction, corrected("T1", on=day(1), expiry=Expiry(None))) == (FINE,)


def test_a_lot_in_a_van_that_has_not_left_names_the_van() -> None:
    van = (prepared("V1", order="S1"), loaded("V1", "T1", kg(4)))
    assert after(*van, corrected("T1", on=day(1), expiry=Expiry(day(0)))) == (
        evolve(EXPIRED, deliveries=("V1",)),
    )
    assert after(*van, stayed("V1")) == (FINE,)


def test_a_blocked_lot_and_one_too_old_for_the_client_are_named_too() -> None:
    assert after(blocked("T1")) == (evolve(FINE, why=Skipped.BLOCKED),)
    picky = ChangeClient(client_id=SHOP, minimum_shelf_life_days=30)
    assert after(picky, on=day(30)) == (FINE,)
    assert after(picky, on=day(31)) == (evolve(FINE, why=Skipped.SHELF_LIFE_TOO_SHORT),)


def test_a_make_that_holds_milk_is_named_and_asks_no_freshness() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(100), expires=day(5)),
        received("R1", millilitres(30), of=RENNET),
        planned("O1", kg(2)),
        started("O1"),
        corrected("L1", on=day(1), expiry=Expiry(day(0))),
    ).dairy
    with dairy.store.reading() as snapshot:
        milk, rennet = holds_of_order(snapshot, make_id("O1"), day(1))
        assert holds_of_order(snapshot, sale_id("S1"), day(1)) == ()
    assert (milk.lot, milk.order, milk.why) == ("L1", "O1", Skipped.EXPIRED)
    assert (rennet.lot, rennet.why) == ("R1", None)
