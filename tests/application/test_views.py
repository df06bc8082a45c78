"""What screens read is made from the log alone: it can be dropped and made again, to the row."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

import pytest
from attrs import evolve

from manchengo import Manchengo, MemoryStore
from manchengo.application.views.rebuild import rows_of_events, rows_of_stream
from manchengo.application.views.refill import refill
from manchengo.commands import VoidPayment
from manchengo.domain.aggregates import AGGREGATES
from manchengo.domain.delivery import Disposition
from manchengo.domain.lot.commands import Role as Came
from manchengo.ports.rows import (
    VIEWS,
    ClaimRow,
    DeliveryLineRow,
    DeliveryRow,
    FinishedLotRow,
    InvoiceRow,
    PaymentRow,
    ProductionOrderRow,
    RawLotRow,
    ResolutionItemRow,
    Row,
    SupplierRow,
)
from manchengo.ports.store import Snapshot, StreamEvent
from tests.support.billing import (
    A_BILL,
    CHEESE_LINE,
    GROSS,
    a_credit,
    allocated,
    credit_issued,
    credited,
    paid,
    payment_id,
    settled,
)
from tests.support.dairy import (
    A_DAIRY,
    FARM,
    RENNET,
    WHEY,
    an_output,
    blocked,
    called_off,
    came_back,
    day,
    delivered,
    dinars,
    gone,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    made,
    millilitres,
    planned,
    prepared,
    received,
    sold,
)
from tests.support.given import Step, given, open_dairy
from tests.support.story import MISTAKE, a_fortnight

R = TypeVar("R", bound=Row)


@pytest.fixture(scope="module")
def fortnight() -> Manchengo:
    """A fortnight, for tests that only read."""
    return a_fortnight()


def all_rows(dairy: Manchengo) -> dict[type[Row], list[Row]]:
    with dairy.store.reading() as snapshot:
        return {kind: list(snapshot.rows(kind)) for kind in VIEWS}


def test_the_fortnight_shows_in_every_view(fortnight: Manchengo) -> None:
    empty = [kind for kind, rows in all_rows(fortnight).items() if not rows]
    # Nobody disagreed in that fortnight; test_replication.py has the days when somebody did.
    assert empty == [ResolutionItemRow, ClaimRow]


def test_rows_written_as_things_happen_are_those_made_from_the_log() -> None:
    dairy = a_fortnight()
    before = all_rows(dairy)
    assert dairy.rebuild() == sum(len(rows) for rows in before.values())
    assert all_rows(dairy) == before
    assert dairy.verify().sound


def test_views_somebody_meddled_with_are_noticed_and_made_again() -> None:
    dairy = a_fortnight()
    before = all_rows(dairy)
    with dairy.store.writing() as transaction:
        row = transaction.get(RawLotRow, lot_id("L2"))
        assert row is not None
        transaction.put([evolve(row, quantity_remaining=row.quantity_remaining + 1)])
        transaction.drop(list(transaction.rows(SupplierRow)))
    verdict = dairy.verify()
    assert verdict.tampered is None
    assert not verdict.sound
    dairy.rebuild()
    assert all_rows(dairy) == before
    assert dairy.verify().sound


def test_every_row_belongs_to_one_aggregate_and_is_made_from_its_stream_alone(
    fortnight: Manchengo,
) -> None:
    stored = all_rows(fortnight)
    with fortnight.store.reading() as snapshot:
        for aggregate_id, events in snapshot.streams():
            made = rows_of_events(snapshot, aggregate_id, events)
            alone = {(type(row), row.key()): row for row in made}
            assert all(owner_of(row) == aggregate_id for row in alone.values())
            assert all(events[0].aggregate_type == row.AGGREGATE for row in alone.values())
            theirs = {
                (kind, row.key()): row
                for kind, rows in stored.items()
                for row in rows
                if owner_of(row) == aggregate_id
            }
            assert alone == theirs


def test_what_is_filled_again_reads_what_it_shows_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dairy = a_fortnight()
    before = all_rows(dairy)
    looked_at = []

    def spied(snapshot: Snapshot, aggregate_id: UUID, events: Sequence[StreamEvent]) -> list[Row]:
        looked_at.append(events[0].aggregate_type)
        return rows_of_events(snapshot, aggregate_id, events)

    monkeypatch.setattr("manchengo.application.views.refill.rows_of_events", spied)
    with dairy.store.writing() as transaction:
        transaction.drop([*before[DeliveryRow], *before[DeliveryLineRow]])
        refill(transaction, {DeliveryRow, DeliveryLineRow})
    assert all_rows(dairy) == before
    assert set(looked_at) == {"delivery"}
    assert {kind.AGGREGATE for kind in VIEWS} <= AGGREGATES.keys()


def owner_of(row: Row) -> Any:
    return getattr(row, row.owned_by())


def test_one_aggregate_is_rebuilt_without_a_look_at_the_others(fortnight: Manchengo) -> None:
    alone = MemoryStore()
    with fortnight.store.reading() as snapshot, alone.writing() as transaction:
        entries = snapshot.stream(lot_id("T1"))
        transaction.put(rows_of_stream(entries))
        expected = [row for kind in VIEWS for row in snapshot.rows(kind, **_of("T1", kind))]
    assert [row for kind in VIEWS for row in alone.rows(kind)] == expected


def _of(lot: str, kind: type[Row]) -> dict[str, Any]:
    return {kind.owned_by(): lot_id(lot)}


def test_what_was_undone_leaves_no_row_but_its_own(fortnight: Manchengo) -> None:
    with fortnight.store.reading() as snapshot:
        assert [row.code for row in snapshot.rows(SupplierRow)] == ["F01"]
        all_streams = [snapshot.stream(aggregate_id) for aggregate_id, _ in snapshot.streams()]
        streams = [entries for entries in all_streams if entries[0].import_id == MISTAKE]
        assert [rows_of_stream(entries) for entries in streams] == [[], []]
        assert snapshot.get(SupplierRow, FARM) is not None


def test_the_log_alone_carried_elsewhere_gives_the_same_views(fortnight: Manchengo) -> None:
    store = MemoryStore()
    with fortnight.store.reading() as snapshot:
        commits = list(snapshot.commits())
    with store.writing() as transaction:
        for commit in commits:
            transaction.append(commit)
    copied = open_dairy(store)
    assert not copied.verify().sound
    copied.rebuild()
    assert copied.verify() == fortnight.verify()


def test_a_lot_is_available_while_a_gram_of_it_is_promised_to_nobody() -> None:
    def stored(*happened: Step) -> str:
        with given(A_DAIRY, in_store("T1", kg(4)), *happened).dairy.store.reading() as snapshot:
            row = snapshot.get(FinishedLotRow, lot_id("T1"))
        assert row is not None
        return row.status

    assert stored() == "AVAILABLE"
    assert stored(sold("S1", kg("3.999"))) == "AVAILABLE"
    assert stored(sold("S1", kg(4))) == "RESERVED"
    assert stored(sold("S1", kg(4)), called_off("S1")) == "AVAILABLE"
    assert stored(sold("S1", kg(4)), delivered("V1", order="S1")) == "EXHAUSTED"
    assert stored(sold("S1", kg(4)), blocked("T1")) == "BLOCKED"


def only(dairy: Manchengo, kind: type[R], **equal: object) -> R:
    """The one row of that kind with these values."""
    with dairy.store.reading() as snapshot:
        (row,) = snapshot.rows(kind, **equal)  # type: ignore[arg-type]  # columns, never the limit
    return row


def test_an_invoice_is_cancelled_once_all_of_it_is_taken_back_and_settled_once_all_is_paid() -> (
    None
):
    def state(*happened: Step) -> str:
        return only(given(A_BILL, *happened).dairy, InvoiceRow).status

    part = (a_credit("A1", "F1", CHEESE_LINE), credit_issued("A1"))
    assert state() == "issued"
    assert state(part) == "issued"
    assert state(credited("F1")) == "cancelled"
    assert state(settled("F1")) == "settled"
    assert state(paid("P1", dinars(9)), allocated("P1", "F1", dinars(9))) == "issued"


def test_a_payment_is_allocated_once_nothing_is_left_and_voided_once_taken_back() -> None:
    def state(*happened: Step) -> str:
        return only(given(A_BILL, paid("P1", GROSS), *happened).dairy, PaymentRow).status

    void = VoidPayment(payment_id=payment_id("P1"), on=day(9), reason="bounced")
    assert state() == "received"
    assert state(allocated("P1", "F1", dinars(1))) == "received"
    assert state(allocated("P1", "F1", GROSS)) == "allocated"
    assert state(void) == "voided"
    assert state(allocated("P1", "F1", GROSS), void) == "voided"


def test_a_make_shows_what_came_out_without_what_came_beside_it_and_what_was_lost() -> None:
    whey = an_output("W1", litres(80), of=WHEY, role=Came.BY_PRODUCT)
    make = evolve(
        made("O1", kg(10), outputs=(an_output("T1", kg(9)), whey)),
        lost=kg("0.5"),
        loss_reason="crust",
    )
    materials = (received("L1", litres(100)), received("R1", millilitres(30), of=RENNET))
    row = only(given(A_DAIRY, *materials, make).dairy, ProductionOrderRow)
    assert (row.status, row.completed_on, row.reason) == ("completed", day(0), "crust")
    assert (row.planned, row.obtained, row.lost) == (10_000, 9_000, 500)
    plan = only(given(A_DAIRY, planned("O1", kg(10))).dairy, ProductionOrderRow)
    assert (plan.status, plan.completed_on, plan.obtained, plan.lost) == ("planned", None, 0, 0)


def test_a_delivery_shows_what_came_back_and_why_each_lot_was_taken() -> None:
    dairy = given(
        A_DAIRY,
        in_store("T1", kg(10)),
        sold("S1", kg(4)),
        in_store("T2", kg(10), on=day(1)),
        prepared("V1", order="S1", on=day(1)),
        loaded("V1", "T2", kg(2), on=day(1), reason="nearer"),
        loaded("V1", "T2", kg(1), on=day(1), reason="heavier"),
        loaded("V1", "T1", kg(1), on=day(1)),
        gone("V1", on=day(1)),
        came_back("V1", "T2", kg(1), on=day(2)),
        came_back("V1", "T2", kg("0.5"), on=day(3), then=Disposition.DESTROY),
    ).dairy
    taken = only(dairy, DeliveryLineRow, lot_id=lot_id("T2"))
    assert (taken.quantity, taken.returned, taken.override_reason) == (
        3_000,
        1_500,
        "nearer ; heavier",
    )
    proposed = only(dairy, DeliveryLineRow, lot_id=lot_id("T1"))
    assert (proposed.quantity, proposed.returned, proposed.override_reason) == (1_000, 0, "")
