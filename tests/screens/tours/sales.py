"""Clients' orders: the list, one that waits, one that is reserved, a new one."""

from manchengo_desktop import demo_days
from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("sales")
    screens.see("new-sale")
    reserved = screens.code_of_first("sale-")
    take("sales")
    screens.press("filter-to_confirm")
    screens.gone(f"sale-{reserved}")
    waiting = screens.code_of_first("sale-")
    screens.press(f"sale-{waiting}")
    screens.see("missing")
    take("sale-to-confirm")
    screens.press("step-confirm")
    screens.see("problem")
    take("sale-refused")
    screens.press("back")
    screens.press("filter-to_deliver")
    screens.press(f"sale-{reserved}")
    screens.see("reserved")
    screens.press("step-cancel")
    screens.press("decide")
    take("sale-cancel")
    screens.press("back")
    screens.press("new-sale")
    screens.see("reserve")
    take("new-sale")
    screens.choose("client", f"{demo_days.CLIENTS[0][0]} (C001)")
    screens.choose("product", f"{demo_days.PRODUCTS[2].name} (CAMEMBERT)")
    screens.type("quantity", "900")
    screens.press("add-line")
    screens.see("missing")
    take("new-sale-short")
    screens.type("quantity", "beaucoup")
    screens.press("reserve")
    take("new-sale-errors")
