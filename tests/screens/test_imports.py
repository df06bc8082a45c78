"""A file is imported in a browser: rehearsed, corrected by its error file, seen elsewhere."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.screens.working import at_work, manchengo, surroundings
from tests.support.browser import Screens, served

pytestmark = pytest.mark.campaign

PRODUCTS = """\
code;type;designation;unite;duree_conservation_jours;prix_ht;tva
LAIT;MP;Lait de vache;L;4;62;0
SEL;MP;;kg;;38;19
"""


def test_a_file_is_imported_corrected_and_undone(place: Path, browser: Browser) -> None:
    file = place / "produits.csv"
    file.write_text(PRODUCTS, encoding="utf-8")
    manchengo(place, "init", "--admin", "amina", "--plant", "Fromagerie du Djurdjura")
    with served(environment=surroundings(place)) as url:
        screens = Screens(browser, url)
        at_work(screens)
        screens.go("imports")
        screens.see("empty", "Rien n’a encore été importé")

        screens.pick("choose-file", file)
        screens.see("counts", "1 acceptée, 0 sans effet, 1 refusée")
        screens.see("refusal-3-designation", "vide")
        screens.press("bring-in")
        screens.see("fate", "1 ligne refusée")

        errors = screens.saved("error-file", place)
        assert errors.name == "produits.erreurs.csv"
        errors.write_bytes(errors.read_bytes().replace(b"MP;;kg", b"MP;Sel;kg"))
        screens.pick("choose-file", errors)
        screens.see("counts", "1 acceptée")
        screens.press("bring-in")
        screens.see("fate", "Tout est enregistré")
        assert "Sel" in manchengo(place, "product", "list")

        screens.press("undo-result")
        screens.type("reason", "mauvais prix")
        screens.press("undo-import")
        screens.see("toast", "annulé en entier")
        screens.see("import-produits.erreurs.csv", "annulé")
        screens.close()
    manchengo(place, "verify")
