"""Checks that the author of a commit had the right to what happened by it, at that place.

The server gives the verdicts, so a device does not rely on them for this: a commit in somebody's
name takes effect only where, at its place in the log, the log admits the key that signed it, or
that person may record without one; and it changes rights only where they have the right to it. The
rules are the judge's own (``application.authors``, ``application.permissions``). Whether the
signature is valid is checked elsewhere.
"""

from manchengo import codec
from manchengo.application.authors import Author, check_author
from manchengo.application.handlers.devices import keys_that_go
from manchengo.application.handlers.resolution import recorded_command
from manchengo.application.marks import SERVER_MARK
from manchengo.application.permissions import author_of, permit_author
from manchengo.application.replication.effects_case import changes_rights
from manchengo.application.replication.effects_check import TAKEN, ForgedEntry
from manchengo.application.unit_of_work import (
    NeedsNewerProgram,
    StateCache,
    UnitOfWork,
    decoded_event,
)
from manchengo.codec import Unreadable
from manchengo.commands import COMMANDS, WithdrawDevice
from manchengo.domain.access import NotPermitted, Permission, UserRegistered, UserRolesChanged
from manchengo.domain.commit import Commit, LogEntry, Recorded
from manchengo.domain.device import DeviceWithdrawn
from manchengo.domain.errors import Refused
from manchengo.domain.genesis import NotTheGenesis, PlantNotFounded
from manchengo.domain.person_keys import KeyWithdrawn
from manchengo.events import EVENTS
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot

DEVICE_WITHDRAWN, KEY_WITHDRAWN = (
    next(name for name, schema in EVENTS.items() if schema.type is kind)
    for kind in (DeviceWithdrawn, KeyWithdrawn)
)

ANOTHER_BEGINNING = (NotTheGenesis, PlantNotFounded)
"""What is refused where a log does not begin with the genesis of its plant."""


def must_be_its_authors(snapshot: Snapshot, entry: LogEntry, state_cache: StateCache) -> None:
    """Raises ``ForgedEntry`` where the entry has effects and its author had no right to them.

    ``snapshot``: the log before the entry. What a newer program recorded about a person or a
    device, and what a newer server records by itself, passes: this program cannot judge it.
    """
    refusal = _why_not(snapshot, entry, state_cache)
    if refusal is not None:
        raise ForgedEntry(
            global_seq=entry.global_seq,
            commit_id=entry.commit.id,
            why=f"it happened, and was not its author's to do: {type(refusal).__name__}",
            code="another_beginning" if isinstance(refusal, ANOTHER_BEGINNING) else "",
        )
    if not _takes_its_keys_along(snapshot, entry, state_cache):
        raise ForgedEntry(
            global_seq=entry.global_seq,
            commit_id=entry.commit.id,
            why="other keys of people are withdrawn than those on the device",
        )


def _why_not(snapshot: Snapshot, entry: LogEntry, state_cache: StateCache) -> Refused | None:
    commit = entry.commit
    if entry.verdict not in TAKEN:
        return None
    if commit.command_type not in COMMANDS and _is_of_a_server(snapshot, commit):
        return None
    work = UnitOfWork(snapshot, state_cache)
    try:
        check_author(work, Author.of(commit))
        if any(changes_rights(event) for event in entry.effects):
            _check_may_give_rights(work, entry)
    except NeedsNewerProgram:
        return None
    except Refused as refusal:
        return refusal
    work.remember()  # the next entry asks about the same people
    return None


def _takes_its_keys_along(snapshot: Snapshot, entry: LogEntry, state_cache: StateCache) -> bool:
    """Whether the keys of people that are withdrawn with a device are those that they had there, as
    the log is before the entry. True of what withdraws no device.
    """
    commit, kinds = entry.commit, {event.event_type for event in entry.effects}
    if not kinds & {DEVICE_WITHDRAWN, KEY_WITHDRAWN}:
        return True
    try:
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
        withdrawn = {
            (event.aggregate_id, decoded_event(event).public_key)
            for event in entry.effects
            if event.event_type == KEY_WITHDRAWN
        }
    except Unreadable:
        return True
    if not isinstance(command, WithdrawDevice):
        return True
    going = keys_that_go(UnitOfWork(snapshot, state_cache), command)
    return withdrawn == ({*going} if DEVICE_WITHDRAWN in kinds else set())


GIVES_RIGHTS = (Permission.MANAGE_PEOPLE, Permission.MANAGE_KEYS, Permission.MANAGE_DEVICES)


def _check_may_give_rights(work: UnitOfWork, entry: LogEntry) -> None:
    """``NotPermitted`` where a right changed by somebody who may not do what their commit asks for.
    Whoever keeps the log could have accepted it. Of a command that this program cannot read, it
    takes all rights over people, keys and devices; over one's own keys, none.
    """
    commit = entry.commit
    if _is_of_a_server(work.snapshot, commit):
        return
    try:
        permit_author(work, commit, recorded_command(commit))
    except Unreadable:
        actor = author_of(work, commit)
        if actor is None or all(_is_of_own_keys(event, commit) for event in entry.effects):
            return
        for permission in GIVES_RIGHTS:
            if not actor.may(permission):
                raise NotPermitted(permission=permission, roles=actor.roles) from None


def _is_of_own_keys(event: Recorded, commit: Commit) -> bool:
    """Whether it is about its author, and no change of their roles, as far as is known here."""
    schema = EVENTS.get(event.event_type)
    is_of_roles = schema is not None and schema.type in (UserRegistered, UserRolesChanged)
    return event.aggregate_id == commit.user_id and not is_of_roles


def _is_of_a_server(snapshot: Snapshot, commit: Commit) -> bool:
    device = snapshot.get(DeviceRow, commit.device_id)
    return commit.authorship is None and (device is None or device.mark == SERVER_MARK)
