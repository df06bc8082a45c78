"""What a production order takes: needed, poured, what gives the rest, and why others do not."""

from manchengo import Quantity
from manchengo.application.order_materials import Material, OrderMaterials, order_materials
from manchengo.commands import Command, DefineRecipe
from manchengo.domain.allocation import Passed, Pick, Skipped
from manchengo.domain.recipe import ByProduct, Ingredient
from manchengo.domain.values import Percent
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RECIPE,
    RENNET,
    WHEY,
    abandoned,
    an_output,
    blocked,
    completed,
    day,
    kg,
    litres,
    lot_id,
    make_id,
    millilitres,
    planned,
    poured,
    received,
    started,
)
from tests.support.given import given

STORE = (
    A_DAIRY,
    received("OLD", litres(60), on=day(0)),
    received("BAD", litres(80), on=day(0)),
    blocked("BAD"),
    received("NEW", litres(500), on=day(1)),
    received("R1", millilitres(500), of=RENNET),
)


def found(*steps: Command) -> OrderMaterials:
    dairy = given(STORE, *steps).dairy
    with dairy.reading() as snapshot:
        return order_materials(snapshot, make_id("M1"), on=day(2))


def milk(*steps: Command) -> Material:
    return found(*steps).materials[0]


def pick(lot: str, quantity: Quantity) -> Pick:
    return Pick(lot_id(lot), quantity)


PLANNED = planned("M1", kg(20), on=day(1))
STARTED = (PLANNED, started("M1", on=day(1)))
POURED = (*STARTED, poured("M1", "OLD", litres(60), on=day(1)))


def test_before_the_start_it_says_what_a_start_would_take_and_why_not_others() -> None:
    material = milk(PLANNED)
    assert (material.needed, material.poured) == (litres(200), litres(0))
    assert material.picks == (pick("OLD", litres(60)), pick("NEW", litres(140)))
    assert material.skipped == (Passed(lot_id("BAD"), Skipped.BLOCKED),)
    assert material.missing == litres(0)
    assert material.proposed == material.others == ()


def test_what_no_lot_gives_is_missing() -> None:
    material = milk(planned("M1", kg(60), on=day(1)))
    assert material.missing == litres(40)


def test_a_lot_that_is_not_needed_may_be_poured_all_the_same() -> None:
    assert milk(planned("M1", kg(5), on=day(1))).others == (pick("NEW", litres(500)),)


def test_once_started_it_says_what_is_still_reserved() -> None:
    material = milk(*STARTED)
    assert material.picks == (pick("OLD", litres(60)), pick("NEW", litres(140)))
    assert material.proposed == (lot_id("OLD"), lot_id("NEW"))

    after = milk(*POURED)
    assert after.poured == litres(60)
    assert after.picks == (pick("NEW", litres(140)),)
    assert after.proposed == material.proposed
    assert after.skipped == (Passed(lot_id("BAD"), Skipped.BLOCKED),)
    assert after.missing == litres(0)


def test_another_lot_than_those_proposed_is_named_once_started() -> None:
    later = (*STARTED, received("LATER", litres(30), on=day(2)))
    assert milk(*later).others == (pick("LATER", litres(30)),)


def test_an_order_that_is_over_keeps_its_needs_and_what_was_poured() -> None:
    done = milk(*POURED, completed("M1", an_output("T1", kg(19)), on=day(2)))
    assert (done.needed, done.poured, done.picks) == (litres(200), litres(60), ())
    given_up = milk(*POURED, abandoned("M1", on=day(2)))
    assert (given_up.poured, given_up.picks, given_up.missing) == (litres(60), (), litres(0))
    never = milk(PLANNED, abandoned("M1", on=day(2)))
    assert (never.needed, never.poured) == (litres(200), litres(0))


def test_it_says_what_the_recipe_gives() -> None:
    recipe = DefineRecipe(
        recipe_id=RECIPE,
        product_id=CHEESE,
        batch=kg(10),
        ingredients=(Ingredient(MILK, litres(100)),),
        by_products=(ByProduct(WHEY, litres(80)),),
        expected_yield=Percent(9_500),
        valid_from=day(1),
    )
    told = found(recipe, PLANNED)
    assert told.expected == kg(19)
    assert told.by_products == (WHEY,)
    assert found(PLANNED).by_products == ()
