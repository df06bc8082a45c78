"""The database that the options name, opened as the person they name."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from manchengo_cli.passphrase import Passphrases, PassphrasesAtHand
from manchengo_cli.progress import bar_if_needed
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_workplace import opening
from manchengo_workplace.opening import Glance, Progress, Workplace


def database_path(session: Session) -> Path:
    """``--db``, else ``MANCHENGO_DB``, else the usual place of this computer."""
    given = session.db or os.environ.get("MANCHENGO_DB")
    return Path(given).expanduser() if given else opening.usual_path()


@contextmanager
def opened(
    session: Session, *, by_anyone: bool = False, even_damaged: bool = False
) -> Iterator[Workplace]:
    """``by_anyone``: for what needs no right and must work on a damaged database; ``even_damaged``:
    for what needs one.

    The first opening after an update may make views anew, which a bar shows.
    """
    with ExitStack() as until_closed:
        with bar_if_needed(session, _("Updating the database")) as step:
            place = until_closed.enter_context(
                opening.opened(
                    database_path(session),
                    passphrases=Passphrases(session.passphrase_file),
                    user=session.user or os.environ.get("MANCHENGO_USER"),
                    by_anyone=by_anyone,
                    even_damaged=even_damaged,
                    progress=step,
                )
            )
        yield place


def glanced(session: Session) -> AbstractContextManager[Glance]:
    """A passing look at it, for which nobody is asked anything."""
    return opening.glanced(
        database_path(session), passphrases=PassphrasesAtHand(session.passphrase_file)
    )


def created(
    session: Session, *, admin: str, clear: bool, keyring: bool
) -> AbstractContextManager[Workplace]:
    """A new database with its first administrator."""
    return opening.created(
        database_path(session),
        admin=admin,
        passphrases=Passphrases(session.passphrase_file),
        clear=clear,
        keyring=keyring,
    )


def created_empty(
    session: Session, *, clear: bool, keyring: bool
) -> AbstractContextManager[Workplace]:
    """A new database for what a server knows."""
    return opening.created_empty(
        database_path(session),
        passphrases=Passphrases(session.passphrase_file),
        clear=clear,
        keyring=keyring,
    )


def restored(session: Session, source: Path, progress: Progress | None = None) -> Path | None:
    """The backup in the place of the database; where the one before it was put, if there was."""
    return opening.restored(
        database_path(session),
        source,
        passphrases=Passphrases(session.passphrase_file),
        user=session.user or os.environ.get("MANCHENGO_USER"),
        progress=progress,
    )
