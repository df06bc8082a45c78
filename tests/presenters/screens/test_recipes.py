"""Recipes: what a batch takes, version after version, and what a new version changes."""

import asyncio
from datetime import timedelta

import pytest

from manchengo import Role, UnitPrice
from manchengo import commands as c
from manchengo.application import by_code
from manchengo.domain.ids import ProductId, RecipeId
from manchengo.domain.product import ProductKind
from manchengo.domain.recipe import Ingredient
from manchengo.domain.values import Quantity, Unit
from manchengo.ports.rows import RecipeRow
from manchengo_presenters.screens.problem import Problem
from manchengo_presenters.screens.recipe_form import Part, RecipeForm
from manchengo_presenters.screens.recipe_list import Filter, RecipeList
from manchengo_presenters.screens.recipe_page import NewRecipe, RecipePage, VersionShown
from manchengo_presenters.screens.screen import Screen
from tests.support.office_in_memory import (
    TODAY,
    OfficeInMemory,
    WindowInMemory,
    context,
    execute,
)

NB = "\u00a0"


def product(office: OfficeInMemory, code: str, name: str, kind: ProductKind, unit: Unit) -> None:
    execute(
        office,
        c.RegisterProduct(
            product_id=ProductId(office.ids.new()),
            code=code,
            kind=kind,
            name=name,
            unit=unit,
            price=UnitPrice(10_000),
        ),
    )


@pytest.fixture
def office() -> OfficeInMemory:
    office = OfficeInMemory()
    product(office, "LAIT", "Lait", ProductKind.RAW, Unit.L)
    product(office, "SEL", "Sel", ProductKind.RAW, Unit.KG)
    product(office, "PETIT-LAIT", "Petit-lait", ProductKind.RAW, Unit.L)
    product(office, "TOMME", "Tomme", ProductKind.FINISHED, Unit.KG)
    return office


def id_of(office: OfficeInMemory, code: str) -> ProductId:
    with office.reading() as snapshot:
        return by_code.product(snapshot, code).id


def defined(office: OfficeInMemory) -> RecipeId:
    """Ten litres of milk and 200 g of salt for a kilogram, in force for a month."""
    recipe_id = RecipeId(office.ids.new())
    execute(
        office,
        c.DefineRecipe(
            recipe_id=recipe_id,
            product_id=id_of(office, "TOMME"),
            batch=Quantity(1_000, Unit.KG),
            ingredients=(
                Ingredient(id_of(office, "LAIT"), Quantity(10_000, Unit.L)),
                Ingredient(id_of(office, "SEL"), Quantity(200, Unit.KG)),
            ),
            valid_from=TODAY - timedelta(days=30),
        ),
    )
    return recipe_id


def page(
    office: OfficeInMemory, recipe_id: RecipeId, window: WindowInMemory | None = None
) -> RecipePage:
    screen = RecipePage(context(office, window=window), recipe_id)
    asyncio.run(screen.load())
    return screen


def version(screen: RecipePage) -> VersionShown:
    assert screen.looked_at is not None, screen.problem
    return screen.looked_at


def begun(screen: RecipePage) -> RecipeForm:
    asyncio.run(screen.begin())
    assert screen.form is not None
    return screen.form


def part(form: RecipeForm, name: str) -> Part:
    return next(each for each in form.parts if each.name == name)


def fresh(office: OfficeInMemory, window: WindowInMemory | None = None) -> RecipeForm:
    screen = NewRecipe(context(office, window=window))
    asyncio.run(screen.load())
    return screen.form


def codes(screen: RecipeList) -> list[str]:
    asyncio.run(screen.load())
    assert screen.page is not None, screen.problem
    return [line.code for line in screen.page.lines]


def test_a_recipe_says_what_a_batch_takes(office: OfficeInMemory) -> None:
    shown = version(page(office, defined(office)))
    assert [(each.name, each.quantity) for each in shown.ingredients] == [
        ("Lait", f"10{NB}L"),
        ("Sel", f"0,2{NB}kg"),
    ]
    assert ("Pour", f"1{NB}kg") in shown.facts
    assert shown.is_in_force


def test_a_new_version_says_what_it_changes_and_keeps_the_one_before(
    office: OfficeInMemory,
) -> None:
    window = WindowInMemory()
    screen = page(office, defined(office), window)
    form = begun(screen)
    assert form.changes == ()
    form.put(part(form, "Lait").field, "9,5")
    form.remove(part(form, "Sel"))
    form.choose("by_product", str(id_of(office, "PETIT-LAIT")))
    form.put(part(form, "Petit-lait").field, "8")
    form.put("expected_yield", "96")
    assert set(form.changes) == {
        f"Lait{NB}: 10{NB}L → 9,5{NB}L",
        f"Sel{NB}: retiré",
        f"Petit-lait{NB}: ajouté",
        f"Rendement attendu{NB}: 100{NB}% → 96",
    }
    asyncio.run(screen.confirm())
    assert screen.form is None
    assert screen.detail is not None
    assert [each.number for each in screen.detail.versions] == [2, 1]
    latest = version(screen)
    assert [each.quantity for each in latest.ingredients] == [f"9,5{NB}L"]
    assert [each.name for each in latest.by_products] == ["Petit-lait"]
    assert latest.is_in_force
    screen.show(screen.detail.versions[1])
    assert [each.name for each in version(screen).ingredients] == ["Lait", "Sel"]
    assert not version(screen).is_in_force
    assert (
        window.done[0].sentence == f"Recette de Tomme{NB}: version 2, en vigueur dès le 24/11/2026."
    )


