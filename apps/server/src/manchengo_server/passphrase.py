"""The passphrase of the database file: from a file, from the environment, or from a terminal.

Never on a command line, never shown.
"""

import sys
from getpass import getpass
from pathlib import Path

from manchengo_presenters.language import _
from manchengo_presenters.strength import weakness
from manchengo_server.failures import MISUSED, Failure
from manchengo_server.settings import Settings


def passphrase(database: Path, settings: Settings) -> str:
    """Of a database that exists."""
    given = _given(settings)
    if given is None:
        _at_a_terminal(database)
        given = getpass(_("Passphrase of {name}: ").format(name=database.name))
    return given


def new_passphrase(database: Path, settings: Settings) -> str:
    """Of one about to be made, typed twice where it is typed. ``Failure`` for a weak one."""
    given = _given(settings)
    return _strong(_chosen(database) if given is None else given, database)


def next_passphrase(database: Path, settings: Settings) -> str:
    """The one that comes instead, as ``new_passphrase``."""
    named = {
        "passphrase_file": settings.new_passphrase_file,
        "passphrase": settings.new_passphrase,
    }
    return new_passphrase(database, settings.model_copy(update=named))


def _chosen(database: Path) -> str:
    _at_a_terminal(database)
    while True:
        first = getpass(_("Passphrase to choose: "))
        if first and getpass(_("The same again: ")) == first:
            return first
        print(_("The two differ: once more."), file=sys.stderr)


def _strong(chosen: str, database: Path) -> str:
    found = weakness(chosen, is_pin=False, known=(database.stem,))
    if found is not None:
        raise Failure("SecretTooWeak", found.sentence, exit_code=MISUSED)
    return chosen


def _given(settings: Settings) -> str | None:
    named = settings.passphrase_file
    if named is not None:
        try:
            return named.expanduser().read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(
                "PassphraseFileUnreadable",
                _("The passphrase file {path} cannot be read. Check its path.").format(path=named),
            ) from error
    return settings.passphrase.get_secret_value() if settings.passphrase else None


def _at_a_terminal(database: Path) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise Failure(
            "PassphraseMissing",
            _(
                "The passphrase of {path} is needed, and there is no terminal to ask for it. "
                "Put it in a file and name the file in {file}, or set {variable}."
            ).format(
                path=database,
                file="MANCHENGO_PASSPHRASE_FILE",
                variable="MANCHENGO_PASSPHRASE",
            ),
        )
