"""What a row of a file changes in a register: the fields that it tells and that differ.

A column that the file does not have, and an empty cell, tell nothing and change nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar, get_args

from attrs import frozen
from pydantic import Field as PydanticField
from pydantic import PlainValidator, create_model

from manchengo.commands import Command
from manchengo_files.kinds.line import Line, maybe
from manchengo_presenters.language import N_

L = TypeVar("L", bound=Line)

UNCHANGEABLE = "unchangeable"
SEVERAL_READINGS = "address_or_town"
"""The rules that only an update knows."""

BY_UPDATE = N_("To change what is recorded already, import the file as an update.")
"""An app that can name its own way says it in its own words."""


@frozen(kw_only=True)
class Difference:
    """A field of the line: its value in the register, and in the file. None: there is none.

    ``ingredient``: the code of one, where the line gives the field once for each.
    """

    field: str
    before: Any
    after: Any
    ingredient: str | None = None


@frozen(kw_only=True)
class Objection:
    """Why a field cannot become what the row tells."""

    field: str
    rule: str
    message: str


@frozen(kw_only=True)
class Change:
    """``code``: of what is changed. ``command``: None where nothing differs, or something must not
    change.
    """

    code: str
    command: Command | None
    differences: tuple[Difference, ...] = ()
    objections: tuple[Objection, ...] = ()


def differences(values: Mapping[str, Any], recorded: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The fields whose value in the file differs from the register, in the order of the file."""
    return tuple(
        Difference(field=name, before=recorded[name], after=value)
        for name, value in values.items()
        if name in recorded and value != recorded[name]
    )


def new_values(found: Iterable[Difference]) -> dict[str, Any]:
    """The fields that change, with their new values."""
    return {each.field: each.after for each in found}


# ------------------------------------------------------------------------------------- lines


def required(line: type[Line]) -> list[str]:
    """The fields that every row must fill in."""
    return [
        name
        for name, info in line.model_fields.items()
        if type(None) not in get_args(info.annotation)
    ]


def partial(line: type[L]) -> type[L]:
    """The same line, of which a row fills in the ``code`` and whatever else it tells."""
    optional: dict[str, Any] = {
        name: (_optional(line, name), _same_heading(line, name))
        for name in required(line)
        if name != "code"
    }
    made: type[L] = create_model(f"Partial{line.__name__}", __base__=line, **optional)
    return made


def _optional(line: type[Line], name: str) -> Any:
    info = line.model_fields[name]
    metadata = (
        PlainValidator(maybe(each.func)) if isinstance(each, PlainValidator) else each  # type: ignore[arg-type] # our parsers take the text alone
        for each in info.metadata
    )
    return Annotated[(info.annotation | None, *metadata)]  # type: ignore[operator] # it is a type


def _same_heading(line: type[Line], name: str) -> Any:
    info = line.model_fields[name]
    return PydanticField(
        validation_alias=info.validation_alias, json_schema_extra=info.json_schema_extra
    )


def merged(lines: Sequence[L]) -> L:
    """One line with the values of all of them; none contradicts another."""
    values: dict[str, Any] = {}
    for line in lines:
        values = line.facts() | values
    return _made(type(lines[0]), values)


def missing_fields(line: Line, complete: type[Line]) -> list[str]:
    """The fields that something new must have, and the line leaves out."""
    values = line.facts()
    return [name for name in required(complete) if name not in values]


def completed(line: Line, complete: type[L]) -> L:
    """As the line of something new; it has all the fields that this takes."""
    return _made(complete, line.facts())


def _made(line: type[L], values: Mapping[str, Any]) -> L:
    """Of values that were read already, each by the parser of its field."""
    return line.model_construct(**{name: values.get(name) for name in line.model_fields})
