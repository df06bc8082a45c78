"""The resolution queue: a person closes an item, and may have it done again on the way."""

from collections.abc import Callable
from typing import Any

import msgspec
from attrs import evolve as changed

from manchengo import codec
from manchengo.application.command_check import check_lengths
from manchengo.application.facts import Facts
from manchengo.application.unit_of_work import UnitOfWork, decoded_event
from manchengo.commands import Command
from manchengo.domain import resolution
from manchengo.domain.access import RegisterUser
from manchengo.domain.aggregates import RESOLUTION
from manchengo.domain.commit import Commit
from manchengo.domain.errors import CommandIdReused
from manchengo.domain.resolution import (
    CannotResolveSo,
    ReportReusedId,
    ResolutionItem,
    ResolveItem,
    SetAsideParked,
    TakeUpParked,
    Way,
)

DECISIONS = (ResolveItem, SetAsideParked, TakeUpParked)
"""The commands by which people decide on items."""


def resolve(
    work: UnitOfWork, command: ResolveItem, *, again: Callable[[UnitOfWork, Command], None]
) -> None:
    """``again`` decides a command: that of the item, as it was recorded or as it is amended. What
    happened is recorded again as it was: a van that left is not given another lot. Only what its
    author signed is accepted for their word.
    """
    item = work.load(RESOLUTION, command.item_id)
    resolved = resolution.resolve(item, command)
    if command.way is Way.ACCEPT and _about(work, item).authorship is None:
        raise _cannot(item, command)
    if command.way is not Way.VOID:
        amended = command_again(work, command)
        if work.facts is None and command.way is not Way.OTHER_LOT:
            work.facts = _facts(work, item, command)
        work.device_id = _about(work, item).device_id  # whose series its number is of
        again(work, amended)
    work.record(RESOLUTION, item.id, resolved)


def set_aside(work: UnitOfWork, command: SetAsideParked) -> None:
    """Sets the parked commit of an item aside."""
    item = work.load(RESOLUTION, command.item_id)
    work.record(RESOLUTION, item.id, resolution.set_aside(item, command))


def take_up(work: UnitOfWork, command: TakeUpParked) -> None:
    """Takes up again what was set aside."""
    item = work.load(RESOLUTION, command.item_id)
    work.record(RESOLUTION, item.id, resolution.take_up(item, command))


def command_again(work: UnitOfWork, command: ResolveItem) -> Command:
    """The command that is done again by that way out; ``CannotResolveSo`` where none is, and
    ``NotWritable`` where nobody could have recorded it.
    """
    item = work.load(RESOLUTION, command.item_id)
    try:
        recorded = recorded_command(_about(work, item))
    except codec.Unreadable as unreadable:
        raise _cannot(item, command) from unreadable
    if isinstance(recorded, DECISIONS):  # it may be about this very item
        raise _cannot(item, command)
    check_lengths(codec.commands.name(recorded), codec.commands.encode(recorded))
    amended: Command = _amended(item, command, recorded)
    return amended


def _facts(work: UnitOfWork, item: ResolutionItem, command: ResolveItem) -> Facts | None:
    """What the commit of the item recorded; ``CannotResolveSo`` where nobody here can read it."""
    try:
        return Facts.of(
            (event.aggregate_id, decoded_event(event)) for event in _about(work, item).events
        )
    except codec.Unreadable as unreadable:
        raise _cannot(item, command) from unreadable


def _cannot(item: ResolutionItem, command: ResolveItem) -> CannotResolveSo:
    return CannotResolveSo(
        way=command.way, command_type=item.opened.command_type, refusal=item.refusal
    )


def _about(work: UnitOfWork, item: ResolutionItem) -> Commit:
    commit = work.snapshot.commit(item.opened.commit_id)
    assert commit is not None, "an item is about a commit of the log"
    return commit


def refuse_reused_id(work: UnitOfWork, command: ReportReusedId) -> None:
    """Never done by itself: the command that had the id first stands."""
    first = work.snapshot.commit(command.command_id)
    raise CommandIdReused(
        command_id=command.command_id,
        recorded=first.command_type if first else "",
        given=command.command_type,
    )


def recorded_command(commit: Commit) -> Any:
    """What its author asked for; ``Unreadable``, which what is nested too deep is as well."""
    try:
        known = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
        if isinstance(known, ReportReusedId):
            return codec.commands.decode(known.command_type, known.command_version, known.command)
    except RecursionError as error:
        raise codec.Damaged(commit.command_type, commit.command_version, str(error)) from error
    return known


def recorded_type(commit: Commit) -> str:
    """The stored name of what its author asked for; of what cannot be read, the name on it."""
    try:
        return codec.commands.name(recorded_command(commit))
    except codec.Unreadable:
        return commit.command_type


def _amended(item: ResolutionItem, command: ResolveItem, recorded: Any) -> Any:
    """The recorded command, with the lot or the code that the person gives instead."""
    taken_output = _taken_output(item, recorded)
    match command.way:
        case Way.OTHER_LOT if hasattr(recorded, "override_reason"):
            return changed(recorded, lot_id=command.lot_id, override_reason=command.reason.strip())
        case Way.OTHER_LOT if hasattr(recorded, "lot_id"):
            return changed(recorded, lot_id=command.lot_id)
        case Way.OTHER_CODE if taken_output is not None:
            renamed = changed(recorded.outputs[taken_output], code=command.code.strip())
            return changed(recorded, outputs=_replaced(recorded.outputs, taken_output, renamed))
        case Way.OTHER_CODE if hasattr(recorded, "code"):
            return changed(recorded, code=command.code.strip())
        case Way.OTHER_CODE if isinstance(recorded, RegisterUser):
            return changed(recorded, name=command.code.strip())
        case Way.RETRY | Way.ACCEPT:
            return recorded
        case _:
            raise _cannot(item, command)


def _taken_output(item: ResolutionItem, recorded: Any) -> int | None:
    """Which lot coming out bears the code that was refused, if it is one of them."""
    refused = msgspec.json.decode(item.facts).get("reference")
    codes = [output.code for output in getattr(recorded, "outputs", ())]
    return codes.index(refused) if refused in codes else None


def _replaced(some: tuple[Any, ...], index: int, one: Any) -> tuple[Any, ...]:
    return (*some[:index], one, *some[index + 1 :])
