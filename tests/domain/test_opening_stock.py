"""Lots that were on the shelf already on the day the books begin."""

import pytest

from manchengo import Role
from manchengo.application.stream_queries import lot_movements
from manchengo.commands import ArchiveProduct, ChangeProduct, Command
from manchengo.domain.access import NotPermitted, Permission
from manchengo.domain.allocation import Pick, Skipped
from manchengo.domain.errors import AlreadyExists, Archived, NothingToDo
from manchengo.domain.lot.commands import Expiry
from manchengo.domain.lot.decide import DatedAfterOpening, NoSupplierToCorrect, NotFromASupplier
from manchengo.domain.lot.events import LotCorrected, OpeningStockEntered
from manchengo.domain.lot.rules import BeforeItCame, ExpiresBeforeReception, LotUnfit
from manchengo.domain.product import ProductKind
from manchengo.domain.sales_order import NotEnoughStock
from manchengo.domain.values import UnitsDiffer
from manchengo.ports.rows import FinishedLotRow, RawLotRow
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RENNET,
    blocked,
    corrected,
    counted,
    day,
    delivered,
    dinars,
    in_opening_stock,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    millilitres,
    planned,
    poured,
    received,
    sent_back,
    sold,
    started,
    written_off,
)
from tests.support.given import events_of, given, somebody

T0 = in_opening_stock("T0", kg(42), dated=day(-20), expires=day(40), cost=dinars("812.40"))
T0_WAS_THERE = OpeningStockEntered(
    lot_id=lot_id("T0"),
    code="T0",
    product_id=CHEESE,
    kind=ProductKind.FINISHED,
    on=day(0),
    dated=day(-20),
    expires_on=day(40),
    quantity=kg(42),
    unit_price=dinars("812.40"),
    quarantined=False,
)


def test_a_cheese_that_was_there_is_entered_with_its_day_and_its_cost() -> None:
    dairy = given(A_DAIRY).when(T0).then(T0_WAS_THERE)
    with dairy.store.reading() as snapshot:
        row = snapshot.get(FinishedLotRow, lot_id("T0"))
        (movement,) = lot_movements(snapshot, lot_id("T0"))
    assert row is not None
    assert (row.order_id, row.opening_on, row.entered_on) == (None, day(0), day(-20))
    assert row.unit_price == 81_240
    assert (movement.kind, movement.day, movement.quantity) == ("opening", day(0), 42_000)


def test_milk_that_was_there_is_a_raw_lot_without_a_supplier() -> None:
    dairy = given(A_DAIRY, in_opening_stock("L0", litres(10), of=MILK)).dairy
    with dairy.store.reading() as snapshot:
        row = snapshot.get(RawLotRow, lot_id("L0"))
    assert row is not None
    assert (row.supplier_id, row.opening_on, row.entered_on) == (None, day(0), day(0))


def test_without_an_expiry_it_keeps_as_long_as_its_product_from_its_own_day() -> None:
    (entered,) = entered_by(in_opening_stock("T0", kg(1), dated=day(-20)))
    assert entered.expires_on == day(40)
    (entered,) = entered_by(in_opening_stock("L0", litres(1), of=MILK))
    assert entered.expires_on is None


def entered_by(command: Command) -> list[OpeningStockEntered]:
    return events_of(given(A_DAIRY).when(command).done())


def test_it_is_kept_in_its_product_s_unit_and_waits_where_release_is_required() -> None:
    (entered,) = entered_by(in_opening_stock("R0", litres("0.25"), of=RENNET))
    assert (entered.quantity, entered.kind) == (millilitres(250), ProductKind.RAW)
    careful = ChangeProduct(product_id=CHEESE, release_required=True)
    dairy = given(A_DAIRY, careful, T0)
    dairy.when(sold("S1", kg(1))).refused(NotEnoughStock)


def test_what_makes_no_sense_is_refused() -> None:
    given(A_DAIRY).when(in_opening_stock("T0", kg(0))).refused(NothingToDo)
    given(A_DAIRY).when(in_opening_stock("T0", kg(1), dated=day(1))).refused(
        DatedAfterOpening, lot="T0", dated=day(1), on=day(0)
    )
    given(A_DAIRY).when(in_opening_stock("T0", kg(1), dated=day(-20), expires=day(-21))).refused(
        ExpiresBeforeReception, entered_on=day(-20)
    )
    given(A_DAIRY).when(in_opening_stock("T0", litres(1))).refused(UnitsDiffer)
    given(A_DAIRY, ArchiveProduct(product_id=CHEESE)).when(T0).refused(Archived)
    given(A_DAIRY, received("T0", litres(1))).when(T0).refused(AlreadyExists)


