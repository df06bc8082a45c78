"""A page of docs/how-to is followed to the letter: its blocks are changes of files."""

import re
from pathlib import Path

from tests.support.source_copy import Change, Copy


def changes(page: Path) -> list[Change]:
    """The blocks of the page, each with the file that was last opened before it ("In `file`")."""
    found: list[Change] = []
    file = ""
    for part in re.split(r"^```", page.read_text("utf-8"), flags=re.MULTILINE):
        if part.startswith("diff\n"):
            lines = part.removeprefix("diff\n").splitlines(keepends=True)
            before = "".join(line[1:] or "\n" for line in lines if not line.startswith("+"))
            after = "".join(line[1:] or "\n" for line in lines if not line.startswith("-"))
            found.append(Change(file, before, after))
        else:
            named = re.findall(r"\bIn\s+(?:a\s+new\s+)?`((?:packages|apps|tests)/\S+\.py)`", part)
            file = named[-1] if named else file
    return found


def sources_touched(page: Path) -> set[str]:
    """The files of source that whoever follows the page changes."""
    return {change.file for change in changes(page) if not change.file.startswith("tests/")}


def follow(page: Path, copy: Copy, *, french: str) -> None:
    """Does what the page says; ``french``: the sentences for the catalogue, as JSON."""
    for change in changes(page):
        copy.make(change)
    sentences = copy.folder / "french.json"
    sentences.write_text(french, "utf-8")
    copy.run("-m", "tests.support.catalogue", "--fill", str(sentences))
    copy.run("-m", "tests.support.golden")
