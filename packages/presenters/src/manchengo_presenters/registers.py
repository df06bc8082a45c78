"""The registers: suppliers, clients, price lists, products, recipes; and the plant. Each field is
described once, here.

A field's description drives the option of the command line, the column of a file, the line on a
page and the label in a conflict. Two facts about it are rules, whatever a field is called, and
stand in the core: which are *sensitive* (``manchengo.domain.details``), so that a person is asked
where two change them apart, and which are *identity* (``manchengo.domain.identity``).
"""

from dataclasses import dataclass

from manchengo_presenters import field_types as types
from manchengo_presenters.field_types import FieldType
from manchengo_presenters.language import N_


@dataclass(frozen=True, kw_only=True)
class RegisterField:
    """One field of a register.

    ``name``: as stored, in commands, rows and JSON. ``label``: what people call it. ``help``: what
    else a person who fills it in must know. ``metavar``: where the type has no better. ``option``:
    on the command line, where it is not the name. ``columns``: of a file; the first is ours, the
    others are names that people give it, and so is ``name``. ``is_required``: a row of a file that
    registers an entry must fill it in. ``default``: what is read where a new entry is registered
    without it; empty: the command says. ``is_fixed``: given when an entry is registered, and never
    changed.
    """

    name: str
    label: str
    type: FieldType = types.TEXT
    metavar: str = ""
    help: str = ""
    option: str = ""
    columns: tuple[str, ...] = ()
    is_required: bool = False
    default: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, kw_only=True)
class Register:
    """``kind``: its stored name. ``in_list``: the fields by which its entries are listed."""

    kind: str
    fields: tuple[RegisterField, ...]
    in_list: tuple[str, ...]

    @property
    def id(self) -> str:
        """What its commands call the identifier of an entry."""
        return f"{self.kind}_id"

    @property
    def filled_in(self) -> tuple[RegisterField, ...]:
        """The fields that a person fills in; rows of its own are recorded by other commands."""
        return tuple(each for each in self.fields if not each.type.has_rows)

    def field(self, name: str) -> RegisterField:
        """The field of that name, which the register has."""
        (found,) = (each for each in self.fields if each.name == name)
        return found


# ------------------------------------------------------------------------ suppliers, clients

OF_A_PARTY = (
    RegisterField(
        name="code",
        label=N_("Code"),
        type=types.CODE,
        columns=("code", "code_fournisseur", "code_client", "supplier_code", "client_code"),
        is_required=True,
        is_fixed=True,
    ),
    RegisterField(
        name="name",
        label=N_("Name"),
        columns=("nom", "raison_sociale", "designation", "nom_du_fournisseur", "nom_du_client"),
        is_required=True,
    ),
    RegisterField(
        name="commune",
        label=N_("Commune"),
        type=types.CODE,
        help=N_("The official code of the commune."),
        columns=("commune", "code_commune"),
    ),
    RegisterField(name="address", label=N_("Address"), columns=("adresse",)),
    RegisterField(
        name="phone",
        label=N_("Telephone"),
        metavar=N_("NUMBER"),
        columns=("telephone", "tel", "mobile", "numero_telephone", "phone_number"),
    ),
    RegisterField(
        name="email",
        label=N_("E-mail"),
        metavar=N_("ADDRESS"),
        columns=("courriel", "e-mail", "mail"),
    ),
    RegisterField(
        name="nif",
        label=N_("NIF"),
        type=types.CODE,
        metavar=N_("NUMBER"),
        help=N_("The tax number."),
        columns=("nif", "numero_fiscal", "tax_number"),
    ),
    RegisterField(
        name="nis",
        label=N_("NIS"),
        type=types.CODE,
        metavar=N_("NUMBER"),
        help=N_("The statistics number."),
        columns=("nis", "numero_statistique", "statistics_number"),
    ),
    RegisterField(
        name="rc",
        label=N_("RC"),
        type=types.CODE,
        metavar=N_("NUMBER"),
        help=N_("The trade register."),
        columns=("rc", "registre_commerce", "trade_register"),
    ),
    RegisterField(
        name="ai",
        label=N_("AI"),
        type=types.CODE,
        metavar=N_("NUMBER"),
        help=N_("The tax article."),
        columns=("ai", "article_imposition", "tax_article"),
    ),
)
ARCHIVED = RegisterField(name="archived", label=N_("Archived"), type=types.YES_OR_NO)
"""Of every register: not filled in, an entry is archived by a command of its own."""

