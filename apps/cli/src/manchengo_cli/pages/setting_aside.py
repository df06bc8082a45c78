"""What nobody here can read is set aside, and taken up again."""

from collections.abc import Iterable

from manchengo.application.choices import Choices
from manchengo.commands import SetAsideParked, TakeUpParked
from manchengo.ports.store import Snapshot
from manchengo_cli.executing import carry_out
from manchengo_cli.output import Part
from manchengo_cli.pages.conflict import decided
from manchengo_cli.pages.conflicts import find
from manchengo_cli.session import Session
from manchengo_presenters.language import _


def set_aside(session: Session, beginning: str, reason: str) -> None:
    """Set aside the parked record whose id begins so."""

    def build(choices: Choices) -> SetAsideParked:
        item = find(choices.snapshot, beginning)
        return SetAsideParked(item_id=item.id, reason=reason, on=choices.day)

    carry_out(session, build, lambda snapshot, command: decided(snapshot, command.item_id))


def take_up(session: Session, beginning: str, reason: str) -> None:
    """Have the record that was set aside, whose id begins so, judged again."""

    def build(choices: Choices) -> TakeUpParked:
        item = find(choices.snapshot, beginning)
        return TakeUpParked(item_id=item.id, reason=reason, on=choices.day)

    def confirmation(_snapshot: Snapshot, _command: TakeUpParked) -> Iterable[Part]:
        yield _("Taken up again: the server judges it as soon as it can read it.")

    carry_out(session, build, confirmation)
