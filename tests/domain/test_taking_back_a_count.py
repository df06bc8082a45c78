"""A count of the wrong lot is taken back: the lot is as if nobody had counted it."""

import pytest

from manchengo.domain.errors import ReasonMissing, Refused
from manchengo.domain.lot.decide import LeftSinceTheCount, NotCountedSo
from manchengo.domain.lot.events import LotCountTakenBack, LotVoided, LotWrittenOff
from tests.support.dairy import (
    A_DAIRY,
    MILK,
    count_taken_back,
    counted,
    day,
    litres,
    received,
    voided,
    written_off,
)
from tests.support.given import Step, given

CAME = (A_DAIRY, received("L1", litres(100), on=day(1)))
COUNTED = (*CAME, counted("L1", litres(60), on=day(2)))
BACK = count_taken_back("L1", litres(60), on=day(2))


def held(*steps: Step) -> list[int]:
    """What the lot holds, in litres, on the evening of days 1 to 5."""
    stock = given(steps).dairy.stock
    return [stock.on_hand(MILK, at=day(on)).thousandths // 1000 for on in range(1, 6)]


def test_the_lot_holds_what_it_held_without_the_count() -> None:
    given(COUNTED).when(BACK).then(
        LotCountTakenBack(counted=litres(60), on=day(2), reason="wrong vat")
    )
    assert held(*COUNTED) == [100, 60, 60, 60, 60]
    assert held(*COUNTED, BACK) == held(*CAME)


def test_what_left_since_still_left() -> None:
    left = written_off("L1", litres(10), on=day(4))
    assert held(*COUNTED, left, BACK) == [100, 100, 100, 90, 90]


def test_all_that_is_there_without_it_may_leave() -> None:
    left = written_off("L1", litres(10), on=day(4))
    rest = written_off("L1", litres(90), on=day(5))
    given(COUNTED, left, BACK).when(rest).then(
        LotWrittenOff(quantity=litres(90), on=day(5), reason="spilt")
    )


def test_a_later_count_says_itself_what_was_there() -> None:
    later = counted("L1", litres(55), on=day(4))
    assert held(*COUNTED, later, BACK) == [100, 100, 100, 55, 55]


def test_of_two_that_found_the_same_one_remains() -> None:
    assert held(*COUNTED, counted("L1", litres(60), on=day(2)), BACK) == [100, 60, 60, 60, 60]


def test_what_was_there_only_by_the_count_may_not_have_left() -> None:
    more = (*CAME, counted("L1", litres(120), on=day(2)), written_off("L1", litres(110), on=day(3)))
    given(more).when(count_taken_back("L1", litres(120), on=day(2))).refused(
        LeftSinceTheCount, lot="L1", counted=litres(120), on=day(2), missing=litres(10)
    )


def test_what_left_behind_a_later_count_does_not_matter() -> None:
    more = (
        *CAME,
        counted("L1", litres(120), on=day(2)),
        counted("L1", litres(115), on=day(3)),
        written_off("L1", litres(110), on=day(4)),
    )
    assert held(*more, count_taken_back("L1", litres(120), on=day(2))) == [100, 100, 115, 5, 5]


@pytest.mark.parametrize(
    "other",
    [
        count_taken_back("L1", litres(61), on=day(2)),
        count_taken_back("L1", litres(60), on=day(3)),
    ],
)
def test_only_what_was_counted_is_taken_back(other: Step) -> None:
    given(COUNTED).when(other).refused(NotCountedSo, lot="L1")


def test_said_again_it_changes_nothing() -> None:
    given(COUNTED, BACK).when(BACK).then()


def test_it_may_be_counted_again_and_taken_back_again() -> None:
    again = (*COUNTED, BACK, counted("L1", litres(60), on=day(2)))
    assert held(*again) == [100, 60, 60, 60, 60]
    assert held(*again, BACK) == held(*CAME)


def test_a_reason_is_given() -> None:
    given(COUNTED).when(count_taken_back("L1", litres(60), on=day(2), reason=" ")).refused(
        ReasonMissing, step="take back count"
    )


def test_a_lot_that_was_only_counted_by_mistake_can_be_void() -> None:
    with pytest.raises(Refused):
        given(COUNTED, voided("L1", on=day(3)))
    given(COUNTED, BACK).when(voided("L1", on=day(3))).then(
        LotVoided(on=day(3), reason="typed twice")
    )
