"""A make, from its plan to what came out of the vat."""

from datetime import date

import pytest
from attrs import evolve

from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.commands import ArchiveProduct, ChangeProduct, Command, DefineRecipe
from manchengo.domain import recipe
from manchengo.domain.allocation import Policy, Skipped
from manchengo.domain.errors import (
    AlreadyExists,
    Archived,
    NothingToDo,
    OutOfOrder,
    ReasonMissing,
    Unknown,
    WrongState,
)
from manchengo.domain.ids import LotId, ProductId
from manchengo.domain.lot.commands import Role
from manchengo.domain.lot.events import (
    LotConsumed,
    LotProduced,
    LotRecalled,
    LotReserved,
    LotTakenBack,
    LotUnreserved,
)
from manchengo.domain.lot.rules import ExpiresBeforeReception, LotUnfit, NotEnoughInLot
from manchengo.domain.production_order import (
    AnotherProductMade,
    LotNotProposed,
    MaterialConsumed,
    MaterialPick,
    MaterialTakenBack,
    MissingMaterial,
    NotAnIngredient,
    NotEnoughMaterials,
    NothingConsumed,
    NotPouredThatMuch,
    ProductionCancelled,
    ProductionCompleted,
    ProductionMade,
    ProductionPlanned,
    ProductionStarted,
)
from manchengo.domain.recipe import Ingredient, RecipeDefined
from manchengo.domain.values import Quantity, Unit, UnitsDiffer
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    MONDAY,
    RECIPE,
    RENNET,
    WHEY,
    abandoned,
    amount,
    an_id,
    an_output,
    blocked,
    completed,
    counted,
    day,
    in_store,
    kg,
    litres,
    lot_id,
    made,
    make_id,
    millilitres,
    planned,
    poured,
    recalled,
    received,
    started,
    taken_back,
    written_off,
)
from tests.support.given import events_of, given

O1 = make_id("O1")
YESTERDAYS = received("L1", litres(60), on=day(-1))
TODAYS = received("L2", litres(60))
RENNET_CAME = received("R1", millilitres(100), of=RENNET)
READY = (A_DAIRY, YESTERDAYS, TODAYS, RENNET_CAME, planned("O1", kg(10)))
"""Two lots of milk and one of rennet, for a make of ten kilograms."""

BEGUN = (*READY, started("O1"))


def milk(lot: str, quantity: Quantity) -> MaterialPick:
    return MaterialPick(lot_id=lot_id(lot), product_id=MILK, quantity=quantity)


def kept(quantity: Quantity, on: date = MONDAY) -> LotReserved:
    return LotReserved(owner=O1, quantity=quantity, on=on)


def given_back(quantity: Quantity, on: date = MONDAY) -> LotUnreserved:
    return LotUnreserved(owner=O1, quantity=quantity, on=on)


def out(lot: str, quantity: Quantity, *, on: date = MONDAY, expires: date) -> LotProduced:
    return LotProduced(
        lot_id=lot_id(lot),
        code=lot,
        product_id=CHEESE,
        order_id=O1,
        on=on,
        expires_on=expires,
        quantity=quantity,
        role=Role.MAIN,
        quarantined=False,
    )


def wrong_state(state: str, step: str) -> dict[str, object]:
    return {"kind": "production_order", "id": O1, "code": "O1", "state": state, "step": step}


# --------------------------------------------------------------------------------------- the plan


def test_a_make_needs_what_its_recipe_says() -> None:
    given(A_DAIRY).when(planned("O1", kg("2.5"))).then(
        ProductionPlanned(
            order_id=O1,
            code="O1",
            product_id=CHEESE,
            recipe_id=RECIPE,
            recipe_version=1,
            planned=kg("2.5"),
            needs=(Ingredient(MILK, litres(25)), Ingredient(RENNET, millilitres("7.5"))),
            on=day(0),
        )
    )


def test_a_need_is_rounded_half_up_to_the_thousandth() -> None:
    dairy = given(A_DAIRY, received("L1", litres(1)), RENNET_CAME, planned("O1", kg("0.055"))).dairy
    dairy.execute(started("O1"))
    assert dairy.stock.preview(RENNET, millilitres(100)).picks[0].quantity == millilitres("99.835")


