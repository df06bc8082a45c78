"""Settings: what is chosen for this computer, and the particulars of the plant filled in."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("settings")
    screens.see("missing")
    take("settings")
    screens.press("place-folder")
    screens.type("folder", "/nulle/part")
    screens.press("use-folder")
    screens.see("folder", "dossier")
    take("settings-error")
    screens.press("language-en")
    screens.see("language-en")
    take("settings-english")
    screens.press("language-fr")
    screens.press("place-ask")
    screens.type("approval", "15 123")
    screens.type("address", "Zone d'activité, lot 24, 15000 Tizi Ouzou")
    screens.press("save")
    screens.see("toast", "enregistrées")
    take("settings-recorded")
