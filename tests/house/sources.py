"""The house as its own tests read it: where the source is, and what a module imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "packages" / "core" / "src" / "manchengo"


def members() -> list[Path]:
    """The folder of every package and app of the workspace."""
    return sorted(file.parent for file in ROOT.glob("[pa]*s/*/pyproject.toml"))


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each imported module with the name taken from it; the name is empty for `import module`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            yield from ((f"{dots}{node.module or ''}", alias.name) for alias in node.names)
