"""Every command explains itself in French, with examples that can be typed, and at little cost."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from manchengo_cli.main import COMMANDS, app
from manchengo_cli.typer_commands import paragraphs
from manchengo_files.kinds.names import FRENCH
from manchengo_presenters import language
from tests.cli.running import done, run

HEAVY = (
    *("sqlalchemy", "sqlcipher3", "pydantic", "cv2", "msgspec", "attrs"),
    *("rich", "openpyxl", "keyring", "cryptography", "argon2"),
)


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group, by the words that call it."""
    root: Any = typer.main.get_command(app)
    context = typer.Context(root, info_name="manchengo")
    for name in COMMANDS:
        command = root.get_command(context, name)
        yield (name,), command
        for step in getattr(command, "commands", {}):
            yield (name, step), command.commands[step]


ALL = dict(commands())
LEAVES = {words: command for words, command in ALL.items() if not hasattr(command, "commands")}


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_has_its_page(words: tuple[str, ...]) -> None:
    page = done(*words, "--help").out
    assert page.startswith(f"Utilisation\u00a0: manchengo {' '.join(words)}")
    assert max(len(line) for line in page.splitlines()) <= 100


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_page_shows_an_example_that_is_understood(words: tuple[str, ...]) -> None:
    import shlex

    examples = LEAVES[words].epilog.splitlines()
    assert examples
    for example in examples:
        program, *typed = shlex.split(example)
        assert program == "manchengo"
        assert tuple(typed[: len(words)]) == words
        LEAVES[words].make_context(" ".join(words), typed[len(words) :])


@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_begins_with_what_the_list_says(name: str) -> None:
    first, *others = paragraphs(ALL[name,])
    assert first == language._(COMMANDS[name].short_help)
    assert first not in others


def test_all_is_said_in_french() -> None:
    french = done("--help").out
    language.use("en")
    try:
        english = done("--help").out
    finally:
        language.use("fr")
    assert "Pour commencer" in french
    assert "To begin" in english
    assert not {line for line in french.splitlines() if len(line) > 40} & set(english.splitlines())


@pytest.mark.parametrize("width", ["40", "60", "80", "200"])
def test_a_page_fits_the_screen(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for words in ((), ("receive",), ("product", "add")):
        page, _, examples = done(*words, "--help").out.partition("Exemples")
        assert examples
        assert max(len(line) for line in page.splitlines()) <= min(int(width), 100), words


def test_the_help_of_import_names_every_kind_of_file() -> None:
    output = re.findall(r"[a-z-]+", done("import", "--help").out)
    assert {kind.value for kind in FRENCH} | {words[0] for words in FRENCH.values()} <= set(output)


def test_the_version_is_said() -> None:
    assert done("--version").out.startswith("manchengo ")


@pytest.mark.parametrize("words", [["--help"], ["receive", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    assert loaded_by(words) == []


def test_completion_opens_no_database_and_loads_no_adapter() -> None:
    import os

    environment = os.environ | {
        "_MANCHENGO_COMPLETE": "complete_bash",
        "COMP_WORDS": "manchengo rec",
        "COMP_CWORD": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, " ".join(HEAVY), "--"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    offered, _, heavy = ran.stdout.partition("LOADED")
    assert offered.split() == ["receive", "recall", "recipe"], ran.stderr
    assert set(heavy.split()) <= {"pydantic", "rich"}, "Typer's own"


NOT_FOR_A_QUESTION = (
    *("pydantic", "rich", "cv2", "numpy", "openpyxl", "reportlab", "fpdf", "PIL", "httpx"),
    *("keyring", "cryptography", "argon2"),
    *("manchengo_files", "manchengo_qr", "manchengo_documents", "manchengo_sync.http"),
)


@pytest.mark.parametrize("words", [["stock"], ["lots"], ["movements"], ["dashboard"]])
def test_a_question_loads_nothing_that_it_does_not_use(words: list[str], tmp_path: Path) -> None:
    """Each package is time that somebody waits at every command."""
    path = str(tmp_path / "dairy.db")
    done("--db", path, "init", "--clear")
    assert loaded_by(["--db", path, "--json", *words], of=NOT_FOR_A_QUESTION) == []


COLLECTIONS = """
import atexit, gc
from manchengo_cli.main import main
full = []
gc.callbacks.append(lambda phase, info: full.extend([phase] * (info["generation"] == 2)))
atexit.register(lambda: print("COLLECTED", len(full), gc.isenabled(), gc.get_freeze_count() > 0))
main()
"""


def test_a_start_is_not_looked_through_for_garbage(tmp_path: Path) -> None:
    """Nothing of it is, and looking took a tenth of the time that a question takes."""
    path = str(tmp_path / "dairy.db")
    done("--db", path, "init", "--clear")
    words = ["--db", path, "--json", "stock"]
    ran = subprocess.run(
        [sys.executable, "-c", COLLECTIONS, *words], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split("COLLECTED")[1].split() == ["0", "True", "True"]


PROBE = """
import atexit, sys
heavy, sys.argv = sys.argv[1].split(), sys.argv[1:]
atexit.register(lambda: print("LOADED", *[name for name in heavy if name in sys.modules]))
from manchengo_cli.main import main
sys.exit(main(sys.argv[1:] if sys.argv[1] != "--" else None))
"""


def loaded_by(words: list[str], *, of: Sequence[str] = HEAVY) -> list[str]:
    """Those of the modules that the command has imported when it ends."""
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, " ".join(of), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.rpartition("LOADED")[2].split()


def test_an_option_may_stand_before_the_command(tmp_path: Any) -> None:
    done("--db", "ici.db", "init", "--clear")
    assert done("--db", "ici.db", "--json", "stock").out == "[]\n"
    assert run("--db", "autre.db", "stock", "--db", "ici.db").code == 0
