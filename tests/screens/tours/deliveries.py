"""A delivery: prepared, loaded in part, on the road, a return."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("deliveries")
    screens.see("new-delivery")
    take("deliveries-none")
    screens.press("new-delivery")
    order = screens.code_of_first("sale-")
    take("new-delivery")
    screens.press(f"sale-{order}")
    screens.see("lots-of-delivery")
    take("delivery-to-load")
    screens.press("step-dispatch")
    screens.see("lacking")
    take("delivery-lacking")
    screens.type("short_reason", "Carton écrasé")
    screens.press("decide")
    screens.see("problem")
    screens.press("leave")
    lot = screens.code_of_first("load-")
    screens.press(f"load-{lot}")
    screens.see(f"unload-{lot}")
    take("delivery-loaded")
    screens.press("step-load")
    screens.type("lot", "INTROUVABLE")
    screens.press("decide")
    take("delivery-error")
    screens.press("leave")
    screens.press("step-dispatch")
    screens.type("carrier", "Karim")
    if screens.at("short_reason").count():
        screens.type("short_reason", "Carton écrasé")
    screens.press("decide")
    screens.see("step-receive")
    screens.press("step-return")
    take("delivery-return")
    screens.press("back")
    screens.press("filter-all")
    screens.see("deliveries")
    take("deliveries")
