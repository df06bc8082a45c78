"""Imports: opened, closed, and undone where nothing since depends on them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from manchengo.application.administrators import one_must_remain
from manchengo.application.coded_rows import CODED_ROWS
from manchengo.application.dependants import Undone, dependant_of
from manchengo.application.imported_commits import to_undo
from manchengo.application.undoing import NoSuchEntry
from manchengo.application.unit_of_work import NeedsNewerProgram, UnitOfWork, decoded, not_undone
from manchengo.domain import import_batch as imports
from manchengo.domain.aggregates import AGGREGATES, IMPORT, USER
from manchengo.domain.commit import Commit
from manchengo.domain.ids import CommitId, ImportId
from manchengo.domain.import_batch import (
    EntriesUndone,
    FinishImport,
    SomethingDependsOnIt,
    StartImport,
    UndoImport,
)
from manchengo.ports.rows import (
    CreditNoteRow,
    DeviceRow,
    InvoiceRow,
    RecipeRow,
    Row,
    UserRow,
)
from manchengo.ports.store import Entry

NAMED_ROWS: dict[str, tuple[type[Row], ...]] = {
    **CODED_ROWS,
    "invoice": (InvoiceRow,),
    "credit_note": (CreditNoteRow,),
    "user": (UserRow,),
    "device": (DeviceRow,),
}
"""The rows that hold the code, number or name by which people know a thing."""


def start(work: UnitOfWork, command: StartImport) -> None:
    """Opens an import, to which the commands of its rows belong."""
    work.new(IMPORT, command.import_id)
    work.record(IMPORT, command.import_id, imports.start(command))


def finish(work: UnitOfWork, command: FinishImport) -> None:
    """Closes an import with the counts of its rows."""
    batch = work.load(IMPORT, command.import_id)
    work.record(IMPORT, batch.id, imports.finish(batch, command))


def undo(work: UnitOfWork, command: UndoImport) -> None:
    """Undoes every event of those commits, unless something was recorded on top of one."""
    batch = work.load(IMPORT, command.import_id)
    undone = imports.undo(batch, command)
    commits = list(to_undo(work.snapshot, batch, command.back_to))
    ids = {commit.id for commit in commits}
    if command.back_to is not None and command.back_to not in ids:
        first = work.snapshot.commit(command.back_to)
        if first is None or first.import_id != batch.id:
            raise NoSuchEntry(reference=str(command.back_to))
        raise imports.already_undone(batch, "undo")
    for aggregate_id in _touched(batch.id, commits):
        made = _made_and_still_last(work, batch.id, ids, aggregate_id)
        if made:
            work.undo(aggregate_id, EntriesUndone(import_id=batch.id, entries=made))
    _nothing_rests_on_it(work, batch.id)
    work.record(IMPORT, batch.id, undone)


def _touched(import_id: ImportId, commits: Sequence[Commit]) -> list[UUID]:
    """What those commits were about, the last one that came first. ``commits``: newest first."""
    in_order = dict.fromkeys(
        event.aggregate_id
        for commit in reversed(commits)
        for event in commit.events
        if event.aggregate_id != import_id
    )
    return list(reversed(in_order))


def _made_and_still_last(
    work: UnitOfWork, import_id: ImportId, commits: Collection[CommitId], aggregate_id: UUID
) -> int:
    """How many entries there are of those commits; refused unless nothing came after the first.

    None, where the log refused what the batch recorded.
    """
    stream = work.snapshot.stream(aggregate_id)
    _readable(work, stream)
    in_force = not_undone(stream, decoded(stream))
    made = sum(entry.commit_id in commits for entry in in_force)
    if any(entry.commit_id not in commits for entry in in_force[len(in_force) - made :]):
        later = next(each for each in reversed(in_force) if each.commit_id not in commits)
        by = _main_aggregate(work, later)
        raise _depends(
            work, import_id, later.event.aggregate_type, aggregate_id, by, later.import_id
        )
    return made


def _main_aggregate(work: UnitOfWork, entry: Entry) -> tuple[str, UUID]:
    """What the command of the entry was about: an order, where it took from a lot."""
    commit = work.snapshot.commit(entry.commit_id)
    assert commit is not None, "an entry is part of a stored commit"
    first = commit.events[0] if commit.events else entry.event  # a verdict added an event to it
    return first.aggregate_type, first.aggregate_id


def _readable(work: UnitOfWork, stream: list[Entry]) -> None:
    """Raises ``NeedsNewerProgram`` where a newer program wrote."""
    for entry in stream[:1]:
        kind, aggregate_id = entry.event.aggregate_type, entry.event.aggregate_id
        if kind not in AGGREGATES or not work.reads(AGGREGATES[kind], aggregate_id):
            raise NeedsNewerProgram(kind=kind, reference=str(aggregate_id))


def _nothing_rests_on_it(work: UnitOfWork, import_id: ImportId) -> None:
    undone = [
        Undone(aggregate.name, aggregate_id, before, after)
        for aggregate, aggregate_id, before, after in work.changes()
    ]
    gone = {each.id for each in undone if each.after is None}
    for each in undone:
        by = dependant_of(work, each, besides=gone)
        if by is not None:
            brought_by = work.snapshot.stream(by[1])[0].import_id
            raise _depends(work, import_id, each.kind, each.id, by, brought_by)
    one_must_remain(work, [(each.before, each.after) for each in undone if each.kind == USER.name])


def _depends(
    work: UnitOfWork,
    import_id: ImportId,
    kind: str,
    aggregate_id: UUID,
    by: tuple[str, UUID],
    by_import: ImportId | None,
) -> SomethingDependsOnIt:
    by_kind, by_id = by
    return SomethingDependsOnIt(
        import_id=import_id,
        kind=kind,
        code=_code_of(work, kind, aggregate_id),
        on=None,
        by_kind=by_kind,
        by_code=_code_of(work, by_kind, by_id),
        by_import=by_import if by_import != import_id else None,
    )


def _code_of(work: UnitOfWork, kind: str, aggregate_id: UUID) -> str:
    """By what people call it; a recipe by its product, what has no name by its identifier."""
    if kind == "recipe":
        recipe = work.snapshot.get(RecipeRow, aggregate_id)
        return _code_of(work, "product", recipe.product_id) if recipe else str(aggregate_id)
    for rows in NAMED_ROWS.get(kind, ()):
        row = work.snapshot.get(rows, aggregate_id)
        if row is not None:
            called = [getattr(row, column, "") for column in ("code", "number", "name")]
            return next((str(each) for each in called if each), str(aggregate_id))
    return str(aggregate_id)
