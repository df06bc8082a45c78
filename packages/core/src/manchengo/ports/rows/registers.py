"""Suppliers, clients, products, price lists, recipes, people and imports."""

from datetime import date

from attrs import frozen

from manchengo.domain.ids import (
    ClientId,
    DeviceId,
    ImportId,
    PriceListId,
    ProductId,
    RecipeId,
    SupplierId,
    UserId,
)
from manchengo.ports.rows.row import CODE_KEY, SEARCH_TEXT, Row
from manchengo.ports.rows.table import Named


@frozen(kw_only=True)
class PartyRow(Row):
    """A supplier or a client."""

    SEARCHED = ("name", "code")
    SORTED = ("code_key", "search_text")
    code: str
    name: str
    commune: str
    address: str
    phone: str
    email: str
    nif: str
    nis: str
    rc: str
    ai: str
    archived: bool


@frozen(kw_only=True)
class SupplierRow(PartyRow):
    """A supplier (fournisseur)."""

    TABLE = "suppliers"
    AGGREGATE = "supplier"
    LOOK_UPS = ("code_key",)
    id: SupplierId
    code_key: str = CODE_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class ClientRow(PartyRow):
    """A client. ``minimum_shelf_life_days``: the days that a delivered lot must still keep.
    ``price_list``: the code of one, or "".
    """

    TABLE = "clients"
    AGGREGATE = "client"
    LOOK_UPS = ("code_key",)
    id: ClientId
    price_list: str
    category: str
    minimum_shelf_life_days: int
    code_key: str = CODE_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class ProductRow(Row):
    """A product, raw or finished.

    ``price``: in centimes, for ``price_per`` units. ``shelf_life_days``: empty if it does not
    expire.
    """

    AGGREGATE = "product"
    SEARCHED = ("name", "name_ar", "code", "gtin")
    SORTED = ("code_key", "search_text")
    id: ProductId
    code: str
    name: str
    name_ar: str
    unit: str
    shelf_life_days: int | None
    price: int
    vat_class: str
    allocation: str
    release_required: bool
    gtin: str
    archived: bool
    code_key: str = CODE_KEY
    price_per: int = 1
    net_quantity: str = ""
    storage: str = ""
    fat: str = ""
    allergens: str = ""
    allergens_ar: str = ""
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class RawProductRow(ProductRow):
    """A raw material (matière première)."""

    TABLE = "products_mp"
    LOOK_UPS = ("code_key", "gtin")


@frozen(kw_only=True)
class FinishedProductRow(ProductRow):
    """A finished product (produit fini)."""

    TABLE = "products_pf"
    LOOK_UPS = ("code_key", "gtin")


@frozen(kw_only=True)
class PriceListRow(Row):
    """A price list (tarif)."""

    TABLE = "price_lists"
    AGGREGATE = "price_list"
    LOOK_UPS = ("code_key",)
    SEARCHED = ("name", "code")
    SORTED = ("code_key", "search_text")
    id: PriceListId
    code: str
    name: str
    archived: bool
    code_key: str = CODE_KEY
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class ListPriceRow(Row):
    """The price of a product in a price list, in force from a day on.

    ``price``: in centimes, for ``price_per`` units; 0: the list has none from that day on.
    """

    TABLE = "price_list_prices"
    AGGREGATE = "price_list"
    KEY = ("price_list_id", "product_id", "from_day")
    LOOK_UPS = ("product_id",)
    price_list_id: PriceListId
    product_id: ProductId
    from_day: date
    price: int
    price_per: int


@frozen(kw_only=True)
class RecipeRow(Row):
    """The latest version of a recipe (recette)."""

    TABLE = "recipes"
    AGGREGATE = "recipe"
    LOOK_UPS = ("product_id",)
    NAMES = (Named("product_id", (FinishedProductRow,)),)
    id: RecipeId
    product_id: ProductId
    version: int
    batch: int
    unit: str
    expected_yield: int
    valid_from: date
    archived: bool


@frozen(kw_only=True)
class RecipeIngredientRow(Row):
    """An ingredient of one version of a recipe; ``by_product``: it is an output, not an input."""

    TABLE = "recipe_ingredients"
    AGGREGATE = "recipe"
    KEY = ("recipe_id", "version", "number")
    LOOK_UPS = ("product_id",)
    recipe_id: RecipeId
    version: int
    number: int
    product_id: ProductId
    quantity: int
    unit: str
    by_product: bool


@frozen(kw_only=True)
class UserRow(Row):
    """A person (utilisateur). ``roles``: their names, in order, separated by spaces."""

    TABLE = "users"
    AGGREGATE = "user"
    LOOK_UPS = ("name",)
    SEARCHED = ("name",)
    SORTED = ("search_text",)
    id: UserId
    name: str
    roles: str
    active: bool
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class ImportRow(Row):
    """A file that was imported. ``accepted``, ``unchanged`` and ``refused`` count its lines; None
    while it was not read to its end.
    """

    TABLE = "imports"
    AGGREGATE = "import"
    LOOK_UPS = ("digest",)
    SEARCHED = ("file_name",)
    SORTED = ("day",)
    id: ImportId
    kind: str
    file_name: str
    digest: str
    day: date
    status: str
    accepted: int | None
    unchanged: int | None
    refused: int | None
    reason: str
    search_text: str = SEARCH_TEXT


@frozen(kw_only=True)
class DeviceRow(Row):
    """A device that was enrolled to exchange. ``public_key``: Ed25519, hexadecimal. ``withdrawn``:
    why; empty while it may exchange.
    """

    TABLE = "devices"
    AGGREGATE = "device"
    LOOK_UPS = ("mark",)
    SEARCHED = ("name", "mark")
    SORTED = ("search_text",)
    NAMES = (Named("user_id", (UserRow,)),)
    id: DeviceId
    name: str
    mark: str
    public_key: str
    user_id: UserId
    withdrawn: str
    search_text: str = SEARCH_TEXT
