"""A recipe: what a batch of a finished product takes, version after version."""

from datetime import date
from fractions import Fraction
from typing import assert_never

from attrs import evolve as changed
from attrs import frozen

from manchengo.domain.errors import Archived, NothingToDo, Refused
from manchengo.domain.ids import ProductId, RecipeId
from manchengo.domain.values import Percent, Quantity, half_up

WHOLE_YIELD = Percent(10_000)


@frozen
class Ingredient:
    """The quantity of a product for one batch."""

    product_id: ProductId
    quantity: Quantity


@frozen
class ByProduct:
    """What a batch yields beside its product: whey, cream."""

    product_id: ProductId
    quantity: Quantity


@frozen(kw_only=True)
class NoRecipeInForce(Refused):
    """No version of the recipe is valid on that day."""

    product: str
    on: date


@frozen(kw_only=True)
class IngredientTwice(Refused):
    """The recipe lists an ingredient twice."""

    product_id: ProductId


@frozen(kw_only=True)
class DefineRecipe:
    """A new version of a finished product's recipe, in force from a day on.

    ``batch``: how much product the ingredients below are for. ``expected_yield``: the share of it
    that usually comes out. ``ingredients``, ``by_products``: each in any unit its product converts
    from.

    Refused: ``AlreadyExists``, ``Archived``, ``IngredientTwice``, ``NotAFinishedProduct``,
    ``NothingToDo``, ``PartOfAPiece``, ``TooFine``, ``UnitsDiffer``.
    """

    recipe_id: RecipeId
    product_id: ProductId
    batch: Quantity
    ingredients: tuple[Ingredient, ...]
    valid_from: date
    expected_yield: Percent = WHOLE_YIELD
    by_products: tuple[ByProduct, ...] = ()


@frozen(kw_only=True)
class ArchiveRecipe:
    """No new production order uses the recipe."""

    recipe_id: RecipeId


RecipeCommand = DefineRecipe | ArchiveRecipe


@frozen(kw_only=True)
class RecipeDefined:
    """A version of the recipe, in force from that day on."""

    recipe_id: RecipeId
    product_id: ProductId
    version: int
    batch: Quantity
    ingredients: tuple[Ingredient, ...]
    by_products: tuple[ByProduct, ...]
    expected_yield: Percent
    valid_from: date


@frozen(kw_only=True)
class RecipeArchived:
    """Nothing is made by it any more."""


RecipeEvent = RecipeDefined | RecipeArchived


@frozen(kw_only=True)
class Recipe:
    """``versions`` in the order they were defined; the latest one in force on a day counts."""

    id: RecipeId
    product_id: ProductId
    versions: tuple[RecipeDefined, ...]
    archived: bool = False

    def in_force(self, on: date, *, product: str) -> RecipeDefined:
        """The version to follow that day; ``product`` is the code to name in a refusal."""
        if self.archived:
            raise Archived(kind="recipe", code=product)
        valid = [version for version in self.versions if version.valid_from <= on]
        if not valid:
            raise NoRecipeInForce(product=product, on=on)
        return max(valid, key=lambda version: (version.valid_from, version.version))


def needs(version: RecipeDefined, planned: Quantity) -> tuple[Ingredient, ...]:
    """What ``planned`` takes: each ingredient × planned ÷ batch, half up to the thousandth."""
    scale = version.batch.with_thousandths(0) + planned
    return tuple(
        Ingredient(
            ingredient.product_id,
            at_least_a_thousandth(
                ingredient.quantity.scaled(scale.thousandths, version.batch.thousandths)
            ),
        )
        for ingredient in version.ingredients
    )


def expected_output(
    version: RecipeDefined, planned: Quantity, *, share: Fraction = Fraction(1)
) -> Quantity:
    """What the recipe says comes out where ``planned`` is made, or that ``share`` of it."""
    numerator = planned.thousandths * version.expected_yield.basis_points * share.numerator
    return planned.with_thousandths(half_up(numerator, 10_000 * share.denominator))


def at_least_a_thousandth(quantity: Quantity) -> Quantity:
    """The quantity of an ingredient, never rounded to nothing: a trace leads to each ingredient of
    a recipe, and none is made without it in stock, however small the make.
    """
    return quantity or quantity.with_thousandths(1)


def decide(recipe: Recipe | None, command: RecipeCommand) -> tuple[RecipeEvent, ...]:
    """What the command makes happen to the recipe; raises the refusals that its class names."""
    match command:
        case DefineRecipe():
            return _define(recipe, command)
        case ArchiveRecipe():
            assert recipe is not None, "a recipe is defined before it is archived"
            return () if recipe.archived else (RecipeArchived(),)
        case _:
            assert_never(command)


def _define(recipe: Recipe | None, command: DefineRecipe) -> tuple[RecipeEvent, ...]:
    if not command.batch or not command.ingredients:
        raise NothingToDo(what="recipe")
    for number, ingredient in enumerate(command.ingredients):
        if not ingredient.quantity:
            raise NothingToDo(what="ingredient")
        if ingredient.product_id in [other.product_id for other in command.ingredients[:number]]:
            raise IngredientTwice(product_id=ingredient.product_id)
    return (
        RecipeDefined(
            recipe_id=command.recipe_id,
            product_id=command.product_id,
            version=len(recipe.versions) + 1 if recipe else 1,
            batch=command.batch,
            ingredients=command.ingredients,
            by_products=command.by_products,
            expected_yield=command.expected_yield,
            valid_from=command.valid_from,
        ),
    )


def evolve(recipe: Recipe | None, event: RecipeEvent) -> Recipe:
    """The recipe after the event."""
    match event:
        case RecipeDefined():
            known = recipe.versions if recipe else ()
            return Recipe(id=event.recipe_id, product_id=event.product_id, versions=(*known, event))
        case RecipeArchived():
            assert recipe is not None, "a recipe is defined before it is archived"
            return changed(recipe, archived=True)
        case _:
            assert_never(event)
