"""What an import answers: counts, the first refusals, and where all of them are written."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define, field

from manchengo.application.doubts import Doubt
from manchengo_cli.output import Column, Part, tabled
from manchengo_files import differences
from manchengo_files.differences import Heading
from manchengo_files.error_file import Fault
from manchengo_files.importer import Outcome
from manchengo_files.kinds.update import Change
from manchengo_files.rows import SourceRow
from manchengo_presenters.command_shapes import warning_shape
from manchengo_presenters.formatting import number
from manchengo_presenters.import_words import RowCounts, counts
from manchengo_presenters.language import _, ngettext

SHOWN = 10
"""Refused rows told on the screen; the error file has them all."""

REHEARSED = 1_000
"""Changes shown by a dry run: a person reads all of them."""

LONGEST = 40
"""Characters of a value on the screen."""


@define(kw_only=True)
class Report:
    """``notices``: how the file is read, where a person would not expect it. ``errors``: for each
    refused row, the first column at fault in the order of the file, and all its faults.
    ``warnings``: the rows that went in and are unlikely; ``warned``, how many. ``update``: what is
    recorded may change; ``changes``, what did, field by field, as shapes or else as ``lines`` with
    the row's number; ``changed_fields``, how many there are.
    """

    kind: str
    file: Path
    dry_run: bool
    atomic: bool
    update: bool = False
    keeps_all: bool
    notices: list[str] = field(factory=list)
    errors: list[dict[str, Any]] = field(factory=list)
    warnings: list[dict[str, Any]] = field(factory=list)
    warned: int = 0
    changes: list[dict[str, Any]] = field(factory=list)
    lines: list[tuple[int, str]] = field(factory=list)
    changed_fields: int = 0
    outcome: Outcome = field(factory=Outcome)
    rows: int = 0
    left_aside: Mapping[int, str] = field(factory=dict)
    error_file: Path | None = None

    def add(self, row: SourceRow, faults: Sequence[Fault]) -> None:
        """Count a refused row; it is shown while there is room."""
        if self.keeps_all or len(self.errors) < SHOWN:
            self.errors.append(
                {
                    "row": row.number,
                    "column": faults[0].column,
                    "value": faults[0].value,
                    "rule": str(faults[0].rule),
                    "message": faults[0].message,
                    "faults": [
                        {
                            "column": fault.column,
                            "value": fault.value,
                            "rule": str(fault.rule),
                            "message": fault.message,
                        }
                        for fault in faults
                    ],
                }
            )

    def warn(self, row: SourceRow, doubt: Doubt) -> None:
        """Count a doubtful row; it is shown while there is room."""
        self.warned += 1
        if self.keeps_all or len(self.warnings) < SHOWN:
            self.warnings.append({"row": row.number, **warning_shape(doubt)})

    def add_change(self, row: SourceRow, change: Change, heading: Heading) -> None:
        """Count the fields that a row changes; they are shown while there is room."""
        self.changed_fields += len(change.differences)
        if self.keeps_all:
            self.changes.extend(differences.shapes(row.number, change, heading))
        elif len(self.lines) < (REHEARSED if self.dry_run else SHOWN):
            self.lines.extend((row.number, line) for line in differences.lines(change, heading))

    def shape(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "import_id": str(self.outcome.import_id) if self.outcome.import_id else None,
            "kind": self.kind,
            "file": str(self.file),
            "rows": self.rows,
            "accepted": self.outcome.accepted,
            "changed": self.outcome.changed,
            "unchanged": self.outcome.unchanged,
            "refused": self.outcome.refused,
            "changes": self.changes,
            "notices": self.notices,
            "left_aside": [{"row": row, "why": why} for row, why in self.left_aside.items()],
            "errors": self.errors,
            "warnings": self.warnings,
            "error_file": str(self.error_file) if self.error_file else None,
            "update": self.update,
            "dry_run": self.dry_run,
            "atomic": self.atomic,
        }

    def page(self) -> Iterator[Part]:
        """The report as an operator reads it."""
        yield self._counts()
        if self.lines:
            yield from self._changes()
        if self.errors:
            yield from self._refusals()
        if self.warnings:
            yield from self._warnings()
        yield from self._what_stays()

    def _counts(self) -> str:
        took = self.outcome
        counted = RowCounts(
            rows=self.rows,
            accepted=took.accepted,
            changed=took.changed,
            unchanged=took.unchanged,
            refused=took.refused,
        )
        return counts(counted, is_update=self.update)

    def _changes(self) -> Iterator[Part]:
        stays = not (self.dry_run or (self.atomic and self.outcome.refused))
        heading = (
            ngettext("{count} change:", "{count} changes:", self.changed_fields)
            if stays
            else ngettext(
                "{count} change would be made:",
                "{count} changes would be made:",
                self.changed_fields,
            )
        )
        yield heading.format(count=number(self.changed_fields))
        yield tabled(
            self.lines,
            Column(_("Row"), lambda each: number(each[0]), figures=True),
            Column(_("Change"), lambda each: each[1]),
        )
        if self.changed_fields > len(self.lines):
            more = self.changed_fields - len(self.lines)
            yield ngettext(
                "… and {count} more change.", "… and {count} more changes.", more
            ).format(count=number(more))

    def _refusals(self) -> Iterator[Part]:
        shown = self.errors[:SHOWN]
        yield tabled(
            [
                (number(each["row"]) if fault is each["faults"][0] else "", fault)
                for each in shown
                for fault in each["faults"]
            ],
            Column(_("Row"), lambda each: each[0], figures=True),
            Column(_("Column"), lambda each: each[1]["column"]),
            Column(_("Value"), lambda each: _short(each[1]["value"])),
            Column(_("Why"), lambda each: each[1]["message"]),
        )
        if self.outcome.refused > len(shown):
            more = self.outcome.refused - len(shown)
            yield ngettext(
                "… and {count} more refused row.", "… and {count} more refused rows.", more
            ).format(count=number(more))

    def _warnings(self) -> Iterator[Part]:
        yield ngettext(
            "{count} accepted row to check:", "{count} accepted rows to check:", self.warned
        ).format(count=number(self.warned))
        shown = self.warnings[:SHOWN]
        yield tabled(
            shown,
            Column(_("Row"), lambda each: number(each["row"]), figures=True),
            Column(_("Why"), lambda each: each["message"]),
        )
        if self.warned > len(shown):
            more = self.warned - len(shown)
            yield ngettext(
                "… and {count} more row to check.", "… and {count} more rows to check.", more
            ).format(count=number(more))

    def _what_stays(self) -> Iterator[Part]:
        refused = self.outcome.refused
        if self.dry_run:
            yield _("This was a rehearsal: nothing was recorded.")
        elif self.atomic and refused:
            yield _("Nothing was recorded, since every row must be good (--atomic).")
        elif self.outcome.import_id:
            yield _("To undo it whole: manchengo undo-import {id} --reason “…”").format(
                id=self.outcome.import_id
            )
        if self.error_file and (self.dry_run or self.atomic):
            yield _("The refused rows are in {path}: correct them in your own file.").format(
                path=self.error_file
            )
        elif self.error_file and self.update:
            yield _(
                "The refused rows are in {path}: correct them there, then import it with --update."
            ).format(path=self.error_file)
        elif self.error_file:
            yield _("The refused rows are in {path}: correct them there, then import it.").format(
                path=self.error_file
            )


def _short(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
