"""The permissions that a command needs: that of its own work, and those of all that it has done."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from manchengo.application.authors import user_of
from manchengo.application.handlers.resolution import recorded_command
from manchengo.application.imported_commits import to_undo
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.codec import Unreadable
from manchengo.commands import COMMANDS, NEEDS, NEEDS_OF_ONESELF, Command, ResolveItem, UndoImport
from manchengo.domain.access import Actor, NotPermitted, Permission, Role
from manchengo.domain.aggregates import IMPORT, RESOLUTION
from manchengo.domain.commit import Commit
from manchengo.domain.ids import ResolutionItemId
from manchengo.domain.resolution import Way
from manchengo.ports.rows import UserRow


def permit(actor: Actor, command: Command) -> None:
    """``NotPermitted`` unless one of the person's roles allows the command."""
    _permit(actor, _needed(actor, command))


def permit_all(work: UnitOfWork, actor: Actor, command: Command) -> None:
    """``NotPermitted`` unless the person's roles allow the command and all that it has done: who
    may not make cheese does not make it by deciding on a conflict, nor unmake it by undoing an
    import.
    """
    for permission in dict.fromkeys(_needed_by(work, actor, command, set())):
        _permit(actor, permission)


def permit_author(work: UnitOfWork, commit: Commit, command: Any) -> None:
    """``NotPermitted`` unless who recorded it has the right to the command now. A plant without
    people asks nobody.
    """
    actor = author_of(work, commit)
    if actor is not None:
        permit_all(work, actor, command)


def author_of(work: UnitOfWork, commit: Commit) -> Actor | None:
    """Who recorded it, with the roles that they have now: none for somebody unknown or gone. None
    in a plant without people.
    """
    user = user_of(work, commit.user_id)
    if user is None and next(work.snapshot.rows(UserRow, limit=1), None) is None:
        return None
    roles: frozenset[Role] = user.roles if user is not None and user.active else frozenset()
    return Actor(user_id=commit.user_id, device_id=commit.device_id, roles=roles)


def _permit(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise NotPermitted(permission=permission, roles=actor.roles)


def _needed(actor: Actor, command: Any) -> Permission:
    """The permission that this person needs for the command's own work."""
    kind = type(command)
    if kind in NEEDS_OF_ONESELF and command.user_id == actor.user_id:
        return NEEDS_OF_ONESELF[kind]
    return NEEDS[kind]


def _needed_by(
    work: UnitOfWork, actor: Actor, command: Any, seen: set[UUID]
) -> Iterator[Permission]:
    """The permissions for all whose work the command does, its own first. ``seen``: the items and
    imports that were looked into, as an item may be about an undoing of the import it came by.
    """
    yield _needed(actor, command)
    match command:
        case ResolveItem() if command.way is not Way.VOID and command.item_id not in seen:
            seen.add(command.item_id)
            if command.way is Way.ACCEPT:
                yield Permission.MANAGE_KEYS
            recorded = _recorded_in(work, command.item_id)
            if recorded is not None:
                yield from _needed_by(work, actor, recorded, seen)
        case UndoImport() if command.import_id not in seen:
            seen.add(command.import_id)
            batch = work.find(IMPORT, command.import_id)
            for commit in to_undo(work.snapshot, batch, command.back_to) if batch else ():
                yield from _needed_to_undo(work, actor, commit, seen)


def _recorded_in(work: UnitOfWork, item_id: ResolutionItemId) -> Any:
    """The command that the item is about; None where none can be done again."""
    item = work.find(RESOLUTION, item_id)
    commit = work.snapshot.commit(item.opened.commit_id) if item else None
    return _readable(commit) if commit else None


def _needed_to_undo(
    work: UnitOfWork, actor: Actor, commit: Commit, seen: set[UUID]
) -> Iterator[Permission]:
    """An import holds very many commits: only a decision, which did something else, is read."""
    schema = COMMANDS.get(commit.command_type)
    if schema is None:  # of a newer program: then nothing is undone
        return
    yield schema.permission
    if schema.type is ResolveItem:
        command = _readable(commit)
        if command is not None:
            yield from _needed_by(work, actor, command, seen)


def _readable(commit: Commit) -> Any:
    try:
        return recorded_command(commit)
    except Unreadable:
        return None
