"""The steps from an empty file to the database of this release: numbered, forward only.

A step is a file ``migrations/0001_what_it_does.sql`` or, where rows must be read from elsewhere, a
function named below. A step that was shipped is never edited: the next one amends it.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache, wraps
from importlib.resources import files

from attrs import field, frozen
from sqlalchemy import Connection

from manchengo_sqlite.audit_tables import chain_the_audit
from manchengo_sqlite.code_keys import add_comparison_keys
from manchengo_sqlite.places import (
    keep_numbers_that_verify_compares,
    number_events_without_sqlite_sequence,
)
from manchengo_sqlite.reference_rows import load_reference_rows
from manchengo_sqlite.unreadable_commits import note_unreadable_commits

Progress = Callable[[int, int], None]

_FILE_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")
_BLANK = re.compile(r"(\s|--[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)


@frozen
class Step:
    """``run``: on the connection; it may call the other with what is done, and the whole.
    ``sha256`` is of the statements' text; for a function, of its number and name, since the
    bytes of a program are not the same on every machine.
    """

    number: int
    name: str
    sha256: bytes
    run: Callable[[Connection, Progress], None] = field(eq=False)


_FUNCTIONS: dict[int, Callable[[Connection], None]] = {
    2: load_reference_rows,
    6: note_unreadable_commits,
    7: keep_numbers_that_verify_compares,
    10: add_comparison_keys,
    16: number_events_without_sqlite_sequence,
}
_LONG_FUNCTIONS: dict[int, Callable[[Connection, Progress], None]] = {
    15: chain_the_audit,
}


@cache
def shipped() -> tuple[Step, ...]:
    """Every step of this release, in order."""
    folder = files("manchengo_sqlite") / "migrations"
    written = (
        written_step(match, resource.read_bytes())
        for resource in folder.iterdir()
        if (match := _FILE_NAME.fullmatch(resource.name))
    )
    coded = (coded_step(number, _without_progress(run)) for number, run in _FUNCTIONS.items())
    long = (coded_step(number, run) for number, run in _LONG_FUNCTIONS.items())
    steps = tuple(sorted((*written, *coded, *long), key=lambda step: step.number))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1)), "a number is missing"
    return steps


def newest() -> int:
    """The number of the last step of this release."""
    return shipped()[-1].number


def written_step(name: re.Match[str], text: bytes) -> Step:
    """The step of a file, from its name and its bytes."""
    # One digest on every system: Windows may have checked the file out with its own line ends.
    text = text.replace(b"\r\n", b"\n")
    return sql_step(int(name["number"]), name["name"], text.decode())


def sql_step(number: int, name: str, text: str) -> Step:
    """The step that carries out these statements."""

    def run(connection: Connection, _progress: Progress) -> None:
        for statement in statements(text):
            connection.exec_driver_sql(statement)

    return Step(number, name, hashlib.sha256(text.encode()).digest(), run)


def _without_progress(
    run: Callable[[Connection], None],
) -> Callable[[Connection, Progress], None]:
    @wraps(run)
    def runs(connection: Connection, _progress: Progress) -> None:
        run(connection)

    return runs


def coded_step(number: int, run: Callable[[Connection, Progress], None]) -> Step:
    """The step that is a function."""
    name = run.__name__
    return Step(number, name, hashlib.sha256(f"{number:04}_{name}".encode()).digest(), run)


def statements(text: str) -> Iterator[str]:
    """Cut a script where SQLite says that a statement ends, triggers and strings respected.

    ``executescript`` would commit first, and leave half a migration behind when it fails.
    """
    pending = ""
    for piece in re.split(r"(?<=;)", text):
        pending += piece
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    assert _BLANK.fullmatch(pending), f"a statement has no end: {pending.strip()[:60]}"
