"""Whatever happens to the views of an encrypted file, the log makes them again (P6)."""

from collections.abc import Iterator
from typing import Any

import pytest

from manchengo import Manchengo
from manchengo.ports.rows import VIEWS, ClaimRow, ResolutionItemRow
from manchengo_sqlite import SqliteStore
from manchengo_sqlite.connection import writing
from tests.sqlite.view_tables import tables
from tests.sqlite.witness import KEY
from tests.support.given import open_dairy
from tests.support.story import a_fortnight

FILLED = [kind for kind in VIEWS if kind not in (ResolutionItemRow, ClaimRow)]
"""What a dairy shows that nobody disagrees with."""


@pytest.fixture(scope="module")
def dairy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manchengo]:
    """A fortnight, in which every view has a row; each test leaves it as it was."""
    path = tmp_path_factory.mktemp("fortnight") / "atelier.db"
    with SqliteStore.open(path, key=KEY, create=True) as store:
        yield a_fortnight(open_dairy(store))


def aggregates(dairy: Manchengo) -> list[Any]:
    with dairy.store.reading() as snapshot:
        return [aggregate_id for aggregate_id, _ in snapshot.streams()]


def test_all_views_dropped_are_made_again_to_the_same_digest(dairy: Manchengo) -> None:
    before, sound = tables(dairy), dairy.verify()
    with dairy.store.writing() as transaction:
        transaction.drop_views()
    assert not any(tables(dairy).values())
    assert not dairy.verify().sound
    assert dairy.rebuild() == sum(len(rows) for rows in before.values())
    assert tables(dairy) == before
    assert dairy.verify() == sound


def test_the_rows_of_any_one_aggregate_are_made_again_to_the_same_digest(dairy: Manchengo) -> None:
    before, sound = tables(dairy), dairy.verify()
    assert isinstance(dairy.store, SqliteStore)
    written = 0
    for aggregate_id in aggregates(dairy):
        with writing(dairy.store.engine) as connection:
            for kind in VIEWS:
                owner = kind.owned_by()
                connection.exec_driver_sql(
                    f"DELETE FROM {kind.TABLE} WHERE {owner} = ?", (aggregate_id.bytes,)
                )
        made = dairy.rebuild(aggregate_id)
        assert tables(dairy) == before
        written += made
    assert written == sum(len(rows) for rows in before.values())
    assert dairy.verify() == sound


@pytest.mark.parametrize("kind", FILLED, ids=lambda kind: kind.TABLE)
def test_rows_lost_or_given_to_another_are_noticed_in_any_view_and_put_right(
    kind: Any, dairy: Manchengo
) -> None:
    before = tables(dairy)
    assert isinstance(dairy.store, SqliteStore)
    owner = kind.owned_by()
    for meddling in (
        f"DELETE FROM {kind.TABLE}",
        f"UPDATE {kind.TABLE} SET {owner} = randomblob(16)",
    ):
        with writing(dairy.store.engine) as connection:
            connection.exec_driver_sql(meddling)
        assert not dairy.verify().sound
        dairy.rebuild()
    assert tables(dairy) == before
    assert dairy.verify().sound
