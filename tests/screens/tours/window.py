"""What lies over any screen, and the state of the exchange."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    press = screens.page.keyboard.press
    screens.press("find-anything")
    screens.see("find")
    take("find-anything")
    screens.type("find", "lait")
    screens.see("hit-0", "Lait")
    press("ArrowDown")
    take("found")
    screens.page.keyboard.type(" introuvable", delay=80)
    screens.see("nothing-found")
    take("nothing-found")
    press("Escape")
    screens.gone("finder")
    press("?")
    screens.see("keys")
    take("keys")
    screens.press("close-keys")
    screens.press("exchange")
    screens.see("empty")
    take("exchange-alone")
