"""The command that the rows of one entry stand for: something new, a change, or none."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from attrs import frozen

from manchengo.commands import Command
from manchengo.domain.ids import CommitId
from manchengo.ports.ids import Ids
from manchengo_files.codes import Codes
from manchengo_files.kinds import Kind
from manchengo_files.kinds.line import Line, heading_of
from manchengo_files.kinds.update import Change, Objection, completed, missing_fields
from manchengo_presenters.language import _

L = TypeVar("L", bound=Line)

NOT_RECORDED = "unknown"


@frozen(kw_only=True)
class RowCommand:
    """``command`` and its id: None where nothing is left to do. ``change``: what it changes in the
    register. ``objections``: why it must not be executed.
    """

    command: Command | None = None
    command_id: CommitId | None = None
    change: Change | None = None
    objections: Sequence[Objection] = ()


NOTHING_TO_DO = RowCommand()


def row_command(
    kind: Kind[L],
    lines: Sequence[L],
    codes: Codes,
    ids: Ids,
    *,
    new_id: CommitId | None,
    changing_on: date | None,
) -> RowCommand:
    """The command of these lines. ``new_id``: the id of a new entry; None where these lines were
    imported before. ``changing_on``: the day of an update; None where the import may not change
    what is registered.
    """
    change = kind.change(lines, codes, changing_on) if kind.change and changing_on else None
    if change is None:
        return _something_new(kind, lines, codes, ids, new_id)
    if change.objections or change.command is None:
        return RowCommand(objections=change.objections)
    # Not derived from the row: prices go up and down, and the same row may change them again.
    return RowCommand(command=change.command, command_id=CommitId(ids.new()), change=change)


def _something_new(
    kind: Kind[L], lines: Sequence[L], codes: Codes, ids: Ids, new_id: CommitId | None
) -> RowCommand:
    if new_id is None:
        return NOTHING_TO_DO
    if kind.complete is not None:
        (line,) = lines
        missing = missing_fields(line, kind.complete)
        if missing:
            return RowCommand(objections=[_incomplete(kind, missing)])
        lines = [completed(line, kind.complete)]
    return RowCommand(command=kind.command(lines, codes, ids), command_id=new_id)


def _incomplete(kind: Kind[L], missing: Sequence[str]) -> Objection:
    message = _(
        "Nothing is recorded under this code: check it. To register something new, fill in "
        "{columns} as well."
    ).format(columns=", ".join(heading_of(kind.line, name) for name in missing))
    return Objection(field=next(iter(kind.line.model_fields)), rule=NOT_RECORDED, message=message)
