"""What the storage refuses, for whoever is at the screen: which file, why, what to do.

The keys are the names of the errors that the adapters of the storage raise. What to do about some
of them is a command of the app's own: each app says those itself.
"""

from collections.abc import Mapping

from manchengo_presenters.language import N_, _

SENTENCES = {
    "AlreadyThere": N_(
        "Something is at {path} already, and nothing is ever written over. Choose another place."
    ),
    "NotADatabase": N_("{path} is not a database of Manchengo. Check the path."),
    "NotOurs": N_("{path} is the database of another program. Check the path."),
    "DatabaseTruncated": N_(
        "The end of the database {path} is missing (it has {found} bytes), as after a copy "
        "that was cut short. Copy it again, or restore a backup."
    ),
    "NoPermission": N_("You may not read or write {path}. Ask whoever looks after this computer."),
    "ReadOnlyDatabase": N_(
        "{path} can be read and not written: check the rights of the file and of its folder."
    ),
    "DiskFull": N_(
        "The disk is full: nothing more was recorded in {path}. Make room and try again."
    ),
    "DiskFailing": N_(
        "The disk answers with an error for {path} ({detail}). Nothing more was recorded: "
        "make a backup elsewhere and have the disk checked."
    ),
    "DatabaseBusy": N_(
        "Another program has held {path} for too long. Wait until it has finished, and try again."
    ),
    "UsedAfterFork": N_("{path} was opened by another process. Start the command again."),
    "StorageFault": N_(
        "SQLite refused something unforeseen on {path} ({detail}). Nothing more was recorded: try "
        "again. If it stays, send this sentence to whoever looks after the program."
    ),
    "DatabaseTooNew": N_(
        "{path} was written by a newer Manchengo (version {found} of its tables, this one knows "
        "{supported}). Bring this program up to date."
    ),
    "MigrationChanged": N_(
        "{path} went through another step {number} ({name}) than the one shipped here. "
        "Use the program that made it."
    ),
    "MigrationFailed": N_(
        "{path} could not be brought to this version (step {number}, {name}: {detail}). "
        "It is as it was: go on with the program of before, and send this sentence to whoever "
        "looks after the program."
    ),
    "NeedsKey": N_(
        "{path} is encrypted and its key file is missing. Put {name}.key back beside it, "
        "from a backup for instance: without it nobody can read the database."
    ),
    "NotEncrypted": N_("{path} is not encrypted, and a key file lies beside it. Check the path."),
    "WrongKey": N_(
        "This is not the passphrase of {database}. Nothing was opened: try again. Where you are "
        "sure of it, the key file is that of another database: put its own back, from a backup for "
        "instance."
    ),
    "KeyOfAnotherDatabase": N_(
        "The key file beside {path} is that of another database: the passphrase opens it, and its "
        "key does not open {path}. Put its own {name}.key back, from a backup for instance."
    ),
    "EncryptionUnavailable": N_(
        "{path} is encrypted, and SQLCipher is not installed here. Install the package sqlcipher3, "
        "or open it on another computer."
    ),
    "KeyFileMissing": N_(
        "The key file {path} is missing, or does not hold a passphrase. Put it back from a backup: "
        "without it nobody can read the database."
    ),
    "KeyFileDamaged": N_(
        "The key file {path} is damaged ({detail}). Put it back from a backup: without it nobody "
        "can read the database."
    ),
    "KeyFileTooNew": N_("The key file {path} was written by a newer Manchengo: update this one."),
    "FolderMissing": N_(
        "{path} cannot be made: its folder does not exist. Check the path, or plug in the disk."
    ),
    "PassphraseTooShort": N_(
        "The passphrase is too short: it takes {least} characters at least. "
        "Three words that have nothing to do with each other are easy to keep."
    ),
    "EmptyPassphrase": N_("The passphrase is empty, and would protect nothing. Give another."),
    "KeyringMissing": N_(
        "This computer's keyring cannot be used ({detail}). Unlock it, or use a passphrase."
    ),
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
    "BackupMissing": N_("There is no backup at {path}. Check the path."),
}


def storage_sentence(name: str, own: Mapping[str, str], facts: Mapping[str, object]) -> str:
    """The sentence of that name, the app's ``own`` first, filled in; what has none is told as
    ``StorageError``, which ``own`` holds.
    """
    template = own.get(name) or SENTENCES.get(name) or own["StorageError"]
    return _(template).format(**storage_values(name, facts))


def storage_values(name: str, facts: Mapping[str, object]) -> dict[str, str]:
    """What the placeholders of the sentence of that name stand for."""
    path = str(facts.get("path") or "—")
    values = {"found": "?", "supported": "?", "detail": "?", "number": "?"}
    values |= {"name": path.replace("\\", "/").rsplit("/", 1)[-1], "fault": name}
    values |= {key: str(fact) for key, fact in facts.items()}
    return values | {"path": path, "database": path.removesuffix(".key")}
