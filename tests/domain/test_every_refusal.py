"""No rule without a test: each refusal that the core knows is provoked somewhere in these tests."""

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import manchengo
from manchengo import Refused

TESTS = Path(__file__).resolve().parents[1]
PROVOKE = {"refused", "raises"}


def test_every_refusal_is_provoked_by_a_test() -> None:
    provoked = {name for path in TESTS.rglob("test_*.py") for name in provoked_in(path)}
    assert {refusal.__name__ for refusal in refusals()} - provoked == set()


def test_a_refusal_is_known_by_its_name_alone() -> None:
    """The audit and the catalogue of French sentences know a refusal by the name of its class."""
    names = [refusal.__name__ for refusal in refusals()]
    assert sorted(set(names)) == sorted(names)


def refusals() -> set[type[Refused]]:
    """Every subclass of ``Refused`` that the core defines, at any depth, and not what attrs made it
    of, which stays until it is collected.
    """
    for module in pkgutil.walk_packages(manchengo.__path__, "manchengo."):
        importlib.import_module(module.name)
    return {
        kind
        for kind in below(Refused)
        if kind.__module__.startswith("manchengo.")
        and getattr(sys.modules[kind.__module__], kind.__name__) is kind
    }


def below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def provoked_in(path: Path) -> Iterator[str]:
    """The classes named in ``.refused(X, ...)`` and in ``pytest.raises(X)``, and those of which an
    assertion says ``X.__name__``: of what was judged elsewhere.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Assert):
            yield from names_said(node)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in PROVOKE
            and node.args
        ):
            named = node.args[0]
            for name in named.elts if isinstance(named, ast.Tuple) else [named]:
                if isinstance(name, ast.Name):
                    yield name.id
                elif isinstance(name, ast.Attribute):
                    yield name.attr


def names_said(assertion: ast.Assert) -> Iterator[str]:
    for node in ast.walk(assertion):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "__name__"
            and isinstance(node.value, ast.Name)
        ):
            yield node.value.id
