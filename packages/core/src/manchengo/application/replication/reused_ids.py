"""Two devices that do not see each other use one command id.

Where both ask for the same, it is one command. Where they differ, the commit in the log stands and
the other is reported whole: it has no effect until a person has looked at it. A commit never gets
another id so that both take effect.
"""

from collections import Counter
from uuid import UUID, uuid5

from attrs import evolve

from manchengo import codec
from manchengo.commands import COMMANDS
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId
from manchengo.domain.resolution import ReportReusedId
from manchengo.events import EVENTS, Fact

REPORT = next(name for name, schema in COMMANDS.items() if schema.type is ReportReusedId)


def is_same(one: Commit, other: Commit) -> bool:
    """Whether both have the same command and the same events."""
    request = (one.command_type, one.command_version, one.command)
    return request == (other.command_type, other.command_version, other.command) and (
        _facts(one) == _facts(other)
    )


def reported(ours: Commit, theirs: Commit) -> Commit:
    """The commit, not sealed yet, by which this device says what it had recorded under an id that
    the log gives to ``theirs``. Its own id is the same wherever a copy of the commit waits. It is
    the device's word, which no author signed.
    """
    report = ReportReusedId(
        command_id=theirs.id,
        command_type=ours.command_type,
        command_version=ours.command_version,
        command=ours.command,
    )
    event_ids = " ".join(str(event.id) for event in ours.events)
    name = f"{ours.user_id} {ours.on} {ours.command_type} {ours.command.hex()} {event_ids}"
    return evolve(
        ours,
        id=CommitId(uuid5(ours.id, name)),
        command_type=REPORT,
        command_version=codec.commands.version(REPORT),
        command=codec.commands.encode(report),
        authorship=None,
    )


def _facts(commit: Commit) -> Counter[tuple[UUID, str, bytes]]:
    return Counter(
        (event.aggregate_id, event.event_type, event.payload)
        for event in commit.events
        if event.event_type in _NAMES
    )


_NAMES = {name for name, schema in EVENTS.items() if isinstance(schema.nature, Fact)}
