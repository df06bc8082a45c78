"""`python3 dev.py` starts from a bare Python and tells all it can do."""

import ast
import sys
from pathlib import Path

import pytest

import dev
from tests.house.sources import ROOT, imported


def test_it_needs_the_standard_library_only() -> None:
    modules = {
        name.split(".")[0] for name, _ in imported(ast.parse((ROOT / "dev.py").read_text("utf-8")))
    }
    assert modules <= sys.stdlib_module_names


@pytest.mark.parametrize("task", dev.TASKS)
def test_every_task_is_listed(task: str) -> None:
    assert f"python3 dev.py {task} " in str(dev.__doc__)


def test_alone_it_lists_its_tasks(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    assert "python3 dev.py demo" in capsys.readouterr().out


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands that a task would have run."""
    commands: list[tuple[str, ...]] = []

    def call(*command: str, cwd: Path) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(dev, "call", call)
    return commands


@pytest.mark.parametrize(
    ("words", "given"),
    [((), dev.ON_ALL_CORES), (("tests/house", "-k", "dev"), ("tests/house", "-k", "dev"))],
    ids=["all", "some"],
)
def test_all_tests_run_on_all_cores_and_some_as_pytest_is_told(
    called: list[tuple[str, ...]], words: tuple[str, ...], given: tuple[str, ...]
) -> None:
    assert dev.pytest(list(words)) == 0
    assert called == [("pytest", *given)]


def test_campaigns_run_on_all_cores_and_more_is_said_to_pytest(
    called: list[tuple[str, ...]],
) -> None:
    assert dev.campaigns(["tests/simulation"]) == 0
    assert called == [("pytest", *dev.CAMPAIGNS, *dev.ON_ALL_CORES, "tests/simulation")]


def test_an_unknown_task_is_a_usage_error() -> None:
    assert dev.main(["cheese"]) == 2
