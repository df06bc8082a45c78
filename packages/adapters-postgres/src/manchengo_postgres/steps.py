"""The steps from an empty schema to the plant of this release: numbered, forward only.

A step is a file ``migrations/0001_what_it_does.sql`` or, where Python must say it, a function named
below. A step that was shipped is never edited: the next one amends it.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import psycopg
from attrs import field, frozen

from manchengo_postgres.audit_tables import chain_the_audit
from manchengo_postgres.code_keys import add_comparison_keys

_FILE_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


@frozen
class Step:
    """``sha256`` is of the statements' text; for a function, of its number and name, since the
    bytes of a program are not the same on every machine.
    """

    number: int
    name: str
    sha256: bytes
    run: Callable[[psycopg.Connection], None] = field(eq=False)


_FUNCTIONS = {
    6: add_comparison_keys,
    11: chain_the_audit,
}


@cache
def shipped() -> tuple[Step, ...]:
    """Every step of this release, in order."""
    folder = files("manchengo_postgres") / "migrations"
    written = (
        # One text on every system: Windows may have checked the file out with its own line ends.
        sql_step(
            int(match["number"]),
            match["name"],
            resource.read_text("utf-8").replace("\r\n", "\n"),
        )
        for resource in folder.iterdir()
        if (match := _FILE_NAME.fullmatch(resource.name))
    )
    coded = (coded_step(number, run) for number, run in _FUNCTIONS.items())
    steps = tuple(sorted((*written, *coded), key=lambda step: step.number))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1)), "a number is missing"
    return steps


def sql_step(number: int, name: str, text: str) -> Step:
    """The step that executes the statements of that text."""

    def run(connection: psycopg.Connection) -> None:
        connection.execute(text.encode())

    return Step(number, name, hashlib.sha256(text.encode()).digest(), run)


def coded_step(number: int, run: Callable[[psycopg.Connection], None]) -> Step:
    """The step that calls the function, whose name becomes its own."""
    name = run.__name__
    return Step(number, name, hashlib.sha256(f"{number:04}_{name}".encode()).digest(), run)
