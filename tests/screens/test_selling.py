"""An order is taken in a browser: what is short is said, and what there is is reserved."""

import pytest
from playwright.sync_api import Browser

from manchengo_desktop.demo import demo_dairy
from tests.screens.tours.taking import sign_in
from tests.support.browser import Screens, served

pytestmark = pytest.mark.campaign


def test_an_order_is_taken_for_what_is_left(browser: Browser) -> None:
    with demo_dairy() as dairy, served(environment={"MANCHENGO_DB": str(dairy.path)}) as url:
        screens = Screens(browser, url)
        sign_in(screens, lambda _name: None, dairy)
        screens.go("sales")
        screens.press("new-sale")
        screens.choose("client", "Épicerie Ziani (C001)")
        screens.choose("product", "Camembert de Draâ Ben Khedda (CAMEMBERT)")
        screens.type("quantity", "900")
        screens.press("add-line")
        screens.see("missing", "Il reste 620")
        screens.press("lower")
        screens.gone("missing")
        screens.press("reserve")
        screens.see("toast", "confirmée")
        screens.see("reserved", "PF-")
        screens.press("back")
        screens.see("sales", "Épicerie Ziani")
        screens.close()
