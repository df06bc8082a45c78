"""A copy of the source in which a test changes the program, as whoever works on it does."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from attrs import field, frozen

from tests.house.sources import ROOT, members


@frozen
class Change:
    """``before`` stands once in ``file``, and becomes ``after``."""

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
        """Run Python with these words on the copy, in a process of its own; it must succeed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": self._paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stdout


def copy_of_the_source(folder: Path) -> Copy:
    """The packages, the apps and the tests, copied into the folder, and what Python compiled of
    them: it compiles again what is changed there, as it does wherever a file has another time.
    """
    half_written = shutil.ignore_patterns("*.pyc.*")  # by who compiles at this moment
    for name in ("apps", "packages", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=half_written)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return Copy(folder)
