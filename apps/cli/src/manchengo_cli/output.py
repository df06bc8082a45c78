"""What a command answers: JSON for programs, tables on a terminal, plain text anywhere else.

A command hands over both faces: ``shape``, made of dictionaries, lists, strings and whole numbers,
whose keys are documented in ``docs/reference/json.md`` and do not change; and ``page``, made of
sentences and tables in the operator's language.
"""

import codecs
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TextIO, TypeVar

from manchengo_cli.layout import is_fixed, width, wrapped
from manchengo_cli.session import Session
from manchengo_presenters.language import N_
from manchengo_presenters.legible import in_one_line, legible, legible_json
from manchengo_workplace.failures import Failure

NO_BREAK = "\u00a0"

Shape = Any
"""What ``json`` can write."""

SHAPE = 1
"""The version of all shapes together; it grows when a key goes or changes its meaning."""


R = TypeVar("R")


@dataclass(frozen=True)
class Heading:
    """The head of a column. ``figures``: its cells are set against the right."""

    title: str
    figures: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Column(Heading, Generic[R]):
    """``cell``: what it says of a row."""

    cell: Callable[[R], str]


@dataclass(frozen=True)
class Table:
    """Rows of text. ``empty``: the sentence to say when there are none."""

    columns: Sequence[Heading]
    rows: Sequence[Sequence[str]]
    empty: str


def tabled(rows: Iterable[R], *columns: Column[R], empty: str = "") -> Table:
    """A table with a line for each of these rows."""
    return Table(columns, [[column.cell(row) for column in columns] for row in rows], empty)


@dataclass(frozen=True)
class Branch:
    """A line of a tree. ``lead`` draws it; ``under`` stands before what does not fit beside it."""

    lead: str
    under: str
    text: str


@dataclass(frozen=True)
class Lines:
    """Text laid out already, line by line; only the branches of a tree are wrapped."""

    lines: Sequence[str | Branch] = field(default=())


Part = str | Table | Lines


def paired(values: Mapping[str, str]) -> Lines:
    """Titles and values in two columns."""
    longest = max(map(len, values))
    return Lines([f"{title.ljust(longest)}  {value}" for title, value in values.items()])


