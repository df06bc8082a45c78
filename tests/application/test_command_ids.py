"""The same command id, any number of times: one effect, one answer."""

import pytest
from attrs import evolve

from manchengo import Refused, Role
from manchengo.application.refusals import facts
from manchengo.commands import Command
from manchengo.domain.access import NotPermitted
from manchengo.domain.errors import CommandIdReused
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.rules import NotEnoughInLot
from tests.support.dairy import (
    A_DAIRY,
    MILK,
    RENNET,
    an_id,
    blocked,
    counted,
    in_store,
    kg,
    litres,
    made,
    millilitres,
    quarantined,
    received,
    sold,
    written_off,
)
from tests.support.given import everything, given, open_dairy, somebody

THIS = CommitId(an_id("this command"))
SPILT = written_off("L1", litres(30))


def test_a_repeated_command_is_answered_again_and_done_once() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    answer = dairy.execute(SPILT, command_id=THIS)
    once = everything(dairy.store)
    for _ in range(3):
        assert dairy.execute(SPILT, command_id=THIS) == answer
    assert everything(dairy.store) == once
    assert dairy.stock.on_hand(MILK) == litres(70)


def test_it_is_known_again_long_after_and_where_it_would_no_longer_be_allowed() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    answer = dairy.execute(SPILT, command_id=THIS)
    dairy.execute(counted("L1", litres(0)))
    assert dairy.execute(SPILT, command_id=THIS) == answer


def test_it_is_recognised_by_another_process_on_the_same_database() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    answer = dairy.execute(SPILT, command_id=THIS)
    restarted = open_dairy(dairy.store, actor=somebody(Role.ADMIN, device=2))
    assert restarted.execute(SPILT, command_id=THIS) == answer


@pytest.mark.parametrize("first_in_a_batch", [True, False])
def test_a_batch_and_a_single_command_know_the_same_ids(first_in_a_batch: bool) -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    answers = []
    for in_a_batch in (first_in_a_batch, not first_in_a_batch):
        if in_a_batch:
            with dairy.batch() as batch:
                answers += [batch.execute(SPILT, command_id=THIS) for _ in range(2)]
        else:
            answers.append(dairy.execute(SPILT, command_id=THIS))
    assert answers == [answers[0]] * 3
    assert dairy.stock.on_hand(MILK) == litres(70)


def test_a_command_that_touched_many_lots_is_not_done_twice_either() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(60)),
        received("L2", litres(60)),
        received("R1", millilitres(100), of=RENNET),
    ).dairy
    answer = dairy.execute(made("O1", kg(10)), command_id=THIS)
    assert dairy.execute(made("O1", kg(10)), command_id=THIS) == answer
    assert dairy.stock.on_hand(MILK) == litres(20)


def test_a_command_that_was_refused_left_no_answer_and_may_be_tried_again() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    too_much = written_off("L1", litres(130))
    with pytest.raises(NotEnoughInLot):
        dairy.execute(too_much, command_id=THIS)
    dairy.execute(counted("L1", litres(130)))
    dairy.execute(too_much, command_id=THIS)
    assert dairy.stock.on_hand(MILK) == litres(0)


def test_a_change_that_changed_nothing_is_remembered_too() -> None:
    dairy = given(A_DAIRY, in_store("T1", kg(1))).dairy
    answer = dairy.execute(sold("S1", kg(1)), command_id=THIS)
    assert dairy.execute(sold("S1", kg(1)), command_id=THIS) == answer


@pytest.mark.parametrize(
    ("another", "name"),
    [
        (written_off("L1", litres(31)), "lot.write_off"),
        (evolve(SPILT, reason="stolen"), "lot.write_off"),
        (counted("L1", litres(30)), "lot.count"),
    ],
)
def test_an_id_is_not_used_for_another_command(another: Command, name: str) -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    dairy.execute(SPILT, command_id=THIS)
    before = everything(dairy.store)
    with pytest.raises(CommandIdReused) as caught:
        dairy.execute(another, command_id=THIS)
    assert facts(caught.value) == {
        "command_id": THIS,
        "recorded": "lot.write_off",
        "given": name,
    }
    assert everything(dairy.store) == before


def test_two_commands_that_say_the_same_of_a_lot_are_still_two() -> None:
    dairy = given(A_DAIRY, received("L1", litres(1))).dairy
    dairy.execute(quarantined("L1", reason="smell"), command_id=THIS)
    with pytest.raises(CommandIdReused) as caught:
        dairy.execute(blocked("L1", reason="smell"), command_id=THIS)
    assert (caught.value.recorded, caught.value.given) == ("lot.quarantine", "lot.block")


def test_knowing_the_id_does_not_let_somebody_else_in() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    dairy.execute(SPILT, command_id=THIS)
    driver = open_dairy(dairy.store, actor=somebody(Role.DRIVER))
    with pytest.raises(NotPermitted):
        driver.execute(SPILT, command_id=THIS)


def test_without_an_id_twice_is_twice() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100)), SPILT, SPILT).dairy
    assert dairy.stock.on_hand(MILK) == litres(40)


def test_a_batch_refuses_a_reused_id_and_goes_on() -> None:
    dairy = given(A_DAIRY, received("L1", litres(100))).dairy
    with dairy.batch() as batch:
        batch.execute(SPILT, command_id=THIS)
        with pytest.raises(Refused):
            batch.execute(counted("L1", litres(1)), command_id=THIS)
        batch.execute(counted("L1", litres(9)), command_id=CommitId(an_id("that one")))
    assert dairy.stock.on_hand(MILK) == litres(9)
