"""A lot that was recorded by mistake never came: it holds nothing, on any day."""

import pytest
from attrs import evolve

from manchengo.application.handlers.lots import LotWasMade
from manchengo.commands import Command
from manchengo.domain.errors import AlreadyExists, ReasonMissing, WrongState
from manchengo.domain.lot.decide import LotWasUsed
from manchengo.domain.lot.events import LotRecalled, LotVoided
from manchengo.domain.lot.rules import BeforeItCame, LotRecalledForGood
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from tests.support.dairy import (
    A_DAIRY,
    MILK,
    RENNET,
    abandoned,
    blocked,
    corrected,
    counted,
    day,
    in_opening_stock,
    in_store,
    kg,
    litres,
    lot_id,
    millilitres,
    planned,
    poured,
    quarantined,
    recalled,
    received,
    released,
    sent_back,
    started,
    taken_back,
    voided,
    written_off,
)
from tests.support.given import Step, given

CAME = (A_DAIRY, received("L1", litres(100)), received("R1", millilitres(100), of=RENNET))
VOID = (*CAME, voided("L1", on=day(2)))
IN_THE_VAT = (planned("O1", kg(2)), started("O1"), poured("O1", "L1", litres(9)))


def test_a_lot_that_never_came_is_void() -> None:
    given(CAME).when(voided("L1", on=day(2), reason=" deux fois ")).then(
        LotVoided(on=day(2), reason="deux fois")
    )


def test_a_lot_of_the_opening_stock_is_void() -> None:
    entered = in_opening_stock("T0", kg(5), on=day(1))
    dairy = given(A_DAIRY, entered, voided("T0", on=day(1))).dairy
    with dairy.store.reading() as snapshot:
        row = snapshot.get(FinishedLotRow, lot_id("T0"))
    assert row is not None
    assert (row.status, row.quantity_remaining) == ("VOIDED", 0)


def test_a_void_lot_holds_nothing_on_any_day() -> None:
    dairy = given(VOID).dairy
    assert [dairy.stock.on_hand(MILK, at=day(on)) for on in range(-1, 4)] == [litres(0)] * 5
    assert dairy.stock.preview(MILK, litres(1), on=day(1)).picks == ()


def test_a_void_lot_stays_in_the_lists_with_its_reason() -> None:
    with given(VOID).dairy.store.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id("L1"))
    assert row is not None
    assert (row.code, row.status, row.standing_reason) == ("L1", "VOIDED", "typed twice")


def test_a_trace_and_a_recall_of_a_void_lot_say_that_it_is() -> None:
    dairy = given(VOID).dairy
    assert dairy.trace(lot_id("L1")).uses.standing == "voided"
    (balance,) = dairy.simulate_recall(lot_id("L1")).lots
    assert (balance.balanced, balance.entered, balance.on_hand) == (True, 0, 0)


def test_the_code_of_a_void_lot_stays_taken() -> None:
    again = evolve(received("L1", litres(5)), lot_id=lot_id("another"))
    given(VOID).when(again).refused(AlreadyExists, reference="L1")


UNTOUCHED: dict[str, tuple[Step, ...]] = {
    "quarantined": (quarantined("L1"),),
    "blocked and released": (blocked("L1"), released("L1")),
    "corrected": (corrected("L1", reference="B-7"),),
    "poured and taken back": (*IN_THE_VAT, taken_back("O1", "L1"), abandoned("O1")),
}


@pytest.mark.parametrize("since", UNTOUCHED)
def test_what_uses_nothing_of_a_lot_leaves_it_to_be_void(since: str) -> None:
    given(CAME, UNTOUCHED[since]).when(voided("L1")).then(
        LotVoided(on=day(0), reason="typed twice")
    )


USED: dict[str, tuple[tuple[Step, ...], str]] = {
    "consumption": ((*CAME, IN_THE_VAT), "L1"),
    "write_off": ((*CAME, written_off("L1", litres(1))), "L1"),
    "supplier_return": ((*CAME, sent_back("L1", litres(1))), "L1"),
    "count": ((*CAME, counted("L1", litres(100))), "L1"),
    "reserved": ((*CAME, planned("O1", kg(2)), started("O1")), "L1"),
}


@pytest.mark.parametrize("use", USED)
def test_a_lot_of_which_something_was_used_is_not_void(use: str) -> None:
    before, lot = USED[use]
    given(before).when(voided(lot)).refused(LotWasUsed, lot=lot, use=use)


def test_a_lot_that_was_made_is_not_void_for_itself() -> None:
    given(A_DAIRY, in_store("T1", kg(5))).when(voided("T1")).refused(LotWasMade, lot="T1")


def test_a_recalled_lot_is_not_void() -> None:
    given(CAME, recalled("L1")).when(voided("L1")).refused(LotRecalledForGood)


def test_a_lot_is_not_void_before_it_came() -> None:
    given(CAME).when(voided("L1", on=day(-1))).refused(BeforeItCame)


def test_a_lot_is_not_void_without_a_reason() -> None:
    given(CAME).when(voided("L1", reason=" ")).refused(ReasonMissing, step="void lot")


@pytest.mark.parametrize(
    ("command", "step"),
    [
        (counted("L1", litres(1), on=day(2)), "count"),
        (written_off("L1", litres(1), on=day(2)), "write off"),
        (sent_back("L1", litres(1), on=day(2)), "send back"),
        (quarantined("L1", on=day(2)), "quarantine"),
        (blocked("L1", on=day(2)), "block"),
        (released("L1", on=day(2)), "release"),
        (corrected("L1", on=day(2), reference="B-7"), "correct"),
        (voided("L1", on=day(2)), "void lot"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_nothing_is_done_with_a_void_lot(command: Command, step: str) -> None:
    given(VOID).when(command).refused(
        WrongState, kind="lot", id=lot_id("L1"), code="L1", state="voided", step=step
    )


def test_a_void_lot_is_recalled_all_the_same() -> None:
    given(VOID).when(recalled("L1", on=day(2))).then(
        LotRecalled(source=lot_id("L1"), on=day(2), reason="listeria")
    )
