"""What a list promises a screen; every adapter is held to it, memory too."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from attrs import evolve, fields

from manchengo import (
    AboveZero,
    Between,
    Cursor,
    ListQuery,
    Lists,
    MemoryStore,
    OneOf,
)
from manchengo.ports.lists import column_of
from manchengo.ports.rows import (
    FOLLOWING,
    VIEWS,
    ClientRow,
    FinishedLotRow,
    MovementRow,
    RawLotRow,
    RawProductRow,
    Row,
    SalesOrderRow,
    SupplierRow,
    columns_of,
)
from manchengo.ports.store import Store
from manchengo_sqlite import SqliteStore
from tests.support.postgres import on_postgres

MARCH = date(2026, 3, 1)
LISTED = [kind for kind in VIEWS if kind.SORTED]
TEXTS = ["", "MP-1", "mp-2", "Crème", "creme", "Œuf 3", "جبنة", "جبنه", "10\x00", "~"]


@pytest.fixture(params=["memory", "encrypted file", "postgresql"], scope="module")
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "postgresql":
        with on_postgres() as on_a_server:
            yield on_a_server
    else:
        path = tmp_path_factory.mktemp("lists") / "store.db"
        with SqliteStore.open(path, key=bytes(range(32)), create=True) as on_disk:
            yield on_disk


@pytest.fixture(autouse=True)
def no_rows(store: Store) -> None:
    with store.writing() as transaction:
        transaction.drop_views()


def lists(store: Store) -> Lists:
    return Lists(store.reading)


def a_value(random: Random, kind: type) -> Any:
    """One of few, so that rows often agree in it."""
    match kind.__name__:
        case "UUID":
            return UUID(int=random.choice([1, 2, 2**127, 2**127 + 1]))
        case "date":
            return MARCH + timedelta(days=random.randrange(4))
        case "bool":
            return random.random() < 0.5
        case "int":
            return random.randrange(4)
        case _:
            return random.choice(TEXTS)


def a_row(kind: type[Any], number: int, random: Random) -> Any:
    """A row of that kind with a key of its own and any values else."""
    values = {
        each.name: None if each.optional and random.random() < 0.3 else a_value(random, each.type)
        for each in columns_of(kind)
        if each.name not in FOLLOWING
    }
    _, *more = kind.KEY
    key = [number if not more else number // 3, *(number for _ in more)]
    return kind(
        **values
        | {name: of_a_key(kind, name, each) for name, each in zip(kind.KEY, key, strict=True)}
    )


def of_a_key(kind: type[Any], name: str, number: int) -> Any:
    """The value with that number, as that column of a key has it."""
    types = {UUID: UUID(int=number << 100 | 7), date: MARCH + timedelta(days=number), int: number}
    return types[column_of(kind, name).type]


def rows_of(kind: type[Any], count: int, random: Random) -> list[Any]:
    return [a_row(kind, number, random) for number in random.sample(range(1, 4 * count), count)]


def put(store: Store, *rows: Row) -> None:
    with store.writing() as transaction:
        transaction.put(rows)


def naive_rank(row: Row, sort: str | None) -> tuple[Any, ...]:
    """As the port says: empty days last, empty texts first, then the key."""
    if sort is None:
        return row.key()
    value = getattr(row, sort)
    if value is None:
        value = date.max if column_of(type(row), sort).type is date else ""
    return (value.replace("\x00", "\x010") if isinstance(value, str) else value, *row.key())


def all_queries(kind: type[Row]) -> Iterator[ListQuery]:
    for sort in (None, *kind.SORTED):
        for descending in (False, True):
            yield ListQuery(sort=sort, descending=descending)


def page_by_page(store: Store, *kinds: type[Any], query: ListQuery, size: int) -> list[list[Any]]:
    pages, after = [], None
    while True:
        page = lists(store).page(*kinds, query=query, size=size, after=after)
        pages.append(list(page.rows))
        if page.after is None:
            return pages
        after = page.after


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.TABLE)
def test_page_after_page_equals_the_whole_list_in_every_order(
    store: Store, kind: type[Any]
) -> None:
    rows = rows_of(kind, 23, Random(kind.TABLE))
    put(store, *rows)
    for query in all_queries(kind):
        expected = sorted(rows, key=partial(naive_rank, sort=query.sort), reverse=query.descending)
        pages = page_by_page(store, kind, query=query, size=4)
        assert [row for page in pages for row in page] == expected, query
        assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 3]
        assert lists(store).page(kind, query=query, size=23).after is None


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.TABLE)
def test_the_pages_before_are_those_that_were_left(store: Store, kind: type[Any]) -> None:
    put(store, *rows_of(kind, 11, Random(kind.TABLE)))
    for query in all_queries(kind):
        there = page_by_page(store, kind, query=query, size=3)
        page = lists(store).page(kind, query=query, size=3, after=last_place(store, kind, query))
        assert list(page.rows) == there[-1]
        back = []
        while page.before is not None:
            page = lists(store).page(kind, query=query, size=3, before=page.before)
            assert page.after is not None
            back.append(list(page.rows))
        assert back == there[-2::-1], query


def last_place(store: Store, kind: type[Any], query: ListQuery) -> Cursor:
    """Where the last page but one ends."""
    page = lists(store).page(kind, query=query, size=3)
    last = page.after
    while page.after is not None:
        last = page.after
        page = lists(store).page(kind, query=query, size=3, after=page.after)
    assert last is not None
    return last


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "kind", [RawLotRow, SalesOrderRow, MovementRow, SupplierRow], ids=lambda kind: kind.TABLE
)
def test_a_row_that_nobody_changes_is_on_exactly_one_page(
    store: Store, kind: type[Any], seed: int
) -> None:
    for query in all_queries(kind):
        random = Random(f"{seed} {query}")
        with store.writing() as transaction:
            transaction.drop_views()
        rows = rows_of(kind, 25, random)
        put(store, *rows)
        untouched = {row.key(): row for row in rows}
        seen: list[Any] = []
        page = lists(store).page(kind, query=query, size=4)
        while True:
            seen += page.rows
            if page.after is None:
                break
            with store.writing() as transaction:  # another writer, between two pages
                for number in random.sample(range(1, 200), 3):
                    changed = a_row(kind, number, random)
                    untouched.pop(changed.key(), None)
                    transaction.drop([changed])
                    transaction.put([changed])
                gone = random.choice(rows)
                untouched.pop(gone.key(), None)
                transaction.drop([gone])
            page = lists(store).page(kind, query=query, size=4, after=page.after)
        kept = [row for row in seen if row.key() in untouched]
        assert kept == sorted(
            untouched.values(),
            key=partial(naive_rank, sort=query.sort),
            reverse=query.descending,
        ), query


def test_lots_of_both_kinds_are_one_list(store: Store) -> None:
    random = Random(5)
    rows = [*rows_of(RawLotRow, 8, random)]
    rows += [
        evolve(row, id=UUID(int=row.id.int | 1 << 120))
        for row in rows_of(FinishedLotRow, 9, random)
    ]
    put(store, *rows)
    for query in all_queries(RawLotRow):
        expected = sorted(rows, key=partial(naive_rank, sort=query.sort), reverse=query.descending)
        pages = page_by_page(store, RawLotRow, FinishedLotRow, query=query, size=4)
        assert [row for page in pages for row in page] == expected
    end = lists(store).page(RawLotRow, FinishedLotRow, size=4, before=cursor_at_the_end())
    assert list(end.rows) == sorted(rows, key=lambda row: row.key())[-4:]
    assert lists(store).count(RawLotRow, FinishedLotRow).rows == 17


def cursor_at_the_end() -> Cursor:
    return Cursor(value=None, key=(UUID(int=2**128 - 1),))


CONDITIONS = [
    OneOf("status", ("MP-1", "creme")),
    OneOf("status", ()),
    OneOf("supplier_id", (UUID(int=1), None)),
    OneOf("expires_on", (None,)),
    Between("entered_on", first=MARCH + timedelta(days=1), last=MARCH + timedelta(days=2)),
    Between("expires_on", first=MARCH + timedelta(days=2)),
    Between("expires_on", last=MARCH + timedelta(days=2)),
    Between("quantity_remaining", last=1),
    AboveZero("quantity_remaining"),
]


def naive_holds(condition: Any, row: Row) -> bool:
    value = getattr(row, condition.column)
    if isinstance(condition, OneOf):
        return value in condition.values
    if isinstance(condition, AboveZero):
        return bool(value > 0)
    return value is not None and not (
        (condition.first is not None and value < condition.first)
        or (condition.last is not None and value > condition.last)
    )


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_list_shows_the_rows_of_which_all_conditions_hold(store: Store, condition: Any) -> None:
    rows = rows_of(RawLotRow, 30, Random(2))
    put(store, *rows)
    for more in [(), (AboveZero("quantity_reserved"),)]:
        query = ListQuery(where=(condition, *more), sort="entered_on")
        expected = [
            row for row in rows if all(naive_holds(each, row) for each in (condition, *more))
        ]
        pages = page_by_page(store, RawLotRow, query=query, size=3)
        found = [row for page in pages for row in page]
        assert found == sorted(expected, key=partial(naive_rank, sort="entered_on"))
        assert lists(store).count(RawLotRow, query=query).rows == len(expected)


MILK, CURD = UUID(int=901), UUID(int=902)
FARM = UUID(int=911)


def given_values(row: Row) -> dict[str, Any]:
    """Its values, but for those that follow from others."""
    return {
        each.name: getattr(row, each.name)
        for each in fields(type(row))
        if each.name not in FOLLOWING
    }


def a_product(product_id: UUID, code: str, name: str, name_ar: str = "") -> RawProductRow:
    known = given_values(a_row(RawProductRow, 1, Random(1)))
    named = {"id": product_id, "code": code, "name": name, "name_ar": name_ar, "gtin": ""}
    return RawProductRow(**known | named)


def a_lot(number: int, code: str, product_id: UUID, reference: str = "") -> RawLotRow:
    known = given_values(a_row(RawLotRow, number, Random(number)))
    about = {"product_id": product_id, "supplier_id": FARM, "supplier_reference": reference}
    return RawLotRow(**known | about | {"code": code})


def a_supplier(name: str) -> SupplierRow:
    known = given_values(a_row(SupplierRow, 1, Random(1)))
    return SupplierRow(**known | {"id": FARM, "code": "F1", "name": name})


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("mp-20260301-001", [1]),
        ("MP-20260301-001", [1]),
        ("20260301", [1, 2]),
        ("  20260301   002 ", [2]),
        ("٢٠٢٦٠٣٠١", [1, 2]),
        ("creme", [1, 3]),
        ("CRÈME", [1, 3]),
        ("bœuf", [2]),
        ("boeuf", [2]),
        ("جبنه", [1, 3]),
        ("جُبْنَة", [1, 3]),
        ("creme 2027", [3]),
        ("creme boeuf", []),
        ("l'etoile", [1, 2, 3]),
        ("bon-7", [3]),
        ("é-8", [2]),
        ("%", []),
        ("_", []),
        ("'", [1, 2, 3]),
        ("nobody", []),
        ("", [1, 2, 3]),
        ("  ", [1, 2, 3]),
    ],
)
def test_a_search_finds_codes_and_names_however_they_are_typed(
    store: Store, search: str, found: list[int]
) -> None:
    put(
        store,
        a_product(MILK, "CR", "Crème fraîche", "جبنة طازجة"),
        a_product(CURD, "BF", "Bœuf"),
        a_supplier("Ferme de l’Étoile"),
        a_lot(1, "MP-20260301-001", MILK),
        a_lot(2, "MP-20260301-002", CURD, "BÉ-8"),
        a_lot(3, "MP-20270301-001", MILK, "bon‑7"),
    )
    for query in (ListQuery(search=search), ListQuery(search=search, sort="code_key")):
        page = lists(store).page(RawLotRow, query=query)
        assert [row.id.int >> 100 for row in page.rows] == found
        assert lists(store).count(RawLotRow, query=query).rows == len(found)


def test_a_page_brings_the_names_of_its_rows(store: Store) -> None:
    milk, farm = a_product(MILK, "CR", "Crème"), a_supplier("Étoile")
    put(store, milk, farm, a_product(CURD, "BF", "Caillé"), a_lot(1, "L1", MILK))
    put(store, evolve(a_lot(2, "L2", UUID(int=5)), supplier_id=None))
    assert lists(store).page(RawLotRow).named == {MILK: milk, FARM: farm}


def test_kinds_without_a_word_in_them_are_not_found_by_one(store: Store) -> None:
    put(store, *rows_of(ClientRow, 3, Random(1)))
    assert lists(store).page(ClientRow, query=ListQuery(search="no such client")).rows == ()


def test_what_is_archived_is_left_out_where_only_what_is_in_use_is_asked_for(store: Store) -> None:
    rows = rows_of(SupplierRow, 9, Random(1))
    put(store, *rows)
    in_use = ListQuery(where=(OneOf("archived", (False,)),), sort="code_key")
    found = [row for page in page_by_page(store, SupplierRow, query=in_use, size=2) for row in page]
    assert {row.id for row in found} == {row.id for row in rows if not row.archived}
    assert 0 < len(found) < len(rows)


def test_a_long_list_is_counted_up_to_a_bound(store: Store) -> None:
    put(store, *rows_of(SupplierRow, 12, Random(1)))
    with store.reading() as snapshot:
        assert snapshot.count(SupplierRow, ListQuery(), most=5) == 5
        assert snapshot.count(SupplierRow, ListQuery(), most=12) == 12
        assert snapshot.count(SupplierRow, ListQuery(), most=99) == 12
        assert snapshot.count(SupplierRow, ListQuery(), most=0) == 0


def test_rows_are_fetched_by_their_ids(store: Store) -> None:
    rows = {row.id: row for row in rows_of(SupplierRow, 7, Random(1))}
    put(store, *rows.values())
    wanted = [*list(rows)[:4], UUID(int=3)]
    with store.writing() as transaction:
        assert transaction.rows_with_ids(SupplierRow, wanted) == {
            each: rows[each] for each in list(rows)[:4]
        }
        assert transaction.rows_with_ids(SupplierRow, []) == {}


def test_a_transaction_lists_what_it_has_written(store: Store) -> None:
    (row,) = rows_of(SupplierRow, 1, Random(1))
    with store.writing() as transaction:
        transaction.put([row])
        assert transaction.page(SupplierRow, ListQuery(), limit=9) == [row]
        changed = evolve(row, phone="1")
        transaction.put([changed])
        assert transaction.count(SupplierRow, ListQuery(), most=9) == 1
        transaction.put([evolve(row, phone="2")])
        assert transaction.rows_with_ids(SupplierRow, [row.id])[row.id].phone == "2"


@pytest.mark.parametrize(
    "query",
    [
        ListQuery(sort="quantity_remaining"),
        ListQuery(sort="id; DROP TABLE lots_mp"),
        ListQuery(where=(OneOf("colour", ("red",)),)),
        ListQuery(where=(AboveZero("1"),)),
    ],
    ids=str,
)
def test_a_list_of_columns_that_rows_do_not_have_is_no_list(store: Store, query: ListQuery) -> None:
    with pytest.raises(ValueError, match="RawLotRow"):
        lists(store).page(RawLotRow, query=query)
    with pytest.raises(ValueError, match="RawLotRow"):
        lists(store).count(RawLotRow, query=query)


def test_a_range_has_a_bound() -> None:
    with pytest.raises(ValueError, match="bound"):
        Between("day")


def test_what_lists_rest_on_is_declared_as_the_tables_need_it() -> None:
    for kind in VIEWS:
        names = {each.name: each for each in columns_of(kind)}
        assert {*kind.SORTED, *kind.SEARCHED, *kind.COVERING} <= {*names}
        assert {*kind.COVERING} <= {*kind.FIXED}, "an index on what changes is written each time"
        assert bool(kind.SEARCHED) is ("search_text" in names)
        assert all(
            not names[each].optional or names[each].type in {str, date} for each in kind.SORTED
        )
        for named in kind.NAMES:
            assert names[named.column].type is UUID
            assert all(each.KEY == ("id",) and each.SEARCHED for each in named.kinds)
