"""Products, and the recipes of those that are made here."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import PlainValidator

from manchengo.application.handlers.registers import NotAFinishedProduct
from manchengo.commands import DefineRecipe, RegisterProduct
from manchengo.domain.allocation import Policy
from manchengo.domain.errors import Refused
from manchengo.domain.gtin import BarcodeTaken
from manchengo.domain.ids import ProductId, RecipeId
from manchengo.domain.import_batch import ImportKind
from manchengo.domain.product import ProductKind, VatClass
from manchengo.domain.recipe import Ingredient, IngredientTwice
from manchengo.domain.unit_price import UnitPrice
from manchengo.domain.values import Quantity, TooFine, Unit, UnitsDiffer
from manchengo.ports.ids import Ids
from manchengo_cli.importing import parsing
from manchengo_cli.importing.choices import choice, vat_class
from manchengo_cli.importing.codes import Codes
from manchengo_cli.importing.kinds.kind import Kind
from manchengo_cli.importing.kinds.line import (
    PRICE_PER,
    Amount,
    Code,
    Line,
    MaybeCode,
    MaybeDay,
    MaybeDays,
    MaybeText,
    MaybeUnit,
    MaybeUnits,
    Price,
    Reference,
    Text,
    heading,
    maybe,
    unit,
)

SINCE_ALWAYS = date(parsing.FIRST_YEAR, 1, 1)
"""From when a recipe without a date is in force: before anything that a file can tell."""

KINDS = {
    **dict.fromkeys(("MP", "matière première", "raw", "raw material"), ProductKind.RAW),
    **dict.fromkeys(("PF", "produit fini", "finished", "finished product"), ProductKind.FINISHED),
}
YES_OR_NO = {
    **dict.fromkeys(("oui", "o", "vrai", "yes", "y", "true", "1"), True),
    **dict.fromkeys(("non", "n", "faux", "no", "false", "0"), False),
}

policy = choice({each.value: each for each in Policy}, shown=[each.value for each in Policy])
yes_or_no = choice(YES_OR_NO, shown=("oui", "non"))
product_kind = choice(KINDS, shown=("MP", "PF"))


class ProductLine(Line):
    code: Annotated[Code, heading("code", "code_produit", "product_code", "sku")]
    kind: Annotated[ProductKind, PlainValidator(product_kind), heading("type", "nature")]
    name: Annotated[Text, heading("designation", "nom", "libelle")]
    name_ar: Annotated[MaybeText, heading("designation_ar", "nom_ar", "arabic_name")]
    unit: Annotated[Unit, PlainValidator(unit), heading("unite", "unite_stock")]
    shelf_life_days: Annotated[
        MaybeDays, heading("duree_conservation_jours", "duree_conservation", "dlc_jours")
    ]
    price: Annotated[Price, heading("prix_ht", "prix_unitaire", "prix", "unit_price")]
    price_per: Annotated[MaybeUnits, PRICE_PER]
    vat_class: Annotated[
        VatClass | None, PlainValidator(maybe(vat_class)), heading("tva", "taux_tva", "vat")
    ]
    allocation: Annotated[
        Policy | None, PlainValidator(maybe(policy)), heading("ordre_de_sortie", "policy")
    ]
    release_required: Annotated[
        bool | None, PlainValidator(maybe(yes_or_no)), heading("liberation_requise", "a_liberer")
    ]
    gtin: Annotated[MaybeCode, heading("gtin", "code_barres", "ean", "barcode")]


class RecipeLine(Line):
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


def register_product(lines: Sequence[ProductLine], _codes: Codes, ids: Ids) -> RegisterProduct:
    (line,) = lines
    return RegisterProduct(
        product_id=ProductId(ids.new()),
        code=line.code,
        kind=line.kind,
        name=line.name,
        name_ar=line.name_ar or "",
        unit=line.unit,
        price=UnitPrice(line.price, line.price_per or 1),
        shelf_life_days=line.shelf_life_days,
        vat_class=line.vat_class or VatClass.NORMAL,
        allocation=line.allocation or Policy.FIFO,
        release_required=line.release_required or False,
        gtin=line.gtin or "",
    )


def define_recipe(lines: Sequence[RecipeLine], codes: Codes, ids: Ids) -> DefineRecipe:
    """A new recipe, or a new version of one, which only a date of its own can tell apart.

    The domain refuses a second recipe for a product, and so a file whose lines came in before.
    """
    first = lines[0]
    made = codes.product(first.product)
    known = codes.recipe(made.id)
    later = known and first.valid_from not in (None, known.valid_from)
    return DefineRecipe(
        recipe_id=known.id if known and later else RecipeId(ids.new()),
        product_id=made.id,
        batch=Quantity(first.batch, Unit(made.unit)),
        ingredients=tuple(_ingredient(line, codes) for line in lines),
        valid_from=first.valid_from or SINCE_ALWAYS,
    )


def _ingredient(line: RecipeLine, codes: Codes) -> Ingredient:
    product = codes.product(line.ingredient)
    return Ingredient(product.id, Quantity(line.quantity, line.unit or Unit(product.unit)))


def _culprits(refusal: Refused, lines: Sequence[RecipeLine], codes: Codes) -> Sequence[int]:
    match refusal:
        case IngredientTwice():
            named = [codes.product(line.ingredient).id for line in lines]
            return [at for at, each in enumerate(named) if each == refusal.product_id][1:]
        case UnitsDiffer(found=found) | TooFine(unit=found):
            return [at for at, line in enumerate(lines) if line.unit is found]
        case _:
            return range(len(lines))


PRODUCTS = Kind(
    kind=ImportKind.PRODUCTS,
    registers="product",
    line=ProductLine,
    command=register_product,
    columns={"product": "code", BarcodeTaken: "gtin"},
)
RECIPES = Kind(
    kind=ImportKind.RECIPES,
    line=RecipeLine,
    command=define_recipe,
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