def test_a_plan_of_nothing_is_refused() -> None:
    given(A_DAIRY).when(planned("O1", kg(0))).refused(NothingToDo, what="planned quantity")


def test_a_make_is_planned_once() -> None:
    given(READY).when(evolve(planned("O1", kg(1)), code="O2")).refused(
        AlreadyExists, kind="production_order", reference=str(O1)
    )


def test_two_makes_never_bear_the_same_code() -> None:
    given(READY).when(evolve(planned("O1", kg(1)), order_id=make_id("O2"))).refused(
        AlreadyExists, kind="production_order", reference="O1"
    )


def test_milk_is_not_made() -> None:
    given(A_DAIRY).when(planned("O1", litres(1), of=MILK)).refused(
        NotAFinishedProduct, product="LAIT"
    )


def test_an_archived_cheese_is_not_made() -> None:
    given(A_DAIRY, ArchiveProduct(product_id=CHEESE)).when(planned("O1", kg(1))).refused(
        Archived, kind="product", code="TOMME"
    )


def test_an_unknown_cheese_is_not_made() -> None:
    given(A_DAIRY).when(planned("O1", kg(1), of=ProductId(an_id("?")))).refused(
        Unknown, kind="product"
    )


def test_cheese_is_not_planned_in_litres() -> None:
    given(A_DAIRY).when(planned("O1", litres(1))).refused(
        UnitsDiffer, expected=Unit.KG, found=Unit.L
    )


# -------------------------------------------------------------------------------------- the start


def test_the_oldest_milk_is_kept_first() -> None:
    given(READY).when(started("O1")).then(
        ProductionStarted(
            picks=(
                milk("L1", litres(60)),
                milk("L2", litres(40)),
                MaterialPick(lot_id=lot_id("R1"), product_id=RENNET, quantity=millilitres(30)),
            ),
            on=day(0),
        ),
        kept(litres(60)),
        kept(litres(40)),
        kept(millilitres(30)),
    )


def test_by_the_other_policy_the_milk_that_expires_first_is_kept_first() -> None:
    by_expiry = ChangeProduct(product_id=MILK, allocation=Policy.FEFO)
    older = received("L1", litres(60), on=day(-1), expires=day(5))
    younger = received("L2", litres(100), expires=day(4))
    given(A_DAIRY, by_expiry, older, younger, RENNET_CAME, planned("O1", kg(10))).when(
        started("O1")
    ).then(
        ProductionStarted(
            picks=(
                milk("L2", litres(100)),
                MaterialPick(lot_id=lot_id("R1"), product_id=RENNET, quantity=millilitres(30)),
            ),
            on=day(0),
        ),
        kept(litres(100)),
        kept(millilitres(30)),
    )


LITTLE_RENNET = DefineRecipe(
    recipe_id=RECIPE,
    product_id=CHEESE,
    batch=kg(100),
    ingredients=(Ingredient(MILK, litres(620)), Ingredient(RENNET, millilitres("0.025"))),
    valid_from=day(0),
)
"""A kilogram takes a quarter of a thousandth of a millilitre."""


def test_of_an_ingredient_no_less_than_a_thousandth_is_needed() -> None:
    (event,) = events_of(given(A_DAIRY, LITTLE_RENNET).when(planned("O1", kg(1))).done())
    assert isinstance(event, ProductionPlanned)
    assert event.needs == (
        Ingredient(MILK, litres("6.2")),
        Ingredient(RENNET, millilitres("0.001")),
    )


def rounded_to_nothing(version: RecipeDefined, planned: Quantity) -> tuple[Ingredient, ...]:
    """What programs before 0.1.0 noted in a plan."""
    return (Ingredient(MILK, litres("6.2")), Ingredient(RENNET, millilitres(0)))


def test_a_plan_of_an_older_program_takes_each_ingredient_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as older:
        older.setattr(recipe, "needs", rounded_to_nothing)
        before = given(A_DAIRY, YESTERDAYS, LITTLE_RENNET, planned("O1", kg(1)))
    before.when(started("O1")).refused(
        NotEnoughMaterials,
        order="O1",
        missing=(
            MissingMaterial(
                product="PRESURE", wanted=millilitres("0.001"), available=millilitres(0)
            ),
        ),
    )


