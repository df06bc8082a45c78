"""Checks that what happened by a commit was its author's to do, by the keys that the log admits.

Whoever keeps the log gives the verdicts. A commit in somebody's name happens only where, at its
place in the log, that person's key is admitted, or where they may record without one. The rule is
the judge's own (``application.authors``); whether the signature is right is checked elsewhere.
"""

from manchengo.application.authors import Author, check_author
from manchengo.application.marks import SERVER_MARK
from manchengo.application.replication.effects_check import TAKEN, ForgedEntry
from manchengo.application.unit_of_work import NeedsNewerProgram, StateCache, UnitOfWork
from manchengo.commands import COMMANDS
from manchengo.domain.commit import Commit, LogEntry
from manchengo.domain.errors import Refused
from manchengo.ports.rows import DeviceRow
from manchengo.ports.store import Snapshot


def must_be_its_authors(snapshot: Snapshot, entry: LogEntry, state_cache: StateCache) -> None:
    """``ForgedEntry`` where the entry happened and was not its author's to do.

    ``snapshot``: people, devices and plant as they are at the entry's place in the log. Of a person
    or a device about whom a newer program wrote, and of what a newer server records by itself, this
    program cannot say: they pass.
    """
    why = _why_not(snapshot, entry, state_cache)
    if why:
        raise ForgedEntry(global_seq=entry.global_seq, commit_id=entry.commit.id, why=why)


def _why_not(snapshot: Snapshot, entry: LogEntry, state_cache: StateCache) -> str:
    commit = entry.commit
    if entry.verdict not in TAKEN:
        return ""
    if commit.command_type not in COMMANDS and _is_of_a_server(snapshot, commit):
        return ""
    try:
        check_author(UnitOfWork(snapshot, state_cache), Author.of(commit))
    except NeedsNewerProgram:
        return ""
    except Refused as refusal:
        return f"it happened, and was not its author's to do: {type(refusal).__name__}"
    return ""


def _is_of_a_server(snapshot: Snapshot, commit: Commit) -> bool:
    device = snapshot.get(DeviceRow, commit.device_id)
    return commit.authorship is None and (device is None or device.mark == SERVER_MARK)
