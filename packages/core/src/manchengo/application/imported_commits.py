"""The commits of an import, from the last to the first, and the parts in which it is undone.

A commit travels whole. The undoing of a hundred thousand rows in one would be larger than what an
exchange carries, so it is several.
"""

from collections.abc import Iterator

from manchengo.application.permitted_snapshot import whole
from manchengo.application.unit_of_work import UnitOfWork
from manchengo.domain.aggregates import IMPORT
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, ImportId
from manchengo.domain.import_batch import ImportBatch, UndoImport
from manchengo.ports.store import Snapshot

PART = 5_000
"""Commits that one command undoes: about two megabytes of events, where rows are lots."""

AT_ONCE = 500


def to_undo(snapshot: Snapshot, batch: ImportBatch, back_to: CommitId | None) -> Iterator[Commit]:
    """The commits of the import whose entries still stand, newest first, down to ``back_to``."""
    for commit in _newest_first(snapshot, batch.id, batch.undone_back_to):
        yield commit
        if commit.id == back_to:
            return


def _newest_first(
    snapshot: Snapshot, import_id: ImportId, before: CommitId | None
) -> Iterator[Commit]:
    while page := snapshot.last_commits_of_import(import_id, before=before, limit=AT_ONCE):
        yield from page
        before = page[-1].id


def standing(snapshot: Snapshot, import_id: ImportId) -> list[CommitId]:
    """Which commits of the import were not undone, newest first."""
    stored = whole(snapshot)
    batch = UnitOfWork(stored).load(IMPORT, import_id)
    return [commit.id for commit in to_undo(stored, batch, None)]


def undo_in_parts(
    snapshot: Snapshot, import_id: ImportId, reason: str, *, part: int | None = None
) -> list[UndoImport]:
    """The commands that undo the whole import together, to be executed in this order: the last rows
    first, ``part`` commits each, ``PART`` when left out. What was undone of it before is left out.
    """
    ids, part = standing(snapshot, import_id), part or PART
    return [
        *(
            UndoImport(import_id=import_id, reason=reason, back_to=ids[end - 1])
            for end in range(part, len(ids), part)
        ),
        UndoImport(import_id=import_id, reason=reason),
    ]
