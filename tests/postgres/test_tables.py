"""What the plant keeps beyond what the port shows: columns, keys, indexes, and their use."""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from uuid import UUID, uuid4

import psycopg
import pytest
from attrs import evolve

from manchengo.domain.allocation import Policy
from manchengo.ports.rows import VIEWS, FinishedLotRow, RawLotRow, Row
from manchengo.ports.view_tables import fingerprints
from manchengo_postgres import PostgresStore, statements
from manchengo_postgres.connections import Connections, address_of
from manchengo_postgres.mapping import mapping
from manchengo_postgres.migrate import migrate
from manchengo_postgres.snapshot import PAGE_OF_ROWS
from manchengo_postgres.store import schema_of
from manchengo_postgres.tables import TABLES, TYPES
from tests.contracts.test_store import MARCH, MILK, a_commit, a_lot
from tests.postgres.workers import push, the_registers
from tests.support.postgres import on_postgres, postgres


@pytest.fixture(scope="module")
def store() -> Iterator[PostgresStore]:
    with on_postgres() as opened:
        push(opened, the_registers())
        yield opened


def ask(store: PostgresStore, question: str, *parameters: object) -> list[tuple[object, ...]]:
    with store.reading() as snapshot:
        return snapshot._all(question, *parameters)


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.TABLE)
def test_a_table_has_the_columns_and_the_key_of_its_rows(
    store: PostgresStore, kind: type[Row]
) -> None:
    found = ask(
        store,
        "SELECT column_name, data_type, is_nullable = 'YES', collation_name"
        " FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s ORDER BY ordinal_position",
        kind.TABLE,
    )
    assert found == [
        (
            column.name,
            TYPES[column.type],
            column.optional,
            "C" if column.type is str else None,
        )
        for column in mapping(kind).columns
    ]
    (key,) = ask(
        store,
        "SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index AS i,"
        " unnest(i.indkey) WITH ORDINALITY AS k (number, place), pg_attribute AS a"
        " WHERE i.indrelid = %s::regclass AND i.indisprimary"
        " AND a.attrelid = i.indrelid AND a.attnum = k.number",
        kind.TABLE,
    )
    assert key == (list(kind.KEY),)


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.TABLE)
def test_every_look_up_has_its_index(store: PostgresStore, kind: type[Row]) -> None:
    found = ask(
        store,
        "SELECT a.attname::text FROM pg_index AS i JOIN pg_attribute AS a"
        " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " WHERE i.indrelid = %s::regclass AND i.indpred IS NULL",
        kind.TABLE,
    )
    assert set(kind.LOOK_UPS) <= {row[0] for row in found}


def test_every_text_is_compared_byte_by_byte(store: PostgresStore) -> None:
    """Or the same plant would sort otherwise on a server in another language."""
    otherwise = ask(
        store,
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND data_type = 'text'"
        " AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'event_log'",
    )
    assert otherwise == []


@pytest.fixture(scope="module")
def many_lots() -> Iterator[PostgresStore]:
    """Ten thousand lots of which a few are still open, and no statistics on any of them yet."""
    with on_postgres() as opened:
        with opened.writing(durable=False) as transaction:
            transaction.put(
                evolve(a_lot(number, held=5 if number % 1_000 == 0 else 0), unit_price=number)
                for number in range(1, 10_001)
            )
        yield opened


def plan(store: PostgresStore, statement: str, *parameters: object) -> str:
    lines = ask(store, f"EXPLAIN (COSTS OFF) {statement}", *parameters)
    return "\n".join(str(line[0]) for line in lines)


@pytest.mark.parametrize("policy", Policy)
def test_finding_a_lot_reads_the_index_of_open_lots(
    many_lots: PostgresStore, policy: Policy
) -> None:
    """Or it would take longer every year: a lot that is gone is never looked at again."""
    for kind in (RawLotRow, FinishedLotRow):
        steps = plan(
            many_lots,
            statements.CANDIDATES[kind, policy],
            *(MILK, MARCH, MARCH, "-infinity", "-infinity", UUID(int=0)),
        )
        assert f"using {kind.TABLE}_fifo on {kind.TABLE}" in steps
        # The index is in the order of first in, first out; any other order is sorted.
        assert ("Sort" in steps) is (policy is not Policy.FIFO)


