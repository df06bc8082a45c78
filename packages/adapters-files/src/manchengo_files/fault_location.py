"""When the domain refuses, which cell of which line is at fault."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from manchengo.domain.errors import Refused
from manchengo_files.codes import Codes
from manchengo_files.kinds import Kind
from manchengo_files.kinds.line import Line

L = TypeVar("L", bound=Line)


def rule_of(refusal: Refused) -> str:
    """``NotEnoughMaterials`` is ``not_enough_materials``: as error files and scripts see it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()


def culprits(
    kind: Kind[L], refusal: Refused, lines: Sequence[L], codes: Codes
) -> Iterator[tuple[int, str]]:
    """Which lines, and the field of each. A code that the refusal names is found in the lines."""
    facts: Any = refusal
    about = getattr(facts, "kind", None)
    named = getattr(facts, "code", None) or getattr(facts, "reference", None)
    for field, thing in kind.references.items():
        guilty = [at for at, line in enumerate(lines) if getattr(line, field) == named]
        if thing == about and guilty:
            yield from ((at, field) for at in guilty)
            return
    field = kind.columns.get(type(refusal)) or kind.columns.get(about or "") or _first(kind)
    for at in kind.culprits(refusal, lines, codes):
        yield at, field


def _first(kind: Kind[L]) -> str:
    """Where no column is to blame: the one that names the whole."""
    return next(iter(kind.line.model_fields))
