"""A client who asks for twenty days gets them: when reserved, when loaded, when it leaves."""

from attrs import evolve

from manchengo.commands import ChangeClient
from manchengo.domain.delivery import DeliveryLoaded, NotFreshEnough
from manchengo.domain.lot.rules import LotUnfit
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    SHOP,
    day,
    delivered,
    gone,
    in_store,
    kg,
    loaded,
    lot_id,
    prepared,
    sold,
    stayed,
)
from tests.support.given import events_of, given

FUSSY = (A_DAIRY, ChangeClient(client_id=SHOP, minimum_shelf_life_days=20))
KEPT = (*FUSSY, in_store("T1", kg(10)), sold("S1", kg(10)))
"""A cheese of sixty days, kept on its first day: twenty are left on the fortieth."""

READY = (*KEPT, prepared("V1", order="S1", on=day(40)))
STALE = {"lot": "T1", "client": "C01", "expires_on": day(60), "asked_days": 20}


def test_on_the_last_day_that_is_fresh_enough_it_is_loaded_and_leaves() -> None:
    given(READY).when(loaded("V1", "T1", kg(10), on=day(40))).done()
    given(READY, loaded("V1", "T1", kg(10), on=day(40))).when(gone("V1", on=day(40))).done()
    given(KEPT).when(delivered("V1", order="S1", on=day(40))).done()


def test_on_the_day_after_it_is_not_loaded() -> None:
    given(READY).when(loaded("V1", "T1", kg(10), on=day(41))).refused(
        NotFreshEnough, delivery="V1", on=day(41), days_left=19, **STALE
    )
    given(KEPT).when(delivered("V1", order="S1", on=day(41))).refused(
        NotFreshEnough, on=day(41), days_left=19, **STALE
    )


def test_what_was_fresh_enough_when_loaded_does_not_leave_once_it_is_not() -> None:
    aboard = (*READY, loaded("V1", "T1", kg(10), on=day(40)))
    given(aboard).when(gone("V1", on=day(41))).refused(
        NotFreshEnough, delivery="V1", on=day(41), days_left=19, **STALE
    )


def test_the_client_may_take_it_all_the_same_and_the_reason_is_kept() -> None:
    agreed = loaded("V1", "T1", kg(10), on=day(41), reason=" he agrees ")
    commit = given(READY).when(agreed).done()
    assert events_of(commit) == [
        DeliveryLoaded(
            lot_id=lot_id("T1"),
            product_id=CHEESE,
            quantity=kg(10),
            on=day(41),
            override_reason="he agrees",
        )
    ]
    given(READY, agreed).when(gone("V1", on=day(45))).done()


def test_a_reason_that_nothing_needed_is_not_kept() -> None:
    needless = loaded("V1", "T1", kg(10), on=day(40), reason="why not")
    (event,) = events_of(given(READY).when(needless).done())
    assert event.override_reason == ""


def test_no_reason_makes_an_expired_cheese_fit() -> None:
    given(READY).when(loaded("V1", "T1", kg(10), on=day(61), reason="he agrees")).refused(LotUnfit)
    agreed = loaded("V1", "T1", kg(10), on=day(41), reason="he agrees")
    given(READY, agreed).when(gone("V1", on=day(61))).refused(LotUnfit)


def test_the_ways_out_lead_out() -> None:
    """Another lot, fresh enough; or the same one, in another delivery, with the reason."""
    aboard = (*READY, loaded("V1", "T1", kg(10), on=day(40)))
    emptied = (*aboard, stayed("V1", on=day(41)), prepared("V2", order="S1", on=day(41)))
    agreed = (*emptied, loaded("V2", "T1", kg(10), on=day(41), reason="he agrees"))
    given(agreed).when(gone("V2", on=day(41))).done()
    fresh = (*emptied, in_store("T2", kg(10), on=day(41)))
    other = loaded("V2", "T2", kg(10), on=day(41), reason="fresher")
    given(fresh, other).when(gone("V2", on=day(41))).done()


def test_a_client_who_asks_for_nothing_gets_it_to_the_last_day() -> None:
    easy = evolve(FUSSY[1], minimum_shelf_life_days=0)
    given(READY, easy).when(loaded("V1", "T1", kg(10), on=day(60))).done()
