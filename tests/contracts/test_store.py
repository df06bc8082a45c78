"""What a store promises, sentence by sentence; every adapter is held to it, memory too."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from attrs import evolve, fields

from manchengo import MemoryStore, codec
from manchengo.application.stock import stock_at
from manchengo.domain.allocation import Policy
from manchengo.domain.commit import NO_HASH, START, Authorship, Commit, Recorded, Seen
from manchengo.domain.ids import (
    ClientId,
    CommitId,
    DeviceId,
    EventId,
    ImportId,
    InvoiceId,
    LotId,
    ProductId,
    ResolutionItemId,
    SupplierId,
    UserId,
)
from manchengo.domain.names import comparison_key
from manchengo.ports.audit import AuditEntry
from manchengo.ports.rows import (
    VIEWS,
    ClaimRow,
    FinishedLotRow,
    InvoiceRow,
    MovementRow,
    RawLotRow,
    ReservationRow,
    SupplierRow,
)
from manchengo.ports.store import CommitExists, Snapshot, Store
from tests.support.blank_files import new_file
from tests.support.blank_plants import on_a_blank_plant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)
MILK = ProductId(UUID(int=900))


@pytest.fixture(params=["memory", "encrypted file", "file in clear", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    if request.param == "postgresql":
        with on_a_blank_plant() as on_a_server:
            yield on_a_server
        return
    key = bytes(range(32)) if request.param == "encrypted file" else None
    with new_file(tmp_path / "store.db", key=key) as on_disk:
        yield on_disk


def a_commit(
    number: int, *, device: int = 1, sequence: int | None = None, events: int = 1
) -> Commit:
    """A commit with ``events`` events on the aggregate 1000 + number. Those of an odd number are
    signed by their author.
    """
    return Commit(
        id=CommitId(UUID(int=number)),
        device_id=DeviceId(UUID(int=device)),
        user_id=UserId(UUID(int=7)),
        sequence=sequence or number,
        occurred_at=NOON,
        hlc=f"{number:015d}-000000-00000001",
        on=MARCH,
        command_type="lot.receive",
        command_version=1,
        command=b'{"a": 1}',
        import_id=None,
        events=tuple(
            an_event(number * 10 + index, 1000 + number, index + 1) for index in range(events)
        ),
        previous=NO_HASH,
        hash=number.to_bytes(32, "big"),
        authorship=authorship(number) if number % 2 else None,
    )


def authorship(number: int) -> Authorship:
    return Authorship(
        key=bytes(range(32)),
        family_id=DeviceId(UUID(int=1)),
        plant_id=UUID(int=11) if number % 3 else None,
        sequence=number,
        previous=NO_HASH,
        seen=Seen(log_epoch="first", global_seq=number, log_hash=NO_HASH),
        signature=bytes([0, 255, number % 256]),
    )


def an_event(number: int, aggregate: int, version: int) -> Recorded:
    return Recorded(
        id=EventId(UUID(int=number)),
        aggregate_type="lot",
        aggregate_id=UUID(int=aggregate),
        event_type="lot.received",
        schema_version=1,
        payload=bytes([0, 255, number % 256]),
        version=version,
    )


def a_supplier(number: int, code: str = "F001") -> SupplierRow:
    return SupplierRow(
        id=SupplierId(UUID(int=number)),
        code=code,
        name="Ferme d'Aïn Témouchent",
        commune="1301",
        address="",
        phone="",
        email="",
        nif="000000000000001",
        nis="",
        rc="",
        ai="",
        archived=False,
    )


def a_lot(
    number: int,
    *,
    code: str | None = None,
    entered: date = MARCH,
    expires: date | None = None,
    held: int = 5,
    kept: int = 0,
) -> RawLotRow:
    return RawLotRow(
        id=LotId(UUID(int=number)),
        code=code or f"MP-{number}",
        product_id=MILK,
        unit="L",
        status="AVAILABLE" if held > kept else "RESERVED" if held else "EXHAUSTED",
        standing="released",
        standing_reason="",
        entered_on=entered,
        expires_on=expires,
        quantity_initial=held,
        quantity_remaining=held,
        opening_on=None,
        quantity_reserved=kept,
        supplier_id=SupplierId(UUID(int=1)),
        supplier_reference="",
        unit_price=0,
    )


def a_claim(number: int, *, code: str) -> ClaimRow:
    return ClaimRow(
        item_id=ResolutionItemId(UUID(int=number)),
        number=1,
        kind="received",
        subject=UUID(int=50),
        cause=None,
        code=code,
        product_id=MILK,
        quantity=5,
        unit="L",
        day=MARCH,
        open=True,
    )


def a_bill(number: int, *, numbered: str | None) -> InvoiceRow:
    return InvoiceRow(
        id=InvoiceId(UUID(int=number)),
        number=numbered,
        client_id=ClientId(UUID(int=60)),
        status="issued" if numbered else "draft",
        day=MARCH,
        due_on=None,
        net=0,
        vat=0,
        gross=0,
        paid=0,
        credited=0,
    )


def a_reservation(number: int, day: date, quantity: int, *, owner: int = 77) -> ReservationRow:
    return ReservationRow(
        lot_id=LotId(UUID(int=1)),
        number=number,
        product_id=MILK,
        owner=UUID(int=owner),
        day=day,
        quantity=quantity,
    )


def a_movement(lot: int, number: int, day: date, quantity: int) -> MovementRow:
    return MovementRow(
        lot_id=LotId(UUID(int=lot)),
        number=number,
        product_id=MILK,
        day=day,
        kind="receipt",
        quantity=quantity,
        unit="L",
        cause=None,
        reason="",
    )


def test_an_empty_store_knows_nothing(store: Store) -> None:
    with store.reading() as snapshot:
        assert snapshot.head() == 0
        assert snapshot.tip(DeviceId(UUID(int=1))) == START
        assert snapshot.tips() == {}
        assert list(snapshot.commits()) == []
        assert list(snapshot.streams()) == []
        assert snapshot.stream(UUID(int=1001)) == []
        assert all(list(snapshot.rows(kind)) == [] for kind in VIEWS)


def test_a_commit_comes_back_to_the_byte(store: Store) -> None:
    commit = codec.sealed(evolve(a_commit(1, events=3), import_id=ImportId(UUID(int=5))))
    with store.writing() as transaction:
        transaction.append(commit)
    with store.reading() as snapshot:
        assert snapshot.commit(commit.id) == commit
        assert list(snapshot.commits()) == [commit]
        assert codec.commit_hash(next(snapshot.commits())) == commit.hash


def test_a_commit_id_is_taken_for_ever(store: Store) -> None:
    with store.writing() as transaction:
        transaction.append(a_commit(1))
    with pytest.raises(CommitExists), store.writing() as transaction:
        transaction.append(a_commit(1, sequence=2))
    with store.writing() as transaction:
        transaction.append(a_commit(2))
        with pytest.raises(CommitExists):
            transaction.append(a_commit(2, sequence=3))
    with store.reading() as snapshot:
        assert snapshot.head() == 2


def test_the_head_grows_with_every_commit(store: Store) -> None:
    heads = []
    with store.writing() as transaction:
        for number in (1, 2):
            transaction.append(a_commit(number))
            heads.append(transaction.head())
    with store.reading() as snapshot:
        heads.append(snapshot.head())
    assert heads[0] < heads[1] == heads[2]


def test_each_device_has_its_own_tip(store: Store) -> None:
    with store.writing() as transaction:
        transaction.append(a_commit(1))
        transaction.append(a_commit(2))
        transaction.append(a_commit(3, device=2, sequence=1))
        assert transaction.tip(DeviceId(UUID(int=1))).sequence == 2
    with store.reading() as snapshot:
        tips = snapshot.tips()
        assert tips[DeviceId(UUID(int=1))].hash == a_commit(2).hash
        assert tips[DeviceId(UUID(int=2))].sequence == 1


def test_known_tells_the_stored_commits_from_the_others(store: Store) -> None:
    ids = [CommitId(UUID(int=number)) for number in range(1, 1202)]
    with store.writing() as transaction:
        transaction.append(a_commit(1))
        assert transaction.known(ids) == {ids[0]}
        transaction.append(a_commit(2))
        assert transaction.known(ids) == {ids[0], ids[1]}
    with store.reading() as snapshot:
        assert snapshot.known(ids) == {ids[0], ids[1]}
        assert snapshot.known([]) == set()


def test_commits_of_one_import_are_found_in_their_order(store: Store) -> None:
    batch = ImportId(UUID(int=5))
    with store.writing() as transaction:
        for number in (1, 2, 3):
            whose = batch if number != 2 else None
            transaction.append(evolve(a_commit(number), import_id=whose))
        assert [commit.sequence for commit in transaction.commits(import_id=batch)] == [1, 3]


def test_a_stream_is_numbered_without_gap_and_read_beyond_a_position(store: Store) -> None:
    again = evolve(a_commit(2), events=(an_event(99, 1001, 4),))
    with store.writing() as transaction:
        transaction.append(a_commit(1, events=3))
        transaction.append(again)
        assert len(transaction.stream(UUID(int=1001))) == 4
    with store.reading() as snapshot:
        stream = snapshot.stream(UUID(int=1001))
        assert [entry.position for entry in stream] == [1, 2, 3, 4]
        assert stream[3].commit_id == again.id
        assert snapshot.stream(UUID(int=1001), after=3) == stream[3:]
        assert snapshot.stream(UUID(int=1001), after=4) == []


def test_an_event_stands_at_the_end_of_its_stream_whatever_its_author_expected(
    store: Store,
) -> None:
    """Two devices may each have expected to write the second entry."""
    with store.writing() as transaction:
        transaction.append(a_commit(1))
        for number in (2, 3):
            event = an_event(number * 10, 1001, 2)
            transaction.append(evolve(a_commit(number, device=number), events=(event,)))
    with store.reading() as snapshot:
        stream = snapshot.stream(UUID(int=1001))
    assert [(entry.position, entry.event.version) for entry in stream] == [(1, 1), (2, 2), (3, 2)]


def test_streams_come_whole_in_the_order_of_their_ids(store: Store) -> None:
    with store.writing() as transaction:
        for number in (3, 1, 2):
            transaction.append(a_commit(number, events=2))
    with store.reading() as snapshot:
        found = [(aggregate_id.int, len(entries)) for aggregate_id, entries in snapshot.streams()]
    assert found == [(1001, 2), (1002, 2), (1003, 2)]


def test_a_row_replaces_the_one_with_its_key(store: Store) -> None:
    with store.writing() as transaction:
        transaction.put([a_supplier(1), a_supplier(2, "F002")])
        transaction.put([evolve(a_supplier(1), name="Ferme Ziani")])
        assert transaction.get(SupplierRow, UUID(int=1)) == evolve(
            a_supplier(1), name="Ferme Ziani"
        )
    with store.reading() as snapshot:
        assert [row.name for row in snapshot.rows(SupplierRow, code="F001")] == ["Ferme Ziani"]
        assert [row.id.int for row in snapshot.rows(SupplierRow)] == [1, 2]
        assert snapshot.get(SupplierRow, UUID(int=3)) is None


def test_a_code_is_found_among_the_kinds_asked_for(store: Store) -> None:
    with store.writing() as transaction:
        assert not transaction.has_code("MP-1", RawLotRow, FinishedLotRow)
        transaction.put([a_lot(1), a_supplier(2)])
        assert transaction.has_code("MP-1", RawLotRow, FinishedLotRow)
        assert not transaction.has_code("MP-1", FinishedLotRow)
        transaction.drop([a_supplier(2)])
        assert not transaction.has_code("F001", SupplierRow)
    with store.reading() as snapshot:
        assert snapshot.has_code("MP-1", FinishedLotRow, RawLotRow)
        assert not snapshot.has_code("F001", SupplierRow)


def test_a_code_is_found_beside_codes_that_were_looked_for_before(store: Store) -> None:
    def found(*codes: str) -> list[bool]:
        return [transaction.has_code(code, RawLotRow, FinishedLotRow) for code in codes]

    with store.writing() as transaction:
        transaction.put([a_lot(1, code="L2"), a_lot(2, code="L7")])
        transaction.count_pending()  # a read that writes what is held
        assert found("L1", "L3", "L5", "L7", "L9") == [False, False, False, True, False]
        transaction.put([a_lot(3, code="L5"), a_lot(4, code="L95")])
        assert found("L3", "L4", "L5", "L6", "L95") == [False, False, True, False, True]
        transaction.put([a_lot(5, code="L4")])
        transaction.count_pending()
        assert found("L3", "L4", "L8") == [False, True, False]
        transaction.drop([a_lot(2, code="L7")])
        assert found("L6", "L7", "L8") == [False, False, False]


def test_a_stream_is_found_beside_streams_that_were_looked_for_before(store: Store) -> None:
    def lengths(*aggregates: int) -> list[int]:
        return [len(transaction.stream(UUID(int=each))) for each in aggregates]

    with store.writing() as transaction:
        transaction.append(a_commit(3, events=2))
    with store.writing() as transaction:
        assert lengths(1001, 1002, 1003, 1004, 1006) == [0, 0, 2, 0, 0]
        transaction.append(a_commit(2))
        transaction.append(a_commit(5))
        transaction.append(a_commit(7))
        assert lengths(1001, 1002, 1004, 1005, 1006) == [0, 1, 0, 1, 0]
        transaction.roll_back(a_commit(5).id)
        assert lengths(1007, 1006, 1005, 1004, 1002) == [1, 0, 0, 0, 1]
        transaction.predict(a_commit(5).id, None)
        assert lengths(1002, 1005, 1006) == [1, 1, 0]


SPELT = ("Crème  1", "CRÈME 1", " cre\u0300me 1 ", "Cr\u00e8me\u00a01")


@pytest.mark.parametrize("spelt", SPELT)
def test_a_code_is_one_however_it_is_spelt(store: Store, spelt: str) -> None:
    lot, claim = a_lot(1, code="Crème 1"), a_claim(2, code="Crème 1")
    key = comparison_key(spelt)
    with store.writing() as transaction:
        transaction.put([lot, claim])
        assert transaction.has_code(spelt, FinishedLotRow, RawLotRow)
        assert list(transaction.rows(RawLotRow, code_key=key, limit=1)) == [lot]
        assert not transaction.has_code("Creme 1", RawLotRow)
    with store.reading() as snapshot:
        assert snapshot.has_code(spelt, RawLotRow)
        assert list(snapshot.rows(RawLotRow, code_key=key)) == [lot]
        assert list(snapshot.rows(ClaimRow, code_key=key)) == [claim]
        assert not snapshot.has_code("Creme 1", RawLotRow)
    with store.writing() as transaction:
        transaction.drop([lot])
        assert not transaction.has_code(spelt, RawLotRow)


def test_two_of_before_that_differ_in_spelling_alone_are_both_there(store: Store) -> None:
    twins = [a_lot(1, code="MP-1"), a_lot(2, code="mp-1")]
    with store.writing() as transaction:
        transaction.put(twins[:1])
    with store.writing() as transaction:
        transaction.put(twins[1:])
        assert list(transaction.rows(RawLotRow, code_key="mp-1")) == twins
    with store.reading() as snapshot:
        assert list(snapshot.rows(RawLotRow, code_key="mp-1")) == twins


def test_a_bill_is_found_by_its_number_however_it_is_spelt(store: Store) -> None:
    draft, issued = a_bill(1, numbered=None), a_bill(2, numbered="FA  1")
    with store.writing() as transaction:
        transaction.put([draft, issued])
    with store.reading() as snapshot:
        assert list(snapshot.rows(InvoiceRow, number_key="fa 1")) == [issued]
        assert list(snapshot.rows(InvoiceRow, number_key=None)) == [draft]


def test_whether_there_is_any_such_row_is_asked_again_after_each_change(store: Store) -> None:
    def found(snapshot: Snapshot) -> int:
        return sum(1 for _ in snapshot.rows(SupplierRow, limit=1, archived=False))

    with store.writing() as transaction:
        assert found(transaction) == 0
        transaction.put([a_supplier(1)])
        assert found(transaction) == 1
        transaction.put([evolve(a_supplier(1), archived=True)])
        assert found(transaction) == 0
        transaction.put([a_supplier(2, "F002")])
        assert found(transaction) == 1
        transaction.drop([a_supplier(2, "F002")])
        assert found(transaction) == 0
        transaction.put([a_supplier(2, "F002")])
        transaction.drop_views()
        assert found(transaction) == 0


@pytest.mark.parametrize("twice_at_once", [False, True])
def test_all_of_a_row_is_replaced_but_what_is_fixed(store: Store, twice_at_once: bool) -> None:
    lot = a_lot(1)
    later = evolve(
        lot,
        unit="kg",
        status="RECALLED",
        standing="recalled",
        standing_reason="listeria",
        quantity_initial=1,
        quantity_remaining=2,
        quantity_reserved=3,
        unit_price=4,
        price_per=5,
    )
    kept = [field.name for field in fields(RawLotRow) if field.name not in (*lot.KEY, *lot.FIXED)]
    assert all(getattr(lot, name) != getattr(later, name) for name in kept)
    with store.writing() as transaction:
        transaction.put([lot])
        if twice_at_once:
            transaction.put([later])
    if not twice_at_once:
        with store.writing() as transaction:
            transaction.put([later])
    with store.reading() as snapshot:
        assert list(snapshot.rows(RawLotRow)) == [later]
        candidates = snapshot.candidates(RawLotRow, MILK, Policy.FIFO, on=later.entered_on)
        assert list(candidates) == []


def test_what_is_fixed_is_no_key_and_leaves_something_to_change() -> None:
    for kind in VIEWS:
        names = {field.name for field in fields(kind)}
        assert {*kind.KEY, *kind.FIXED} < names
        assert not {*kind.KEY} & {*kind.FIXED}


def test_rows_are_found_by_any_column_empty_ones_included(store: Store) -> None:
    with store.writing() as transaction:
        transaction.put([a_lot(1), a_lot(2, expires=date(2026, 4, 1))])
        assert [row.id.int for row in transaction.rows(RawLotRow, expires_on=None)] == [1]
    with store.reading() as snapshot:
        later = snapshot.rows(RawLotRow, product_id=MILK, expires_on=date(2026, 4, 1))
        assert [row.id.int for row in later] == [2]
        assert len(list(snapshot.rows(RawLotRow, product_id=MILK, limit=1))) == 1


def test_a_dropped_row_is_gone_even_if_just_written(store: Store) -> None:
    with store.writing() as transaction:
        transaction.put([a_supplier(1)])
    with store.writing() as transaction:
        transaction.put([a_supplier(2)])
        transaction.drop([a_supplier(1), a_supplier(2)])
        assert list(transaction.rows(SupplierRow)) == []
    with store.reading() as snapshot:
        assert list(snapshot.rows(SupplierRow)) == []


def test_dropping_the_views_leaves_the_log(store: Store) -> None:
    with store.writing() as transaction:
        transaction.append(a_commit(1))
        transaction.put([a_supplier(1), a_lot(1)])
        transaction.drop_views()
    with store.reading() as snapshot:
        assert all(list(snapshot.rows(kind)) == [] for kind in VIEWS)
        assert snapshot.head() == 1


def test_a_transaction_left_by_an_exception_leaves_no_trace(store: Store) -> None:
    with store.writing() as transaction:
        transaction.append(a_commit(1))
        transaction.put([a_supplier(1)])
        transaction.set_setting("name", "before")

    def fail_half_way() -> None:
        with store.writing() as transaction:
            transaction.append(a_commit(2))
            transaction.put([evolve(a_supplier(1), name="other"), a_supplier(2)])
            transaction.drop([a_supplier(1)])
            transaction.drop_views()
            transaction.set_setting("name", "after")
            transaction.set_setting("new", "value")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with store.reading() as snapshot:
        assert snapshot.head() == 1
        assert snapshot.commit(CommitId(UUID(int=2))) is None
        assert snapshot.tip(DeviceId(UUID(int=1))).sequence == 1
        assert list(snapshot.rows(SupplierRow)) == [a_supplier(1)]
        assert snapshot.setting("name") == "before"
        assert snapshot.setting("new") is None


def test_a_transaction_reads_what_it_set_last(store: Store) -> None:
    with store.writing() as transaction:
        assert transaction.setting("name") is None
        for value in ("first", "second"):
            transaction.set_setting("name", value)
            assert transaction.setting("name") == value


def test_candidates_come_oldest_first_with_ties_broken_by_expiry_then_id(store: Store) -> None:
    older, soon, late = date(2026, 2, 1), date(2026, 3, 5), date(2026, 3, 9)
    lots = [
        a_lot(5, expires=None),
        a_lot(4, expires=late),
        a_lot(3, expires=soon),
        a_lot(2, expires=soon),
        a_lot(1, entered=older, expires=late),
        a_lot(6, entered=date(2026, 3, 2)),
        a_lot(7, entered=older, expires=date(2026, 2, 28)),
        a_lot(8, held=0),
        a_lot(9, held=5, kept=5),
    ]
    with store.writing() as transaction:
        transaction.put(lots)
        first_in = [
            lot.int for lot in transaction.candidates(RawLotRow, MILK, Policy.FIFO, on=MARCH)
        ]
    with store.reading() as snapshot:
        first_out = [lot.int for lot in snapshot.candidates(RawLotRow, MILK, Policy.FEFO, on=MARCH)]
        of_another = list(
            snapshot.candidates(RawLotRow, ProductId(UUID(int=1)), Policy.FIFO, on=MARCH)
        )
    assert first_in == [1, 2, 3, 4, 5]
    assert first_out == [2, 3, 1, 4, 5]
    assert of_another == []


def test_candidates_are_all_there_however_many(store: Store) -> None:
    with store.writing() as transaction:
        transaction.put([a_lot(number) for number in range(1, 201)])
    with store.reading() as snapshot:
        found = [lot.int for lot in snapshot.candidates(RawLotRow, MILK, Policy.FIFO, on=MARCH)]
    assert found == list(range(1, 201))


def test_stock_is_counted_usable_only_where_fit_and_free(store: Store) -> None:
    lots = [
        a_lot(1, held=10, kept=4),
        a_lot(2, held=7, expires=date(2026, 2, 28)),
        evolve(a_lot(3, held=2), standing="blocked", status="BLOCKED"),
        a_lot(4, held=0),
    ]
    with store.writing() as transaction:
        transaction.put(lots)
    with store.reading() as snapshot:
        (line,) = snapshot.stock(on=MARCH)
    assert (line.on_hand, line.reserved, line.usable, line.open_lots) == (19, 4, 6, 3)


def test_stock_of_a_past_day_is_what_its_movements_made(store: Store) -> None:
    before, after = date(2026, 3, 1), date(2026, 3, 2)
    with store.writing() as transaction:
        transaction.put([a_lot(1, held=4)])
        transaction.put([a_movement(1, 1, before, 10), a_movement(1, 2, after, -6)])
        transaction.put([a_reservation(1, before, 3)])
    with store.reading() as snapshot:
        (then,) = stock_at(snapshot, before)
        (now,) = stock_at(snapshot, after)
        assert stock_at(snapshot, date(2026, 2, 28)) == []
    assert (then.on_hand, then.reserved, then.usable) == (10, 3, 7)
    assert (now.on_hand, now.reserved, now.usable) == (4, 3, 1)


def test_a_use_dated_before_its_reservation_owes_nothing_to_nobody(store: Store) -> None:
    """Order 1 used on Sunday what it reserved on Monday, order 2 holds its part all the time."""
    sunday, monday = date(2026, 3, 1), date(2026, 3, 2)
    with store.writing() as transaction:
        transaction.put([a_lot(1, held=20), a_movement(1, 1, sunday, 30)])
        transaction.put([a_movement(1, 2, sunday, -10)])
        transaction.put(
            [
                a_reservation(1, monday, 10, owner=1),
                a_reservation(2, sunday, 15, owner=2),
                a_reservation(3, sunday, -10, owner=1),
            ]
        )
    with store.reading() as snapshot:
        found = [stock_at(snapshot, on) for on in (sunday, monday)]
    assert [(line.on_hand, line.reserved, line.usable) for (line,) in found] == [(20, 15, 5)] * 2


def test_what_lots_held_on_a_day_is_told_for_those_that_held_something(store: Store) -> None:
    sunday, monday = date(2026, 3, 1), date(2026, 3, 2)
    with store.writing() as transaction:
        transaction.put([a_lot(1, held=0), a_lot(2, held=7)])
        transaction.put([a_movement(1, 1, sunday, 9), a_movement(1, 2, monday, -9)])
        transaction.put([a_movement(2, 1, monday, 7)])
        within = transaction.held_at(sunday)
    with store.reading() as snapshot:
        assert snapshot.held_at(sunday) == within == {a_lot(1).id: 9}
        assert snapshot.held_at(monday) == {a_lot(2).id: 7}
        assert snapshot.held_at(date(2026, 2, 28)) == {}


def test_what_moves_after_a_day_is_told_by_lot(store: Store) -> None:
    sunday, monday = date(2026, 3, 1), date(2026, 3, 2)
    with store.writing() as transaction:
        transaction.put([a_lot(1), a_lot(2)])
        transaction.put([a_movement(1, 1, sunday, 9), a_movement(1, 2, monday, -4)])
        transaction.put([a_movement(1, 3, monday, 1), a_movement(2, 1, monday, 7)])
        within = transaction.moved_after(sunday)
    with store.reading() as snapshot:
        assert snapshot.moved_after(sunday) == within == {a_lot(1).id: -3, a_lot(2).id: 7}
        assert snapshot.moved_after(monday) == {}


def test_what_moved_is_summed_up_by_day_product_and_kind(store: Store) -> None:
    sunday, monday, tuesday = (date(2026, 3, number) for number in (1, 2, 3))
    curd = ProductId(UUID(int=899))
    with store.writing() as transaction:
        transaction.put([a_movement(1, 1, sunday, 9), a_movement(1, 2, monday, 4)])
        transaction.put([a_movement(2, 1, monday, 7), a_movement(3, 1, tuesday, 1)])
        transaction.put([evolve(a_movement(1, 3, monday, -3), kind="consumption")])
        transaction.put([evolve(a_movement(4, 1, monday, 5), product_id=curd)])
        within = transaction.moved_by_day(first=sunday, last=monday)
    with store.reading() as snapshot:
        found = snapshot.moved_by_day(first=sunday, last=monday)
        assert found == within
        assert [(each.day, each.product_id, each.kind, each.quantity) for each in found] == [
            (sunday, MILK, "receipt", 9),
            (monday, curd, "receipt", 5),
            (monday, MILK, "consumption", -3),
            (monday, MILK, "receipt", 11),
        ]
        assert snapshot.moved_by_day(first=date(2026, 3, 4), last=date(2026, 3, 9)) == []


def test_refusals_are_kept_newest_first(store: Store) -> None:
    entries = [
        AuditEntry(
            at=NOON,
            user_id=UserId(UUID(int=7)),
            device_id=DeviceId(UUID(int=1)),
            action="lot.receive",
            outcome=outcome,
            facts="{}",
        )
        for outcome in ("first", "second", "third")
    ]
    for entry in entries:
        store.note(entry)
    with store.reading() as snapshot:
        assert snapshot.audit(limit=2) == [entries[2], entries[1]]


def test_many_commits_in_one_transaction_are_all_there(store: Store) -> None:
    with store.writing(durable=False) as transaction:
        for number in range(1, 2001):
            transaction.append(a_commit(number, events=3))
            transaction.put([a_lot(number)])
    with store.reading() as snapshot:
        assert snapshot.head() == 2000
        assert sum(len(entries) for _, entries in snapshot.streams()) == 6000
        assert len(list(snapshot.rows(RawLotRow))) == 2000
