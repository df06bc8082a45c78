"""What an entry dated in the past changes: shown, and confirmed at the terminal."""

import sys
from collections.abc import Callable, Iterator

import typer

from manchengo.application.choices import Choices
from manchengo.application.past_changes import PastChanges
from manchengo.commands import Command
from manchengo_cli.exit_codes import REFUSED
from manchengo_cli.output import Column, Part, answer, say, tabled
from manchengo_cli.session import Session
from manchengo_presenters.language import _
from manchengo_presenters.past_changes import ChangesInWords, changes_shape, in_words
from manchengo_presenters.refusal_text import sentence
from manchengo_workplace import proposing
from manchengo_workplace.workplace import Workplace


def preview(workplace: Workplace, session: Session, build: Callable[[Choices], Command]) -> None:
    """Answer what the command would change; nothing is recorded."""
    changes = _changes(workplace, session, build)
    with workplace.dairy.reading() as snapshot:
        answer(
            session,
            shape=lambda: changes_shape(snapshot, changes),
            page=lambda: _page(in_words(snapshot, changes), changes),
        )


def confirm(workplace: Workplace, session: Session, build: Callable[[Choices], Command]) -> None:
    """Show what the command would change of the past, if anything, and ask. Ends the program where
    the person says no; what the rules refuse is left to them.
    """
    changes = _changes(workplace, session, build)
    if changes is None or changes.refusal is not None:
        return
    with workplace.dairy.reading() as snapshot:
        say(*_page(in_words(snapshot, changes), changes))
    sys.stderr.write(_("Record it? [y/N] "))
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes", "o", "oui"}:
        say(_("Nothing was recorded."))
        raise typer.Exit(REFUSED)


def _changes(
    workplace: Workplace, session: Session, build: Callable[[Choices], Command]
) -> PastChanges | None:
    return proposing.past_changes_of(workplace, build, on=session.on, command_id=session.command_id)


def _page(words: ChangesInWords, changes: PastChanges | None) -> Iterator[Part]:
    if changes is not None and changes.refusal is not None:
        yield sentence(changes.refusal)
    if words.title:
        yield words.title
    if words.balances:
        yield tabled(
            words.balances,
            Column(_("Lot or product"), lambda line: line.what),
            Column(_("Day"), lambda line: line.day),
            Column(_("Known now"), lambda line: line.before, figures=True),
            Column(_("With this entry"), lambda line: line.after, figures=True),
        )
    yield from words.notes
