"""What a batch and a page of the log ask of the database: their time goes with that, on whatever
machine they run.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from attrs import evolve

from manchengo import Role
from manchengo.commands import Command, RegisterUser
from manchengo.domain.ids import CommitId, LotId
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import driver_connection, writing
from tests.support.blank_files import new_file
from tests.support.dairy import A_DAIRY, an_id, litres, received
from tests.support.given import one_by_one, open_dairy
from tests.support.plant import BOSS, Plant

LOTS = 20
CODES = [f"L{number:02}" for number in range(LOTS)]
TABLES = ("resolution_claims", "lots_mp", "_events", "_config")


def test_lots_received_together_ask_once_whether_anything_is_claimed(tmp_path: Path) -> None:
    asked = _asked_by_a_batch(tmp_path, [received(code, litres(10)) for code in CODES])
    assert asked["resolution_claims"] == 1


def test_lots_whose_ids_and_codes_grow_are_looked_up_at_once(tmp_path: Path) -> None:
    asked = _asked_by_a_batch(tmp_path, _lots_in_order())
    assert asked["lots_mp"] == 1  # whether the code is free
    assert asked["_events"] == 2  # and the id; and, once, the number of the last event


def test_lots_in_no_order_are_looked_up_one_by_one(tmp_path: Path) -> None:
    codes = reversed(CODES)
    lots = [
        evolve(received(code, litres(10)), lot_id=LotId(UUID(int=LOTS - number)))
        for number, code in enumerate(codes)
    ]
    asked = _asked_by_a_batch(tmp_path, lots)
    assert asked["lots_mp"] == LOTS
    assert asked["_events"] == LOTS + 1


def test_the_author_of_a_page_is_looked_up_once(tmp_path: Path) -> None:
    asked = _asked_by_a_page(tmp_path)
    assert asked["_events"] < LOTS  # and not once for each commit
    assert asked["_config"] == 2  # of which plant the log is, and which predictions were undone


def _lots_in_order() -> list[Command]:
    """Whose ids and codes grow."""
    return [
        evolve(received(code, litres(10)), lot_id=LotId(UUID(int=number)))
        for number, code in enumerate(CODES, start=1)
    ]


def _asked_by_a_page(tmp_path: Path) -> Counter[str]:
    """How often each table is asked by a device that pulls lots received elsewhere."""
    with new_file(tmp_path / "phone.db", key=bytes(range(32))) as store:
        plant = Plant()
        office, phone = plant.device(), plant.device(store=store)
        boss = RegisterUser(user_id=BOSS, name="Nadia", roles=frozenset({Role.ADMIN}))
        office.does(A_DAIRY, boss)
        plant.settle()
        office.does(_lots_in_order())
        office.push()
        phone.state_cache.forget()  # as a program that was just started
        return _asked(store, lambda: phone.pull(limit=LOTS))


def _asked_by_a_batch(tmp_path: Path, commands: Iterable[Command]) -> Counter[str]:
    """How often each table is asked."""
    with new_file(tmp_path / "dairy.db", key=bytes(range(32))) as store:
        dairy = open_dairy(store)
        for command in one_by_one([A_DAIRY]):
            dairy.execute(command)

        def batch_of_all() -> None:
            with dairy.batch() as batch:
                for number, command in enumerate(commands):
                    batch.execute(command, command_id=CommitId(an_id(f"batch {number}")))

        return _asked(store, batch_of_all)


def _asked(store: SqliteStore, act: Callable[[], object]) -> Counter[str]:
    asked: Counter[str] = Counter()
    with writing(store.engine) as connection:
        driver = driver_connection(connection)
    driver.set_trace_callback(lambda statement: asked.update(_tables_read(statement)))
    act()
    driver.set_trace_callback(None)
    return asked


def _tables_read(statement: str) -> list[str]:
    if not statement.startswith("SELECT"):
        return []
    return [name for name in TABLES if f"FROM {name}" in statement]
