"""The rows that bear a code, however it is typed."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from manchengo.domain.names import comparison_key
from manchengo.ports.rows import Row
from manchengo.ports.store import Snapshot

R = TypeVar("R", bound=Row)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=_Coded)


def rows_of_code(snapshot: Snapshot, code: str, *kinds: type[R]) -> Iterator[R]:
    """The rows of these kinds whose code people read as this one."""
    if not isinstance(code, str):  # an id, given where a code is asked for: nothing bears it
        return
    key = comparison_key(code)
    for kind in kinds:
        yield from snapshot.rows(kind, code_key=key)


def spelt_so(code: str, rows: Sequence[C]) -> Sequence[C]:
    """Those of the rows that are spelt just as somebody typed; all where none is. Databases from
    before that was refused hold codes that differ in spelling alone.
    """
    if not rows:
        return rows
    for typed in (code, code.strip()):
        exact = [row for row in rows if row.code == typed]
        if exact:
            return exact
    return rows
