"""The first day of a dairy, in a browser, on an encrypted database that the command line shares."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from manchengo import SystemClock
from tests.screens.working import PASSPHRASE, begin_dairy, manchengo, sign_in, surroundings
from tests.support.browser import Screens, served

pytestmark = pytest.mark.campaign


def test_a_dairy_is_begun_and_its_first_lot_received(place: Path, browser: Browser) -> None:
    with served(environment=surroundings(place)) as url:
        screens = Screens(browser, url)
        begin_dairy(screens)

        sign_in(screens, "faux")
        screens.see("secret", "Essais restants")
        sign_in(screens)
        screens.see("empty", "Rien encore")

        # What is missing for a first reception is entered where it is missed.
        screens.go("receptions")
        screens.type("supplier_name", "Ferme Aït Oumeziane")
        screens.press("add-supplier")
        screens.gone("add-supplier")
        screens.type("material_name", "Lait de vache")
        screens.type("shelf_life", "3")
        screens.press("add-material")

        # A slip is said beside its field; then the lot is received.
        screens.choose("supplier", "Ferme Aït Oumeziane (F001)")
        screens.choose("product", "Lait de vache (M001)")
        screens.type("quantity", "beaucoup")
        screens.press("receive")
        screens.see("quantity", "Ce n’est pas un nombre")
        screens.type("quantity", "12 505")
        screens.press("receive")
        screens.see("toast", "12\u202f505\u00a0L")

        # Received by mistake: taken back, and what was typed is there to be corrected.
        screens.press_words("Annuler")
        screens.see("toast", "Annulé")
        screens.holds("quantity", "12 505")
        screens.type("quantity", "1 250,5")
        screens.press("receive")
        screens.see("toast", "1\u202f250,5\u00a0L")
        code = screens.code_of_first("arrival-")
        screens.see("save-label")
        screens.press("label-later")
        screens.gone("save-label")

        # It is opened where it is listed, and what was typed beside it stays.
        screens.type("quantity", "12")
        screens.press(f"arrival-{code}")
        screens.see("balance", "1\u202f250,5\u00a0L")
        screens.press("back")
        screens.holds("quantity", "12")
        screens.go("lots")
        screens.see(f"lot-{code}", "Lait de vache")

        # The command line works on the same database, and the window sees it.
        manchengo(place, "write-off", code, "50,5", "--reason", "bidon renversé")
        screens.go("dashboard")
        screens.see("figure-soon", "1 lot")
        screens.see("stock", "1\u202f200\u00a0L")

        # A lock keeps what was typed.
        screens.go("receptions")
        screens.press("lock")
        screens.see("secret")
        sign_in(screens)
        screens.see("quantity")
        screens.holds("quantity", "12")

        # What came yesterday: what that changes is shown, corrected, then confirmed.
        screens.choose("product", "Lait de vache (M001)")
        screens.type("day", f"{SystemClock().today() - timedelta(days=1):%d/%m/%Y}")
        screens.press("receive")
        screens.see("late-changes", "12\u00a0L")
        screens.press("correct-late")
        screens.gone("late-changes")
        screens.holds("quantity", "12")
        screens.press("receive-only")
        screens.press("record-late")
        screens.see("toast", "12\u00a0L")
        screens.close()

    assert (place / "atelier.db").read_bytes()[:6] != b"SQLite"
    manchengo(place, "verify")
    assert code in manchengo(place, "lots")


def test_a_closed_database_is_opened_by_its_passphrase(place: Path, browser: Browser) -> None:
    manchengo(place, "init", "--admin", "amina", "--plant", "Fromagerie du Djurdjura")
    with served(environment=surroundings(place)) as url:
        screens = Screens(browser, url)
        screens.type("passphrase", "pas la bonne du tout")
        screens.press("open")
        screens.see("passphrase", "phrase secrète")
        screens.type("passphrase", PASSPHRASE)
        screens.press("open")
        screens.see("person-amina")
        sign_in(screens)
        screens.see("go-lots")
        screens.close()
