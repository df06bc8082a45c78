"""The columns of a register's files, as its fields are described."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from pydantic import PlainValidator, create_model

from manchengo_files.conventions import Shape
from manchengo_files.kinds.line import PRICE, PRICE_PER, Line, MaybeUnits, heading, known, maybe
from manchengo_presenters import field_types, parsing
from manchengo_presenters.field_values import parser
from manchengo_presenters.registers import RegisterField


def register_line(name: str, fields: Iterable[RegisterField]) -> type[Line]:
    """The line of a file of a register: a column for each of these fields."""
    columns: dict[str, Any] = {
        column: (kind, ...) for each in fields for column, kind in _columns(each)
    }
    made: type[Line] = create_model(name, __base__=Line, **columns)
    return made


def _columns(field: RegisterField) -> Iterator[tuple[str, Any]]:
    read, *marks = _read(field)
    reader = PlainValidator(read if field.is_required else maybe(read))
    kind: Any = object if field.is_required else object | None
    yield field.name, Annotated[kind, reader, *marks, heading(*field.columns)]
    if field.type is field_types.PRICE:  # its second column: for how many units it is
        yield "price_per", Annotated[MaybeUnits, PRICE_PER]


def _read(field: RegisterField) -> tuple[Any, ...]:
    """The parser of a cell, and what the header and the other cells of its column tell of it."""
    if field.type is field_types.PRICE:
        return known(parsing.money), Shape.FIGURE, PRICE
    read = parser(field.type)
    return (read, Shape.FIGURE) if field.type.is_figure else (read,)