def test_everything_that_is_missing_is_named() -> None:
    given(A_DAIRY, YESTERDAYS, planned("O1", kg(10))).when(started("O1")).refused(
        NotEnoughMaterials,
        order="O1",
        on=day(0),
        missing=(
            MissingMaterial(product="LAIT", wanted=litres(100), available=litres(60)),
            MissingMaterial(product="PRESURE", wanted=millilitres(30), available=millilitres(0)),
        ),
    )


def test_milk_kept_for_another_make_is_missing() -> None:
    given(BEGUN, planned("O2", kg(10))).when(started("O2")).refused(
        NotEnoughMaterials,
        order="O2",
        missing=(MissingMaterial(product="LAIT", wanted=litres(100), available=litres(20)),),
    )


@pytest.mark.parametrize("state", ["started", "completed", "cancelled"])
def test_only_a_plan_is_started(state: str) -> None:
    given(lives(state)).when(started("O1")).refused(WrongState, **wrong_state(state, "start"))


def test_an_unknown_make_is_not_started() -> None:
    given(A_DAIRY).when(started("O9")).refused(
        Unknown, kind="production_order", reference=str(make_id("O9"))
    )


def lives(state: str) -> tuple[object, ...]:
    return {
        "planned": READY,
        "started": BEGUN,
        "completed": (
            *BEGUN,
            poured("O1", "L1", litres(60)),
            completed("O1", an_output("T1", kg(1))),
        ),
        "cancelled": (*BEGUN, abandoned("O1")),
    }[state]


# ---------------------------------------------------------------------------- pouring, lot by lot


def test_a_proposed_lot_is_poured() -> None:
    given(BEGUN).when(poured("O1", "L1", litres(50))).then(
        LotConsumed(order_id=O1, quantity=litres(50), on=day(0)),
        MaterialConsumed(
            lot_id=lot_id("L1"),
            product_id=MILK,
            quantity=litres(50),
            on=day(0),
            override_reason="",
        ),
    )


def test_more_than_was_kept_is_poured_from_what_nobody_else_keeps() -> None:
    given(BEGUN).when(poured("O1", "L2", litres(60))).done()


def test_what_another_make_keeps_is_not_poured() -> None:
    given(BEGUN, planned("O2", kg(2)), started("O2")).when(poured("O1", "L2", litres(41))).refused(
        NotEnoughInLot,
        lot_id=lot_id("L2"),
        lot="L2",
        wanted=litres(41),
        free=litres(40),
        on=day(0),
    )


def test_a_lot_measured_in_millilitres_is_poured_in_litres() -> None:
    given(BEGUN).when(poured("O1", "L1", millilitres(1500))).then(
        LotConsumed(order_id=O1, quantity=litres("1.5"), on=day(0)),
        MaterialConsumed(
            lot_id=lot_id("L1"),
            product_id=MILK,
            quantity=litres("1.5"),
            on=day(0),
            override_reason="",
        ),
    )


def test_nothing_is_not_poured() -> None:
    given(BEGUN).when(poured("O1", "L1", litres(0))).refused(NothingToDo, what="quantity")


def test_another_lot_than_those_proposed_needs_a_reason() -> None:
    given(BEGUN, received("L3", litres(60))).when(poured("O1", "L3", litres(10))).refused(
        LotNotProposed, order="O1", lot="L3"
    )


def test_another_lot_is_poured_with_a_reason_and_the_reason_is_kept() -> None:
    given(BEGUN, received("L3", litres(60))).when(
        poured("O1", "L3", litres(10), reason=" L2 out of reach ")
    ).then(
        LotConsumed(order_id=O1, quantity=litres(10), on=day(0)),
        MaterialConsumed(
            lot_id=lot_id("L3"),
            product_id=MILK,
            quantity=litres(10),
            on=day(0),
            override_reason="L2 out of reach",
        ),
    )


def test_a_reason_given_for_a_proposed_lot_is_not_one_for_an_override() -> None:
    commit = given(BEGUN).when(poured("O1", "L1", litres(1), reason="habit")).done()
    assert b'"override_reason":""' in commit.events[1].payload


def test_what_the_recipe_does_not_ask_for_is_not_poured() -> None:
    given(BEGUN, in_store("T0", kg(1))).when(poured("O1", "T0", kg(1), reason="rework")).refused(
        NotAnIngredient, order="O1", lot="T0", product="TOMME"
    )


