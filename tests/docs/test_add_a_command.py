"""The page on adding a command is followed to the letter, in a copy of the source, and it works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import field, frozen

from tests.house.sources import ROOT, members

PAGE = ROOT / "docs/how-to/add-a-command.md"
AT_MOST = 8
"""Files of source that a new command and its event may touch."""

FRENCH = '{"the tasting of a lot": "la dégustation d\'un lot"}'
ASKED_OF_A_NEW_COMMAND = (
    "tests/application/test_tasting.py",
    "tests/application/test_codec.py",
    "tests/application/test_facts.py::test_every_event_has_its_nature",
    "tests/application/test_permissions.py",
    "tests/application/test_said_by_two.py",
    "tests/presenters/test_words.py",
    "tests/presenters/test_catalogue.py",
)


@frozen
class Change:
    """A block of the page: ``before`` stands once in ``file``, and becomes ``after``."""

    file: str
    before: str
    after: str


@frozen
class Copy:
    """The source and its tests, in a folder of their own."""

    folder: Path
    _paths: str = field(init=False)

    @_paths.default
    def _of_every_member(self) -> str:
        sources = (self.folder / member.relative_to(ROOT) / "src" for member in members())
        return os.pathsep.join(map(str, sources))

    def make(self, change: Change) -> None:
        file = self.folder / change.file
        text = file.read_text("utf-8") if file.exists() else ""
        assert not change.before or text.count(change.before) == 1, f"{change.file}: {change}"
        file.write_text(text.replace(change.before, change.after), "utf-8")

    def run(self, *words: str) -> None:
        """Run a module of Python on the copy, in a process of its own; it must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": self._paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout


def changes() -> list[Change]:
    """The blocks of the page, each with the file that was last opened before it ("In `file`")."""
    found: list[Change] = []
    file = ""
    for part in re.split(r"^```", PAGE.read_text("utf-8"), flags=re.MULTILINE):
        if part.startswith("diff\n"):
            lines = part.removeprefix("diff\n").splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if not line.startswith("+"))
            after = "".join(line[1:] for line in lines if not line.startswith("-"))
            found.append(Change(file, before, after))
        else:
            named = re.findall(r"\bIn\s+(?:a\s+new\s+)?`((?:packages|apps|tests)/\S+\.py)`", part)
            file = named[-1] if named else file
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    for name in ("apps", "packages", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return Copy(tmp_path)


def test_a_command_and_its_event_touch_few_files_of_source() -> None:
    touched = {change.file for change in changes() if not change.file.startswith("tests/")}
    assert 0 < len(touched) <= AT_MOST, sorted(touched)


def test_whoever_follows_the_page_has_a_new_command(copy: Copy) -> None:
    for change in changes():
        copy.make(change)
    french = copy.folder / "french.json"
    french.write_text(FRENCH, "utf-8")
    copy.run("tests.support.catalogue", "--fill", str(french))
    copy.run("tests.support.golden")
    copy.run("pytest", "-x", "-q", "-p", "no:cacheprovider", *ASKED_OF_A_NEW_COMMAND)