def test_what_had_expired_by_then_is_there_all_the_same_to_be_written_off() -> None:
    old = in_opening_stock("T0", kg(1), dated=day(-20), expires=day(-1))
    given(A_DAIRY, old).when(sold("S1", kg(1))).refused(NotEnoughStock)
    given(A_DAIRY, old).when(written_off("T0", kg(1))).done()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_makes_stock_out_of_nothing(role: Role) -> None:
    given(A_DAIRY).when(T0, by=somebody(role)).refused(
        NotPermitted, permission=Permission.ENTER_OPENING_STOCK
    )


def test_the_older_cheese_leaves_first_whenever_it_was_entered() -> None:
    """Though the younger one expires sooner."""
    cheese = given(
        A_DAIRY,
        in_store("T1", kg(5)),
        in_opening_stock("T8", kg(5), dated=day(-20), expires=day(80)),
        in_opening_stock("T9", kg(5), dated=day(-30), expires=day(90)),
    )
    picks = cheese.dairy.stock.preview(CHEESE, kg(12), on=day(1)).picks
    assert picks == (
        Pick(lot_id("T9"), kg(5)),
        Pick(lot_id("T8"), kg(5)),
        Pick(lot_id("T1"), kg(2)),
    )


def test_nothing_happens_to_it_before_the_opening_day() -> None:
    cheese = given(A_DAIRY, T0)
    cheese.when(written_off("T0", kg(1), on=day(-1))).refused(LotUnfit, why=Skipped.NOT_YET_HERE)
    cheese.when(counted("T0", kg(1), on=day(-1))).refused(
        BeforeItCame, lot="T0", on=day(-1), entered_on=day(0)
    )
    preview = cheese.dairy.stock.preview(CHEESE, kg(1), on=day(-1))
    assert preview.picks == ()
    assert [passed.reason for passed in preview.skipped] == [Skipped.NOT_YET_HERE]
    assert cheese.dairy.stock.preview(CHEESE, kg(1), on=day(0)).picks == (
        Pick(lot_id("T0"), kg(1)),
    )


def test_stock_at_a_date_has_it_from_the_day_of_the_opening_on() -> None:
    dairy = given(A_DAIRY, T0, written_off("T0", kg(2), on=day(2))).dairy
    on_hand = [dairy.stock.on_hand(CHEESE, at=day(n)) for n in (-1, 0, 1, 2)]
    assert on_hand == [kg(0), kg(42), kg(42), kg(40)]


def test_its_expiry_and_its_cost_are_corrected_and_it_has_no_supplier() -> None:
    given(A_DAIRY, T0).when(corrected("T0", price=dinars(900), expiry=Expiry(None))).then(
        LotCorrected(
            on=day(0),
            reason="label misread",
            expiry=Expiry(None),
            supplier_id=None,
            supplier_reference=None,
            unit_price=dinars(900),
        )
    )
    given(A_DAIRY, T0).when(corrected("T0", reference="bon 1")).refused(NoSupplierToCorrect)
    milk = (A_DAIRY, in_opening_stock("L0", litres(10), of=MILK))
    given(milk).when(corrected("L0", reference="bon 1")).refused(NoSupplierToCorrect)
    given(milk).when(sent_back("L0", litres(1))).refused(NotFromASupplier)


def test_milk_and_rennet_that_were_there_are_made_into_cheese() -> None:
    stock = (
        in_opening_stock("L0", litres(100), of=MILK),
        in_opening_stock("R0", millilitres(30), of=RENNET),
    )
    dairy = given(A_DAIRY, stock, made("T1", kg(10), on=day(1))).dairy
    origins = dairy.trace(lot_id("T1")).origins
    assert {(lot.lot, lot.opening_on) for lot in origins.children} == {
        ("L0", day(0)),
        ("R0", day(0)),
    }
    assert origins.opening_on is None


def test_a_recall_of_it_reaches_its_clients_and_its_balance_is_exact() -> None:
    dairy = given(
        A_DAIRY, T0, sold("S1", kg(30), on=day(1)), delivered("V1", order="S1", on=day(1))
    ).dairy
    trace = dairy.trace(lot_id("T0"))
    assert (trace.origins.opening_on, trace.origins.children) == (day(0), ())
    report = dairy.simulate_recall(lot_id("T0"))
    assert report.clients == ("C01",)
    (balance,) = report.lots
    assert (balance.entered, balance.delivered, balance.on_hand) == (42_000, 30_000, 12_000)
    assert balance.balanced


def test_blocked_it_stays_where_it_is() -> None:
    given(A_DAIRY, T0, blocked("T0")).when(sold("S1", kg(1))).refused(NotEnoughStock)


def test_a_make_may_be_scanned_from_it() -> None:
    rennet = in_opening_stock("R0", millilitres(30), of=RENNET)
    milk = in_opening_stock("L0", litres(10), of=MILK)
    given(A_DAIRY, rennet, milk, planned("O1", kg(1)), started("O1")).when(
        poured("O1", "L0", litres(10), on=day(1))
    ).done()
