"""The window without a mouse, in a browser: keys that lead everywhere, and a scanner."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from manchengo.domain.label import Label, LabelKind
from manchengo.ports.rows import RawLotRow
from manchengo_desktop.compose import DeviceOffice
from manchengo_desktop.demo import Demo, demo_dairy
from manchengo_qr.payload import label_text
from manchengo_workplace import label_keys
from tests.support.browser import PATIENCE, Screens, served

SAME_SCAN = 2_500
"""Milliseconds after which a code counts again: before, a scanner may have read it twice."""


@pytest.fixture(scope="module")
def dairy() -> Iterator[Demo]:
    with demo_dairy() as dairy:
        yield dairy


@pytest.fixture(scope="module")
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

    # The navigation scrolls to where the keys led.
    for letter, entry in (("j", "go-audit"), ("l", "go-lots")):
        press("g")
        page.wait_for_timeout(200)
        press(letter)
        expect(screens.at(entry).first).to_be_in_viewport(timeout=PATIENCE)
    screens.see("lots")

    # The filter takes the focus, and what is typed next.
    press("/")
    page.wait_for_function("document.activeElement.matches('input, textarea')", timeout=PATIENCE)
    page.keyboard.type("introuvable", delay=80)
    screens.see("clear")
    screens.holds("search", "introuvable")


@pytest.fixture(scope="module")
def labels(dairy: Demo) -> tuple[str, str]:
    """The label of a lot, with the code of the lot."""
    office = DeviceOffice(dairy.path)
    office.open(dairy.passphrase)
    office.sign_in(dairy.person, dairy.secret, print)
    keys = label_keys.printing_keys(office._at_work)
    with office.reading() as snapshot:
        lot = next(row for row in snapshot.rows(RawLotRow) if row.quantity_remaining > 0)
    office.close()
    return label_text(Label(kind=LabelKind.RAW_MATERIAL_LOT, subject=lot.id), keys), lot.code


def test_a_scan_acts_whatever_has_the_focus(screens: Screens, labels: tuple[str, str]) -> None:
    page, (label, code) = screens.page, labels

    # A field has the focus: it holds afterwards what it held before.
    screens.go("receptions")
    screens.type("quantity", "12,5")
    screens.scan(label)
    head = page.get_by_role("group", name=re.compile(code)).first
    expect(head).to_be_attached(timeout=PATIENCE)
    screens.press("back")
    screens.see("receive")
    screens.holds("quantity", "12,5")

    # A button has it: it is not pressed.
    screens.see("find-anything").locator('[role="button"]').first.focus()
    page.wait_for_timeout(SAME_SCAN)
    screens.scan(label.lower())
    screens.gone("finder")
    expect(head).to_be_attached(timeout=PATIENCE)

    # What is none of ours says so, and leads nowhere.
    screens.scan(label[:-1] + ("B" if label[-1] == "C" else "C"))
    screens.see("toast", "Cette étiquette ne vient pas de cette fromagerie")
    expect(head).to_be_attached(timeout=PATIENCE)
