"""Taking a recorded step back: which one, by which command, and what was taken back."""

from manchengo import Commit
from manchengo.application.last_recorded import last_recorded
from manchengo.application.undoing import NoSuchEntry
from manchengo.domain.access import Actor
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.executing import warn
from manchengo_cli.output import answer
from manchengo_cli.parameters import LAST
from manchengo_cli.session import Session
from manchengo_presenters import confirmations
from manchengo_presenters.command_shapes import commit_shape
from manchengo_presenters.language import N_
from manchengo_workplace import identifiers
from manchengo_workplace.failures import Failure, Origin
from manchengo_workplace.taking_back import take_back

MOST_LISTED = 10
"""So many commits that begin alike are listed."""


def undo(session: Session, which: str, reason: str) -> None:
    """Take back the commit whose id begins so, or the last one; answer what was taken back."""
    with opened(session, acts=True) as workplace:
        with workplace.dairy.reading() as snapshot:
            commit = _last(snapshot, workplace.actor) if which == LAST else find(snapshot, which)
            taken_back = confirmations.undone(snapshot, commit)
        done = take_back(workplace, commit.id, reason=reason, on=session.on)
        warn(session, done)
        answer(
            session,
            shape=lambda: (
                commit_shape(done.command, done.commit, done.doubts) | {"undone": str(commit.id)}
            ),
            page=lambda: [taken_back],
        )


def find(snapshot: Snapshot, beginning: str) -> Commit:
    """The commit whose identifier begins so; raises ``NoSuchEntry`` where none does."""
    ids = snapshot.commit_ids(*identifiers.all_beginning_with(beginning), limit=MOST_LISTED)
    commits = [commit for commit in map(snapshot.commit, ids) if commit is not None]
    if not commits:
        raise NoSuchEntry(reference=beginning)
    return identifiers.beginning_with(
        beginning,
        commits,
        kind="commit",
        ambiguous=(
            "AmbiguousCommit",
            N_("Several commits begin with {beginning}: {items}. Give more of it."),
        ),
    )


def _last(snapshot: Snapshot, actor: Actor) -> Commit:
    commit = last_recorded(snapshot, actor)
    if commit is None:
        raise Failure(
            "NothingToUndo",
            N_(
                "You have recorded nothing on this device that is not taken back already. To take "
                "back what was recorded elsewhere, name its commit."
            ),
            {},
            origin=Origin.REQUEST,
        )
    return commit
