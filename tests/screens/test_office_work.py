"""What the office does beside the floor, in a browser: money, what was noted, its own computer."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from manchengo_desktop.demo import Demo, demo_dairy
from tests.support.browser import PATIENCE, Screens, served

pytestmark = pytest.mark.campaign


@pytest.fixture
def dairy() -> Iterator[Demo]:
    with demo_dairy() as dairy:
        yield dairy


def at_work(browser: Browser, url: str, dairy: Demo) -> Screens:
    screens = Screens(browser, url)
    screens.type("passphrase", dairy.passphrase)
    screens.press("open")
    screens.type("secret", dairy.secret)
    screens.press("enter")
    screens.see("go-lots")
    return screens


def reads(screens: Screens, *words: str) -> None:
    """A part of the page is read aloud with these words, in this order."""
    part = screens.page.get_by_role("group", name=re.compile(r"[\s\S]*".join(words)))
    expect(part.first).to_be_attached(timeout=PATIENCE)


def test_an_afternoon_in_the_office(browser: Browser, dairy: Demo) -> None:
    with served(environment={"MANCHENGO_DB": str(dairy.path), "MANCHENGO_LANG": "fr"}) as url:
        screens = at_work(browser, url, dairy)

        # A payment with a typing error is taken back at once, and typed again.
        screens.go("invoices")
        screens.open_first("invoice-", "action-pay")
        screens.press("action-pay")
        screens.type("amount", "1000")
        screens.press("submit")
        screens.see("toast", "enregistré")
        screens.press_words("Annuler")
        screens.see("toast", "Annulé")
        screens.holds("amount", "1000")
        screens.go("payments")
        screens.open_first("payment-", "payment")
        reads(screens, "annulé", "saisi", "par", "erreur")

        # A code that is none of ours is refused; the audit shows it, and its chain is whole.
        screens.go("lots")
        screens.scan("inconnu")
        screens.see("toast", "INCONNU")
        screens.go("audit")
        screens.see("chain", "entière")
        screens.press("filter-scans")
        screens.open_first("record-", "record")
        reads(screens, "Refusé", "INCONNU", "rien de lisible")

        # What is chosen for the computer counts at once, and for the next window from the first.
        screens.go("settings")
        screens.press("theme-dark")
        screens.press("language-en")
        screens.see("go-lots", "Lots")
        screens.see("go-settings", "Settings")
        screens.close()
        another = Screens(browser, url)
        another.see("open", "Open the database")
        another.close()
