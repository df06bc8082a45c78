"""Price lists: the lists, one with its prices, one that is being set, a product and a client."""

from manchengo_desktop import demo_days
from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("price_lists")
    screens.see("entry-GROS")
    take("price-lists")
    screens.press("entry-GROS")
    screens.see("price-CAMEMBERT")
    take("price-list")
    screens.press("price-CAMEMBERT")
    screens.see("versions")
    screens.type("price", "beaucoup")
    screens.press("record-price")
    take("price-list-set")
    screens.press("leave")
    screens.type("search", "introuvable")
    take("price-list-nothing-fits")
    screens.go("price_lists")
    screens.press("new-entry")
    screens.type("name", "Détaillants")
    screens.press("save")
    screens.press("entry-T001")
    screens.see("new-price")
    take("price-list-empty")
    screens.go("products")
    screens.press("entry-CAMEMBERT")
    screens.see("save")
    screens.page.mouse.move(700, 500)
    screens.page.mouse.wheel(0, 5_000)
    screens.see("price-lists-of")
    screens.gone("toast")
    take("product-price-lists")
    screens.go("clients")
    screens.press("entry-C003")
    screens.see("price_list")
    take("client-price-list")
    screens.go("sales")
    screens.press("new-sale")
    screens.see("reserve")
    screens.choose("client", f"{demo_days.CLIENTS[2][0]} (C003)")
    screens.choose("product", f"{demo_days.PRODUCTS[2].name} (CAMEMBERT)")
    take("new-sale-price-list")
