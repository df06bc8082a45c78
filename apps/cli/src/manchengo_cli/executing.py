"""One command of the dairy, from the words typed to the answer: safe to say twice."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from manchengo.application.choices import Choices
from manchengo.commands import Command
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.output import Part, Shape, answer, say
from manchengo_cli.person_secret import is_at_a_terminal
from manchengo_cli.session import Session
from manchengo_presenters.command_shapes import commit_shape
from manchengo_presenters.doubts import sentence
from manchengo_presenters.language import _
from manchengo_workplace import proposing
from manchengo_workplace.proposing import Executed
from manchengo_workplace.workplace import Workplace

if TYPE_CHECKING:
    from manchengo_workplace.scan_records import ScanRecord

C = TypeVar("C", bound=Command)


def carry_out(
    session: Session,
    build: Callable[[Choices], C],
    confirmation: Callable[[Snapshot, C], Iterable[Part]],
    *,
    shape_beside: Callable[[Snapshot, C], Shape] | None = None,
    label: Path | None = None,
    scan: "ScanRecord | None" = None,
) -> None:
    """Executes the command that ``build`` gives; answers its commit in JSON, or what
    ``confirmation`` says. ``shape_beside``: what the JSON has beside the commit. ``label``: where
    to write the labels of what it made. ``scan``: from which the command follows. With
    ``--preview``, says what it would change of the past, and records nothing.
    """
    with opened(session, acts=True) as workplace:
        if session.preview:
            from manchengo_cli.pages import past_changes  # late: few ask

            past_changes.preview(workplace, session, build)
            return
        if label is None:
            done, printed = execute(workplace, session, build, scan), ""
        else:
            from manchengo_cli.pages.labels import LabelFile  # late: it loads what draws

            file = LabelFile.of(workplace, label)
            done = execute(workplace, session, build, scan)
            printed = file.write(workplace, done.command)
        with workplace.dairy.reading() as snapshot:
            answer(
                session,
                shape=lambda: {
                    **commit_shape(done.command, done.commit, done.doubts),
                    **(shape_beside(snapshot, done.command) if shape_beside else {}),
                    **({"labels": str(label)} if printed else {}),
                },
                page=lambda: [
                    *confirmation(snapshot, done.command),
                    *filter(None, [printed]),
                ],
            )


def execute(
    workplace: Workplace,
    session: Session,
    build: Callable[[Choices], C],
    scan: "ScanRecord | None" = None,
) -> Executed[C]:
    """What is unlikely about the command is said on standard error, unless the answer is in JSON,
    which says it. One dated in the past is shown and confirmed first, where somebody can answer.
    """
    if session.on is not None and not (session.yes or session.json) and is_at_a_terminal():
        from manchengo_cli.pages import past_changes  # late: few ask

        past_changes.confirm(workplace, session, build)
    done = proposing.execute(
        workplace, build, on=session.on, command_id=session.command_id, scan=scan
    )
    warn(session, done)
    return done


def execute_all(
    workplace: Workplace, session: Session, build: Callable[[Choices], Sequence[C]]
) -> list[Executed[C]]:
    """As ``execute``, for several commands that stand or fall together."""
    all_done = proposing.execute_all(workplace, build, on=session.on, command_id=session.command_id)
    for done in all_done:
        warn(session, done)
    return all_done


def warn(session: Session, done: Executed[C]) -> None:
    """Say what is unlikely about the command on standard error, unless the answer is in JSON."""
    if not session.json:
        for doubt in done.doubts:
            say(_("Warning: {message}").format(message=sentence(doubt)))
