"""The people of the tests: one passphrase for all, and sessions in a folder of the test run.

``MANCHENGO_PIN_FILE`` says the passphrase wherever a command asks for one, so that a test which is
about something else acts as whom it names. Tests of signing in take it away.
"""

import os
import shutil
from pathlib import Path
from uuid import UUID

import pytest

from manchengo.domain.ids import DeviceId
from manchengo_workplace.people_file import people_file
from manchengo_workplace.session_file import SessionFile

PASSPHRASE = "trois fromages et un chat"


def say_the_passphrase(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Whatever runs from here on finds the passphrase, and keeps its sessions in that folder."""
    phrase = folder / "phrase"
    phrase.write_text(PASSPHRASE, encoding="utf-8")
    folder.chmod(0o700)
    patch.setenv("MANCHENGO_PIN_FILE", str(phrase))
    patch.setenv("XDG_RUNTIME_DIR", str(folder))


def bring_people(database: Path, copy: Path) -> None:
    """What a copy of the database leaves behind: the keys of its people, and their session."""
    shutil.copyfile(people_file(database), people_file(copy))
    if session_of(database).exists():
        shutil.copyfile(session_of(database), session_of(copy))


def copy_database(database: Path, copy: Path) -> None:
    """A database in clear that nobody has open, with the keys and the session of its people."""
    shutil.copyfile(database, copy)
    bring_people(database, copy)


def session_of(database: Path) -> Path:
    """The file of the session at that database."""
    nobody = DeviceId(UUID(int=0))
    return SessionFile(database=database, family_id=nobody, key=None).path


def sign_out(database: Path) -> None:
    """Forget the session, as if it had never begun."""
    session_of(database).unlink(missing_ok=True)


def says_nothing(patch: pytest.MonkeyPatch) -> None:
    """From here on nothing says a passphrase."""
    patch.delenv("MANCHENGO_PIN_FILE")
    assert "MANCHENGO_PIN_FILE" not in os.environ