@pytest.mark.parametrize(
    ("judged", "reason"),
    [(blocked("L1"), Skipped.BLOCKED), (recalled("L1"), Skipped.RECALLED)],
)
def test_a_lot_found_bad_since_the_start_is_not_poured(judged: Command, reason: Skipped) -> None:
    given(BEGUN, judged).when(poured("O1", "L1", litres(1))).refused(
        LotUnfit, lot_id=lot_id("L1"), lot="L1", why=reason, on=day(0), expires_on=None
    )


def test_milk_is_not_poured_on_a_day_when_it_would_be_missing_later() -> None:
    gone_tomorrow = written_off("L1", litres(55), on=day(1))
    given(BEGUN, gone_tomorrow).when(poured("O1", "L1", litres(6))).refused(
        NotEnoughInLot, lot="L1", wanted=litres(6), free=litres(5), on=day(0)
    )


@pytest.mark.parametrize("state", ["planned", "completed", "cancelled"])
def test_only_a_make_under_way_is_poured_into(state: str) -> None:
    given(lives(state)).when(poured("O1", "L2", litres(1))).refused(
        WrongState, **wrong_state(state, "consume")
    )


def test_an_unknown_lot_is_not_poured() -> None:
    given(BEGUN).when(poured("O1", "L9", litres(1))).refused(
        Unknown, kind="lot", reference=str(lot_id("L9"))
    )


# ------------------------------------------------------------------------- taking a pouring back

VAT = (A_DAIRY, received("L1", litres(100)), RENNET_CAME, planned("O1", kg(2)), started("O1"))


def was_not(quantity: Quantity, on: date = MONDAY) -> LotTakenBack:
    return LotTakenBack(order_id=O1, quantity=quantity, on=on)


def withdrawn(quantity: Quantity, *, of: date = MONDAY, on: date = MONDAY) -> MaterialTakenBack:
    return MaterialTakenBack(
        lot_id=lot_id("L1"), product_id=MILK, quantity=quantity, poured_on=of, on=on
    )


def test_what_was_poured_is_in_its_lot_again() -> None:
    given(VAT, poured("O1", "L1", litres(15))).when(taken_back("O1", "L1")).then(
        withdrawn(litres(15)), was_not(litres(15)), kept(litres(15))
    )


def test_what_was_poured_beyond_the_reservation_is_reserved_for_nobody_again() -> None:
    more = (poured("O1", "L1", litres(15)), poured("O1", "L1", litres(9)))
    given(VAT, more).when(taken_back("O1", "L1", litres(9))).then(
        withdrawn(litres(9)), was_not(litres(9)), kept(litres(5))
    )


def test_what_was_poured_last_is_taken_back_first_each_on_its_day() -> None:
    twice = (poured("O1", "L1", litres(5)), poured("O1", "L1", litres(6), on=day(1)))
    given(VAT, twice).when(taken_back("O1", "L1", litres(8), on=day(2))).then(
        withdrawn(litres(6), of=day(1), on=day(2)),
        was_not(litres(6), day(1)),
        kept(litres(6), day(1)),
        withdrawn(litres(2), on=day(2)),
        was_not(litres(2)),
        kept(litres(2)),
    )


def test_what_was_counted_since_stays_what_was_counted() -> None:
    seen = (poured("O1", "L1", litres(15)), counted("L1", litres(84)))
    dairy = given(VAT, seen, taken_back("O1", "L1")).dairy
    assert dairy.stock.on_hand(MILK, at=MONDAY) == litres(84)


@pytest.mark.parametrize("since", [blocked("L1"), recalled("L1")])
def test_milk_that_nobody_may_use_any_more_goes_back_all_the_same(since: Command) -> None:
    poured_before = (poured("O1", "L1", litres(15)), since)
    dairy = given(VAT, poured_before, taken_back("O1", "L1")).dairy
    assert dairy.stock.on_hand(MILK) == litres(100)
    assert dairy.stock.preview(MILK, litres(1)).picks == ()


def test_more_than_was_poured_is_not_taken_back() -> None:
    given(VAT, poured("O1", "L1", litres(5))).when(taken_back("O1", "L1", litres(6))).refused(
        NotPouredThatMuch, order="O1", lot="L1", wanted=litres(6), poured=litres(5)
    )


