"""The README's example is whole: pasted as it is, it runs, in memory and on an encrypted file."""

from pathlib import Path

import pytest

import dev
from tests.docs.pages import ROOT, Step, follow, steps

README = ROOT / "README.md"
IN_MEMORY, ON_A_FILE = steps(README)


def test_the_embedding_example_runs_on_both_stores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for step, printed in follow(README):
        assert printed == step.shown, f"README.md, line {step.block.line}"
    assert (tmp_path / "atelier.db").is_file()


def test_the_first_block_needs_the_core_alone() -> None:
    assert imports(IN_MEMORY) == {"manchengo"}
    assert imports(ON_A_FILE) == {"manchengo_sqlite", "secrets"}


def imports(step: Step) -> set[str]:
    lines = step.block.code.splitlines()
    words = [line.split()[1] for line in lines if line.startswith(("import ", "from "))]
    return {word.split(".")[0] for word in words}


def test_its_two_commands_are_tasks_that_exist() -> None:
    text = README.read_text("utf-8")
    assert {"demo", "test"} <= dev.TASKS.keys()
    assert "$ python3 dev.py demo\n$ python3 dev.py test\n" in text
