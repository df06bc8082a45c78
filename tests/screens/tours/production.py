"""Production: the orders, the plan of another, one that runs, one that lacks milk."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("production")
    screens.see("orders")
    take("production")
    screens.press("plan")
    screens.see("record-plan")
    screens.press("record-plan")
    take("production-plan")
    screens.press("leave-plan")
    screens.press("filter-started")
    screens.count("order-", 1)
    code = screens.code_of_first("order-")
    screens.press(f"order-{code}")
    screens.see("state")
    take("order-running")
    for _material in range(2):
        screens.press("step-pour")
        screens.press("record-step")
        screens.gone("record-step")
    screens.press("step-complete")
    screens.see("obtained")
    screens.type("obtained", "12")
    screens.press("record-step")
    screens.see("doubt-0")
    take("order-doubted")
    screens.press("leave-step")
    screens.press("back")
    screens.press("filter-open")
    screens.type("search", "camembert")
    screens.count("order-", 1)
    code = screens.code_of_first("order-")
    screens.press(f"order-{code}")
    screens.see("missing")
    take("order-missing")