def test_what_was_not_poured_is_not_taken_back() -> None:
    given(VAT).when(taken_back("O1", "L1")).refused(NotPouredThatMuch, poured=litres(0))


def test_nothing_is_not_taken_back() -> None:
    given(VAT, poured("O1", "L1", litres(5))).when(taken_back("O1", "L1", litres(0))).refused(
        NothingToDo, what="quantity"
    )


def test_a_pouring_is_not_taken_back_before_its_day() -> None:
    later = poured("O1", "L1", litres(5), on=day(2))
    given(VAT, later).when(taken_back("O1", "L1", on=day(1))).refused(
        OutOfOrder, step="take back", on=day(1), after="consume", after_on=day(2)
    )


def test_nothing_comes_out_of_a_make_of_which_all_was_taken_back() -> None:
    given(VAT, poured("O1", "L1", litres(5)), taken_back("O1", "L1")).when(
        completed("O1", an_output("T1", kg(2)))
    ).refused(NothingConsumed, order="O1")


@pytest.mark.parametrize("state", ["planned", "completed", "cancelled"])
def test_nothing_is_taken_back_of_a_make_that_is_not_under_way(state: str) -> None:
    given(lives(state)).when(taken_back("O1", "L1")).refused(
        WrongState, **wrong_state(state, "take back")
    )


# --------------------------------------------------------------------------------- what comes out


POURED = (*BEGUN, poured("O1", "L1", litres(60)), poured("O1", "L2", litres(30)))


def test_the_cheese_comes_out_and_what_was_not_poured_goes_back() -> None:
    given(POURED).when(completed("O1", an_output("T1", kg(9)), on=day(1))).then(
        ProductionCompleted(
            outputs=(an_output("T1", kg(9), expires=day(61)),),
            lost=None,
            loss_reason="",
            on=day(1),
        ),
        out("T1", kg(9), on=day(1), expires=day(61)),
        given_back(litres(10), on=day(1)),
        given_back(millilitres(30), on=day(1)),
    )


def test_several_lots_a_by_product_and_a_loss_come_out_together() -> None:
    ricotta = an_output("W1", millilitres(80_000), of=WHEY, role=Role.BY_PRODUCT)
    command = completed(
        "O1",
        an_output("T1", kg(4), expires=day(30)),
        an_output("T2", kg(4)),
        ricotta,
        lost=amount(500, Unit.G),
        loss_reason=" stuck to the vat ",
    )
    first, second = an_output("T1", kg(4), expires=day(30)), an_output("T2", kg(4), expires=day(60))
    third = an_output("W1", litres(80), of=WHEY, role=Role.BY_PRODUCT)
    given(POURED).when(command).then(
        ProductionCompleted(
            outputs=(first, second, third),
            lost=kg("0.5"),
            loss_reason="stuck to the vat",
            on=day(0),
        ),
        out("T1", kg(4), expires=day(30)),
        out("T2", kg(4), expires=day(60)),
        LotProduced(
            lot_id=lot_id("W1"),
            code="W1",
            product_id=WHEY,
            order_id=O1,
            on=day(0),
            expires_on=None,
            quantity=litres(80),
            role=Role.BY_PRODUCT,
            quarantined=False,
        ),
        given_back(litres(10)),
        given_back(millilitres(30)),
    )


def test_a_make_that_came_to_nothing_is_only_a_loss() -> None:
    given(POURED).when(completed("O1", lost=kg(10), loss_reason="did not set")).then(
        ProductionCompleted(outputs=(), lost=kg(10), loss_reason="did not set", on=day(0)),
        given_back(litres(10)),
        given_back(millilitres(30)),
    )


def test_a_cheese_that_must_be_released_comes_out_in_quarantine() -> None:
    careful = ChangeProduct(product_id=CHEESE, release_required=True)
    dairy = given(POURED, careful, completed("O1", an_output("T1", kg(9)))).dairy
    (line,) = [line for line in dairy.stock.by_product() if line.product.code == "TOMME"]
    assert (line.on_hand, line.usable) == (kg(9), kg(0))


