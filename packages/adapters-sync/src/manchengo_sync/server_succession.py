"""Another key of the server: believed where an administrator signed that it comes.

The record is a commit of the log (``ReplaceServerKey``). A server that signs with a key that the
asking device does not know sends these commits with its answer. The device judges them by its own
log: who signed them is admitted there and manages keys there. The server's own word is not enough.
"""

from collections.abc import Sequence

from manchengo import codec
from manchengo.application.authors import Author, check_author, user_of
from manchengo.application.replication.effects_check import TAKEN
from manchengo.application.unit_of_work import NeedsNewerProgram, UnitOfWork
from manchengo.commands import COMMANDS, ReplaceServerKey
from manchengo.domain.access import Permission, holders
from manchengo.domain.aggregates import PLANT
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.errors import Refused
from manchengo.domain.plant import PLANT_ID
from manchengo.ports.store import Snapshot
from manchengo_sync.author_signatures import is_signed_by_its_author
from manchengo_sync.settings import plant_id
from manchengo_sync.signature_runs import is_true

REPLACES = next(name for name, schema in COMMANDS.items() if schema.type is ReplaceServerKey)

MOST_COMMITS = 100
"""How many records of an answer are looked at: a server's key is replaced once in years."""


def key_known_now(snapshot: Snapshot, pinned: str, succession: Sequence[Commit]) -> str:
    """By which key the server is known that was known by ``pinned``: as the log held here says,
    what waits here included, and then as these commits say, as far as they are believed here.
    """
    try:
        plant = UnitOfWork(snapshot).find(PLANT, PLANT_ID)
    except NeedsNewerProgram:
        plant = None
    key = pinned if plant is None else plant.server_key_after(pinned)
    for commit in succession[:MOST_COMMITS]:
        command = _replacement(commit)
        if command is not None and command.former_key == key and _is_believed(snapshot, commit):
            key = command.public_key
    return key


def succession_after(snapshot: Snapshot, key: str) -> tuple[Commit, ...]:
    """The commits of the log by which other keys came after that one, in order."""
    ids = dict.fromkeys(event.commit_id for event in snapshot.stream(PLANT_ID))
    commits = [snapshot.commit(each) for each in ids]
    found = []
    for commit in commits:
        command = _replacement(commit) if commit is not None else None
        if commit is not None and command is not None and command.former_key == key:
            found.append(commit)
            key = command.public_key
    return tuple(found)


def replacement_taken(entry: LogEntry) -> ReplaceServerKey | None:
    """What the entry says of the server's key, where it happened."""
    return _replacement(entry.commit) if entry.verdict in TAKEN else None


def _replacement(commit: Commit) -> ReplaceServerKey | None:
    if commit.command_type != REPLACES:
        return None
    try:
        command = codec.commands.decode(commit.command_type, commit.command_version, commit.command)
    except codec.Unreadable:
        return None
    return command if isinstance(command, ReplaceServerKey) else None


def _is_believed(snapshot: Snapshot, commit: Commit) -> bool:
    """Whether somebody signed it, for this plant, who may replace the key by the log held here."""
    part, own = commit.authorship, plant_id(snapshot)
    if part is None or own is None or part.plant_id != own:
        return False
    if not is_true(commit) or not is_signed_by_its_author(commit):
        return False
    work = UnitOfWork(snapshot)
    try:
        check_author(work, Author.of(commit))
    except (Refused, NeedsNewerProgram):
        return False
    user = user_of(work, commit.user_id)
    return (
        user is not None
        and user.active
        and not user.roles.isdisjoint(holders(Permission.MANAGE_KEYS))
    )
