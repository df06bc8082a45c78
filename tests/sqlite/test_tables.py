"""What the file keeps beyond what the port shows: its queue, and the index behind a look-up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from manchengo.domain.allocation import Policy
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from manchengo_sqlite import SqliteStore, statements
from manchengo_sqlite.connection import reading
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.given import one_by_one, open_dairy


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "dairy.db", key=bytes(range(32)), create=True) as store:
        yield store


def test_every_commit_waits_for_the_server(store: SqliteStore) -> None:
    dairy = open_dairy(store)
    for command in one_by_one([A_DAIRY, received("L1", litres(10))]):
        dairy.execute(command)
    with reading(store.engine) as connection:
        queued = connection.exec_driver_sql("SELECT commit_position FROM _sync_queue").all()
        synced = connection.exec_driver_sql("SELECT DISTINCT synced FROM event_log").all()
    assert len(queued) == len(A_DAIRY) + 1
    assert [tuple(row) for row in synced] == [(0,)]


@pytest.mark.parametrize("kind", [RawLotRow, FinishedLotRow])
@pytest.mark.parametrize("policy", Policy)
def test_finding_a_lot_reads_one_index_of_open_lots_and_nothing_else(
    store: SqliteStore, kind: type[RawLotRow] | type[FinishedLotRow], policy: Policy
) -> None:
    """Or it would take longer every year: a lot that is gone is never looked at again."""
    question = f"EXPLAIN QUERY PLAN {statements.CANDIDATES[kind, policy]}"
    with reading(store.engine) as connection:
        steps = connection.exec_driver_sql(question, ("",) * 6).all()
    index = f"{kind.TABLE}_{policy.value.lower()}"
    assert len(steps) == 1
    assert steps[0][3].startswith(f"SEARCH {kind.TABLE} USING COVERING INDEX {index} (product_id=?")
