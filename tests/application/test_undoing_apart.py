"""One device undoes what another uses meanwhile: whoever is first in the log is right."""

import pytest
from attrs import evolve

from manchengo.application.ways_out import ways_out
from manchengo.domain.commit import Verdict
from manchengo.domain.lot.decide import LotWasUsed
from manchengo.domain.resolution import Way
from manchengo.ports.rows import ReservationRow, ResolutionItemRow
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    abandoned,
    an_output,
    called_off,
    completed,
    count_taken_back,
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
    make_reopened,
    millilitres,
    planned,
    poured,
    prepared,
    received,
    sale_id,
    sale_reopened,
    sold,
    started,
    taken_back,
    unloaded,
    van_reopened,
    voided,
    written_off,
)
from tests.support.given import Step
from tests.support.plant import Device, Plant

CHEESE_IN_STORE = (
    A_DAIRY,
    in_store("T1", kg(10)),
    in_store("T2", kg(10), on=day(1)),
    sold("S1", kg(6), on=day(1)),
    prepared("V1", order="S1", on=day(1)),
)


def after(*morning: Step) -> tuple[Plant, Device, Device]:
    """The office and the phone both know of the morning."""
    plant = Plant()
    office, phone = plant.device(), plant.device()
    office.does(morning)
    plant.settle()
    return plant, office, phone


def the_phone_comes_second(morning: tuple[Step, ...], first: Step, second: Step) -> Plant:
    plant, office, phone = after(*morning)
    office.does(first)
    phone.does(second)
    office.push()
    plant.settle()
    assert len(plant.digests()) == 1
    return plant


def conflicts(plant: Plant) -> list[tuple[str, tuple[Way, ...]]]:
    """The refusal of each open item, and its ways out."""
    with plant.store.reading() as log:
        return [(row.refusal, ways_out(log, row)) for row in log.rows(ResolutionItemRow)]


def reserved(plant: Plant, lot: str) -> int:
    with plant.store.reading() as log:
        rows = log.rows(ReservationRow, lot_id=lot_id(lot), owner=sale_id("S1"))
        return sum(row.quantity for row in rows)


# -------------------------------------------------------------------------- a lot that never came

TYPED_TWICE = (
    A_DAIRY,
    received("L1", litres(100)),
    received("L2", litres(100), on=day(1)),
    received("R1", millilitres(100), of=RENNET),
    planned("O1", kg(2)),
    started("O1"),
)
L2_POURED = poured("O1", "L2", litres(9), on=day(1), reason="celui-là")


def test_a_lot_of_which_was_poured_before_is_not_void() -> None:
    plant = the_phone_comes_second(TYPED_TWICE, L2_POURED, voided("L2", on=day(1)))
    assert conflicts(plant) == [("LotWasUsed", (Way.VOID,))]


def test_what_was_poured_of_a_lot_void_before_is_poured_from_another() -> None:
    plant = the_phone_comes_second(TYPED_TWICE, voided("L2", on=day(1)), L2_POURED)
    assert conflicts(plant) == [("WrongState", (Way.VOID, Way.OTHER_LOT))]


def test_a_lot_is_not_void_while_somebody_claims_to_have_used_it() -> None:
    plant, office, phone = after(*TYPED_TWICE)
    phone.does(L2_POURED)
    office.does(abandoned("O1", on=day(1)))
    office.push()
    plant.settle()
    with pytest.raises(LotWasUsed) as refused:
        office.does(voided("L2", on=day(1)))
    assert refused.value.use == "claimed"


def test_a_lot_void_on_two_devices_is_void() -> None:
    off = voided("L2", on=day(1))
    assert conflicts(the_phone_comes_second(TYPED_TWICE, off, off)) == []


# --------------------------------------------------------------------------- taking a count back

COUNTED = (A_DAIRY, received("L1", litres(9)), counted("L1", litres(50)))
BACK = count_taken_back("L1", litres(50))


def test_a_count_taken_back_on_two_devices_is_taken_back() -> None:
    assert conflicts(the_phone_comes_second(COUNTED, BACK, BACK)) == []


