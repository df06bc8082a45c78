"""The same events and the same command give the same answer, on every device and for ever.

So the domain has no clock, no chance, no input or output and no float: time and identifiers are
handed in, and amounts are integers.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import CORE, imported, modules

DOMAIN = CORE / "domain"

# Modules that compute and never look outside. A new one belongs here once that has been checked.
PURE = {
    *("__future__", "abc", "bisect", "collections", "datetime", "decimal", "enum", "fractions"),
    *("functools", "hashlib", "heapq", "itertools", "math", "operator", "re", "string", "types"),
    *("typing", "unicodedata", "uuid", "attrs"),
}
ASKS_THE_WORLD = {
    *("now", "utcnow", "today", "fromtimestamp"),  # a clock, or the machine's time zone
    *("uuid1", "uuid4", "uuid6", "uuid7", "uuid8", "getnode"),  # chance
    *("open", "print", "input", "exec", "eval", "__import__"),  # the outside
    *("hash", "id"),  # different in every process
}


def impurities(tree: ast.AST) -> Iterator[str]:
    for module, name in imported(tree):
        inside = module == "manchengo.domain" or module.startswith("manchengo.domain.")
        if not inside and module.split(".")[0] not in PURE:
            yield f"imports {module}"
        if name in ASKS_THE_WORLD:
            yield f"imports {name}"
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                if name in ASKS_THE_WORLD:
                    yield f"line {node.lineno}: calls {name}()"
            case ast.Constant(value=float()) | ast.Name(id="float"):
                yield f"line {node.lineno}: a float"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                yield f"line {node.lineno}: / makes a float of integers; // does not"
            case _:
                pass


@pytest.mark.parametrize("module", modules(DOMAIN), ids=lambda path: str(path.relative_to(DOMAIN)))
def test_the_domain_asks_nothing_of_the_world(module: Path) -> None:
    assert list(impurities(ast.parse(module.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "import os.path",
        "from msgspec import Struct",
        "from manchengo.codec import encode",
        "from . import codec",
        "from uuid import uuid4",
        "date.today()",
        "datetime.now(UTC)",
        "open('lots.csv')",
        "hash(lot)",
        "half = 0.5",
        "float(grams)",
        "grams / 2",
        "grams /= 2",
    ],
)
def test_what_would_make_it_impure_is_seen(line: str) -> None:
    assert list(impurities(ast.parse(line))) != []


def test_what_is_pure_passes() -> None:
    lines = "from uuid import UUID\nfrom attrs import frozen\nhalf = grams // 2\nday = date.min"
    assert list(impurities(ast.parse(lines))) == []
