"""The audit: what was scanned and refused, one record whole, a filter that finds nothing."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("lots")
    lot = screens.code_of_first("lot-")
    screens.scan(lot.lower())
    screens.see("balance")
    screens.go("lots")
    screens.scan("inconnu")
    screens.see("toast")
    screens.go("audit")
    screens.see("chain", "entière")
    take("audit")
    screens.press("filter-scans")
    screens.open_first("record-", "record")
    take("audit-refused")
    screens.press("close")
    screens.gone("record")
    screens.page.keyboard.press("ArrowDown")
    screens.page.keyboard.press("Enter")
    screens.see("about-0", lot)
    take("audit-scan")
    screens.press("close")
    screens.type("first", "hier")
    screens.press("show")
    screens.see("first", "date")
    take("audit-error")
    screens.type("first", "01/01/2031")
    screens.press("show")
    screens.see("clear")
    take("audit-nothing-fits")
