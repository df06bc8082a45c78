"""The recipes of what is made here: the rows of one product tell its recipe whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated

from attrs import evolve

from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.commands import DefineRecipe
from manchengo.domain.aggregates import RECIPE
from manchengo.domain.errors import Archived, Refused
from manchengo.domain.ids import ProductId, RecipeId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.recipe import (
    Ingredient,
    IngredientTwice,
    NoRecipeInForce,
    Recipe,
    RecipeDefined,
)
from manchengo.domain.values import Quantity, TooFine, Unit, UnitsDiffer
from manchengo.ports.ids import Ids
from manchengo_files.codes import Codes
from manchengo_files.kinds.kind import Kind
from manchengo_files.kinds.line import (
    Amount,
    Line,
    MaybeDay,
    MaybeUnit,
    Reference,
    heading,
)
from manchengo_files.kinds.update import Change, Difference
from manchengo_presenters import parsing

SINCE_ALWAYS = date(parsing.FIRST_YEAR, 1, 1)
"""From when a recipe without a date is in force: before anything that a file can tell."""


class RecipeLine(Line):
    """A row of recipes: one ingredient or by-product."""

    product: Annotated[Reference, heading("produit", "code_produit", "product_code")]
    batch: Annotated[Amount, heading("pour_quantite", "pour", "quantite_lot", "batch_quantity")]
    ingredient: Annotated[
        Reference, heading("ingredient", "code_ingredient", "matiere", "ingredient_code")
    ]
    quantity: Annotated[Amount, heading("quantite", "qte", "qty", "ingredient_quantity")]
    unit: Annotated[MaybeUnit, heading("unite")]
    valid_from: Annotated[
        MaybeDay, heading("valable_depuis", "valable_a_partir_du", "en_vigueur_le", "in_force_from")
    ]


def define_recipe(lines: Sequence[RecipeLine], codes: Codes, ids: Ids) -> DefineRecipe:
    """A new recipe, or a new version of one, which only a date of its own can tell apart.

    The domain refuses a second recipe for a product, and so a file whose lines came in before.
    """
    first = lines[0]
    made = codes.product(first.product)
    known = codes.recipe(made.id)
    later = known and first.valid_from not in (None, known.valid_from)
    return _definition(
        lines,
        codes,
        recipe_id=known.id if known and later else RecipeId(ids.new()),
        valid_from=first.valid_from or SINCE_ALWAYS,
    )


def _definition(
    lines: Sequence[RecipeLine], codes: Codes, *, recipe_id: RecipeId, valid_from: date
) -> DefineRecipe:
    made = codes.product(lines[0].product)
    return DefineRecipe(
        recipe_id=recipe_id,
        product_id=made.id,
        batch=Quantity(lines[0].batch, Unit(made.unit)),
        ingredients=tuple(_ingredient(line, codes) for line in lines),
        valid_from=valid_from,
    )


def _ingredient(line: RecipeLine, codes: Codes) -> Ingredient:
    product = codes.product(line.ingredient)
    return Ingredient(product.id, Quantity(line.quantity, line.unit or Unit(product.unit)))


# ------------------------------------------------------------------------------- a new version


def change_recipe(lines: Sequence[RecipeLine], codes: Codes, today: date) -> Change | None:
    """A new version, where the rows differ from the version in force on their day, or else today.

    By-products and the expected yield, which no column tells, stay as they are.
    """
    code = lines[0].product
    known = codes.recipe(codes.product(code).id)
    if known is None:
        return None
    work = UnitOfWork(codes.snapshot)
    recipe = work.load(RECIPE, known.id)
    valid_from = lines[0].valid_from or today
    current = _in_force(recipe, valid_from)
    definition = _definition(lines, codes, recipe_id=known.id, valid_from=valid_from)
    defined = _in_stock_units(definition, work)
    if current is not None and _content(defined) == _content(current):
        return Change(code=code, command=None)
    if recipe.archived:
        raise Archived(kind="recipe", code=code)
    like = current or recipe.versions[-1]
    return Change(
        code=code,
        command=evolve(
            definition, by_products=like.by_products, expected_yield=like.expected_yield
        ),
        differences=tuple(_differences(current, defined, work)),
    )


def _in_force(recipe: Recipe, on: date) -> RecipeDefined | None:
    try:
        return evolve(recipe, archived=False).in_force(on, product="")
    except NoRecipeInForce:
        return None


def _in_stock_units(definition: DefineRecipe, work: UnitOfWork) -> DefineRecipe:
    on = definition.valid_from
    return evolve(
        definition,
        batch=work.product(definition.product_id).in_stock_unit(definition.batch, on),
        ingredients=tuple(
            evolve(part, quantity=work.product(part.product_id).in_stock_unit(part.quantity, on))
            for part in definition.ingredients
        ),
    )


def _content(version: RecipeDefined | DefineRecipe) -> tuple[Quantity, list[Ingredient]]:
    """What makes two versions the same recipe: not the order in which it is written."""
    return version.batch, sorted(version.ingredients, key=lambda part: part.product_id)


def _differences(
    current: RecipeDefined | None, defined: DefineRecipe, work: UnitOfWork
) -> Iterator[Difference]:
    before = current.batch if current else None
    if before != defined.batch:
        yield Difference(field="batch", before=before, after=defined.batch)
    was, becomes = _quantities(current), _quantities(defined)
    for product_id in dict.fromkeys([*was, *becomes]):
        if was.get(product_id) != becomes.get(product_id):
            yield Difference(
                field="quantity",
                before=was.get(product_id),
                after=becomes.get(product_id),
                ingredient=work.product(product_id).code,
            )
    since = current.valid_from if current else None
    if since != defined.valid_from:
        yield Difference(field="valid_from", before=since, after=defined.valid_from)


def _quantities(version: RecipeDefined | DefineRecipe | None) -> Mapping[ProductId, Quantity]:
    parts = version.ingredients if version else ()
    return {part.product_id: part.quantity for part in parts}


# ----------------------------------------------------------------------------------- the kind


def _culprits(refusal: Refused, lines: Sequence[RecipeLine], codes: Codes) -> Sequence[int]:
    match refusal:
        case IngredientTwice():
            named = [codes.product(line.ingredient).id for line in lines]
            return [at for at, each in enumerate(named) if each == refusal.product_id][1:]
        case UnitsDiffer(found=found) | TooFine(unit=found):
            return [at for at, line in enumerate(lines) if line.unit is found]
        case _:
            return range(len(lines))


RECIPES = Kind(
    kind=ImportKind.RECIPES,
    line=RecipeLine,
    command=define_recipe,
    change=change_recipe,
    references={"product": "product", "ingredient": "product"},
    measured_in={"batch": "product", "quantity": "ingredient"},
    group=("product", "valid_from"),
    agree=("batch",),
    columns={
        "recipe": "product",
        NotAFinishedProduct: "product",
        IngredientTwice: "ingredient",
        UnitsDiffer: "unit",
        TooFine: "quantity",
    },
    culprits=_culprits,
)
