"""A dairy that a browser and the command line share, and somebody who works there."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.browser import Screens

PASSPHRASE = "chevre lampe tiroir pont"
SECRET = "nuage vis papier olive"


def surroundings(place: Path) -> dict[str, str]:
    """Of every program that works in that folder."""
    return {
        "MANCHENGO_DB": str(place / "atelier.db"),
        "XDG_RUNTIME_DIR": str(place),
        "MANCHENGO_LANG": "fr",
    }


def manchengo(place: Path, *words: str, **variables: str) -> str:
    """A command of the command line on the same database, and what it answered. ``variables``: of
    its environment, other than those of ``place``.
    """
    files = {
        "MANCHENGO_PASSPHRASE_FILE": str(place / "phrase.txt"),
        "MANCHENGO_PIN_FILE": str(place / "pin.txt"),
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("manchengo"), *words],
        env=os.environ | surroundings(place) | files | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def begin_dairy(screens: Screens) -> None:
    """The first start of a dairy; its administrator is asked to sign in next."""
    screens.press("begin-create")
    screens.type("dairy", "Fromagerie du Djurdjura")
    screens.type("admin", "amina")
    for field in ("passphrase", "passphrase_again"):
        screens.type(field, PASSPHRASE)
    for field in ("secret", "secret_again"):
        screens.type(field, SECRET)
    screens.press("create")
    screens.see("recovery-key")
    screens.press("written-down")


def sign_in(screens: Screens, secret: str = SECRET) -> None:
    """As the person whose name is chosen."""
    screens.type("secret", secret)
    screens.press("enter")


def at_work(screens: Screens) -> None:
    """The database is opened, and its only person has signed in."""
    screens.type("passphrase", PASSPHRASE)
    screens.press("open")
    sign_in(screens)
    screens.see("go-lots")
