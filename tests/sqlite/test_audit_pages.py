"""A page of the audit is found in an index that has all that is asked for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from manchengo.domain.ids import UserId
from manchengo.ports.audit import EVERY_RECORD, AuditQuery
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.audit_tables import page_statement
from manchengo_sqlite.connection import reading
from tests.support.blank_files import new_file

KARIM = UserId(UUID(int=8))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BY_FILTER = "USING COVERING INDEX audit_log_by_filter"
BY_TEXT = "USING COVERING INDEX audit_log_by_text"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    path: Path = tmp_path_factory.mktemp("audit") / "dairy.db"
    with new_file(path, key=bytes(range(32))) as store:
        yield store


@pytest.mark.parametrize("before", [None, 50])
@pytest.mark.parametrize(
    ("query", "index"),
    [
        (EVERY_RECORD, BY_FILTER),
        (AuditQuery(kinds=("scan", "refusal")), BY_FILTER),
        (AuditQuery(user_id=KARIM, since=NOON, until=NOON), BY_FILTER),
        (AuditQuery(search="pf-2"), BY_TEXT),
        (AuditQuery(kinds=("scan",), user_id=KARIM, search="scan pf-2"), BY_TEXT),
    ],
)
def test_a_page_reads_one_index_in_the_order_of_the_records(
    store: SqliteStore, query: AuditQuery, index: str, before: int | None
) -> None:
    """Or a list that finds little would decrypt every record whole."""
    statement, parameters = page_statement(query, before=before)
    with reading(store.engine) as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (*parameters, 9))
        found, _list, *inner = [row[3] for row in steps]
    assert found.startswith("SEARCH audit_log USING INTEGER PRIMARY KEY")
    expected = f"SCAN audit_log {index}" if before is None else f"SEARCH audit_log {index} (id<?)"
    assert inner == [expected]  # nothing is sorted


@pytest.mark.parametrize(
    "query",
    [AuditQuery(search="pf-2", since=NOON), AuditQuery(search="pf-2", until=NOON)],
)
def test_words_are_looked_for_between_the_first_and_the_last_record_of_the_days(
    store: SqliteStore, query: AuditQuery
) -> None:
    """Or a search of one day would read the texts of all."""
    statement, parameters = page_statement(query, before=None)
    with reading(store.engine) as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (*parameters, 9))
        plan = [row[3] for row in steps]
    assert "SEARCH audit_log USING INDEX audit_log_by_text (id>? AND id<?)" in plan
    assert plan.count(f"SCAN audit_log {BY_FILTER}") == 2
