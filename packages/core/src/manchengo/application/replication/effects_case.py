"""An accepted commit, beside the events that the log gives as its effects."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from attrs import frozen

from manchengo import codec, commands
from manchengo.application.handlers.resolution import command_again
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import DEVICE, PLANT, USER
from manchengo.domain.commit import Commit, LogEntry, Recorded
from manchengo.domain.errors import Refused
from manchengo.domain.ids import CommitId
from manchengo.domain.import_batch import EntriesUndone
from manchengo.events import EVENTS
from manchengo.ports.store import Snapshot

RIGHTS = frozenset({USER.name, DEVICE.name, PLANT.name})
"""The aggregates that say who may do what: they change as a commit recorded it and its command asks
for, or not at all.
"""

UNDOING = next(name for name, schema in EVENTS.items() if schema.type is EntriesUndone)
"""The one event that happens to aggregates of every kind."""


def changes_rights(recorded: Recorded) -> bool:
    """Whether the event is about a person, a device or the plant, or is called so."""
    return bool(RIGHTS & {recorded.event_type.partition(".")[0], recorded.aggregate_type})


@frozen
class Effect:
    """An event of an entry. ``event``: None where this program cannot read it."""

    recorded: Recorded
    event: Any

    @classmethod
    def of(cls, recorded: Recorded, *, damaged: bool = False) -> "Effect":
        """Raises ``Damaged`` where the bytes are garbled, unless ``damaged`` ones are expected."""
        try:
            event = codec.events.decode(
                recorded.event_type, recorded.schema_version, recorded.payload
            )
        except codec.UnknownEvent:
            event = None
        except codec.Damaged:
            if not damaged:
                raise
            event = None
        return cls(recorded, event)

    @property
    def subject(self) -> UUID:
        """The aggregate to which it happens."""
        return self.recorded.aggregate_id

    @property
    def kind(self) -> str:
        """The stored name of the event."""
        return self.recorded.event_type

    @property
    def is_of_its_kind(self) -> bool:
        """Whether its stored name belongs to the kind of aggregate that it names."""
        return self.kind == UNDOING or self._kind_of_name == self.recorded.aggregate_type

    @property
    def changes_rights(self) -> bool:
        """Whether it is about users, keys, devices or the plant."""
        return changes_rights(self.recorded)

    @property
    def _kind_of_name(self) -> str:
        return self.kind.partition(".")[0]

    def is_as_recorded(self, other: "Effect") -> bool:
        """Whether it is what was recorded, to the byte or in another version of the same event."""
        mine, theirs = self.recorded, other.recorded
        is_same = (mine.schema_version, mine.payload) == (theirs.schema_version, theirs.payload)
        return is_same or (self.event is not None and self.event == other.event)


@frozen
class Case:
    """An accepted commit: what it recorded, and its effects without those on its own item.
    ``commands``: its command, and the command that it carries out again by resolving an item; None
    where this program cannot read it.
    """

    snapshot: Snapshot
    commit: Commit
    was: Sequence[Effect]
    now: Sequence[Effect]
    commands: Sequence[Any] | None
    global_seq: int

    @classmethod
    def of(cls, snapshot: Snapshot, entry: LogEntry, now: Sequence[Effect]) -> "Case":
        """The case of that entry, whose effects are ``now``."""
        commit = entry.commit
        was = [Effect.of(recorded, damaged=True) for recorded in commit.events]
        return cls(snapshot, commit, was, now, _commands(snapshot, commit), entry.global_seq)

    def recorded_as(self, effect: Effect) -> list[Any]:
        """The recorded events of that kind about the same subject."""
        return [
            each.event
            for each in self.was
            if (each.subject, each.kind) == (effect.subject, effect.kind)
        ]

    def happened(self, subject: UUID) -> list[Effect]:
        """Every event of that aggregate in the log before this entry. The log of whoever verifies
        goes on after it.
        """
        return [
            Effect.of(each.event, damaged=True)
            for each in self.snapshot.stream(subject)
            if self._is_before(each.commit_id)
        ]

    def _is_before(self, commit_id: CommitId) -> bool:
        entry = self.snapshot.entry(commit_id)
        return entry is not None and entry.global_seq < self.global_seq


def _commands(snapshot: Snapshot, commit: Commit) -> list[Any] | None:
    try:
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
        if not isinstance(command, commands.ResolveItem):
            return [command]
    except codec.Unreadable:
        return None
    try:
        return [command, command_again(UnitOfWork(snapshot), command)]
    except (Refused, codec.Unreadable):
        return [command]
