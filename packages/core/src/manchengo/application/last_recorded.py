"""What a person recorded last at a device, and whether it was taken back there.

The commit that takes another back has an id that follows from that one's: so nobody takes one step
back twice, and what was taken back is known without reading the log.
"""

from collections.abc import Iterator
from uuid import UUID, uuid5

from manchengo.commands import COMMANDS, AdmitOwnKey, FinishImport, StartImport
from manchengo.domain.access import Actor
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, DeviceId
from manchengo.ports.rows import ImportRow
from manchengo.ports.store import Snapshot

AT_ONCE = 32
"""How many commits are read at once."""

TAKE_BACK = {schema.undone_by for schema in COMMANDS.values()}
OF_AN_IMPORT = (StartImport, FinishImport)


def last_recorded(snapshot: Snapshot, actor: Actor) -> Commit | None:
    """The last commit that this person recorded at this device and that was not taken back there;
    None where there is none. What takes another back is passed over, and so are the rows of an
    import that was undone, and the key that a device admits by itself when somebody signs in.
    """
    own = (
        commit
        for commit in _newest_first(snapshot, actor.device_id)
        if commit.user_id == actor.user_id and not _is_passed_over(snapshot, commit)
    )
    return next(own, None)


def id_of_undo(snapshot: Snapshot, commit_id: CommitId, device_id: DeviceId) -> CommitId:
    """The id of the commit that takes that one back at that device. It is stored where that was
    done; where what was stored under it came to nothing, the next id is given.
    """
    attempt = CommitId(uuid5(commit_id, str(device_id)))
    while _came_to_nothing(snapshot, attempt):
        attempt = CommitId(uuid5(attempt, str(device_id)))
    return attempt


def _newest_first(snapshot: Snapshot, device_id: DeviceId) -> Iterator[Commit]:
    page = snapshot.last_commits(device_id, limit=AT_ONCE)
    while page:
        yield from page
        page = snapshot.last_commits(device_id, before=page[-1].sequence, limit=AT_ONCE)


def _is_passed_over(snapshot: Snapshot, commit: Commit) -> bool:
    schema = COMMANDS.get(commit.command_type)
    kind = schema.type if schema else None
    return (
        kind is AdmitOwnKey
        or _is_of_an_undone_import(snapshot, commit, kind)
        or bool(snapshot.known([id_of_undo(snapshot, commit.id, commit.device_id)]))
        or (kind in TAKE_BACK and _takes_another_back(snapshot, commit))
    )


def _is_of_an_undone_import(snapshot: Snapshot, commit: Commit, kind: type | None) -> bool:
    subject: UUID | None = commit.import_id
    if kind in OF_AN_IMPORT:
        subject = next((event.aggregate_id for event in commit.events), None)
    row = snapshot.get(ImportRow, subject) if subject else None
    return row is not None and row.status == "undone"


def _takes_another_back(snapshot: Snapshot, commit: Commit) -> bool:
    earlier = {
        entry.commit_id
        for subject in {event.aggregate_id for event in commit.events}
        for entry in snapshot.stream(subject)
    }
    return any(id_of_undo(snapshot, each, commit.device_id) == commit.id for each in earlier)


def _came_to_nothing(snapshot: Snapshot, commit_id: CommitId) -> bool:
    """Whether that commit is stored, and nothing happened by it."""
    commit = snapshot.commit(commit_id)
    return commit is not None and not any(
        entry.commit_id == commit_id
        for subject in {event.aggregate_id for event in commit.events}
        for entry in snapshot.stream(subject)
    )
