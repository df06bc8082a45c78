"""Any table a stranger hands over, opened by what it holds and not by what it is called."""

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from manchengo_files.csv_file import CsvSheet
from manchengo_files.error_file import REASONS, as_it_was, harmless
from manchengo_files.rows import Headings, Place, Sheet, SourceRow
from manchengo_files.unreadable import (
    CannotOpen,
    LegacyWorkbook,
    NoSuchSheet,
    NotAWorkbook,
    NotText,
)

__all__ = ["Sheet", "SourceRow", "open_sheet"]

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF"
MARKUP = b"<"


def open_sheet(
    path: Path, headings: Headings | None = None, *, sheet_name: str | None = None
) -> Sheet:
    """The table in a CSV (any usual separator and encoding) or .xlsx file.

    ``headings`` are what its header is known by; without them it is the first row. ``sheet_name``:
    which sheet of a workbook. Raises ``UnreadableFile`` with the reason, whatever is wrong, before
    the first row is given.
    """
    try:
        sheet = _opened(path, headings, sheet_name)
    except OSError as error:
        raise CannotOpen(path=path, error=error) from error
    return HandedBack(sheet) if set(REASONS) <= set(sheet.header) else sheet


def _opened(path: Path, headings: Headings | None, sheet_name: str | None) -> Sheet:
    with path.open("rb") as source:
        opening = source.read(16)
    if opening.startswith(OLE):
        raise LegacyWorkbook(path=path)
    if opening.startswith(ZIP):
        from manchengo_files.workbook import WorkbookSheet  # slow to import

        return WorkbookSheet.open(path, headings, sheet_name)
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        raise NotAWorkbook(path=path)
    if opening.startswith(PDF) or opening.strip().startswith(MARKUP):
        raise NotText(path=path)
    if sheet_name is not None:
        raise NoSuchSheet(path=path, name=sheet_name, sheets=())
    return CsvSheet.open(path, headings)


@frozen
class HandedBack:
    """An error file of ours that comes back: what was made harmless in it is as it was."""

    _sheet: Sheet

    @property
    def path(self) -> Path:
        return self._sheet.path

    @property
    def place(self) -> Place:
        return self._sheet.place

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(map(as_it_was, self._sheet.header))

    @property
    def row_count(self) -> int:
        return self._sheet.row_count

    def rows(self) -> Iterator[SourceRow]:
        for row in self._sheet.rows():
            yield SourceRow(row.number, tuple(map(as_it_was, row.cells)))

    def explain_blank(self, row: int, column: str) -> str | None:
        return self._sheet.explain_blank(row, harmless(column))
