"""Pictures of the screens, to be looked at: ``python3 dev.py pictures FOLDER [--only TOUR]``.

A picture proves nothing that nobody has looked at, so no test compares them.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from manchengo_desktop.demo import demo_dairy
from tests.screens.tours import (
    audit,
    care,
    deliveries,
    first_start,
    imports,
    invoices,
    lots,
    payments,
    people,
    production,
    recall,
    recipes,
    registers,
    sales,
    settings,
    stock_count,
    window,
)
from tests.screens.tours.taking import Take, sign_in
from tests.support.browser import Screens, browsing, served

LOOKS = {"light": (1280, False), "dark": (1280, True), "narrow": (900, False)}
"""By its name, the width in pixels, and whether it is dark."""

SETTLED = 1_200
"""Milliseconds after which nothing on a screen moves any more."""

Tour = Callable[[Screens, Take], None]

FIRST_START = "first_start"
TOURS: dict[str, Tour] = {
    "lots": lots.tour,
    "sales": sales.tour,
    "invoices": invoices.tour,
    "payments": payments.tour,
    "deliveries": deliveries.tour,
    "stock_count": stock_count.tour,
    "window": window.tour,
    "imports": imports.tour,
    "production": production.tour,
    "registers": registers.tour,
    "recipes": recipes.tour,
    "audit": audit.tour,
    "care": care.tour,
    "recall": recall.tour,
    "settings": settings.tour,
    "people": people.tour,
}
"""Each begins on the dashboard of a filled dairy that nobody else has touched."""


def main(words: list[str] | None = None) -> None:
    """Take all of them, or those of one tour."""
    parser = argparse.ArgumentParser(prog="dev.py pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where they are put; it is made if it is missing")
    parser.add_argument("--only", choices=[FIRST_START, *TOURS], help="the pictures of one tour")
    asked = parser.parse_args(words)
    asked.folder.mkdir(parents=True, exist_ok=True)
    chosen = [asked.only] if asked.only else [FIRST_START, *TOURS]
    with browsing() as browser:
        for name in chosen:
            for look in LOOKS:
                if name == FIRST_START:
                    _empty(browser, look, asked.folder)
                else:
                    _filled(browser, look, asked.folder, TOURS[name])


def _empty(browser: Browser, look: str, folder: Path) -> None:
    with (
        TemporaryDirectory() as place,
        served(environment={"MANCHENGO_DB": str(Path(place) / "atelier.db")}) as url,
    ):
        _shown(browser, url, look, folder, first_start.tour)


def _filled(browser: Browser, look: str, folder: Path, tour: Tour) -> None:
    with demo_dairy() as dairy, served(environment={"MANCHENGO_DB": str(dairy.path)}) as url:

        def signed_in(screens: Screens, take: Take) -> None:
            sign_in(screens, take, dairy)
            tour(screens, take)

        _shown(browser, url, look, folder, signed_in)


def _shown(browser: Browser, url: str, look: str, folder: Path, tour: Tour) -> None:
    width, dark = LOOKS[look]
    screens = Screens(browser, url, width=width, dark=dark)

    def take(name: str) -> None:
        screens.page.wait_for_timeout(SETTLED)
        path = folder / f"{name}-{look}.png"
        screens.page.screenshot(path=path)
        print(path)

    tour(screens, take)
    screens.close()


if __name__ == "__main__":
    main()
