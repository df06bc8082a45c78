"""A command is all or nothing, over any number of lots and orders; so is a batch that fails."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from attrs import define, evolve

from manchengo import MemoryStore, Role
from manchengo.application import unit_of_work
from manchengo.application.views import projection
from manchengo.commands import Command
from manchengo.domain.delivery import ReturnLine
from manchengo.domain.errors import AlreadyExists
from manchengo.domain.ids import CommitId
from manchengo.domain.lot.decide import NotDeliveredThatMuch
from manchengo.domain.lot.rules import NotEnoughInLot
from manchengo.domain.production_order import NotEnoughMaterials
from manchengo.domain.values import MOST, TooLarge
from manchengo.ports.rows import Row
from manchengo.ports.store import Entry
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RENNET,
    an_id,
    an_output,
    blocked,
    came_back,
    counted,
    delivered,
    gone,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    millilitres,
    planned,
    prepared,
    received,
    sold,
    started,
    written_off,
)
from tests.support.given import everything, given, one_by_one, open_dairy, somebody
from tests.support.story import A_FORTNIGHT

THREE_MILKS = (
    A_DAIRY,
    received("L1", litres(40)),
    received("L2", litres(40)),
    received("L3", litres(40)),
)


def an_order(words: str) -> CommitId:
    return CommitId(an_id(words))


# ------------------------------------------------------------------------ a refusal in the middle


def test_three_lots_of_milk_and_no_rennet_leave_the_milk_alone() -> None:
    dairy = (
        given(THREE_MILKS, received("R1", millilitres(29), of=RENNET), planned("O1", kg(10)))
        .when(started("O1"))
        .refused(NotEnoughMaterials)
    )
    assert dairy.stock.preview(MILK, litres(120)).shortfall == litres(0)


def test_a_third_lot_that_cannot_come_out_takes_the_first_two_with_it() -> None:
    ready = (*THREE_MILKS, received("R1", millilitres(30), of=RENNET))
    outputs = (an_output("T1", kg(3)), an_output("T2", kg(3)), an_output("L3", kg(3)))
    given(ready).when(made("O1", kg(10), outputs=outputs)).refused(AlreadyExists, kind="lot")


def test_a_second_lot_that_cannot_leave_keeps_the_first_one_here() -> None:
    first, second = sorted(["T1", "T2"], key=lot_id)
    dairy = (
        given(
            A_DAIRY,
            in_store("T1", kg(5)),
            in_store("T2", kg(5)),
            sold("S1", kg(10)),
            prepared("V1", order="S1"),
            loaded("V1", first, kg(5)),
            loaded("V1", second, kg(5)),
            counted(second, kg(1)),
        )
        .when(gone("V1"))
        .refused(NotEnoughInLot, lot=second)
    )
    assert dairy.stock.on_hand(CHEESE) == kg(6)


def test_a_second_line_that_never_left_keeps_the_first_one_out() -> None:
    both = tuple(ReturnLine(lot_id=lot_id(lot), quantity=kg(6)) for lot in ("T1", "T2"))
    given(
        A_DAIRY,
        in_store("T1", kg(10)),
        in_store("T2", kg(10)),
        sold("S1", kg(15)),
        delivered("V1", order="S1"),
    ).when(evolve(came_back("V1", "T1", kg(1)), lines=both)).refused(NotDeliveredThatMuch)


def test_what_a_refused_command_had_begun_is_not_remembered_either() -> None:
    """The next command decides on the log, not on what the refused one had in mind."""
    dairy = given(THREE_MILKS, planned("O1", kg(10))).dairy
    with pytest.raises(NotEnoughMaterials):
        dairy.execute(started("O1"))
    dairy.execute(received("R1", millilitres(30), of=RENNET))
    dairy.execute(started("O1"))
    assert dairy.verify().sound


# ---------------------------------------------------------------- the machine fails in the middle


@define
class Failing(MemoryStore):
    """A store on a bad disk: it fails at the row it is told to fail at."""

    rows_left: int = -1

    def put(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self.rows_left == 0:
                raise OSError("disk full")
            self.rows_left -= 1
            super().put([row])


BIG = made("O1", kg(10), outputs=(an_output("T1", kg(9)), an_output("W1", kg(1))))
ROWS_OF_BIG = 1 + 4 * 2 + 2 * 2
"""The order; four lots poured and two made, each with a movement."""


@pytest.mark.parametrize("rows", range(ROWS_OF_BIG))
def test_a_disk_that_fails_at_any_row_leaves_no_trace_of_the_command(rows: int) -> None:
    store = Failing()
    dairy = open_dairy(store)
    for command in one_by_one([*THREE_MILKS, received("R1", millilitres(30), of=RENNET)]):
        dairy.execute(command)
    before = everything(store)
    store.rows_left = rows
    with pytest.raises(OSError, match="disk full"):
        dairy.execute(BIG)
    assert everything(store) == before
    store.rows_left = ROWS_OF_BIG
    dairy.execute(BIG)
    assert store.rows_left == 0
    assert dairy.verify().sound


# ---------------------------------------------------------------------------------------- batches


def test_in_a_batch_a_refused_row_leaves_the_others_standing() -> None:
    dairy = given(THREE_MILKS).dairy
    with dairy.batch() as batch:
        batch.execute(written_off("L1", litres(10)), command_id=an_order("1"))
        with pytest.raises(NotEnoughInLot):
            batch.execute(written_off("L2", litres(41)), command_id=an_order("2"))
        with pytest.raises(AlreadyExists):
            batch.execute(received("L1", litres(41)), command_id=an_order("3"))
        batch.execute(written_off("L2", litres(1)), command_id=an_order("4"))
    assert dairy.stock.on_hand(MILK) == litres(109)
    with dairy.store.reading() as snapshot:
        known = snapshot.known([an_order(row) for row in "1234"])
    assert known == {an_order("1"), an_order("4")}
    assert dairy.verify().sound


def test_a_refused_row_of_many_lots_leaves_no_trace_in_its_batch() -> None:
    with_the_row, without_it = given(THREE_MILKS).dairy, given(THREE_MILKS).dairy
    first, last = planned("O1", kg(10)), blocked("L1")
    for dairy in (with_the_row, without_it):
        with dairy.batch() as batch:
            batch.execute(first, command_id=an_order("1"))
            if dairy is with_the_row:
                with pytest.raises(NotEnoughMaterials):
                    batch.execute(started("O1"), command_id=an_order("2"))
            batch.execute(last, command_id=an_order("3"))
    digests = [dairy.verify().views_digest for dairy in (with_the_row, without_it)]
    assert digests[0] == digests[1]


def test_each_row_of_a_batch_sees_those_before_it() -> None:
    dairy = given(A_DAIRY).dairy
    day: list[Command] = [*in_store("T1", kg(5)), sold("S1", kg(5)), delivered("V1", order="S1")]
    with dairy.batch() as batch:
        for number, command in enumerate(day):
            batch.execute(command, command_id=an_order(f"row {number}"))
    assert dairy.stock.on_hand(CHEESE) == kg(0)
    assert dairy.verify().sound


def test_a_batch_that_breaks_off_never_was() -> None:
    dairy = given(THREE_MILKS).dairy
    before = everything(dairy.store)

    def interrupted() -> None:
        with dairy.batch() as batch:
            batch.execute(written_off("L1", litres(40)), command_id=an_order("1"))
            batch.execute(received("L4", litres(40)), command_id=an_order("2"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert everything(dairy.store) == before
    dairy.execute(written_off("L1", litres(40)))
    assert dairy.verify().sound


def test_a_refusal_that_nobody_caught_breaks_the_batch_off() -> None:
    dairy = given(THREE_MILKS).dairy
    before = everything(dairy.store)

    def careless() -> None:
        with dairy.batch() as batch:
            batch.execute(written_off("L1", litres(1)), command_id=an_order("1"))
            batch.execute(written_off("L1", litres(40)), command_id=an_order("2"))

    with pytest.raises(NotEnoughInLot):
        careless()
    assert everything(dairy.store) == before


def test_a_dry_run_does_everything_and_keeps_nothing() -> None:
    dairy = given(THREE_MILKS).dairy
    before = everything(dairy.store)
    with dairy.batch(keep=False) as batch:
        first = batch.execute(written_off("L1", litres(40)), command_id=an_order("1"))
        with pytest.raises(NotEnoughInLot):
            batch.execute(written_off("L1", litres(1)), command_id=an_order("2"))
    assert first.events
    assert everything(dairy.store) == before
    assert dairy.execute(written_off("L1", litres(40)), command_id=an_order("1")).id == first.id


def test_a_command_given_past_its_batch_is_a_fault_of_the_program_and_found_out() -> None:
    dairy = given(THREE_MILKS).dairy
    before = everything(dairy.store)

    def past_the_batch() -> None:
        with dairy.batch() as batch:
            batch.execute(written_off("L1", litres(1)), command_id=an_order("1"))
            dairy.execute(written_off("L1", litres(1)))

    with pytest.raises(AssertionError, match="already open"):
        past_the_batch()
    assert everything(dairy.store) == before


# ----------------------------------------------------------------- two programs on the same books


def test_what_another_program_wrote_is_seen_by_the_next_command() -> None:
    ours = given(THREE_MILKS).dairy
    theirs = open_dairy(ours.store, actor=somebody(Role.ADMIN, device=2))
    theirs.execute(written_off("L1", litres(40)))
    with pytest.raises(NotEnoughInLot):
        ours.execute(written_off("L1", litres(1)))


def test_what_another_program_wrote_is_seen_even_after_a_command_about_something_else() -> None:
    ours = given(THREE_MILKS).dairy
    theirs = open_dairy(ours.store, actor=somebody(Role.ADMIN, device=2))
    theirs.execute(written_off("L1", litres(40)))
    ours.execute(written_off("L2", litres(1)))
    with pytest.raises(NotEnoughInLot):
        ours.execute(written_off("L1", litres(1)))
    assert ours.verify().sound


def test_what_nobody_else_touched_is_not_folded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = given(THREE_MILKS).dairy
    theirs = open_dairy(ours.store, actor=somebody(Role.ADMIN, device=2))
    ours.execute(written_off("L1", litres(1)))
    theirs.execute(written_off("L2", litres(1)))
    ours.execute(written_off("L3", litres(1)))
    folded_again: list[UUID] = []

    def noted(aggregate: Any, entries: list[Entry]) -> unit_of_work.Folded:
        folded_again.extend({entry.event.aggregate_id for entry in entries})
        return folded(aggregate, entries)

    folded = unit_of_work.folded
    monkeypatch.setattr(unit_of_work, "folded", noted)
    ours.execute(written_off("L1", litres(1)))
    assert folded_again == []
    ours.execute(written_off("L2", litres(1)))
    assert folded_again == [lot_id("L2")]


def test_a_long_story_told_by_two_programs_in_turn_is_the_same_story() -> None:
    store = MemoryStore()
    alone = open_dairy()
    two = [open_dairy(store), open_dairy(store, actor=somebody(Role.ADMIN, device=2))]
    for number, command in enumerate(one_by_one(A_FORTNIGHT)):
        alone.execute(command)
        two[number % 2].execute(command)
    assert two[0].verify().sound
    assert two[0].verify().views_digest == alone.verify().views_digest


def test_what_cannot_be_shown_is_not_stored_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch goes on after a refusal: nothing of the refused command may stay in it."""

    def too_large(_: object) -> Iterator[Row]:
        raise TooLarge(what="centimes", value=MOST + 1)

    dairy = given(A_DAIRY).dairy
    before = everything(dairy.store)
    monkeypatch.setitem(projection.ROWS, "client", too_large)
    shop: Any = A_DAIRY[1]
    another = evolve(shop, client_id=an_id("another"), code="C02")
    with dairy.batch() as batch, pytest.raises(TooLarge):
        batch.execute(another, command_id=CommitId(an_id("a row")))
    assert everything(dairy.store) == before
