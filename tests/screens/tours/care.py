"""The care of the database: never backed up, then backed up and verified."""

from tempfile import TemporaryDirectory

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("care")
    screens.see("last-backup")
    take("care")
    screens.press("verify")
    screens.see("findings")
    with TemporaryDirectory() as folder:
        screens.type("folder", folder)
        screens.press("back-up")
        screens.see("made")
        take("care-done")