def test_nothing_changed_records_nothing(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    screen = page(office, defined(office), window)
    form = begun(screen)
    form.put("valid_from", "25/10/2026")
    asyncio.run(screen.confirm())
    assert window.said == ["Rien n’a été modifié."]
    assert screen.detail is not None
    assert len(screen.detail.versions) == 1


def test_a_version_for_a_later_day_is_not_in_force_yet(office: OfficeInMemory) -> None:
    screen = page(office, defined(office))
    form = begun(screen)
    form.put("valid_from", "01/12/2026")
    form.put("batch", "2")
    asyncio.run(screen.confirm())
    assert screen.detail is not None
    assert [each.is_in_force for each in screen.detail.versions] == [False, True]


@pytest.mark.parametrize(
    ("field", "text"),
    [("batch", ""), ("batch", "beaucoup"), ("expected_yield", "250"), ("valid_from", "demain")],
)
def test_what_is_wrong_stands_beside_its_field(
    office: OfficeInMemory, field: str, text: str
) -> None:
    screen = page(office, defined(office))
    form = begun(screen)
    form.put(field, text)
    asyncio.run(screen.confirm())
    assert list(form.errors) == [field]
    assert screen.form is form


def test_a_quantity_is_asked_of_each_part(office: OfficeInMemory) -> None:
    form = begun(page(office, defined(office)))
    form.put(part(form, "Lait").field, "")
    asyncio.run(form.submit())
    assert list(form.errors) == [part(form, "Lait").field]


def test_a_first_recipe_is_of_a_product_without_one(office: OfficeInMemory) -> None:
    window = WindowInMemory()
    form = fresh(office, window)
    assert form.choices is not None
    assert [words for _key, words in form.choices.makes] == ["Tomme (TOMME)"]
    asyncio.run(form.submit())
    assert {"product", "batch", "ingredient"} <= set(form.errors)
    form.choose("product", str(id_of(office, "TOMME")))
    assert form.batch_label == "Pour (kg)"
    form.put("batch", "1")
    form.choose("ingredient", str(id_of(office, "LAIT")))
    form.choose("ingredient", str(id_of(office, "LAIT")))
    assert len(form.parts) == 1
    form.put(part(form, "Lait").field, "10")
    asyncio.run(form.submit())
    with office.reading() as snapshot:
        (row,) = snapshot.rows(RecipeRow)
    assert (row.version, row.batch, row.valid_from) == (1, 1_000, TODAY)
    assert window.went == [(Screen.RECIPES, None), (Screen.RECIPE, row.id)]
    again = fresh(office)
    assert again.choices is not None
    assert again.choices.makes == ()


def test_a_recipe_is_archived_and_changed_no_more(office: OfficeInMemory) -> None:
    screen = page(office, defined(office))
    recipes = RecipeList(context(office))
    assert codes(recipes) == ["TOMME"]
    asyncio.run(screen.archive())
    assert not screen.may_change
    assert codes(recipes) == []
    asyncio.run(recipes.set_filter(Filter.ARCHIVED))
    assert codes(recipes) == ["TOMME"]


def test_recipes_are_searched_by_their_product(office: OfficeInMemory) -> None:
    recipe_id = defined(office)
    window = WindowInMemory()
    recipes = RecipeList(context(office, window=window))
    asyncio.run(recipes.set_search("gouda"))
    assert codes(recipes) == []
    asyncio.run(recipes.set_search("tomme"))
    assert codes(recipes) == ["TOMME"]
    asyncio.run(recipes.enter())
    assert window.went == [(Screen.RECIPE, recipe_id)]


def test_who_may_not_keep_recipes_reads_them(office: OfficeInMemory) -> None:
    recipe_id = defined(office)
    office.roles = frozenset({Role.DRIVER})
    screen = page(office, recipe_id)
    assert version(screen).ingredients
    asyncio.run(screen.confirm())
    assert screen.form is None
    assert not RecipeList(context(office)).may_define


def test_a_recipe_that_cannot_be_read_says_so(office: OfficeInMemory) -> None:
    recipe_id = defined(office)
    office.fault = Problem("Busy", "La base est occupée.")
    screen = page(office, recipe_id)
    assert screen.detail is None
    assert screen.problem is not None
