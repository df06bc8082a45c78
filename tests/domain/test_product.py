"""A product: what it is called, what it is measured in, how its lots are chosen."""

from datetime import date

import pytest
from attrs import evolve

from manchengo.commands import (
    ArchiveProduct,
    ChangeProduct,
    Command,
    RegisterProduct,
    SetDensity,
)
from manchengo.domain.aggregates import PRODUCT
from manchengo.domain.allocation import Policy
from manchengo.domain.errors import AlreadyExists, Archived, CodeMissing, Unknown
from manchengo.domain.ids import ProductId
from manchengo.domain.product import (
    ProductArchived,
    ProductDensitySet,
    ProductDetailsChanged,
    ProductKind,
    ProductRegistered,
    VatClass,
    decide,
)
from manchengo.domain.values import Density, Unit
from tests.support.dairy import A_DAIRY, MILK, an_id, day, dinars
from tests.support.given import given

SALT = ProductId(an_id("salt"))
NEW_SALT = RegisterProduct(
    product_id=SALT,
    code="SEL",
    kind=ProductKind.RAW,
    name="Sel",
    name_ar="ملح",
    unit=Unit.KG,
    price=dinars(25),
    shelf_life_days=None,
    vat_class=VatClass.REDUCED,
    allocation=Policy.FEFO,
    release_required=True,
    gtin="6130000000015",
    net_quantity="250 g",
    storage="2 à 6 °C",
    fat="45 % sur extrait sec",
    allergens="lait",
    allergens_ar="حليب",
)
NOTHING = ProductDetailsChanged(
    name=None,
    name_ar=None,
    shelf_life_days=None,
    price=None,
    vat_class=None,
    allocation=None,
    release_required=None,
    gtin=None,
    net_quantity=None,
    storage=None,
    fat=None,
    allergens=None,
    allergens_ar=None,
)


def test_a_product_is_registered() -> None:
    given().when(NEW_SALT).then(
        ProductRegistered(
            product_id=SALT,
            code="SEL",
            kind=ProductKind.RAW,
            name="Sel",
            name_ar="ملح",
            unit=Unit.KG,
            shelf_life_days=None,
            price=dinars(25),
            vat_class=VatClass.REDUCED,
            allocation=Policy.FEFO,
            release_required=True,
            gtin="6130000000015",
            net_quantity="250 g",
            storage="2 à 6 °C",
            fat="45 % sur extrait sec",
            allergens="lait",
            allergens_ar="حليب",
        )
    )


def test_a_product_is_registered_once() -> None:
    given(NEW_SALT).when(evolve(NEW_SALT, code="SEL2")).refused(
        AlreadyExists, kind="product", reference=str(SALT)
    )


@pytest.mark.parametrize("taken", ["LAIT", "TOMME"])
def test_raw_and_finished_products_share_their_codes(taken: str) -> None:
    given(A_DAIRY).when(evolve(NEW_SALT, code=taken)).refused(
        AlreadyExists, kind="product", reference=taken
    )


def test_a_code_is_given() -> None:
    given().when(evolve(NEW_SALT, code="")).refused(CodeMissing, kind="product")


def test_an_event_holds_only_what_differs() -> None:
    change = ChangeProduct(
        product_id=SALT, name="Sel", price=dinars(30), release_required=False, gtin=""
    )
    given(NEW_SALT).when(change).then(
        evolve(NOTHING, price=dinars(30), release_required=False, gtin="")
    )


def test_a_change_that_changes_nothing_tells_nothing() -> None:
    given(NEW_SALT).when(ChangeProduct(product_id=SALT, allocation=Policy.FEFO)).then()


def test_a_density_is_set_from_a_day_on() -> None:
    given(A_DAIRY).when(SetDensity(product_id=MILK, density=Density(1032), valid_from=day(0))).then(
        ProductDensitySet(density=Density(1032), valid_from=day(0))
    )


def test_a_density_that_stays_the_same_makes_no_event() -> None:
    density = SetDensity(product_id=MILK, density=Density(1032), valid_from=day(0))
    given(A_DAIRY, density).when(density).then()


@pytest.mark.parametrize(
    ("on", "weighs"), [(day(-1), None), (day(0), 1030), (day(9), 1030), (day(10), 1034)]
)
def test_the_density_of_a_day_is_the_last_one_set_for_a_day_before(
    on: date, weighs: int | None
) -> None:
    dated = [
        ProductDensitySet(density=Density(1034), valid_from=day(10)),
        ProductDensitySet(density=Density(1000), valid_from=day(0)),
        ProductDensitySet(density=Density(1030), valid_from=day(0)),
    ]
    assert PRODUCT.evolve(None, registered(NEW_SALT)).density_on(on) is None
    milk = PRODUCT.fold([registered(NEW_SALT), *dated])
    assert milk is not None
    assert milk.density_on(on) == (Density(weighs) if weighs else None)


def registered(command: RegisterProduct) -> ProductRegistered:
    (event,) = decide(None, command)
    assert isinstance(event, ProductRegistered)
    return event


def test_a_product_is_archived() -> None:
    given(A_DAIRY).when(ArchiveProduct(product_id=MILK)).then(ProductArchived())


@pytest.mark.parametrize(
    "step",
    [
        ArchiveProduct(product_id=MILK),
        ChangeProduct(product_id=MILK, name="x"),
        SetDensity(product_id=MILK, density=Density(1032), valid_from=day(0)),
    ],
)
def test_an_archived_product_is_left_alone(step: Command) -> None:
    given(A_DAIRY, ArchiveProduct(product_id=MILK)).when(step).refused(
        Archived, kind="product", code="LAIT"
    )


@pytest.mark.parametrize(
    "step",
    [
        ArchiveProduct(product_id=SALT),
        ChangeProduct(product_id=SALT, name="x"),
        SetDensity(product_id=SALT, density=Density(1032), valid_from=day(0)),
    ],
)
def test_an_unknown_product_is_refused(step: Command) -> None:
    given(A_DAIRY).when(step).refused(Unknown, kind="product", reference=str(SALT))
