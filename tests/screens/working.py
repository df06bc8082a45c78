"""A dairy that a browser and the command line share, and somebody who works there."""

import os
import subprocess
from functools import partial
from pathlib import Path

from manchengo_cli.main import main
from tests.support import fork_server
from tests.support.browser import Screens
from tests.support.patience import PATIENCE

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
    process = fork_server.start(
        partial(main, words),
        env=os.environ | surroundings(place) | files | variables,
        stderr=subprocess.PIPE,
    )
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    return output


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
