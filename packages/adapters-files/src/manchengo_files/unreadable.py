"""Why a file cannot be read at all, each reason with its facts and what to do about it.

A fault in one row is not here: the file goes on, and the row is refused by itself.
"""

from pathlib import Path

from attrs import frozen

from manchengo_presenters.language import _
from manchengo_presenters.system_errors import reason


@frozen(kw_only=True)
class UnreadableFile(Exception):
    """The file gives no rows. ``str()`` is a sentence for the reader, beginning with its name."""

    path: Path

    @property
    def why(self) -> str:
        """What is wrong with the file and what to do, as a sentence."""
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{self.path.name} : {self.why}"


@frozen(kw_only=True)
class CannotOpen(UnreadableFile):
    """The system does not give the file: it is missing, a folder, or not ours to read."""

    error: OSError

    @property
    def why(self) -> str:
        match self.error:
            case FileNotFoundError():
                return _("There is no such file.")
            case IsADirectoryError():
                return _("This is a folder, not a file.")
            case PermissionError():
                return _("The file may not be read, or another program holds it open.")
            case _:
                return _("The file cannot be opened ({reason}).").format(reason=reason(self.error))


@frozen(kw_only=True)
class EmptyFile(UnreadableFile):
    """Not one row with anything in it."""

    @property
    def why(self) -> str:
        return _("The file is empty.")


@frozen(kw_only=True)
class NoHeader(UnreadableFile):
    """The first row that is not blank has no letter in it: it holds figures, not column names."""

    row: int

    @property
    def why(self) -> str:
        return _("Row {row} should hold the names of the columns.").format(row=self.row)


@frozen(kw_only=True)
class DuplicateHeader(UnreadableFile):
    """Two columns have one name, so neither can be trusted. Positions count from 1."""

    name: str
    columns: tuple[int, ...]

    @property
    def why(self) -> str:
        return _('Columns {columns} have the same name "{name}": rename or delete one.').format(
            columns=", ".join(map(str, self.columns)), name=self.name
        )


@frozen(kw_only=True)
class LegacyWorkbook(UnreadableFile):
    """The container of .xls workbooks, which password-protected ones also use."""

    @property
    def why(self) -> str:
        return _(
            "This is an old (.xls) or password-protected workbook: "
            "save it as .xlsx without a password, or as CSV."
        )


@frozen(kw_only=True)
class NotAWorkbook(UnreadableFile):
    """Named .xlsx, or a zip archive, and yet no .xlsx workbook."""

    @property
    def why(self) -> str:
        return _("This is not a readable .xlsx workbook: save it again as .xlsx or as CSV.")


@frozen(kw_only=True)
class SheetTooLarge(UnreadableFile):
    """So many rows times columns that reading them would take all the memory."""

    rows: int
    columns: int

    @property
    def why(self) -> str:
        return _(
            "The sheet spans {rows} rows by {columns} columns: delete the stray cells "
            "far below or beside the table, or save it as CSV."
        ).format(rows=self.rows, columns=self.columns)


@frozen(kw_only=True)
class WorkbookTooLarge(UnreadableFile):
    """It unpacks to more than a person's workbook holds. ``limit``: bytes."""

    limit: int

    @property
    def why(self) -> str:
        return _(
            "Unpacked, the workbook holds more than {limit} MB, or more cells, texts and styles "
            "than are read: save the table alone in a new workbook, or as CSV."
        ).format(limit=self.limit >> 20)


@frozen(kw_only=True)
class NotText(UnreadableFile):
    """Binary: a picture, a PDF, a program, whatever its name says."""

    @property
    def why(self) -> str:
        return _("This is not a text file: save the table as CSV or as .xlsx.")


@frozen(kw_only=True)
class NoSuchSheet(UnreadableFile):
    """No sheet of that name; ``sheets`` are those there are, none in a text file."""

    name: str
    sheets: tuple[str, ...]

    @property
    def why(self) -> str:
        if not self.sheets:
            return _("This file has no sheets: leave --sheet out.")
        return _("There is no sheet “{name}”. There are: {sheets}.").format(
            name=self.name, sheets=", ".join(self.sheets)
        )


@frozen(kw_only=True)
class SeveralSheets(UnreadableFile):
    """More than one sheet holds such a table: one alone would leave rows out without a word."""

    sheets: tuple[str, ...]

    @property
    def why(self) -> str:
        return _("Several sheets hold such a table: {sheets}. Say which one: --sheet NAME.").format(
            sheets=", ".join(self.sheets)
        )


@frozen(kw_only=True)
class NulByte(UnreadableFile):
    """Text, but for a zero byte that no spreadsheet writes: the file is damaged there."""

    line: int

    @property
    def why(self) -> str:
        return _("Line {line} is damaged (it holds a zero byte): export the file again.").format(
            line=self.line
        )


@frozen(kw_only=True)
class UnknownEncoding(UnreadableFile):
    """Neither UTF-8 nor French in cp1252 or cp850; ``line`` is the first that is not UTF-8."""

    line: int

    @property
    def why(self) -> str:
        return _(
            "The accents of line {line} cannot be read for certain: save the file as CSV UTF-8."
        ).format(line=self.line)


@frozen(kw_only=True)
class CellTooLong(UnreadableFile):
    """A cell longer than any a person types, most often a quotation mark left open."""

    row: int
    limit: int

    @property
    def why(self) -> str:
        return _(
            "Row {row} has a cell of more than {limit} characters: "
            "look there for a quotation mark that is not closed."
        ).format(row=self.row, limit=self.limit)


@frozen(kw_only=True)
class UnclosedQuote(UnreadableFile):
    """A quotation mark opens in this row and swallows the rest of the file."""

    row: int

    @property
    def why(self) -> str:
        return _("A quotation mark opened in row {row} is never closed.").format(row=self.row)


@frozen(kw_only=True)
class WrongColumns(UnreadableFile):
    """The columns are not those of the kind. ``name``: for programs, which fault; ``where``: file,
    sheet and row of the header; ``facts``: the columns missing and found.
    """

    name: str
    where: str
    why: str
    facts: dict[str, object]

    def __str__(self) -> str:
        return f"{self.where} : {self.why}"
