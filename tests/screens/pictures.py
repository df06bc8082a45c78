"""Pictures of the screens, to be looked at: ``python3 dev.py pictures FOLDER [--only TOUR]``.

A picture proves nothing that nobody has looked at, so no test compares them.
"""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen
from playwright.sync_api import Browser

from manchengo_desktop.demo import Demo, demo_dairy
from tests.screens import names
from tests.screens.names import Naming
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
    price_lists,
    production,
    recall,
    recipes,
    registers,
    sales,
    settings,
    stock_count,
    synchronisation,
    window,
)
from tests.screens.tours.taking import Take, sign_in
from tests.screens.two_devices import recorded_apart
from tests.support.browser import PROGRAM, Screens, browsing, served


@frozen(kw_only=True)
class Look:
    """``width`` and ``height``: of the window, in pixels. ``naming``: what the demonstration calls
    things. ``program``: the module that shows the screens.
    """

    width: int = 1280
    height: int = 720
    dark: bool = False
    naming: Naming = str
    program: str = PROGRAM


LOOKS = {
    "light": Look(),
    "dark": Look(dark=True),
    "narrow": Look(width=900),
    "wide": Look(width=1920, height=1080),
}
NAMED = {
    "long": Look(naming=names.long),
    "long-narrow": Look(width=900, naming=names.long),
    "arabic": Look(naming=names.arabic),
    "right-to-left": Look(naming=names.arabic, program="tests.screens.right_to_left"),
}
"""Looks of the tours where names are shown, which lead to nothing by a name."""

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
    "price_lists": price_lists.tour,
    "recipes": recipes.tour,
    "audit": audit.tour,
    "care": care.tour,
    "recall": recall.tour,
    "settings": settings.tour,
    "people": people.tour,
    "synchronisation": synchronisation.tour,
}
"""Each begins on the dashboard of a filled dairy that nobody else has touched."""

PREPARED: dict[str, Callable[[Demo], AbstractContextManager[None]]] = {
    "synchronisation": recorded_apart
}
"""What is done with the dairy before some of them."""

SHOW_NAMES = (
    *("lots", "sales", "invoices", "payments", "deliveries", "production", "registers"),
    *("price_lists", "synchronisation"),
)


def main(words: list[str] | None = None) -> None:
    """Take all of them, or those of one tour."""
    parser = argparse.ArgumentParser(prog="dev.py pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where they are put; it is made if it is missing")
    parser.add_argument("--only", choices=[FIRST_START, *TOURS], help="the pictures of one tour")
    parser.add_argument("--look", choices=[*LOOKS, *NAMED], help="the pictures of one look")
    asked = parser.parse_args(words)
    asked.folder.mkdir(parents=True, exist_ok=True)
    chosen = [asked.only] if asked.only else [FIRST_START, *TOURS]
    with browsing() as browser:
        for name in chosen:
            for look in [*LOOKS, *(NAMED if name in SHOW_NAMES else ())]:
                if asked.look not in (None, look):
                    continue
                if name == FIRST_START:
                    _empty(browser, look, asked.folder)
                else:
                    _filled(browser, look, asked.folder, name)


def _empty(browser: Browser, look: str, folder: Path) -> None:
    with (
        TemporaryDirectory() as place,
        served(environment={"MANCHENGO_DB": str(Path(place) / "atelier.db")}) as url,
    ):
        _shown(browser, url, look, folder, first_start.tour)


def _filled(browser: Browser, look: str, folder: Path, name: str) -> None:
    of = (LOOKS | NAMED)[look]
    with (
        names.demo_named(of.naming),
        demo_dairy() as dairy,
        PREPARED.get(name, nullcontext)(dairy),
        served(environment={"MANCHENGO_DB": str(dairy.path)}, program=of.program) as url,
    ):

        def signed_in(screens: Screens, take: Take) -> None:
            sign_in(screens, take, dairy)
            TOURS[name](screens, take)

        _shown(browser, url, look, folder, signed_in)


def _shown(browser: Browser, url: str, look: str, folder: Path, tour: Tour) -> None:
    of = (LOOKS | NAMED)[look]
    screens = Screens(browser, url, width=of.width, height=of.height, dark=of.dark)

    def take(name: str) -> None:
        screens.page.wait_for_timeout(SETTLED)
        path = folder / f"{name}-{look}.png"
        screens.page.screenshot(path=path)
        print(path)

    tour(screens, take)
    screens.close()


if __name__ == "__main__":
    main()
