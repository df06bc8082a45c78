"""Suppliers, clients, products, price lists, recipes, people, and the particulars of the plant."""

from attrs import evolve as changed
from attrs import frozen

from manchengo.application.administrators import one_must_remain
from manchengo.application.barcodes import products_with_barcode
from manchengo.application.offered_prices import list_of_code
from manchengo.application.people import bearers_of
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain import (
    access,
    client,
    plant_details,
    price_list,
    product,
    recipe,
    supplier,
)
from manchengo.domain.aggregates import (
    CLIENT,
    PLANT_DETAILS,
    PRICE_LIST,
    PRODUCT,
    RECIPE,
    SUPPLIER,
    USER,
)
from manchengo.domain.errors import AlreadyExists, Refused, Unknown
from manchengo.domain.gtin import BarcodeTaken
from manchengo.domain.ids import ProductId
from manchengo.domain.plant_details import PLANT_DETAILS_ID, ChangePlantDetails
from manchengo.domain.product import ProductKind
from manchengo.ports.rows import (
    FinishedProductRow,
    RawProductRow,
    RecipeRow,
)


@frozen(kw_only=True)
class NotAFinishedProduct(Refused):
    """Only a finished product has a recipe or a production order."""

    product: str


def register_supplier(work: UnitOfWork, command: supplier.RegisterSupplier) -> None:
    """A supplier whose code nobody has."""
    work.new(SUPPLIER, command.supplier_id)
    work.new_code("supplier", command.code)
    work.record(SUPPLIER, command.supplier_id, supplier.decide(None, command))


def supplier_step(
    work: UnitOfWork, command: supplier.ChangeSupplier | supplier.ArchiveSupplier
) -> None:
    """Changes or archives a supplier."""
    known = work.load(SUPPLIER, command.supplier_id)
    work.record(SUPPLIER, command.supplier_id, supplier.decide(known, command))


def change_plant_details(work: UnitOfWork, command: ChangePlantDetails) -> None:
    """Changes the particulars of the plant."""
    known = work.find(PLANT_DETAILS, PLANT_DETAILS_ID)
    work.record(PLANT_DETAILS, PLANT_DETAILS_ID, plant_details.decide(known, command))


def register_client(work: UnitOfWork, command: client.RegisterClient) -> None:
    """A client whose code nobody has."""
    work.new(CLIENT, command.client_id)
    work.new_code("client", command.code)
    _may_pay_by(work, command.price_list)
    work.record(CLIENT, command.client_id, client.decide(None, command))


def client_step(work: UnitOfWork, command: client.ChangeClient | client.ArchiveClient) -> None:
    """Changes or archives a client."""
    known = work.load(CLIENT, command.client_id)
    if isinstance(command, client.ChangeClient) and command.price_list != known.price_list:
        _may_pay_by(work, command.price_list or "")
    work.record(CLIENT, command.client_id, client.decide(known, command))


def _may_pay_by(work: UnitOfWork, code: str) -> None:
    """Raises ``Unknown`` where no price list has the code, ``Archived`` where that one is."""
    if code:
        known = list_of_code(work, code)
        if known is None:
            raise Unknown(kind="price_list", reference=code)
        known.active()


def register_price_list(work: UnitOfWork, command: price_list.RegisterPriceList) -> None:
    """A price list whose code no other has."""
    work.new(PRICE_LIST, command.price_list_id)
    work.new_code("price_list", command.code)
    work.record(PRICE_LIST, command.price_list_id, price_list.decide(None, command))


def set_price(work: UnitOfWork, command: price_list.SetPrice) -> None:
    """Sets the price of a product that is in use."""
    known = work.load(PRICE_LIST, command.price_list_id)
    work.product(command.product_id).active()
    work.record(PRICE_LIST, known.id, price_list.decide(known, command))


def price_list_step(
    work: UnitOfWork, command: price_list.ChangePriceList | price_list.ArchivePriceList
) -> None:
    """Changes or archives a price list."""
    known = work.load(PRICE_LIST, command.price_list_id)
    work.record(PRICE_LIST, known.id, price_list.decide(known, command))


def register_product(work: UnitOfWork, command: product.RegisterProduct) -> None:
    """A product whose code nobody has."""
    work.new(PRODUCT, command.product_id)
    work.new_code("product", command.code)
    _record_product_change(work, command.product_id, product.decide(None, command))


def product_step(
    work: UnitOfWork, command: product.ChangeProduct | product.SetDensity | product.ArchiveProduct
) -> None:
    """Changes or archives a product, or gives it a density."""
    known = work.product(command.product_id)
    _record_product_change(work, command.product_id, product.decide(known, command))


def _record_product_change(
    work: UnitOfWork, product_id: ProductId, events: tuple[product.ProductEvent, ...]
) -> None:
    for event in events:
        if isinstance(event, product.ProductRegistered | product.ProductDetailsChanged):
            _bears_its_own_barcode(work, product_id, event.gtin or "")
    work.record(PRODUCT, product_id, events)


def _bears_its_own_barcode(work: UnitOfWork, product_id: ProductId, gtin: str) -> None:
    """Raises ``BarcodeTaken`` where another product bears it that is not archived."""
    for kind in (RawProductRow, FinishedProductRow):
        for row in products_with_barcode(work.snapshot, kind, gtin):
            if row.id != product_id:
                raise BarcodeTaken(barcode=gtin, product=row.code)


def define_recipe(work: UnitOfWork, command: recipe.DefineRecipe) -> None:
    """Quantities are turned into the unit each product is kept in, once and for all."""
    made = work.product(command.product_id).active()
    if made.kind is not ProductKind.FINISHED:
        raise NotAFinishedProduct(product=made.code)
    known = work.find(RECIPE, command.recipe_id)
    if known is not None and known.product_id != command.product_id:
        raise AlreadyExists(kind="recipe", reference=str(command.recipe_id))
    other = next(work.snapshot.rows(RecipeRow, product_id=command.product_id, limit=1), None)
    if other is not None and other.id != command.recipe_id:
        raise AlreadyExists(kind="recipe", reference=made.code)
    on = command.valid_from
    in_stock_units = changed(
        command,
        batch=made.in_stock_unit(command.batch, on),
        ingredients=tuple(
            changed(
                part,
                quantity=work.product(part.product_id).active().in_stock_unit(part.quantity, on),
            )
            for part in command.ingredients
        ),
        by_products=tuple(
            changed(
                part,
                quantity=work.product(part.product_id).active().in_stock_unit(part.quantity, on),
            )
            for part in command.by_products
        ),
    )
    work.record(RECIPE, command.recipe_id, recipe.decide(known, in_stock_units))


def archive_recipe(work: UnitOfWork, command: recipe.ArchiveRecipe) -> None:
    """Archives a recipe."""
    known = work.load(RECIPE, command.recipe_id)
    work.record(RECIPE, command.recipe_id, recipe.decide(known, command))


def register_user(work: UnitOfWork, command: access.RegisterUser) -> None:
    """A user whose name nobody has."""
    work.new(USER, command.user_id)
    for bearer in bearers_of(work.snapshot, command.name):
        raise AlreadyExists(kind="user", reference=command.name, existing=bearer.name)
    work.record(USER, command.user_id, access.decide(None, command))


def user_step(work: UnitOfWork, command: access.ChangeRoles | access.DeactivateUser) -> None:
    """Changes a user's roles or deactivates them; somebody must remain who may administer."""
    known = work.load(USER, command.user_id)
    work.record(USER, command.user_id, access.decide(known, command))
    one_must_remain(work, [(known, work.load(USER, command.user_id))])
