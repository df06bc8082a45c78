"""The pages about several devices are typed as they stand, against a real server on this machine.

The address stands for that server's, the one-time code for the latest that it really gave, ``ID``
for the conflict. Blocks of ``sh`` belong to another machine or another outcome: they are read by
the same parsers, and not run.
"""

import contextlib
import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import typer
from attrs import define, field

from manchengo_cli.main import app, main
from manchengo_server import compose
from manchengo_server.main import _parser
from manchengo_server.main import main as server_main
from manchengo_server.passphrase import passphrase
from manchengo_server.settings import Settings
from tests.cli.apart import Apart
from tests.cli.conftest import (
    alone,
    apart,
    dairy,
    dairy_file,
    made_apart,
    made_pouring_twice,
    poured_twice,
)
from tests.cli.running import asked
from tests.docs.pages import ROOT
from tests.support.server import served

__all__ = [
    "alone",
    "apart",
    "dairy",
    "dairy_file",
    "made_apart",
    "made_pouring_twice",
    "poured_twice",
]

HOW_TO = ROOT / "docs" / "how-to"
SERVER = HOW_TO / "run-a-server.md"
BY_FILE = HOW_TO / "exchange-without-a-network.md"
CONFLICTS = HOW_TO / "resolve-conflicts.md"

ADDRESS, GIVEN = "https://manchengo.example.dz", "K7QM-4XRA-9TWB"
A_CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")
BLOCK = re.compile(r"^ *```(console|sh)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PROGRAMS = ("manchengo", "manchengo-server")


def typed(page: str, *kinds: str) -> Iterator[list[str]]:
    """The commands of ours in a page, in order, as words."""
    for kind, code in BLOCK.findall(page):
        for line in code.splitlines():
            words = shlex.split(line.strip().removeprefix("$ ").removeprefix("sudo "))
            if kind in kinds and words and words[0] in PROGRAMS:
                yield words


@define
class Plant:
    """Runs a page's commands; the server listens from the first command that needs it, and is gone
    before what is put in the place of its database.
    """

    capsys: pytest.CaptureFixture[str]
    code: str = ""
    url: str = ""
    running: ExitStack = field(factory=ExitStack)

    def follow(self, page: str) -> None:
        for words in typed(page, "console"):
            self.type_in(words)

    def type_in(self, words: list[str]) -> None:
        program, *rest = words
        if program == "manchengo" and not self.url:
            self.open()
        if "restore" in rest:
            self.running.close()
        spoken = [{ADDRESS: self.url, GIVEN: self.code}.get(word, word) for word in rest]
        code = main(spoken) if program == "manchengo" else server_main(spoken)
        output = self.capsys.readouterr()
        assert code == 0, f"{' '.join(words)}\n{output.err}"
        if found := A_CODE.search(output.out):
            self.code = found[0]

    def open(self) -> None:
        service = self.running.enter_context(
            compose.opened(Settings(database="serveur.db"), passphrase)
        )
        self.url = self.running.enter_context(served(service)).url


@pytest.fixture
def plant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Plant]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MANCHENGO_DB", "atelier.db")
    monkeypatch.setenv("MANCHENGO_PASSPHRASE", "trois fromages et un chat")
    assert main(["init", "--admin", "amina"]) == 0
    capsys.readouterr()
    plant = Plant(capsys)
    with contextlib.closing(plant.running):
        yield plant


def test_a_server_is_begun_joined_backed_up_and_restored(plant: Plant) -> None:
    plant.follow(SERVER.read_text("utf-8"))


def test_what_waits_travels_by_file(plant: Plant) -> None:
    plant.follow(SERVER.read_text("utf-8").partition("## 6.")[0])
    assert main(["supplier", "add", "F001", "Ferme"]) == 0
    plant.capsys.readouterr()
    plant.follow(BY_FILE.read_text("utf-8"))
    assert asked("sync", "--status")["pending"] == 0


def test_a_conflict_is_resolved(
    poured_twice: Apart, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = asked("conflicts")
    stand_ins = {"ID": item["item"], "MP-00002": "L3"}
    for words in typed(CONFLICTS.read_text("utf-8"), "console"):
        code = main([stand_ins.get(word, word) for word in words[1:]])
        assert code == 0, f"{' '.join(words)}\n{capsys.readouterr().err}"
    assert asked("conflicts") == []


@pytest.mark.parametrize("page", sorted(HOW_TO.glob("*.md")), ids=lambda page: page.stem)
def test_every_command_line_is_understood(page: Path) -> None:
    for words in typed(page.read_text("utf-8"), "console", "sh"):
        program, *rest = words
        if program == "manchengo-server":
            _parser().parse_args(rest)
        else:
            understood(rest)


def understood(words: list[str]) -> None:
    """Refused by its parser when a command line is none; nothing is run."""
    root: Any = typer.main.get_command(app)
    context = typer.Context(root, info_name="manchengo")
    if words[0] == "--db":  # before the command, it is the program's own
        words = words[2:]
    in_digits = "0" * 8 if words[0] == "conflicts" else "0" * 32
    rest = [in_digits if word == "ID" else word for word in words]
    command = root
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        command = command.get_command(context, rest.pop(0))
    command.make_context(" ".join(words), rest)
