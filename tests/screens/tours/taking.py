"""What a tour is given."""

from collections.abc import Callable

from manchengo_desktop.demo import Demo
from tests.support.browser import Screens

Take = Callable[[str], None]
"""Takes a picture under that name."""


def sign_in(screens: Screens, take: Take, dairy: Demo) -> None:
    """To the dashboard of the filled dairy."""
    screens.see("passphrase")
    take("closed")
    screens.type("passphrase", dairy.passphrase)
    screens.press("open")
    screens.see("secret")
    take("sign-in")
    screens.type("secret", dairy.secret)
    screens.press("enter")
    screens.see("figure-soon")
