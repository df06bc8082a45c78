"""Products, suppliers and clients: lists, one entry, a new one with what it lacks."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("products")
    screens.see("entry-LAIT-V")
    take("products")
    screens.press("entry-AIL-150")
    screens.see("save")
    take("product")
    screens.type("price", "195,50")
    screens.press("save")
    screens.see("toast", "enregistré")
    screens.page.mouse.move(700, 500)
    screens.page.mouse.wheel(0, 5_000)
    screens.see("change-0")
    take("product-history")
    screens.press("back")
    screens.press("new-entry")
    screens.press("save")
    screens.see("name", "remplir")
    take("product-errors")
    screens.go("clients")
    screens.see("entry-C001")
    take("clients")
    screens.press("entry-C001")
    screens.see("save")
    take("client")
    screens.go("suppliers")
    screens.type("search", "introuvable")
    screens.see("clear")
    take("suppliers-nothing-fits")
