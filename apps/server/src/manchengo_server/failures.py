"""What goes wrong, for the person who runs the server: one sentence, and an exit code that says
where the cause lies. 1: the server or a rule refused. 2: the command line is wrong. 3: the machine.
"""

import os
import sys
import traceback

from manchengo_presenters.language import N_, _
from manchengo_presenters.legible import legible
from manchengo_presenters.storage import storage_sentence
from manchengo_presenters.system_errors import reason

REFUSED, MISUSED, ENVIRONMENT, INTERRUPTED = 1, 2, 3, 130

DEBUG = "MANCHENGO_DEBUG"


class Failure(Exception):
    """``sentence`` is for the reader."""

    def __init__(self, name: str, sentence: str, *, exit_code: int = ENVIRONMENT) -> None:
        super().__init__(name)
        self.name = name
        self.sentence = sentence
        self.exit_code = exit_code


SENTENCES = {
    "DatabaseMissing": N_(
        "There is no server database at {path}. Make one with “manchengo-server init”, "
        "or give its place with --db, MANCHENGO_DATABASE or DATABASE_URL."
    ),
    "NotFounded": N_(
        "{path} holds no plant yet. Begin one with “manchengo-server init --plant NAME”."
    ),
    "AlreadyFounded": N_("{path} holds the plant “{plant}” already. Choose another place."),
    "NotAsSealed": N_(
        "A commit of {path} is not what its author sealed ({commit}), and no backup was made of "
        "it: the one before stands."
    ),
    "DatabaseCorrupt": N_(
        "The database {path} is damaged. Put a backup in its place with “manchengo-server restore”."
    ),
    "ConnectionLost": N_(
        "PostgreSQL does not answer ({detail}). Check that it runs, and that the host and the port "
        "in DATABASE_URL are right."
    ),
    "BadAddress": N_(
        "DATABASE_URL (or MANCHENGO_DATABASE, or --db) is neither a file nor the address of a "
        "PostgreSQL database. Write the address as postgresql://USER:PASSWORD@HOST:5432/DATABASE, "
        "with a port from 1 to 65535, and with %40 for an @ in the password."
    ),
    "WrappingKeyMissing": N_(
        "The keys of this server are sealed under the wrapping key {key_id}, and none was given: "
        "nothing is served. Name its file in MANCHENGO_SERVER_KEY_FILE, or set "
        "MANCHENGO_SERVER_KEY or MANCHENGO_SERVER_KEYRING."
    ),
    "WrongWrappingKey": N_(
        "The keys of this server are sealed under the wrapping key {key_id}, and {given} was "
        "given: nothing is served. Give that one: a copy of it is in the safe."
    ),
    "SealBroken": N_(
        "A key of this server ({purpose}) is not what was sealed: somebody changed the database. "
        "Nothing is served. Put a backup in its place with “manchengo-server restore”."
    ),
    "KeysInClear": N_(
        "A wrapping key is given, and a key of this server ({purpose}) is stored in clear: nothing "
        "is served. Seal the keys once, with “manchengo-server keys wrap”. Where that was done "
        "before, somebody changed the database: put a backup in its place."
    ),
    "NoWrappingKey": N_(
        "A plant in PostgreSQL needs a wrapping key, under which the server's keys are sealed. "
        "Make one with “manchengo-server keys new FILE” and name the file in "
        "MANCHENGO_SERVER_KEY_FILE. For a trial, say --clear."
    ),
    "WrappingKeyFileMissing": N_(
        "The file {path} with the server's wrapping key does not exist. Check its path, or put the "
        "file back from the safe: without it nobody can read the server's keys."
    ),
    "WrappingKeyExposed": N_(
        "Other users of this computer can read or change {path}, the server's wrapping key. Keep "
        "it for its owner alone (chmod 600); where somebody may have read it, make another one."
    ),
    "NotAWrappingKey": N_(
        "{path} holds no wrapping key: that is 64 hexadecimal digits. “manchengo-server keys new "
        "FILE” makes one."
    ),
    "NotInKeyring": N_(
        "The keyring of this computer holds no wrapping key of this server. Put the keyring's "
        "backup back; a new server gets a key with “manchengo-server keys new --keyring”."
    ),
    "AlreadyInKeyring": N_(
        "The keyring of this computer keeps a wrapping key of this server already, or keeps "
        "nothing. It was left as it is."
    ),
    "StorageError": N_(
        "The database {path} cannot be used ({fault}). Try again; if it stays, restore a backup."
    ),
}


def failure(fault: str, /, **facts: object) -> Failure:
    """The failure of that name, its sentence filled in."""
    return Failure(fault, storage_sentence(fault, SENTENCES, facts))


def report(error: Exception) -> int:
    """Prints one sentence on standard error, and returns the exit code."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    sentence, code = _sentence(error)
    print(legible(sentence), file=sys.stderr)
    return code


def _sentence(error: Exception) -> tuple[str, int]:
    from manchengo_server.errors import (  # late: what failed has loaded it
        NotEmpty,
        Recovering,
        TurnedDown,
    )

    if isinstance(error, Failure):
        return error.sentence, error.exit_code
    if isinstance(error, NotEmpty):
        return _(
            "The plant has a device already: give a code for a user, with “manchengo-server code”."
        ), REFUSED
    if isinstance(error, Recovering):
        return _(
            "The server was put back from a backup and takes back what it lacks: nothing else "
            "comes into its log. Type “manchengo-server begin-epoch” once the devices have come, "
            "then this command again."
        ), REFUSED
    if isinstance(error, TurnedDown):
        return _("The server refuses: {code}.").format(code=error.code), REFUSED
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return _("The computer refused: {what}{where}.").format(
            what=reason(error), where=where
        ), ENVIRONMENT
    return _(
        "This is a fault of Manchengo, not yours: {name}. "
        "Run it again with {variable}=1 and send what it prints to whoever looks after the program."
    ).format(name=type(error).__name__, variable=DEBUG), ENVIRONMENT
