"""Takes back what commits did: once, however often it is asked for."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from manchengo.application import undoing
from manchengo.application.choices import Choices
from manchengo.application.handlers.resolution import recorded_command
from manchengo.application.last_recorded import id_of_undo
from manchengo.application.permitted_snapshot import whole
from manchengo.commands import Command
from manchengo.domain.ids import CommitId
from manchengo_presenters.language import _
from manchengo_workplace import proposing
from manchengo_workplace.proposing import Executed
from manchengo_workplace.workplace import Workplace


def take_back(
    workplace: Workplace, commit_id: CommitId, *, reason: str = "", on: date | None = None
) -> Executed[Command]:
    """Carry out the command that takes the commit back, under the id that follows from the commit:
    a second time has no effect, and what was taken back is known. ``on``: today when left out.

    Raises as ``Manchengo.undo_of`` and ``Manchengo.execute``.
    """
    with workplace.dairy.reading() as snapshot:
        chosen = id_of_undo(snapshot, commit_id, workplace.actor.device_id)
    return proposing.execute(
        workplace,
        partial(_command, commit_id=commit_id, chosen=chosen, reason=reason),
        on=on,
        command_id=chosen,
    )


def take_back_all(
    workplace: Workplace, commit_ids: Sequence[CommitId], *, reason: str = ""
) -> list[Executed[Command]]:
    """As ``take_back``, of what was recorded together: the last of them first, and all of them or
    none, in one transaction. Answers in the order of ``commit_ids``.
    """
    newest_first = commit_ids[::-1]
    with workplace.dairy.reading() as snapshot:
        device_id = workplace.actor.device_id
        chosen = {id_of_undo(snapshot, each, device_id): each for each in newest_first}
    done = proposing.execute_in_turn(
        workplace,
        {
            undo_id: partial(_command, commit_id=commit_id, chosen=undo_id, reason=reason)
            for undo_id, commit_id in chosen.items()
        },
    )
    return done[::-1]


def _command(choices: Choices, *, commit_id: CommitId, chosen: CommitId, reason: str) -> Command:
    snapshot = whole(choices.snapshot)
    earlier = snapshot.commit(chosen)
    if earlier is not None:
        recorded: Command = recorded_command(earlier)
        return recorded
    return undoing.undo_of(
        snapshot, commit_id, on=choices.day, reason=reason or _("recorded by mistake")
    )
