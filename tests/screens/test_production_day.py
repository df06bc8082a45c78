"""A make in the browser: planned, started, poured and completed, on an encrypted database."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from manchengo_desktop.demo import Demo, demo_dairy
from tests.support.browser import Screens, served

pytestmark = pytest.mark.campaign


@pytest.fixture(scope="module")
def dairy() -> Iterator[Demo]:
    with demo_dairy() as demo:
        yield demo


def test_an_order_is_planned_poured_and_completed(dairy: Demo, browser: Browser) -> None:
    with served(environment={"MANCHENGO_DB": str(dairy.path)}) as url:
        screens = Screens(browser, url)
        screens.type("passphrase", dairy.passphrase)
        screens.press("open")
        screens.type("secret", dairy.secret)
        screens.press("enter")
        screens.go("production")

        screens.press("plan")
        screens.choose("product", "Fromage frais nature (FRAIS)")
        screens.type("quantity", "2")
        screens.press("record-plan")

        # It takes 14 L of milk and 20 g of salt, both there.
        screens.press("step-start")
        for _material in range(2):
            screens.press_for("step-pour", "record-step")
            screens.press("record-step")
            screens.gone("record-step")
        screens.press_for("step-complete", "obtained")
        screens.type("obtained", "0,5")
        screens.press("record-step")
        screens.see("doubt-0", "Rendement inattendu")
        screens.type("obtained", "1,9")
        screens.press("record-step")
        code = screens.code_of_first("made-")
        screens.see(f"made-{code}", "1,9\u00a0kg")
        screens.see("state", "terminé")

        # Taken back, it runs again, and what was typed is there.
        screens.press_words("Annuler")
        screens.holds("obtained", "1,9")
        screens.close()
