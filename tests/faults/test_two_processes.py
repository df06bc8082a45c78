"""Two programs at work on one database: nothing is lost, taken twice, locked or kept waiting."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from manchengo import Manchengo
from manchengo.domain.ids import CommitId
from manchengo.ports.rows import FinishedProductRow, RawLotRow
from tests.faults import victims
from tests.faults.killing import Victim, victim
from tests.faults.plant import command_id, new_plant, page_check, plant
from tests.support.dairy import CHEESE, RENNET, an_id, litres, lot_id, millilitres, received
from tests.support.fork_server import FORK_SERVER
from tests.support.patience import PATIENCE

A_FEW = 2
"""Transactions of the other that may go first: the one at work, and one that stood in line."""


@contextmanager
def two(task: Any, path: Path, *facts: Any) -> Iterator[list[Victim]]:
    """The same task on two devices, begun together."""
    together = FORK_SERVER.Barrier(2, timeout=PATIENCE)
    with ExitStack() as both:
        yield [
            both.enter_context(victim(task, path, device, *facts, together)) for device in (1, 2)
        ]


def all_is_well(dairy: Manchengo) -> bool:
    return page_check(dairy) == [] and dairy.verify().sound


def test_two_processes_that_pour_the_same_lot_never_take_more_than_it_holds(
    tmp_path: Path,
) -> None:
    path = new_plant(tmp_path / "atelier.db")
    with plant(path) as dairy:
        dairy.execute(received("the lot", litres(500)))
        dairy.execute(received("rennet", millilitres(10_000), of=RENNET))
    with two(victims.pour_all, path) as processes:
        taken = [process.listen() for process in processes]
    assert sum(taken) == 500
    with plant(path) as dairy:
        assert all_is_well(dairy)
        with dairy.store.reading() as snapshot:
            lot = snapshot.get(RawLotRow, lot_id("the lot"))
    assert lot is not None
    assert (lot.quantity_remaining, lot.quantity_reserved, lot.status) == (0, 0, "EXHAUSTED")


def test_no_change_is_lost_when_two_processes_change_the_same_thing(tmp_path: Path) -> None:
    path = new_plant(tmp_path / "atelier.db")
    with two(victims.change_the_price, path, 60) as processes:
        assert [process.listen() for process in processes] == [victims.DONE, victims.DONE]
    with plant(path) as dairy:
        assert all_is_well(dairy)
        with dairy.store.reading() as snapshot:
            stream = snapshot.stream(CHEESE)
            price = next(snapshot.rows(FinishedProductRow, id=CHEESE)).price
    assert len(stream) == 121
    # Each was decided on what the one before had left.
    assert [entry.event.version for entry in stream] == list(range(1, 122))
    assert price in (1_005_900, 2_005_900)


def test_commands_arrive_while_an_import_runs_and_each_waits_for_a_few_transactions_at_most(
    tmp_path: Path,
) -> None:
    path, batches, size, commands = new_plant(tmp_path / "atelier.db"), 60, 20, 30
    with (
        victim(victims.import_in_batches, path, batches, size) as importer,
        victim(victims.keep_asking, path, commands) as clerk,
    ):
        assert (importer.listen(), clerk.listen()) == (victims.GO, victims.GO)
        overtaken = [clerk.listen() for _ in range(commands)]
        assert (importer.listen(), clerk.listen()) == (victims.DONE, victims.DONE)
    assert max(overtaken) <= A_FEW * size
    imported = {CommitId(an_id(f"import {n}-{row}")) for n in range(batches) for row in range(size)}
    asked = {command_id(number) for number in range(commands)}
    with plant(path) as dairy:
        assert all_is_well(dairy)
        with dairy.store.reading() as snapshot:
            assert snapshot.known(imported | asked) == imported | asked


def test_a_command_between_others_commands_waits_for_a_few_of_them_at_most(tmp_path: Path) -> None:
    path, commands = new_plant(tmp_path / "atelier.db"), 60
    with (
        victim(victims.import_in_batches, path, 600, 1) as busy,
        victim(victims.keep_asking, path, commands) as clerk,
    ):
        assert (busy.listen(), clerk.listen()) == (victims.GO, victims.GO)
        overtaken = [clerk.listen() for _ in range(commands)]
    assert max(overtaken) <= A_FEW
