"""The permissions that a command needs: that of its own work, and those of all that it has done."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from manchengo.application.handlers.resolution import recorded_command
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.codec import Unreadable
from manchengo.commands import COMMANDS, NEEDS, Command, ResolveItem, UndoImport
from manchengo.domain.access import Actor, NotPermitted
from manchengo.domain.aggregates import RESOLUTION
from manchengo.domain.commit import Commit
from manchengo.domain.ids import ResolutionItemId
from manchengo.domain.resolution import Way


def permit(actor: Actor, command: Command) -> None:
    """``NotPermitted`` unless one of the person's roles allows the command."""
    _permit(actor, type(command))


def permit_all(work: UnitOfWork, actor: Actor, command: Command) -> None:
    """``NotPermitted`` unless the person's roles allow the command and all that it has done: who
    may not make cheese does not make it by deciding on a conflict, nor unmake it by undoing an
    import.
    """
    for kind in dict.fromkeys(_done_by(work, command, set())):
        _permit(actor, kind)


def _permit(actor: Actor, kind: type[Command]) -> None:
    permission = NEEDS[kind]
    if not actor.may(permission):
        raise NotPermitted(permission=permission, roles=actor.roles)


def _done_by(work: UnitOfWork, command: Any, seen: set[UUID]) -> Iterator[type[Command]]:
    """The kinds of commands whose work this one does, its own first. ``seen``: the items and
    imports that were looked into, as an item may be about an undoing of the import it came by.
    """
    yield type(command)
    match command:
        case ResolveItem() if command.way is not Way.VOID and command.item_id not in seen:
            seen.add(command.item_id)
            recorded = _recorded_in(work, command.item_id)
            if recorded is not None:
                yield from _done_by(work, recorded, seen)
        case UndoImport() if command.import_id not in seen:
            seen.add(command.import_id)
            for commit in work.snapshot.commits(import_id=command.import_id):
                yield from _recorded_by(work, commit, seen)


def _recorded_in(work: UnitOfWork, item_id: ResolutionItemId) -> Any:
    """The command that the item is about; None where none can be done again."""
    item = work.find(RESOLUTION, item_id)
    commit = work.snapshot.commit(item.opened.commit_id) if item else None
    return _readable(commit) if commit else None


def _recorded_by(work: UnitOfWork, commit: Commit, seen: set[UUID]) -> Iterator[type[Command]]:
    """An import holds very many commits: only a decision, which did something else, is read."""
    schema = COMMANDS.get(commit.command_type)
    if schema is None:  # of a newer program: then nothing is undone
        return
    yield schema.type
    if schema.type is ResolveItem:
        command = _readable(commit)
        if command is not None:
            yield from _done_by(work, command, seen)


def _readable(commit: Commit) -> Any:
    try:
        return recorded_command(commit)
    except Unreadable:
        return None
