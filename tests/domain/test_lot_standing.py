"""Only a person's judgement changes whether a lot may be used: nothing that moves it does."""

from typing import Any, get_args

import pytest
from attrs import evolve

from manchengo.domain.allocation import Standing
from manchengo.domain.delivery import Disposition
from manchengo.domain.lot.events import (
    LotBlocked,
    LotConsumed,
    LotCounted,
    LotCountTakenBack,
    LotEvent,
    LotProduced,
    LotQuarantined,
    LotRecalled,
    LotReceived,
    LotReleased,
    LotTakenBack,
    LotVoided,
    OpeningStockEntered,
)
from manchengo.domain.lot.rules import LotRecalledForGood
from manchengo.domain.lot.state import Lot
from manchengo.domain.lot.state import evolve as after
from manchengo.domain.sales_order import NotEnoughStock
from manchengo.ports.rows import FinishedLotRow
from tests.support.dairy import (
    A_DAIRY,
    blocked,
    came_back,
    day,
    delivered,
    in_store,
    kg,
    lot_id,
    quarantined,
    recalled,
    released,
    sold,
)
from tests.support.given import Given, given
from tests.support.golden import EXAMPLES as GOLDEN

BEGINNINGS = {LotReceived, LotProduced, OpeningStockEntered}
JUDGEMENTS = {
    LotQuarantined: Standing.QUARANTINED,
    LotBlocked: Standing.BLOCKED,
    LotReleased: Standing.RELEASED,
    LotRecalled: Standing.RECALLED,
}
EXAMPLES: dict[type, Any] = {type(event): event for event in GOLDEN}


def a_lot(standing: Standing) -> Lot:
    return evolve(after(None, EXAMPLES[LotReceived]), standing=standing, standing_reason="seen")


def poured_before(event: LotTakenBack) -> LotConsumed:
    """What is taken back by it."""
    poured: LotConsumed = EXAMPLES[LotConsumed]
    return evolve(poured, order_id=event.order_id, on=event.on)


def counted_before(event: LotCountTakenBack) -> LotCounted:
    """What is taken back by it."""
    counted: LotCounted = EXAMPLES[LotCounted]
    return evolve(counted, counted=event.counted, on=event.on)


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("kind", [kind for kind in get_args(LotEvent) if kind not in BEGINNINGS])
def test_only_a_judgement_changes_the_standing_of_a_lot(kind: type, standing: Standing) -> None:
    before = a_lot(standing)
    event = EXAMPLES[kind]
    if hasattr(event, "quantity"):
        event = evolve(event, quantity=evolve(event.quantity, unit=before.unit))
    if isinstance(event, LotTakenBack):
        before = after(before, evolve(poured_before(event), quantity=event.quantity))
    if isinstance(event, LotCountTakenBack):
        before = after(before, counted_before(event))
    lot = after(before, event)
    if kind in JUDGEMENTS:
        assert (lot.standing, lot.standing_reason) == (JUDGEMENTS[kind], event.reason)
    elif kind is LotVoided:
        assert (lot.standing, lot.standing_reason) == (standing, event.reason)
    else:
        assert (lot.standing, lot.standing_reason) == (standing, "seen")


# ------------------------------------------------------------------------ what comes back


ALL_DELIVERED = (A_DAIRY, in_store("T1", kg(10)), sold("S1", kg(10)), delivered("V1", order="S1"))
"""Ten kilograms of T1 are at the client's."""


def status(step: Given) -> str:
    with step.dairy.store.reading() as snapshot:
        row = snapshot.get(FinishedLotRow, lot_id("T1"))
    assert row is not None
    return row.status


@pytest.mark.parametrize("then", Disposition)
@pytest.mark.parametrize(
    ("judgement", "standing"),
    [
        (blocked("T1"), "BLOCKED"),
        (quarantined("T1"), "QUARANTINED"),
        (recalled("T1"), "RECALLED"),
        (recalled("milk of T1"), "RECALLED"),
    ],
)
def test_what_comes_back_is_judged_as_its_lot_is(
    judgement: Any, standing: str, then: Disposition
) -> None:
    back = given(
        ALL_DELIVERED,
        judgement,
        came_back("V1", "T1", kg(4), then=then, on=day(1)),
    )
    assert status(back) == standing
    back.when(sold("S2", kg(1), on=day(1))).refused(NotEnoughStock)


def test_a_return_to_a_recalled_lot_cannot_be_released() -> None:
    back = given(
        ALL_DELIVERED,
        recalled("T1"),
        came_back("V1", "T1", kg(4), on=day(1)),
    )
    back.when(released("T1", on=day(1))).refused(LotRecalledForGood, lot="T1")


def test_a_return_to_a_good_lot_can_be_sold_again() -> None:
    back = given(
        ALL_DELIVERED,
        came_back("V1", "T1", kg(4), on=day(1)),
    )
    assert status(back) == "AVAILABLE"
    back.when(sold("S2", kg(4), on=day(1))).done()
