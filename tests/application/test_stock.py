"""What is there, now or at a past date; what a promise would take; what giving up restores."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given as whatever
from hypothesis import settings
from hypothesis import strategies as st

from manchengo import Manchengo, Quantity, Refused, Unit, Unknown
from manchengo.commands import ChangeClient, ChangeProduct, Command
from manchengo.domain.allocation import Pick, Policy, Skipped
from manchengo.domain.ids import ClientId, ProductId
from manchengo.domain.lot.events import LotDelivered, LotReceived, LotReserved
from manchengo.domain.production_order import (
    MissingMaterial,
    NotEnoughMaterials,
    ProductionStarted,
)
from manchengo.domain.sales_order import NotEnoughStock
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    FARM,
    MILK,
    RENNET,
    SHOP,
    abandoned,
    an_id,
    blocked,
    called_off,
    counted,
    day,
    delivered,
    dinars,
    gone,
    in_store,
    kg,
    litres,
    loaded,
    lot_id,
    millilitres,
    planned,
    poured,
    prepared,
    quarantined,
    received,
    sale_id,
    sold,
    started,
    van_id,
    written_off,
)
from tests.support.given import Step, events_of, given, one_by_one

# ---------------------------------------------------------------------------------------- on hand


def test_a_day_of_the_past_shows_what_was_there_in_the_evening() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(100)),
        written_off("L1", litres(30), on=day(2)),
        received("L2", litres(50), on=day(3)),
        counted("L1", litres(75), on=day(5)),
        written_off("L1", litres(5), on=day(1)),
    ).dairy
    evenings = [dairy.stock.on_hand(MILK, at=day(number)) for number in range(-1, 7)]
    assert evenings == [litres(of) for of in (0, 100, 95, 65, 115, 115, 125, 125)]
    assert dairy.stock.on_hand(MILK) == litres(100), "on Monday, the rest has not happened"


def test_an_unknown_product_is_a_question_that_makes_no_sense() -> None:
    with pytest.raises(Unknown):
        given(A_DAIRY).dairy.stock.on_hand(ProductId(an_id("?")))


def test_every_product_is_listed_raw_ones_first_with_what_may_be_used() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(10)),
        received("L2", litres(20)),
        received("L3", litres(40), expires=day(0)),
        received("L4", litres(80)),
        received("L5", litres(160), on=day(1)),
        blocked("L2"),
        quarantined("L4"),
        received("R1", millilitres(30), of=RENNET),
        planned("O1", kg("0.4")),
        started("O1"),
    ).dairy
    seen = [
        (line.product.code, line.on_hand, line.reserved, line.usable, line.open_lots)
        for line in dairy.stock.by_product()
    ]
    assert seen == [
        ("LAIT", litres(150), litres(4), litres(46), 4),
        ("PRESURE", millilitres(30), millilitres("1.2"), millilitres("28.8"), 1),
        ("SERUM", litres(0), litres(0), litres(0), 0),
        ("TOMME", kg(0), kg(0), kg(0), 0),
    ]


def test_what_is_dated_ahead_is_no_stock_of_today() -> None:
    dairy = given(A_DAIRY, received("L1", litres(10)), received("L2", litres(20), on=day(9))).dairy
    assert dairy.stock.on_hand(MILK) == litres(10)
    assert dairy.stock.on_hand(MILK, at=day(9)) == litres(30)


def test_what_leaves_on_a_later_day_is_here_and_promised() -> None:
    dairy = given(
        A_DAIRY,
        in_store("T1", kg(10)),
        sold("S1", kg(4), on=day(1)),
        delivered("V1", order="S1", on=day(3)),
        sold("S2", kg(5), on=day(2)),
    ).dairy
    (line,) = [line for line in dairy.stock.by_product() if line.product.code == "TOMME"]
    assert (line.on_hand, line.reserved, line.usable) == (kg(10), kg(5), kg(1))
    assert dairy.stock.preview(CHEESE, kg(2)).shortfall == kg(1), "as allocation says"


def test_a_van_loaded_later_and_gone_later_owes_nothing_before() -> None:
    """Another van of the order left meanwhile with what the first one had set aside."""
    dairy = given(
        A_DAIRY,
        in_store("T1", kg(10)),
        in_store("T2", kg(20), on=day(1)),
        sold("S1", kg(10), on=day(1)),
        prepared("V1", order="S1", on=day(1)),
        loaded("V1", "T2", kg(5), on=day(5), reason="asked for"),
        prepared("V2", order="S1", on=day(2)),
        loaded("V2", "T2", kg(5), on=day(2)),
        gone("V2", on=day(3)),
    ).dairy
    lines = [dairy.stock.by_product(at=day(number))[-1] for number in range(7)]
    assert [(line.on_hand, line.reserved, line.usable) for line in lines] == [
        (kg(10), kg(0), kg(10)),
        (kg(30), kg(10), kg(20)),
        (kg(30), kg(10), kg(20)),
        (kg(25), kg(10), kg(15)),
        (kg(25), kg(10), kg(15)),
        (kg(25), kg(5), kg(20)),
        (kg(25), kg(5), kg(20)),
    ]


def test_an_old_log_that_uses_before_it_reserves_is_answered_on_every_day() -> None:
    """The rules refuse it today; what is recorded stays readable (the dairy of issue 10)."""
    order = sale_id("S1")
    dairy = given(
        A_DAIRY,
        in_store("T1", kg(40)),
        LotReceived(
            lot_id=lot_id("L1"),
            code="L1",
            product_id=CHEESE,
            supplier_id=FARM,
            on=day(0),
            expires_on=None,
            quantity=kg(30),
            unit_price=dinars(0),
            supplier_reference="",
            quarantined=False,
        ),
        LotReserved(owner=order, quantity=kg(10), on=day(9)),
        LotDelivered(delivery_id=van_id("V1"), order_id=order, quantity=kg(10), on=day(4)),
        LotReserved(owner=sale_id("S2"), quantity=kg(15), on=day(3)),
    ).dairy
    lines = [dairy.stock.by_product(at=day(number))[-1] for number in range(11)]
    reserved = [line.reserved for line in lines]
    assert reserved == [kg(0)] * 3 + [kg(15)] * 8
    assert [line.on_hand for line in lines] == [kg(70)] * 4 + [kg(60)] * 7


def test_what_was_usable_is_judged_as_of_that_day() -> None:
    dairy = given(A_DAIRY, received("L1", litres(10), expires=day(3))).dairy
    usable = [dairy.stock.by_product(at=day(number))[0].usable for number in range(-1, 5)]
    assert usable == [litres(of) for of in (0, 10, 10, 10, 10, 0)]


def test_what_was_promised_then_was_not_usable_then() -> None:
    dairy = given(
        A_DAIRY,
        in_store("T1", kg(10)),
        sold("S1", kg(4), on=day(1)),
        delivered("V1", order="S1", on=day(3)),
    ).dairy
    lines = [dairy.stock.by_product(at=day(number))[-1] for number in range(4)]
    assert [(line.on_hand, line.reserved, line.usable) for line in lines] == [
        (kg(10), kg(0), kg(10)),
        (kg(10), kg(4), kg(6)),
        (kg(10), kg(4), kg(6)),
        (kg(6), kg(0), kg(6)),
    ]


# ---------------------------------------------------------------------- what a promise would take


def test_a_preview_says_why_each_lot_was_passed_over() -> None:
    dairy = given(
        A_DAIRY,
        received("L1", litres(10), expires=day(1)),
        received("L2", litres(10), on=day(1)),
        received("L3", litres(10), on=day(9)),
        received("L4", litres(10)),
        received("L5", litres(10)),
        blocked("L2"),
        written_off("L4", litres(10)),
    ).dairy
    preview = dairy.stock.preview(MILK, litres(15), on=day(2))
    assert preview.picks == (Pick(lot_id("L5"), litres(10)),)
    assert preview.shortfall == litres(5)
    assert {passed.lot_id: passed.reason for passed in preview.skipped} == {
        lot_id("L1"): Skipped.EXPIRED,
        lot_id("L2"): Skipped.BLOCKED,
        lot_id("L3"): Skipped.NOT_YET_HERE,
    }


def test_a_preview_may_be_asked_in_another_unit_and_for_today() -> None:
    dairy = given(A_DAIRY, received("L1", litres(10))).dairy
    assert dairy.stock.preview(MILK, millilitres(500)).picks == (Pick(lot_id("L1"), litres("0.5")),)


def test_a_preview_for_a_client_asks_for_the_freshness_it_asks_for() -> None:
    fussy = ChangeClient(client_id=SHOP, minimum_shelf_life_days=60)
    dairy = given(A_DAIRY, in_store("T1", kg(1)), fussy).dairy
    for on, reason in ((day(0), None), (day(1), Skipped.SHELF_LIFE_TOO_SHORT)):
        preview = dairy.stock.preview(CHEESE, kg(1), on=on, client=SHOP)
        assert [passed.reason for passed in preview.skipped] == ([reason] if reason else [])
    assert dairy.stock.preview(CHEESE, kg(1), on=day(1)).picks


def test_a_preview_for_an_unknown_client_is_refused() -> None:
    dairy = given(A_DAIRY, in_store("T1", kg(1))).dairy
    with pytest.raises(Unknown, match="client"):
        dairy.stock.preview(CHEESE, kg(1), on=day(1), client=ClientId(an_id("nobody")))


def test_what_a_count_no_longer_found_is_not_proposed_for_a_day_before_it() -> None:
    """Fifty litres are missing since; what is left of the lot is promised already."""
    dairy = given(
        A_DAIRY,
        received("L1", litres(100)),
        received("R1", millilitres(100), of=RENNET),
        counted("L1", litres(50), on=day(10)),
        planned("O1", kg(5)),
        started("O1", on=day(11)),
        planned("O2", kg(5), on=day(5)),
    ).dairy
    assert dairy.stock.preview(MILK, litres(50), on=day(5)).picks == ()
    with pytest.raises(NotEnoughMaterials):
        dairy.execute(started("O2", on=day(5)))


# ----------------------------------------------------------------------- whatever happened before

days = st.integers(min_value=0, max_value=8).map(day)
few = st.integers(min_value=1, max_value=9).map(lambda number: Quantity(1_000 * number, Unit.L))
lots = st.sampled_from(["L1", "L2", "L3"])
makes = st.sampled_from(["P1", "P2"])
receptions = st.tuples(
    *(
        st.builds(received, st.just(f"L{n}"), few, on=days, expires=st.none() | days)
        for n in (1, 2, 3)
    )
)
happenings = st.lists(
    st.builds(written_off, lots, few, on=days)
    | st.builds(counted, lots, few, on=days)
    | st.builds(blocked, lots, on=days)
    | st.builds(planned, makes, st.sampled_from([kg("0.3"), kg("0.7")]), on=days)
    | st.builds(started, makes, on=days)
    | st.builds(poured, makes, lots, few, on=days, reason=st.just("here"))
    | st.builds(abandoned, makes, on=days),
    max_size=10,
)
AS_IT_MAY_BE = (A_DAIRY, received("R1", millilitres(1_000), of=RENNET))


def whatever_happened(came: Step, some: list[Command], policy: Policy) -> Manchengo:
    dairy = given(AS_IT_MAY_BE, ChangeProduct(product_id=MILK, allocation=policy)).dairy
    for command in one_by_one([came, some]):
        with suppress(Refused):
            dairy.execute(command)
    return dairy


@settings(max_examples=60)
@whatever(came=receptions, some=happenings, policy=st.sampled_from(Policy), wanted=few, on=days)
def test_what_is_previewed_is_what_is_taken(
    came: Step, some: list[Command], policy: Policy, wanted: Quantity, on: date
) -> None:
    dairy = whatever_happened(came, some, policy)
    preview = dairy.stock.preview(MILK, wanted, on=on)
    dairy.execute(planned("NOW", kg("0.1").scaled(wanted.thousandths, 1_000), on=on))
    if preview.shortfall:
        with pytest.raises(NotEnoughMaterials) as short:
            dairy.execute(started("NOW", on=on))
        had = wanted - preview.shortfall
        missing = MissingMaterial(product="LAIT", wanted=wanted, available=had)
        assert missing in short.value.missing
    else:
        (start, *_) = events_of(dairy.execute(started("NOW", on=on)))
        assert isinstance(start, ProductionStarted)
        taken = [pick for pick in start.picks if pick.product_id == MILK]
        assert tuple(Pick(pick.lot_id, pick.quantity) for pick in taken) == preview.picks


@settings(max_examples=60)
@whatever(came=receptions, some=happenings, policy=st.sampled_from(Policy), wanted=few, on=days)
def test_giving_up_leaves_everything_as_free_as_it_was(
    came: Step, some: list[Command], policy: Policy, wanted: Quantity, on: date
) -> None:
    dairy = whatever_happened(came, some, policy)
    before = [dairy.stock.preview(MILK, litres(99), on=day(number)) for number in range(10)]
    dairy.execute(planned("NOW", kg("0.1").scaled(wanted.thousandths, 1_000), on=on))
    try:
        dairy.execute(started("NOW", on=on))
    except NotEnoughMaterials:
        return
    dairy.execute(abandoned("NOW", on=on))
    after = [dairy.stock.preview(MILK, litres(99), on=day(number)) for number in range(10)]
    assert after == before
    assert dairy.verify().sound


def test_calling_off_leaves_everything_as_free_as_it_was() -> None:
    dairy = given(A_DAIRY, in_store("T1", kg(2)), in_store("T2", kg(3), on=day(1))).dairy
    free = dairy.stock.preview(CHEESE, kg(99), on=day(1))
    dairy.execute(sold("S1", kg(4), on=day(1)))
    assert dairy.stock.preview(CHEESE, kg(99), on=day(1)) != free
    dairy.execute(called_off("S1", on=day(1)))
    assert dairy.stock.preview(CHEESE, kg(99), on=day(1)) == free


def test_a_client_is_never_promised_more_than_a_preview_would_give() -> None:
    dairy = given(A_DAIRY, in_store("T1", kg(2)), in_store("T2", kg(3), on=day(1))).dairy
    preview = dairy.stock.preview(CHEESE, kg(6), on=day(1), client=SHOP)
    assert preview.shortfall == kg(1)
    with pytest.raises(NotEnoughStock) as caught:
        dairy.execute(sold("S1", kg(6), on=day(1)))
    assert caught.value.missing[0].available == kg(5)
