"""People: listed, one registered, a code to begin, and why a passphrase is refused."""

from tests.screens.tours.taking import Take
from tests.support.browser import Screens


def tour(screens: Screens, take: Take) -> None:
    """Begins on the dashboard."""
    screens.go("people")
    screens.see("person-karim")
    take("people")
    screens.press("add-person")
    screens.type("name", "Lynda")
    screens.press("role-sales")
    take("people-register")
    screens.press("register")
    screens.see("act-invite")
    take("person-new")
    screens.press("act-invite")
    screens.see("decide")
    screens.press("decide")
    screens.see("code")
    take("person-code")
    screens.press("act-secret")
    screens.type("secret", "1")
    screens.type("secret_again", "1")
    screens.press("decide")
    take("person-secret-refused")
    screens.press("leave")
    screens.press("back")
    screens.press("person-amina")
    screens.see("keys")
    take("person-keys")
