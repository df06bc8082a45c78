"""A product and the plant are described in a browser, and the command line sees it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.screens.working import at_work, manchengo, surroundings
from tests.support.browser import Screens, served

pytestmark = pytest.mark.campaign


def test_a_product_is_entered_changed_and_archived_and_the_plant_described(
    place: Path, browser: Browser
) -> None:
    manchengo(place, "init", "--admin", "amina", "--plant", "Fromagerie du Djurdjura")
    with served(environment=surroundings(place)) as url:
        screens = Screens(browser, url)
        at_work(screens)
        screens.go("products")
        screens.see("import-entries")
        screens.press("new-entry")
        screens.type("name", "Lait de vache")
        screens.choose("kind", "matière première")
        screens.press("save")
        screens.see("unit", "remplir")
        screens.choose("unit", "L")
        screens.press("save")
        screens.see("toast", "Lait de vache")

        screens.press("entry-M001")
        screens.type("name", "Lait de vache cru")
        screens.press("save")
        screens.see("toast", "Lait de vache cru")
        assert "Lait de vache cru" in manchengo(place, "product", "show", "M001")
        screens.press("archive")
        screens.see("facts", "Archivé")
        screens.press("back")
        screens.see("archived")
        screens.gone("entry-M001")

        screens.go("settings")
        screens.see("missing", "Agrément")
        screens.type("approval", "15 123")
        screens.press("save")
        screens.see("toast", "enregistrées")
        assert "15 123" in manchengo(place, "plant")
        screens.close()
    manchengo(place, "verify")
