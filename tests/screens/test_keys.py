"""Every key of the office, in a browser: letters, lists, confirming and taking back."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from manchengo_desktop.demo import demo_dairy
from manchengo_presenters.screens.screen import Screen
from manchengo_presenters.screens.screen_table import SCREENS
from tests.support import patience
from tests.support.browser import CHOSEN, FOCUSED, PATIENCE, Screens, served

pytestmark = pytest.mark.campaign

NEW = {
    "r": "receive",
    "p": "record-plan",
    "c": "reserve",
    "b": "sales",
    "f": "deliveries-to-invoice",
}
"""By the letter after N, what is there once it has led somewhere."""

MOVED = "name => document.activeElement.closest(`[flt-semantics-identifier='${name}']`) !== null"


class Office:
    """Somebody at work, with their hands on the keyboard."""

    def __init__(self, screens: Screens) -> None:
        self.screens = screens
        self.press = screens.page.keyboard.press

    def letters(self, *keys: str, sign: Locator) -> None:
        """Press them one after the other, until ``sign`` is there: where the computer is so busy
        that it hears two at once, it takes them for the beginning of a scan.
        """
        until = time.monotonic() + patience.PATIENCE
        while True:
            for key in keys:
                self.press(key)
                self.screens.page.wait_for_timeout(200)
            try:
                sign.first.wait_for(state="attached", timeout=8_000)
                return
            except PlaywrightTimeout:
                if time.monotonic() > until:
                    raise

    def tab_to(self, identifier: str) -> list[str]:
        """Press Tab until that has the focus; all that had it on the way."""
        seen = list[str]()
        while not seen or seen[-1] != identifier:
            before = self.screens.page.evaluate(FOCUSED)
            self.press("Tab")
            moved = f"before => String(({FOCUSED})()) !== String(before)"
            self.screens.page.wait_for_function(moved, arg=before, timeout=PATIENCE)
            seen.append(self.screens.page.evaluate(FOCUSED)[0])
            assert len(seen) < 40, seen
        return seen

    def has_focus(self, identifier: str) -> None:
        self.screens.page.wait_for_function(MOVED, arg=identifier, timeout=PATIENCE)

    def lines(self, beginning: str) -> list[str]:
        found = self.screens.page.locator(f'[flt-semantics-identifier^="{beginning}"]').all()
        return [each.get_attribute("flt-semantics-identifier") or "" for each in found]


@pytest.fixture(scope="module")
def office(browser: Browser) -> Iterator[Office]:
    with (
        demo_dairy() as dairy,
        served(environment={"MANCHENGO_DB": str(dairy.path), "MANCHENGO_LANG": "fr"}) as url,
    ):
        screens = Screens(browser, url)
        screens.type("passphrase", dairy.passphrase)
        screens.press("open")
        screens.type("secret", dairy.secret)
        screens.press("enter")
        screens.see("figure-soon")
        yield Office(screens)
        screens.close()


def test_g_and_n_lead_everywhere(office: Office) -> None:
    screens = office.screens
    for screen, entry in SCREENS.items():
        if entry.letter:
            here = screens.page.locator(f'[flt-semantics-identifier="go-{screen.name.lower()}"]')
            office.letters("g", entry.letter.lower(), sign=here.and_(screens.page.locator(CHOSEN)))
    assert {entry.new.lower() for entry in SCREENS.values() if entry.new} == set(NEW)
    for letter, sign in NEW.items():
        office.letters("n", letter, sign=screens.at(sign))

    # All of them stand in the list that ? shows.
    office.press("?")
    keys = screens.see("keys")
    for words in ("G S", "N F", "Ctrl Z", "Ctrl Entrée", "Échap"):
        expect(keys).to_contain_text(words, timeout=PATIENCE)
    office.press("Escape")
    screens.gone("keys")


def test_a_list_is_worked_with_keys(office: Office) -> None:
    screens = office.screens
    office.letters("g", "l", sign=screens.at("filter-quarantined"))
    screens.chosen_is("filter-all")

    # Enter presses a button that has the focus, and opens no line.
    office.tab_to("filter-soon")
    office.press("Enter")
    screens.chosen_is("filter-soon")
    office.tab_to("filter-all")
    office.press("Enter")
    screens.chosen_is("filter-all")
    screens.see("lots")

    # Tab stops at the list once, and Enter opens the line there.
    assert office.tab_to("list-keys").count("list-keys") == 1
    assert "list-keys" not in office.tab_to("filter-expired")
    first, second = office.lines("lot-")[:2]
    screens.chosen_is(first)
    office.press("ArrowDown")
    screens.chosen_is(second)
    office.has_focus("list-keys")
    office.press("ArrowUp")
    screens.chosen_is(first)
    office.press("ArrowDown")
    screens.chosen_is(second)
    office.press("Enter")
    screens.see("balance")

    # E and T act on the lot that is open.
    office.letters("e", sign=screens.at("save-label"))
    office.press("t")
    screens.see("trace")
    office.press("Escape")
    screens.see("lots")
    screens.chosen_is(second)

    # What is searched with / is opened from its field.
    office.press("/")
    office.has_focus("search")
    screens.page.keyboard.type("chèvre", delay=80)
    screens.holds("search", "chèvre")
    office.press("Enter")
    screens.see("balance")
    office.press("Escape")
    screens.see("lots")


def test_every_line_that_opens_is_opened_with_keys(office: Office) -> None:
    screens = office.screens
    for screen, beginning, sign in (
        (Screen.DASHBOARD, "lot-", "balance"),
        (Screen.RECEPTIONS, "arrival-", "balance"),
        (Screen.PEOPLE, "person-", "act-roles"),
        (Screen.PRICE_LISTS, "entry-", "prices"),
    ):
        screens.go(screen.name.lower())
        screens.chosen_is(beginning + screens.code_of_first(beginning))
        office.press("ArrowDown")
        office.has_focus("list-keys")
        office.press("Enter")
        screens.see(sign)
    office.press("ArrowDown")
    office.has_focus("list-keys")
    office.press("Enter")
    screens.see("record-price")


def test_what_is_typed_is_recorded_and_taken_back_with_keys(office: Office) -> None:
    screens = office.screens
    office.letters("n", "r", sign=screens.at("receive"))
    screens.choose("supplier", "Ferme Aït Oumeziane (F001)")
    screens.choose("product", "Lait de vache cru (LAIT-V)")

    # A letter that is typed leads nowhere, be it in a field or where something is chosen.
    screens.type("reference", "gl e t n p")
    screens.field("supplier").focus()
    for letter in ("g", "l"):
        office.press(letter)
        screens.page.wait_for_timeout(300)
    screens.see("receive")
    office.press("Escape")

    screens.type("quantity", "77")
    office.press("Control+Enter")
    screens.see("toast", "77")
    screens.see("save-label")
    office.press("Control+z")
    screens.see("toast", "Annulé")
    screens.gone("save-label")
    screens.holds("quantity", "77")
