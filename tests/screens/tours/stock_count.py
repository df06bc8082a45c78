"""Lots are counted: all there, too little with its reason, what cannot be read."""

from datetime import timedelta

from manchengo import SystemClock
from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("stock_count")
    code = screens.code_of_first("all-there-")
    take("stock-count")
    screens.press(f"all-there-{code}")
    screens.gone(f"all-there-{code}")
    other = screens.code_of_first("all-there-")
    screens.type(f"counted-{other}", "3")
    screens.see(f"why-{other}")
    take("stock-count-difference")
    screens.press("record-count")
    screens.see("wrong")
    take("stock-count-wrong")
    screens.type(f"reason-{other}", "casse")
    screens.type("day", f"{SystemClock().today() - timedelta(days=1):%d/%m/%Y}")
    take("stock-count-day")
    screens.press("record-count")
    take("stock-count-late")
    screens.go("stock_count")
    screens.press("correct-late")
    screens.type("search", "introuvable")
    screens.see("clear")
    take("stock-count-nothing-fits")
