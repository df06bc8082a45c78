"""A workbook of a few kilobytes that would take all the memory, or hours, of whoever opens it.

Each is opened in a process that the system gives so much memory and so many seconds of its
processor: enough for an honest workbook of this size a hundred times over.
"""

import resource
import struct
import zipfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import copyfile

import pytest
from openpyxl import Workbook

from manchengo_files.sheets import open_sheet
from manchengo_files.unreadable import UnreadableFile
from tests.support.fork_server import FORK_SERVER

MEMORY = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 60

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
TEXTS = "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"

OPENING = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>lot</t></is></c></row>'
)
CLOSING = "</sheetData></worksheet>"

Parts = dict[str, bytes]


def read(line: Connection, path: Path) -> None:
    """Opens it within the limits, and says how many rows it has, or why it has none."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        line.send(sum(1 for _ in open_sheet(path).rows()))
    except UnreadableFile as no:
        line.send(type(no).__name__)


def opened(path: Path) -> int | str:
    ours, its = FORK_SERVER.Pipe(duplex=False)
    process = FORK_SERVER.Process(target=read, args=(its, path))
    process.start()
    its.close()
    try:
        outcome: int | str = ours.recv()
    except EOFError:
        outcome = "ended by the system"
    process.join()
    return outcome


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("honest") / "lots.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["lot", "quantite", "note"])
    for number in range(2_000):
        sheet.append([f"L{number}", number, "=1+1"])
    book.save(path)
    return path


@pytest.fixture
def honest(made: Path, tmp_path: Path) -> Path:
    """A copy for one test, which changes it."""
    return copyfile(made, tmp_path / "lots.xlsx")


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheet(rows: str) -> bytes:
    return (OPENING + rows + CLOSING).encode()


def rows_that_never_close(parts: Parts) -> None:
    parts[SHEET] = sheet(f"<!--{'<row ' * 400_000}-->")


def cells_that_never_close(parts: Parts) -> None:
    parts[SHEET] = sheet(f"<!--{'<c ' * 700_000}-->")


def formulas_that_never_end(parts: Parts) -> None:
    parts[SHEET] = sheet(f"<!--{'<c><f>' * 300_000}-->")


def many_texts(parts: Parts) -> None:
    parts[TEXTS] = b"<sst>" + b"<si><t>a</t></si>" * 4_000_000 + b"</sst>"


def one_long_text(parts: Parts) -> None:
    parts[SHEET] = sheet(
        f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"a" * 10_000_000}</t></is></c></row>'
    )


def many_styles(parts: Parts) -> None:
    parts[STYLES] = b"<styleSheet><cellXfs>" + b"<xf/>" * 1_000_000 + b"</cellXfs></styleSheet>"


def many_relations(parts: Parts) -> None:
    parts[RELATIONS] = b"<Relationships>" + b"<Relationship/>" * 600_000 + b"</Relationships>"


def many_cells(parts: Parts) -> None:
    parts[SHEET] = sheet(("<row>" + "<c/>" * 100 + "</row>") * 101_000)


def a_far_cell(parts: Parts) -> None:
    parts[SHEET] = sheet("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")


def a_far_cell_in_small_letters(parts: Parts) -> None:
    parts[SHEET] = sheet('<row r="2"><c r="xfd1048576"><v>1</v></c></row>')


def a_far_cell_in_a_near_row(parts: Parts) -> None:
    parts[SHEET] = sheet('<row r="2"><c r="XFD1048576"><v>1</v></c><c r="A2"><v>1</v></c></row>')


def a_sheet_elsewhere(parts: Parts) -> None:
    a_far_cell(parts)
    parts["xl/other/sheet1.xml"] = parts.pop(SHEET)
    parts[RELATIONS] = parts[RELATIONS].replace(b"worksheets/sheet1", b"other/sheet1")


def a_sheet_that_is_named_otherwise(parts: Parts) -> None:
    parts["xl/worksheets/sheet1.dat"] = sheet(
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    )
    parts[RELATIONS] = parts[RELATIONS].replace(b"sheet1.xml", b"sheet1.dat")


def swelling(name: str) -> Callable[[Parts], None]:
    """Ten entities, each ten times the one before: a thousand million characters."""
    declared = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )

    def swell(parts: Parts) -> None:
        content = parts[name].decode()
        head, _, rest = content.partition("?>") if content.startswith("<?") else ("", "", content)
        root, _, rest = rest.partition(">")
        start = f"{head}?>" if head else ""
        document = root.strip().lstrip("<").split()[0]
        parts[name] = f"{start}<!DOCTYPE {document} [{declared}]>{root}>&a9;{rest}".encode()

    swell.__name__ = f"swelling {name}"
    return swell


ATTACKS: list[Callable[[Parts], None]] = [
    *(rows_that_never_close, cells_that_never_close, formulas_that_never_end),
    *(many_texts, one_long_text, many_styles, many_relations, many_cells),
    *(a_far_cell, a_far_cell_in_small_letters, a_far_cell_in_a_near_row),
    *(a_sheet_elsewhere, a_sheet_that_is_named_otherwise),
    *(swelling(SHEET), swelling(STYLES), swelling("xl/workbook.xml")),
]

HARMLESS = {"rows_that_never_close": 0, "cells_that_never_close": 0, "formulas_that_never_end": 0}
"""What stands in a comment is read past, in time in proportion to its length."""


def test_an_honest_workbook_is_read_within_the_limits(honest: Path) -> None:
    assert opened(honest) == 2_000


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_a_workbook_that_swells_is_refused_in_words(
    honest: Path, attack: Callable[[Parts], None]
) -> None:
    parts = parts_of(honest)
    attack(parts)
    outcome = opened(packed(honest, parts))
    if attack.__name__ in HARMLESS:
        assert outcome == HARMLESS[attack.__name__]
    else:
        assert outcome in {"NotAWorkbook", "SheetTooLarge", "WorkbookTooLarge", "CellTooLong"}


def test_an_archive_that_lies_about_its_sizes_is_refused(honest: Path) -> None:
    parts = parts_of(honest)
    many_texts(parts)
    packed(honest, parts)
    whole = bytearray(honest.read_bytes())
    for at in directory(whole):
        struct.pack_into("<I", whole, at + 24, 100)
    honest.write_bytes(whole)
    assert opened(honest) == "NotAWorkbook"


def directory(whole: bytearray) -> Iterator[int]:
    """Where the entries of the archive's directory begin."""
    at = whole.find(b"PK\x01\x02")
    while at >= 0:
        yield at
        at = whole.find(b"PK\x01\x02", at + 1)
