"""A change is found by the name of a definition and a piece of it, however both are laid out."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.mutants.loading import install
from tests.mutants.source import (
    Change,
    Module,
    NotFoundOnce,
    definition,
    mutated,
    replaced,
)

WEIGHED = """
LIMITS = {"milk": 4, "cheese": 12}


class Scale:
    tare: int = 0

    def weighs(self, load):
        # What the vessel weighs is no milk.
        if load < self.tare:
            return 0
        return load - self.tare


def weighs(load):
    return load
"""


def changed(tmp_path: Path, source: str, *changes: Change) -> dict[str, object]:
    """What the module defines after the changes."""
    path = tmp_path / "weighing.py"
    path.write_text(source, "utf-8")
    names: dict[str, object] = {}
    exec(compile(mutated(Module("dairy.weighing", path), changes), path, "exec"), names)
    return names


@pytest.mark.parametrize("where", ["Scale.weighs", "weighing.Scale.weighs", "Scale"])
def test_a_definition_is_known_by_the_end_of_its_name(tmp_path: Path, where: str) -> None:
    names = changed(tmp_path, WEIGHED, Change(where, "load - self.tare", "load"))
    scale = names["Scale"]
    assert isinstance(scale, type)
    assert scale().weighs(5) == 5


def test_a_constant_is_a_definition(tmp_path: Path) -> None:
    names = changed(tmp_path, WEIGHED, Change("LIMITS", "'milk': 4, ", ""))
    assert names["LIMITS"] == {"cheese": 12}


@pytest.mark.parametrize(
    "where", ["weighs", "eighs", "Scale.weigh", "weighing.tare", "Scale.Scale"]
)
def test_a_name_that_means_none_or_several_is_a_fault_of_the_list(
    tmp_path: Path, where: str
) -> None:
    with pytest.raises(NotFoundOnce, match=r"definitions are called"):
        changed(tmp_path, WEIGHED, Change(where, "load", "0"))


BY_ONE = "def f(a, b):\n    if a and (not b):\n        return 'x'"
BY_ANOTHER = """
def f(
    a,
    b,
):
    if (
        a  # why
        and not b
    ):
        return "x"
"""


@pytest.mark.parametrize("text", [BY_ONE, BY_ANOTHER], ids=["one", "another"])
def test_layout_comments_and_quotes_mean_nothing(tmp_path: Path, text: str) -> None:
    names = changed(tmp_path, text, Change("f", "if a and (not b): return 'x'", "if a: return 'y'"))
    function = names["f"]
    assert callable(function)
    assert function(True, False) == "y"


@pytest.mark.parametrize("was", ["b", "a_long", "free(on)"])
def test_a_piece_that_stands_there_twice_or_never_is_a_fault_of_the_list(was: str) -> None:
    with pytest.raises(NotFoundOnce, match="it takes exactly one"):
        replaced("x = a(b) + along(b)", Change("x", was, "c"))


def test_a_piece_cuts_no_word() -> None:
    assert replaced("lost = last - lo", Change("lost", "lo", "0")) == "lost = last - 0"


def test_further_lines_are_indented_like_the_first() -> None:
    text = "def f():\n    if a:\n        one()\n        two()"
    change = Change("f", "one() two()", "for each in a:\n    one()\ntwo()")
    assert replaced(text, change) == (
        "def f():\n    if a:\n        for each in a:\n            one()\n        two()"
    )


def test_a_definition_is_found_wherever_its_module_is() -> None:
    assert definition("Ledger.can_give").module.name.startswith("manchengo.")


def test_what_is_loaded_already_is_not_changed_unnoticed() -> None:
    import_module(definition("Ledger.can_give").module.name)
    before = list(sys.meta_path)
    with pytest.raises(AssertionError, match="too late"):
        install([Change("Ledger.can_give", "min", "max")])
    assert sys.meta_path == before
