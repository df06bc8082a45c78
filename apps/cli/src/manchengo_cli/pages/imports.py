"""The imports made: what each brought, and whether it was undone."""

from typing import Any

from manchengo.application.imported_commits import undo_in_parts
from manchengo.ports.rows import ImportRow
from manchengo.ports.store import Snapshot
from manchengo_cli.database import opened
from manchengo_cli.executing import execute_all
from manchengo_cli.output import Column, Table, answer, tabled
from manchengo_cli.session import Session
from manchengo_presenters import words
from manchengo_presenters.command_shapes import commit_shape
from manchengo_presenters.formatting import day
from manchengo_presenters.import_words import KINDS, counted
from manchengo_presenters.language import N_, _
from manchengo_workplace import identifiers


def show_imports(session: Session) -> None:
    """Answer the imports, the first one first."""
    with opened(session) as workplace, workplace.dairy.reading() as snapshot:
        rows = list(snapshot.rows(ImportRow))
        answer(
            session,
            shape=lambda: [import_shape(row) for row in rows],
            page=lambda: [imports_table(rows)],
        )


def import_shape(row: ImportRow) -> dict[str, Any]:
    """An import as JSON."""
    return {
        "import": str(row.id),
        "kind": row.kind,
        "file": row.file_name,
        "date": row.day.isoformat(),
        "status": row.status,
        "accepted": row.accepted,
        "unchanged": row.unchanged,
        "refused": row.refused,
        "reason": row.reason,
    }


def find(snapshot: Snapshot, beginning: str) -> ImportRow:
    """The import whose identifier begins so."""
    return identifiers.beginning_with(
        beginning,
        snapshot.rows(ImportRow),
        kind="import",
        ambiguous=(
            "AmbiguousImport",
            N_("Several imports begin with {beginning}: {items}. Give more of it."),
        ),
    )


def imports_table(rows: list[ImportRow]) -> Table:
    """The imports as a table."""
    room = identifiers.shown_length(rows)
    return tabled(
        rows,
        Column(_("Import"), lambda row: row.id.hex[:room]),
        Column(_("Kind"), lambda row: words.word(KINDS, row.kind)),
        Column(_("File"), lambda row: row.file_name),
        Column(_("Date"), lambda row: day(row.day)),
        Column(_("Accepted"), lambda row: counted(row.accepted), figures=True),
        Column(_("Unchanged"), lambda row: counted(row.unchanged), figures=True),
        Column(_("Refused"), lambda row: counted(row.refused), figures=True),
        Column(_("State"), lambda row: words.state("import", row.status)),
        empty=_("Nothing was imported yet. Try “manchengo import suppliers FILE --dry-run”."),
    )


def undo(session: Session, beginning: str, reason: str) -> None:
    """Undo the import whose id begins so."""
    with opened(session, acts=True) as workplace:
        *parts, last = execute_all(
            workplace,
            session,
            lambda choices: undo_in_parts(
                choices.snapshot, find(choices.snapshot, beginning).id, reason
            ),
        )
        commits = [str(each.commit.id) for each in (*parts, last)]
        answer(
            session,
            shape=lambda: (
                commit_shape(last.command, last.commit, last.doubts)
                | ({"commits": commits} if parts else {})
            ),
            page=lambda: [
                _(
                    "The import is undone: what it brought is read as not happened, "
                    "and what it changed is as it was before."
                )
            ],
        )
