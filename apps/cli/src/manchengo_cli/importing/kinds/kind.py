"""What the engine needs to know of one kind of file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from attrs import field, frozen

from manchengo.commands import Command
from manchengo.domain.errors import Refused
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.ids import Ids
from manchengo_cli.importing.codes import Codes
from manchengo_cli.importing.kinds.line import Line

L = TypeVar("L", bound=Line)


def _all(refusal: Refused, lines: Sequence[Line], codes: Codes) -> Sequence[int]:  # noqa: ARG001
    return range(len(lines))


@frozen(kw_only=True)
class Kind(Generic[L]):
    """Everything is said in the names of the line's fields.

    ``references``: the fields that hold a code recorded elsewhere, and of what. ``group``: the
    fields that say which lines belong to one command, without which each line is its own;
    ``agree``: those that must then be the same in all of them. ``measured_in``: the quantities and
    prices whose header may say a unit, and the field of the product that is kept in it.
    ``registers``: the register that a line's ``code`` enters. ``whole``: the quantities that are
    whole where they are counted in pieces or cartons.
    ``columns``: the field at fault when the domain refuses, by refusal, or by what the refusal is
    about (its ``kind``). ``culprits``: which of the lines of a group a refusal is about.
    """

    kind: ImportKind
    line: type[L]
    command: Callable[[Sequence[L], Codes, Ids], Command]
    references: Mapping[str, str] = field(factory=dict)
    group: tuple[str, ...] = ()
    agree: tuple[str, ...] = ()
    registers: str = ""
    whole: tuple[str, ...] = ()
    measured_in: Mapping[str, str] = field(factory=dict)
    columns: Mapping[type[Refused] | str, str]
    culprits: Callable[[Refused, Sequence[L], Codes], Sequence[int]] = _all