SUPPLIER = Register(
    kind="supplier",
    fields=OF_A_PARTY,
    in_list=("code", "name", "commune", "phone"),
)

CLIENT = Register(
    kind="client",
    fields=(
        *OF_A_PARTY,
        RegisterField(
            name="category",
            label=N_("Category"),
            help=N_("gros, detail, …"),
            columns=("categorie", "type", "type_client"),
        ),
        RegisterField(
            name="price_list",
            label=N_("Price list"),
            type=types.PRICE_LIST,
            help=N_("The code of the price list by which they pay; none: the products' prices."),
            columns=("tarif", "code_tarif", "grille_tarifaire"),
        ),
        RegisterField(
            name="minimum_shelf_life_days",
            label=N_("Freshness asked"),
            type=types.DAYS,
            help=N_("Days of life that a lot must still have when it is sold to them."),
            option="freshness",
            columns=("fraicheur_minimale_jours", "dlc_minimale_jours", "minimum_shelf_life"),
        ),
    ),
    in_list=("code", "name", "category", "commune", "phone"),
)

PRICE_LIST = Register(
    kind="price_list",
    fields=(
        RegisterField(
            name="code", label=N_("Code"), type=types.CODE, is_required=True, is_fixed=True
        ),
        RegisterField(name="name", label=N_("Name"), is_required=True),
        RegisterField(name="prices", label=N_("Prices"), type=types.PRICES),
    ),
    in_list=("code", "name"),
)
"""Its prices are set one by one, by a command and in a file of their own."""

# ------------------------------------------------------------------------- products, recipes

PRODUCT = Register(
    kind="product",
    fields=(
        RegisterField(
            name="code",
            label=N_("Code"),
            type=types.CODE,
            columns=("code", "code_produit", "product_code", "sku"),
            is_required=True,
            is_fixed=True,
        ),
        RegisterField(
            name="kind",
            label=N_("Kind"),
            type=types.PRODUCT_KIND,
            help=N_("MP: raw material, received. PF: finished product, made here."),
            columns=("type", "nature"),
            is_required=True,
            is_fixed=True,
        ),
        RegisterField(
            name="name",
            label=N_("Name"),
            columns=("designation", "nom", "libelle"),
            is_required=True,
        ),
        RegisterField(
            name="name_ar",
            label=N_("Arabic name"),
            metavar=N_("NAME"),
            help=N_("Its name in Arabic."),
            columns=("designation_ar", "nom_ar", "arabic_name"),
        ),
        RegisterField(
            name="unit",
            label=N_("Unit"),
            type=types.UNIT,
            help=N_("kg, g, L, mL, piece or carton."),
            columns=("unite", "unite_stock"),
            is_required=True,
            is_fixed=True,
        ),
        RegisterField(
            name="shelf_life_days",
            label=N_("Shelf life"),
            type=types.DAYS,
            help=N_("How long a new lot keeps; left out: it never expires."),
            option="shelf-life",
            columns=("duree_conservation_jours", "duree_conservation", "dlc_jours"),
        ),
        RegisterField(
            name="price",
            label=N_("Price before tax"),
            type=types.PRICE,
            help=N_("Of one unit before tax, in dinars; 0,35/100 is that of a hundred."),
            columns=("prix_ht", "prix_unitaire", "prix", "unit_price"),
            is_required=True,
            default="0",
        ),
        RegisterField(
            name="vat_class",
            label=N_("TVA"),
            type=types.VAT_CLASS,
            help=N_("normal, réduit, exonéré; or the rate: 19, 9, 0."),
            option="vat",
            columns=("tva", "taux_tva", "vat"),
        ),
        RegisterField(
            name="allocation",
            label=N_("Leaves first"),
            type=types.POLICY,
            help=N_("FIFO: the oldest lot leaves first. FEFO: the first to expire."),
            columns=("ordre_de_sortie", "policy"),
        ),
        RegisterField(
            name="release_required",
            label=N_("Waits for release"),
            type=types.YES_OR_NO,
            help=N_("Whether a new lot waits in quarantine until it is released."),
            columns=("liberation_requise", "a_liberer"),
        ),
        RegisterField(
            name="gtin",
            label=N_("Bar code"),
            type=types.CODE,
            help=N_("Its bar code."),
            columns=("gtin", "code_barres", "ean", "barcode"),
        ),
        RegisterField(
            name="net_quantity",
            label=N_("Net quantity"),
            help=N_("Of one packet, as its label says: 250 g."),
            columns=("quantite_nette", "contenance", "poids_net"),
        ),
        RegisterField(
            name="storage",
            label=N_("Keep at"),
            help=N_("The temperature on its label: 2 à 6 °C."),
            columns=("conservation", "temperature_conservation"),
        ),
        RegisterField(
            name="fat",
            label=N_("Fat"),
            help=N_("As its label says: 45 % sur extrait sec."),
            columns=("matiere_grasse", "taux_matiere_grasse", "mg"),
        ),
        RegisterField(
            name="allergens",
            label=N_("Allergens"),
            help=N_("Those that it contains: lait, œuf."),
            columns=("allergenes",),
        ),
        RegisterField(
            name="allergens_ar",
            label=N_("Allergens in Arabic"),
            help=N_("The same in Arabic, for its label."),
            columns=("allergenes_ar",),
        ),
    ),
    in_list=("code", "kind", "name", "unit", "price", "shelf_life_days", "allocation"),
)

