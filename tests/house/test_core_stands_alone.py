"""Whoever embeds the core gets attrs and msgspec with it, and nothing else."""

import ast
import re
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

from tests.house.sources import CORE, imported, modules

ALLOWED = {"attrs", "msgspec", "manchengo"} | sys.stdlib_module_names


def test_installing_the_core_brings_attrs_and_msgspec_only() -> None:
    names = {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requires("manchengo") or []}
    assert names == {"attrs", "msgspec"}


@pytest.mark.parametrize("module", modules(CORE), ids=lambda path: str(path.relative_to(CORE)))
def test_the_core_imports_nothing_it_does_not_bring(module: Path) -> None:
    tops = {name.split(".")[0] for name, _ in imported(ast.parse(module.read_text("utf-8")))}
    assert tops <= ALLOWED
