"""What the file keeps beyond what the port shows: its columns, its queue, its indexes."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from manchengo.domain.allocation import Policy
from manchengo.ports.rows import VIEWS, FinishedLotRow, RawLotRow, Row
from manchengo.ports.view_tables import fingerprints
from manchengo_sqlite import SqliteStore, statements
from manchengo_sqlite.connection import open_engine, reading
from manchengo_sqlite.mapping import mapping
from manchengo_sqlite.migrate import migrate
from manchengo_sqlite.tables import TABLES
from tests.support.blank_files import new_file
from tests.support.dairy import A_DAIRY, litres, received
from tests.support.given import one_by_one, open_dairy


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with new_file(tmp_path / "dairy.db", key=bytes(range(32))) as store:
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
    assert set(kind.LOOK_UPS) <= {row[0] for row in found}


@pytest.mark.parametrize("kind", [RawLotRow, FinishedLotRow])
@pytest.mark.parametrize("policy", Policy)
def test_finding_a_lot_reads_one_index_of_open_lots_and_nothing_else(
    store: SqliteStore, kind: type[RawLotRow] | type[FinishedLotRow], policy: Policy
) -> None:
    """Or it would take longer every year: a lot that is gone is never looked at again."""
    question = f"EXPLAIN QUERY PLAN {statements.CANDIDATES[kind, policy]}"
    with reading(store.engine) as connection:
        steps = connection.exec_driver_sql(question, ("",) * 6).all()
    search, *then = [row[3] for row in steps]
    assert search.startswith(f"SEARCH {kind.TABLE} USING COVERING INDEX {kind.TABLE}_fifo (product")
    # The index is in the order of first in, first out; any other order is sorted, of open lots.
    assert then == ([] if policy is Policy.FIFO else ["USE TEMP B-TREE FOR ORDER BY"])


def test_the_lots_that_a_supplier_calls_so_are_found_by_an_index(store: SqliteStore) -> None:
    """Or a recall that begins with the supplier's lot would read every reception."""
    question = f"EXPLAIN QUERY PLAN {mapping(RawLotRow).select((('reference_key', False),))}"
    with reading(store.engine) as connection:
        steps = connection.exec_driver_sql(question, ("",)).all()
    assert steps[0][3] == "SEARCH lots_mp USING INDEX lots_mp_reference (reference_key=?)"


def test_the_stock_is_summed_up_from_an_index_of_open_lots(store: SqliteStore) -> None:
    """Or it would take longer every year, as above. No index stands there for it alone."""
    with reading(store.engine) as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statements.STOCK}", ("",) * 4)
        scans = [row[3] for row in steps if row[3].startswith("SCAN lots_")]
    of_candidates = {index.name for index in RawLotRow.INDEXES}
    assert len(scans) == 2
    for table, scan in zip(("lots_mp", "lots_pf"), scans, strict=True):
        assert scan.removeprefix(f"SCAN {table} USING INDEX {table}_") in of_candidates


Shape = tuple[set[tuple[str, str, int, int]], bool, set[str]]


def shape(engine: Engine, kind: type[Row]) -> Shape:
    """Columns, whether the table is strict and one tree, and the statements of its indexes."""
    with reading(engine) as connection:
        columns = connection.exec_driver_sql(f"PRAGMA table_info({kind.TABLE})").all()
        listed = connection.exec_driver_sql(f"PRAGMA table_list({kind.TABLE})").mappings().one()
        indexes = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql NOT NULL",
            (kind.TABLE,),
        ).all()
    return (
        {(row[1], row[2], row[3], row[5]) for row in columns},
        bool(listed["strict"] and listed["wr"]),
        {" ".join(sql.split()) for (sql,) in indexes},
    )


def test_what_the_last_step_calls_up_to_date_is_as_made_now(
    store: SqliteStore, tmp_path: Path
) -> None:
    """A database in use keeps the tables that the steps made, where it says they are the same."""
    by_steps = open_engine(tmp_path / "steps.db", key=None, create=True)
    migrate(by_steps)
    same = [table.kind for table in TABLES if fingerprints([table]) in said_by_the_last_step()]
    assert same
    for kind in same:
        assert shape(by_steps, kind) == shape(store.engine, kind), kind.TABLE
    by_steps.dispose()


def said_by_the_last_step() -> str:
    steps = (files("manchengo_sqlite") / "migrations").iterdir()
    (last,) = (step for step in steps if step.name.endswith("_view_tables_as_they_are.sql"))
    return last.read_text("utf-8")
