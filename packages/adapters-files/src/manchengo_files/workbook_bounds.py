"""What a workbook costs to read, found out before it is read: a small file may swell to anything.

An .xlsx file is an archive of XML parts. Each part is unpacked once, as a stream, so that its true
size counts and not the one that the archive gives. XML goes through a parser: it knows where a tag
ends however it is written, it takes time in proportion to the bytes, and it refuses what the
readers behind it might take otherwise. No part may declare entities, which swell inside a parser.
"""

import re
import zipfile
from pathlib import Path
from xml.parsers import expat

from attrs import define, field

from manchengo_files.unreadable import NotAWorkbook, SheetTooLarge, WorkbookTooLarge

MEBIBYTE = 1 << 20
CHUNK = MEBIBYTE

LARGEST = 256 * MEBIBYTE
"""Of all parts together, unpacked. A hundred thousand rows of fifteen columns take about 80."""

LARGEST_PART = 64 * MEBIBYTE
"""Of a part that is no sheet: the readers keep the texts of a workbook whole."""

CELLS_AT_MOST = 10_000_000
"""Calamine lays a sheet out as a full rectangle: one stray cell far away would fill the memory."""

ELEMENTS_OF_A_SHEET = 20_000_000
TEXTS_AT_MOST = 4_000_000
ELEMENTS_AT_MOST = 200_000
"""Of any other part, such as the styles: one element takes a kilobyte once it is read."""

WORKBOOK, TEXTS = "xl/workbook.xml", "xl/sharedstrings.xml"
SHEETS = "xl/worksheets/"
OTHER_KINDS = {"xl/workbook.bin", "content.xml"}
"""Parts of workbooks that calamine reads as well, and that nobody measures here."""

IN_XML = (".xml", ".rels", ".vml")
DIGITS = "0123456789"


def inspect(path: Path, archive: zipfile.ZipFile) -> bool:
    """Whether some cell may be withheld by calamine. Raises ``NotAWorkbook``, ``SheetTooLarge``,
    ``WorkbookTooLarge``, and what a damaged archive or part raises.
    """
    names = {part.filename.lower() for part in archive.infolist()}
    if WORKBOOK not in archive.namelist() or names & OTHER_KINDS:
        raise NotAWorkbook(path=path)
    left = LARGEST
    withholds = False
    for part in archive.infolist():
        reading = _Part.of(path, part.filename.lower())
        with archive.open(part) as stream:
            size = 0
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > min(left, reading.largest):
                    raise WorkbookTooLarge(path=path, limit=min(LARGEST, reading.largest))
                reading.take(chunk)
        reading.end()
        left -= size
        withholds = withholds or reading.withholds
    return withholds


@define
class _Part:
    """A part that is measured as it comes. ``most``: elements that it may have."""

    path: Path
    largest: int
    most: int = ELEMENTS_AT_MOST
    withholds: bool = False
    _elements: int = 0
    _parser: expat.XMLParserType | None = None

    @classmethod
    def of(cls, path: Path, name: str) -> "_Part":
        if not name.endswith(IN_XML):
            return _Part(path, LARGEST)
        if name.startswith(SHEETS) and name.endswith(".xml"):
            made: _Part = _Sheet(path, LARGEST, ELEMENTS_OF_A_SHEET)
        else:
            made = _Part(path, LARGEST_PART, TEXTS_AT_MOST if name == TEXTS else ELEMENTS_AT_MOST)
        made._parser = expat.ParserCreate()
        made._parser.StartElementHandler = made._start
        made._parser.StartDoctypeDeclHandler = made._declare
        return made

    def take(self, chunk: bytes) -> None:
        if self._parser is not None:
            self._parser.Parse(chunk)

    def end(self) -> None:
        if self._parser is not None:
            self._parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > self.most:
            raise WorkbookTooLarge(path=self.path, limit=self.largest)
        if name.endswith("Relationship") and attributes.get("Type", "").endswith("/worksheet"):
            self._measured_as_a_sheet(attributes.get("Target", ""))

    def _measured_as_a_sheet(self, target: str) -> None:
        """Refuses a sheet that lies where nobody looks for sheets."""
        place = target.lower().lstrip("/").removeprefix("xl/")
        if not re.fullmatch(r"worksheets/[^/]+\.xml", place):
            raise NotAWorkbook(path=self.path)

    def _declare(self, *_: object) -> None:
        raise NotAWorkbook(path=self.path)


@define
class _Sheet(_Part):
    """The rectangle that its cells span, and whether one holds no result."""

    _rows: int = 0
    _columns: int = 0
    _row: int = 0
    _column: int = 0
    _lacks_result: bool = field(default=False)
    _kind: str = ""
    _known: dict[str, int] = field(factory=dict)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > self.most:
            raise WorkbookTooLarge(path=self.path, limit=self.largest)
        tag = name.rpartition(":")[2] if ":" in name else name
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            self._begin_row(int(attributes.get("r", self._row + 1)))
        elif tag == "f":
            self._lacks_result = self._kind != "str"
        elif tag == "v" and self._lacks_result:
            assert self._parser is not None, "it calls this"
            self._parser.CharacterDataHandler = self._have_result

    def end(self) -> None:
        super().end()
        self._end_cell()

    def _begin_row(self, number: int) -> None:
        self._row, self._column = number, 0
        self._reach(number, self._columns)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._lacks_result:
            self._end_cell()
        self._kind = attributes.get("t", "")
        if self._kind == "e":
            self.withholds = True
        self._column += 1
        row = self._row
        if place := attributes.get("r"):
            letters = place.rstrip(DIGITS)
            if letters not in self._known:
                if not letters.isascii() or not letters.isalpha() or len(letters) > len("XFD"):
                    raise NotAWorkbook(path=self.path)
                self._known[letters] = position(letters) + 1
            self._column = self._known[letters]
            row = int(place[len(letters) :])
        if row > self._rows or self._column > self._columns:
            self._reach(row, self._column)

    def _have_result(self, text: str) -> None:
        self._lacks_result = self._lacks_result and not text.strip()

    def _end_cell(self) -> None:
        assert self._parser is not None, "a sheet is XML"
        self._parser.CharacterDataHandler = None
        self.withholds = self.withholds or self._lacks_result
        self._lacks_result = False

    def _reach(self, row: int, column: int) -> None:
        self._rows, self._columns = max(self._rows, row), max(self._columns, column)
        if self._rows * max(self._columns, 1) > CELLS_AT_MOST:
            raise SheetTooLarge(path=self.path, rows=self._rows, columns=self._columns)


def position(letters: str) -> int:
    """Of a column, from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
