"""What the storage refuses, told to whoever runs the command.

The keys are the names of the classes in ``manchengo_sqlite.errors``, and a few of our own.
"""

from manchengo_cli.failures import Failure
from manchengo_presenters.language import N_
from manchengo_presenters.storage import storage_sentence

SENTENCES = {
    "DatabaseMissing": N_(
        "There is no database at {path}. Make one with “manchengo init”, "
        "or give its place with --db or MANCHENGO_DB."
    ),
    "DatabaseCorrupt": N_(
        "The database {path} is damaged. Do not write to it any more: "
        "restore a backup with “manchengo restore”."
    ),
    "NotAsSealed": N_(
        "A commit of {path} is not what its author sealed ({commit}), and no backup was made of "
        "it: the one before stands. “manchengo verify” says more."
    ),
    "NoDevice": N_(
        "{path} does not know which device it is on: its making was interrupted. "
        "Delete it and run “manchengo init” again."
    ),
    "StorageError": N_("The database {path} cannot be used."),
}


def failure(name: str, /, **facts: object) -> Failure:
    """The failure of that name, its sentence filled in."""
    sentence = storage_sentence(name, SENTENCES, facts)
    return Failure(name, sentence, {key: str(facts[key]) for key in facts})
