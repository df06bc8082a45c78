"""Where a mutant changes the program: in a definition, known by its name, a piece of its text.

The text of a definition is what ``ast.unparse`` makes of it: no comments, one way to break lines,
one kind of quotes. So a change is found again when its module was moved or its code was formatted.
"""

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from attrs import frozen

from tests.house.sources import members, modules


@frozen
class Change:
    """``was`` stands once in the definition ``where``; the mutant has ``becomes`` in its place.

    ``where`` is the end of the dotted name of a function, a method, a class or a constant, as long
    as it takes to mean one: ``can_give``, ``Ledger.can_give``, ``ledger.Ledger.can_give``. ``was``
    is copied from what ``python3 dev.py mutants --source WHERE`` prints; how it is broken into
    lines means nothing.
    """

    where: str
    was: str
    becomes: str


@frozen
class Module:
    """A file of the program, and the name under which it is imported."""

    name: str
    path: Path


@frozen(eq=False)
class Definition:
    """The statement that gives a name its meaning: ``body[index]``, in the tree of its module."""

    module: Module
    name: str
    body: list[ast.stmt]
    index: int

    @property
    def text(self) -> str:
        return ast.unparse(self.body[self.index])

    def change(self, change: Change) -> None:
        (self.body[self.index],) = ast.parse(replaced(self.text, change)).body


class NotFoundOnce(Exception):
    """The program has changed: the list of mutants must follow."""


def definition(where: str) -> Definition:
    """The one definition of that name, in whichever module of the program it is."""
    last = where.rpartition(".")[2]
    inside = [module for module, source in _program().items() if last in source]
    return _the_one(
        where, [found for module in inside for found in _named(where, module, _tree(module))]
    )


def mutated(module: Module, changes: Sequence[Change]) -> ast.Module:
    """The tree of the module after these changes, all of which are of this module."""
    tree = ast.parse(module.path.read_text("utf-8"))
    for change in changes:
        _the_one(change.where, list(_named(change.where, module, tree))).change(change)
    return tree


def replaced(text: str, change: Change) -> str:
    """The text of a definition after the change; all new lines are indented like the first."""
    found = list(_pattern(change.was).finditer(text))
    if len(found) != 1:
        fault = f"{change.where} has this {len(found)} times, it takes exactly one"
        raise NotFoundOnce(f"{fault}:\n\n{change.was}\n\nIt reads:\n\n{text}")
    before, after = text[: found[0].start()], text[found[0].end() :]
    line = before.rpartition("\n")[2]
    indent = "\n" + line[: len(line) - len(line.lstrip())]
    return before + textwrap.dedent(change.becomes).strip().replace("\n", indent) + after


def _pattern(piece: str) -> re.Pattern[str]:
    """Any white space for each in ``piece``, and no word is cut at its ends."""
    words = r"\s+".join(re.escape(word) for word in piece.split())
    before = r"(?<!\w)" if re.match(r"\s*\w", piece) else ""
    after = r"(?!\w)" if re.search(r"\w\s*$", piece) else ""
    return re.compile(before + words + after)


@cache
def _program() -> dict[Module, str]:
    """Every module of the house with its source."""
    found = {}
    for member in members():
        for path in modules(member / "src"):
            parts = path.relative_to(member / "src").with_suffix("").parts
            module = Module(".".join(parts).removesuffix(".__init__"), path)
            found[module] = path.read_text("utf-8")
    return found


@cache
def _tree(module: Module) -> ast.Module:
    return ast.parse(_program()[module])


def _named(where: str, module: Module, tree: ast.Module) -> Iterator[Definition]:
    for found in _definitions(module, tree.body, module.name):
        if f".{found.name}".endswith(f".{where}"):
            yield found


def _definitions(module: Module, body: list[ast.stmt], within: str) -> Iterator[Definition]:
    for index, statement in enumerate(body):
        for name in _names(statement):
            yield Definition(module, f"{within}.{name}", body, index)
        if isinstance(statement, ast.ClassDef):
            yield from _definitions(module, statement.body, f"{within}.{statement.name}")


def _names(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (each.id for each in targets if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            yield name
        case _:
            pass


def _the_one(where: str, found: Sequence[Definition]) -> Definition:
    if len(found) != 1:
        names = "".join(f"\n    {each.name}" for each in found[:5])
        raise NotFoundOnce(f"{len(found)} definitions are called {where}, it takes one{names}")
    return found[0]
