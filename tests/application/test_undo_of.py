"""What takes a step back: the command itself, or the refusal that says what people do instead."""

from typing import Any

import pytest

from manchengo import Manchengo, Role, commands
from manchengo.application.undoing import INVERSES, NoSuchEntry, NothingHappened, NotTakenBack
from manchengo.commands import COMMANDS, INSTEAD, Command
from manchengo.domain.access import NotPermitted
from manchengo.domain.commit import Commit
from manchengo.domain.delivery import DeliveryStatus
from manchengo.domain.errors import WrongState
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.decide import LotWasUsed
from manchengo_presenters import words
from tests.application.test_said_by_two import EVERY, MORNING
from tests.support.dairy import (
    A_DAIRY,
    RENNET,
    an_id,
    blocked,
    counted,
    day,
    gone,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    millilitres,
    planned,
    poured,
    prepared,
    quarantined,
    received,
    released,
    sold,
    started,
)
from tests.support.given import given, open_dairy, somebody

CAME = (A_DAIRY, received("L1", litres(100)), received("R1", millilitres(100), of=RENNET))
IN_A_VAN = (A_DAIRY, in_store("T1", kg(9)), sold("S1", kg(4)), prepared("V1", order="S1"))


def undo_of(dairy: Manchengo, commit: Commit) -> Command:
    return dairy.undo_of(commit.id, reason="trop vite", on=day(9))


# ------------------------------------------------------------------------------- the whole table


def test_every_command_says_by_what_it_is_undone_or_what_people_do_instead() -> None:
    for name, schema in COMMANDS.items():
        assert (schema.undone_by is None) == (schema.instead in INSTEAD), name


def test_what_is_said_to_be_undone_is_undone_so() -> None:
    undone = {schema.type for schema in COMMANDS.values() if schema.undone_by is not None}
    assert undone == set(INVERSES)


def test_what_people_do_instead_has_its_words() -> None:
    assert set(words.INSTEAD) == INSTEAD


@pytest.mark.parametrize("case", EVERY, ids=lambda case: type(case.command).__name__)
def test_each_command_is_taken_back_as_the_table_says_or_refused(case: Any) -> None:
    dairy = given(MORNING, case.before).dairy
    commit = dairy.execute(case.command)
    schema = COMMANDS[commit.command_type]
    if schema.undone_by is None:
        with pytest.raises(NotTakenBack) as refused:
            undo_of(dairy, commit)
        assert refused.value.instead == schema.instead
        return
    undo = undo_of(dairy, commit)
    assert type(undo) is schema.undone_by
    assert dairy.execute(undo).events


# ------------------------------------------------------------------------------------ a few of them


def test_a_reception_is_void() -> None:
    dairy = given(CAME).dairy
    undo = undo_of(dairy, dairy.execute(received("L2", litres(5))))
    assert undo == commands.VoidLot(lot_id=lot_id("L2"), on=day(9), reason="trop vite")


def test_what_was_loaded_comes_off_and_no_more() -> None:
    dairy = given(IN_A_VAN, loaded("V1", "T1", kg(1))).dairy
    undo = undo_of(dairy, dairy.execute(loaded("V1", "T1", kg(2))))
    assert isinstance(undo, commands.UnloadLot)
    assert undo.quantity == kg(2)


def test_what_was_poured_is_taken_back_and_no_more() -> None:
    dairy = given(CAME, planned("O1", kg(2)), started("O1"), poured("O1", "L1", litres(3))).dairy
    undo = undo_of(dairy, dairy.execute(poured("O1", "L1", litres(4))))
    assert isinstance(undo, commands.TakeBackMaterial)
    assert undo.quantity == litres(4)


def test_a_count_is_taken_back_in_the_unit_of_the_lot() -> None:
    dairy = given(CAME).dairy
    undo = undo_of(dairy, dairy.execute(counted("R1", litres("0.09"), on=day(1))))
    assert undo == commands.TakeBackCount(
        lot_id=lot_id("R1"), counted=millilitres(90), on=day(1), reason="trop vite"
    )


def test_a_block_ends_where_the_lot_was_free_before() -> None:
    dairy = given(CAME).dairy
    assert isinstance(undo_of(dairy, dairy.execute(blocked("L1"))), commands.ReleaseLot)


def test_a_block_of_a_lot_in_quarantine_does_not_end_in_a_release() -> None:
    dairy = given(CAME, quarantined("L1")).dairy
    commit = dairy.execute(blocked("L1"))
    with pytest.raises(NotTakenBack) as refused:
        undo_of(dairy, commit)
    assert refused.value.instead == "block"


def test_a_block_of_which_somebody_decided_since_is_left_to_them() -> None:
    dairy = given(CAME).dairy
    commit = dairy.execute(blocked("L1"))
    dairy.execute(released("L1"))
    dairy.execute(blocked("L1"))
    with pytest.raises(NotTakenBack):
        undo_of(dairy, commit)


def test_what_a_later_step_rests_on_is_refused_with_its_reason() -> None:
    dairy = given(CAME).dairy
    commit = dairy.execute(received("L2", litres(5)))
    dairy.execute(counted("L2", litres(5)))
    with pytest.raises(LotWasUsed) as refused:
        undo_of(dairy, commit)
    assert refused.value.use == "count"


def test_what_left_does_not_come_off_the_van() -> None:
    dairy = given(IN_A_VAN).dairy
    commit = dairy.execute(loaded("V1", "T1", kg(2)))
    dairy.execute(gone("V1"))
    with pytest.raises(WrongState) as refused:
        undo_of(dairy, commit)
    assert refused.value.state == DeliveryStatus.DISPATCHED


def test_where_nothing_happened_there_is_nothing_to_take_back() -> None:
    dairy = given(CAME, blocked("L1")).dairy
    commit = dairy.execute(blocked("L1"))
    with pytest.raises(NothingHappened) as refused:
        undo_of(dairy, commit)
    assert refused.value.command == "lot.block"


def test_what_is_taken_back_once_is_not_taken_back_twice() -> None:
    dairy = given(CAME).dairy
    commit = dairy.execute(received("L2", litres(5)))
    dairy.execute(undo_of(dairy, commit))
    with pytest.raises(WrongState):
        undo_of(dairy, commit)


def test_an_entry_that_nobody_recorded_is_unknown() -> None:
    with pytest.raises(NoSuchEntry) as refused:
        given(CAME).dairy.undo_of(CommitId(an_id("nothing")), reason="?")
    assert refused.value.reference == str(an_id("nothing"))


def test_nobody_takes_back_what_they_may_not() -> None:
    dairy = given(CAME).dairy
    commit = dairy.execute(received("L2", litres(5)))
    with pytest.raises(NotPermitted):
        undo_of(open_dairy(dairy.store, actor=somebody(Role.ACCOUNTANT)), commit)
