"""A recipe: what a batch takes, version after version."""

from datetime import date

import pytest
from attrs import evolve

from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.commands import ArchiveProduct, ArchiveRecipe, DefineRecipe
from manchengo.domain.errors import AlreadyExists, Archived, NothingToDo, Unknown
from manchengo.domain.ids import ProductId, RecipeId
from manchengo.domain.recipe import (
    ByProduct,
    Ingredient,
    IngredientTwice,
    NoRecipeInForce,
    RecipeArchived,
    RecipeDefined,
)
from manchengo.domain.values import Percent, Unit, UnitsDiffer
from tests.support.dairy import (
    A_DAIRY,
    CHEESE,
    MILK,
    RECIPE,
    RENNET,
    WHEY,
    amount,
    an_id,
    day,
    kg,
    litres,
    millilitres,
    planned,
)
from tests.support.given import Given, events_of, given

OTHER = RecipeId(an_id("another recipe"))
RICHER = DefineRecipe(
    recipe_id=RECIPE,
    product_id=CHEESE,
    batch=kg(1),
    ingredients=(Ingredient(MILK, litres(12)), Ingredient(RENNET, litres("0.005"))),
    valid_from=day(10),
    expected_yield=Percent(9_500),
    by_products=(ByProduct(WHEY, millilitres(9000)),),
)
OF_WHEY = DefineRecipe(
    recipe_id=OTHER,
    product_id=WHEY,
    batch=litres(1),
    ingredients=(Ingredient(MILK, litres(2)),),
    valid_from=day(0),
)


def test_a_recipe_is_kept_in_the_unit_of_each_product() -> None:
    given(A_DAIRY).when(RICHER).then(
        RecipeDefined(
            recipe_id=RECIPE,
            product_id=CHEESE,
            version=2,
            batch=kg(1),
            ingredients=(Ingredient(MILK, litres(12)), Ingredient(RENNET, millilitres(5))),
            by_products=(ByProduct(WHEY, litres(9)),),
            expected_yield=Percent(9_500),
            valid_from=day(10),
        )
    )


def litres_of_milk_for_a_kilogram(history: Given, on: date) -> int:
    order = history.dairy.execute(planned("O1", kg(1), on=on))
    (plan,) = events_of(order)
    return int(plan.needs[0].quantity.thousandths // 1000)


@pytest.mark.parametrize(("on", "milk"), [(day(0), 10), (day(9), 10), (day(10), 12), (day(99), 12)])
def test_the_version_in_force_is_followed(on: date, milk: int) -> None:
    assert litres_of_milk_for_a_kilogram(given(A_DAIRY, RICHER), on) == milk


def test_of_two_versions_of_one_day_the_later_word_counts() -> None:
    corrected = evolve(RICHER, ingredients=(Ingredient(MILK, litres(11)),))
    assert litres_of_milk_for_a_kilogram(given(A_DAIRY, RICHER, corrected), day(10)) == 11


def test_a_version_for_an_earlier_day_does_not_hide_a_later_one() -> None:
    older = evolve(RICHER, valid_from=day(5), ingredients=(Ingredient(MILK, litres(11)),))
    history = given(A_DAIRY, RICHER, older)
    assert litres_of_milk_for_a_kilogram(history, day(10)) == 12


def test_before_its_first_day_a_recipe_is_not_in_force() -> None:
    given(A_DAIRY).when(planned("O1", kg(1), on=day(-1))).refused(
        NoRecipeInForce, product="TOMME", on=day(-1)
    )


def test_a_product_without_a_recipe_is_not_made() -> None:
    given(A_DAIRY).when(planned("O1", litres(1), of=WHEY)).refused(
        NoRecipeInForce, product="SERUM", on=day(0)
    )


def test_an_archived_recipe_is_not_followed() -> None:
    given(A_DAIRY, ArchiveRecipe(recipe_id=RECIPE)).when(planned("O1", kg(1))).refused(
        Archived, kind="recipe", code="TOMME"
    )


def test_a_recipe_is_archived_once() -> None:
    given(A_DAIRY).when(ArchiveRecipe(recipe_id=RECIPE)).then(RecipeArchived())
    given(A_DAIRY, ArchiveRecipe(recipe_id=RECIPE)).when(ArchiveRecipe(recipe_id=RECIPE)).then()


def test_an_unknown_recipe_is_not_archived() -> None:
    given(A_DAIRY).when(ArchiveRecipe(recipe_id=OTHER)).refused(
        Unknown, kind="recipe", reference=str(OTHER)
    )


def test_an_archived_recipe_defined_again_is_in_force_again() -> None:
    history = given(A_DAIRY, ArchiveRecipe(recipe_id=RECIPE), RICHER)
    assert litres_of_milk_for_a_kilogram(history, day(10)) == 12


def test_a_product_has_one_recipe() -> None:
    given(A_DAIRY).when(evolve(RICHER, recipe_id=OTHER)).refused(
        AlreadyExists, kind="recipe", reference="TOMME"
    )


def test_a_recipe_stays_with_its_product() -> None:
    given(A_DAIRY).when(evolve(OF_WHEY, recipe_id=RECIPE)).refused(
        AlreadyExists, kind="recipe", reference=str(RECIPE)
    )


def test_milk_has_no_recipe() -> None:
    given(A_DAIRY).when(evolve(OF_WHEY, product_id=MILK)).refused(
        NotAFinishedProduct, product="LAIT"
    )


@pytest.mark.parametrize(
    ("recipe", "what"),
    [
        (evolve(RICHER, batch=kg(0)), "recipe"),
        (evolve(RICHER, ingredients=()), "recipe"),
        (evolve(RICHER, ingredients=(Ingredient(MILK, litres(0)),)), "ingredient"),
    ],
)
def test_a_recipe_makes_something_of_something(recipe: DefineRecipe, what: str) -> None:
    given(A_DAIRY).when(recipe).refused(NothingToDo, what=what)


def test_an_ingredient_is_named_once() -> None:
    twice = evolve(RICHER, ingredients=(Ingredient(MILK, litres(1)), Ingredient(MILK, litres(2))))
    given(A_DAIRY).when(twice).refused(IngredientTwice, product_id=MILK)


@pytest.mark.parametrize(("gone", "code"), [(CHEESE, "TOMME"), (MILK, "LAIT"), (WHEY, "SERUM")])
def test_nothing_archived_enters_or_leaves_a_recipe(gone: ProductId, code: str) -> None:
    given(A_DAIRY, ArchiveProduct(product_id=gone)).when(RICHER).refused(
        Archived, kind="product", code=code
    )


def test_an_ingredient_in_a_unit_that_does_not_fit_is_refused() -> None:
    by_the_piece = evolve(RICHER, ingredients=(Ingredient(MILK, amount(1, Unit.PIECE)),))
    given(A_DAIRY).when(by_the_piece).refused(UnitsDiffer, expected=Unit.L, found=Unit.PIECE)
