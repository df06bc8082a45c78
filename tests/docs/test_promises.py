"""Each promise names tests that can fail for it, and those tests exist."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
SECTION = re.compile(
    r"^## (?P<promise>P\d+)\. .+?$(?P<text>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL
)
NAMED = re.compile(r"`(?P<file>tests/[\w/]+\.py)(?:::(?P<test>\w+))?`")
TEXTS = {section["promise"]: section["text"] for section in SECTION.finditer(PAGE)}


def test_all_twelve_are_there() -> None:
    assert list(TEXTS) == [f"P{number}" for number in range(1, 13)]


@pytest.mark.parametrize("promise", TEXTS)
def test_a_promise_names_tests_that_exist(promise: str) -> None:
    named = [(found["file"], found["test"]) for found in NAMED.finditer(TEXTS[promise])]
    assert named, f"nothing can fail for {promise}"
    missing = [f"{file}::{test}" for file, test in named if not exists(ROOT / file, test)]
    assert missing == []


def test_a_fault_of_an_exchange_names_its_test_and_every_such_test_is_named() -> None:
    table = PAGE.partition("## Faults that an exchange survives")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    room = ROOT / "tests" / "faults_of_exchange"
    there = {
        f"`{file.name}::{test}`" for file in room.glob("test_*.py") for test in collected_from(file)
    }
    assert {row.split(" | ")[-1].removesuffix(" |") for row in rows} == there


def exists(file: Path, test: str | None) -> bool:
    return file.is_file() and (test is None or test in collected_from(file))


def collected_from(file: Path) -> set[str]:
    """The names that pytest collects: functions, classes, and a state machine's ``TestCase``."""
    names: set[str] = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                names.add(name)
            case _:
                pass
    return {name for name in names if name.lower().startswith("test")}
