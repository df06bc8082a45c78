"""One command of the dairy, from the words typed to the answer: safe to say twice."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from manchengo.commands import Command
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.layout import wrapped
from manchengo_cli.output import Part, answer
from manchengo_cli.session import Session
from manchengo_presenters.command_shapes import commit_shape
from manchengo_presenters.doubts import sentence
from manchengo_presenters.language import _
from manchengo_workplace import proposing
from manchengo_workplace.proposing import Choices, Executed
from manchengo_workplace.workplace import Workplace

C = TypeVar("C", bound=Command)


def carry_out(
    session: Session,
    build: Callable[[Choices], C],
    confirmation: Callable[[Snapshot, C], Iterable[Part]],
) -> None:
    """Executes the command that ``build`` gives; answers its commit in JSON, or what ``told``
    says.
    """
    with opened(session, acts=True) as workplace:
        done = execute(workplace, session, build)
        with workplace.dairy.reading() as snapshot:
            answer(
                session,
                shape=lambda: commit_shape(done.command, done.commit, done.doubts),
                page=lambda: confirmation(snapshot, done.command),
            )


def execute(workplace: Workplace, session: Session, build: Callable[[Choices], C]) -> Executed[C]:
    """What is unlikely about the command is said on standard error, unless the answer is in JSON,
    which says it.
    """
    done = proposing.execute(workplace, build, on=session.on, command_id=session.command_id)
    _warn(session, done)
    return done


def execute_all(
    workplace: Workplace, session: Session, build: Callable[[Choices], Sequence[C]]
) -> list[Executed[C]]:
    """As ``execute``, for several commands that stand or fall together."""
    all_done = proposing.execute_all(workplace, build, on=session.on, command_id=session.command_id)
    for done in all_done:
        _warn(session, done)
    return all_done


def _warn(session: Session, done: Executed[C]) -> None:
    if not session.json:
        for doubt in done.doubts:
            warning = _("Warning: {message}").format(message=sentence(doubt))
            print("\n".join(wrapped(warning)), file=sys.stderr)