RECIPE = Register(
    kind="recipe",
    fields=(
        RegisterField(name="product", label=N_("Product"), type=types.PRODUCT_CODE),
        RegisterField(name="version", label=N_("Version"), type=types.COUNT),
        RegisterField(name="batch", label=N_("For"), type=types.QUANTITY),
        RegisterField(name="expected_yield", label=N_("Expected yield"), type=types.PERCENT),
        RegisterField(name="valid_from", label=N_("In force from"), type=types.DAY),
        RegisterField(name="ingredients", label=N_("Ingredients"), type=types.PARTS),
        RegisterField(name="by_products", label=N_("By-products"), type=types.PARTS),
    ),
    in_list=("product", "version", "batch", "valid_from"),
)
"""A recipe is told whole each time, by options and columns of its own."""

# ----------------------------------------------------------------------------------- the plant

_NOT_OF_THE_PLANT = {"code", "name", "commune"}

PLANT = Register(
    kind="plant",
    fields=(
        RegisterField(
            name="name", label=N_("Name"), help=N_("The name under which the plant sells.")
        ),
        RegisterField(
            name="approval",
            label=N_("Sanitary approval"),
            type=types.CODE,
            metavar=N_("NUMBER"),
            help=N_("The number of its sanitary approval, for labels."),
        ),
        RegisterField(name="legal_form", label=N_("Legal form"), help=N_("SARL, EURL, SPA, …")),
        RegisterField(
            name="activity", label=N_("Activity"), help=N_("What it does, for invoices.")
        ),
        RegisterField(
            name="capital", label=N_("Share capital"), help=N_("As invoices say it: 1 000 000 DA.")
        ),
        *(each for each in OF_A_PARTY if each.name not in _NOT_OF_THE_PLANT),
    ),
    in_list=(),
)
"""The one plant: it has no code, is in no file, and is never archived."""

REGISTERS = {each.kind: each for each in (SUPPLIER, CLIENT, PRICE_LIST, PRODUCT, RECIPE)}

LABELS = {
    each.name: each.label for register in (*REGISTERS.values(), PLANT) for each in register.fields
} | {ARCHIVED.name: ARCHIVED.label}
"""What people call each field; a field that two registers have is called the same in both."""
