"""What a command writes is counted, so that no index creeps in unnoticed.

Pages decide how long a command takes (each is encrypted, sealed and written), and their number is
the same on every machine.
"""

from pathlib import Path

import pytest

from manchengo_sqlite.connection import driver_connection, writing
from tests.bench.written import BUDGETS, written
from tests.support.blank_files import new_file
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.given import one_by_one, open_dairy
from tests.support.written_pages import Written, written_by

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Written]:
    return written(tmp_path_factory.mktemp("written"))


@pytest.mark.parametrize("command", BUDGETS)
def test_a_usual_command_writes_no_more_than_its_budget(
    command: str, usual: dict[str, Written]
) -> None:
    found, budget = usual[command], BUDGETS[command]
    assert found.pages <= budget.pages, found.by_tree()
    assert found.trees <= budget.trees, found.by_tree()


def test_each_command_is_counted_once(usual: dict[str, Written]) -> None:
    assert {len(each.commits) for each in usual.values()} == {100}


def test_every_page_is_of_a_table_or_an_index(tmp_path: Path) -> None:
    found = _one_reception(tmp_path / "dairy.db")
    (pages,) = found.commits
    assert {"_commits", "_events", "lots_mp", "stock_movements"} <= set(pages)
    assert len(pages) >= len(set(pages)) > 10


def test_one_more_index_is_one_more_page(tmp_path: Path) -> None:
    before = _one_reception(tmp_path / "before.db")
    after = _one_reception(tmp_path / "after.db", "CREATE INDEX creeping ON lots_mp (unit)")
    assert {*after.commits[0]} - {*before.commits[0]} == {"creeping"}
    assert after.pages == before.pages + 1


def _one_reception(path: Path, *statements: str) -> Written:
    with new_file(path, key=KEY) as store:
        dairy = open_dairy(store)
        for command in one_by_one([A_DAIRY, received("L1", litres(10))]):
            dairy.execute(command)
        with writing(store.engine) as connection:
            for statement in statements:
                driver_connection(connection).execute(statement)
        return written_by(store, path, KEY, lambda: dairy.execute(received("L2", litres(10))))
