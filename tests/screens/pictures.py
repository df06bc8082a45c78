"""Pictures of the screens, to be looked at: ``python3 dev.py pictures FOLDER``.

A picture proves nothing that nobody has looked at, so no test compares them.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from manchengo_desktop.demo import Demo, demo_dairy
from tests.support.browser import Screens, browsing, served

LOOKS = {"light": (1280, False), "dark": (1280, True), "narrow": (900, False)}
"""By its name, the width in pixels, and whether it is dark."""

SETTLED = 1_200
"""Milliseconds after which nothing on a screen moves any more."""

Take = Callable[[str], None]


def main(words: list[str] | None = None) -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(prog="dev.py pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where they are put; it is made if it is missing")
    folder: Path = parser.parse_args(words).folder
    folder.mkdir(parents=True, exist_ok=True)
    with browsing() as browser, TemporaryDirectory() as empty, demo_dairy() as dairy:
        for look in LOOKS:
            with served(environment={"MANCHENGO_DB": str(Path(empty) / "atelier.db")}) as url:
                _shown(browser, url, look, folder, _first_start)
            with served(environment={"MANCHENGO_DB": str(dairy.path)}) as url:
                _shown(browser, url, look, folder, lambda *asked: _office(*asked, dairy=dairy))


def _shown(
    browser: Browser, url: str, look: str, folder: Path, tour: Callable[[Screens, Take], None]
) -> None:
    width, dark = LOOKS[look]
    screens = Screens(browser, url, width=width, dark=dark)

    def take(name: str) -> None:
        screens.page.wait_for_timeout(SETTLED)
        path = folder / f"{name}-{look}.png"
        screens.page.screenshot(path=path)
        print(path)

    tour(screens, take)
    screens.close()


def _first_start(screens: Screens, take: Take) -> None:
    screens.see("begin-create")
    take("first-start")
    screens.press("begin-create")
    screens.see("create")
    screens.press("create")
    take("first-start-errors")


def _office(screens: Screens, take: Take, *, dairy: Demo) -> None:
    screens.see("passphrase")
    take("closed")
    screens.type("passphrase", dairy.passphrase)
    screens.press("open")
    screens.see("secret")
    take("sign-in")
    screens.type("secret", dairy.secret)
    screens.press("enter")
    screens.see("figure-soon")
    take("dashboard")
    screens.press("go-receptions")
    screens.see("receive")
    take("receptions")
    screens.press("receive")
    take("receptions-errors")
    screens.press("go-lots")
    code = screens.code_of_first("lot-")
    take("lots")
    screens.type("search", "introuvable")
    screens.see("clear")
    take("lots-nothing-fits")
    screens.press("clear")
    screens.press(f"lot-{code}")
    screens.see("balance")
    take("lot")


if __name__ == "__main__":
    main()
