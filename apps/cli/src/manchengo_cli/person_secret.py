"""The passphrase or PIN of a person: never on a command line, never shown.

``MANCHENGO_PIN_FILE`` names a file that holds it, for scripts; without one, a terminal asks for it
and shows nothing of what is typed.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path

from manchengo_cli.output import say
from manchengo_cli.own_sentences import SENTENCES
from manchengo_presenters.language import N_, _, ngettext
from manchengo_workplace.failures import Failure, Origin

FILE = "MANCHENGO_PIN_FILE"


@dataclass(frozen=True, kw_only=True)
class PersonSecretsTyped:
    """Implements ``manchengo_workplace.person_secrets.PersonSecrets``. ``quiet``: a program reads
    the answer, and nothing is printed beside it.
    """

    quiet: bool

    def at_hand(self) -> str | None:
        """What the file named in the environment holds; None where none is named. Raises
        ``Failure`` where it cannot be read.
        """
        named = os.environ.get(FILE)
        if not named:
            return None
        try:
            return Path(named).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(
                "PinFileUnreadable",
                N_("The file {path}, named by {variable}, cannot be read. Check its path."),
                {"path": named},
                values={"variable": FILE},
            ) from error

    def existing(self, person: str, *, is_pin: bool) -> str | None:
        """What the person types, unseen; None where there is no terminal."""
        if not is_at_a_terminal():
            return None
        return getpass(_asked(person, is_pin=is_pin))

    def new(self, person: str, *, is_pin: bool, check: Callable[[str], object]) -> str:
        """Typed twice where it is typed."""
        given = self.at_hand()
        if given is not None:
            check(given)
            return given
        if not is_at_a_terminal():
            raise Failure(
                "PinMissing",
                N_(
                    "{user} needs a passphrase or PIN of their own, and there is no terminal to "
                    "choose it at. Put it in a file and name the file in {variable}."
                ),
                {"user": person},
                values={"variable": FILE},
                origin=Origin.REQUEST,
            )
        return typed_twice(_asked_anew(person, is_pin=is_pin), check)

    def wait(self, seconds: float) -> None:
        """Say that it waits, and wait, that many seconds."""
        if not seconds:
            return
        if not self.quiet:
            say(_waiting(round(seconds)))
        time.sleep(seconds)


def typed_twice(question: str, check: Callable[[str], object]) -> str:
    """What is chosen at a terminal, unseen: asked for until it passes ``check`` and is typed alike
    twice.
    """
    while True:
        first = getpass(question)
        try:
            check(first)
        except Failure as weak:
            say(weak.worded(SENTENCES))
            continue
        if getpass(_("The same again: ")) == first:
            return first
        say(_("The two differ: once more."))


def is_at_a_terminal() -> bool:
    """Whether somebody can answer a question here."""
    return sys.stdin is not None and sys.stdin.isatty()


def _waiting(seconds: int) -> str:
    return ngettext(
        "After several wrong tries, the next one waits {count} second.",
        "After several wrong tries, the next one waits {count} seconds.",
        seconds,
    ).format(count=seconds)


def _asked(person: str, *, is_pin: bool) -> str:
    if is_pin:
        return _("PIN of {name}: ").format(name=person)
    return _("Personal passphrase of {name}: ").format(name=person)


def _asked_anew(person: str, *, is_pin: bool) -> str:
    if is_pin:
        return _("PIN to choose for {name}: ").format(name=person)
    return _("Personal passphrase to choose for {name}: ").format(name=person)
