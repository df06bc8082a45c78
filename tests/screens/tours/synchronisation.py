"""Two devices record apart: what waits, who was heard when, what contradicts, and a way out."""

import re

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard of the office, whose server answers no more."""
    take("sync-dashboard")
    screens.press("exchange")
    screens.see("pending")
    take("sync-pending")
    screens.press("exchange-now")
    screens.page.wait_for_timeout(3_000)
    take("sync-unreachable")
    screens.go("lots")
    screens.see("lots")
    take("sync-lots")
    screens.go("people")
    screens.see("devices")
    take("devices")
    screens.open_first("device-", "back")
    take("device")
    screens.go("conflicts")
    screens.see("conflicts")
    take("conflicts")
    found = screens.page.locator('[flt-semantics-identifier^="conflict-"]').all()
    rows = [each.get_attribute("flt-semantics-identifier") or "" for each in found]
    for place, row in enumerate(rows):
        screens.press(row)
        screens.see("why")
        take(f"conflict-{place}")
        screens.open_first("way-", "decide")
        screens.press("decide")
        screens.see("reason", "remplir")
        take(f"conflict-{place}-way")
        screens.press("later")
        screens.see("conflicts")
    screens.press(rows[0])
    screens.see("why")
    screens.press_for("way-void", "decide")
    screens.type("reason", "compté deux fois")
    screens.press("decide")
    screens.see("closed", re.compile("compté deux fois"))
    take("conflict-closed")
    screens.press("back")
    screens.see("conflicts")
    take("conflicts-left")
