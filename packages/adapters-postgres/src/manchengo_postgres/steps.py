"""The steps from an empty schema to the plant of this release: numbered, forward only.

A step is a file ``migrations/0001_what_it_does.sql``. A step that was shipped is never edited: the
next one amends it.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files

from attrs import frozen

_FILE_NAME = re.compile(r"(?P<number>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


@frozen
class Step:
    number: int
    name: str
    text: str

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()


@cache
def shipped() -> tuple[Step, ...]:
    """Every step of this release, in order."""
    folder = files("manchengo_postgres") / "migrations"
    written = (
        # One text on every system: Windows may have checked the file out with its own line ends.
        Step(int(match["number"]), match["name"], resource.read_text("utf-8").replace("\r\n", "\n"))
        for resource in folder.iterdir()
        if (match := _FILE_NAME.fullmatch(resource.name))
    )
    steps = tuple(sorted(written, key=lambda step: step.number))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1)), "a number is missing"
    return steps
