"""What kinds of files are called, in English and in French."""

from collections.abc import Mapping

from manchengo.domain.import_batch import ImportKind

FRENCH: Mapping[ImportKind, tuple[str, ...]] = {
    ImportKind.SUPPLIERS: ("fournisseurs",),
    ImportKind.CLIENTS: ("clients",),
    ImportKind.PRODUCTS: ("produits",),
    ImportKind.PRICES: ("tarifs",),
    ImportKind.RECIPES: ("recettes",),
    ImportKind.OPENING_STOCK: ("stock-initial",),
    ImportKind.LOTS: ("lots", "receptions"),
    ImportKind.PRODUCTION: ("production", "fabrications"),
    ImportKind.SALES: ("ventes", "commandes"),
    ImportKind.DELIVERIES: ("livraisons",),
}
