"""The window without a mouse: found, gone to, filtered and left with keys, in a browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from manchengo_desktop.demo import Demo, demo_dairy
from tests.support.browser import PATIENCE, Screens, served


@pytest.fixture(scope="module")
def dairy() -> Iterator[Demo]:
    with demo_dairy() as dairy:
        yield dairy


@pytest.fixture
def screens(browser: Browser, dairy: Demo) -> Iterator[Screens]:
    """Somebody is at work."""
    with served(environment={"MANCHENGO_DB": str(dairy.path), "MANCHENGO_LANG": "fr"}) as url:
        screens = Screens(browser, url)
        screens.type("passphrase", dairy.passphrase)
        screens.press("open")
        screens.type("secret", dairy.secret)
        screens.press("enter")
        screens.see("figure-soon")
        yield screens
        screens.close()


def test_everything_is_reached_with_keys(screens: Screens) -> None:
    page, press = screens.page, screens.page.keyboard.press

    # Found as one types, and gone to.
    press("Control+k")
    screens.see("find")
    page.keyboard.type("vache", delay=80)
    screens.see("hit-0", "Lait de vache")
    press("ArrowDown")
    found = screens.see("hit-1").inner_text()
    press("Enter")
    screens.gone("finder")
    screens.see("balance")
    code = re.search(r"\S+-\d{8}-\S+", found)
    assert code is not None, found
    head = page.get_by_role("group", name=re.compile(code[0])).first
    expect(head).to_be_attached(timeout=PATIENCE)

    # Letters act again, though the field that had the focus is gone.
    press("?")
    screens.see("keys", "Ctrl K")
    press("Escape")
    screens.gone("keys")
    press("Escape")
    screens.see("figure-soon")
    press("g")
    page.wait_for_timeout(200)
    press("l")
    screens.see("lots")

    # The filter takes the focus, and what is typed next.
    press("/")
    page.wait_for_timeout(500)
    page.keyboard.type("introuvable", delay=80)
    screens.see("clear")
    screens.holds("search", "introuvable")
