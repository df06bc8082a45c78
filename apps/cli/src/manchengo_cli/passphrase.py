"""The passphrase: never on a command line, never shown.

``--passphrase-file`` or ``MANCHENGO_PASSPHRASE_FILE`` name a file that holds it,
``MANCHENGO_PASSPHRASE`` is it; with none of them, a terminal asks for it and shows nothing of what
is typed.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path

from manchengo_cli.person_secret import is_at_a_terminal, typed_twice
from manchengo_presenters.language import N_, _
from manchengo_workplace.failures import Failure

FILE, VARIABLE = "MANCHENGO_PASSPHRASE_FILE", "MANCHENGO_PASSPHRASE"
NEW_FILE, NEW_VARIABLE = "MANCHENGO_NEW_PASSPHRASE_FILE", "MANCHENGO_NEW_PASSPHRASE"


@dataclass(frozen=True)
class Passphrases:
    """``file``: the one named on the command line."""

    file: str | None

    def existing(self, database: Path) -> str:
        """The passphrase of that database: from a file or the environment, else asked for."""
        given = _given(self.file)
        return _typed(database) if given is None else given

    def new(self, database: Path, *, check: Callable[[str], object]) -> str:
        """Typed twice where it is typed."""
        return _checked(_given(self.file), database, check)


@dataclass(frozen=True)
class NewPassphrase:
    """The one that comes instead. ``file``: the one named on the command line."""

    file: str | None

    def existing(self, database: Path) -> str:
        """None is in use yet."""
        raise AssertionError(f"{database} is not opened with its next passphrase")

    def new(self, database: Path, *, check: Callable[[str], object]) -> str:
        """Typed twice where it is typed."""
        return _checked(_given(self.file, NEW_FILE, NEW_VARIABLE), database, check)


def _typed(database: Path) -> str:
    _at_a_terminal(database)
    return getpass(_("Passphrase of {name}: ").format(name=database.name))


def _checked(given: str | None, database: Path, check: Callable[[str], object]) -> str:
    if given is None:
        _at_a_terminal(database)
        return typed_twice(_("Passphrase to choose: "), check)
    check(given)
    return given


@dataclass(frozen=True)
class PassphrasesAtHand(Passphrases):
    """The same where nobody may be asked."""

    def existing(self, database: Path) -> str:
        """The passphrase of that database, from a file or the environment. Raises ``Failure`` where
        it is in neither.
        """
        given = _given(self.file)
        if given is None:
            raise _missing(database)
        return given


def _given(file: str | None, other_file: str = FILE, variable: str = VARIABLE) -> str | None:
    """What the file holds, or the variable where no file is named; None where neither is."""
    named = file or os.environ.get(other_file)
    if named:
        try:
            return Path(named).expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(
                "PassphraseFileUnreadable",
                N_("The passphrase file {path} cannot be read. Check its path."),
                {"path": named},
            ) from error
    return os.environ.get(variable)


def _at_a_terminal(database: Path) -> None:
    if not is_at_a_terminal():
        raise _missing(database)


def _missing(database: Path) -> Failure:
    return Failure(
        "PassphraseMissing",
        N_(
            "The passphrase of {path} is needed, and there is no terminal to ask for it. "
            "Put it in a file and name the file in {file}, or set {variable}."
        ),
        {"path": str(database)},
        values={"file": FILE, "variable": VARIABLE},
    )
