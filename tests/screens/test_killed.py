"""The program is killed in the middle of a form: nothing is half done, what was typed is there."""

import os
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from manchengo.domain.values import Unit
from manchengo_desktop.compose.device_office import DeviceOffice
from manchengo_presenters import entering
from manchengo_presenters.screens.office import NewDairy
from tests.screens.working import PASSPHRASE, SECRET, at_work, manchengo, surroundings
from tests.support.browser import Screens, served, serving
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.campaign


def begun(place: Path) -> DeviceOffice:
    """A dairy with a supplier and a material, on the database that the screens open."""
    office = DeviceOffice(place / "atelier.db")
    office.create(NewDairy(name="Djurdjura", admin="amina", passphrase=PASSPHRASE, secret=SECRET))
    office.sign_in("amina", SECRET, print)
    office.record(
        lambda choices: entering.new_supplier(choices, "Ferme Belkacem"), lambda _, __: ""
    )
    office.record(
        lambda choices: entering.new_material(choices, "Lait", Unit.L, 3), lambda _, __: ""
    )
    return office


def wait_until_kept(office: DeviceOffice, **typed: str) -> None:
    until = time.monotonic() + PATIENCE
    while not any(typed.items() <= {**each}.items() for each in office.drafts().values()):
        assert time.monotonic() < until, office.drafts()
        time.sleep(0.1)


def test_a_form_goes_on_where_the_program_was_killed(
    place: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    office = begun(place)
    with serving(environment=surroundings(place)) as (url, program):
        screens = Screens(browser, url)
        at_work(screens)
        screens.go("receptions")
        screens.choose("product", "Lait (M001)")
        screens.type("quantity", "1 250,5")
        screens.type("reference", "BL-118")
        wait_until_kept(office, quantity="1 250,5", reference="BL-118")
        os.kill(program, signal.SIGKILL)
        screens.close()
    office.close()
    manchengo(place, "verify")
    assert "MP-" not in manchengo(place, "lots"), "nothing was recorded"

    with served(environment=surroundings(place)) as url:
        screens = Screens(browser, url)
        at_work(screens)
        screens.go("receptions")
        screens.see("resumed", "est revenu")
        screens.holds("quantity", "1 250,5")
        screens.holds("reference", "BL-118")
        screens.choose("supplier", "Ferme Belkacem (F001)")
        screens.press("receive-only")
        screens.see("toast", "1\u202f250,5\u00a0L")
        screens.gone("resumed")
        screens.close()
    assert "MP-" in manchengo(place, "lots")


def test_a_reason_that_was_typed_on_a_page_is_there_again(
    place: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
    office = begun(place)
    manchengo(place, "receive", "M001", "12", "--supplier", "F001")
    with serving(environment=surroundings(place)) as (url, program):
        screens = Screens(browser, url)
        at_work(screens)
        screens.go("lots")
        screens.open_first("lot-", "judge-write_off")
        screens.press("judge-write_off")
        screens.type("reason", "sac percé")
        wait_until_kept(office, reason="sac percé")
        os.kill(program, signal.SIGKILL)
        screens.close()
    office.close()

    with served(environment=surroundings(place)) as url:
        screens = Screens(browser, url)
        at_work(screens)
        screens.go("lots")
        screens.open_first("lot-", "resumed")
        screens.see("resumed", "est revenu")
        screens.holds("reason", "sac percé")
        screens.press("discard")
        screens.gone("resumed")
        screens.holds("reason", "")
        screens.close()
