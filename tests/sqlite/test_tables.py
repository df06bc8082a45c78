"""What the file keeps beyond what the port shows: its columns, its queue, its indexes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from manchengo.domain.allocation import Policy
from manchengo.ports.rows import LOOK_UPS, VIEWS, FinishedLotRow, RawLotRow, Row
from manchengo_sqlite import SqliteStore, statements
from manchengo_sqlite.connection import reading
from manchengo_sqlite.mapping import mapping
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


AFFINITY = {UUID: "BLOB", date: "TEXT", str: "TEXT", int: "INTEGER", bool: "INTEGER"}


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.TABLE)
def test_a_table_has_the_columns_and_the_key_of_its_rows(
    store: SqliteStore, kind: type[Row]
) -> None:
    with reading(store.engine) as connection:
        found = connection.exec_driver_sql(f"PRAGMA table_info({kind.TABLE})").all()
    by_key = {name: place for place, name in enumerate(kind.KEY, 1)}
    assert [(row[1], row[2], bool(row[3]), row[5]) for row in found] == [
        (column.name, AFFINITY[column.type], not column.optional, by_key.get(column.name, 0))
        for column in mapping(kind).columns
    ]


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.TABLE)
def test_every_look_up_has_its_index(store: SqliteStore, kind: type[Row]) -> None:
    with reading(store.engine) as connection:
        found = connection.exec_driver_sql(
            "SELECT x.name FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS x"
            " WHERE x.seqno = 0",
            (kind.TABLE,),
        ).all()
    assert set(LOOK_UPS.get(kind, ())) <= {row[0] for row in found}


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
