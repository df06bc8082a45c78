"""Before there is a dairy."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """On an empty computer."""
    screens.see("begin-create")
    take("first-start")
    screens.press("begin-create")
    screens.see("create")
    screens.press("create")
    take("first-start-errors")
    screens.press("back")
    screens.press("begin-join")
    screens.see("join")
    take("join")
    screens.press("join")
    take("join-errors")
