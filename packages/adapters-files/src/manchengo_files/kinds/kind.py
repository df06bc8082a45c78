"""What the engine needs to know of one kind of file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Generic, TypeVar

from attrs import evolve, field, frozen

from manchengo.commands import Command
from manchengo.domain.errors import Refused
from manchengo.domain.import_batch import ImportKind
from manchengo.ports.ids import Ids
from manchengo_files.codes import Codes
from manchengo_files.kinds.line import Line
from manchengo_files.kinds.update import Change, merged, partial

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
    ``change``: what lines change of what is recorded on that day; it answers None where nothing is
    recorded under their code, and is None where the kind is no register. ``complete``: set where a
    file changes what is recorded, what a line must tell to register something new.
    ``registers``: the register that a line's ``code`` enters. ``whole``: the quantities that are
    whole where they are counted in pieces or cartons.
    ``columns``: the field at fault when the domain refuses, by refusal, or by what the refusal is
    about (its ``kind``). ``culprits``: which of the lines of a group a refusal is about.
    """

    kind: ImportKind
    line: type[L]
    command: Callable[[Sequence[L], Codes, Ids], Command]
    change: Callable[[Sequence[L], Codes, date], Change | None] | None = None
    complete: type[L] | None = None
    references: Mapping[str, str] = field(factory=dict)
    group: tuple[str, ...] = ()
    agree: tuple[str, ...] = ()
    registers: str = ""
    whole: tuple[str, ...] = ()
    measured_in: Mapping[str, str] = field(factory=dict)
    columns: Mapping[type[Refused] | str, str]
    culprits: Callable[[Refused, Sequence[L], Codes], Sequence[int]] = _all

    def for_update(self) -> "Kind[L]":
        """The kind as the file of an update is read.

        In a register a row need not tell more than a code and what changes, and the rows of one
        code make one change. The rows of a recipe tell it whole, as always.
        """
        if not self.registers:
            return self
        fields = [name for name in self.line.model_fields if name != "code"]
        return evolve(
            self,
            line=partial(self.line),
            complete=self.line,
            group=("code",),
            agree=tuple(fields),
        )

    def lines_of(self, lines: Sequence[L]) -> Sequence[L]:
        """What the rows of one entry tell: of a register's update, one line."""
        return [merged(lines)] if lines and self.complete else lines