def test_a_count_stays_of_which_more_left_than_was_there_without_it() -> None:
    left = written_off("L1", litres(20), on=day(1))
    assert conflicts(the_phone_comes_second(COUNTED, left, BACK)) == [
        ("LeftSinceTheCount", (Way.VOID,))
    ]


def test_what_is_not_there_without_the_count_does_not_leave() -> None:
    left = written_off("L1", litres(20), on=day(1))
    plant = the_phone_comes_second(COUNTED, BACK, left)
    assert [refusal for refusal, _ways in conflicts(plant)] == ["NotEnoughInLot"]


# ------------------------------------------------------------------------- taking a pouring back

IN_THE_VAT = (
    A_DAIRY,
    received("L1", litres(100)),
    received("R1", millilitres(100), of=RENNET),
    planned("O1", kg(2)),
    started("O1"),
    poured("O1", "L1", litres(15)),
)


def test_every_device_takes_the_pouring_back_alike() -> None:
    plant, _, phone = after(*IN_THE_VAT)
    phone.does(taken_back("O1", "L1", litres(4)))
    plant.settle()
    assert len(plant.digests()) == 1
    assert plant.after(0)[-1].verdict is Verdict.ACCEPTED


def test_nothing_is_taken_back_of_what_was_completed_before() -> None:
    plant = the_phone_comes_second(
        IN_THE_VAT, completed("O1", an_output("T1", kg(2))), taken_back("O1", "L1")
    )
    assert conflicts(plant) == [("WrongState", (Way.VOID,))]


def test_nothing_comes_out_of_what_was_taken_back_before() -> None:
    plant = the_phone_comes_second(
        IN_THE_VAT, taken_back("O1", "L1"), completed("O1", an_output("T1", kg(2)))
    )
    ((refusal, ways),) = conflicts(plant)
    assert (refusal, Way.RETRY in ways) == ("NothingConsumed", True)


# ---------------------------------------------------------------------- taking a lot off the van

ABOARD = (*CHEESE_IN_STORE, loaded("V1", "T2", kg(4), on=day(1), reason="plus près"))


def test_every_device_takes_the_reservation_back_alike() -> None:
    plant, _, phone = after(*ABOARD)
    phone.does(unloaded("V1", "T2", on=day(1)))
    plant.settle()
    assert len(plant.digests()) == 1
    assert plant.after(0)[-1].verdict is Verdict.ACCEPTED
    assert (reserved(plant, "T1"), reserved(plant, "T2")) == (6_000, 0)


def test_nothing_comes_off_a_van_that_left_before() -> None:
    plant = the_phone_comes_second(ABOARD, gone("V1", on=day(1)), unloaded("V1", "T2", on=day(1)))
    assert conflicts(plant) == [("WrongState", (Way.VOID,))]


def test_a_van_does_not_leave_with_what_came_off_it_before() -> None:
    more = (*ABOARD, loaded("V1", "T1", kg(1), on=day(1)))
    plant = the_phone_comes_second(more, unloaded("V1", "T2", on=day(1)), gone("V1", on=day(1)))
    ((refusal, ways),) = conflicts(plant)
    assert (refusal, Way.RETRY in ways) == ("RecordedOtherwise", True)


def test_what_came_off_twice_came_off_once() -> None:
    off = unloaded("V1", "T2", kg(4), on=day(1))
    ((refusal, _),) = conflicts(the_phone_comes_second(ABOARD, off, off))
    assert refusal == "NotLoadedThatMuch"


def test_the_order_keeps_what_it_has_where_another_took_the_rest_first() -> None:
    plant = the_phone_comes_second(
        ABOARD, sold("S2", kg(7), on=day(1)), unloaded("V1", "T2", on=day(1))
    )
    assert conflicts(plant) == []
    assert (reserved(plant, "T1"), reserved(plant, "T2")) == (3_000, 3_000)


# ----------------------------------------------------------------------- what is open once more

