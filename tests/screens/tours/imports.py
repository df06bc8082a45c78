"""A file comes in: the list, the rehearsal with refused rows, the result, undoing it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.screens.tours.taking import Take
from tests.support.browser import Screens

LINES = """\
code;nom;wilaya;telephone
F101;Ferme Belaïd et fils, exploitation laitière du haut Sébaou;Tizi Ouzou;026 12 34 56
F102;;Béjaïa;034 11 22 33
F103;مزرعة الأمل;Bouira;
F104;Ferme Hamiche;Bouira;pas de téléphone
F001;Un code déjà pris;Alger;
"""


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("imports")
    screens.see("choose-file")
    take("imports")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fournisseurs-2026.csv"
        path.write_text(LINES, encoding="utf-8")
        screens.pick("choose-file", path)
        screens.see("bring-in")
        take("imports-rehearsal")
        screens.press("bring-in")
        screens.see("error-file")
        take("imports-result")
        screens.press("undo-result")
        screens.see("undo-import")
        take("imports-undo")
        screens.press("leave-import")
        screens.press("put-away")
        take("imports-listed")
        path.write_bytes(b"%PDF-1.4")
        screens.pick("choose-file", path)
        screens.see("problem")
        take("imports-unreadable")
