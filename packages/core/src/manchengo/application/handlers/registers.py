"""Suppliers, clients, products, recipes and people."""

from attrs import evolve as changed
from attrs import frozen

from manchengo.application.books import Books
from manchengo.application.people import bearers_of
from manchengo.domain import access, client, product, recipe, supplier
from manchengo.domain.aggregates import CLIENT, PRODUCT, RECIPE, SUPPLIER, USER
from manchengo.domain.errors import AlreadyExists, Refused
from manchengo.domain.gtin import BarcodeTaken, same_number
from manchengo.domain.ids import ProductId
from manchengo.domain.product import ProductKind
from manchengo.ports.rows import (
    ClientRow,
    FinishedProductRow,
    RawProductRow,
    RecipeRow,
    SupplierRow,
    UserRow,
)


@frozen(kw_only=True)
class NotAFinishedProduct(Refused):
    """Only a finished product has a recipe or a production order."""

    product: str


def register_supplier(books: Books, command: supplier.RegisterSupplier) -> None:
    books.new(SUPPLIER, command.supplier_id)
    books.new_code("supplier", command.code, SupplierRow)
    books.tell(SUPPLIER, command.supplier_id, supplier.decide(None, command))


def supplier_step(
    books: Books, command: supplier.ChangeSupplier | supplier.ArchiveSupplier
) -> None:
    known = books.load(SUPPLIER, command.supplier_id)
    books.tell(SUPPLIER, command.supplier_id, supplier.decide(known, command))


def register_client(books: Books, command: client.RegisterClient) -> None:
    books.new(CLIENT, command.client_id)
    books.new_code("client", command.code, ClientRow)
    books.tell(CLIENT, command.client_id, client.decide(None, command))


def client_step(books: Books, command: client.ChangeClient | client.ArchiveClient) -> None:
    known = books.load(CLIENT, command.client_id)
    books.tell(CLIENT, command.client_id, client.decide(known, command))


def register_product(books: Books, command: product.RegisterProduct) -> None:
    books.new(PRODUCT, command.product_id)
    books.new_code("product", command.code, RawProductRow, FinishedProductRow)
    _tell_product(books, command.product_id, product.decide(None, command))


def product_step(
    books: Books, command: product.ChangeProduct | product.SetDensity | product.ArchiveProduct
) -> None:
    known = books.product(command.product_id)
    _tell_product(books, command.product_id, product.decide(known, command))


def _tell_product(
    books: Books, product_id: ProductId, events: tuple[product.ProductEvent, ...]
) -> None:
    for event in events:
        if isinstance(event, product.ProductRegistered | product.ProductDetailsChanged):
            _bears_its_own_barcode(books, product_id, event.gtin or "")
    books.tell(PRODUCT, product_id, events)


def _bears_its_own_barcode(books: Books, product_id: ProductId, gtin: str) -> None:
    """``BarcodeTaken`` where another product bears it; one that is archived has given it up."""
    for written in same_number(gtin):
        for kind in (RawProductRow, FinishedProductRow):
            for row in books.snapshot.rows(kind, gtin=written):
                if row.id != product_id and not row.archived:
                    raise BarcodeTaken(barcode=gtin, product=row.code)


def define_recipe(books: Books, command: recipe.DefineRecipe) -> None:
    """Quantities are turned into the unit each product is kept in, once and for all."""
    made = books.product(command.product_id).active()
    if made.kind is not ProductKind.FINISHED:
        raise NotAFinishedProduct(product=made.code)
    known = books.find(RECIPE, command.recipe_id)
    if known is not None and known.product_id != command.product_id:
        raise AlreadyExists(kind="recipe", reference=str(command.recipe_id))
    other = next(books.snapshot.rows(RecipeRow, product_id=command.product_id, limit=1), None)
    if other is not None and other.id != command.recipe_id:
        raise AlreadyExists(kind="recipe", reference=made.code)
    on = command.valid_from
    in_stock_units = changed(
        command,
        batch=made.in_stock_unit(command.batch, on),
        ingredients=tuple(
            changed(
                part,
                quantity=books.product(part.product_id).active().in_stock_unit(part.quantity, on),
            )
            for part in command.ingredients
        ),
        by_products=tuple(
            changed(
                part,
                quantity=books.product(part.product_id).active().in_stock_unit(part.quantity, on),
            )
            for part in command.by_products
        ),
    )
    books.tell(RECIPE, command.recipe_id, recipe.decide(known, in_stock_units))


def archive_recipe(books: Books, command: recipe.ArchiveRecipe) -> None:
    known = books.load(RECIPE, command.recipe_id)
    books.tell(RECIPE, command.recipe_id, recipe.decide(known, command))


def register_user(books: Books, command: access.RegisterUser) -> None:
    books.new(USER, command.user_id)
    for bearer in bearers_of(books.snapshot, command.name):
        raise AlreadyExists(kind="user", reference=command.name, existing=bearer.name)
    books.tell(USER, command.user_id, access.decide(None, command))


def user_step(books: Books, command: access.ChangeRoles | access.DeactivateUser) -> None:
    known = books.load(USER, command.user_id)
    books.tell(USER, command.user_id, access.decide(known, command))
    after = books.load(USER, command.user_id)
    if _administers(known) and not (
        _administers(after) or _somebody_else_administers(books, known)
    ):
        raise access.LastAdministrator(user=known.name)


def _administers(user: access.User) -> bool:
    return user.active and access.Role.ADMIN in user.roles


def _somebody_else_administers(books: Books, user: access.User) -> bool:
    return any(
        row.active and access.Role.ADMIN.value in row.roles.split()
        for row in books.snapshot.rows(UserRow)
        if row.id != user.id
    )
