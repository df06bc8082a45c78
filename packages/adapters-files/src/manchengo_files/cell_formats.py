"""Which cells of a worksheet have a number format that changes what is seen of them.

calamine gives a cell's value and not its format, so the parts of the workbook that say it are read
beside it: only where some format of the workbook adds anything to the digits, and as a stream.
"""

import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

from attrs import define, field

from manchengo_files.number_formats import BUILT_IN, NumberFormat, number_format
from manchengo_files.workbook_bounds import position as position_of

CHUNK = 1 << 20
LARGEST_PART = 1 << 23
"""Bytes of the parts that are read whole: the list of sheets, the styles."""


@define
class CellFormats:
    """The formats of a sheet, by column position: from which row on which format is used."""

    _starts: dict[int, list[int]] = field(factory=dict)
    _formats: dict[int, list[NumberFormat | None]] = field(factory=dict)

    def add(self, row: int, position: int, used: NumberFormat | None) -> None:
        """The cells of a column, from the first row on."""
        formats = self._formats.setdefault(position, [None])
        if formats[-1] is not used:
            formats.append(used)
            self._starts.setdefault(position, []).append(row)

    def at(self, row: int, position: int) -> NumberFormat | None:
        """The format of that cell; None where the workbook gives none."""
        starts = self._starts.get(position)
        return self._formats[position][bisect_right(starts, row)] if starts else None

    def __bool__(self) -> bool:
        return bool(self._starts)


def cell_formats(archive: zipfile.ZipFile, title: str) -> CellFormats:
    """The formats of the sheet of that name. Raises what a damaged archive or part raises."""
    styles = _styles(archive)
    found = CellFormats()
    if styles:
        for row, position, style in _cells(archive, _part_of(archive, title)):
            found.add(row, position, styles.get(style))
    return found


def _styles(archive: zipfile.ZipFile) -> dict[int, NumberFormat]:
    """By the number of the style: those that change what is seen."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = _tree(archive, "xl/styles.xml")
    codes = dict(BUILT_IN)
    for each in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[int(each.get("numFmtId", "0"))] = each.get("formatCode", "")
    read = {number: number_format(code) for number, code in codes.items()}
    used = (int(each.get("numFmtId", "0")) for each in root.iterfind("{*}cellXfs/{*}xf"))
    return {style: found for style, number in enumerate(used) if (found := read.get(number))}


def _part_of(archive: zipfile.ZipFile, title: str) -> str:
    """Where the cells of a sheet stand in the archive."""
    wanted = ""
    for sheet in _tree(archive, "xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        if sheet.get("name") == title:
            wanted = next(value for name, value in sheet.items() if name.endswith("}id"))
    for each in _tree(archive, "xl/_rels/workbook.xml.rels").iterfind("{*}Relationship"):
        if each.get("Id") == wanted:
            return str(PurePosixPath("/xl", each.get("Target", ""))).lstrip("/")
    raise ValueError(title)


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with archive.open(name) as part:
        return ElementTree.fromstring(part.read(LARGEST_PART))


def _cells(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int, int]]:
    """Row, column position and style of each cell, as they come."""
    seen: list[tuple[int, int, int]] = []
    row = position = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, position
        tag = name.rpartition(":")[2]
        if tag == "row":
            row, position = int(attributes.get("r", row + 1)), -1
        elif tag == "c":
            place = attributes.get("r")
            position = position_of(place.rstrip("0123456789")) if place else position + 1
            seen.append((row, position, int(attributes.get("s", "0"))))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as cells:
        while chunk := cells.read(CHUNK):
            parser.Parse(chunk)
            yield from seen
            seen.clear()
        parser.Parse(b"", True)
        yield from seen