SOLD_AND_CLOSED = (
    A_DAIRY,
    in_store("T1", kg(6)),
    in_store("T6", kg(6)),
    sold("S1", kg(8)),
    called_off("S1"),
)


def test_an_order_reopened_has_other_lots_where_another_took_its_own_first() -> None:
    spare = (*SOLD_AND_CLOSED, in_store("T4", kg(9)))
    plant = the_phone_comes_second(spare, sold("S2", kg(7)), sale_reopened("S1"))
    assert conflicts(plant) == []
    assert plant.after(0)[-1].verdict is Verdict.REALLOCATED
    assert sum(reserved(plant, lot) for lot in ("T1", "T6", "T4")) == 8_000


def test_an_order_is_not_reopened_where_another_took_too_much_first() -> None:
    plant = the_phone_comes_second(SOLD_AND_CLOSED, sold("S2", kg(7)), sale_reopened("S1"))
    ((refusal, ways),) = conflicts(plant)
    assert (refusal, Way.RETRY in ways) == ("NotEnoughStock", True)


def test_an_order_reopened_on_two_devices_is_open() -> None:
    again = sale_reopened("S1")
    plant = the_phone_comes_second(SOLD_AND_CLOSED, again, again)
    assert conflicts(plant) == []
    assert reserved(plant, "T1") + reserved(plant, "T6") == 8_000


def test_an_order_whose_end_was_refused_needs_no_reopening() -> None:
    plant, office, phone = after(*SOLD_AND_CLOSED[:-1])
    office.does(delivered("V1", order="S1"))
    office.push()
    phone.does(called_off("S1"), sale_reopened("S1"))
    plant.settle()
    assert len(plant.digests()) == 1
    assert [refusal for refusal, _ in conflicts(plant)] == ["WrongState"]


MADE = (*IN_THE_VAT, completed("O1", an_output("T9", kg(2))))


def test_every_device_reopens_the_make_alike() -> None:
    plant, _, phone = after(*MADE)
    phone.does(make_reopened("O1"))
    plant.settle()
    assert len(plant.digests()) == 1
    assert plant.after(0)[-1].verdict is Verdict.ACCEPTED


def test_a_make_is_not_reopened_of_which_something_was_used_before() -> None:
    plant = the_phone_comes_second(MADE, sold("S1", kg(1)), make_reopened("O1"))
    assert conflicts(plant) == [("LotWasUsed", (Way.VOID,))]


def test_what_was_completed_once_more_is_not_void_by_who_saw_the_first_only() -> None:
    plant = the_phone_comes_second(
        MADE,
        (make_reopened("O1"), completed("O1", an_output("T8", kg(2)))),
        make_reopened("O1"),
    )
    ((refusal, _),) = conflicts(plant)
    assert refusal == "RecordedOtherwise"


def test_a_make_whose_end_was_refused_needs_no_reopening() -> None:
    plant, office, phone = after(*IN_THE_VAT)
    office.does(in_store("T9", kg(1)))
    office.push()
    phone.does(completed("O1", evolve(an_output("T9x", kg(2)), code="T9")), make_reopened("O1"))
    plant.settle()
    assert len(plant.digests()) == 1
    assert [refusal for refusal, _ in conflicts(plant)] == ["AlreadyExists"]


ARRIVED = (*CHEESE_IN_STORE, loaded("V1", "T1", kg(4), on=day(1)), gone("V1", on=day(1)))
AT_THE_SHOP = (*ARRIVED, handed_over("V1", on=day(1)))


def test_a_delivery_reopened_on_two_devices_is_on_its_way() -> None:
    again = van_reopened("V1", on=day(1))
    assert conflicts(the_phone_comes_second(AT_THE_SHOP, again, again)) == []


def test_who_has_a_delivery_by_now_still_has_it() -> None:
    rightly = (van_reopened("V1", on=day(1)), handed_over("V1", on=day(1), by="Karim"))
    plant = the_phone_comes_second(AT_THE_SHOP, rightly, van_reopened("V1", on=day(1)))
    ((refusal, _),) = conflicts(plant)
    assert refusal == "RecordedOtherwise"
