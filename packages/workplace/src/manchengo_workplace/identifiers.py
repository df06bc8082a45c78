"""Identifiers as people type them: the first digits, where no other begins alike."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Protocol, TypeVar
from uuid import UUID

from manchengo.domain.errors import Unknown
from manchengo_workplace.failures import Failure, Origin

SHORT = 8
"""Digits shown at least."""

DIGITS = 32


class Identified(Protocol):
    """A row that has an identifier."""

    @property
    def id(self) -> UUID:
        """The identifier, of 32 hexadecimal digits."""
        ...


R = TypeVar("R", bound=Identified)


def beginning_with(
    beginning: str, rows: Iterable[R], *, kind: str, ambiguous: tuple[str, str]
) -> R:
    """The row whose identifier begins so (hexadecimal, without hyphens).

    ``Unknown`` of that kind where none does; where several do, a failure that lists them:
    ``ambiguous`` is its name and its sentence, which has ``{beginning}`` and ``{items}``.
    """
    every = list(rows)
    found = [row for row in every if row.id.hex.startswith(beginning)]
    if not found:
        raise Unknown(kind=kind, reference=beginning)
    if len(found) > 1:
        name, sentence = ambiguous
        shown = ", ".join(row.id.hex[: shown_length(every)] for row in found)
        raise Failure(
            name,
            sentence,
            {"items": [str(row.id) for row in found]},
            values={"beginning": beginning, "items": shown},
            origin=Origin.REQUEST,
        )
    return found[0]


def all_beginning_with(beginning: str) -> tuple[UUID, UUID]:
    """The first and the last identifier that begin so."""
    return UUID(hex=beginning.ljust(DIGITS, "0")), UUID(hex=beginning.ljust(DIGITS, "f"))


def shown_length(rows: Iterable[Identified]) -> int:
    """How many digits tell every row from all others."""
    ids = sorted(row.id.hex for row in rows)
    return max([SHORT, *(_in_common(one, other) + 1 for one, other in pairwise(ids))])


def _in_common(one: str, other: str) -> int:
    same = 0
    while same < len(one) and one[same] == other[same]:
        same += 1
    return same
