"""Settings: the particulars of the plant filled in, and this computer."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.press("go-settings")
    screens.see("missing")
    take("settings")
    screens.type("approval", "15 123")
    screens.type("address", "Zone d'activité, lot 24, 15000 Tizi Ouzou")
    screens.press("save")
    screens.see("toast", "enregistrées")
    take("settings-recorded")
