"""From the dashboard to a lot."""

from datetime import timedelta

from manchengo import SystemClock
from manchengo_desktop import demo_days
from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    take("dashboard")
    screens.go("receptions")
    screens.see("receive")
    take("receptions")
    screens.press("receive")
    take("receptions-errors")
    screens.choose("supplier", f"{demo_days.SUPPLIERS[0]} (F001)")
    screens.choose("product", f"{demo_days.MATERIALS[0].name} ({demo_days.MATERIALS[0].code})")
    screens.type("quantity", "540")
    screens.type("day", f"{SystemClock().today() - timedelta(days=3):%d/%m/%Y}")
    screens.press("receive")
    screens.see("late-changes")
    take("receptions-late")
    screens.go("lots")
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
    screens.press("correct")
    screens.type("expiry", "31/12/2026")
    screens.type("reason", "étiquette mal lue")
    screens.press("submit")
    screens.see("changes")
    take("lot-correction")
    screens.press("leave")
    screens.press("back")
    screens.type("search", "camembert")
    screens.open_first("lot-PF-", "side-trace")
    screens.press("side-trace")
    screens.see("uses")
    take("lot-trace")
    screens.go("lots")
    screens.type("search", "sel fin")
    screens.open_first("lot-MP-", "judge-write_off")
    screens.press("judge-write_off")
    screens.type("quantity", "1")
    screens.type("reason", "sac percé")
    screens.type("day", f"{SystemClock().today() - timedelta(days=3):%d/%m/%Y}")
    take("lot-write-off-day")
    screens.press("decide")
    screens.see("late-changes")
    take("lot-write-off-late")
