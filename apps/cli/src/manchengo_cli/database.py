"""The database that the options name, opened as the person who signed in."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from manchengo.application.counting import Progress
from manchengo.domain.access import NotPermitted
from manchengo_cli.output import say
from manchengo_cli.passphrase import NewPassphrase, Passphrases, PassphrasesAtHand
from manchengo_cli.person_secret import PersonSecretsTyped
from manchengo_cli.progress import bar_if_needed
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_workplace import opening, passphrase_change, rekeying, restoring
from manchengo_workplace.drawn_code import DrawnCode
from manchengo_workplace.opening import Glance
from manchengo_workplace.sign_in_failures import nobody_signed_in
from manchengo_workplace.workplace import Workplace


def database_path(session: Session) -> Path:
    """``--db``, else ``MANCHENGO_DB``, else the usual place of this computer."""
    given = session.db or os.environ.get("MANCHENGO_DB")
    return Path(given).expanduser() if given else opening.usual_path()


def user_named(session: Session) -> str | None:
    """``--user``, else ``MANCHENGO_USER``: whom the person says they are."""
    return session.user or os.environ.get("MANCHENGO_USER")


@contextmanager
def opened(
    session: Session, *, acts: bool = False, by_anyone: bool = False, even_damaged: bool = False
) -> Iterator[Workplace]:
    """``acts``: for what takes a person; ``by_anyone``: for what needs no right and must work on a
    damaged database; ``even_damaged``: for what needs one.

    The first opening after an update may make views anew, which a bar shows.
    """
    with ExitStack() as until_closed:
        with bar_if_needed(session, _("Updating the database")) as step:
            workplace = until_closed.enter_context(
                opening.opened(
                    database_path(session),
                    passphrases=Passphrases(session.passphrase_file),
                    secrets=PersonSecretsTyped(quiet=session.json),
                    user=user_named(session),
                    acts=acts,
                    by_anyone=by_anyone,
                    even_damaged=even_damaged,
                    progress=step,
                )
            )
        if workplace.is_nobody and not (by_anyone or session.json):
            hint = _(
                "Nobody has identified themselves: prices and contacts are not shown. To see them: "
                "manchengo login"
            )
            say(hint)
        try:
            yield workplace
        except NotPermitted as refusal:
            if not workplace.is_nobody:
                raise
            raise nobody_signed_in() from refusal


def glanced(session: Session) -> AbstractContextManager[Glance]:
    """A passing look at it, for which nobody is asked anything."""
    return opening.glanced(
        database_path(session), passphrases=PassphrasesAtHand(session.passphrase_file)
    )


def created(
    session: Session, *, plant: str, admin: str, recovery: DrawnCode, clear: bool, keyring: bool
) -> AbstractContextManager[Workplace]:
    """A new database with a new plant and its first administrator."""
    return opening.created(
        database_path(session),
        plant=plant,
        admin=admin,
        recovery=recovery,
        passphrases=Passphrases(session.passphrase_file),
        secrets=PersonSecretsTyped(quiet=session.json),
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
        secrets=PersonSecretsTyped(quiet=session.json),
        clear=clear,
        keyring=keyring,
    )


def restored(session: Session, source: Path, progress: Progress | None = None) -> Path | None:
    """The backup in the place of the database; where the one before it was put, if there was."""
    return restoring.restored(
        database_path(session),
        source,
        passphrases=Passphrases(session.passphrase_file),
        secrets=PersonSecretsTyped(quiet=session.json),
        user=user_named(session),
        progress=progress,
    )


def replace_key(session: Session, progress: Progress | None = None) -> None:
    """Another key for the database, under which all of it is encrypted again."""
    rekeying.replace_key(
        database_path(session),
        passphrases=Passphrases(session.passphrase_file),
        secrets=PersonSecretsTyped(quiet=session.json),
        user=user_named(session),
        progress=progress,
    )


def change_passphrase(session: Session, new_file: str | None) -> None:
    """``new_file``: the one that holds the new passphrase, where one was named."""
    passphrase_change.change_passphrase(
        database_path(session),
        passphrases=Passphrases(session.passphrase_file),
        new=NewPassphrase(new_file),
        secrets=PersonSecretsTyped(quiet=session.json),
        user=user_named(session),
    )
