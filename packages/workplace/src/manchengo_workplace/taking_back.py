"""Takes back what a commit did: once, however often it is asked for."""

from datetime import date

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

    def command(choices: Choices) -> Command:
        snapshot = whole(choices.snapshot)
        earlier = snapshot.commit(chosen)
        if earlier is not None:
            recorded: Command = recorded_command(earlier)
            return recorded
        return undoing.undo_of(
            snapshot, commit_id, on=choices.day, reason=reason or _("recorded by mistake")
        )

    return proposing.execute(workplace, command, on=on, command_id=chosen)
