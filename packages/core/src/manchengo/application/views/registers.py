"""Suppliers, clients, products, recipes, people and imports, as rows."""

from collections.abc import Iterator

from manchengo.domain.access import User
from manchengo.domain.client import Client
from manchengo.domain.device import Device
from manchengo.domain.import_batch import ImportBatch
from manchengo.domain.product import Product, ProductKind
from manchengo.domain.recipe import Recipe
from manchengo.domain.supplier import Supplier
from manchengo.ports.rows import (
    ClientRow,
    DeviceRow,
    FinishedProductRow,
    ImportRow,
    RawProductRow,
    RecipeIngredientRow,
    RecipeRow,
    Row,
    SupplierRow,
    UserRow,
)


def supplier(state: Supplier) -> Iterator[Row]:
    who = state.identity
    yield SupplierRow(
        id=state.id,
        code=state.code,
        name=state.name,
        commune=state.commune,
        address=who.address,
        phone=who.phone,
        email=who.email,
        nif=who.nif,
        nis=who.nis,
        rc=who.rc,
        ai=who.ai,
        archived=state.archived,
    )


def client(state: Client) -> Iterator[Row]:
    who = state.identity
    yield ClientRow(
        id=state.id,
        code=state.code,
        name=state.name,
        category=state.category,
        commune=state.commune,
        address=who.address,
        phone=who.phone,
        email=who.email,
        nif=who.nif,
        nis=who.nis,
        rc=who.rc,
        ai=who.ai,
        minimum_shelf_life_days=state.minimum_shelf_life_days,
        archived=state.archived,
    )


def product(state: Product) -> Iterator[Row]:
    row = RawProductRow if state.kind is ProductKind.RAW else FinishedProductRow
    yield row(
        id=state.id,
        code=state.code,
        name=state.name,
        name_ar=state.name_ar,
        unit=state.unit.value,
        shelf_life_days=state.shelf_life_days,
        price=state.price.centimes,
        vat_class=state.vat_class.value,
        allocation=state.allocation.value,
        release_required=state.release_required,
        gtin=state.gtin,
        archived=state.archived,
        price_per=state.price.per,
    )


def recipe(state: Recipe) -> Iterator[Row]:
    latest = state.versions[-1]
    yield RecipeRow(
        id=state.id,
        product_id=state.product_id,
        version=latest.version,
        batch=latest.batch.thousandths,
        unit=latest.batch.unit.value,
        expected_yield=latest.expected_yield.basis_points,
        valid_from=latest.valid_from,
        archived=state.archived,
    )
    for version in state.versions:
        going_in = [(part.product_id, part.quantity, False) for part in version.ingredients]
        coming_out = [(part.product_id, part.quantity, True) for part in version.by_products]
        for number, (product_id, quantity, by_product) in enumerate(going_in + coming_out, 1):
            yield RecipeIngredientRow(
                recipe_id=state.id,
                version=version.version,
                number=number,
                product_id=product_id,
                quantity=quantity.thousandths,
                unit=quantity.unit.value,
                by_product=by_product,
            )


def user(state: User) -> Iterator[Row]:
    yield UserRow(
        id=state.id,
        name=state.name,
        roles=" ".join(sorted(state.roles)),
        active=state.active,
    )


def device(state: Device) -> Iterator[Row]:
    yield DeviceRow(
        id=state.id,
        name=state.name,
        mark=state.mark,
        public_key=state.public_key,
        user_id=state.user_id,
        withdrawn=state.withdrawn,
    )


def import_batch(state: ImportBatch) -> Iterator[Row]:
    done = state.finished
    yield ImportRow(
        id=state.id,
        kind=state.kind.value,
        file_name=state.file_name,
        digest=state.digest,
        day=state.on,
        status=state.status,
        accepted=done.accepted if done else 0,
        unchanged=done.unchanged if done else 0,
        refused=done.refused if done else 0,
        reason=state.undone or "",
    )