def answer(
    session: Session, *, shape: Callable[[], Shape], page: Callable[[], Iterable[Part]]
) -> None:
    """Say it in the form that was asked for; only that form is made.

    Raises ``Failure`` where it cannot be written: what a command recorded is recorded all the same.
    """
    try:
        if session.json:
            write_json(shape(), sys.stdout)
        else:
            write_page(page(), sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from manchengo_presenters.system_errors import reason  # late: hardly ever

        raise Failure(
            "AnswerLost",
            N_(
                "It is done; only the answer could not be written: {reason}. What had to be "
                "recorded is recorded: do not type it again."
            ),
            {},
            values={"reason": reason(error)},
        ) from error


# --------------------------------------------------------------------------------------- JSON


Encode = Callable[[Shape], str]


def write_json(
    shape: Shape, to: TextIO, *, otherwise: Callable[[Any], Shape] | None = None
) -> None:
    """A list given as an iterator is written as it comes, so that a long one takes no memory.
    ``otherwise``: what is written for a value of which JSON has no form.
    """
    encode = _encoder(to, otherwise)
    if isinstance(shape, Iterator):
        before = "[\n"
        for each in shape:
            to.write(before + encode(each))
            before = ",\n"
        to.write("[]\n" if before == "[\n" else "\n]\n")
    else:
        to.writelines(_indented(shape, encode))
        to.write("\n")


def write_json_line(
    shape: Shape, to: TextIO, *, otherwise: Callable[[Any], Shape] | None = None
) -> None:
    """One answer of many, on a line of its own; whoever waits for it has it at once."""
    to.write(_encoder(to, otherwise)(shape) + "\n")
    to.flush()


def _encoder(to: TextIO, otherwise: Callable[[Any], Shape] | None) -> Encode:
    """Signs that the stream lacks are escaped: it is still JSON, and says the same."""
    encoder = json.JSONEncoder(ensure_ascii=not _takes_every_sign(to), default=otherwise)
    return lambda value: legible_json(encoder.encode(value))


def _takes_every_sign(to: TextIO) -> bool:
    return (to.encoding or "utf-8").lower().startswith("utf")


DEEPEST = 40
"""Levels that are set in; nobody reads what stands deeper, and the spaces would fill a disk."""


def _indented(shape: Shape, encode: Encode) -> Iterator[str]:
    """As ``json.dumps`` with an indent of two, however deep: that one ends with Python's stack."""
    within: list[tuple[Iterator[tuple[str, Shape]], str]] = []
    before, value = "", shape
    while True:
        between = ",\n"
        if isinstance(value, dict | list | tuple) and value:
            opening, closing = "{}" if isinstance(value, dict) else "[]"
            yield before + opening
            within.append((_members(value, encode), closing))
            between = "\n"
        else:
            yield before + encode(value)
        while within:
            members, closing = within[-1]
            member = next(members, None)
            if member is not None:
                before, value = between + _indent(within) + member[0], member[1]
                break
            within.pop()
            yield f"\n{_indent(within)}{closing}"
            between = ",\n"
        else:
            return


def _members(value: Any, encode: Encode) -> Iterator[tuple[str, Shape]]:
    if isinstance(value, dict):
        return ((f"{encode(key)}: ", each) for key, each in value.items())
    return (("", each) for each in value)


def _indent(within: Sequence[object]) -> str:
    return "  " * min(len(within), DEEPEST)


# --------------------------------------------------------------------------------------- text


def say(*parts: Part) -> None:
    """To the person, on standard error: what is said beside the answer or in place of it."""
    write_page(parts, sys.stderr)


def write_page(parts: Iterable[Part], to: TextIO) -> None:
    """Write paragraphs, tables and lines; wrapped where it is a terminal, one line each where it is
    not.
    """
    terminal = to.isatty() or is_fixed()
    for part in map(_shown, parts):
        match part:
            case str() if terminal:
                to.write("\n".join(wrapped(part)) + "\n")
            case str():
                to.write(part + "\n")
            case Lines():
                to.write("".join(f"{line}\n" for line in _drawn(part.lines, terminal)))
            case Table() if not part.rows:
                write_page([part.empty], to)
            case Table() if not terminal:
                to.write("".join(f"{line}\n" for line in aligned(part)))
            case Table() if sum(_widths(part)) + 3 * len(part.columns) > width():
                to.write("".join(f"{line}\n" for line in cards(part)))
            case Table():
                _ruled(part, to)


def _shown(part: Part) -> Part:
    """Nothing that was recorded gives orders to the terminal or breaks out of its cell."""
    match part:
        case str():
            return legible(part)
        case Lines():
            return Lines([_line_shown(line) for line in part.lines])
        case Table():
            return replace(part, rows=[[in_one_line(cell) for cell in row] for row in part.rows])


def _line_shown(line: str | Branch) -> str | Branch:
    return legible(line) if isinstance(line, str) else replace(line, text=in_one_line(line.text))


def _drawn(lines: Iterable[str | Branch], terminal: bool) -> Iterator[str]:
    for line in lines:
        if isinstance(line, str):
            yield line
        elif terminal:
            yield from wrapped(line.text, width(), indent=line.lead, hanging=line.under)
        else:
            yield line.lead + line.text


def aligned(table: Table) -> Iterator[str]:
    """Columns of text, two spaces apart, however wide: for files, ``grep`` and ``less``."""
    widths = _widths(table)
    yield _row([column.title for column in table.columns], table.columns, widths)
    for row in table.rows:
        yield _row(row, table.columns, widths)


def cards(table: Table) -> Iterator[str]:
    """One row under the other, for a screen too narrow for the columns.

    A line is never broken between what a cell is called and what it says.
    """
    titles = [column.title for column in table.columns[1:]]
    for row in table.rows:
        yield row[0]
        line = ""
        for title, cell in zip(titles, row[1:], strict=True):
            entry = f"{title}{NO_BREAK}: {cell}"
            if not cell:
                continue
            if line and len(f"{line} · {entry}") + 2 <= width():
                line += f" · {entry}"
            else:
                yield from wrapped(line, width(), indent="  ") if line else ()
                line = entry
        yield from wrapped(line, width(), indent="  ") if line else ()


def _ruled(table: Table, to: TextIO) -> None:
    from rich.box import SIMPLE_HEAD  # late: an answer in JSON or to a file needs none of it
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    ruled = RichTable(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in table.columns:
        ruled.add_column(
            Text(column.title), justify="right" if column.figures else "left", no_wrap=True
        )
    for row in table.rows:
        ruled.add_row(*[Text(cell) for cell in row])
    Console(file=to, highlight=False, width=width()).print(ruled)


def _widths(table: Table) -> list[int]:
    return [
        max([len(column.title), *[len(row[number]) for row in table.rows]])
        for number, column in enumerate(table.columns)
    ]


def _row(cells: Sequence[str], columns: Sequence[Heading], widths: Sequence[int]) -> str:
    placed = [
        cell.rjust(room) if column.figures else cell.ljust(room)
        for cell, column, room in zip(cells, columns, widths, strict=True)
    ]
    return "  ".join(placed).rstrip()


# ------------------------------------------------------------------------------------ streams

STAND_INS = {
    "\u202f": "\u00a0",
    "—": "-",
    "–": "-",
    "…": "...",
    "’": "'",
    "“": '"',
    "”": '"',
    "→": "->",
    "├": "|",
    "└": "`",
    "│": "|",
    "─": "-",
    "✓": "OK",
}


def _stand_in(fault: UnicodeError) -> tuple[str, int]:
    """What an old console can show in place of a sign that it lacks."""
    assert isinstance(fault, UnicodeEncodeError), "only writing asks for it"
    missing = fault.object[fault.start : fault.end]
    shown = "".join(STAND_INS.get(sign, "?") for sign in missing)
    return shown.replace("\u00a0", " "), fault.end


def prepare_streams() -> None:
    """No sign that the console lacks may stop a command half-way, nor a stream that the caller
    closed: it is empty, or forgets.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - to the end
    codecs.register_error("manchengo", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="manchengo")


def forget_broken_pipe() -> None:
    """The reader left (``| head``): nothing more is written, and Python says nothing at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