def test_cheese_made_of_milk_recalled_meanwhile_comes_out_recalled() -> None:
    given(POURED, recalled("L2", reason="listeria")).when(
        completed("O1", an_output("T1", kg(9)))
    ).then(
        ProductionCompleted(
            outputs=(an_output("T1", kg(9), expires=day(60)),),
            lost=None,
            loss_reason="",
            on=day(0),
        ),
        out("T1", kg(9), expires=day(60)),
        LotRecalled(source=lot_id("L2"), on=day(0), reason="listeria"),
        given_back(litres(10)),
        given_back(millilitres(30)),
    )


def test_cheese_does_not_come_out_of_nothing() -> None:
    given(BEGUN).when(completed("O1", an_output("T1", kg(9)))).refused(NothingConsumed, order="O1")


def test_the_main_output_is_the_product_that_was_ordered() -> None:
    given(POURED).when(completed("O1", an_output("T1", litres(9), of=WHEY))).refused(
        AnotherProductMade, order="O1", lot="T1"
    )


def test_a_make_is_not_completed_by_nothing() -> None:
    given(POURED).when(completed("O1")).refused(NothingToDo, what="outputs")
    given(POURED).when(completed("O1", lost=kg(0))).refused(NothingToDo, what="outputs")


def test_a_lot_of_nothing_does_not_come_out() -> None:
    given(POURED).when(completed("O1", an_output("T1", kg(0)))).refused(
        NothingToDo, what="quantity"
    )


def test_a_loss_has_a_reason() -> None:
    given(POURED).when(completed("O1", an_output("T1", kg(9)), lost=kg(1))).refused(
        ReasonMissing, step="loss"
    )


def test_a_loss_is_measured_as_the_product_is() -> None:
    given(POURED).when(
        completed("O1", an_output("T1", kg(9)), lost=litres(1), loss_reason="spilt")
    ).refused(UnitsDiffer, expected=Unit.KG, found=Unit.L)


def test_two_lots_that_come_out_do_not_bear_the_same_code() -> None:
    twin = evolve(an_output("T1", kg(1)), lot_id=LotId(an_id("twin")))
    given(POURED).when(completed("O1", an_output("T1", kg(1)), twin)).refused(
        AlreadyExists, kind="lot", reference="T1"
    )


def test_two_lots_that_come_out_are_not_the_same_lot() -> None:
    twin = evolve(an_output("T2", kg(1)), lot_id=lot_id("T1"))
    given(POURED).when(completed("O1", an_output("T1", kg(1)), twin)).refused(
        AlreadyExists, kind="lot", reference=str(lot_id("T1"))
    )


def test_a_lot_that_comes_out_bears_no_code_in_use() -> None:
    given(POURED).when(
        completed("O1", evolve(an_output("L1", kg(1)), lot_id=lot_id("T1")))
    ).refused(AlreadyExists, kind="lot", reference="L1")


def test_milk_does_not_come_out() -> None:
    given(POURED).when(completed("O1", an_output("L9", litres(1), of=MILK))).refused(
        NotAFinishedProduct, product="LAIT"
    )


def test_nothing_archived_comes_out() -> None:
    given(POURED, ArchiveProduct(product_id=WHEY)).when(
        completed("O1", an_output("W1", litres(1), of=WHEY))
    ).refused(Archived, kind="product", code="SERUM")


def test_cheese_does_not_come_out_expired() -> None:
    given(POURED).when(completed("O1", an_output("T1", kg(1), expires=day(0)), on=day(1))).refused(
        ExpiresBeforeReception, lot="T1", entered_on=day(1), expires_on=day(0)
    )


@pytest.mark.parametrize("state", ["planned", "completed", "cancelled"])
def test_only_a_make_under_way_is_completed(state: str) -> None:
    given(lives(state)).when(completed("O1", an_output("T9", kg(1)))).refused(
        WrongState, **wrong_state(state, "complete")
    )


# ----------------------------------------------------------------------------------- giving it up


def test_a_plan_is_given_up() -> None:
    given(READY).when(abandoned("O1")).then(ProductionCancelled(reason="vat broken", on=day(0)))


def test_what_was_not_poured_goes_back_and_what_was_poured_stays_poured() -> None:
    dairy = (
        given(POURED)
        .when(abandoned("O1"))
        .then(
            ProductionCancelled(reason="vat broken", on=day(0)),
            given_back(litres(10)),
            given_back(millilitres(30)),
        )
    )
    assert dairy.stock.on_hand(MILK) == litres(30)


