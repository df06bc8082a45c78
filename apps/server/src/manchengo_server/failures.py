"""What is in the way, told to whoever runs the server: one sentence, and an exit code that says
whose doing it is. 1: the server or a rule refused. 2: the command line is wrong. 3: the machine.
"""

import os
import sys
import traceback

from manchengo_presenters.language import N_, _

REFUSED, MISUSED, ENVIRONMENT = 1, 2, 3

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
    "AlreadyThere": N_(
        "Something is at {path} already, and nothing is ever written over. Choose another place."
    ),
    "BackupMissing": N_("There is no backup at {path}. Check the path."),
    "BackupOfAnother": N_(
        "{path} is not a backup of this database, and was left as it was. Choose another place."
    ),
    "BackupAhead": N_(
        "{path} holds what this database does not: it was put to work since, or this database was "
        "restored from an older backup. It was left as it was: choose another place."
    ),
    "BackupUnderOtherKey": N_(
        "{path} does not open with the key of this database, and was left as it was. "
        "Choose another place."
    ),
    "BackupDamaged": N_(
        "The backup {path} is damaged, and was left as it was. Make one at another place."
    ),
    "NotAsSealed": N_(
        "A commit of {path} is not what its author sealed ({commit}), and no backup was made of "
        "it: the one before stands."
    ),
    "NotADatabase": N_("{path} is not a database of Manchengo. Check the path."),
    "NotOurs": N_("{path} is the database of another program. Check the path."),
    "DatabaseCorrupt": N_(
        "The database {path} is damaged. Put a backup in its place with “manchengo-server restore”."
    ),
    "NoPermission": N_("You may not read or write {path}. Ask whoever looks after this computer."),
    "ReadOnlyDatabase": N_(
        "{path} can be read and not written: check the rights of the file and of its folder."
    ),
    "DiskFull": N_("The disk is full: nothing was recorded in {path}. Make room and try again."),
    "DatabaseBusy": N_(
        "Another program has held {path} for too long. Wait until it has finished, and try again."
    ),
    "DatabaseTooNew": N_(
        "{path} was written by a newer Manchengo (version {found} of its tables, this one knows "
        "{supported}). Bring this program up to date."
    ),
    "NeedsKey": N_(
        "{path} is encrypted and its key file is missing. Put {name}.key back beside it, "
        "from a backup for instance: without it nobody can read the database."
    ),
    "NotEncrypted": N_("{path} is not encrypted, and a key file lies beside it. Check the path."),
    "WrongKey": N_("This is not the passphrase of {database}. Nothing was opened: try again."),
    "KeyFileMissing": N_(
        "The key file {path} is missing, or does not hold a passphrase. Put it back from a backup: "
        "without it nobody can read the database."
    ),
    "KeyFileDamaged": N_(
        "The key file {path} is damaged ({detail}). Put it back from a backup: without it nobody "
        "can read the database."
    ),
    "EmptyPassphrase": N_("The passphrase is empty, and would protect nothing. Give another."),
    "ConnectionLost": N_(
        "PostgreSQL does not answer ({detail}). Check that it runs, and that DATABASE_URL is right."
    ),
    "BadAddress": N_("The address of the database is not one. Check DATABASE_URL."),
    "StorageError": N_("The database {path} cannot be used ({fault})."),
}


def failure(fault: str, /, **facts: object) -> Failure:
    """The failure of that name, its sentence filled in."""
    path = str(facts.get("path") or "—")
    told = {"found": "?", "supported": "?", "detail": "?", "plant": "?"}
    told |= {name: str(fact) for name, fact in facts.items()}
    told |= {
        "path": path,
        "name": path.replace("\\", "/").rsplit("/", 1)[-1],
        "database": path.removesuffix(".key"),
        "fault": fault,
    }
    template = SENTENCES.get(fault, SENTENCES["StorageError"])
    return Failure(fault, _(template).format(**told))


def report(error: Exception) -> int:
    """One sentence on standard error, and the exit code; a traceback only for whoever asked."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    sentence, code = _sentence(error)
    print(sentence, file=sys.stderr)
    return code


def _sentence(error: Exception) -> tuple[str, int]:
    from manchengo_server.errors import NotEmpty, TurnedDown  # late: what failed has loaded it

    if isinstance(error, Failure):
        return error.sentence, error.exit_code
    if isinstance(error, NotEmpty):
        return _(
            "The plant has a device already: give a code for a user, with “manchengo-server code”."
        ), REFUSED
    if isinstance(error, TurnedDown):
        return _("The server refuses: {code}.").format(code=error.code), REFUSED
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return _("The computer refused: {what}{where}.").format(
            what=error.strerror or str(error), where=where
        ), ENVIRONMENT
    return _(
        "This is a fault of Manchengo, not yours: {name}. "
        "Run it again with {variable}=1 and send what it prints to whoever looks after the program."
    ).format(name=type(error).__name__, variable=DEBUG), ENVIRONMENT
