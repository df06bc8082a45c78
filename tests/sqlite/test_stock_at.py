"""What was in stock on a past day: reckoned from the beginning or back from now, it is the same."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given as whatever

from manchengo import Manchengo, Refused
from manchengo.application.stock import ProductStock
from manchengo.commands import Command
from manchengo_sqlite import SqliteStore, snapshot, statements
from manchengo_sqlite.connection import reading
from manchengo_sqlite.snapshot import SqliteSnapshot
from tests.application.test_stock import AS_IT_MAY_BE, happenings, receptions
from tests.sqlite.witness import KEY
from tests.support.blank_files import new_file
from tests.support.campaigns import examples
from tests.support.dairy import A_DAIRY, counted, day, litres, received, written_off
from tests.support.given import Step, one_by_one, open_dairy
from tests.support.stores import IN_RAM
from tests.support.story import a_fortnight


@contextmanager
def a_store() -> Iterator[SqliteStore]:
    with (
        TemporaryDirectory(dir=IN_RAM) as folder,
        new_file(Path(folder) / "dairy.db", key=KEY) as store,
    ):
        yield store


def evening(dairy: Manchengo, on: date, *, back: bool) -> list[ProductStock]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteSnapshot, "_moved_little_since", lambda *_: back)
        return dairy.stock.by_product(at=on)


def both_ways(dairy: Manchengo, days: range) -> Iterator[list[ProductStock]]:
    for number in days:
        from_the_beginning = evening(dairy, day(number), back=False)
        assert evening(dairy, day(number), back=True) == from_the_beginning
        yield from_the_beginning


def test_a_whole_fortnight_is_the_same_both_ways_and_in_memory() -> None:
    in_memory = a_fortnight()
    with a_store() as store:
        dairy = a_fortnight(open_dairy(store))
        for number, found in zip(days := range(-1, 20), both_ways(dairy, days), strict=True):
            assert found == in_memory.stock.by_product(at=day(number))


@examples(10, campaign=40)
@whatever(came=receptions, some=happenings)
def test_whatever_happened_it_is_the_same_both_ways_and_in_memory(
    came: Step, some: list[Command]
) -> None:
    in_memory = open_dairy()
    with a_store() as store:
        dairy = open_dairy(store)
        for command in one_by_one([AS_IT_MAY_BE, came, some]):
            for each in (in_memory, dairy):
                with suppress(Refused):
                    each.execute(command)
        for number, found in zip(days := range(-1, 11), both_ways(dairy, days), strict=True):
            assert found == in_memory.stock.by_product(at=day(number))


def test_an_older_line_under_a_count_changes_neither_the_count_nor_what_came_after() -> None:
    with a_store() as store:
        dairy = open_dairy(store)
        for command in one_by_one(
            [
                A_DAIRY,
                received("L1", litres(100)),
                counted("L1", litres(75), on=day(5)),
                written_off("L1", litres(15), on=day(7)),
                written_off("L1", litres(5), on=day(1)),
                counted("L1", litres(50), on=day(3)),
            ]
        ):
            dairy.execute(command)
        found = [lines[0].on_hand for lines in both_ways(dairy, range(9))]
    assert found == [litres(of) for of in (100, 95, 95, 50, 50, 75, 75, 60, 60)]


def test_the_way_is_the_shorter_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_store() as store:
        dairy = open_dairy(store)
        for command in one_by_one([A_DAIRY, *(received(f"L{n}", litres(1)) for n in range(40))]):
            dairy.execute(command)
        for number in range(10):
            dairy.execute(written_off(f"L{number}", litres(1), on=day(number)))
        with store.reading() as now:
            chosen = [now._moved_little_since(day(number)) for number in (-1, 0, 9)]
            monkeypatch.setattr(snapshot, "MOST_LINES", 5)
            held_to_five = [now._moved_little_since(day(number)) for number in (3, 4)]
    assert chosen == [False, True, True]
    assert held_to_five == [False, True]


@pytest.mark.parametrize(
    ("question", "parameters", "way"),
    [
        (statements.MOVED_AFTER, ("",), "SEARCH stock_movements USING PRIMARY KEY (day>?)"),
        (statements.MOVED_UNTIL, ("",), "SEARCH stock_movements USING PRIMARY KEY (day<?)"),
        (statements.HELD_NOW, (), "SCAN lots_mp USING COVERING INDEX lots_mp_fifo"),
        (statements.HELD_NOW, (), "SCAN lots_pf USING COVERING INDEX lots_pf_fifo"),
    ],
)
def test_neither_way_reads_other_days_or_lots_that_are_over(
    question: str, parameters: tuple[str, ...], way: str
) -> None:
    with a_store() as store, reading(store.engine) as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", parameters)
        steps = [row[3] for row in found]
    assert way in steps
    assert not any("SCAN stock_movements" in step for step in steps)
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps
