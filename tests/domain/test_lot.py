"""One lot, from its reception or its make to its last gram."""

from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve

from manchengo.application.handlers.lots import NotARawMaterial
from manchengo.application.refusals import facts
from manchengo.commands import (
    ArchiveProduct,
    ArchiveSupplier,
    ChangeProduct,
    Command,
    SetDensity,
)
from manchengo.domain.allocation import Skipped
from manchengo.domain.errors import (
    AlreadyExists,
    Archived,
    CodeMissing,
    NothingToDo,
    ReasonMissing,
    Unknown,
)
from manchengo.domain.ids import ProductId, SupplierId
from manchengo.domain.lot.commands import UnreserveLot
from manchengo.domain.lot.decide import (
    CountContradictsLater,
    NotFromASupplier,
    NotReservedThatMuch,
    decide,
)
from manchengo.domain.lot.events import (
    LotBlocked,
    LotConsumed,
    LotCounted,
    LotEvent,
    LotQuarantined,
    LotRecalled,
    LotReceived,
    LotReleased,
    LotReserved,
    LotSentBack,
    LotWrittenOff,
)
from manchengo.domain.lot.rules import (
    MOST_IN_A_LOT,
    BeforeItCame,
    ExpiresBeforeReception,
    LotRecalledForGood,
    LotUnfit,
    NotEnoughInLot,
)
from manchengo.domain.lot.state import Lot
from manchengo.domain.lot.state import evolve as after
from manchengo.domain.values import Density, Quantity, TooFine, TooLarge, Unit, UnitsDiffer
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    FARM,
    MILK,
    RENNET,
    abandoned,
    amount,
    an_id,
    blocked,
    counted,
    day,
    dinars,
    in_store,
    kg,
    litres,
    lot_id,
    make_id,
    millilitres,
    planned,
    poured,
    quarantined,
    recalled,
    received,
    released,
    sent_back,
    started,
    written_off,
)
from tests.support.given import given

MILK_CAME = LotReceived(
    lot_id=lot_id("L1"),
    code="L1",
    product_id=MILK,
    supplier_id=FARM,
    on=day(0),
    expires_on=None,
    quantity=litres(100),
    unit_price=dinars(0),
    supplier_reference="",
    quarantined=False,
)
L1 = received("L1", litres(100))


def test_milk_comes_in() -> None:
    reception = evolve(
        L1, expires_on=day(3), unit_price=dinars(58), supplier_reference="bon 12", quarantined=True
    )
    given(A_DAIRY).when(reception).then(
        evolve(
            MILK_CAME,
            expires_on=day(3),
            unit_price=dinars(58),
            supplier_reference="bon 12",
            quarantined=True,
        )
    )


def test_rennet_measured_in_litres_is_kept_in_millilitres() -> None:
    given(A_DAIRY).when(received("R", litres("0.25"), of=RENNET)).then(
        evolve(
            MILK_CAME, lot_id=lot_id("R"), code="R", product_id=RENNET, quantity=millilitres(250)
        )
    )


def test_milk_that_was_weighed_is_kept_in_litres_by_its_density_of_that_day() -> None:
    later = SetDensity(product_id=MILK, density=Density(1040), valid_from=day(1))
    now = SetDensity(product_id=MILK, density=Density(1032), valid_from=day(0))
    given(A_DAIRY, later, now).when(received("L1", kg("103.2"))).then(MILK_CAME)


def test_milk_that_was_weighed_without_a_known_density_is_refused() -> None:
    given(A_DAIRY).when(received("L1", kg(103))).refused(
        UnitsDiffer, expected=Unit.L, found=Unit.KG
    )


def test_a_droplet_that_no_gauge_can_show_is_refused() -> None:
    given(A_DAIRY).when(received("L1", millilitres("0.5"))).refused(
        TooFine, thousandths=500, unit=Unit.ML, target=Unit.L
    )


def test_every_lot_of_a_product_that_needs_releasing_waits_in_quarantine() -> None:
    careful = ChangeProduct(product_id=MILK, release_required=True)
    given(A_DAIRY, careful).when(L1).then(evolve(MILK_CAME, quarantined=True))


def test_a_reception_of_nothing_is_refused() -> None:
    given(A_DAIRY).when(received("L1", litres(0))).refused(NothingToDo, what="quantity")


def test_milk_may_come_on_the_very_day_it_expires() -> None:
    given(A_DAIRY).when(received("L1", litres(100), expires=day(0))).then(
        evolve(MILK_CAME, expires_on=day(0))
    )


def test_milk_without_a_date_expires_by_its_shelf_life() -> None:
    """Whoever receives it: a screen, a file, a program, another device's commit judged again."""
    keeps = ChangeProduct(product_id=MILK, shelf_life_days=5)
    given(A_DAIRY, keeps).when(received("L1", litres(100), on=day(2))).then(
        evolve(MILK_CAME, on=day(2), expires_on=day(7))
    )
    given(A_DAIRY, keeps).when(received("L1", litres(100), expires=day(9))).then(
        evolve(MILK_CAME, expires_on=day(9))
    )
    for_ever = given(A_DAIRY, keeps).when(received("L1", litres(100), on=date.max))
    for_ever.then(evolve(MILK_CAME, on=date.max, expires_on=date.max))


def test_milk_that_expired_the_day_before_it_came_is_refused() -> None:
    given(A_DAIRY).when(received("L1", litres(1), on=day(1), expires=day(0))).refused(
        ExpiresBeforeReception, lot="L1", entered_on=day(1), expires_on=day(0)
    )


def test_a_lot_is_received_once() -> None:
    given(A_DAIRY, L1).when(evolve(L1, code="L2")).refused(
        AlreadyExists, kind="lot", reference=str(lot_id("L1"))
    )


def test_two_lots_never_bear_the_same_code() -> None:
    given(A_DAIRY, L1).when(evolve(L1, lot_id=lot_id("L2"))).refused(
        AlreadyExists, kind="lot", reference="L1"
    )


def test_a_raw_lot_never_bears_the_code_of_a_finished_one() -> None:
    given(A_DAIRY, in_store("T1", kg(1))).when(
        evolve(received("T1", litres(1)), lot_id=lot_id("another"))
    ).refused(AlreadyExists, kind="lot", reference="T1")


def test_a_lot_without_a_code_is_refused() -> None:
    given(A_DAIRY).when(evolve(L1, code=" ")).refused(CodeMissing, kind="lot")


def test_milk_from_an_unknown_farm_is_refused() -> None:
    stranger = SupplierId(an_id("nobody"))
    given(A_DAIRY).when(evolve(L1, supplier_id=stranger)).refused(
        Unknown, kind="supplier", reference=str(stranger)
    )


def test_a_product_is_no_farm() -> None:
    given(A_DAIRY).when(evolve(L1, supplier_id=SupplierId(MILK))).refused(
        Unknown, kind="supplier", reference=str(MILK)
    )


def test_milk_from_an_archived_farm_is_refused() -> None:
    given(A_DAIRY, ArchiveSupplier(supplier_id=FARM)).when(L1).refused(
        Archived, kind="supplier", code="F01"
    )


def test_cheese_is_made_and_not_received() -> None:
    given(A_DAIRY).when(received("T1", kg(1), of=CHEESE)).refused(NotARawMaterial, product="TOMME")


def test_a_lot_of_an_unknown_product_is_refused() -> None:
    nothing = ProductId(an_id("nothing"))
    given(A_DAIRY).when(received("L1", litres(1), of=nothing)).refused(
        Unknown, kind="product", reference=str(nothing)
    )


def test_a_lot_of_an_archived_product_is_refused() -> None:
    given(A_DAIRY, ArchiveProduct(product_id=MILK)).when(L1).refused(
        Archived, kind="product", code="LAIT"
    )


# ---------------------------------------------------------------------- what is lost or sent back


def test_spilt_milk_is_written_off() -> None:
    given(A_DAIRY, L1).when(written_off("L1", litres(30), reason=" spilt ")).then(
        LotWrittenOff(quantity=litres(30), on=day(0), reason="spilt")
    )


def test_the_last_drop_may_be_written_off() -> None:
    given(A_DAIRY, L1).when(written_off("L1", litres(100))).then(
        LotWrittenOff(quantity=litres(100), on=day(0), reason="spilt")
    )


def test_one_millilitre_too_many_is_refused() -> None:
    given(A_DAIRY, L1).when(written_off("L1", litres("100.001"))).refused(
        NotEnoughInLot,
        lot_id=lot_id("L1"),
        lot="L1",
        wanted=litres("100.001"),
        free=litres(100),
        on=day(0),
    )


def test_a_loss_of_nothing_is_refused() -> None:
    given(A_DAIRY, L1).when(written_off("L1", litres(0))).refused(NothingToDo, what="quantity")


def test_a_loss_without_a_reason_is_refused() -> None:
    given(A_DAIRY, L1).when(written_off("L1", litres(1), reason=" ")).refused(
        ReasonMissing, step="write off"
    )


def test_milk_is_not_lost_before_it_came() -> None:
    given(A_DAIRY, received("L1", litres(100), on=day(2))).when(
        written_off("L1", litres(1), on=day(1))
    ).refused(
        LotUnfit,
        lot_id=lot_id("L1"),
        lot="L1",
        why=Skipped.NOT_YET_HERE,
        on=day(1),
        expires_on=None,
    )


@pytest.mark.parametrize("judged", [quarantined("L1"), blocked("L1"), recalled("L1")])
def test_what_may_not_be_used_may_still_be_destroyed(judged: Command) -> None:
    given(A_DAIRY, L1, judged).when(written_off("L1", litres(100))).then(
        LotWrittenOff(quantity=litres(100), on=day(0), reason="spilt")
    )


def test_what_has_expired_may_still_be_destroyed() -> None:
    old = received("L1", litres(100), expires=day(3))
    given(A_DAIRY, old).when(written_off("L1", litres(100), on=day(9))).then(
        LotWrittenOff(quantity=litres(100), on=day(9), reason="spilt")
    )


def test_what_is_spilt_is_spilt_whoever_it_was_promised_to() -> None:
    promised = LotReserved(owner=make_id("O1"), quantity=litres(90), on=day(0))
    given(A_DAIRY, MILK_CAME, promised).when(written_off("L1", litres(100))).then(
        LotWrittenOff(quantity=litres(100), on=day(0), reason="spilt")
    )


def test_a_loss_dated_before_a_use_leaves_enough_for_that_use() -> None:
    used = LotConsumed(order_id=make_id("O1"), quantity=litres(80), on=day(5))
    given(A_DAIRY, MILK_CAME, used).when(written_off("L1", litres(21), on=day(2))).refused(
        NotEnoughInLot, wanted=litres(21), free=litres(20), on=day(2)
    )


def test_a_loss_dated_before_a_count_only_explains_what_the_count_had_missed() -> None:
    dairy = (
        given(A_DAIRY, L1, counted("L1", litres(70), on=day(5)))
        .when(written_off("L1", litres(30), on=day(2)))
        .then(LotWrittenOff(quantity=litres(30), on=day(2), reason="spilt"))
    )
    assert dairy.stock.on_hand(MILK, at=day(9)) == litres(70)
    assert dairy.stock.on_hand(MILK, at=day(4)) == litres(70)
    assert dairy.stock.on_hand(MILK, at=day(1)) == litres(100)


def test_sour_milk_goes_back_to_the_farm() -> None:
    given(A_DAIRY, L1).when(sent_back("L1", litres(40))).then(
        LotSentBack(quantity=litres(40), on=day(0), reason="sour")
    )


def test_more_than_is_there_does_not_go_back() -> None:
    given(A_DAIRY, L1).when(sent_back("L1", litres(101))).refused(
        NotEnoughInLot, wanted=litres(101), free=litres(100)
    )


def test_milk_goes_back_with_a_reason() -> None:
    given(A_DAIRY, L1).when(sent_back("L1", litres(1), reason="")).refused(
        ReasonMissing, step="send back"
    )


def test_milk_does_not_go_back_before_it_came() -> None:
    given(A_DAIRY, L1).when(sent_back("L1", litres(1), on=day(-1))).refused(
        LotUnfit, why=Skipped.NOT_YET_HERE, on=day(-1)
    )


def test_the_cheese_we_made_does_not_go_back_to_a_farm() -> None:
    given(A_DAIRY, in_store("T1", kg(1))).when(sent_back("T1", kg(1))).refused(
        NotFromASupplier, lot="T1"
    )


def test_nothing_is_taken_from_an_unknown_lot() -> None:
    given(A_DAIRY).when(written_off("L1", litres(1))).refused(
        Unknown, kind="lot", reference=str(lot_id("L1"))
    )


def test_a_loss_in_another_unit_is_refused() -> None:
    given(A_DAIRY, L1).when(written_off("L1", amount(1, Unit.PIECE))).refused(
        UnitsDiffer, expected=Unit.L, found=Unit.PIECE
    )


# -------------------------------------------------------------------------------- what is counted


@pytest.mark.parametrize("seen", [litres(0), litres("97.5"), litres(100), litres(120)])
def test_the_stock_follows_the_count(seen: Quantity) -> None:
    count = evolve(counted("L1", litres(0), on=day(1)), counted=seen, reason="month end")
    dairy = (
        given(A_DAIRY, L1).when(count).then(LotCounted(counted=seen, on=day(1), reason="month end"))
    )
    assert dairy.stock.on_hand(MILK, at=day(9)) == seen


def test_a_count_in_millilitres_is_kept_in_litres() -> None:
    given(A_DAIRY, L1).when(counted("L1", millilitres(5000))).then(
        LotCounted(counted=litres(5), on=day(0), reason="")
    )


def test_nothing_is_counted_before_it_came() -> None:
    given(A_DAIRY, L1).when(counted("L1", litres(1), on=day(-1))).refused(
        BeforeItCame, lot="L1", on=day(-1), entered_on=day(0)
    )


def test_a_count_that_would_leave_too_little_for_what_left_later_is_refused() -> None:
    given(A_DAIRY, L1, written_off("L1", litres(60), on=day(5))).when(
        counted("L1", litres(59), on=day(3))
    ).refused(CountContradictsLater, lot="L1", counted=litres(59), on=day(3), missing=litres(1))


def test_a_count_that_leaves_just_enough_for_what_left_later_stands() -> None:
    given(A_DAIRY, L1, written_off("L1", litres(60), on=day(5))).when(
        counted("L1", litres(60), on=day(3))
    ).then(LotCounted(counted=litres(60), on=day(3), reason=""))


def test_a_later_count_answers_for_what_left_after_it() -> None:
    given(
        A_DAIRY,
        L1,
        counted("L1", litres(90), on=day(4)),
        written_off("L1", litres(60), on=day(5)),
    ).when(counted("L1", litres(10), on=day(3))).then(
        LotCounted(counted=litres(10), on=day(3), reason="")
    )


def test_a_count_in_another_unit_is_refused() -> None:
    given(A_DAIRY, L1).when(counted("L1", kg(1))).refused(UnitsDiffer)


# ---------------------------------------------------------------------------------------- quality


def test_a_doubtful_lot_is_set_aside() -> None:
    given(A_DAIRY, L1).when(quarantined("L1", reason=" smell ")).then(
        LotQuarantined(on=day(0), reason="smell")
    )


def test_a_dangerous_lot_is_blocked_even_out_of_quarantine() -> None:
    given(A_DAIRY, L1, quarantined("L1")).when(blocked("L1")).then(
        LotBlocked(on=day(0), reason="antibiotics")
    )


@pytest.mark.parametrize("judged", [quarantined("L1"), blocked("L1")])
def test_a_lot_found_good_is_released(judged: Command) -> None:
    given(A_DAIRY, L1, judged).when(released("L1", reason="analysis 7")).then(
        LotReleased(on=day(0), reason="analysis 7")
    )


@pytest.mark.parametrize(
    ("before", "again"),
    [
        ((), released("L1")),
        (quarantined("L1"), quarantined("L1")),
        (blocked("L1"), blocked("L1")),
        (blocked("L1"), quarantined("L1")),
        (recalled("L1"), recalled("L1")),
    ],
)
def test_a_change_of_nothing_makes_no_event(before: Command | tuple[()], again: Command) -> None:
    given(A_DAIRY, L1, before).when(again).then()


@pytest.mark.parametrize("step", [quarantined, blocked])
def test_a_lot_is_set_aside_with_a_reason(step: Callable[..., Command]) -> None:
    given(A_DAIRY, L1).when(step("L1", reason="")).refused(ReasonMissing)


def test_a_lot_is_recalled() -> None:
    given(A_DAIRY, L1).when(recalled("L1")).then(
        LotRecalled(source=lot_id("L1"), on=day(0), reason="listeria")
    )


def test_a_lot_is_recalled_with_a_reason() -> None:
    given(A_DAIRY, L1).when(recalled("L1", reason=" ")).refused(ReasonMissing, step="recall")


@pytest.mark.parametrize("step", [quarantined("L1"), blocked("L1"), released("L1")])
def test_a_recalled_lot_stays_recalled(step: Command) -> None:
    given(A_DAIRY, L1, recalled("L1")).when(step).refused(
        LotRecalledForGood, lot_id=lot_id("L1"), lot="L1"
    )


@pytest.mark.parametrize("step", [quarantined("L9"), recalled("L9"), counted("L9", litres(1))])
def test_nothing_is_said_of_an_unknown_lot(step: Command) -> None:
    given(A_DAIRY).when(step).refused(Unknown, kind="lot")


# ----------------------------------------------------------------------------------- reservations


def a_lot(*events: LotEvent) -> Lot:
    lot: Lot | None = None
    for event in (MILK_CAME, *events):
        lot = after(lot, event)
    assert lot is not None
    return lot


def test_an_order_gives_back_no_more_than_it_holds() -> None:
    holding = a_lot(LotReserved(owner=make_id("O1"), quantity=litres(10), on=day(0)))
    with pytest.raises(NotReservedThatMuch) as caught:
        decide(
            holding,
            UnreserveLot(lot_id=lot_id("L1"), owner=make_id("O1"), quantity=litres(11), on=day(0)),
        )
    assert facts(caught.value) == {
        "lot": "L1",
        "wanted": litres(11),
        "reserved": litres(10),
    }


def test_what_one_order_keeps_is_free_to_nobody_else() -> None:
    lot = a_lot(LotReserved(owner=make_id("O1"), quantity=litres(70), on=day(0)))
    assert lot.free(day(0)) == litres(30)
    assert lot.free(day(0), owner=make_id("O2")) == litres(30)
    assert lot.free(day(0), owner=make_id("O1")) == litres(100)


def test_what_an_order_pours_comes_from_its_own_reservation_first() -> None:
    lot = a_lot(
        LotReserved(owner=make_id("O1"), quantity=litres(70), on=day(0)),
        LotReserved(owner=make_id("O2"), quantity=litres(10), on=day(0)),
        LotConsumed(order_id=make_id("O1"), quantity=litres(75), on=day(0)),
    )
    assert lot.reserved_for(make_id("O1")) == litres(0)
    assert lot.free(day(0)) == litres(15)


def test_promises_that_a_count_broke_leave_nothing_free_rather_than_less_than_nothing() -> None:
    lot = a_lot(
        LotReserved(owner=make_id("O1"), quantity=litres(70), on=day(0)),
        LotCounted(counted=litres(50), on=day(0), reason=""),
    )
    assert lot.free(day(0)) == litres(0)
    assert lot.free(day(0), owner=make_id("O1")) == litres(50)


def test_a_cancelled_make_gives_the_milk_back() -> None:
    rennet = received("R", millilitres(300), of=RENNET)
    before = given(A_DAIRY, L1, rennet, planned("O1", kg(10))).dairy
    free = before.stock.preview(MILK, litres(1000))
    before.execute(started("O1"))
    before.execute(abandoned("O1"))
    assert before.stock.preview(MILK, litres(1000)) == free


@pytest.mark.parametrize("expiry", [day(0), day(5)])
def test_milk_is_poured_until_its_last_day(expiry: date) -> None:
    given(
        A_DAIRY,
        received("L1", litres(100), expires=expiry),
        received("R", millilitres(300), of=RENNET),
        planned("O1", kg(10)),
        started("O1"),
    ).when(poured("O1", "L1", litres(100), on=expiry)).done()


def test_milk_is_not_poured_the_day_after() -> None:
    given(
        A_DAIRY,
        received("L1", litres(100), expires=day(5)),
        received("R", millilitres(300), of=RENNET),
        planned("O1", kg(10)),
        started("O1"),
    ).when(poured("O1", "L1", litres(100), on=day(6))).refused(
        LotUnfit, lot="L1", why=Skipped.EXPIRED, on=day(6), expires_on=day(5)
    )


def test_a_lot_counted_in_the_unit_of_its_product_is_what_completion_yields() -> None:
    dairy = given(A_DAIRY, in_store("T1", kg(2))).dairy
    assert dairy.stock.on_hand(CHEESE) == kg(2)
    assert dairy.stock.on_hand(MILK) == litres(0)


def test_no_lot_is_so_large_that_a_sum_could_not_be_stored() -> None:
    most = Quantity(MOST_IN_A_LOT, Unit.L)
    more = most.with_thousandths(MOST_IN_A_LOT + 1)
    given(A_DAIRY).when(received("L1", more)).refused(TooLarge, what="quantity")
    given(A_DAIRY, received("L1", litres(1))).when(counted("L1", more)).refused(TooLarge)
    given(A_DAIRY).when(received("L1", most)).done()
