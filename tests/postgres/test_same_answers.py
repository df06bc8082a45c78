"""Whatever stands in the tables, PostgreSQL answers as memory does: lots, totals, their order."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from manchengo import MemoryStore
from manchengo.application.stock import stock_at
from manchengo.domain.allocation import Policy
from manchengo.domain.ids import LotId, ProductId, ProductionOrderId
from manchengo.ports.rows import FinishedLotRow, MovementRow, RawLotRow, ReservationRow, Row
from manchengo.ports.store import Snapshot, Transaction
from manchengo_postgres import PostgresStore
from tests.contracts.test_store import a_lot, a_movement
from tests.support.postgres import on_postgres

PRODUCTS = [ProductId(UUID(int=number << 64 | 900)) for number in (0, 1, 2**63)]
DAYS = [date(2026, 3, 1) + timedelta(days=number) for number in range(4)]

days = st.sampled_from([*DAYS, date.max])
products = st.sampled_from(PRODUCTS)
lot_ids = st.integers(0, 12).map(lambda number: number * 2**124 + number)
amounts = st.integers(0, 5)


@st.composite
def lots(draw: st.DrawFn) -> Row:
    held = draw(amounts)
    raw = evolve(
        a_lot(
            draw(lot_ids),
            entered=draw(days),
            expires=draw(st.none() | days),
            held=held,
            kept=draw(st.integers(0, held)),
        ),
        product_id=draw(products),
        standing=draw(st.sampled_from(["released", "released", "blocked"])),
    )
    if draw(st.booleans()):
        return raw
    shared = {name: getattr(raw, name) for name in COMMON}
    return FinishedLotRow(
        **shared | {"id": LotId(UUID(int=raw.id.int ^ 1 << 100))},
        order_id=ProductionOrderId(UUID(int=1)),
        role="main",
        unit_price=0,
        opening_on=None,
    )


COMMON = (
    *("id", "code", "product_id", "unit", "status", "standing", "standing_reason"),
    *("entered_on", "expires_on", "quantity_initial", "quantity_remaining", "quantity_reserved"),
)


@st.composite
def movements(draw: st.DrawFn) -> Row:
    number, day = draw(st.integers(1, 4)), draw(days)
    if draw(st.booleans()):
        return a_movement(draw(lot_ids), number, day, draw(st.integers(-4, 5)))
    return ReservationRow(
        lot_id=LotId(UUID(int=draw(lot_ids))),
        number=number,
        product_id=PRODUCTS[0],
        owner=UUID(int=draw(st.integers(77, 78))),
        day=day,
        quantity=draw(st.integers(-4, 5)),
    )


def answers(snapshot: Snapshot) -> list[Any]:
    rows_of_all: list[Any] = []
    for day in DAYS:
        rows_of_all += [snapshot.stock(on=day), stock_at(snapshot, day), snapshot.moved_after(day)]
        rows_of_all.append(snapshot.held_at(day))
        for product in PRODUCTS:
            for policy in Policy:
                for kind in (RawLotRow, FinishedLotRow):
                    rows_of_all.append(list(snapshot.candidates(kind, product, policy, on=day)))
    for kinds in (RawLotRow, FinishedLotRow, MovementRow, ReservationRow):
        rows_of_all.append(list(snapshot.rows(kinds)))
    rows_of_all += [list(snapshot.rows(RawLotRow, expires_on=None, product_id=PRODUCTS[0]))]
    rows_of_all += [list(snapshot.rows(MovementRow, day=DAYS[1], limit=2))]
    return rows_of_all


@pytest.fixture(scope="module")
def store() -> Iterator[PostgresStore]:
    with on_postgres() as opened:
        yield opened


def name_of(row: Row) -> tuple[object, ...]:
    return (type(row), row.key())


some_rows = st.lists(lots() | movements(), max_size=25, unique_by=name_of)


@settings(max_examples=60)
@given(first=some_rows, then=some_rows)
def test_the_same_rows_give_the_same_answers(
    store: PostgresStore, first: list[Row], then: list[Row]
) -> None:
    def write(transaction: Transaction) -> list[Any]:
        transaction.drop_views()
        transaction.put(first)
        # A row that stands keeps what is fixed of it: it is dropped before it comes as another.
        again = {name_of(row) for row in then}
        transaction.drop(row for row in first if name_of(row) in again)
        transaction.put(then)
        return answers(transaction)

    remembered = MemoryStore()
    with remembered.writing() as memory:
        expected = write(memory)
    with store.writing(durable=False) as transaction:
        assert write(transaction) == expected
