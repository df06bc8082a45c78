"""A file looked at before its rows are read: the sheet, the header, the columns of a kind.

What a person would not expect of it is told by ``notices``.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from manchengo_files.asides import Aside
from manchengo_files.headers import Columns, KnownHeadings, match_header
from manchengo_files.kinds import Kind
from manchengo_files.kinds.line import fields_of
from manchengo_files.kinds.update import BY_UPDATE
from manchengo_files.reading import Reader
from manchengo_files.rows import Sheet
from manchengo_files.sheets import open_sheet
from manchengo_files.unreadable import WrongColumns
from manchengo_presenters.formatting import number
from manchengo_presenters.language import N_, _

SHOWN_ROWS = 10
LEFT_ASIDE = {
    Aside.TOTAL: N_("Left aside, as rows of totals: {rows}."),
    Aside.HEADER: N_("Left aside, as the header again: {rows}."),
}


def readable(file: Path, kind: Kind[Any] | None = None, sheet_name: str | None = None) -> Sheet:
    """The table of that kind in the file, in the sheet of that name. Raises ``UnreadableFile``."""
    least = 2 if kind and kind.complete else 1
    headings = KnownHeadings(fields_of(kind.line), least) if kind else None
    return open_sheet(file, headings, sheet_name=sheet_name)


def understood(sheet: Sheet, kind: Kind[Any], *, by_update: str = BY_UPDATE) -> Columns:
    """Where the columns of that kind are in the file. Raises ``WrongColumns``. ``by_update``: how a
    person has a file change what is recorded.
    """
    columns = match_header(sheet.header, fields_of(kind.line))
    if columns.faults:
        raise WrongColumns(
            path=sheet.path,
            name="ColumnsMissing" if columns.missing else "ColumnsClaimedTwice",
            where=whereabouts(sheet),
            why=" ".join([*columns.faults, columns.found, *_way_out(columns, kind, by_update)]),
            facts={
                "path": str(sheet.path),
                "missing": list(columns.missing),
                "found": [name for name in columns.header if name],
                "row": sheet.place.header_row,
                "sheet": sheet.place.sheet,
                "other_sheets": list(sheet.place.other_sheets),
            },
        )
    if kind.complete and len(columns.positions) < 2:
        raise WrongColumns(
            path=sheet.path,
            name="NothingToUpdate",
            where=whereabouts(sheet),
            why=_("No column beside the code tells what is to change.") + f" {columns.found}",
            facts={
                "path": str(sheet.path),
                "found": [name for name in columns.header if name],
            },
        )
    return columns


def _way_out(columns: Columns, kind: Kind[Any], by_update: str) -> Iterator[str]:
    """A price list lacks what registers a product, and changes one very well."""
    is_register = kind.registers and not kind.complete
    if is_register and columns.missing and "code" in columns.positions:
        yield _(by_update)


def whereabouts(sheet: Sheet) -> str:
    """The file, the sheet and the row in which a header was looked for."""
    place = sheet.place
    if place.sheet is None:
        return _("{file}, row {row}").format(file=sheet.path.name, row=place.header_row)
    return _("{file}, sheet {sheet}, row {row}").format(
        file=sheet.path.name, sheet=place.sheet, row=place.header_row
    )


def notices(reader: Reader[Any]) -> Iterator[str]:
    """What a person would not expect of how the file is read."""
    place = reader.sheet.place
    if place.above:
        yield _("The names of the columns were found in row {row}.").format(row=place.header_row)
    if place.other_sheets:
        yield _("The sheet {sheet} is read. These are not: {others}.").format(
            sheet=place.sheet, others=", ".join(place.other_sheets)
        )
    for why, sentence in LEFT_ASIDE.items():
        rows = [row for row, found in reader.left_aside.items() if found is why]
        if rows:
            shown = ", ".join(map(number, rows[:SHOWN_ROWS]))
            more = "…" if len(rows) > SHOWN_ROWS else ""
            yield _(sentence).format(rows=f"{shown}{more}")


def digest_of(file: Path) -> str:
    """The SHA-256 of the file's bytes, in hex."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
