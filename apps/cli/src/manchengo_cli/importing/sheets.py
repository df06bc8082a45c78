"""Any table a stranger hands over, opened by what it holds and not by what it is called."""

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from manchengo_cli.importing.csv_file import CsvSheet
from manchengo_cli.importing.error_file import REASONS, as_it_was, harmless
from manchengo_cli.importing.rows import Sheet, SourceRow
from manchengo_cli.importing.unreadable import (
    CannotOpen,
    LegacyWorkbook,
    NotAWorkbook,
    NotText,
)

__all__ = ["Sheet", "SourceRow", "open_sheet"]

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF"
MARKUP = b"<"


def open_sheet(path: Path) -> Sheet:
    """The table in a CSV (any usual separator, UTF-8, UTF-16, cp1252 or cp850) or .xlsx file.

    Raises ``UnreadableFile`` with the reason, whatever is wrong, before the first row is given.
    """
    try:
        sheet = _opened(path)
    except OSError as error:
        raise CannotOpen(path=path, error=error) from error
    return HandedBack(sheet) if set(REASONS) <= set(sheet.header) else sheet


def _opened(path: Path) -> Sheet:
    with path.open("rb") as source:
        opening = source.read(16)
    if opening.startswith(OLE):
        raise LegacyWorkbook(path=path)
    if opening.startswith(ZIP):
        from manchengo_cli.importing.workbook import WorkbookSheet  # slow to import

        return WorkbookSheet.open(path)
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        raise NotAWorkbook(path=path)
    if opening.startswith(PDF) or opening.strip().startswith(MARKUP):
        raise NotText(path=path)
    return CsvSheet.open(path)


@frozen
class HandedBack:
    """An error file of ours that comes back: what was made harmless in it is as it was."""

    _sheet: Sheet

    @property
    def path(self) -> Path:
        return self._sheet.path

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
