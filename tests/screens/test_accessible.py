"""The screens without eyes and without a mouse: what everything is called, and where Tab leads."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from manchengo_desktop.demo import demo_dairy
from manchengo_presenters.screens.screen_table import SCREENS
from tests.support.browser import PATIENCE, Screens, served


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[tuple[Screens, list[str]]]:
    """Somebody is at work; and what had no name at the door."""
    with (
        demo_dairy() as dairy,
        served(environment={"MANCHENGO_DB": str(dairy.path), "MANCHENGO_LANG": "fr"}) as url,
    ):
        screens = Screens(browser, url)
        screens.see("passphrase")
        nameless = screens.nameless()
        screens.type("passphrase", dairy.passphrase)
        screens.press("open")
        screens.type("secret", dairy.secret)
        screens.press("enter")
        screens.see("figure-soon")
        yield screens, nameless
        screens.close()


def first(screens: Screens, beginning: str) -> str:
    return beginning + screens.code_of_first(beginning)


def test_everything_that_is_pressed_or_typed_in_has_a_name(
    window: tuple[Screens, list[str]],
) -> None:
    screens, at_the_door = window
    nameless = {"door": at_the_door}
    for screen, entry in SCREENS.items():
        if entry.group is None:
            continue
        name = screen.name.lower()
        screens.go(name)
        screens.page.wait_for_load_state("networkidle")
        nameless[name] = screens.nameless()

    screens.go("lots")
    screens.press(first(screens, "lot-"))
    screens.press("judge-write_off")
    screens.see("decide")
    nameless["write-off"] = screens.nameless()

    screens.go("payments")
    screens.press(first(screens, "payment-"))
    screens.see("void")
    nameless["payment"] = screens.nameless()
    screens.press("close")
    screens.press("new-payment")
    screens.press("mode-cheque")
    screens.see("cheque_number")
    nameless["new payment"] = screens.nameless()
    screens.press("leave")

    screens.go("audit")
    screens.press(first(screens, "record-"))
    screens.see("record")
    nameless["record"] = screens.nameless()

    screens.go("products")
    screens.press("entry-AIL-150")
    screens.see("save")
    nameless["product with its history and charts"] = screens.nameless()

    screens.go("recipes")
    screens.press("recipe-AIL-150")
    screens.press("new-version")
    screens.see("record")
    nameless["version of a recipe"] = screens.nameless()

    screens.go("recall")
    screens.type("reference", "LOT")
    nameless["recall"] = screens.nameless()
    assert {screen: found for screen, found in nameless.items() if found} == {}


def test_tab_goes_through_a_form_and_stays_there(window: tuple[Screens, list[str]]) -> None:
    screens, _ = window
    screens.go("payments")
    screens.press("new-payment")
    screens.see("amount")
    modes = [f"mode-{each}" for each in ("cash", "cash_deposit", "cheque", "transfer", "card")]
    way = [*modes, "reference", "leave", "submit"]
    assert screens.tabbed("amount", len(way)) == way

    # Two columns are gone through row by row.
    screens.go("products")
    screens.press("new-entry")
    screens.see("code")
    assert screens.tabbed("name", 4) == ["name_ar", "unit", "unit", "shelf_life_days"]

    # The theme and the lock are at the height of the last fields, and have keys. Behind the button
    # Tab comes to the first fields, which are out of sight, and have no name before they are seen.
    way = screens.tabbed("name", 18)
    assert way[-3:-1] == ["allergens_ar", "save-below"]
    assert not {"mode", "lock"} & set(way)


def test_tab_leads_to_the_button_of_a_form_longer_than_the_window(
    window: tuple[Screens, list[str]],
) -> None:
    screens, _ = window
    screens.go("products")
    screens.press("entry-AIL-150")
    screens.see("save")
    assert screens.tabbed("name", 15)[-2:] == ["allergens_ar", "save-below"]
    screens.go("settings")
    screens.see("save")
    # From here Tab leads to the top of the page, which is higher than the head of the screen.
    assert screens.tabbed("name", 13)[-3:] == ["ai", "save-below", "theme-system"]


def test_the_theme_has_a_key(window: tuple[Screens, list[str]]) -> None:
    screens, _ = window
    screens.go("lots")
    for words in ("Thème sombre", "Thème clair"):
        button = screens.page.get_by_role("button", name=f"{words} (Ctrl ;)")
        expect(button).to_be_attached(timeout=PATIENCE)
        screens.page.keyboard.press("Control+;")
    expect(screens.page.get_by_role("button", name="Thème sombre (Ctrl ;)")).to_be_attached()


def test_what_is_chosen_is_told_without_its_colour(window: tuple[Screens, list[str]]) -> None:
    screens, _ = window
    screens.go("lots")
    under_the_arrows = first(screens, "lot-")
    screens.chosen_is(under_the_arrows)
    assert screens.chosen("lot-") == [under_the_arrows]
    assert screens.chosen("filter-") == ["filter-all"]
    screens.press("filter-quarantined")
    screens.chosen_is("filter-quarantined")
    assert screens.chosen("filter-") == ["filter-quarantined"]
    assert screens.chosen("go-") == ["go-lots"]
