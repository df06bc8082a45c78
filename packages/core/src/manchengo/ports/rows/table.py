"""What a view table is made of: its columns follow from the attributes of the row class.

An attribute gives its name, its type and whether it may be empty. What no type says, the class
declares (``Row``): the key, and what is indexed.
"""

from collections.abc import Callable
from operator import attrgetter
from types import NoneType
from typing import Any, get_args

from attrs import fields, frozen


@frozen
class Column:
    """``type``: ``UUID``, ``str``, ``int``, ``bool`` or ``date``. ``optional``: may be empty."""

    name: str
    type: type
    optional: bool


@frozen
class OrNever:
    """In an index, the day in ``column``; a row in which it is empty comes after all others."""

    column: str


@frozen
class Named:
    """A column with the id of something else, and the kinds of rows that may bear its name."""

    column: str
    kinds: tuple[type[Any], ...]


@frozen
class Index:
    """An index of some of the rows; its name is the table's and ``name``.

    ``columns``: what it is ordered by. ``only``: the condition for a row to be in it, in SQL, as
    the queries have it to the letter: a database takes such an index only where it recognises the
    condition. ``covering``: columns that SQLite keeps in it as well, so that it reads nothing else.
    """

    name: str
    columns: tuple[str | OrNever, ...]
    only: str
    covering: tuple[str, ...] = ()


def columns_of(kind: type[Any]) -> tuple[Column, ...]:
    """The columns of the table of that class of rows, in the order of its attributes."""
    return tuple(_column(each.name, each.type) for each in fields(kind))


def values_of(row: Any) -> tuple[Any, ...]:
    """The values of a row in the order of its columns."""
    kind = type(row)
    read = _READERS.get(kind)
    if read is None:
        read = _READERS[kind] = attrgetter(*(each.name for each in fields(kind)))
    return read(row)


_READERS: dict[type, Callable[[Any], tuple[Any, ...]]] = {}


def _column(name: str, annotation: Any) -> Column:
    choices = [choice for choice in get_args(annotation) if choice is not NoneType]
    (only,) = choices or [annotation]
    while hasattr(only, "__supertype__"):
        only = only.__supertype__
    return Column(name, only, optional=bool(choices))