def test_a_make_is_given_up_with_a_reason() -> None:
    given(BEGUN).when(abandoned("O1", reason=" ")).refused(ReasonMissing, step="cancel")


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_what_is_over_is_not_given_up(state: str) -> None:
    given(lives(state)).when(abandoned("O1")).refused(WrongState, **wrong_state(state, "cancel"))


def test_milk_lost_while_it_was_kept_does_not_go_back() -> None:
    dairy = given(BEGUN, counted("L1", litres(5)), counted("L2", litres(0)), abandoned("O1")).dairy
    assert dairy.stock.preview(MILK, litres(100)).shortfall == litres(95)


# ------------------------------------------------------------------------------ all of it at once


def test_a_whole_make_at_once_is_one_event_of_the_order() -> None:
    whole = made("O1", kg(10), outputs=(an_output("T1", kg(9)),))
    whole = evolve(whole, lost=amount(1_000, Unit.G), loss_reason=" rind ")
    given(A_DAIRY, YESTERDAYS, TODAYS, RENNET_CAME).when(whole).then(
        ProductionMade(
            order_id=O1,
            code="O1",
            product_id=CHEESE,
            recipe_id=RECIPE,
            recipe_version=1,
            planned=kg(10),
            needs=(Ingredient(MILK, litres(100)), Ingredient(RENNET, millilitres(30))),
            picks=(
                milk("L1", litres(60)),
                milk("L2", litres(40)),
                MaterialPick(lot_id=lot_id("R1"), product_id=RENNET, quantity=millilitres(30)),
            ),
            outputs=(an_output("T1", kg(9), expires=day(60)),),
            lost=kg(1),
            loss_reason="rind",
            on=day(0),
        ),
        LotConsumed(order_id=O1, quantity=litres(60), on=day(0)),
        LotConsumed(order_id=O1, quantity=litres(40), on=day(0)),
        LotConsumed(order_id=O1, quantity=millilitres(30), on=day(0)),
        out("T1", kg(9), expires=day(60)),
    )


@pytest.mark.parametrize("command", [started("O1"), poured("O1", "L2", litres(1)), abandoned("O1")])
def test_nothing_is_left_to_do_of_a_whole_make(command: Command) -> None:
    given(A_DAIRY, YESTERDAYS, TODAYS, RENNET_CAME, made("O1", kg(10))).when(command).refused(
        WrongState, kind="production_order", code="O1", state="completed"
    )


def test_a_whole_make_takes_no_milk_kept_for_another() -> None:
    given(BEGUN).when(made("O2", kg(3))).refused(
        NotEnoughMaterials,
        missing=(MissingMaterial(product="LAIT", wanted=litres(30), available=litres(20)),),
    )


def test_a_whole_make_takes_no_milk_that_is_expired() -> None:
    old = received("L1", litres(100), expires=day(1))
    given(A_DAIRY, old, RENNET_CAME).when(made("O1", kg(1), on=day(2))).refused(
        NotEnoughMaterials,
        missing=(MissingMaterial(product="LAIT", wanted=litres(10), available=litres(0)),),
    )


def test_a_production_recorded_late_takes_no_milk_that_left_since() -> None:
    gone = written_off("L1", litres(55), on=day(1))
    given(A_DAIRY, YESTERDAYS, RENNET_CAME, gone).when(made("O1", kg(1))).refused(
        NotEnoughMaterials,
        missing=(MissingMaterial(product="LAIT", wanted=litres(10), available=litres(5)),),
    )


def test_a_whole_make_without_enough_milk_leaves_no_plan_behind() -> None:
    given(A_DAIRY, YESTERDAYS, RENNET_CAME).when(made("O1", kg(10))).refused(
        NotEnoughMaterials,
        missing=(MissingMaterial(product="LAIT", wanted=litres(100), available=litres(60)),),
    )


def test_a_whole_make_that_yields_nothing_is_refused() -> None:
    nothing = evolve(made("O1", kg(10)), outputs=())
    given(A_DAIRY, YESTERDAYS, TODAYS, RENNET_CAME).when(nothing).refused(
        NothingToDo, what="outputs"
    )
