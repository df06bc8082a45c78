"""`python3 dev.py` starts from a bare Python and tells all it can do."""

import ast
import sys

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


def test_an_unknown_task_is_a_usage_error() -> None:
    assert dev.main(["cheese"]) == 2