def test_the_stock_is_summed_up_from_an_index_of_open_lots(many_lots: PostgresStore) -> None:
    """No index stands there for it alone: one by which lots are found serves."""
    steps = plan(many_lots, statements.STOCK, MARCH, MARCH)
    assert any(f"{RawLotRow.TABLE}_{index.name}" in steps for index in RawLotRow.INDEXES)


def test_a_look_up_never_walks_through_the_whole_table(many_lots: PostgresStore) -> None:
    """Even for what is not there, and where PostgreSQL knows nothing of the table yet."""
    select = mapping(RawLotRow).select([("code_key", False)], further=False)
    steps = plan(many_lots, select, "mp-nowhere", 1)
    assert "lots_mp_by_code_key" in steps
    assert "lots_mp_pkey" not in steps
    assert "Seq Scan" not in steps


def test_rows_of_many_pages_come_whole_and_in_order(many_lots: PostgresStore) -> None:
    with many_lots.reading() as snapshot:
        every = [row.unit_price for row in snapshot.rows(RawLotRow)]
        of_milk = [row.unit_price for row in snapshot.rows(RawLotRow, product_id=MILK)]
        some = [row.unit_price for row in snapshot.rows(RawLotRow, limit=PAGE_OF_ROWS + 7)]
    assert every == of_milk == list(range(1, 10_001))
    assert some == every[: PAGE_OF_ROWS + 7]


def test_the_whole_envelope_of_an_event_can_be_read_with_sql_alone(store: PostgresStore) -> None:
    (first, *_) = the_registers()
    rows = ask(
        store,
        "SELECT commit_id, event_type, payload, synced, global_seq, business_date FROM event_log"
        " WHERE global_seq = 1 ORDER BY commit_index",
    )
    (event,) = first.commit.events
    assert "Ferme Aït Ali" in event.payload.decode()
    assert rows == [
        (first.commit.id, event.event_type, event.payload.decode(), True, 1, first.commit.on)
    ]


def test_a_payload_that_is_no_text_does_not_hide_the_others() -> None:
    with on_postgres() as store:
        with store.writing() as transaction:
            transaction.append(a_commit(1))  # its payload: the bytes 0, 255 and 10
        assert ask(store, "SELECT payload FROM event_log") == [("\\000\\377\n",)]


def test_a_day_of_any_year_is_a_day_here_too(store: PostgresStore) -> None:
    far = a_lot(77, entered=date.min, expires=date.max)
    with store.writing() as transaction:
        transaction.put([far])
        assert transaction.get(RawLotRow, far.id) == far
        found = list(transaction.candidates(RawLotRow, MILK, Policy.FEFO, on=MARCH))
        transaction.drop([far])
    assert found == [far.id]


def shape(store: PostgresStore, kind: type[Row]) -> tuple[set[object], set[object]]:
    """Columns and indexes, the key included."""
    columns = ask(
        store,
        "SELECT column_name, data_type, is_nullable, collation_name"
        " FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s",
        kind.TABLE,
    )
    indexes = ask(
        store,
        "SELECT replace(indexdef, schemaname || '.', '') FROM pg_indexes"
        " WHERE schemaname = current_schema AND tablename = %s",
        kind.TABLE,
    )
    return set(columns), set(indexes)


def test_what_the_last_step_calls_up_to_date_is_as_made_now(store: PostgresStore) -> None:
    """A plant in use keeps the tables that the steps made, where it says they are the same."""
    steps = (files("manchengo_postgres") / "migrations").iterdir()
    (last,) = (step for step in steps if step.name.endswith("_view_tables_as_they_are.sql"))
    text = last.read_text("utf-8")
    same = [table.kind for table in TABLES if fingerprints([table]) in text]
    assert same
    schema = schema_of(uuid4())
    address = address_of(postgres().url(), schema, patience=60, longest=60)
    with psycopg.connect(address.conninfo, autocommit=True) as connection:
        migrate(connection, address, schema)
    with PostgresStore(Connections(address, schema, readers=1)) as by_steps:
        for kind in same:
            assert shape(by_steps, kind) == shape(store, kind), kind.TABLE
