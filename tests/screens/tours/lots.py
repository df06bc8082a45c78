"""From the dashboard to a lot."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    take("dashboard")
    screens.press("go-receptions")
    screens.see("receive")
    take("receptions")
    screens.press("receive")
    take("receptions-errors")
    screens.press("go-lots")
    code = screens.code_of_first("lot-")
    take("lots")
    screens.type("search", "introuvable")
    screens.see("clear")
    take("lots-nothing-fits")
    screens.press("clear")
    screens.press(f"lot-{code}")
    screens.see("balance")
    take("lot")
    screens.press("judge-write_off")
    screens.see("decide")
    take("lot-write-off")
    screens.press("leave")
    screens.press("back")
    screens.type("search", "camembert")
    code = screens.code_of_first("lot-PF-")
    screens.press(f"lot-PF-{code}")
    screens.press("side-trace")
    screens.see("uses")
    take("lot-trace")
